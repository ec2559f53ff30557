"""A screen that was closed is let go of, with all that it painted."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest
from reader_desk import ARTICLE, OTHER_ARTICLE, Desk, build, eventually, mark, reader
from textual._styles_cache import StylesCache
from textual.screen import Screen
from textual.widget import Widget

TIMES = 4
SCREENS = {
    "library": (["ctrl+o"], ["escape"]),
    "keys": (["?"], ["escape"]),
    "export": (["X"], ["escape"]),
    "labels": (["g", "?"], ["escape"]),
    "commands": (["ctrl+p"], ["escape"]),
    "picker": (["L"], ["escape"]),
    "note": (["g", "g", "]", "i"], ["escape"]),
    "agreement": (["g", "a"], ["escape"]),
    "review": (["r"], ["q"]),
}


async def open_and_close(desk: Desk, name: str) -> weakref.ref[Screen[object]]:
    """Show a screen until it has painted itself, leave it; the answer is what is left of it."""
    opens, closes = SCREENS[name]
    before = desk.app.screen
    await desk.press(*opens)
    await eventually(lambda: desk.app.screen is not before, name)
    await desk.app.workers.wait_for_complete()
    await desk.pilot._wait_for_screen()
    closed = weakref.ref(desk.app.screen)
    await desk.press(*closes)
    await eventually(lambda: desk.app.screen is before, f"the end of {name}")
    return closed


def paint_of_the_gone() -> int:
    """How many painted rows are kept of widgets that are there no more."""
    gc.collect()
    everything = gc.get_objects()
    living = {id(one._styles_cache) for one in everything if isinstance(one, Widget)}
    kept = (one for one in everything if type(one) is StylesCache and id(one) not in living)
    return sum(len(one._cache) for one in kept)


def living(closed: list[weakref.ref[Screen[object]]]) -> int:
    """How many of them are still in memory."""
    gc.collect()
    return sum(one() is not None for one in closed)


@pytest.mark.parametrize("name", SCREENS)
async def test_a_closed_screen_is_let_go_of(database: Path, name: str) -> None:
    build(database, [ARTICLE, OTHER_ARTICLE])
    for annotator in ("ann", "bob"):
        mark(database, "40 people", "statistic", annotator)
    async with reader(database, size=(100, 30)) as desk:
        await open_and_close(desk, name)
        before = paint_of_the_gone()
        closed = [await open_and_close(desk, name) for _ in range(TIMES)]
        await eventually(lambda: living(closed) <= 1, "the closed ones to go")
        assert paint_of_the_gone() - before < desk.app.size.height
