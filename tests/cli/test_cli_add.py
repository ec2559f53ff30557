"""add: articles in, good ones kept, bad ones named."""

from __future__ import annotations

import hashlib
import os
import shlex
from pathlib import Path

import pytest
from cli_program import SEED, SEED_ID, Annotui, rows, run

from annotui.cli import output


def documents() -> list[tuple[object, ...]]:
    return rows(Path("annotations.db"), "SELECT title, text, source FROM document ORDER BY rowid")


def test_add_prints_id_and_title_and_keeps_the_text(annotui: Annotui) -> None:
    ran = annotui("add", str(SEED))
    title = "The Chechen president claimed that European leaders and media outlets are using"
    assert (ran.code, ran.text, ran.err) == (0, f"{SEED_ID}\t{title}\n", "")
    assert documents() == [(title, SEED.read_bytes().decode("utf-8"), str(SEED))]


def test_the_same_text_twice_is_no_error_and_adds_nothing(annotui: Annotui) -> None:
    first = annotui("add", str(SEED))
    before = Path("annotations.db").read_bytes()
    Path("copy.txt").write_bytes(SEED.read_bytes())
    again = annotui("add", "copy.txt", "--title", "Another")
    assert (again.code, again.out) == (0, first.out)
    assert again.err == "copy.txt is in annotations.db already; nothing was added.\n"
    assert Path("annotations.db").read_bytes() == before


def test_of_several_paths_the_good_ones_are_added_and_the_bad_ones_named(annotui: Annotui) -> None:
    Path("one.txt").write_text("One.")
    Path("bad.txt").write_bytes(b"caf\xe9")
    Path("two.txt").write_text("Two.")
    ran = annotui("add", "one.txt", "bad.txt", "nosuch.txt", "two.txt")
    assert ran.code == 3
    assert [line.split("\t")[1] for line in ran.lines] == ["One.", "Two."]
    assert "annotui add --encoding cp1252 bad.txt\n" in ran.err
    assert "There is no file nosuch.txt." in ran.err
    assert ran.err.endswith("2 articles added, 2 refused.\n")
    assert annotui("add", "bad.txt", "nosuch.txt").code == 1
    assert len(documents()) == 2


def test_the_ready_command_for_undecodable_bytes_works(annotui: Annotui) -> None:
    Path("it's.txt").write_bytes("Café “x”".encode("cp1252"))
    ran = annotui("add", "it's.txt")
    assert (ran.code, Path("annotations.db").exists()) == (1, False)
    assert "byte 0xe9 at 3" in ran.err
    done = os.popen(ran.err.splitlines()[-1].replace("annotui", "printf '%s\\n'", 1)).read()
    assert annotui(*done.splitlines()).code == 0
    assert documents()[0][1] == "Café “x”"


def test_title_and_encoding_are_taken(annotui: Annotui) -> None:
    Path("old.txt").write_bytes(b"caf\xe9")
    assert annotui("add", "--encoding", "latin-1", "--title", "  Old \t one ", "old.txt").code == 0
    assert documents() == [("Old one", "café", "old.txt")]


def test_title_with_several_paths_is_wrong_usage(annotui: Annotui) -> None:
    Path("one.txt").write_text("One.")
    ran = annotui("add", "--title", "T", "one.txt", "one.txt")
    assert (ran.code, Path("annotations.db").exists()) == (2, False)


def test_standard_input_is_an_article(tmp_path: Path) -> None:
    ran = run("add", "-", "--title", "Piped", cwd=tmp_path, stdin="\ufeffÄ\r\nB".encode())
    assert (ran.code, ran.err) == (0, "")
    assert ran.text == hashlib.sha256("Ä\nB".encode()).hexdigest() + "\tPiped\n"


def test_the_ready_command_has_the_options_that_were_given(
    annotui: Annotui, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("a b.txt").write_bytes(b"caf\xe9")
    Path("-odd").write_bytes(b"caf\xe9")
    monkeypatch.setenv("ANNOTUI_DB", "variable.db")
    ran = annotui("--db", "x y.db", "add", "--annotator", "bo", "--title", "T 1", "a b.txt")
    assert ran.err.splitlines()[-1] == (
        "annotui add --db 'x y.db' --annotator bo --title 'T 1' --encoding cp1252 'a b.txt'"
    )
    again = annotui(*shlex.split(ran.err.splitlines()[-1])[1:])
    assert (again.code, again.lines[0].split("\t")[1]) == (0, "T 1")
    assert rows(Path("x y.db"), "SELECT DISTINCT annotator FROM change") == [("bo",)]
    ran = annotui("--db", "before.db", "add", "--db", "after.db", "--", "-odd")
    assert ran.err.endswith("\nannotui add --db after.db --encoding cp1252 -- -odd\n")
    ran = annotui("add", "--encoding", "ascii", "a b.txt")
    assert ran.err.endswith("\nannotui add --encoding cp1252 'a b.txt'\n")


def test_the_reader_suggests_the_same_command(
    annotui: Annotui, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "is_terminal", lambda stream: True)
    Path("latin").write_bytes(b"caf\xe9")
    ran = annotui("--db", "x.db", "read", "latin")
    assert ran.code == 1
    assert ran.err.endswith("\nannotui add --db x.db --encoding cp1252 latin\n")


def test_each_article_is_one_line_with_one_tab(annotui: Annotui) -> None:
    Path("one.txt").write_text("A\tB\x0bC\x85D\u2028E\x1bF\n")
    ran = annotui("add", "one.txt")
    assert ran.text.count("\t") == ran.text.count("\n") == len(ran.lines) == 1
    assert ran.text.endswith("\tA B C D E F\n")


def test_standard_input_is_called_that_the_second_time_too(tmp_path: Path) -> None:
    for _ in range(2):
        ran = run("add", "-", cwd=tmp_path, stdin=b"One.")
    assert ran.err == "Standard input is in annotations.db already; nothing was added.\n"


@pytest.mark.parametrize(
    ("stdin", "message"),
    [
        (b"", "Standard input is empty: there is no text to mark. Nothing was added."),
        (b"a\0b", "Standard input is not a text: there is a NUL character at 1."),
        (b"caf\xe9", "annotui add --encoding cp1252 -\n"),
    ],
)
def test_bad_standard_input_is_one_message(tmp_path: Path, stdin: bytes, message: str) -> None:
    ran = run("add", "-", cwd=tmp_path, stdin=stdin)
    assert (ran.code, ran.out) == (1, b"")
    assert message in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_fails_half_way_says_how_far_it_came(
    annotui: Annotui, monkeypatch: pytest.MonkeyPatch
) -> None:
    from annotui.errors import StoreError
    from annotui.services import intake

    Path("one.txt").write_text("One.")
    Path("two.txt").write_text("Two.")
    store = intake.store

    def failing(workspace: object, batch: list[intake.Read], **options: object) -> object:
        if batch and batch[0].where == "two.txt":
            raise StoreError("Not saved: the disk is full.")
        return store(workspace, batch, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "BATCH_ARTICLES", 1)
    monkeypatch.setattr(intake, "store", failing)
    ran = annotui("add", "one.txt", "two.txt")
    assert ran.code == 1
    assert ran.err == (
        "annotui: Not saved: the disk is full. 1 of 2 articles had been added before.\n"
    )
    assert len(documents()) == 1
