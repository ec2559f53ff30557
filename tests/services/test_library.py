"""Articles are taken in once, as they are, and found again by id, title or path."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from annotui.domain.document import Newline
from annotui.errors import ConfigError, DocumentError, EncodingError
from annotui.services import library
from annotui.services.workspace import Workspace
from stored_files import TEXT, dump, query, take_in

OpenAs = Callable[..., Workspace]


def test_a_file_is_kept_with_where_it_came_from_and_what_its_bytes_were(
    open_as: OpenAs, tmp_path: Path
) -> None:
    data = b"\xef\xbb\xbfFirst line\r\n\r\nSecond \xc3\xa9 line\r\n"
    (tmp_path / "a.txt").write_bytes(data)
    workspace = open_as("amy")
    added = library.add_file(workspace, tmp_path / "a.txt")
    document = library.document(workspace, added.document_id)
    assert document.text == "First line\n\nSecond é line\n"
    assert document.document_id == hashlib.sha256(document.text.encode()).hexdigest()
    assert document.original_sha256 == hashlib.sha256(data).hexdigest()
    assert (document.newline, document.encoding) == (Newline.CRLF, "utf-8")
    assert (document.title, document.source) == ("First line", "a.txt")


def test_the_same_text_twice_adds_nothing(open_as: OpenAs, tmp_path: Path, database: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.txt").write_bytes(TEXT.replace("\n", "\r\n").encode("utf-8-sig"))
    first = library.add_file(open_as("amy"), tmp_path / "a.txt", title="  One \n title ")
    assert first.is_new
    assert first.title == "One title"
    before = dump(database)
    again = library.add_file(open_as("bob"), tmp_path / "b.txt", title="Another title")
    assert not again.is_new
    assert (again.document_id, again.title) == (first.document_id, "One title")
    assert dump(database) == before


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("\n \n  A title \nx", "A title"),
        ("x" * 100, "x" * 80),
        ("\ttab\t[bold]\x1b\n", "tab [bold]"),
        ("\x1b\n\x01", "untitled"),
        ("one line", "one line"),
    ],
)
def test_the_title_is_the_first_line_with_text(text: str, title: str, open_as: OpenAs) -> None:
    assert take_in(open_as("amy"), text).title == title


@pytest.mark.parametrize("content", [b"", b" \n\t \xe2\x80\xa8\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_article_is_refused(content: bytes, open_as: OpenAs, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    workspace = open_as("amy")
    with pytest.raises(DocumentError, match="is empty"):
        library.add_file(workspace, tmp_path / "a.txt")
    assert not workspace.path.exists()


def test_what_is_no_file_is_refused_before_there_is_a_database(
    open_as: OpenAs, tmp_path: Path
) -> None:
    workspace = open_as("amy")
    os.mkfifo(tmp_path / "pipe")
    for path, words in (
        (tmp_path / "none.txt", "There is no file"),
        (tmp_path, "is a folder"),
        (tmp_path / "pipe", "not a regular file"),
        (Path("/dev/null"), "not a regular file"),
        (tmp_path / "a\0b", "cannot be read"),
        (tmp_path / ("x" * 300), "cannot be read"),
    ):
        with pytest.raises(DocumentError, match=words):
            library.add_file(workspace, path)
    assert not workspace.path.exists()


def test_the_encoding_that_is_offered_for_undecodable_bytes_fits(
    open_as: OpenAs, tmp_path: Path
) -> None:
    path = tmp_path / "it's a café.txt"
    path.write_bytes("The café said “yes”.".encode("cp1252"))
    with pytest.raises(EncodingError, match="byte 0xe9 at 7") as caught:
        library.add_file(open_as("amy"), path)
    added = library.add_file(open_as("amy"), path, encoding=caught.value.fitting)
    assert library.document(open_as("amy"), added.document_id).text == "The café said “yes”."


@pytest.mark.parametrize("title", ["a\0b", "a\udcffb"])
def test_a_title_that_cannot_be_stored_is_refused(title: str, open_as: OpenAs) -> None:
    with pytest.raises(ConfigError):
        take_in(open_as("amy"), TEXT, title)


@pytest.fixture
def shelf(open_as: OpenAs, tmp_path: Path) -> Workspace:
    """Three articles from files in a folder beside the database."""
    (tmp_path / "news").mkdir()
    workspace = open_as("amy")
    for name, text in (("a.txt", "Tax plan denied"), ("b.txt", "Prices rose"), ("c c.txt", "Tax")):
        (tmp_path / "news" / name).write_text(text)
        library.add_file(workspace, tmp_path / "news" / name)
    return workspace


def text_of(workspace: Workspace, reference: str) -> str:
    return library.document(workspace, library.find(workspace, reference)).text


def test_a_document_is_found_by_prefix_title_and_path(
    shelf: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = hashlib.sha256(b"Prices rose").hexdigest()
    for reference in (whole, whole[:6], whole[:12].upper(), "Prices rose", "news/b.txt"):
        assert text_of(shelf, reference) == "Prices rose"
    assert text_of(shelf, str(tmp_path / "news" / "b.txt")) == "Prices rose"
    monkeypatch.chdir(tmp_path / "news")
    for reference in ("b.txt", "./b.txt", "../news/b.txt", "news/b.txt"):
        assert text_of(shelf, reference) == "Prices rose"
    assert text_of(shelf, "c c.txt") == "Tax"


def test_five_digits_of_an_id_are_too_few(shelf: Workspace) -> None:
    whole = hashlib.sha256(b"Prices rose").hexdigest()
    for few in (whole[:5], whole[:4].upper()):
        words = f"'{few}' is too short for an id; so begin {whole[:12]}\\. .* six or more digits"
        with pytest.raises(DocumentError, match=words):
            library.find(shelf, few)


def test_sources_go_from_the_folder_of_the_database(
    shelf: Workspace, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "d.txt"
    elsewhere.write_text("From elsewhere")
    library.add_file(shelf, elsewhere)
    sources = [summary.source for summary in library.summaries(shelf)]
    assert sources == ["news/a.txt", "news/b.txt", "news/c c.txt", str(elsewhere)]
    assert text_of(shelf, str(elsewhere)) == "From elsewhere"


def test_a_whole_project_may_be_moved(
    shelf: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.close()
    moved = tmp_path.rename(tmp_path.with_name(tmp_path.name + "-moved"))
    workspace = Workspace(moved / "annotations.db", "amy")
    monkeypatch.chdir("/")
    assert text_of(workspace, str(moved / "news" / "a.txt")) == "Tax plan denied"
    workspace.close()
    moved.rename(tmp_path)


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("Tax plan", "Near: 'Tax plan denied'"),
        ("prices ROSE", "Near: 'Prices rose'"),
        ("abcdef0", "There is no document"),
        ("zzz", "There is no document 'zzz'"),
        ("", "The name of a document is empty"),
        (" ", "The name of a document is empty"),
        ("b.txt", "Near: 'news/b.txt'"),
        ("old/B.TXT", "Near: 'news/b.txt'"),
        ("news/bb.txt", "Near: 'news/b.txt'"),
        ("new/c c.text", "Near: 'news/c c.txt'"),
        ("a\0b", "There is no document"),
        ("a\udcff", "There is no document"),
        ("x" * 5000, "There is no document"),
    ],
)
def test_what_is_not_there_is_refused_with_the_near_names(
    shelf: Workspace, reference: str, words: str
) -> None:
    with pytest.raises(DocumentError, match=words):
        library.find(shelf, reference)


def test_an_empty_name_is_not_the_article_from_standard_input(open_as: OpenAs) -> None:
    workspace = open_as("amy")
    take_in(workspace)
    assert library.summaries(workspace)[0].source == ""
    with pytest.raises(DocumentError):
        library.find(workspace, "")


def test_an_ambiguous_title_is_refused_with_the_ids(open_as: OpenAs) -> None:
    workspace = open_as("amy")
    ids = {take_in(workspace, text, "Same").document_id for text in ("one", "two")}
    with pytest.raises(DocumentError, match="means 2 documents") as caught:
        library.find(workspace, "Same")
    assert all(document_id[:12] in str(caught.value) for document_id in ids)


def test_documents_are_listed_as_they_were_added_with_their_counts(
    shelf: Workspace, database: Path
) -> None:
    assert [s.title for s in library.summaries(shelf)] == ["Tax plan denied", "Prices rose", "Tax"]
    assert library.document_ids(shelf) == [s.document_id for s in library.summaries(shelf)]
    assert query(database, "SELECT count(*) FROM document") == [(3,)]
    assert all(summary.annotations == {} for summary in library.summaries(shelf))


def test_the_seed_article_can_be_taken_in(open_as: OpenAs) -> None:
    workspace = open_as("amy")
    added = library.add_seed(workspace)
    assert library.document(workspace, added.document_id).source == library.SEED_NAME
