"""The figures of agreement, from each to the marks behind it, and on to their place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from reader_desk import ARTICLE, OTHER_ARTICLE, Desk, build, eventually, mark, reader, rows

from annotui.services.config import Config
from annotui.tui.screens.agreement import AgreementScreen
from annotui.tui.screens.agreement_marks import MarksBehindScreen
from annotui.tui.screens.dialogs import ChoiceScreen


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """Two articles; ann and bob agree on one mark of five, and cy has marked the second."""
    path = tmp_path / "annotations.db"
    build(path, (ARTICLE, OTHER_ARTICLE))
    for quote, label, annotator in (
        ("The mayor said that", "attribution", "ann"),
        ("The mayor said that", "attribution", "bob"),
        ("40 people", "statistic", "ann"),
        (" 40 people left", "statistic", "bob"),
        ("Nobody was asked.", "denial", "ann"),
        ("river rose", "claim", "ann"),
        ("river rose ", "claim", "bob"),
    ):
        mark(path, quote, label, annotator)
    return path


def grid_of(screen: Any) -> list[tuple[str, ...]]:
    """The cells that the screen shows, without spaces around."""
    cells = [screen.grid._cells(rank) for rank in range(screen.grid.count)]
    return [tuple(text for text, _ in row) for row in cells]


async def figures(desk: Desk) -> AgreementScreen:
    await desk.press("g", "a")
    screen: AgreementScreen = await desk.shows(AgreementScreen)
    await eventually(lambda: screen.grid.count, "the figures")
    return screen


async def marks(desk: Desk) -> MarksBehindScreen:
    screen: MarksBehindScreen = await desk.shows(MarksBehindScreen)
    await eventually(lambda: screen._is_there, "the marks")
    return screen


async def test_every_scope_has_its_figures_and_the_rule_is_said(two: Path) -> None:
    async with reader(two, size=(120, 40)) as desk:
        screen = await figures(desk)
        table = grid_of(screen)
        assert [row[0] for row in table] == ["overall", *["label"] * 4, "article", "article"]
        assert table[0][2:4] == ("4 / 3", "0.571")
        assert "white space at edges ignored" in screen.headline.text
        assert "2 articles" in screen.headline.text
        assert "precision 0.667, recall 0.500 (ann is the reference)" in screen.status.text
        await desk.press("w")
        await eventually(lambda: "counted" in screen.headline.text)
        assert grid_of(screen)[0][3] == "0.286"


async def test_enter_opens_the_marks_behind_and_goes_to_their_place(two: Path) -> None:
    async with reader(two, size=(120, 40)) as desk:
        await figures(desk)
        await desk.press("enter")
        screen = await marks(desk)
        assert "4 of 7 agreed on" in screen.headline.text
        found = [(row[2], row[3], row[5]) for row in grid_of(screen)]
        assert found == [
            ("bob", "statistic", "ann: boundary"),
            ("ann", "statistic", "bob: boundary"),
            ("ann", "denial", "bob: missing"),
        ]
        assert "ann: statistic “40 people”" in screen.status.text
        await desk.press("j", "j", "enter")
        assert desk.app.screen is desk.screen
        assert desk.focused == ("denial", "Nobody was asked.")


async def test_the_list_goes_on_where_it_was_left(two: Path) -> None:
    async with reader(two, size=(120, 40)) as desk:
        await figures(desk)
        await desk.press("j", "j", "l", "enter")
        first = await marks(desk)
        assert "label ignored of claim" in first.headline.text
        await desk.press("a", "j", "enter")
        assert desk.text == OTHER_ARTICLE
        assert desk.screen.focused_mark is not None
        assert desk.screen.focused_mark.annotator == "bob"
        await desk.press("g", "a")
        again = await marks(desk)
        assert again is not first
        assert again.grid.rank == 1
        await desk.press("escape", "escape")
        assert desk.app.screen is desk.screen
        screen = await figures(desk)
        assert (screen.grid.rank, screen.grid.column) == (2, 4)


async def test_what_is_undefined_is_said_in_words(two: Path) -> None:
    mark(two, "The mayor", "claim", "cy")
    async with reader(two, size=(120, 40)) as desk:
        screen = await figures(desk)
        await desk.press("l", "l", "l", "l", "l")
        assert grid_of(screen)[0][8] == "undefined"
        assert "is undefined: it is for two annotators" in screen.status.text
        await desk.press("a")
        await desk.shows(ChoiceScreen)
        await desk.press("j", "enter")
        await eventually(lambda: "Cohen's kappa: 0." in screen.status.text, "kappa of two")
        assert "cy" not in screen.headline.text


async def test_articles_are_sorted_by_the_lowest_figure(two: Path) -> None:
    async with reader(two, size=(120, 40)) as desk:
        screen = await figures(desk)
        names = [row[1] for row in grid_of(screen)[-2:]]
        assert names == ["Mayor denies secret plan", "A second article"]
        for quote in ("two metres", "by two", "the council", "council", "river"):
            mark(two, quote, "statistic", "bob")
        await desk.press("w", "w", "s")
        await eventually(lambda: [row[1] for row in grid_of(screen)[-2:]] == names[::-1])
        await desk.press("}")
        assert grid_of(screen)[screen.grid.rank][0] == "label"


async def test_others_marks_that_were_hidden_are_shown_to_go_there(two: Path) -> None:
    async with reader(two, size=(120, 40)) as desk:
        await desk.press("O")
        await figures(desk)
        await desk.press("enter")
        await marks(desk)
        await desk.press("enter")
        assert desk.focused == ("statistic", " 40 people left")


async def test_one_annotator_alone_is_told_so(db: Path) -> None:
    mark(db, "40 people")
    async with reader(db) as desk:
        await desk.press("g", "a")
        await eventually(lambda: "Agreement needs two annotators" in desk.said)
        assert desk.app.screen is desk.screen


async def test_blind_mode_compares_only_what_is_done(two: Path) -> None:
    async with reader(two, size=(120, 40), config=Config(is_blind=True)) as desk:
        await desk.press("g", "a")
        await eventually(lambda: "Blind: others' marks are hidden" in desk.said)
        await desk.press("D")
        screen = await figures(desk)
        assert [row[1] for row in grid_of(screen) if row[0] == "article"] == [
            "Mayor denies secret plan"
        ]


@pytest.mark.parametrize("size", [(80, 24), (60, 16), (30, 6)])
async def test_every_size_shows_the_cell_at_the_cursor(two: Path, size: tuple[int, int]) -> None:
    before = rows(two, "SELECT count(*) FROM change")
    async with reader(two, size=size) as desk:
        screen = await figures(desk)
        for key in ("l", "l", "l", "l", "l", "l", "G", "h", "h", "k", "{", "pagedown"):
            await desk.press(key)
            places = [at for at, _, _ in screen.grid._places()]
            assert screen.grid.column in places
            assert screen.grid.top <= screen.grid.rank
        await desk.press("enter")
        await marks(desk)
    assert rows(two, "SELECT count(*) FROM change") == before


async def test_the_smallest_terminal_does_not_break_it(two: Path) -> None:
    async with reader(two) as desk:
        await figures(desk)
        for opens in (False, True):
            if opens:
                await desk.press("enter")
                await marks(desk)
            for size in ((8, 3), (1, 1), (200, 2), (80, 24)):
                await desk.pilot.resize_terminal(*size)
                await desk.press("G", "l", "g")
        assert "agreed on" in desk.app.screen.headline.text  # type: ignore[attr-defined]
