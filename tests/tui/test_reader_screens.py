"""Dialogs, the palette, the mouse, sizes and themes."""

from __future__ import annotations

from pathlib import Path

import pytest
from reader_desk import ARTICLE, OTHER_ARTICLE, Desk, build, eventually, mark, reader, rows
from textual.color import Color
from textual.command import CommandPalette
from textual.geometry import Offset

from annotui.domain.label_scheme import Label, LabelScheme
from annotui.tui.actions import ACTIONS
from annotui.tui.key_table import reader_keys
from annotui.tui.screens.dialogs import ChoiceScreen, PageScreen
from annotui.tui.themes import DARK, LIGHT


def cell_of(desk: Desk, quote: str) -> tuple[int, int]:
    """Where the first character of ``quote`` stands in the article view."""
    view = desk.view
    offset = desk.text.index(quote)
    row = view._rows.row_of(offset)
    column = view._frame.text_column + view._rows.drawn(row).column_of(offset)
    return column, row - view.scroll_offset.y


def prompts(palette: CommandPalette) -> str:
    """The commands that the palette lists."""
    return "\n".join(str(option.prompt) for option in palette.query_one("CommandList").options)


def page_text(desk: Desk) -> str:
    assert isinstance(desk.app.screen, PageScreen)
    return str(desk.app.screen._page)


async def test_help_shows_every_key(db: Path) -> None:
    async with reader(db) as desk:
        await desk.press("?")
        await desk.shows(PageScreen)
        shown = page_text(desk)
        for action in ACTIONS:
            assert action.shown_keys in shown
            assert action.help in shown
        await desk.press("j", "space", "k", "?")
        assert len(desk.app.screen_stack) == 2


async def test_help_scrolls_to_its_end(db: Path) -> None:
    async with reader(db) as desk:
        await desk.press("?")
        dialog = await desk.shows(PageScreen)
        for _ in range(12):
            await desk.press("space")
        box = dialog.query_one("VerticalScroll")
        assert box.scroll_offset.y == box.max_scroll_y > 0
        await desk.press("escape")


async def test_g_and_question_mark_show_what_labels_mean(db: Path) -> None:
    async with reader(db) as desk:
        await desk.press("g", "?")
        await desk.shows(PageScreen)
        for label in desk.screen.scheme:
            assert label.guideline.strip() in page_text(desk)
        await desk.press("escape")
        assert len(desk.app.screen_stack) == 2


async def test_the_palette_lists_the_actions_and_performs_one(db: Path) -> None:
    async with reader(db, size=(100, 40)) as desk:
        await desk.go_to("people left")
        await desk.press("ctrl+p")
        palette = await desk.shows(CommandPalette)
        await eventually(
            lambda: "Export the marks as CSV or in another format  (X)" in prompts(palette)
        )
        assert "Focus the previous mark  ([)" in prompts(palette)
        await desk.type("mark as denial")
        await eventually(lambda: prompts(palette).startswith("Mark as denial"), "the command")
        await desk.press("enter")
        await eventually(lambda: desk.stored, "the mark")
        assert desk.stored == [("denial", "that 40 people left the town in May")]


async def test_names_of_labels_are_no_markup_in_the_palette(db: Path) -> None:
    async with reader(db, size=(100, 40)) as desk:
        odd = Label("[@click=app.quit]x[/]\x1b]52;", "z", "[", "#ecd420")
        scheme = LabelScheme((odd, *desk.screen.scheme.labels))
        desk.screen.scheme = desk.screen.session.scheme = scheme
        desk.screen.keys = reader_keys(LabelScheme((odd,)))
        await desk.press("ctrl+p")
        palette = await desk.shows(CommandPalette)
        await desk.type("mark as")
        await eventually(lambda: "[@click=app.quit]x[/]␛]52;" in prompts(palette), "the command")
        await desk.press("escape")
        await desk.press("L", "escape", "g", "?", "escape", "?", "escape")


async def test_dragging_selects_and_a_label_marks_it(db: Path) -> None:
    async with reader(db) as desk:
        x, y = cell_of(desk, "40 people")
        await desk.pilot.mouse_down("#article", offset=(x, y))
        await desk.pilot.hover("#article", offset=(x + 4, y))
        await desk.pilot.hover("#article", offset=(x + 9, y))
        assert desk.selected == "40 people"
        await desk.pilot.mouse_up("#article", offset=(x + 9, y))
        assert desk.selected == "40 people"
        await desk.press("s")
        assert desk.stored == [("statistic", "40 people")]


async def test_dragging_backwards_selects(db: Path) -> None:
    async with reader(db) as desk:
        x, y = cell_of(desk, "40 people")
        await desk.pilot.mouse_down("#article", offset=(x + 9, y))
        await desk.pilot.hover("#article", offset=(x, y))
        await desk.pilot.mouse_up("#article", offset=(x, y))
        assert desk.selected == "40 people"
        await desk.press("l")
        assert desk.selected == ""


async def test_a_click_moves_the_caret_and_focuses_the_mark_there(db: Path) -> None:
    mark(db, "40 people")
    async with reader(db) as desk:
        x, y = cell_of(desk, "people")
        await desk.pilot.click("#article", offset=(x, y))
        assert desk.focused == ("claim", "40 people")
        assert desk.text[desk.view.caret :].startswith("people left")
        await desk.press("d")
        assert desk.stored == [("denial", "40 people")]
        await desk.pilot.click("#article", offset=cell_of(desk, "The mayor"))
        assert desk.focused is None


async def test_a_click_extends_while_v_is_on(db: Path) -> None:
    async with reader(db) as desk:
        await desk.go_to("40 people")
        await desk.press("v")
        await desk.pilot.click("#article", offset=cell_of(desk, " left"))
        assert desk.selected == "40 people"


async def test_a_double_click_selects_the_word_and_a_third_the_sentence(db: Path) -> None:
    async with reader(db) as desk:
        x, y = cell_of(desk, "people")
        await desk.pilot.click("#article", offset=(x + 2, y), times=2)
        assert desk.selected == "people"
        await desk.pilot.click("#article", offset=(x + 2, y), times=3)
        assert desk.selected.startswith("The mayor said")
        assert desk.selected.endswith("disagrees.")


async def test_a_click_in_the_list_goes_to_the_mark(db: Path) -> None:
    mark(db, "40 people")
    mark(db, "she said", "attribution")
    async with reader(db, size=(120, 30)) as desk:
        await desk.pilot.click("#marks", offset=(8, 1))
        assert desk.focused == ("attribution", "she said")
        await desk.pilot.click("#marks", offset=(8, 7))
        assert desk.focused == ("attribution", "she said")


@pytest.mark.parametrize("size", [(30, 6), (33, 9), (60, 16), (80, 24), (200, 60)])
async def test_every_key_works_at_any_usable_size(db: Path, size: tuple[int, int]) -> None:
    mark(db, "40 people", note="a note")
    async with reader(db, size=size) as desk:
        for keys in ("w", "]", "t", "vee+-", "ggG", "?", "L", "X", "i"):
            await desk.press(*keys, "escape")
            while len(desk.app.screen_stack) > 2:
                await desk.press("escape")
        await desk.press("enter", "j", "escape", "\\", "\\", "escape", "ctrl+p", "escape")
        await desk.go_to("Nobody")
        await desk.press("escape", "d")
        assert len(desk.stored) == 2


async def test_resizing_keeps_the_caret_in_view(db: Path) -> None:
    build(db, [OTHER_ARTICLE + "A long article has a lot of words in it.\n" * 300])
    async with reader(db, document_ids=build(db, [OTHER_ARTICLE])) as desk:
        await desk.press("K", "G")
        for size in ((200, 60), (1, 1), (30, 10), (5, 3), (99, 2), (100, 30), (80, 24)):
            await desk.pilot.resize_terminal(*size)
            await desk.idle()
            if not desk.screen.is_too_small:
                row = desk.view._rows.row_of(desk.view.caret) - desk.view.scroll_offset.y
                assert 0 <= row < desk.view.size.height
            await desk.press("k")


async def test_a_dialog_survives_resizing(db: Path) -> None:
    mark(db, "40 people")
    async with reader(db) as desk:
        for keys in (("L",), ("X",), ("?",), ("]", "i")):
            await desk.press(*keys)
            for size in ((1, 1), (2, 2), (7, 4), (80, 24)):
                await desk.pilot.resize_terminal(*size)
                await desk.idle()
            await desk.press("escape")


@pytest.mark.parametrize("theme", [DARK, LIGHT])
async def test_both_themes_give_each_label_its_own_readable_colour(db: Path, theme: object) -> None:
    async with reader(db) as desk:
        desk.app.theme = theme.name
        await desk.idle()
        inks = desk.screen.inks
        assert len(set(inks.values())) == len(desk.screen.scheme)
        ground = desk.screen.background_colors[1]
        for ink in inks.values():
            assert abs(Color.parse(ink).brightness - ground.brightness) > 0.2


async def test_the_theme_changes_from_the_palette(db: Path) -> None:
    async with reader(db, size=(100, 40)) as desk:
        dark = desk.screen.inks
        await desk.press("ctrl+p")
        palette = await desk.shows(CommandPalette)
        await desk.type("change the theme")
        await eventually(lambda: prompts(palette).startswith("Change the theme"), "the command")
        await desk.press("enter")
        await eventually(lambda: desk.app.screen is not palette, "the themes")
        await desk.press("escape")
        desk.app.theme = LIGHT.name
        await desk.idle()
        assert desk.screen.inks != dark


async def test_no_color_leaves_glyphs_and_underlines(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    mark(db, "40 people", "statistic")
    async with reader(db) as desk:
        await desk.press("]")
        picture = desk.app.export_screenshot()
        assert "%" in picture
        assert "#14cdb8" not in picture


async def test_the_headline_counts_the_marks(db: Path) -> None:
    mark(db, "40 people")
    async with reader(db) as desk:
        assert desk.screen.headline.text.endswith("1 mark ")
        await desk.go_to("Nobody")
        await desk.press("c")
        assert desk.screen.headline.text.endswith("2 marks ")


async def test_the_wheel_scrolls_and_a_key_brings_the_caret_back(db: Path) -> None:
    build(db, [OTHER_ARTICLE + "Row upon row upon row.\n" * 100])
    async with reader(db) as desk:
        await desk.press("J")
        desk.view.scroll_to(y=50, animate=False, force=True)
        await desk.idle()
        assert desk.view.scroll_offset == Offset(0, 50)
        await desk.press("l")
        assert desk.view.scroll_offset.y == 0


async def test_a_dialog_lets_nothing_through_to_the_article(db: Path) -> None:
    async with reader(db) as desk:
        await desk.press("X")
        await desk.shows(ChoiceScreen)
        await desk.press("c", "d", "s", "a", "x", "u")
        assert rows(db, "SELECT count(*) FROM annotation") == [(0,)]
        assert len(desk.app.screen_stack) == 3
        await desk.press("q")
        assert desk.text == ARTICLE
        assert len(desk.app.screen_stack) == 2
