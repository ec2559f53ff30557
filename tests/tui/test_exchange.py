"""Marks go out and come in from the reader, in the format that is chosen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from reader_desk import ARTICLE, Desk, build, eventually, labelled, mark, reader

from annotui.services import interchange
from annotui.services.workspace import Workspace
from annotui.tui.screens.dialogs import ChoiceScreen


@pytest.fixture(autouse=True)
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def exported(db: Path, target: Path) -> None:
    workspace = Workspace(db, "ann")
    interchange.export_to(workspace, target)
    workspace.close()


async def choose_format(desk: Desk, name: str) -> None:
    """Ask for an export and choose its format; the question is there again."""
    await desk.press("X")
    dialog = await desk.shows(ChoiceScreen)
    await desk.press("f")
    await eventually(
        lambda: isinstance(desk.app.screen, ChoiceScreen) and desk.app.screen is not dialog,
        "the formats",
    )
    await desk.press("/", *name, "enter")
    await eventually(
        lambda: (
            isinstance(desk.app.screen, ChoiceScreen) and f"as {name}" in desk.app.screen._heading
        ),
        "the question again",
    )


async def test_x_and_f_export_in_another_format(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    build(path)
    mark(path, "40 people", "statistic", note="so\nmany")
    async with reader(path) as desk:
        await choose_format(desk, "jsonl-documents")
        await desk.press("j", "enter")
        await eventually((tmp_path / "annotations.jsonl").exists, "the export")
    (line,) = (tmp_path / "annotations.jsonl").read_text().splitlines()
    article = json.loads(line)
    (span,) = article["spans"]
    assert (article["text"], span["note"]) == (ARTICLE, "so\nmany")
    assert ARTICLE[span["start"] : span["end"]] == "40 people"


async def test_a_file_of_the_folder_is_imported_and_shown_and_undone(tmp_path: Path) -> None:
    other, path = tmp_path / "other.db", tmp_path / "a.db"
    build(other)
    mark(other, "40 people", "statistic")
    exported(other, tmp_path / "marks.csv")
    build(path)
    async with reader(path) as desk:
        await desk.press("ctrl+p", *"import", "enter")
        await desk.shows(ChoiceScreen)
        await desk.press("enter")
        await eventually(lambda: len(desk.screen.index) == 1, "the mark")
        assert labelled(path) == [("statistic", "40 people")]
        await eventually(lambda: "1 mark imported from marks.csv" in desk.said, "the word")
        await desk.press("u")
        await eventually(lambda: labelled(path) == [], "the undo")


async def test_a_file_that_disagrees_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    (document_id,) = build(path)
    (tmp_path / "bad.csv").write_text(
        f"document_id,label,start,end,quote\n{document_id},claim,0,5,Mayer\n"
    )
    async with reader(path) as desk:
        await desk.press("ctrl+p", *"import", "enter")
        await desk.shows(ChoiceScreen)
        await desk.press("enter")
        await eventually(lambda: "Nothing was imported from bad.csv" in desk.said, "the refusal")
    assert labelled(path) == []


async def test_a_folder_without_such_a_file_says_so(tmp_path: Path) -> None:
    build(tmp_path / "a.db")
    async with reader(tmp_path / "a.db") as desk:
        await desk.press("ctrl+p", *"import", "enter")
        await eventually(lambda: "There is no file ending in" in desk.said, "the word")


async def test_a_folder_of_brat_goes_out_and_comes_in(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    build(path)
    mark(path, "40 people", "statistic", note="so\nmany")
    async with reader(path) as desk:
        await choose_format(desk, "brat")
        await desk.press("j", "enter")
        await eventually((tmp_path / "annotations" / "annotation.conf").exists, "the export")
        await eventually(lambda: "1 mark written" in desk.said, "the word")
        await desk.press("u")
        await eventually(lambda: labelled(path) == [], "the undo")
        (tmp_path / "annotations" / "bad.ann").write_text("spoilt")
        await desk.press("g", "i")
        await desk.shows(ChoiceScreen)
        await desk.press("enter")
        await eventually(lambda: labelled(path) == [("statistic", "40 people")], "the mark")
        await eventually(lambda: "1 of 2 files refused" in desk.said, "the word")
