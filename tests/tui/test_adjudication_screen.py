"""Conflicts decided by their keys, with every decision in the database at once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from adjudication_desk import GOLD, adjudicating
from reader_desk import ARTICLE, OTHER_ARTICLE, build, eventually, mark, problems, reader, rows

from annotui.services import library
from annotui.services.session import Session
from annotui.services.workspace import Workspace
from annotui.tui.screens.adjudication import AdjudicationScreen
from annotui.tui.screens.dialogs import ChoiceScreen
from annotui.tui.widgets.versions import Version, versions_line

CHOICES = "SELECT choice, adjudicator FROM adjudication WHERE removed = 0 ORDER BY id"


def two_at_work(path: Path) -> None:
    """Two annotators who agree once and differ in each way, over two articles."""
    build(path, (ARTICLE, OTHER_ARTICLE))
    for who in ("ann", "bob"):
        mark(path, "Mayor denies", "denial", who)
    mark(path, "40 people left the town", "statistic", "ann")
    mark(path, "40 people", "statistic", "bob")
    mark(path, "Prices rose by 3 per cent", "claim", "ann")
    mark(path, "Prices rose by 3 per cent", "statistic", "bob")
    mark(path, "The river rose", "claim", "ann")
    mark(path, "The river rose by two metres", "statistic", "bob")
    mark(path, "the council said", "attribution", "bob")


async def test_conflicts_go_by_one_key_each_to_the_end(database: Path) -> None:
    two_at_work(database)
    async with adjudicating(database) as desk:
        assert desk.gold == [("denial", "Mayor denies")]
        assert "gold · 0 decided · 4 left" in desk.headline
        assert "Conflict 1 of 4 · boundary" in desk.versions
        assert sorted(quote for _, quote in desk.painted) == [
            "40 people",
            "40 people left the town",
        ]
        await desk.press("2")
        assert "gold · 1 decided · 3 left" in desk.headline
        await desk.press("s")
        assert desk.text == OTHER_ARTICLE
        await desk.press("3", "c")
        await desk.press("x")
        await desk.shows(ChoiceScreen)
        assert "4 decided · 0 left" in desk.headline
        desk.app.simulate_key("q")
    assert sorted(desk.gold) == [
        ("claim", "The river rose by two metres"),
        ("denial", "Mayor denies"),
        ("statistic", "40 people"),
        ("statistic", "Prices rose by 3 per cent"),
    ]
    assert rows(database, CHOICES) == [
        ("agreed", "judge"), ("annotator", "judge"), ("annotator", "judge"), ("union", "judge"),
        ("neither", "judge"),
    ]  # fmt: skip
    assert problems(database) == ()


async def test_a_label_first_and_then_where(database: Path) -> None:
    two_at_work(database)
    async with adjudicating(database) as desk:
        await desk.press("a")
        assert "attribution, and where? 1 2 whose" in desk.said
        await desk.press("escape")
        assert "Not decided yet." in desk.said
        await desk.press("a", "4")
        assert ("attribution", "40 people") in desk.gold
        await desk.press("]", "4")
        assert "And which label?" in desk.said
        await desk.press("escape", "1")
        assert ("claim", "The river rose") in desk.gold


async def test_marking_anew_by_selecting(database: Path) -> None:
    two_at_work(database)
    async with adjudicating(database) as desk:
        await desk.press("v", "w", "w", "w", "s")
        assert ("statistic", "40 people left") in desk.gold
        assert rows(database, CHOICES)[-1] == ("anew", "judge")
        assert "Conflict 1 of 3 · label" in desk.versions


async def test_undo_brings_the_conflict_back_wherever_it_was(database: Path) -> None:
    two_at_work(database)
    async with adjudicating(database) as desk:
        await desk.press("1", "1", "1", "2")
        await desk.shows(ChoiceScreen)
        await desk.press("u")
        assert "3 decided · 1 left" in desk.headline
        assert "the council said" in desk.versions
        await desk.press("u", "u")
        assert desk.text == ARTICLE
        assert "Prices rose" in desk.versions
        assert desk.said.startswith(" Taken back: one annotator's")
        assert "Conflict 1 of 3" in desk.versions
    assert problems(database) == ()


async def test_looking_ahead_and_back_records_nothing(database: Path) -> None:
    two_at_work(database)
    async with adjudicating(database) as desk:
        before = database.read_bytes()
        await desk.press("]", "]", "]", "]")
        assert desk.text == OTHER_ARTICLE
        assert "last open conflict" in desk.said
        await desk.press("[", "[", "[", "[")
        assert "first one" in desk.said
        await desk.press("t", "t", "j", "w", "?", "escape", "g", "?", "escape", "5")
        assert "no annotator 5" in desk.said
        assert database.read_bytes() == before


async def test_quitting_and_going_on(database: Path) -> None:
    two_at_work(database)
    async with adjudicating(database) as desk:
        await desk.press("1")
        desk.app.simulate_key("q")
    async with adjudicating(database) as desk:
        assert "1 decided · 3 left" in desk.headline
        assert "Prices rose" in desk.versions


async def test_a_third_annotator_has_the_key_five(database: Path) -> None:
    two_at_work(database)
    mark(database, "40 people left", "claim", "cy")
    mark(database, "Mayor denies", "denial", "cy")
    async with adjudicating(database) as desk:
        for line in ("1 ann", "2 bob", "3 union", "4 intersection", "5 cy"):
            assert line in desk.versions
        await desk.press("3")
        assert "And which label?" in desk.said
        await desk.press("escape")
        await desk.press("5")
        assert ("claim", "40 people left") in desk.gold


async def test_new_work_is_asked_about_with_what_was_decided_before(database: Path) -> None:
    two_at_work(database)
    async with adjudicating(database) as desk:
        await desk.press("1")
    mark(database, "people left the town in May", "statistic", "cy")
    async with adjudicating(database) as desk:
        assert "Conflict 1 of 4 · missing, boundary" in desk.versions or (
            "Conflict 1 of 4 · boundary" in desk.versions
        )
        assert "decided before" in desk.versions
        await desk.press("y")
        assert ("statistic", "40 people left the town") in desk.gold
        await desk.press("y")
        assert "Nothing was decided on this before" in desk.said


async def test_what_an_annotator_does_meanwhile_is_seen(database: Path) -> None:
    two_at_work(database)
    async with adjudicating(database) as desk:
        workspace = Workspace(database, "ann")
        document = library.document(workspace, library.document_ids(workspace)[0])
        session = Session(workspace, document)
        (theirs,) = [
            one for one in session.annotations()
            if one.annotator == "ann" and one.quote.startswith("Prices")
        ]  # fmt: skip
        await desk.press("]")
        session.relabel(theirs, "denial")
        workspace.close()
        await desk.press("1")
        assert "in the meantime" in " ".join(desk.notified) or "conflicts now" in desk.said
        await desk.idle()
        await eventually(lambda: "denial" in desk.versions, "the conflict as it is now")
        await desk.idle()
        assert "0 decided · 4 left" in desk.headline
        assert desk.gold == [("denial", "Mayor denies")]
        await desk.press("1")
        assert ("denial", "Prices rose by 3 per cent") in desk.gold


async def test_a_small_screen_has_article_and_versions(database: Path) -> None:
    two_at_work(database)
    mark(database, "40 people left", "claim", "cy")
    mark(database, "Mayor denies", "denial", "cy")
    async with adjudicating(database, size=(80, 24)) as desk:
        assert desk.view.size.height >= 12
        assert "40 people" in desk.versions


async def test_a_decision_that_waits_for_a_lock_is_stored_and_goes_on(database: Path) -> None:
    two_at_work(database)
    async with adjudicating(database) as desk:
        with closing(sqlite3.connect(database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            desk.app.simulate_key("1")
            await eventually(lambda: desk.screen.is_saving, "the change to wait")
            assert "Conflict 1 of 4" in desk.versions
            other.execute("ROLLBACK")
        await eventually(lambda: "Conflict 1 of 3 · label" in desk.versions, "the next conflict")
        await desk.idle()
        assert "1 decided · 3 left" in desk.headline
        await desk.press("2", "1", "x")
        await desk.shows(ChoiceScreen)
    assert rows(database, "SELECT count(*) FROM adjudication") == [(5,)]


@pytest.mark.parametrize("size", [(1, 1), (12, 3), (59, 15), (60, 16), (200, 60)])
async def test_no_size_breaks_it(database: Path, size: tuple[int, int]) -> None:
    two_at_work(database)
    async with adjudicating(database, size=size) as desk:
        await desk.press("]", "t", "v", "w", "escape", "[")
    assert rows(database, "SELECT count(*) FROM adjudication") == [(1,)]


@pytest.mark.parametrize("room", [40, 41, 58, 80])
def test_a_line_of_a_conflict_fits(room: int) -> None:
    words = "非常に long words, " * 9
    for line in (
        Version("1", "a very long name of somebody", "!", "claim", words, "a note " * 20, "red"),
        Version("3", "union", words=words),
        Version("2", "bob"),
    ):
        drawn = versions_line(line, room, 14, 14)
        assert drawn.cell_len <= room
        assert "\n" not in drawn.plain


async def test_the_reader_opens_an_adjudication_and_shows_the_set_afterwards(
    database: Path,
) -> None:
    two_at_work(database)
    async with reader(database, "ann", size=(120, 40)) as desk:
        before = len(desk.painted)
        await desk.screen.action_adjudicate()
        screen = await desk.shows(AdjudicationScreen)
        await desk.press("1")
        await eventually(lambda: "3 left" in screen.headline.text, "the decision")
        await desk.press("q")
        await eventually(lambda: desk.app.screen is desk.screen, "the reader")
        await eventually(lambda: len(desk.painted) == before + 2, "the marks of the set")
    assert rows(database, GOLD) == [
        ("denial", "Mayor denies"), ("statistic", "40 people left the town"),
    ]  # fmt: skip
