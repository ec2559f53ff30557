"""Searching the article and the notes."""

from __future__ import annotations

from pathlib import Path

import pytest
from reader_desk import Desk, build, eventually, mark, reader
from textual import events

TEXT = "Rain fell. The mayor denies rain.\n\n" + "Dry words. " * 400 + "Then rain\nfell again.\n"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "a.db"
    build(path, [TEXT])
    return path


async def counted(desk: Desk) -> None:
    search = desk.screen._search
    await eventually(lambda: search.is_counted, "the count")
    await desk.idle()


async def test_typing_goes_to_the_first_place_and_enter_stays(db: Path) -> None:
    async with reader(db) as desk:
        await desk.go_to("The mayor")
        await desk.press("/")
        await desk.type("rain")
        await counted(desk)
        assert desk.view.caret == desk.text.index("rain.")
        assert "2 of 3" in desk.said
        assert len(list(desk.view.overlays.lit(0, 40))) == 2
        await desk.press("enter", "n")
        assert desk.view.caret == desk.text.index("rain\n")
        await desk.press("n")
        assert "from the top" in desk.said
        assert desk.view.caret == 0
        await desk.press("N")
        assert "from the end" in desk.said
        await desk.press("N", "N")
        assert desk.view.caret == 0
        await desk.press("escape")
        assert desk.view.overlays.lit is None


async def test_esc_goes_back_to_caret_scroll_and_selection(db: Path) -> None:
    async with reader(db) as desk:
        await desk.go_to("mayor")
        await desk.press("v", "w")
        top = desk.view.scroll_offset.y
        await desk.press("/")
        await desk.type("again")
        assert desk.view.scroll_offset.y != top
        await desk.press("escape")
        assert desk.view.scroll_offset.y == top
        assert desk.selected == "mayor "
        assert desk.view.overlays.lit is None


async def test_a_space_finds_a_line_end_and_selecting_reaches_the_places_end(db: Path) -> None:
    async with reader(db) as desk:
        await desk.go_to("Then")
        await desk.press("v", "/")
        await desk.type("rain fell")
        await desk.press("enter")
        assert desk.selected == "Then rain\nfell"


async def test_what_is_nowhere_says_so_and_stays(db: Path) -> None:
    async with reader(db) as desk:
        await desk.go_to("mayor")
        await desk.press("/")
        await desk.type("snow")
        assert "nothing like that" in desk.said
        assert desk.view.caret == desk.text.index("mayor")
        await desk.press("enter", "n")
        assert "nowhere" in desk.said


async def test_words_are_edited_pasted_and_recalled(db: Path) -> None:
    async with reader(db) as desk:
        await desk.press("/")
        await desk.type("the mayyy")
        await desk.press("backspace", "backspace", "ctrl+w")
        desk.app.post_message(events.Paste("mayor"))
        await desk.idle()
        assert desk.view.caret == desk.text.index("The mayor")
        await desk.press("enter", "/", "up")
        assert "the mayor" in desk.said
        await desk.press("ctrl+u")
        assert "in the article" in desk.said
        await desk.press("enter")
        assert desk.view.caret == desk.text.index("The mayor")


async def test_notes_are_searched_when_asked(db: Path) -> None:
    mark(db, "Rain fell", note="Ask the weather office")
    mark(db, "again", "denial", note="office says no")
    async with reader(db) as desk:
        await desk.press("/", "tab")
        await desk.type("office")
        assert "2 notes" in desk.said
        assert desk.focused == ("claim", "Rain fell")
        await desk.press("enter", "n")
        assert desk.focused == ("denial", "again")


async def test_a_star_selects_the_next_place_ready_for_a_label(db: Path) -> None:
    async with reader(db) as desk:
        await desk.go_to("words")
        await desk.press("*")
        assert desk.selected == "words"
        await desk.press("s", "n", ";", "n", ";")
        assert desk.stored == [("statistic", "words")] * 3


async def test_a_star_says_which_place_it_is_once_all_are_counted(db: Path) -> None:
    async with reader(db) as desk:
        await desk.go_to("words")
        await desk.press("*")
        await eventually(lambda: " of 400" in desk.said, "the count")
        await desk.go_to("mayor")
        await desk.press("*")
        assert "stands only here" in desk.said


async def test_enter_on_what_is_nowhere_says_so(db: Path) -> None:
    async with reader(db) as desk:
        await desk.press("/")
        await desk.type("zzzz")
        await desk.press("enter")
        assert "“zzzz” is nowhere here" in desk.said


async def test_n_before_any_search_says_what_to_press(db: Path) -> None:
    async with reader(db) as desk:
        await desk.press("n")
        assert "/ searches" in desk.said


async def test_n_goes_on_in_another_document_and_counts_afresh(tmp_path: Path) -> None:
    path = tmp_path / "annotations.db"
    ids = build(path, [TEXT + "words\n" * 50, "Short words.\n\nNo more words.\n"])
    async with reader(path, document_ids=ids) as desk:
        await desk.press("/")
        await desk.type("words")
        await desk.press("enter", "G", "escape", "J", "g", "g", "n")
        assert desk.view.caret == desk.text.index("words")
        await counted(desk)
        await desk.press("n")
        assert desk.view.caret == desk.text.rindex("words")
        assert "2 of 2" in desk.said
        await desk.press("escape", "n")
        await counted(desk)
        assert desk.screen.count_words() == "1 of 2"
