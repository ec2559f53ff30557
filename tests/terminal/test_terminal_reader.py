"""The whole program in a pseudo-terminal, and what of data reaches it."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pty_reader import Terminal

from annotui.domain.span import Span
from annotui.formats.plain_text import decode
from annotui.services import library, upkeep
from annotui.services.session import Session
from annotui.services.workspace import Workspace

ARTICLE = "Mayor denies plan\n\nThe mayor said that 40 people left. Nobody was asked.\n"
OSC_52 = "\x1b]52;c;aGFja2Vk\x07"
HOSTILE = f"{OSC_52}\x1b[2J\x1b]0;owned\x07\x9b31m\u202e[@click=app.quit]x[/]"

Start = Callable[..., Terminal]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """``start("--db", …)`` runs annotui in a terminal that is closed after the test."""
    started: list[Terminal] = []

    def run(*arguments: str, columns: int = 80, rows: int = 24) -> Terminal:
        started.append(Terminal(list(arguments), tmp_path, columns=columns, rows=rows))
        return started[-1]

    yield run
    for terminal in started:
        terminal.close()


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE)
    return path


def marks(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT label, quote FROM annotations ORDER BY start, end").fetchall()


def problems(path: Path) -> tuple[str, ...]:
    workspace = Workspace(path, "nobody")
    try:
        return upkeep.verify(workspace).problems
    finally:
        workspace.close()


def test_open_mark_quit(start: Start, tmp_path: Path, article: Path) -> None:
    terminal = start("--annotator", "ann", str(article))
    terminal.until_shown("The mayor said that 40 people left.")
    terminal.until_shown("c ! claim")
    terminal.press("}.c")
    terminal.until_shown("1 mark")
    assert marks(tmp_path / "annotations.db") == [("claim", "that 40 people left.")]
    terminal.press("q")
    assert terminal.wait() == 0
    assert terminal.is_restored
    assert not list(tmp_path.glob("*-journal"))
    again = start("--annotator", "ann")
    again.until_shown("1 mark")
    again.press("u")
    again.until_shown("Undone: annotate")
    assert marks(tmp_path / "annotations.db") == []
    again.press("q")
    assert again.wait() == 0


@pytest.mark.parametrize("enough", [1, 5, 12])
def test_every_painted_mark_survives_kill_9(start: Start, tmp_path: Path, enough: int) -> None:
    (tmp_path / "long.txt").write_text(" ".join(f"word{number}," for number in range(400)))
    terminal = start("--annotator", "ann", "long.txt", rows=40)
    terminal.until_shown("0 marks")
    while painted(terminal) < enough:
        terminal.press("vecww")
        terminal.read(0.02)
    terminal.press("vecww" * 30)
    terminal.signal(signal.SIGKILL)
    assert terminal.wait() == 128 + signal.SIGKILL
    assert len(marks(tmp_path / "annotations.db")) >= painted(terminal) >= enough
    assert problems(tmp_path / "annotations.db") == ()


def painted(terminal: Terminal) -> int:
    """The marks that the headline counts."""
    found = re.search(r"(\d+) marks?\b", terminal.screen.display[0])
    return int(found[1]) if found else 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_restores_the_terminal_and_tells_the_shell(
    start: Start, tmp_path: Path, article: Path, number: int
) -> None:
    terminal = start("--annotator", "ann", str(article))
    terminal.until_shown("The mayor said")
    terminal.press("c")
    terminal.until_shown("1 mark")
    terminal.signal(number)
    assert terminal.wait() == 128 + number
    assert terminal.is_restored
    assert len(marks(tmp_path / "annotations.db")) == 1


def test_a_signal_while_a_dialog_is_open_restores_the_terminal(start: Start, article: Path) -> None:
    terminal = start("--annotator", "ann", str(article))
    terminal.until_shown("The mayor said")
    terminal.press("?")
    terminal.until_shown("j k scroll")
    terminal.signal(signal.SIGTERM)
    assert terminal.wait() == 128 + signal.SIGTERM
    assert terminal.is_restored


def test_a_terminal_that_goes_away_ends_the_program(
    start: Start, tmp_path: Path, article: Path
) -> None:
    terminal = start("--annotator", "ann", str(article))
    terminal.until_shown("The mayor said")
    terminal.press("c")
    terminal.until_shown("1 mark")
    os.close(terminal.master)
    terminal.master = os.open(os.devnull, os.O_RDONLY)
    deadline = time.monotonic() + 10
    while not (done := os.waitpid(terminal.pid, os.WNOHANG))[0]:
        assert time.monotonic() < deadline, "it runs on without a terminal"
        time.sleep(0.02)
    terminal.status = done[1]
    assert len(marks(tmp_path / "annotations.db")) == 1
    assert problems(tmp_path / "annotations.db") == ()


def test_leaving_a_locked_file_says_what_was_not_kept(
    start: Start, tmp_path: Path, article: Path
) -> None:
    terminal = start("--annotator", "ann", str(article))
    terminal.until_shown("The mayor said")
    with closing(sqlite3.connect(tmp_path / "annotations.db", isolation_level=None)) as rival:
        rival.execute("BEGIN IMMEDIATE")
        terminal.press("c")
        terminal.until_shown("saving…")
        terminal.signal(signal.SIGTERM)
        assert terminal.wait() == 1
    assert terminal.is_restored
    assert b"Not saved" in terminal.raw[terminal.raw.rfind(b"\x1b[?1049l") :]
    assert marks(tmp_path / "annotations.db") == []


def test_no_control_of_the_data_reaches_the_terminal(start: Start, tmp_path: Path) -> None:
    path = tmp_path / f"odd\u202e{OSC_52[1:-1]}.db"
    text = f"{HOSTILE} title\n\nSome {HOSTILE} words here, {HOSTILE} too.\n" + "👩‍👩‍👧 ❤️ 🇫🇷 क्षि\n"
    workspace = Workspace(path, "a[b]nn\u202e")
    added = library.add_text(workspace, decode(text.encode(), "x"), title=f"T {HOSTILE}")
    session = Session(workspace, library.document(workspace, added.document_id))
    start_at = session.document.text.index("Some")
    session.annotate([Span(start_at, start_at + 20)], "claim", f"note {HOSTILE}\n{HOSTILE}")
    workspace.close()
    terminal = start("--db", str(path), "--annotator", "a[b]nn\u202e", columns=120, rows=40)
    terminal.until_shown("1 mark")
    for keys, words in (
        ("]", "words"), ("i", "enter keeps"), ("\x1bX", "Export as CSV"), ("\x1bx", "Removed"),
        ("u", "Undone"), ("L", "esc goes back"), ("\x1bg?", "What the labels mean"),
        ("\x1bGw", "end of the article"),
    ):  # fmt: skip
        terminal.press(keys)
        terminal.until_shown(words)
    terminal.press("q")
    assert terminal.wait() == 0
    allowed = re.compile(
        rb"\x1b\[[0-9;]*[mHGJKd]|\x1b\[[?=><][0-9;$]*[a-zA-Z]|\x1b\[[0-9;]*[tc]|\x1b\[ ?[0-9]* q"
        rb"|\x1b\[\?[0-9]+\$p|[\r\n]|\x1b\[!p|\x1b[78=>]|\x1bP[^\x1b]*\x1b\\|\x1b\]22;[a-z]*\x07"
    )
    rest = allowed.sub(b"", terminal.raw)
    strays = re.findall(rb"[\x00-\x1f\x7f][^\x1b]{0,20}", rest)
    assert strays == []
    decoded = rest.decode("utf-8")
    assert not re.search("[\x80-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]", decoded)
    assert b"]0;owned\x07" not in terminal.raw
    assert b"\x1b]52;" not in terminal.raw


def test_copying_sends_only_what_was_asked_for(start: Start, article: Path) -> None:
    terminal = start("--annotator", "ann", str(article))
    terminal.until_shown("The mayor said")
    assert b"\x1b]52;" not in terminal.raw
    terminal.press("ve\x03")
    terminal.until_shown("Copied 5 characters")
    assert terminal.raw.count(b"\x1b]52;c;TWF5b3I=\x07") == 1
    terminal.press("q")
    assert terminal.wait() == 0


def test_esc_followed_at_once_by_a_letter_is_two_keys(
    start: Start, tmp_path: Path, article: Path
) -> None:
    terminal = start("--annotator", "ann", str(article))
    terminal.until_shown("The mayor said")
    terminal.press("v")
    terminal.until_shown("SELECT")
    terminal.press("w\x1bd")
    terminal.until_shown("1 mark")
    assert marks(tmp_path / "annotations.db") == [("denial", "Mayor denies plan")]


def test_two_terminals_see_each_others_marks(start: Start, tmp_path: Path, article: Path) -> None:
    one = start("--annotator", "ann", str(article))
    one.until_shown("The mayor said")
    other = start("--annotator", "bob", str(article))
    other.until_shown("The mayor said")
    one.press("}c")
    one.until_shown("1 mark")
    other.until_shown("1 by others")
    other.press("}Ld\r")
    other.until_shown("2 marks")
    one.until_shown("2 marks, 1 by others")
    for terminal in (one, other):
        terminal.press("q")
        assert terminal.wait() == 0


def test_a_failure_at_the_start_is_one_message(start: Start, tmp_path: Path) -> None:
    (tmp_path / "odd.db").write_bytes(b"not a database" * 30)
    terminal = start("--db", "odd.db", "--annotator", "ann")
    assert terminal.wait() == 1
    assert b"odd.db" in terminal.raw
    assert b"Traceback" not in terminal.raw
    assert terminal.is_restored or b"\x1b[?1049h" not in terminal.raw
