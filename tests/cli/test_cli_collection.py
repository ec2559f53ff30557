"""`annotui collection`, and what the list and the log know of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_program import Annotui

from stored_files import query

MEMBERS = """SELECT c.name, d.title FROM collection_document AS m
    JOIN collection AS c ON c.id = m.collection_id JOIN document AS d ON d.id = m.document_id
    WHERE m.removed = 0 AND c.removed = 0 ORDER BY c.name, d.title"""
DATABASE = Path("annotations.db")


@pytest.fixture
def three(annotui: Annotui) -> Annotui:
    for name in ("One", "Two", "Three"):
        Path(f"{name}.txt").write_text(f"{name}\n\nThe text of {name.lower()}.\n")
        assert annotui("add", f"{name}.txt").code == 0
    return annotui


def listed(annotui: Annotui, *arguments: str) -> list[str]:
    ran = annotui("list", "--format", "json", *arguments)
    return [one["title"] for one in json.loads(ran.out)]


def test_articles_go_in_and_out_and_undo_takes_it_back(three: Annotui) -> None:
    assert three("collection", "create", "Budget", "One").code == 0
    ran = three("collection", "add", "Budget", "Two", "One")
    assert "1 article put into 'Budget'" in ran.err
    assert query(DATABASE, MEMBERS) == [("Budget", "One"), ("Budget", "Two")]
    assert listed(three, "--collection", "Budget") == ["One", "Two"]
    assert three("collection", "remove", "Budget", "One").code == 0
    assert listed(three, "--collection", "Budget") == ["Two"]
    assert three("undo").code == 0
    assert listed(three, "--collection", "Budget") == ["One", "Two"]
    assert three("verify").code == 0
    facts = json.loads(three("info", "One", "--format", "json").out)
    assert facts["collections"] == ["Budget"]


def test_rename_delete_and_undo(three: Annotui) -> None:
    three("collection", "create", "Budget", "One")
    assert three("collection", "rename", "Budget", "Tax").code == 0
    found = json.loads(three("collection", "--format", "json").out)
    assert [(one["name"], one["documents"]) for one in found] == [("Tax", 1)]
    assert three("collection", "delete", "Tax").code == 0
    assert json.loads(three("collection", "list", "--format", "json").out) == []
    assert query(DATABASE, "SELECT count(*) FROM document WHERE removed = 0") == [(3,)]
    three("undo")
    three("undo")
    assert listed(three, "--collection", "Budget") == ["One"]


def test_a_search_chooses_what_goes_in(three: Annotui) -> None:
    three("collection", "create", "T")
    three("collection", "add", "T", "--search", "t* -one")
    assert listed(three, "--collection", "T") == ["Two", "Three"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("create", "Budget"), "There is a collection 'Budget'"),
        (("create", " "), "name is empty"),
        (("create", "a" * 101), "at most 100"),
        (("add", "Bugdet", "One"), "There is 'Budget'"),
        (("add", "Budget", "One"), "in 'Budget' already"),
        (("remove", "Budget", "Two"), "Nothing of that is in 'Budget'"),
        (("rename", "Budget", "Budget"), "There is a collection"),
        (("delete", "Other"), "There is no collection 'Other'"),
    ],
)
def test_what_cannot_be_done_is_said(
    three: Annotui, arguments: tuple[str, ...], words: str
) -> None:
    three("collection", "create", "Budget", "One")
    before = DATABASE.read_bytes()
    ran = three("collection", *arguments)
    assert ran.code == 1
    assert words in ran.err
    assert DATABASE.read_bytes() == before


def test_two_files_with_one_name_become_one_collection(three: Annotui) -> None:
    three("collection", "create", "Budget", "One")
    Path("Four.txt").write_text("Four\n\nThe text of four.\n")
    for command in (("add", "Four.txt"), ("collection", "create", "Budget", "Four")):
        assert three("--db", "other.db", "--annotator", "bob", *command).code == 0
    assert three("merge", "other.db").code == 0
    assert listed(three, "--collection", "Budget") == ["One", "Four"]
    found = json.loads(three("collection", "--format", "json").out)
    assert [(one["name"], one["documents"]) for one in found] == [("Budget", 2)]
    assert three("collection", "rename", "Budget", "Tax").code == 0
    assert listed(three, "--collection", "Tax") == ["One", "Four"]


def test_no_collection_yet_says_the_next_step(three: Annotui) -> None:
    ran = three("collection")
    assert (ran.code, ran.out) == (0, b"")
    assert "annotui collection create" in ran.err
    assert three("list", "--collection", "X").code == 1
