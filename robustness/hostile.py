"""Hostile text everywhere it can be, and the raw bytes that reach a pseudo-terminal.

Every command with hostile values for each of its parameters, on a file in which another program
put hostile values into every column; and the reader's screens on the same file.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import click
from hostile_screens import SCREENS, TOURS, tour
from proof import Finding, Wanted, environment, program, rows
from pty_reader import Terminal

from annotui.cli.main import cli
from annotui.domain.span import Span
from annotui.services import collections
from annotui.services.workspace import Workspace
from stored_files import session_on, without_triggers, write_review

CONTROLS = "".join(map(chr, (*range(1, 32), *range(127, 160))))
DIRECTIONS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c"
UNSEEN = "\u200b\u2060\u2061\ufeff\u00ad\u180e\u2028\u2029" + "".join(
    map(chr, range(0xE0001, 0xE0080))
)
SEQUENCES = (
    "\x1b]52;c;aGFja2Vk\x07\x1b]0;owned\x07\x1b[2J\x1b[6n\x1bP1$r0m\x1b\\\x9b31m\x9d0;x\x9c\x1bc"
    "\x1b[?1049h\x1b[5;5H"
)
MARKUP = "[bold]x[/bold] [/] [@click=app.quit]y[/] [link=http://x]z"
HOSTILE = f"H{SEQUENCES}{CONTROLS}{DIRECTIONS}{UNSEEN}{MARKUP}e" + "\u0301" * 40
SHORT = f"h{SEQUENCES}{DIRECTIONS}\u200b[/]"

OPENS_READER = {"read", "review", "adjudicate"}
LONGEST_S = 30.0
_OWN = re.compile(rb"\x1b\[[0-9;]*m|\x1b\[\?25[hl]|\x1b\[[12][AK]")
"""Colours, and what a line of progress is drawn with."""

_STRAY = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\U000e0001-\U000e007f]"
)
_OF_SCREENS = re.compile(
    rb"\x1b\[[0-9;]*[mHGJKd]|\x1b\[[?=><][0-9;$]*[a-zA-Z]|\x1b\[[0-9;]*[tc]|\x1b\[ ?[0-9]* q"
    rb"|\x1b\[\?[0-9]+\$p|[\r\n]|\x1b\[!p|\x1b[78=>]|\x1bP[^\x1b]*\x1b\\|\x1b\]22;[a-z]*\x07"
    rb"|\x1b\]52;c;(?!aGFja2Vk)[A-Za-z0-9+/=]*\x07"
)
"""What Textual sends, and the copy that a key asks for: not the one that is hidden in the data."""


def prove(wanted: Wanted) -> list[Finding]:
    """Commands, then screens."""
    home, other = wanted.folder / "commands", wanted.folder / "reader"
    for folder in (home, other):
        folder.mkdir()
        build(folder / "annotations.db")
        (folder / "article.txt").write_text(f"{SHORT}\n\n{HOSTILE}\n", "utf-8")
        bad = f'label,start,end,quote\n"{SHORT}",0,9,"{SHORT}"\n'
        (folder / "bad.csv").write_text(bad, "utf-8")
        name = os.fsencode(f"n{SEQUENCES}\u202e.txt".replace("/", "")).decode()
        (folder / name).write_text("Words.")
    lines = list(command_lines(home / "annotations.db"))
    chosen = lines[:: max(1, round(1 / max(wanted.share, 0.02)))]
    faults: list[str] = []
    for line in chosen:
        faults += [f"{' '.join(line)[:60]!r}: {one}" for one in of_command(line, home)]
    screens = of_reader(other)
    shapes = of_shapes(home / "shapes", wanted)
    return [
        Finding(
            f"{len(chosen):,} command lines of {len(cli.commands)} commands with hostile values, "
            "on a file full of them",
            "no control, direction or unseen character of the data among the bytes of the "
            f"terminal; no traceback; under {LONGEST_S:.0f} s each",
            f"{len(faults)} faults" + "".join(f"; {one}" for one in faults[:4]),
            not faults,
        ),
        Finding(
            f"the reader on the same file: {SCREENS} steps through screens "
            "and dialogs: reader, export, import, library, collections, agreement, differences, "
            "review, adjudication, tutorial, help, palette",
            "the same, and left by its key with the terminal restored",
            f"{len(screens)} faults" + "".join(f"; {one}" for one in screens[:4]),
            not screens,
        ),
        Finding(
            f"texts of odd shapes ({', '.join(SHAPES)}) added, listed, marked at their end, "
            "exported, verified, and read in the reader",
            f"the quote of the mark is its slice; under {LONGEST_S:.0f} s each",
            f"{len(shapes)} faults" + "".join(f"; {one}" for one in shapes[:4]),
            not shapes,
        ),
    ]


def build(db: Path) -> None:
    """A file with all kinds of rows, and then hostile values in every text column of them."""
    workspace = Workspace(db, "ann")
    session = session_on(workspace, f"Title {SHORT}\n\nSome {HOSTILE} words.\n{'x' * 3000}\n\n\n")
    mark = session.annotate([Span(0, 20)], "claim", note="a note").after[0]
    session.annotate([Span(8, 30)], "denial")
    write_review(Workspace(db, "bob"), mark, "rejected")
    collections.create(workspace, "Shelf")
    collections.put_in(workspace, "Shelf", [session.document.document_id])
    eve = Workspace(db, "eve")
    session_on(eve, session.document.text).annotate([Span(0, 40)], "denial", note="hers")
    eve.close()
    workspace.close()
    with without_triggers(db) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        for table, columns in {
            "document": ("title", "source", "metadata", "encoding"),
            "annotation": ("note", "quote", "prefix"),
            "label": ("guideline", "example", "glyph", "colour"),
            "change": ("summary",),
            "review": ("reason", "note"),
        }.items():
            for column in columns:
                value = '{"author": "\u202ex"}' if column == "metadata" else HOSTILE
                connection.execute(f"UPDATE {table} SET {column} = ?", (value,))
        for table, column in (("annotation", "annotator"), ("change", "annotator")):
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = 'ann'", (SHORT,))
        connection.execute("UPDATE annotator SET name = ? WHERE name = 'ann'", (SHORT,))
        connection.execute("UPDATE annotation SET label = ? WHERE label = 'claim'", (SHORT,))
        connection.execute("UPDATE label SET name = ? WHERE name = 'claim'", (SHORT,))
        connection.execute("UPDATE collection SET name = ?", (SHORT,))


def leaves(
    command: click.Command, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with the words that lead to it; groups come too."""
    yield path, command
    for name, one in getattr(command, "commands", {}).items():
        yield from leaves(one, (*path, name))


def command_lines(db: Path) -> Iterator[list[str]]:
    """As they should be used, with nothing, with hostile values, with too much."""
    document_id, mark_id = rows(db, "SELECT document_id, id FROM annotation")[0]
    good = {
        "document": document_id[:8],
        "documents": document_id[:8],
        "label": "denial",
        "mark": mark_id,
        "decision": "accept",
        "shell": "bash",
        "name": "Shelf",
    }
    yield [SHORT]
    yield [f"./{SHORT}.txt"]
    yield ["--db", SHORT, "list"]
    yield ["--annotator", SHORT, "undo"]
    for words, command in (
        one for top in cli.commands.items() for one in leaves(top[1], (top[0],))
    ):
        yield [*words, "--help"]
        yield [*words, f"--{SHORT}"]
        if words[0] in OPENS_READER:
            continue
        yield [*words]
        wanted = [one for one in command.params if isinstance(one, click.Argument)]
        plain = [good.get(one.name or "", "article.txt") for one in wanted]
        yield [*words, *plain]
        yield [*words, *plain, SHORT, SHORT]
        for at in range(len(wanted)):
            yield [*words, *plain[:at], SHORT, *plain[at + 1 :]]
        for option in command.params:
            if isinstance(option, click.Option) and not option.is_flag:
                values = [SHORT] * option.nargs
                yield [*words, *plain, option.opts[-1], *values]


def of_command(line: list[str], home: Path) -> list[str]:
    """Run one in a pseudo-terminal; what is wrong with what it sent."""
    sent, took = in_terminal(line, home)
    faults = [f"took {took:.0f} s"] if took > LONGEST_S else []
    faults += ["a traceback"] if b"Traceback" in sent else []
    return faults + strays(_OWN.sub(b"", sent))


def in_terminal(line: list[str], home: Path) -> tuple[bytes, float]:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    began = time.monotonic()
    child = subprocess.Popen(
        program(*line),
        cwd=home,
        env=environment(home, TERM="xterm-256color", COLORTERM="truecolor"),
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    sent = b""
    while time.monotonic() - began < LONGEST_S:
        if not select.select([ours], [], [], 0.2)[0]:
            continue
        try:
            sent += os.read(ours, 65536)
        except OSError:  # Linux says EIO when the other end is closed
            break
    child.kill()
    child.wait()
    os.close(ours)
    return sent, time.monotonic() - began


def strays(sent: bytes) -> list[str]:
    found = _STRAY.findall(sent.decode("utf-8", "replace"))
    return [f"stray {sorted(set(found))}"] if found else []


SHAPES = {
    "10 MB in one line": lambda share: "word " * round(2_000_000 * min(1, share * 4)) + "the end.",
    "a million empty lines": lambda share: "T" + "\n" * round(1e6 * min(1, share * 4)) + "the end.",
    "10,000 combining marks on one letter": lambda _: "e" + "\u0301" * 10_000 + " the end.",
    "every code point below U+00A0": lambda _: "".join(map(chr, range(1, 0xA0))) + " the end.",
    "every format control and tag": lambda _: f"T {DIRECTIONS}{UNSEEN} the end.",
}


def of_shapes(home: Path, wanted: Wanted) -> list[str]:
    """Each text through its whole life."""
    faults: list[str] = []
    for number, (name, make) in enumerate(SHAPES.items()):
        place = home / str(number)
        place.mkdir(parents=True)
        (place / "a.txt").write_bytes(make(wanted.share).encode())
        mark = ["annotate", "a.txt", "claim", "--quote", "the end."]
        lines = (["add", "a.txt"], ["list"], mark, ["info", "a.txt"], ["export"], ["verify"])
        for line in lines:
            faults += [f"{name}, {line[0]}: {one}" for one in of_command(line, place)]
        if rows(place / "annotations.db", "SELECT quote FROM annotations") != [("the end.",)]:
            faults.append(f"{name}: the mark is not there")
        terminal = Terminal(["--annotator", "ann"], place)
        try:
            terminal.until_shown("1 mark")
            terminal.press("Gggjjkk]")
            terminal.until_shown("the end.")
            terminal.press("q")
            faults += [f"{name}: the reader left with a code"] if terminal.wait() else []
        except AssertionError as error:
            faults.append(f"{name}, reader: {str(error)[:80]}")
        finally:
            terminal.close()
        faults += [f"{name}, reader: {one}" for one in strays(_OF_SCREENS.sub(b"", terminal.raw))]
    return faults


def of_reader(home: Path) -> list[str]:
    """Press through all screens and look at every byte."""
    faults: list[str] = []
    for arguments, first, steps in TOURS:
        faults += tour(home, arguments, first, steps, of_screens)
    return faults


def of_screens(sent: bytes) -> list[str]:
    """Strays, with the little around them, among what a screen sent."""
    rest = _OF_SCREENS.sub(b"", sent)
    return [f"{one} near {near(rest)!r}" for one in strays(rest)]


def near(rest: bytes) -> str:
    """What stands around the first stray."""
    text = rest.decode("utf-8", "replace")
    found = _STRAY.search(text)
    return text[max(0, found.start() - 20) : found.end() + 20] if found else ""
