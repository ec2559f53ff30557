"""The side list can be narrowed, and the inspector tells what was done to a mark."""

from __future__ import annotations

from pathlib import Path

import pytest
from reader_desk import ARTICLE, Desk, build, eventually, mark, reader
from textual import events

from annotui.tui.screens.dialogs import ChoiceScreen


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    path = tmp_path / "annotations.db"
    build(path, [ARTICLE])
    mark(path, "that 40 people left the town in May")
    mark(path, "40 people", "statistic", note="By whom?")
    mark(path, "she said", "attribution")
    mark(path, "Prices rose", "claim", annotator="Bob")
    return path


async def listed(desk: Desk, *quotes: str) -> None:
    await eventually(
        lambda: tuple(one.quote for one in desk.screen.listed) == quotes, f"a list of {quotes}"
    )


async def test_the_list_is_narrowed_by_words_labels_and_annotators(marked: Path) -> None:
    async with reader(marked, size=(120, 30)) as desk:
        await desk.press("enter", "/", *"people")
        await listed(desk, "that 40 people left the town in May", "40 people")
        assert "2 of 4" in desk.screen.side.filter_bar.text
        await desk.press("tab")
        await listed(desk, "that 40 people left the town in May")
        assert desk.screen.filter_typed == "#claim people"
        await desk.press("tab", "tab")
        await listed(desk, "40 people")
        await desk.press("ctrl+u", *"@bo")
        await listed(desk, "Prices rose")
        assert desk.focused == ("claim", "Prices rose")
        await desk.press("ctrl+u", *"whom")
        await listed(desk, "40 people")
        await desk.press("enter")
        assert desk.screen.in_list
        assert "whom" in desk.screen.side.filter_bar.text
        await desk.press("escape")
        assert desk.screen.in_list
        assert len(desk.screen.listed) == 4
        assert not desk.screen.side.has_class("narrowed")
        await desk.press("escape")
        assert not desk.screen.in_list


async def test_a_narrowed_list_is_walked_and_follows_what_is_done(marked: Path) -> None:
    async with reader(marked, size=(120, 30)) as desk:
        await desk.press("enter", "/", *"#claim")
        await listed(desk, "that 40 people left the town in May", "Prices rose")
        await desk.press("enter", "k", "k")
        assert desk.focused == ("claim", "that 40 people left the town in May")
        await desk.press("j")
        assert desk.focused == ("claim", "Prices rose")
        await desk.press("j")
        assert "last one" in desk.said
        await desk.press("k", "s")
        await listed(desk, "Prices rose")
        assert ("statistic", "that 40 people left the town in May") in desk.stored


async def test_a_filter_that_lets_nothing_through_says_so(marked: Path) -> None:
    async with reader(marked, size=(120, 30)) as desk:
        await desk.press("enter", "/", *"zzz")
        await listed(desk)
        await desk.press("enter", "j")
        assert "Nothing is listed" in desk.said
        await desk.press("/", "escape", "j")
        assert len(desk.screen.listed) == 4
        desk.screen.on_paste(events.Paste("x"))
        assert desk.screen.filter_typed == ""


async def test_a_pasted_filter_is_one_line(marked: Path) -> None:
    async with reader(marked, size=(120, 30)) as desk:
        await desk.press("enter", "/")
        desk.screen.on_paste(events.Paste("left\nthe"))
        await listed(desk, "that 40 people left the town in May")


async def test_the_inspector_tells_the_history_of_a_mark(marked: Path) -> None:
    async with reader(marked, size=(120, 40)) as desk:
        await desk.go_to("she said")
        await desk.press("]", "d")
        await eventually(lambda: "relabelled it" in str(desk.screen.inspector.render()), "history")
        shown = str(desk.screen.inspector.render())
        assert shown.index("attribution → denial") < shown.index("ann marked it")


async def test_the_picker_narrows(marked: Path) -> None:
    async with reader(marked) as desk:
        await desk.go_to("Nobody was")
        await desk.press("L")
        await desk.shows(ChoiceScreen)
        await desk.press("/", *"stat", "enter")
        assert ("statistic", "Nobody was asked.") in desk.stored
        await desk.press("L")
        await desk.shows(ChoiceScreen)
        await desk.press("/", *"zzz", "enter", "escape", "d")
        assert ("denial", "Nobody was asked.") in desk.stored


async def test_tags_and_a_search_move_an_edge_too(marked: Path) -> None:
    async with reader(marked) as desk:
        await desk.go_to("she said")
        await desk.press("]", "m")
        assert desk.selected == "she said"
        await desk.press("/", *"rose", "enter")
        assert "MOVES" in desk.said
        assert desk.selected.endswith("Prices rose")
        await desk.press("/", *"nobody", "escape")
        assert desk.selected.endswith("Prices rose")
        await desk.press("f", "escape")
        assert "MOVES" in desk.said
        await desk.press("enter")
        assert desk.focused == ("attribution", "she said.\n\nPrices rose")


async def test_a_click_says_that_the_edge_is_as_it_was(marked: Path) -> None:
    async with reader(marked) as desk:
        await desk.go_to("she said")
        await desk.press("]", "m", "w")
        await desk.pilot.click(desk.view, offset=(10, 2))
        await desk.idle()
        assert "as it was" in desk.said
        assert ("attribution", "she said") in desk.stored


async def test_what_goes_to_marks_says_that_others_are_hidden(marked: Path) -> None:
    async with reader(marked, annotator="Cy") as desk:
        await desk.press("O")
        for key in ("]", "enter", "'"):
            await desk.press(key)
            assert "hidden; O shows them" in desk.said
