"""The tutorial: every step can be done with the keys that it names, on a file of its own."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from reader_desk import Desk, eventually, marks, problems, rows

from annotui.domain.label_scheme import default_scheme
from annotui.services.config import Config, KeySetting
from annotui.services.tutorial import practice_file
from annotui.tui.actions import ACTIONS, label_actions
from annotui.tui.app import ReaderApp
from annotui.tui.lessons import LESSONS, with_keys
from annotui.tui.screens.dialogs import NoteScreen
from annotui.tui.screens.tutorial import TutorialScreen
from annotui.tui.widgets.coach import Coach


@asynccontextmanager
async def tutorial(
    folder: Path, size: tuple[int, int] = (80, 24), config: Config | None = None
) -> AsyncIterator[Desk]:
    app = ReaderApp(practice_file(folder, "ann"), "ann", config=config, reader=TutorialScreen)
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            desk = Desk(app, pilot)
            await eventually(
                lambda: len(app.screen_stack) > 1 and desk.screen.session is not None, "the article"
            )
            await desk.idle()
            yield desk
    finally:
        app.scribe.drain()


def step(desk: Desk) -> int:
    """The number of the step that is shown, from 1."""
    found = re.match(r"Tutorial (\d+) of", str(desk.screen.coach.border_title))
    assert found is not None
    return int(found[1])


def test_every_key_that_a_step_names_is_there() -> None:
    actions = (*label_actions(default_scheme()), *ACTIONS)
    for lesson in LESSONS:
        shown = with_keys(lesson.task, actions) + with_keys(lesson.learnt, actions)
        assert not re.search("{[a-z]", shown)
        assert "(no key)" not in shown


async def test_the_tutorial_can_be_done_to_its_end(tmp_path: Path) -> None:
    async with tutorial(tmp_path) as desk:
        path = desk.path
        assert step(desk) == 1
        await desk.press("j")
        assert step(desk) == 1
        await desk.press("w")
        assert step(desk) == 2
        await desk.press("}", "}")
        assert step(desk) == 3
        await desk.press("c")
        assert step(desk) == 4
        assert len(desk.stored) == 1
        await desk.press("u")
        assert step(desk) == 5
        assert desk.stored == []
        await desk.press("v", ")", "c")
        assert step(desk) == 5
        await desk.press("u", ",", "v", ".", ".", ".", "c")
        assert step(desk) == 6
        await desk.press(".", "+", "+", "+", "a")
        assert step(desk) == 6
        await desk.press("u", "escape")
        await desk.go_to("he added")
        await desk.press("+", "+", "a")
        assert step(desk) == 7
        await desk.press("f", "l", "l")
        assert step(desk) == 8
        await desk.press("/")
        await desk.type("40 people")
        assert step(desk) == 8
        await desk.press("enter")
        assert step(desk) == 9
        await desk.press("+", "s")
        assert step(desk) == 9
        await desk.press("u", "escape", "v", "e", "e", "s")
        assert step(desk) == 10
        await desk.press("[")
        assert step(desk) == 11
        await desk.press("c" if desk.focused and desk.focused[0] == "denial" else "d")
        assert step(desk) == 12
        await desk.press(">")
        assert step(desk) == 13
        await desk.press("i")
        await desk.shows(NoteScreen)
        await desk.type("why not")
        await desk.press("enter")
        await eventually(lambda: step(desk) == 14, "the next step")
        await desk.press("x")
        assert step(desk) == 14
        await desk.press("u")
        assert step(desk) == 15
        await desk.press("v", "w", "&", "w", "v", "w", "c")
        assert step(desk) == 16
        await desk.press("D")
        assert step(desk) == len(LESSONS)
        assert "q leaves" in desk.screen.coach.said
        assert rows(path, "SELECT count(*) FROM annotations WHERE fragments <> ''") == [(1,)]
    assert {annotator for _, _, annotator in marks(path)} == {"ann"}
    assert problems(path) == ()


async def test_a_step_can_be_skipped_and_the_tutorial_begun_again(tmp_path: Path) -> None:
    async with tutorial(tmp_path, (60, 16)) as desk:
        for number in range(2, len(LESSONS) + 1):
            await desk.press("ctrl+n")
            assert step(desk) == number
        await desk.press("ctrl+n")
        assert step(desk) == len(LESSONS)
        desk.screen.action_tutorial()
        assert step(desk) == 1


async def test_the_coach_names_the_keys_that_were_set(tmp_path: Path) -> None:
    config = Config(keys=(KeySetting("down", ("z",), "here"),))
    async with tutorial(tmp_path, config=config) as desk:
        assert "down a row with z" in desk.screen.coach.said


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (200, 60)])
async def test_every_task_is_seen_whole(tmp_path: Path, size: tuple[int, int]) -> None:
    async with tutorial(tmp_path, size) as desk:
        for _ in LESSONS:
            coach = desk.screen.coach

            def is_whole(coach: Coach = coach) -> bool:
                width = coach.content_size.width
                needed = coach.get_content_height(coach.size, coach.app.size, width)
                return needed <= coach.content_size.height

            await eventually(is_whole, coach.said)
            await desk.press("ctrl+n")
