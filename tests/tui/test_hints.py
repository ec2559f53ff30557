"""Tags over words and marks."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reader_desk import Desk, build, mark, reader
from rich.cells import cell_len

from annotui.tui.modes.hints import LETTERS, tag_letters

TEXT = "The mayor said that 40 people left. A b c d 漢字 and 👩‍👩‍👧 went home, I\n"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "a.db"
    build(path, [TEXT * 3])
    return path


def tag_of(desk: Desk, words: str, occurrence: int = 0) -> str:
    """The letters drawn over the given words."""
    at = -1
    for _ in range(occurrence + 1):
        at = desk.text.index(words, at + 1)
    return next(tag.letters for tag in desk.view.overlays.tags if tag.start == at)


@given(count=st.integers(0, 3_000))
def test_tags_are_distinct_and_none_begins_another(count: int) -> None:
    tags = sorted(tag_letters(count))
    assert len(set(tags)) == count
    assert all(len(tag) in (2, 3) and set(tag) <= set(LETTERS) for tag in tags)
    assert not any(after.startswith(tag) for tag, after in itertools.pairwise(tags))


def test_only_more_words_than_pairs_need_a_third_letter() -> None:
    assert max(map(len, tag_letters(len(LETTERS) ** 2))) == 2
    assert min(map(len, tag_letters(len(LETTERS) ** 2 + 1))) == 2


async def test_f_and_a_tag_put_the_caret_on_the_word(db: Path) -> None:
    async with reader(db) as desk:
        await desk.press("f")
        await desk.type(tag_of(desk, "people"))
        assert desk.view.caret == desk.text.index("people")
        assert desk.view.overlays.tags == ()
        assert desk.selected == ""


async def test_the_word_nearest_the_caret_has_the_easiest_tag(db: Path) -> None:
    async with reader(db) as desk:
        await desk.go_to("40 people")
        await desk.press("f")
        assert tag_of(desk, "40") == LETTERS[0] * 2


async def test_while_selecting_f_takes_the_whole_word(db: Path) -> None:
    async with reader(db) as desk:
        await desk.go_to("mayor")
        await desk.press("v", "f")
        await desk.type(tag_of(desk, "left"))
        assert desk.selected == "mayor said that 40 people left"
        await desk.press("c")
        assert desk.stored == [("claim", "mayor said that 40 people left")]


@pytest.mark.parametrize("ends", [("40", "left"), ("left", "40")])
async def test_two_tags_select_from_one_word_to_the_other(db: Path, ends: tuple[str, str]) -> None:
    async with reader(db) as desk:
        await desk.press("F")
        await desk.type(tag_of(desk, ends[0]))
        assert "the other end" in desk.said
        await desk.type(tag_of(desk, ends[1]))
        assert desk.selected == "40 people left"
        await desk.press("s")
        assert desk.stored == [("statistic", "40 people left")]


async def test_a_tag_of_a_mark_focuses_it_even_where_two_start(db: Path) -> None:
    mark(db, "40 people")
    mark(db, "40 people left", "statistic")
    async with reader(db) as desk:
        await desk.press("'")
        tags = [tag.letters for tag in desk.view.overlays.tags]
        assert len(tags) == 2
        await desk.type(tags[1])
        assert desk.focused == ("statistic", "40 people left")
        await desk.press("'")
        await desk.type(desk.view.overlays.tags[0].letters)
        assert desk.focused == ("claim", "40 people")


async def test_esc_and_a_wrong_letter_leave_all_as_it_was(db: Path) -> None:
    mark(db, "40 people")
    async with reader(db) as desk:
        await desk.press("]", "f", "!")
        assert "No tag" in desk.said
        await desk.press("a", "backspace", "escape")
        assert desk.focused == ("claim", "40 people")
        assert desk.view.caret == desk.text.index("40 people")
        assert desk.view.overlays.tags == ()


async def test_tags_move_nothing_and_letters_that_were_typed_narrow_them(db: Path) -> None:
    async with reader(db, size=(50, 20)) as desk:
        await desk.press("l")
        before = [desk.view.render_line(y).text for y in range(20)]
        await desk.press("f")
        letters = tag_of(desk, "home")
        after = [desk.view.render_line(y).text for y in range(20)]
        assert any(letters in row for row in after)
        assert [cell_len(row) for row in after] == [desk.view.size.width] * 20
        spaces = [i for i, cell in enumerate(before[0]) if cell == " "]
        assert len(spaces) > 10
        assert before != after
        count = len(desk.view.overlays.tags)
        await desk.press(letters[0])
        assert 0 < len(desk.view.overlays.tags) < count
        await desk.press("escape")
        assert [desk.view.render_line(y).text for y in range(20)] == before


async def test_nothing_to_tag_says_so(tmp_path: Path) -> None:
    path = tmp_path / "b.db"
    build(path, ["…\n\n—\n"])
    async with reader(path) as desk:
        for key in "fF":
            await desk.press(key)
            assert "nothing on the screen to tag" in desk.said
            assert desk.screen.mode is None
        await desk.press("'")
        assert "There are no marks yet" in desk.said


async def test_a_tag_that_stands_beside_another_leads_to_the_start_of_its_mark(
    tmp_path: Path,
) -> None:
    path = tmp_path / "marks.db"
    build(path, ["a\u0301\u0301\u0301 word " * 3])
    mark(path, "a\u0301\u0301\u0301")
    mark(path, "a\u0301\u0301\u0301 word")
    async with reader(path) as desk:
        for rank in (0, 1):
            await desk.press("'")
            await desk.type(desk.view.overlays.tags[rank].letters)
            assert desk.view.caret == 0
            assert desk.focused is not None
