"""``RowMap``: every code point is on one row, and no row is wider than the view."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from wcwidth import iter_graphemes, wcwidth

from annotui.domain.visible import visible
from annotui.tui.widgets import clusters, rows
from annotui.tui.widgets.rows import RowMap

PIECES = [
    *"ab .,-“”’—é",
    " ",
    "   ",
    "\n",
    "\n\n",
    "\t",
    "\r",
    "\x00",
    "\x1b[1m",
    "\x85",
    "\x0c",
    "\u2028",
    "\u202e",
    "\u200b",
    "\u00ad",
    "e\u0301\u0301",
    "\u0301",
    "\u200d",
    "\u200c",
    "\ufe0f",
    "世",
    "界。",
    "（「",
    "\u3000",
    "한",
    "ᄒ\u1161\u11ab",
    "👩\u200d🚀",
    "👍🏽",
    "❤\ufe0f",
    "1\ufe0f\u20e3",
    "🇺🇸",
    "🇺",
    "क्षि",
    "नमस्ते",
    "مَرْحَبًا",
    "שָׁלוֹם",
    "\u0600",
    "word",
    "unbreakablylongword" * 3,
    "z" + "\u0300" * 150,
]
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=40).map("".join)
widths = st.integers(1, 100)
plain = settings(max_examples=150, deadline=None)


def laid_out(text: str, width: int) -> RowMap:
    row_map = RowMap(text, width)
    while row_map.lay_out_next():
        pass
    return row_map


def all_bounds(row_map: RowMap) -> list[tuple[int, int]]:
    return [row_map.bounds(row) for row in range(row_map.row_count)]


@plain
@given(texts, widths)
@example("", 1)
@example("\n", 1)
@example("a\n", 3)
@example("世", 1)
def test_every_code_point_is_on_exactly_one_row(text: str, width: int) -> None:
    bounds = all_bounds(laid_out(text, width))
    assert bounds[0][0] == 0
    assert bounds[-1][1] == len(text)
    for (start, end), (following, _) in pairwise(bounds):
        assert start < end == following
    assert (bounds[-1][0] == len(text)) == (not text or text[-1] == "\n")


@plain
@given(texts, widths)
def test_offset_to_row_to_offset_is_the_identity(text: str, width: int) -> None:
    row_map = laid_out(text, width)
    for offset in range(len(text) + 1):
        row = row_map.row_of(offset)
        start, end = row_map.bounds(row)
        assert start <= offset < end or offset == end == len(text)
        assert row_map.row_start(offset) == start
        assert row_map.row_of(start) == row


@plain
@given(texts, widths)
def test_no_row_is_wider_than_the_view(text: str, width: int) -> None:
    row_map = laid_out(text, width)
    for row in range(row_map.row_count):
        drawn = row_map.drawn(row)
        assert drawn.width_cells <= width
        shown = [drawn.drawn(i, i + 1) for i in range(len(drawn.edges) - 1)]
        cells = [after - before for before, after in pairwise(drawn.columns)]
        assert [cell_len(part) for part in shown] == cells
        assert cell_len("".join(shown)) <= width


@plain
@given(texts, st.integers(8, 100))
def test_a_row_is_drawn_as_it_is_visible(text: str, width: int) -> None:
    row_map = laid_out(text, width)
    for row in range(row_map.row_count):
        drawn = row_map.drawn(row)
        for at, (start, end) in enumerate(pairwise(drawn.edges)):
            shown, expected = drawn.drawn(at, at + 1), visible(text[start:end], tab=" ")
            if text[start] == "\t" or (drawn.columns[at] == width and not expected.strip()):
                assert not shown.strip()
            else:
                assert shown == expected[: clusters.CLUSTER_LENGTH]


@plain
@given(texts, widths)
def test_a_column_leads_back_to_its_offset(text: str, width: int) -> None:
    row_map = laid_out(text, width)
    for row in range(row_map.row_count):
        drawn = row_map.drawn(row)
        for at, (edge, column) in enumerate(zip(drawn.edges, drawn.columns, strict=True)):
            is_alone = at + 1 < len(drawn.columns) and drawn.columns[at + 1] > column
            if is_alone:
                assert drawn.offset_at(column) == edge
                assert drawn.column_of(edge) == column
        assert drawn.start <= drawn.offset_at(10_000) == drawn.offset_at(width)
        assert row_map.row_of(drawn.offset_at(10_000)) == row
        assert row_map.row_of(drawn.last_offset) == row


@plain
@given(texts, st.integers(20, 100))
def test_lines_end_at_line_feeds_and_nowhere_else(text: str, width: int) -> None:
    for start, end in all_bounds(laid_out(text, width)):
        assert "\n" not in text[start : max(start, end - 1)]


@plain
@given(texts, widths, st.data())
def test_the_order_of_layout_does_not_matter(text: str, width: int, data: st.DataObject) -> None:
    whole = laid_out(text, width)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "CHUNK_LENGTH", 16)
        row_map = RowMap(text, width)
        for offset in data.draw(st.lists(st.integers(0, len(text)), max_size=4)):
            start, end = row_map.bounds(row_map.row_of(offset))
            assert start <= offset <= end
        while row_map.lay_out_next():
            pass
        assert row_map.complete
        cuts = set(row_map._chunk_starts)
        starts = {start for start, _ in all_bounds(row_map)}
    line_starts = {0} | {match.end() for match in re.finditer("\n", text)}
    assert line_starts <= starts
    if cuts <= line_starts:
        assert starts == {start for start, _ in all_bounds(whole)}


@plain
@given(texts)
def test_a_wide_row_breaks_only_at_line_feeds(text: str) -> None:
    row_map = laid_out(text, 10_000)
    assert row_map.row_count == text.count("\n") + 1


def test_words_are_kept_whole_and_the_space_stays_on_the_row_before() -> None:
    text = "The dam is safe, the chief engineer insisted."
    row_map = laid_out(text, 16)
    assert [text[start:end] for start, end in all_bounds(row_map)] == [
        "The dam is safe, ",
        "the chief ",
        "engineer ",
        "insisted.",
    ]
    assert row_map.drawn(0).drawn(0, 17) == "The dam is safe,"


def test_a_caret_at_the_end_of_a_row() -> None:
    row_map = laid_out("one two\nthree", 4)
    assert row_map.drawn(0).last_offset == 3  # the space at which the row was broken
    assert row_map.drawn(1).last_offset == 7  # the line end
    assert row_map.drawn(3).last_offset == 13  # behind the text


def test_spaces_that_do_not_fit_hang_behind_the_row() -> None:
    row_map = laid_out("abcd" + " " * 20 + "efgh\n", 6)
    assert all_bounds(row_map) == [(0, 24), (24, 29), (29, 29)]
    drawn = row_map.drawn(0)
    assert drawn.width_cells == 6
    assert drawn.column_of(20) == 6


def test_a_tab_goes_on_to_the_next_multiple_of_four() -> None:
    drawn = laid_out("a\tbc\t\td", 40).drawn(0)
    assert drawn.drawn(0, 7) == "a   bc      d"
    assert drawn.column_of(2) == 4
    assert drawn.offset_at(2) == 1


def test_wide_characters_break_anywhere_but_before_closing_marks() -> None:
    text = "世界世界世界。世界"
    assert [text[start:end] for start, end in all_bounds(laid_out(text, 12))] == [
        "世界世界世",
        "界。世界",
    ]


def test_opening_in_the_middle_lays_out_one_chunk() -> None:
    text = "A line of news, not too long to be read.\n" * 100_000
    row_map = RowMap(text, 30)
    start, end = row_map.bounds(row_map.row_of(2_000_000))
    assert start <= 2_000_000 < end
    assert row_map._left == len(row_map._rows) - 1
    assert abs(row_map.row_count - 200_001) < 2_000


def test_rows_above_an_estimate_keep_their_numbers() -> None:
    text = "\n".join("word " * (number % 50) for number in range(5_000))
    row_map = RowMap(text, 20)
    row_map.row_of(0)
    before = [row_map.bounds(row) for row in range(100)]
    while row_map.lay_out_next():
        assert [row_map.bounds(row) for row in range(100)] == before


def test_the_fast_set_is_one_cell_each_and_never_joins() -> None:
    for span in re.finditer("(.)(?:-(.))?", clusters._SINGLE, re.DOTALL):
        for code in range(ord(span[1]), ord(span[2] or span[1]) + 1):
            character = chr(code)
            assert cell_len(character) == 1, hex(code)
            assert wcwidth(character) == 1, hex(code)
            assert visible(character) == character, hex(code)
            assert len(list(iter_graphemes("a" + character + "a"))) == 3, hex(code)
            assert len(list(iter_graphemes(character * 2))) == 2, hex(code)
