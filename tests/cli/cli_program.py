"""Ways to run the command line in a test, in this process and as the real program."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import sqlite3
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src"
SEED = Path(__file__).resolve().parents[2] / "seeds" / "000_1182b3f968a00b82.txt"
SEED_ID = "6f0c9d168f3f6e807fc1b36ae29dcbf2cde19f853672f07ea797c4bba3ae750a"

COLOURS = re.compile(rb"\x1b\[[0-9;]*m")
CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
NASTY = "N\x1b]52;c;aGk=\x07\x1b[2J\x9b31m\x7f\u202edlob\u2066 [bold]x[/bold] [/] [@click=q]"
"""Clipboard and screen sequences, C1, a direction override, and Rich markup."""

TWO_TEXT = "The mayor denied it. Prices rose by 3 per cent, she said. Nobody was asked.\n"
TWO_MARKS = (
    ("ann", "denial", "The mayor denied it", ""),
    ("bob", "denial", "The mayor denied it", "sure"),
    ("ann", "statistic", "Prices rose by 3 per cent", ""),
    ("bob", "statistic", "3 per cent", ""),
    ("ann", "attribution", "she said", ""),
    ("ann", "claim", "Nobody was asked", ""),
    ("bob", "denial", "Nobody was asked", "sure"),
)
"""Whose mark, its label, quote and note: an article on which two annotators differ."""


@dataclass(frozen=True)
class Ran:
    """What a command left behind: its exit code, its data and its words."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode("utf-8")

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()


Annotui = Callable[..., Ran]


def environment(**changes: str) -> dict[str, str]:
    """The environment of a child that finds annotui here and knows its annotator."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ANNOTUI_", "NO_COLOR", "FORCE_COLOR", "COLUMNS"))
    }
    return {**kept, "PYTHONPATH": str(SOURCE), "ANNOTUI_ANNOTATOR": "ann", **changes}


def program(*arguments: str | bytes) -> list[str | bytes]:
    return [sys.executable, "-m", "annotui", *arguments]


def run(
    *arguments: str | bytes,
    cwd: Path,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    before: Callable[[], None] | None = None,
) -> Ran:
    """Run the real program without a terminal; ``before`` runs in the child first."""
    done = subprocess.run(
        program(*arguments),
        cwd=cwd,
        input=stdin,
        capture_output=True,
        env=env or environment(),
        timeout=60,
        preexec_fn=before,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr.decode("utf-8"))


def _as_at_login() -> None:
    """Take the terminal, and the signals as at a login: a runner may have them ignored."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def in_terminal(
    *arguments: str | bytes,
    cwd: Path,
    typed: bytes = b"",
    typed_after: bytes = b"",
    columns: int = 100,
    env: Mapping[str, str] | None = None,
    ends: bool = False,
) -> tuple[int, bytes]:
    """Run the real program in a pseudo-terminal; exit code and every byte it sent.

    ``typed`` is typed once the program has sent ``typed_after``, and its last key once more for
    each second that passes: a signal between its last look and its read of a key gets lost. With
    ``ends`` it is asked to end by SIGTERM instead of being typed at.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
    child = subprocess.Popen(
        program(*arguments),
        cwd=cwd,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment(**{"TERM": "xterm-256color", "COLORTERM": "truecolor", **(env or {})}),
        start_new_session=True,
        preexec_fn=_as_at_login,
    )
    os.close(theirs)
    sent = b""
    deadline = time.monotonic() + 60
    types_again = deadline
    while time.monotonic() < deadline:
        if typed and typed_after in sent and (len(typed) > 1 or time.monotonic() > types_again):
            os.write(ours, typed)
            typed, types_again = typed[-1:], time.monotonic() + 1
        ready, _, _ = select.select([ours], [], [], 0.2)
        if ready:
            try:
                chunk = os.read(ours, 65536)
            except OSError:  # Linux says EIO when the other end is closed
                break
            if not chunk:
                break
            sent += chunk
            if ends and typed_after in sent:
                child.terminate()
                ends = False
    child.wait(10)
    os.close(ours)
    return child.returncode, sent


def rows(db: Path, sql: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
    """What plain sqlite3 finds in the file."""
    connection = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


def decide(db: Path, annotation_id: str, reviewer: str, decision: str) -> None:
    """Store a reviewer's decision, as the review screen will."""
    from annotui.domain.change import ChangeKind
    from annotui.domain.identifier import utc_now, uuid7
    from annotui.services.workspace import Workspace
    from annotui.storage.versioned import insert_row

    workspace = Workspace(db, reviewer)
    with workspace.writing() as opened:
        change = workspace.begin(opened, ChangeKind.REVIEW, summary=decision)
        insert_row(
            opened,
            "review",
            {
                "id": uuid7(),
                "annotation_id": annotation_id,
                "annotation_version": 1,
                "decision": decision,
                "reason": "",
                "note": "",
                "label": None,
                "start": None,
                "end": None,
                "fragments": "",
                "reviewer": reviewer,
                "decided_at": utc_now(),
                "removed": 0,
                "version": 1,
            },
            change.change_id,
        )
    workspace.close()
