"""Walking, removing, noting, undoing, and the side list."""

from __future__ import annotations

from pathlib import Path

import pytest
from reader_desk import ARTICLE, OTHER_ARTICLE, build, eventually, mark, problems, reader, rows
from textual import events

from annotui.tui.screens.dialogs import NoteScreen


@pytest.fixture
def marked(db: Path) -> Path:
    """Three marks, two of them one in the other."""
    mark(db, "that 40 people left the town in May", "claim")
    mark(db, "40 people", "statistic", note="by whom?")
    mark(db, "she said", "attribution")
    return db


async def test_brackets_go_through_the_marks_in_order(marked: Path) -> None:
    async with reader(marked) as desk:
        seen = []
        for _ in range(3):
            await desk.press("]")
            seen.append(desk.focused)
        assert [label for label, _ in seen] == ["claim", "statistic", "attribution"]
        await desk.press("]")
        assert "No mark after this one" in desk.said
        await desk.press("[", "[")
        assert desk.focused == seen[0]
        assert desk.text[desk.view.caret :].startswith("that 40 people")
        await desk.press("[")
        assert "No mark before this one" in desk.said


async def test_brackets_start_from_the_caret(marked: Path) -> None:
    async with reader(marked) as desk:
        await desk.go_to("left the town")
        await desk.press("]")
        assert desk.focused == ("attribution", "she said")
        await desk.go_to("left the town")
        await desk.press("[")
        assert desk.focused == ("statistic", "40 people")


async def test_t_cycles_the_marks_at_the_caret(marked: Path) -> None:
    async with reader(marked) as desk:
        await desk.go_to("people left")
        caret = desk.view.caret
        await desk.press("t")
        assert desk.focused == ("statistic", "40 people")
        await desk.press("t")
        assert desk.focused[0] == "claim"
        await desk.press("t")
        assert desk.focused[0] == "statistic"
        assert desk.view.caret == caret


async def test_t_works_right_after_a_mark_was_made(marked: Path) -> None:
    async with reader(marked) as desk:
        await desk.go_to("40 people")
        await desk.press("v", "e", "a")
        assert desk.focused == ("attribution", "40")
        await desk.press("t")
        assert desk.focused == ("statistic", "40 people")


async def test_t_says_when_there_is_only_one(marked: Path) -> None:
    async with reader(marked) as desk:
        await desk.go_to("she said")
        await desk.press("t")
        assert desk.focused == ("attribution", "she said")
        await desk.press("t")
        assert "only mark here" in desk.said


async def test_x_removes_the_focused_mark_and_keeps_it_in_the_file(marked: Path) -> None:
    async with reader(marked) as desk:
        await desk.press("]", "]", "x")
        assert "Removed statistic “40 people”" in desk.said
        assert ("statistic", "40 people") not in desk.painted
        assert desk.focused is None
    assert rows(marked, "SELECT label, removed FROM annotation ORDER BY label") == [
        ("attribution", 0), ("claim", 0), ("statistic", 1),
    ]  # fmt: skip


async def test_x_takes_the_innermost_at_the_caret_when_none_is_focused(marked: Path) -> None:
    async with reader(marked) as desk:
        await desk.go_to("people left")
        await desk.press("x", "x")
        assert desk.stored == desk.painted == [("attribution", "she said")]


async def test_i_writes_a_note_and_enter_keeps_it(marked: Path) -> None:
    async with reader(marked) as desk:
        await desk.press("]", "i")
        await desk.shows(NoteScreen)
        await desk.type("ask [b]him[/b]")
        await desk.press("ctrl+j")
        await desk.type("twice")
        await desk.press("enter")
        note = "ask [b]him[/b]\ntwice"
        assert rows(marked, "SELECT note FROM annotation WHERE label = 'claim'") == [(note,)]
        await desk.press("i")
        dialog = await desk.shows(NoteScreen)
        assert dialog.query_one("NoteArea").text == note
    assert problems(marked) == ()


async def test_esc_leaves_the_note_as_it_was(marked: Path) -> None:
    async with reader(marked) as desk:
        await desk.press("]", "]", "i")
        await desk.shows(NoteScreen)
        await desk.type(" nobody")
        await desk.press("escape")
        assert desk.focused == ("statistic", "40 people")
        await desk.press("i")
        dialog = await desk.shows(NoteScreen)
        assert dialog.query_one("NoteArea").text == "by whom?"
        await desk.press("escape")
    assert rows(marked, "SELECT note, version FROM annotation WHERE label = 'statistic'") == [
        ("by whom?", 1)
    ]


async def test_an_untouched_note_is_no_change(marked: Path) -> None:
    odd = mark(marked, "Nobody", note="line\u2028separator\x0cfeed")
    async with reader(marked) as desk:
        await desk.go_to("Nobody")
        await desk.press("t", "i")
        await desk.shows(NoteScreen)
        await desk.press("enter")
    query = "SELECT note, version FROM annotation WHERE id = ?"
    assert rows(marked, query, odd.annotation_id) == [("line\u2028separator\x0cfeed", 1)]


async def test_a_pasted_note_keeps_its_lines(marked: Path) -> None:
    async with reader(marked) as desk:
        await desk.press("]", "i")
        dialog = await desk.shows(NoteScreen)
        area = dialog.query_one("NoteArea")
        desk.app.post_message(events.Paste("one\r\ntwo\n\nthree 👩‍👩‍👧"))
        await eventually(lambda: "three" in area.text)
        await desk.press("enter")
    assert rows(marked, "SELECT note FROM annotation WHERE label = 'claim'") == [
        ("one\ntwo\n\nthree 👩‍👩‍👧",)
    ]


async def test_a_note_is_taken_away_by_emptying_it(marked: Path) -> None:
    async with reader(marked) as desk:
        await desk.press("]", "]", "i")
        await desk.shows(NoteScreen)
        await desk.press("ctrl+u", "enter")
    assert rows(marked, "SELECT note FROM annotation WHERE label = 'statistic'") == [("",)]


async def test_undo_and_redo_over_several_steps_and_a_restart(db: Path) -> None:
    async with reader(db) as desk:
        await desk.go_to("40 people")
        await desk.press("v", "w", "e", "c", "s", "x")
        assert desk.stored == desk.painted == []
        await desk.press("u")
        assert desk.stored == desk.painted == [("statistic", "40 people")]
        assert desk.focused == ("statistic", "40 people")
        assert desk.said.startswith(" Undone: remove")
        await desk.press("u")
        assert desk.stored == [("claim", "40 people")]
    async with reader(db) as desk:
        await desk.press("u")
        assert desk.stored == desk.painted == []
        assert desk.text[desk.view.caret :].startswith("40 people")
        await desk.press("u")
        assert "nothing of yours to undo" in desk.said
        await desk.press("ctrl+r", "ctrl+y")
        assert desk.stored == desk.painted == [("statistic", "40 people")]
        await desk.press("ctrl+z")
        assert desk.stored == [("claim", "40 people")]
        await desk.press("ctrl+r", "ctrl+r")
        assert desk.stored == desk.painted == []
        await desk.press("ctrl+r")
        assert "nothing of yours to redo" in desk.said
    assert problems(db) == ()


async def test_undo_takes_back_a_note(marked: Path) -> None:
    async with reader(marked) as desk:
        await desk.press("]", "i")
        await desk.shows(NoteScreen)
        await desk.type("hm")
        await desk.press("enter", "u")
    assert rows(marked, "SELECT note FROM annotation WHERE label = 'claim'") == [("",)]


async def test_undo_finds_its_way_to_another_article(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    build(path, [ARTICLE, OTHER_ARTICLE])
    async with reader(path) as desk:
        await desk.press("c", "J", "s", "K", "}", "d")
        assert len(desk.stored) == 3
        await desk.press("u")
        assert desk.text == ARTICLE
        await desk.press("u")
        assert desk.text == OTHER_ARTICLE
        assert desk.said.startswith(" Undone: annotate")
        assert desk.painted == []
        await desk.press("u")
        assert desk.text == ARTICLE
        assert desk.stored == []
        await desk.press("ctrl+r", "ctrl+r")
        assert desk.text == OTHER_ARTICLE
        assert len(desk.painted) == 1
        assert len(desk.stored) == 2
    assert problems(path) == ()


async def test_keys_typed_fast_are_all_done_in_order(db: Path) -> None:
    async with reader(db) as desk:
        for key in "jjcdLc.sxuu":
            desk.app.simulate_key(key)
        await desk.idle()
        for key in ("escape", "u", "ctrl+r", "s"):
            await desk.press(key)
        assert sorted(desk.painted) == sorted(desk.stored)
    assert problems(db) == ()


async def test_enter_gives_the_keys_to_the_list(marked: Path) -> None:
    async with reader(marked, size=(120, 30)) as desk:
        await desk.go_to("The mayor")
        caret = desk.view.caret
        await desk.press("enter")
        assert desk.focused[0] == "claim"
        await desk.press("j", "j")
        assert desk.focused == ("attribution", "she said")
        assert desk.screen.list._current == 2
        await desk.press("k", "enter")
        assert desk.focused == ("statistic", "40 people")
        assert not desk.screen.in_list
        await desk.press("j")
        assert desk.focused is None
        await desk.go_to("The mayor")
        await desk.press("enter", "j", "escape")
        assert desk.view.caret == caret
        assert desk.focused is None


async def test_the_list_relabels_notes_and_removes(marked: Path) -> None:
    async with reader(marked, size=(120, 30)) as desk:
        await desk.press("enter", "j", "d", "x")
        assert desk.stored == [
            ("claim", "that 40 people left the town in May"), ("attribution", "she said"),
        ]  # fmt: skip
        assert desk.focused == ("attribution", "she said")
        assert desk.screen.in_list
        await desk.press("x", "x")
        assert desk.stored == desk.painted == []


async def test_the_list_unfolds_the_pane_only_while_it_is_used(marked: Path) -> None:
    async with reader(marked) as desk:
        assert not desk.screen.side_shows
        await desk.press("enter")
        assert desk.screen.side_shows
        await desk.press("enter")
        assert not desk.screen.side_shows


async def test_the_side_pane_shows_and_hides(marked: Path) -> None:
    async with reader(marked) as desk:
        for shown in (True, False, True):
            await desk.press("\\")
            assert desk.screen.side_shows is shown
        await desk.pilot.resize_terminal(59, 24)
        assert not desk.screen.side_shows
        await desk.press("\\")
        assert "needs 60 columns" in desk.said
        await desk.press("enter")
        assert "needs 60 columns" in desk.said
        await desk.pilot.resize_terminal(80, 24)
        await desk.idle()
        assert desk.screen.side_shows


async def test_the_side_pane_comes_with_the_room(marked: Path) -> None:
    async with reader(marked, size=(99, 24)) as desk:
        assert not desk.screen.side_shows
        await desk.pilot.resize_terminal(100, 24)
        await desk.idle()
        assert desk.screen.side_shows
        await desk.go_to("40 people")
        await desk.press("w")
        await eventually(lambda: "by whom?" in str(desk.screen.inspector.render()), "the note")


async def test_the_status_line_names_what_is_at_the_caret(marked: Path) -> None:
    async with reader(marked) as desk:
        await desk.go_to("people left")
        await desk.press("h")
        assert "statistic" in desk.said
        assert "claim" in desk.said
        assert "ann · annotations.db" in desk.said
