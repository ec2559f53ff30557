"""Edges that move, fragments that are kept, the gap behind a mark, and copying."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from reader_desk import Desk, build, mark, problems, reader, rows

TEXT = (
    "“We were never asked,” the mayor said, “and we will not be, whatever they write.” "
    "Prices rose by 3 per cent in May, the agency reported, but nobody was told.\n"
)


def desk_on(tmp_path: Path, quote: str, annotator: str = "ann") -> Path:
    path = tmp_path / "a.db"
    build(path, [TEXT])
    mark(path, quote, annotator=annotator)
    return path


def runs(path: Path) -> list[list[int]]:
    """The runs of the only mark, as plain sqlite3 finds them."""
    (fragments, start, end) = rows(
        path, "SELECT fragments, start, end FROM annotation WHERE removed = 0"
    )[0]
    found: list[list[int]] = json.loads(fragments) if fragments else []
    return found or [[start, end]]


def quotes(path: Path) -> list[str]:
    return [TEXT[start:end] for start, end in runs(path)]


async def test_the_end_moves_on_by_a_clause_and_back_again(tmp_path: Path) -> None:
    path = desk_on(tmp_path, "Prices rose by 3 per cent in May")
    async with reader(path) as desk:
        await desk.press("]", ">")
        assert quotes(path) == ["Prices rose by 3 per cent in May, the agency reported"]
        assert desk.focused == ("claim", quotes(path)[0])
        await desk.press("<")
        assert quotes(path) == ["Prices rose by 3 per cent in May"]
        await desk.press("u", "u")
        assert quotes(path) == ["Prices rose by 3 per cent in May"]
    assert problems(path) == ()


async def test_an_end_in_the_first_clause_stays_and_says_why(tmp_path: Path) -> None:
    path = desk_on(tmp_path, "Prices rose")
    async with reader(path) as desk:
        await desk.press("]", "<")
        assert "m moves an edge" in desk.said
        assert quotes(path) == ["Prices rose"]


async def test_the_end_never_leaves_the_article(tmp_path: Path) -> None:
    path = desk_on(tmp_path, "but nobody was told.")
    async with reader(path) as desk:
        await desk.press("]", ">")
        assert "end of the article" in desk.said
        assert quotes(path) == ["but nobody was told."]


async def test_others_marks_do_not_move(tmp_path: Path) -> None:
    path = desk_on(tmp_path, "Prices rose", annotator="bob")
    async with reader(path) as desk:
        for key in (">", "<", "m", "alt+right", "alt+left", "alt+shift+right", "alt+shift+left"):
            await desk.press("]", "[", key)
            assert "bob's mark" in desk.said
    assert quotes(path) == ["Prices rose"]


@pytest.mark.parametrize(
    ("key", "quote"),
    [
        ("alt+right", "rose by 3 per"),
        ("alt+left", "rose by"),
        ("alt+shift+left", "Prices rose by 3"),
        ("alt+shift+right", "by 3"),
    ],
)
async def test_alt_arrows_move_an_edge_by_a_word(tmp_path: Path, key: str, quote: str) -> None:
    path = desk_on(tmp_path, "rose by 3")
    async with reader(path) as desk:
        await desk.press("]", key)
        assert quotes(path) == [quote]


async def test_m_and_a_motion_move_the_end_and_enter_keeps_it(tmp_path: Path) -> None:
    path = desk_on(tmp_path, "rose by 3")
    async with reader(path) as desk:
        await desk.press("]", "m", "e", "e")
        assert "MOVES THE END" in desk.said
        assert quotes(path) == ["rose by 3"]
        await desk.press("enter")
        assert quotes(path) == ["rose by 3 per cent"]
        assert desk.focused == ("claim", "rose by 3 per cent")
        await desk.press("u")
        assert quotes(path) == ["rose by 3"]


async def test_o_moves_the_start_and_esc_leaves_all_as_it_was(tmp_path: Path) -> None:
    path = desk_on(tmp_path, "rose by 3")
    async with reader(path) as desk:
        await desk.press("]", "m", "o", "b")
        assert "MOVES THE START" in desk.said
        assert desk.selected == "Prices rose by 3"
        await desk.press("escape")
        assert desk.selected == ""
        assert desk.focused == ("claim", "rose by 3")
        assert quotes(path) == ["rose by 3"]
        await desk.press("m", "c")
        assert "enter keeps it" in desk.said
        await desk.press("escape", "m", "o", "b", "enter")
        assert quotes(path) == ["Prices rose by 3"]


async def keep_two(desk: Desk) -> None:
    await desk.go_to("“We were")
    await desk.press("+", "+", "&")
    await desk.go_to("and we will")
    await desk.press("v", ".", ".", "d")


async def test_fragments_become_one_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    build(path, [TEXT])
    async with reader(path) as desk:
        await desk.go_to("We were never")
        await desk.press("v", "w", "w", "w", "&")
        assert "1 fragment kept" in desk.said
        await desk.go_to("and we will")
        await desk.press("v", "e", "e", "e", "&")
        assert "2 fragments kept" in desk.said
        await desk.press("d")
        assert quotes(path) == ["We were never", "and we will"]
        assert desk.focused == ("denial", "We were never … and we will")
        await desk.press("u", "ctrl+r", "s")
        assert quotes(path) == ["We were never", "and we will"]
    assert problems(path) == ()


async def test_esc_drops_the_selection_and_then_the_fragments(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    build(path, [TEXT])
    async with reader(path) as desk:
        await desk.go_to("We were never")
        await desk.press("v", "w", "&", "w", "v", "w", "escape")
        assert "1 fragment kept" in desk.said
        await desk.press("escape")
        assert "dropped" in desk.said
        assert desk.view.overlays.kept == ()


async def test_touching_fragments_are_one(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    build(path, [TEXT])
    async with reader(path) as desk:
        await desk.go_to("We were never")
        await desk.press("v", "e", "e", "&", "b", "v", "e", "e", "c")
        assert quotes(path) == ["We were never"]


async def test_a_kept_fragment_inside_the_selection_is_no_mark_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    build(path, [TEXT])
    async with reader(path) as desk:
        await desk.go_to("never")
        await desk.press("+", "&", "+", "+", "c")
        assert len(quotes(path)) == 1
        assert desk.view.overlays.kept == ()
        made = quotes(path)
        await desk.press("d")
        assert quotes(path) == made
        assert desk.stored[0][0] == "denial"


async def test_growing_behind_a_mark_takes_the_gap_and_shrinking_goes_back(tmp_path: Path) -> None:
    path = desk_on(tmp_path, "Prices rose")
    async with reader(path) as desk:
        await desk.go_to("by 3 per cent")
        await desk.press("+", "+")
        assert desk.selected == "by 3 per cent in May"
        await desk.press("+")
        assert desk.selected == "Prices rose by 3 per cent in May"
        await desk.press("-", "-")
        assert desk.selected == "by"
        await desk.press("-")
        assert desk.selected == ""


async def test_the_end_of_a_fragmented_mark_moves_in_its_last_fragment(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    build(path, [TEXT])
    async with reader(path) as desk:
        await desk.go_to("We were never")
        await desk.press("v", "w", "w", "w", "&")
        await desk.go_to("and we will")
        await desk.press("v", "e", "e", "e", "d", ">")
        assert quotes(path) == ["We were never", "and we will not be"]


async def test_copying_with_the_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk_on(tmp_path, "Prices rose")
    async with reader(path) as desk:
        await desk.press("]", "g", "c")
        assert desk.app.clipboard.startswith("“Prices rose” — “We were never asked")
        assert desk.app.clipboard.endswith(", line 1")
        await desk.press("ctrl+c")
        assert desk.app.clipboard == "Prices rose"


@pytest.mark.parametrize(
    ("held", "let_go", "quote"),
    [
        ("3", "cent", "rose by 3 per c"),
        ("rose", "Prices", "Prices rose by 3"),
        ("3", "by", "rose b"),
        ("rose", "by", "by 3"),
    ],
)
async def test_an_edge_of_the_focused_mark_can_be_dragged(
    tmp_path: Path, held: str, let_go: str, quote: str
) -> None:
    path = desk_on(tmp_path, "rose by 3")
    async with reader(path) as desk:
        await desk.press("]")
        offsets = [desk.text.index(held), desk.text.index(let_go)]
        desk.view.post_message(desk.view.Dragged(offsets[0], offsets[1], ended=False))
        await desk.idle()
        assert desk.selected == quote
        assert quotes(path) == ["rose by 3"]
        desk.view.post_message(desk.view.Dragged(offsets[0], offsets[1], ended=True))
        await desk.idle()
        assert quotes(path) == [quote]
        assert desk.focused == ("claim", quote)


async def test_right_behind_a_new_mark_growing_takes_what_is_left(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    build(path, [TEXT])
    async with reader(path) as desk:
        await desk.go_to("Prices rose")
        await desk.press("v", "e", "e", "c", "+")
        assert desk.selected == "by"
        await desk.press("+")
        assert desk.selected == "by 3 per cent in May"


async def test_esc_lets_a_dragged_edge_go_as_it_was(tmp_path: Path) -> None:
    path = desk_on(tmp_path, "rose by 3")
    async with reader(path) as desk:
        await desk.press("]")
        held, there = desk.text.index("3"), desk.text.index("cent")
        desk.view.post_message(desk.view.Dragged(held, there, ended=False))
        await desk.idle()
        await desk.press("escape")
        assert desk.selected == ""
        assert desk.focused == ("claim", "rose by 3")
        assert quotes(path) == ["rose by 3"]


@pytest.mark.parametrize(("quote", "key"), [("told", "alt+right"), ("We", "alt+shift+left")])
async def test_where_no_word_follows_the_edge_stays(tmp_path: Path, quote: str, key: str) -> None:
    path = desk_on(tmp_path, quote)
    async with reader(path) as desk:
        await desk.press("]", key)
        assert "no word" in desk.said
        assert quotes(path) == [quote]


async def test_the_list_gives_the_keys_back_to_an_edge(tmp_path: Path) -> None:
    path = desk_on(tmp_path, "rose by 3")
    async with reader(path, size=(120, 40)) as desk:
        await desk.press("enter", "m", "e", "enter")
        assert not desk.screen.in_list
        assert quotes(path) == ["rose by 3 per"]
