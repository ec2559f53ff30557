"""The library: every article by its keys, and what is added there."""

from __future__ import annotations

import time
from pathlib import Path

import pyte
import pytest
from reader_desk import (
    ARTICLE,
    OTHER_ARTICLE,
    Desk,
    build,
    eventually,
    mark,
    problems,
    reader,
    rows,
)
from rich.console import Console
from textual import events
from textual.widget import Widget

from annotui.services import shelf
from annotui.services.config import Config
from annotui.services.shelf import Entry
from annotui.tui.screens.dialogs import ChoiceScreen, PageScreen
from annotui.tui.screens.library import LibraryScreen

LONG_ARTICLE = "Zebra crossing opened\n\nThe council said so. " + "A word more. " * 60 + "Denied.\n"
TEXTS = (ARTICLE, OTHER_ARTICLE, LONG_ARTICLE)


async def opened(desk: Desk) -> LibraryScreen:
    await desk.press("ctrl+o")
    screen = await desk.shows(LibraryScreen)
    await settled(desk)
    return screen


async def settled(desk: Desk) -> None:
    """Wait until what the library shows is looked up."""
    await desk.app.workers.wait_for_complete()
    await desk.pilot._wait_for_screen()
    screen = desk.app.screen
    if isinstance(screen, LibraryScreen):
        await eventually(lambda: screen._is_there.is_set(), "the library")
        await eventually(lambda: len(screen.table.entries) == screen.table.count, "its rows")


async def keys(desk: Desk, *pressed: str) -> None:
    for key in pressed:
        await desk.press(key)
        await settled(desk)


def entries(screen: LibraryScreen) -> list[Entry]:
    return [screen.table.entries[rank] for rank in range(screen.table.count)]


def titles(screen: LibraryScreen) -> list[str]:
    return [entry.document.title.split()[0] for entry in entries(screen)]


def painted(screen: LibraryScreen) -> str:
    table = screen.table
    return "\n".join(table.render_line(y).text for y in range(table.size.height))


async def test_ctrl_o_lists_all_and_enter_opens_one(database: Path) -> None:
    build(database, TEXTS)
    mark(database, "40 people", "statistic")
    before = database.read_bytes()
    async with reader(database) as desk:
        screen = await opened(desk)
        assert titles(screen) == ["Mayor", "A", "Zebra"]
        assert [entry.status for entry in entries(screen)] == ["in work", "new", "new"]
        assert entries(screen)[0].annotations == {"statistic": 1}
        assert "▸Mayor denies secret plan" in painted(screen)
        await keys(desk, "j", "j")
        await desk.press("enter")
        await eventually(lambda: desk.text == LONG_ARTICLE)
        assert "3 of 3" in desk.screen.headline.text
    assert database.read_bytes() == before


@pytest.mark.parametrize(
    ("pressed", "order"),
    [
        ("1", ["A", "Mayor", "Zebra"]),
        ("11", ["Zebra", "Mayor", "A"]),
        ("3", ["Zebra", "Mayor", "A"]),
        ("6", ["Mayor", "Zebra", "A"]),
        ("8", ["A", "Zebra", "Mayor"]),
        ("s", ["A", "Mayor", "Zebra"]),
        ("S", ["Zebra", "A", "Mayor"]),
    ],
)
async def test_any_column_sorts(database: Path, pressed: str, order: list[str]) -> None:
    build(database, TEXTS)
    mark(database, "40 people", "statistic")
    async with reader(database) as desk:
        screen = await opened(desk)
        assert [column.sort for column in screen.table.columns][:3] == ["title", "date", "words"]
        await keys(desk, *pressed)
        assert titles(screen) == order


async def test_a_filter_works_while_it_is_typed(database: Path) -> None:
    build(database, TEXTS)
    async with reader(database) as desk:
        screen = await opened(desk)
        await keys(desk, "/", *"zebrä")
        assert titles(screen) == ["Zebra"]
        await keys(desk, "enter", "j", "k")
        assert "/zebrä" in screen.headline.text
        await keys(desk, "escape")
        assert len(titles(screen)) == 3
        await keys(desk, "/", "x", "x")
        assert screen.has_class("empty")
        assert "No article is like that" in screen.words_for_nothing()
        await keys(desk, "escape")
        assert len(titles(screen)) == 3


async def test_a_search_shows_where_and_enter_goes_there(database: Path) -> None:
    build(database, TEXTS)
    async with reader(database) as desk:
        screen = await opened(desk)
        await keys(desk, "f", *"denied", "enter")
        assert titles(screen) == ["Zebra"]
        assert "Denied." in painted(screen)
        assert "\ufdd0" not in painted(screen)
        await desk.press("enter")
        await eventually(lambda: desk.text == LONG_ARTICLE)
        await desk.idle()
        assert desk.view.caret == LONG_ARTICLE.index("Denied.")
        assert desk.view.overlays.hit is not None
        screen = await opened(desk)
        assert screen.shown_view.search == "denied"


async def test_a_hit_in_a_note_goes_to_its_mark(database: Path) -> None:
    build(database, TEXTS)
    mark(database, "two metres", "statistic", note="Überschwemmung?")
    async with reader(database) as desk:
        screen = await opened(desk)
        await keys(desk, "f", *"uberschw", "enter")
        assert "note: Überschwemmung?" in painted(screen)
        await desk.press("enter")
        await eventually(lambda: desk.text == OTHER_ARTICLE)
        await desk.idle()
        assert desk.focused == ("statistic", "two metres")


async def test_o_shows_those_that_are_left(database: Path) -> None:
    build(database, TEXTS)
    async with reader(database) as desk:
        await desk.press("D")
        screen = await opened(desk)
        await keys(desk, "o")
        assert titles(screen) == ["A", "Zebra"]
        await keys(desk, "o")
        assert titles(screen) == ["Mayor"]
        await keys(desk, "o")
        assert screen.has_class("empty")


async def test_collections_are_made_shown_and_left(database: Path) -> None:
    build(database, TEXTS)
    async with reader(database) as desk:
        screen = await opened(desk)
        await keys(desk, "c")
        assert "no collection yet" in screen.status.text
        await desk.press("j", "C", *"Rivers", "enter")
        await settled(desk)
        assert rows(database, "SELECT name FROM collection") == [("Rivers",)]
        await desk.press("c")
        await desk.shows(ChoiceScreen)
        await desk.press("j", "enter")
        await settled(desk)
        assert titles(screen) == ["A"]
        assert "in Rivers" in screen.headline.text
        await desk.press("C")
        await desk.shows(ChoiceScreen)
        await desk.press("enter")
        await settled(desk)
        assert screen.has_class("empty")
        await keys(desk, "escape")
        assert len(titles(screen)) == 3
    assert rows(database, "SELECT removed FROM collection_document") == [(1,)]
    assert problems(database) == ()


async def test_done_and_aside_are_said_in_the_library(database: Path) -> None:
    build(database, TEXTS)
    async with reader(database) as desk:
        screen = await opened(desk)
        await keys(desk, "D", "j", "W", "j", "W", "W")
        assert [entry.status for entry in entries(screen)] == ["done", "aside", "new"]
    stored = "SELECT status FROM document_status ORDER BY id"
    assert rows(database, stored) == [("done",), ("aside",), ("aside",), ("new",)]


async def test_who_is_blind_sees_others_marks_where_she_is_done(database: Path) -> None:
    build(database, TEXTS)
    mark(database, "40 people", "statistic", annotator="bob", note="doubtful")
    async with reader(database, config=Config(is_blind=True)) as desk:
        screen = await opened(desk)
        assert entries(screen)[0].annotations == {}
        await keys(desk, "f", *"doubtful", "enter")
        assert screen.has_class("empty")
        await keys(desk, "escape", "6")
        await eventually(lambda: titles(screen)[:1] == ["Zebra"], "the order")
        await keys(desk, "G", "D")
        assert entries(screen)[2].annotations == {"statistic": 1}
        await keys(desk, "f", *"doubtful", "enter")
        assert titles(screen) == ["Mayor"]


async def test_a_file_and_a_folder_are_added(database: Path, tmp_path: Path) -> None:
    build(database)
    folder = tmp_path / "news"
    folder.mkdir()
    for name, text in (("a.txt", OTHER_ARTICLE), ("b.md", "# A page\n\nWords.\n"), ("c.txt", "")):
        (folder / name).write_text(text)
    async with reader(database) as desk:
        screen = await opened(desk)
        await keys(desk, "a", *str(folder), "enter")
        assert titles(screen) == ["Mayor", "A", "A"]
        assert "2 articles added, 1 refused" in screen.status.text
        await keys(desk, "a", *"nowhere.txt", "enter")
        assert "There is no file" in screen.status.text
    assert rows(database, "SELECT source FROM document ORDER BY rowid")[1:] == [
        ("news/a.txt",),
        ("news/b.md",),
    ]
    assert problems(database) == ()


async def test_what_is_pasted_is_added_under_a_title(database: Path) -> None:
    build(database)
    async with reader(database) as desk:
        screen = await opened(desk)
        screen.post_message(events.Paste("Pasted headline\r\rThe text of it — ünd more."))
        await desk.pilot._wait_for_screen()
        assert screen.typing is not None
        assert screen.typing.words == "Pasted headline"
        await keys(desk, "ctrl+u", *"My title", "enter")
        assert [entry.document.title for entry in entries(screen)][1] == "My title"
        assert screen.table.current == 1
    found = rows(database, "SELECT title, source, text FROM document ORDER BY rowid")
    assert found[1] == ("My title", "clipboard", "Pasted headline\n\nThe text of it — ünd more.")
    assert problems(database) == ()


async def test_an_empty_library_says_what_to_do(database: Path, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(ARTICLE)
    async with reader(database, opens=False) as desk:
        offer = await desk.shows(ChoiceScreen)
        await desk.press("j", "j", "enter")
        screen = await desk.shows(LibraryScreen)
        await settled(desk)
        assert "a   adds a file or a folder" in screen.words_for_nothing()
        await desk.press("escape")
        assert await desk.shows(ChoiceScreen) is not offer
        await desk.press("j", "j", "enter")
        await desk.shows(LibraryScreen)
        await keys(desk, "a", *"one.txt", "enter")
        await desk.press("enter")
        await eventually(lambda: desk.screen.session is not None)
        assert desk.text == ARTICLE
    assert problems(database) == ()


async def test_esc_and_q_go_back_to_the_article(database: Path) -> None:
    build(database, TEXTS)
    async with reader(database) as desk:
        for key in ("escape", "q"):
            await opened(desk)
            await keys(desk, "j")
            await desk.press(key)
            assert desk.app.screen is desk.screen
            assert desk.text == ARTICLE
        screen = await opened(desk)
        await desk.press("?")
        await desk.shows(PageScreen)
        await desk.press("escape")
        assert desk.app.screen is screen


async def test_nothing_in_a_title_reaches_the_terminal(database: Path) -> None:
    build(database, ("Title \x1b]52;c;eA==\x07 [@click=q]x[/]\n\nText\n",))
    async with reader(database) as desk:
        screen = await opened(desk)
        assert "\x1b" not in painted(screen) + screen.status.text
        assert "[@click=q]x[/]" in painted(screen)


@pytest.mark.parametrize("size", [(30, 6), (44, 10), (60, 16), (100, 30), (200, 50), (1, 1)])
async def test_any_size_is_fine(database: Path, size: tuple[int, int]) -> None:
    build(database, TEXTS)
    async with reader(database, size=size) as desk:
        if min(size) > 5:
            screen = await opened(desk)
            await keys(desk, "j", "G", "f", "t", "enter")
            assert screen.table.columns[0].sort == "title"
        await desk.pilot.resize_terminal(1, 1)
        await desk.pilot.resize_terminal(80, 24)


@pytest.mark.parametrize("key", ["ctrl+o", "?"])
async def test_what_changes_beneath_is_painted_once_at_most(
    database: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(database)
    async with reader(database) as desk:
        await desk.press(key)
        await desk.pilot.pause(0.5)
        paints = []
        display = desk.app._display
        monkeypatch.setattr(
            desk.app,
            "_display",
            lambda *given, **named: (paints.append(1), display(*given, **named)),
        )
        desk.screen.status.refresh()
        await desk.pilot.pause(1.5)
        assert len(paints) <= 1
        await desk.press("escape")
        desk.screen.say("It is painted again.")
        await desk.pilot.pause(0.3)
        assert len(paints) > 1


async def test_what_is_done_leaves_the_list_of_those_left_and_the_cursor_stays(
    database: Path,
) -> None:
    build(database, [f"Article {number}\n\nOf {number}.\n" for number in range(70)])
    async with reader(database) as desk:
        screen = await opened(desk)
        await desk.press("o")
        await eventually(lambda: screen.shown_view.shown == "left")
        await desk.press("G")
        await eventually(lambda: 69 in screen.table.entries, "the last row")
        await desk.press("k", "k", "D")
        await eventually(lambda: screen.table.count == 69, "one less")
        await eventually(lambda: 67 in screen.table.entries, "the row at the cursor")
        here = screen.table.entries[screen.table.current].document.title
        assert (screen.table.current, here) == (67, "Article 68")
        assert "69 of 70" in screen.headline.text
        assert "Done." in screen.status.text


async def test_keys_typed_before_another_view_is_there_are_about_that_view(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(database, [f"Article {number}\n\nOf {number}.\n" for number in range(9)])
    find = shelf.first

    def find_slowly(*given: object, **named: object) -> shelf.First:
        time.sleep(0.2)
        return find(*given, **named)  # type: ignore[arg-type]

    async with reader(database) as desk:
        screen = await opened(desk)
        monkeypatch.setattr(shelf, "first", find_slowly)
        await desk.press("o", "G", "k", "D")
        await eventually(lambda: screen.table.count == 8, "one less")
        await desk.press("/", "a", "down", "down", "enter")
        assert screen.table.current == 2
    query = "SELECT title FROM document JOIN document_status s ON s.document_id = document.id"
    assert rows(database, query) == [("Article 7",)]


async def test_a_title_that_terminals_measure_otherwise_shifts_nothing(database: Path) -> None:
    """pyte adds up code points, so it gives these clusters another width than Rich."""
    build(database, ["👍🏽 They 👩\u200d🚀 agreed 🇺🇸 on क्षि\n\nSo it was 👍🏽 said.\n", ARTICLE])
    mark(database, "👍🏽 said", note="so")
    console = Console(color_system="truecolor", force_terminal=True)

    def seen(widget: Widget, y: int) -> tuple[list[str], str]:
        strip = widget.render_lines(widget.size.region)[y]
        terminal = pyte.Screen(200, 1)
        column = widget.region.x
        pyte.Stream(terminal).feed(f"\x1b[{column + 1}G{strip.render(console)}")
        return [terminal.buffer[0][x].data for x in range(column, 120)], strip.text

    async with reader(database, size=(120, 30)) as desk:
        bar, told = seen(desk.screen.headline, 0)
        assert bar[120 - len("0 marks ") :][:8] == list(told[-8:])
        marks = desk.screen.side.list
        row, _ = seen(marks, 0)
        assert "".join(row[marks.size.width - 3 : marks.size.width]) == " ✎ "
        screen = await opened(desk)
        row, _ = seen(screen.table, 0)
        status = screen.table.columns[-1]
        assert "".join(row[status.start : status.start + 7]) == "in work"
