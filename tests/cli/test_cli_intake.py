"""Folders, pipes and odd files: what is taken in, what is refused, and what is known of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cli_program import Annotui, in_terminal, rows

from annotui.services import article_reading, intake

DB = "annotations.db"


def texts() -> list[str]:
    if not Path(DB).exists():
        return []
    return [row[0] for row in rows(Path(DB), "SELECT text FROM document ORDER BY rowid")]


def make(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_a_folder_gives_its_articles_in_the_order_of_names(annotui: Annotui) -> None:
    make(Path("news"), b_dot_txt="B.", a_dot_txt="A.", x_dot_jpg="no", deep__c_dot_md="# C\n\nc.")
    make(Path("news"), _dot_hidden_dot_txt="no", deep__d_dot_html="<p>D.")
    ran = annotui("add", "news")
    assert ran.code == 0
    assert texts() == ["A.", "B.", "C\n\nc.", "D."]
    assert ran.err.endswith("4 articles added, 2 other files passed over.\n")
    assert [line.split("\t")[1] for line in ran.lines] == ["A.", "B.", "C", "D."]
    again = annotui("add", "news")
    assert (again.code, len(texts())) == (0, 4)
    assert again.err.endswith("0 articles added, 4 already there, 2 other files passed over.\n")


def test_patterns_choose_by_name_and_by_path(annotui: Annotui) -> None:
    make(Path("news"), a_dot_txt="A.", b_dot_log="B.", drafts__c_dot_txt="C.")
    assert annotui("add", "news", "--include", "*.log", "--dry-run").lines[0].endswith("\tB.")
    assert texts() == []
    annotui("add", "news", "--exclude", "drafts/*")
    assert texts() == ["A."]


def test_links_in_a_circle_are_walked_once(annotui: Annotui) -> None:
    make(Path("news"), a_dot_txt="A.")
    Path("news/loop").symlink_to(Path("news").absolute())
    Path("news/b.txt").symlink_to("b.txt")
    ran = annotui("add", "news")
    assert ran.code == 3
    assert texts() == ["A."]
    assert "news/b.txt cannot be read: Too many levels of symbolic links" in ran.err


def test_a_fallback_reads_what_is_not_utf_8_and_is_kept(annotui: Annotui) -> None:
    Path("news").mkdir()
    Path("news/a.txt").write_bytes("Café “x”".encode("cp1252"))
    Path("news/b.txt").write_text("Thé.")
    ran = annotui("add", "news")
    assert ran.code == 3
    assert "1 article added, 1 refused." in ran.err
    assert annotui("add", "news", "--encoding-fallback", "cp1252").code == 0
    found = rows(Path(DB), "SELECT text, encoding FROM document ORDER BY source")
    assert found == [("Café “x”", "cp1252"), ("Thé.", "utf-8")]


def test_a_pipe_in_the_place_of_a_file_does_not_hold_the_program_up(annotui: Annotui) -> None:
    Path("news").mkdir()
    os.mkfifo("news/a.txt")
    make(Path("news"), b_dot_txt="B.")
    ran = annotui("add", "news")
    assert ran.code == 3
    assert "news/a.txt is not a regular file" in ran.err
    assert texts() == ["B."]


def test_a_file_that_changes_while_it_is_read_is_refused(
    annotui: Annotui, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("a.txt").write_text("half")
    fstat, calls = os.fstat, []

    def growing(descriptor: int) -> os.stat_result:
        calls.append(descriptor)
        if len(calls) == 2:
            Path("a.txt").write_text("half and more")
        return fstat(descriptor)

    monkeypatch.setattr(article_reading.os, "fstat", growing)
    ran = annotui("add", "a.txt")
    assert ran.code == 1
    assert "a.txt changed while it was read. Nothing was added" in ran.err
    assert texts() == []


def test_a_huge_file_is_refused_unread(annotui: Annotui) -> None:
    with Path("huge.txt").open("wb") as file:
        file.truncate(2_000_000_000)
    ran = annotui("add", "huge.txt")
    assert ran.code == 1
    assert "huge.txt has 2,000,000,000 bytes; an article has at most 200,000,000" in ran.err


def test_a_page_from_a_pipe_says_what_it_is(annotui: Annotui, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "annotui", "add", "--as", "html", "-"],
        input=b"<title>T</title><p>Some words.",
        capture_output=True,
        check=True,
    )
    assert ran.stdout.endswith(b"\tT\n")
    assert texts() == ["Some words."]


def test_what_is_known_of_a_document_is_told(annotui: Annotui) -> None:
    Path("a.html").write_text(
        '<html lang="en"><title>Dam</title><meta name="author" content="Jane Roe"><p>It holds.'
    )
    annotui("add", "a.html")
    annotui("annotate", "Dam", "claim", "--quote", "It holds")
    facts = json.loads(annotui("info", "Dam", "--format", "json").text)
    assert (facts["title"], facts["author"], facts["source"]) == ("Dam", "Jane Roe", "a.html")
    assert (facts["words"], facts["marks"], facts["annotations"]) == (2, 1, {"claim": 1})
    assert facts["language"] == "en"
    shown = annotui("info", "Dam").text
    assert "Jane Roe" in shown
    assert "annotations: claim" in shown


def test_a_document_is_removed_with_its_marks_and_comes_back(annotui: Annotui) -> None:
    make(Path(), a_dot_txt="The dam holds.", b_dot_txt="It rains.")
    annotui("add", "a.txt", "b.txt")
    annotui("annotate", "a.txt", "claim", "--quote", "The dam")
    asked = annotui("remove", "a.txt")
    assert asked.code == 1
    assert "has 1 mark. Nothing was changed" in asked.err
    assert annotui("remove", "a.txt", "--yes").code == 0
    assert [line.split(",")[1] for line in annotui("list", "--format", "csv").lines[1:]] == [
        "It rains."
    ]
    assert annotui("export").lines[1:] == []
    assert annotui("verify").code == 0
    annotui("undo")
    assert len(annotui("export").lines) == 2
    annotui("remove", "a.txt", "--yes")
    annotui("add", "a.txt")
    assert len(annotui("export").lines) == 2
    assert annotui("verify").code == 0


def test_an_interrupted_intake_leaves_whole_articles_and_goes_on(annotui: Annotui) -> None:
    make(Path("news"), **{f"a{n:04}_dot_txt": f"Article {n}. " * 2000 for n in range(1500)})
    program = subprocess.Popen(
        [sys.executable, "-m", "annotui", "add", "news"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert program.stdout is not None
    program.stdout.readline()
    program.send_signal(signal.SIGINT)
    _, errors = program.communicate(timeout=60)
    done = len(texts())
    if program.returncode == 130:  # on a fast machine all may be in by now
        assert b"the same command goes on from there" in errors
        assert 0 < done < 1500
    assert annotui("verify").code == 0
    assert annotui("add", "news").code == 0
    assert sorted(texts()) == sorted(f"Article {n}. " * 2000 for n in range(1500))


def test_a_terminated_intake_shows_the_cursor_again_and_says_how_far_it_came(
    annotui: Annotui,
) -> None:
    make(Path("news"), **{f"a{n:04}_dot_txt": f"Article {n}. " * 2000 for n in range(500)})
    code, sent = in_terminal("add", "news", cwd=Path.cwd(), typed_after=b"articles", ends=True)
    assert code == 143
    assert sent.rfind(b"\x1b[?25h") > sent.rfind(b"\x1b[?25l") >= 0
    assert b"the same command goes on from there" in sent
    assert annotui("add", "news").code == 0
    assert annotui("verify").code == 0
    assert len(texts()) == 500


def test_a_batch_is_stored_whole_or_not_at_all(
    annotui: Annotui, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(Path("news"), **{f"a{n}_dot_txt": f"Article {n}." for n in range(6)})
    insert = intake.library.insert

    def failing(*given: object) -> None:
        if given[2] == "Article 4.":
            raise KeyboardInterrupt
        insert(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "BATCH_ARTICLES", 3)
    monkeypatch.setattr(intake.library, "insert", failing)
    assert annotui("add", "news").code == 130
    assert texts() == ["Article 0.", "Article 1.", "Article 2."]
