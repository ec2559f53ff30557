"""Label keys: what they mark, and that it is in the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from reader_desk import ARTICLE, eventually, mark, problems, reader, rows

from annotui.tui.screens.dialogs import ChoiceScreen

CLAUSE = "that 40 people left the town in May"


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("c", "claim"), ("d", "denial"), ("s", "statistic"), ("a", "attribution"),
        ("1", "claim"), ("2", "denial"), ("3", "statistic"), ("4", "attribution"),
    ],
)  # fmt: skip
async def test_a_label_key_marks_the_selection(db: Path, key: str, label: str) -> None:
    async with reader(db) as desk:
        await desk.go_to("40 people")
        await desk.press("v", "w", "e", key)
        assert desk.stored == desk.painted == [(label, "40 people")]
        assert desk.selected == ""
        assert desk.focused == (label, "40 people")
    start = ARTICLE.index("40 people")
    assert rows(db, "SELECT start, end, annotator, version FROM annotation") == [
        (start, start + 9, "ann", 1)
    ]
    assert problems(db) == ()


async def test_without_a_selection_the_clause_at_the_caret_is_marked(db: Path) -> None:
    async with reader(db) as desk:
        await desk.go_to("people left")
        await desk.press("c")
        assert desk.stored == desk.painted == [("claim", CLAUSE)]


async def test_clauses_are_marked_one_after_the_other(db: Path) -> None:
    async with reader(db) as desk:
        await desk.go_to("The mayor")
        await desk.press("c", ".", "d", ".", "s", ".", "a")
        assert [label for label, _ in desk.stored] == [
            "claim", "denial", "statistic", "attribution",
        ]  # fmt: skip
        assert [quote for _, quote in desk.stored] == [
            "The mayor said", CLAUSE, "but the paper disagrees.", "“That is not true,”",
        ]  # fmt: skip


async def test_a_label_key_relabels_the_focused_mark(db: Path) -> None:
    mark(db, "40 people", "claim", note="who counted?")
    async with reader(db) as desk:
        await desk.press("]", "s")
        assert desk.stored == desk.painted == [("statistic", "40 people")]
        assert desk.focused == ("statistic", "40 people")
    assert rows(db, "SELECT label, note, version FROM annotation") == [
        ("statistic", "who counted?", 2)
    ]


async def test_a_mark_just_made_is_focused_until_the_caret_moves(db: Path) -> None:
    async with reader(db) as desk:
        await desk.go_to("people left")
        await desk.press("c", "d")
        assert desk.stored == [("denial", CLAUSE)]
        await desk.press("h")
        assert desk.focused is None
        await desk.press("c")
        assert sorted(desk.stored) == [("claim", CLAUSE), ("denial", CLAUSE)]


async def test_the_same_label_again_changes_nothing_and_says_so(db: Path) -> None:
    async with reader(db) as desk:
        await desk.go_to("people left")
        await desk.press("c", "c")
        assert desk.stored == [("claim", CLAUSE)]
        assert "claim already" in desk.said
    assert rows(db, "SELECT count(*) FROM change WHERE kind = 'relabel'") == [(0,)]


async def test_a_selection_wins_over_the_focus(db: Path) -> None:
    mark(db, "40 people", "claim")
    async with reader(db) as desk:
        await desk.press("]", "shift+right", "shift+right", "s")
        assert sorted(desk.stored) == [("claim", "40 people"), ("statistic", "40")]


async def test_l_always_adds_a_mark_on_the_span_of_the_focused_one(db: Path) -> None:
    mark(db, "40 people", "claim")
    async with reader(db) as desk:
        await desk.press("]", "L")
        await desk.shows(ChoiceScreen)
        await desk.press("c")
        assert desk.stored == [("claim", "40 people")] * 2
        await desk.press("L")
        await desk.shows(ChoiceScreen)
        await desk.press("3")
        assert sorted(desk.stored) == [
            ("claim", "40 people"), ("claim", "40 people"), ("statistic", "40 people"),
        ]  # fmt: skip


async def test_l_can_be_left_and_chosen_by_arrows(db: Path) -> None:
    async with reader(db) as desk:
        await desk.go_to("people left")
        await desk.press("L")
        await desk.shows(ChoiceScreen)
        await desk.press("escape")
        assert desk.stored == []
        await desk.press("L")
        await desk.shows(ChoiceScreen)
        await desk.press("down", "j", "enter")
        assert desk.stored == [("statistic", CLAUSE)]


async def test_the_last_label_is_repeated(db: Path) -> None:
    async with reader(db) as desk:
        await desk.press(";")
        assert desk.said.startswith(" No label was used yet")
        await desk.go_to("The mayor")
        await desk.press("d", ".", ";")
        assert desk.stored == [("denial", "The mayor said"), ("denial", CLAUSE)]


async def test_edges_that_a_unit_put_are_trimmed_of_spaces_and_a_comma(db: Path) -> None:
    async with reader(db) as desk:
        desk.view.move_caret(ARTICLE.index(" in May, but"))
        await desk.press("v", "w", "w", "w")
        assert desk.selected == " in May, "
        await desk.press("c")
        assert desk.stored == [("claim", "in May")]


async def test_an_edge_that_was_put_by_the_character_loses_white_space_only(db: Path) -> None:
    async with reader(db) as desk:
        desk.view.move_caret(ARTICLE.index(" in May, but"))
        await desk.press("v", "w", "w", "w", "h", "h", "l", "l")
        assert desk.selected == " in May, "
        await desk.press("c")
        assert desk.stored == [("claim", "in May,")]
        await desk.go_to("That is")
        await desk.press("h", "v", "w", "w", "d")
        assert ("denial", "“That") in desk.stored
        await desk.go_to("“That is")
        await desk.press("v", "w", "w", "d")
        assert ("denial", "That") in desk.stored


async def test_white_space_alone_is_not_marked(db: Path) -> None:
    async with reader(db) as desk:
        desk.view.move_caret(ARTICLE.index("\n\n"))
        await desk.press("v", "l", "l", "c")
        assert desk.stored == desk.painted == []
        assert "Only white space is selected" in desk.said


async def test_the_legend_always_shows_every_label_key(db: Path) -> None:
    mark(db, "40 people")
    for width in (30, 40, 60, 80, 120):
        async with reader(db, size=(width, 20)) as desk:
            for keys in ((), ("v",), ("escape",), ("]",)):
                await desk.press(*keys)
                legend = desk.screen.legend
                shown = "".join(segment.text for segment in legend.render_line(0))
                for key in "cdsa":
                    assert key in shown, (width, keys, shown)
                assert "…" not in shown
                if width >= 60:
                    assert any(words in shown for words in ("select", "grow", "remove"))
                if width >= 80:
                    for name in ("claim", "denial", "statistic", "attribution"):
                        assert name in shown


async def test_keys_typed_ahead_of_a_dialog_reach_it_and_those_after_it_do_not(db: Path) -> None:
    async with reader(db) as desk:
        for key in ("}", "L", "d", ".", "L", "j", "enter", "]", "i"):
            desk.app.simulate_key(key)
        for key in "a note":
            desk.app.simulate_key("space" if key == " " else key)
        for key in ("enter", ".", "c"):
            desk.app.simulate_key(key)
        await eventually(lambda: len(desk.painted) == 3, "three marks")
        await desk.idle()
        assert desk.stored == [
            ("denial", "The mayor said"), ("denial", CLAUSE), ("claim", "but the paper disagrees."),
        ]  # fmt: skip
        assert len(desk.app.screen_stack) == 2
    assert rows(db, "SELECT note FROM annotation ORDER BY start") == [("",), ("a note",), ("",)]
