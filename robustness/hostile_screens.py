"""Every screen and dialog on a file full of hostile text, and the bytes that they send.

A tour is one run of the program; it is left by its own key and read to its very last byte, since
a sequence that a kill cuts off would look like a stray control.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from pty_reader import Terminal

Step = tuple[str, str]
"""Keys, and words that the screen then has."""

READER: tuple[Step, ...] = (
    ("gg]", "mark"),
    ("\x1bL", "esc"),
    ("\x1b\x1bg?", "mean"),
    ("\x1b?", "scroll"),
    ("\x1b\r", "/"),
    ("\x1b\x1b/words", "words"),
    ("\x1b'", ""),
    ("\x1bf", ""),
    ("\x1bg]i", "enter keeps"),
    ("\x1b\x1bO", ""),
    ("O", ""),
    ("\x10", "earch"),
    ("\x1bE", ""),
    ("D", "done"),
    ("u", "Undone"),
    ("vwwc", ""),
    ("x", ""),
    ("u", "Undone"),
    ("gc", "Copied"),
)
EXCHANGE: tuple[Step, ...] = (
    ("X", "Export"),
    ("jj", ""),
    ("\r", ""),
    ("\x1b\x1bgi", "Import"),
    ("\r", ""),
    ("\r", ""),
)
LIBRARY: tuple[Step, ...] = (
    ("\x0f", "Library"),
    ("jk", ""),
    ("?", "the other way round"),
    ("\x1bc", ""),
    ("\r", "Library"),
    ("cj\r", "in "),
    ("C", ""),
    ("\x1b", "Library"),
    ("fsome", "SEARCH"),
    ("\r", ""),
    ("\x1b/title", "FILTER"),
    ("\r\x1b", "Library"),
    ("D", ""),
    ("a", ""),
    ("\x1b", "Library"),
    ("\x1b\x1b", "mark"),
)
AGREEMENT: tuple[Step, ...] = (
    ("ga", "kappa"),
    ("jl", ""),
    ("\r", ""),
    ("?", ""),
    ("\x1b\x1ba", ""),
    ("\x1b\x1b", "mark"),
    ("gd", ""),
    ("j", ""),
    ("n", ""),
)
REVIEW: tuple[Step, ...] = (
    ("r", "eview"),
    ("jj", ""),
    ("\r", ""),
    ("]", ""),
    ("x", "1"),
    ("\x1bi", "enter keeps"),
    ("\x1by", ""),
    ("u", ""),
    ("?", "scroll"),
    ("\x1bq", ""),
)
REVIEWING: tuple[Step, ...] = (("y", ""), ("x1", ""), ("u", ""), ("]", ""), ("\x1bc", ""))
ADJUDICATION: tuple[Step, ...] = (
    ("]", ""),
    ("[", ""),
    ("1", ""),
    ("u", ""),
    ("3", ""),
    ("t", ""),
    ("?", "scroll"),
    ("\x1bx", ""),
)
TUTORIAL: tuple[Step, ...] = (("ll", ""), ("w", ""), ("vec", ""), ("?", "scroll"), ("\x1b", ""))

TOURS: tuple[tuple[tuple[str, ...], str, tuple[Step, ...]], ...] = (
    ((), "mark", READER),
    ((), "mark", EXCHANGE),
    ((), "mark", LIBRARY),
    ((), "mark", AGREEMENT),
    ((), "mark", REVIEW),
    (("review",), "accept", REVIEWING),
    (("adjudicate",), "union", ADJUDICATION),
    (("tutorial",), "1", TUTORIAL),
)
"""The arguments, words of the first screen, and what is pressed."""

SCREENS = sum(len(steps) + 1 for _, _, steps in TOURS)
LEAVES = ("\x1b\x1b\x1bq", "\x1bq", "\x11")
"""Left by ``q``; from a screen above the reader by a second one; else by ``ctrl+q``."""


def tour(
    home: Path,
    arguments: tuple[str, ...],
    first: str,
    steps: tuple[Step, ...],
    strays: Callable[[bytes], list[str]],
) -> list[str]:
    """Press through one; what is wrong with what it sent."""
    terminal = Terminal(["--annotator", "eve", *arguments], home, columns=120, rows=40)
    name = " ".join(arguments) or "reader"
    faults: list[str] = []
    try:
        terminal.until_shown(first)
        if "Library" in terminal.shown:
            terminal.press("\r")
            terminal.until_shown(first)
        for keys, words in steps:
            terminal.press(keys)
            faults += _awaited(terminal, words, f"{name} {keys!r}")
            settle(terminal)
        faults += left(terminal, name)
    except AssertionError as error:
        faults.append(f"{name}: {str(error)[:80]}")
    finally:
        terminal.close()
    if b"Traceback" in terminal.raw:
        faults.append(f"{name}: a traceback")
    return faults + [f"{name}: {one}" for one in strays(terminal.raw)]


def _awaited(terminal: Terminal, words: str, step: str) -> list[str]:
    try:
        terminal.until_shown(words)
    except AssertionError:
        return [f"{step}: {words!r} is not shown"]
    return []


def settle(terminal: Terminal) -> None:
    """Read until nothing comes for a while."""
    while terminal.read(0.15):
        pass


def left(terminal: Terminal, name: str) -> list[str]:
    """Leave as a user does and read all that is sent, the last words too."""
    for keys in LEAVES:
        if is_running(terminal):
            terminal.press(keys)
            for _ in range(20):
                terminal.read(0.1)
    code = terminal.wait()
    settle(terminal)
    return [f"{name}: left with code {code}"] * bool(code) + (
        [] if terminal.is_restored else [f"{name}: the terminal is not restored"]
    )


def is_running(terminal: Terminal) -> bool:
    """Whether the program has not ended; its code is kept for who waits for it."""
    return os.waitid(os.P_PID, terminal.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
