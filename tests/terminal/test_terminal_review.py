"""A review in a pseudo-terminal: killed, it goes on where it was."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pty_reader import Terminal

from annotui.domain.span import Span
from annotui.formats.plain_text import decode
from annotui.services import library, upkeep
from annotui.services.session import Session
from annotui.services.workspace import Workspace

SENTENCES = [f"River {number} rose by {number} metres." for number in range(1, 9)]
Start = Callable[..., Terminal]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[Terminal] = []

    def run(*arguments: str) -> Terminal:
        started.append(Terminal(list(arguments), tmp_path))
        return started[-1]

    yield run
    for terminal in started:
        terminal.close()


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Eight claims by ann in one article."""
    path = tmp_path / "a.db"
    workspace = Workspace(path, "ann")
    plain = decode("\n\n".join(SENTENCES).encode(), "rivers.txt")
    added = library.add_text(workspace, plain)
    session = Session(workspace, library.document(workspace, added.document_id))
    for sentence in SENTENCES:
        first = session.document.text.index(sentence)
        session.annotate([Span(first, first + len(sentence))], "claim")
    workspace.close()
    return path


def query(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def test_a_killed_review_goes_on_where_it_was(start: Start, db: Path) -> None:
    options = ("--db", str(db), "--annotator", "rev", "review")
    terminal = start(*options, "--label", "claim")
    terminal.until_shown("0 done · 8 left")
    terminal.press("y")
    terminal.until_shown("1 done")
    terminal.press(" ")
    terminal.press("x4")
    terminal.until_shown("2 done")
    terminal.press("d")
    terminal.until_shown("3 done · 5 left")
    terminal.signal(signal.SIGKILL)
    assert terminal.wait() == 128 + signal.SIGKILL
    decided = "SELECT decision, reason, coalesce(label, '') FROM review ORDER BY id"
    assert query(db, decided) == [
        ("accepted", "", ""),
        ("rejected", "duplicate", ""),
        ("accepted", "", "denial"),
    ]
    again = start(*options)
    again.until_shown("3 done · 5 left")
    again.press("yyyy")
    again.until_shown("7 done · 1 left")
    last = query(db, "SELECT a.quote FROM review AS r JOIN annotation AS a "
                     "ON a.id = r.annotation_id ORDER BY r.id DESC LIMIT 1")  # fmt: skip
    assert last == [(SENTENCES[7],)]
    again.press("y")
    again.until_shown("Nothing is left to review")
    again.press("q")
    assert again.wait() == 0
    assert again.is_restored
    put_off = query(db, "SELECT a.quote FROM review AS r JOIN annotation AS a "
                        "ON a.id = r.annotation_id ORDER BY r.id DESC LIMIT 1")  # fmt: skip
    assert put_off == [(SENTENCES[1],)]
    workspace = Workspace(db, "nobody")
    assert upkeep.verify(workspace).problems == ()
    workspace.close()
