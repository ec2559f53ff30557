"""Small terminals, and terminals that change their size."""

from __future__ import annotations

from pathlib import Path

import pytest
from reader_desk import ARTICLE, Desk, build, mark, reader

from annotui.tui.widgets.too_small import TooSmall

LONG = "The river rose by two metres, the council said on Friday. Nobody was asked. " * 12
SIZES = ((120, 24), (60, 24), (99, 24), (100, 30), (80, 24))


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "annotations.db"
    build(path, [ARTICLE])
    return path


def shown_row(desk: Desk) -> int:
    """The row of the view on which the caret stands."""
    return int(desk.view._rows.row_of(desk.view.caret) - desk.view.scroll_offset.y)


async def test_a_small_screen_says_what_it_lacks_and_works(db: Path) -> None:
    async with reader(db, size=(50, 12)) as desk:
        assert "needs 60 × 16, has 50 × 12" in desk.said
        await desk.go_to("Nobody")
        await desk.press("c")
        assert desk.stored == [("claim", "Nobody was asked.")]
        await desk.pilot.resize_terminal(30, 6)
        await desk.idle()
        assert desk.said.endswith("needs 60 × 16 ")
        await desk.pilot.resize_terminal(60, 16)
        await desk.idle()
        assert "needs" not in desk.said
        assert "annotations.db" in desk.said


@pytest.mark.parametrize("size", [(1, 1), (5, 3), (29, 24), (80, 5)])
async def test_a_screen_that_is_too_small_only_says_so(db: Path, size: tuple[int, int]) -> None:
    async with reader(db, size=size) as desk:
        words = f"annotui needs 60 × 16; this is {size[0]} × {size[1]}. q quits."
        assert str(desk.screen.query_one(TooSmall).render()) == words
        assert desk.screen.query_one(TooSmall).size == size
        await desk.press("c", "v", "w", "d", "escape", "u", "?", "X", "/")
        assert desk.stored == []
        assert len(desk.app.screen_stack) == 2
        await desk.pilot.resize_terminal(80, 24)
        await desk.idle()
        assert desk.view.size.height == 21
        await desk.go_to("Nobody")
        await desk.press("c")
        assert desk.stored == [("claim", "Nobody was asked.")]


async def test_a_screen_that_is_too_small_is_left_with_q(db: Path) -> None:
    async with reader(db, size=(20, 5)) as desk:
        desk.app.simulate_key("q")
        await desk.pilot.pause()
        assert not desk.app.is_running or desk.app._exit


@pytest.mark.parametrize(
    "keys", [(), ("v", "w", "w"), ("f",), ("/", "N", "o"), ("]",), ("v", "w", "&", "w")]
)
async def test_the_row_of_the_caret_stays_in_place_at_any_width(
    tmp_path: Path, keys: tuple[str, ...]
) -> None:
    path = tmp_path / "annotations.db"
    build(path, ["\n\n".join([f"{LONG}Paragraph {number}." for number in range(30)])])
    mark(path, "Paragraph 9")
    async with reader(path) as desk:
        await desk.go_to("Paragraph 8")
        await desk.press("ctrl+l", "k", "k", "k", *keys)
        caret, selected = desk.view.caret, desk.selected
        row = shown_row(desk)
        assert 0 < row < desk.view.size.height - 1
        for size in SIZES:
            await desk.pilot.resize_terminal(*size)
            await desk.idle()
            assert desk.screen.side_shows is (size[0] >= 100)
            assert (desk.view.caret, desk.selected) == (caret, selected)
            assert shown_row(desk) == row


async def test_the_row_of_the_caret_stays_in_view_after_a_screen_that_was_too_small(
    tmp_path: Path,
) -> None:
    path = tmp_path / "annotations.db"
    build(path, ["\n\n".join([LONG] * 30)])
    async with reader(path) as desk:
        await desk.press("}", "}", "}", "}", "}", "ctrl+l")
        row = shown_row(desk)
        for size in ((10, 4), (1, 1), (80, 24)):
            await desk.pilot.resize_terminal(*size)
            await desk.idle()
        assert shown_row(desk) == row
