"""What is set in the config, chosen in the reader, or changed in the labels."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reader_desk import Desk, eventually, mark, problems, reader
from textual.color import Color

from annotui.domain.label_scheme import Label, LabelScheme, default_scheme
from annotui.errors import ConfigError
from annotui.services.config import Config, KeySetting, Setting
from annotui.services.schemes import replace_scheme
from annotui.services.workspace import Workspace
from annotui.tui.app import ReaderApp
from annotui.tui.screens.dialogs import PageScreen
from annotui.tui.themes import DARK, LIGHT, inks
from annotui.tui.widgets.palette import contrast

CLAIM, DENIAL, *_ = default_scheme().labels
QUESTION = Label("question", "z", "?", "#336699", "What is asked.")


def import_labels(path: Path, *labels: Label, annotator: str = "bob", **how: object) -> None:
    """Another program replaces the labels."""
    workspace = Workspace(path, annotator)
    replace_scheme(workspace, LabelScheme(labels), **how)  # type: ignore[arg-type]
    workspace.close()


def legend_of(desk: Desk) -> str:
    return "".join(part.text for part in desk.screen.legend.render_line(0))


async def test_keys_that_were_set_are_the_keys_everywhere(db: Path) -> None:
    keys = (
        KeySetting("sentence_next", ("g n",), "a.toml line 2"),
        KeySetting("help", ("H",), "a.toml line 3"),
        KeySetting("select", ("V",), "a.toml line 4"),
    )
    async with reader(db, config=Config(keys=keys)) as desk:
        before = desk.view.caret
        await desk.press(")")
        assert desk.view.caret == before
        await desk.press("g", "n")
        assert desk.view.caret > before
        assert "V select" in legend_of(desk)
        await desk.press("H")
        page = await desk.shows(PageScreen)
        assert "H " in page._page.plain
        assert "g n " in page._page.plain


async def test_the_measure_and_the_side_pane_are_as_set(db: Path) -> None:
    async with reader(db, size=(120, 30)) as desk:
        assert desk.screen.side_shows
        wide = desk.view._frame.measure
    async with reader(db, size=(120, 30), config=Config(measure=40, side_pane=False)) as desk:
        assert not desk.screen.side_shows
        assert desk.view._frame.measure == 40 < wide


async def test_ctrl_c_copies_what_is_set(db: Path) -> None:
    mark(db, "40 people")
    async with reader(db, config=Config(copies_source=True)) as desk:
        await desk.press("]", "ctrl+c")
        assert desk.app.clipboard == "“40 people” — Mayor denies secret plan, line 3"
    async with reader(db) as desk:
        await desk.press("]", "ctrl+c")
        assert desk.app.clipboard == "40 people"


async def test_a_theme_that_is_chosen_is_there_the_next_time(db: Path) -> None:
    async with reader(db) as desk:
        assert desk.app.theme == DARK.name
        desk.app.theme = LIGHT.name
        await desk.idle()
    async with reader(db) as desk:
        assert desk.app.theme == LIGHT.name
    async with reader(db, config=Config(theme=Setting("nord", "a.toml line 1"))) as desk:
        assert desk.app.theme == "nord"
        desk.app.theme = "gruvbox"
        await desk.idle()
    async with reader(db, config=Config(theme=Setting("nord", "a.toml line 1"))) as desk:
        assert desk.app.theme == "gruvbox"
    async with reader(db, config=Config(theme=Setting("dracula", "a.toml line 1"))) as desk:
        assert desk.app.theme == "dracula"


async def test_a_theme_that_is_not_there_any_more_is_passed_over(db: Path, own_state: Path) -> None:
    async with reader(db) as desk:
        desk.app.theme = LIGHT.name
        await desk.idle()
    (kept,) = (own_state / "annotui").glob("theme.json")
    for content in (kept.read_text().replace(LIGHT.name, "gone"), "[", "[]", '{"theme": 1}'):
        kept.write_text(content)
        async with reader(db) as desk:
            assert desk.app.theme == DARK.name


async def test_reading_without_choosing_a_theme_keeps_none(db: Path, own_state: Path) -> None:
    async with reader(db, config=Config(theme=Setting("nord", "a.toml line 1"))) as desk:
        await desk.press("j")
    assert not list(own_state.rglob("theme.json"))


def test_an_unknown_theme_is_refused_before_the_reader_runs(db: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"a\.toml line 1: there is no theme 'x'.*annotui-light, "
    ):
        ReaderApp(db, "ann", config=Config(theme=Setting("x", "a.toml line 1")))


@given(st.integers(0, 0xFFFFFF))
def test_any_colour_of_a_label_can_be_read_on_dark_and_on_light(colour: int) -> None:
    scheme = LabelScheme((Label("x", "z", "!", f"#{colour:06x}"),))
    for theme in (DARK, LIGHT):
        ground = Color.parse(theme.background or "")
        assert contrast(Color.parse(inks(scheme, ground)["x"]), ground) >= 4.5


async def test_every_theme_paints_marks(db: Path) -> None:
    mark(db, "40 people")
    async with reader(db) as desk:
        for theme in list(desk.app.available_themes):
            desk.app.theme = theme
            await desk.idle()
            assert "40 people" in "".join(
                segment.text
                for strip in desk.view.render_lines(desk.view.size.region)
                for segment in strip
            )


async def test_a_key_that_a_label_has_ends_the_reader_with_its_reason(db: Path) -> None:
    keys = (KeySetting("help", ("c",), "a.toml line 2"),)
    async with reader(db, config=Config(keys=keys), opens=False) as desk:
        await eventually(lambda: desk.app.failure is not None, "the failure")
        assert "a.toml line 2" in str(desk.app.failure)
        assert "the label 'claim' has it" in str(desk.app.failure)


async def test_labels_changed_by_another_program_are_the_labels_from_then_on(db: Path) -> None:
    mark(db, "40 people")
    async with reader(db) as desk:
        import_labels(db, QUESTION, DENIAL, carry={"claim": "question"})
        await eventually(lambda: desk.painted == [("question", "40 people")], "the news")
        assert [label.name for label in desk.screen.scheme] == ["question", "denial"]
        assert "z ? question" in legend_of(desk)
        await desk.go_to("The mayor")
        await desk.press("z")
        assert ("question", "The mayor said") in desk.stored
        await desk.press("g", "?")
        page = await desk.shows(PageScreen)
        assert "What is asked." in page._page.plain
        assert "statistic" not in page._page.plain
    assert problems(db) == ()


async def test_a_label_key_pressed_before_the_news_stores_nothing(db: Path) -> None:
    mark(db, "40 people")
    async with reader(db) as desk:
        desk.screen._is_looking = True
        import_labels(db, QUESTION, carry={"claim": "question"})
        await desk.go_to("The mayor")
        await desk.press("d")
        assert desk.stored == [("question", "40 people")]
        assert "retired" in desk.said


async def test_marks_of_a_retired_label_keep_glyph_and_colour_and_can_be_removed(db: Path) -> None:
    mark(db, "40 people")
    async with reader(db, size=(120, 30)) as desk:
        before = desk.screen.inks["claim"]
        import_labels(db, QUESTION, DENIAL, retire=["claim"])
        await eventually(lambda: len(desk.screen.scheme) == 2, "the news")
        assert desk.screen.inks["claim"] == before
        await desk.press("]")
        assert " ! claim" in desk.said
        assert "claim" not in legend_of(desk)
        await desk.press("c")
        assert "does nothing" in desk.said
        await desk.press("x")
        assert desk.stored == []
        await desk.press("u")
        assert desk.stored == [("claim", "40 people")]


async def test_undo_in_the_reader_takes_back_ones_own_import(db: Path) -> None:
    mark(db, "40 people")
    async with reader(db) as desk:
        import_labels(db, QUESTION, carry={"claim": "question"}, annotator="ann")
        await eventually(lambda: len(desk.screen.scheme) == 1, "the news")
        await desk.press("u")
        assert desk.stored == desk.painted == [("claim", "40 people")]
        assert len(desk.screen.scheme) == 4
        assert "Undone: scheme: question" in desk.said
        await desk.press("ctrl+r")
        assert desk.stored == desk.painted == [("question", "40 people")]
    assert problems(db) == ()
