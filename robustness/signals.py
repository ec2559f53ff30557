"""End the reader by signals, by closing its terminal, and by an exception in its own code.

The terminal is restored, the exit code is not 0, and nothing that was painted is lost.
"""

from __future__ import annotations

import os
import shutil
import signal
import time

from kills import painted
from proof import ROOT, Finding, Wanted, problems, rows, run
from pty_reader import Terminal

ENDS = 300
TEXT = "Signal text\n\n" + " ".join(f"word{number}," for number in range(300)) + "\n"
CRASHING = """import signal, sys

def fault(frame, event, value):
    if "annotui/tui" in frame.f_code.co_filename:
        sys.settrace(None)
        raise RuntimeError("a bug, on purpose")

signal.signal(signal.SIGUSR1, lambda number, frame: sys.settrace(fault))
"""
"""The next function of the screens that is called, or goes on, fails."""

KINDS = ("SIGTERM", "SIGHUP", "SIGINT", "terminal closed", "exception")


def prove(wanted: Wanted) -> list[Finding]:
    """Ends of each kind in turn."""
    chance = wanted.chance("signals")
    faults: list[str] = []
    count = wanted.count(ENDS, len(KINDS))
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        home = wanted.folder / f"end-{number}"
        home.mkdir()
        (home / "sitecustomize.py").write_text(CRASHING)
        (home / "article.txt").write_text(TEXT)
        run("add", "article.txt", home=home)
        python_path = f"PYTHONPATH={home}:{ROOT / 'src'}"
        terminal = Terminal(["--annotator", "ann"], home, before=("env", python_path))
        try:
            terminal.until_shown("0 marks")
            terminal.press("vecww" * chance.randrange(1, 9))
            until = time.monotonic() + chance.uniform(0, 0.4)
            while time.monotonic() < until:
                terminal.read(0.01)
            faults += [f"{kind} {number}: {one}" for one in end(terminal, kind)]
            shown = painted(terminal)
            stored = rows(home / "annotations.db", "SELECT count(*) FROM annotations")[0][0]
            faults += [f"{kind} {number}: {shown} painted, {stored} stored"] * (stored < shown)
            faults += [f"{kind} {number}: {one}" for one in problems(home / "annotations.db")]
        except AssertionError as error:
            faults.append(f"{kind} {number}: {str(error)[:200]}")
        finally:
            terminal.close()
        shutil.rmtree(home)
    return [
        Finding(
            f"the reader ended {count} times while marking: {', '.join(KINDS)}",
            "terminal restored, exit code not 0, nothing painted is lost, `annotui verify` clean",
            f"{len(faults)} faults" + "".join(f"; {one}" for one in faults[:3]),
            not faults,
        )
    ]


def end(terminal: Terminal, kind: str) -> list[str]:
    """End the program; what is wrong with how it went."""
    if kind == "terminal closed":
        os.close(terminal.master)
        terminal.master = os.open(os.devnull, os.O_RDONLY)
        deadline = time.monotonic() + 20
        while not (done := os.waitpid(terminal.pid, os.WNOHANG))[0]:
            if time.monotonic() > deadline:
                return ["it runs on without a terminal"]
            time.sleep(0.01)
        terminal.status = done[1]
        return [] if os.waitstatus_to_exitcode(done[1]) else ["code 0"]
    number = signal.SIGUSR1 if kind == "exception" else getattr(signal, kind)
    terminal.signal(number)
    if kind == "exception":
        terminal.press("w")
    code = terminal.wait()
    faults = [] if code else ["code 0"]
    return faults + ([] if terminal.is_restored else ["the terminal is not as it was"])
