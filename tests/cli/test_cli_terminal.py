"""What reaches a real terminal holds no control that came from data."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from cli_program import COLOURS, CONTROLS, NASTY, SEED, in_terminal, rows, run

from annotui.domain.span import Span
from annotui.services import library
from annotui.services.session import Session
from annotui.services.workspace import Workspace

BARE = {"TERM": "dumb"}
NAME = os.fsencode("x\x1b]0;t\x07\x9b\u202e") + b"\xff\x9b.txt"


@pytest.fixture
def nasty(tmp_path: Path) -> Path:
    """A folder with a database that is nasty throughout: text, title, note, name and path."""
    article = tmp_path / os.fsdecode(NAME)
    article.write_text(f"{NASTY}\n\tmore {NASTY}", newline="")
    workspace = Workspace(tmp_path / "annotations.db", "x")
    workspace.annotator = NASTY  # no new file gets such a name, an old or merged one may have it
    added = library.add_file(workspace, article)
    session = Session(workspace, library.document(workspace, added.document_id))
    session.annotate([Span(0, 30), Span(40, 45)], "claim", NASTY)
    workspace.close()
    return tmp_path


def tame(sent: bytes) -> None:
    text = sent.decode("utf-8")
    assert not CONTROLS.search(text), CONTROLS.findall(text)
    assert "\r" not in text.replace("\r\n", "")


COMMANDS: list[tuple[str | bytes, ...]] = [
    ("list",),
    ("list", "--format", "csv"),
    ("list", "--format", "json"),
    ("show", NAME),
    ("export",),
    ("export", "--excel"),
    ("log",),
    ("log", "--format", "json"),
    ("annotators",),
    ("verify",),
    ("undo",),
    ("add", NAME),
    ("annotate", NAME, "claim", "--quote", "more", "--note", NASTY),
    ("export", "-o", NAME + b".csv"),
    ("backup", NAME + b".db"),
    ("annotators", "--rename", NASTY, "x\x1by"),
    ("annotators", "--rename", "no\x1bbody", "x"),
    ("show", NASTY),
    ("show", NAME + b"?"),
    ("annotate", NAME, NASTY, "--quote", "more"),
    ("annotate", NAME, "claim", "--quote", NASTY + "?"),
    ("annotate", NAME, "claim", "--start", NASTY, "--end", "3"),
    ("--db", NAME + b".none", "list"),
    ("--db", NAME, "list"),
    ("add", NAME + b".none"),
    ("add", b"latin\x9b1"),
    ("add", "--encoding", NASTY, NAME),
    ("list", "--format", NASTY),
    ("list", "--" + NASTY),
    ("list", NASTY),
    ("--" + NASTY,),
    ("x\x1b]52;c;aGk=\x07\u202e",),
    ("export", "--label", NASTY, "--annotator", NASTY),
    ("export", "--annotator", NASTY + "?"),
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=range(len(COMMANDS)))
def test_no_control_from_data_reaches_the_terminal(
    nasty: Path, arguments: tuple[str | bytes, ...]
) -> None:
    (nasty / os.fsdecode(b"latin\x9b1")).write_bytes(b"\x1b]0;t\x07 caf\xe9")
    code, sent = in_terminal(*arguments, cwd=nasty, env=BARE)
    assert code in (0, 1, 2)
    assert b"Traceback" not in sent
    tame(sent)


def test_with_colours_only_our_own_styles_are_sent(nasty: Path) -> None:
    for arguments in (("list",), ("show", NAME), ("labels",), ("log",)):
        code, sent = in_terminal(*arguments, cwd=nasty, columns=40)
        assert code == 0
        tame(COLOURS.sub(b"", sent))


def test_markup_in_data_is_shown_as_it_is(nasty: Path) -> None:
    _, sent = in_terminal("show", NAME, cwd=nasty, env=BARE)
    assert "[bold]x[/bold] [/] [@click=q]" in " ".join(sent.decode("utf-8").split())


def test_json_on_a_terminal_is_still_exact(nasty: Path) -> None:
    _, sent = in_terminal("list", "--format", "json", cwd=nasty, env=BARE)
    assert json.loads(sent.decode("utf-8")) == json.loads(
        run("list", "--format", "json", cwd=nasty).out
    )


def test_in_a_pipe_csv_is_exact_and_words_are_tame(nasty: Path) -> None:
    ran = run("export", cwd=nasty)
    assert NASTY[:20].encode() in ran.out
    assert not CONTROLS.search(run("show", NASTY, cwd=nasty).err)


def test_very_narrow_terminals_are_no_trouble(nasty: Path) -> None:
    run("add", str(SEED), cwd=nasty)
    for columns in (1, 2, 7, 20):
        for arguments in (("list",), ("show", NAME), ("labels",), ("log",), ("--help",)):
            code, sent = in_terminal(*arguments, cwd=nasty, columns=columns, env=BARE)
            assert code == 0, sent


@pytest.mark.parametrize("columns", [80, 100])
def test_the_table_of_documents_fits_the_terminal(tmp_path: Path, columns: int) -> None:
    assert run("add", str(SEED), cwd=tmp_path).code == 0
    ((document,),) = rows(tmp_path / "annotations.db", "SELECT id FROM document")
    for annotator in ("ann", "bob"):
        mark = ("annotate", str(document), "claim", "--start", "0", "--end", "9")
        assert run(*mark, "--annotator", annotator, cwd=tmp_path).code == 0
    code, sent = in_terminal("list", cwd=tmp_path, columns=columns)
    printed = sent.decode().splitlines()
    assert (code, len(printed)) == (0, 2)
    assert all(len(line) <= columns for line in printed)
    assert ("source" in printed[0]) == (columns == 100)


def test_what_comes_next_is_said_to_a_person_and_never_to_a_script(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Words.")
    (tmp_path / "b.txt").write_text("Other words.")
    code, sent = in_terminal("add", "a.txt", cwd=tmp_path)
    assert (code, b"`annotui` opens the reader" in sent) == (0, True)
    done = run("add", "b.txt", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
