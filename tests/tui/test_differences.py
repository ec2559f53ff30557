"""Where annotators differ, shown in the reader."""

from __future__ import annotations

from pathlib import Path

from reader_desk import ARTICLE, build, mark, reader

from annotui.services import comparison, curation, library
from annotui.services.workspace import Workspace
from annotui.tui.screens.dialogs import ChoiceScreen


async def test_g_d_lists_the_differences_and_goes_to_one(database: Path) -> None:
    build(database)
    mark(database, "Mayor denies", annotator="ann")
    mark(database, "Mayor denies", annotator="bob")
    mark(database, "40 people left the town", "statistic", annotator="ann")
    mark(database, "40 people", "statistic", annotator="bob")
    mark(database, "Prices rose", annotator="bob")
    before = database.read_bytes()
    async with reader(database) as desk:
        await desk.press("O", "g", "d")
        dialog = await desk.shows(ChoiceScreen)
        assert [kind for kind, _ in dialog._lines] == ["boundary", "missing"]
        assert "not by ann" in dialog._lines[1][1]
        await desk.press("j", "enter")
        assert desk.focused == ("claim", "Prices rose")
        assert len(desk.painted) == 5
        assert desk.said.startswith(" Missing: claim “Prices rose” · not by ann")
        await desk.go_to("Nobody")
        await desk.press("g", "d", "enter")
        assert desk.view.caret == ARTICLE.index("40 people")
    assert database.read_bytes() == before


async def test_an_agreed_set_is_no_annotator_who_differs(database: Path) -> None:
    build(database)
    for who in ("ann", "bob"):
        mark(database, "Mayor denies", annotator=who)
    mark(database, "40 people", annotator="bob")
    workspace = Workspace(database, "ann")
    curation.take_in(workspace, curation.Wanted())
    names = comparison.compare(workspace, library.document_ids(workspace)[0]).annotators
    assert names == ("ann", "bob")
    workspace.close()
    async with reader(database) as desk:
        await desk.press("g", "d")
        dialog = await desk.shows(ChoiceScreen)
        assert "ann, bob" in dialog._heading
        assert "gold" not in dialog._heading


async def test_g_d_says_why_there_is_nothing_to_compare(database: Path) -> None:
    build(database)
    async with reader(database) as desk:
        await desk.press("g", "d")
        assert "Nobody has marks" in desk.said
        mark(database, "Prices", annotator="bob")
        await desk.sees_marks(1)
        await desk.press("g", "d")
        assert "Only bob has marks" in desk.said
        mark(database, "Prices", annotator="ann")
        await desk.sees_marks(2)
        await desk.press("g", "d")
        assert "ann, bob mark the same here (1)" in desk.said
