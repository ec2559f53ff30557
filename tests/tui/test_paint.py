"""``paint``: a row becomes a strip that is exactly as wide as the view."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter, Monochrome
from textual.strip import Strip

from annotui.domain.annotation import Annotation
from annotui.domain.annotation_index import AnnotationIndex
from annotui.domain.label_scheme import LabelScheme, default_scheme
from annotui.domain.span import Span, hull
from annotui.domain.visible import visible
from annotui.tui.widgets.alignment import DISPUTED_STYLES, AlignedStrip
from annotui.tui.widgets.lanes import Lanes
from annotui.tui.widgets.paint import Frame, RowLook, paint
from annotui.tui.widgets.palette import (
    FOCUSED_DIFFERENCE,
    GROUND_DIFFERENCE,
    TEXT_CONTRAST,
    Palette,
    contrast,
    difference,
)
from annotui.tui.widgets.rows import RowMap

DARK = Palette(
    default_scheme(),
    Color.parse("#121212"),
    Color.parse("#e0e0e0"),
    Color.parse("#808080"),
    Color.parse("#0a4f80"),
)
LIGHT = Palette(
    default_scheme(),
    Color.parse("#e0e0e0"),
    Color.parse("#202020"),
    Color.parse("#707070"),
    Color.parse("#6a90a8"),
)
PLAIN = Palette(
    default_scheme(), DARK.background, DARK.foreground, DARK.muted, DARK.selection, grounds=False
)
ME = frozenset({"me"})
LABELS = ("claim", "denial", "statistic", "attribution", "unknown")


def mark(number: int, label: str, *runs: Span, who: str = "me") -> Annotation:
    whole = hull(runs)
    fragments = runs if len(runs) > 1 else ()
    return Annotation(
        f"a{number}", "d", label, whole.start, whole.end, "", who, fragments=fragments
    )


def painted(
    text: str,
    annotations: list[Annotation],
    width: int = 60,
    *,
    palette: Palette = DARK,
    caret: int = -1,
    selection: Span | None = None,
    focused_id: str = "",
) -> list[Strip]:
    frame = Frame.of(width, 88)
    rows = RowMap(text, frame.measure)
    lanes = Lanes(rows, AnnotationIndex(annotations), ME, frame.lanes)
    strips = []
    row = 0
    while row == 0 or row < rows.row_count:
        start, end = rows.bounds(row)
        part = None
        if selection and selection.start < end and start < selection.end:
            part = (max(start, selection.start), min(end, selection.end))
        here = start <= caret < end or start <= caret == end == len(text)
        look = RowLook(
            start, end, lanes.marks_of(start, end), caret if here else -1, part, focused_id
        )
        strips.append(paint(rows.drawn(row), look, palette, frame))
        row += 1
    return strips


def style_at(strip: Strip, column: int) -> Style:
    at = 0
    for segment in strip:
        at += cell_len(segment.text)
        if at > column:
            assert segment.style is not None
            return segment.style
    raise AssertionError(f"no column {column}")


def text_column(width: int = 60) -> int:
    return Frame.of(width, 88).text_column


alphabet = st.sampled_from(
    [
        *"abc .“”—",
        "\n",
        "\t",
        "\r",
        "\x1b",
        "\u2028",
        "\u202e",
        "世",
        "e\u0301",
        "\u0301",
        "👩\u200d🚀",
        "a\u200d",
        "❤\ufe0f",
        "🇺🇸",
        "क्षि",
        "ᄒ\u1161",
        "مَ",
        "שָׁ",
        "\u200b",
        "\ufe0f",
        "word ",
    ]
)


@st.composite
def articles(draw: st.DrawFn) -> tuple[str, list[Annotation]]:
    text = "".join(draw(st.lists(alphabet, min_size=1, max_size=60)))
    annotations = []
    for number in range(draw(st.integers(0, 8))):
        edges = draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=4, unique=True))
        edges = sorted(edges)[: len(edges) // 2 * 2]
        runs = [Span(low, high) for low, high in zip(edges[::2], edges[1::2], strict=True)]
        who = draw(st.sampled_from(["me", "you"]))
        annotations.append(mark(number, draw(st.sampled_from(LABELS)), *runs, who=who))
    return text, annotations


@settings(max_examples=200, deadline=None)
@given(articles(), st.integers(1, 100), st.data())
def test_a_strip_is_as_wide_as_the_view(
    article: tuple[str, list[Annotation]], width: int, data: st.DataObject
) -> None:
    text, annotations = article
    caret = data.draw(st.integers(-1, len(text)))
    low, high = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    selection = Span(low, high) if low < high else None
    palette = data.draw(st.sampled_from([DARK, LIGHT, PLAIN]))
    focused = data.draw(st.sampled_from(["", "a0", "a3"]))
    strips = painted(
        text,
        annotations,
        width,
        palette=palette,
        caret=caret,
        selection=selection,
        focused_id=focused,
    )
    for strip in strips:
        assert strip.cell_length == width
        assert sum(cell_len(segment.text) for segment in strip) == width
        assert not any(segment.control for segment in strip)


@settings(max_examples=200, deadline=None)
@given(articles(), st.integers(40, 100))
def test_what_is_drawn_is_the_visible_text(
    article: tuple[str, list[Annotation]], width: int
) -> None:
    text, annotations = article
    frame = Frame.of(width, 88)
    rows = RowMap(text, frame.measure)
    for row, strip in enumerate(painted(text, annotations, width, caret=0)):
        drawn = rows.drawn(row)
        gutter, shown = strip.text[: frame.text_column], strip.text[frame.text_column :]
        assert cell_len(gutter) == frame.text_column
        content = visible(text[drawn.start : drawn.content_end], tab=" ").strip()
        if "\t" in text[drawn.start : drawn.content_end]:
            assert shown.split() == content.split()
        else:
            assert shown.strip() == content


def test_the_innermost_mark_colours_the_ground_and_the_outer_one_underlines() -> None:
    text = "one two three four five"
    outer, inner = mark(1, "attribution", Span(0, 23)), mark(2, "claim", Span(8, 13))
    (strip,) = painted(text, [outer, inner])
    at = text_column()
    alone, both = style_at(strip, at), style_at(strip, at + 8)
    (only_inner,) = painted(text, [inner])
    assert both.bgcolor == style_at(only_inner, at + 8).bgcolor != alone.bgcolor
    assert both.underline
    assert not alone.underline
    assert not style_at(only_inner, at + 8).underline


def test_three_deep_crossing_and_identical_marks_each_have_a_lane() -> None:
    text = "one two three four five"
    nested = [mark(1, "claim", Span(0, 23)), mark(2, "denial", Span(4, 18))]
    nested.append(mark(3, "statistic", Span(8, 13)))
    assert painted(text, nested)[0].text[:4] == " %¬!"
    crossing = [mark(1, "claim", Span(0, 13)), mark(2, "denial", Span(8, 23))]
    assert painted(text, crossing)[0].text[:4] == "  ¬!"
    same = [mark(1, "claim", Span(0, 13)), mark(2, "denial", Span(0, 13))]
    assert painted(text, same)[0].text[:4] == "  ¬!"
    assert style_at(painted(text, same)[0], text_column()).underline


def test_each_annotator_has_a_lane_with_ones_own_nearest_to_the_text() -> None:
    marks = [
        mark(1, "claim", Span(0, 3)),
        mark(2, "denial", Span(0, 3), who="amy"),
        mark(3, "claim", Span(0, 7), who="bob"),
        mark(4, "denial", Span(70, 73), who="amy"),
        mark(5, "claim", Span(140, 143)),
        mark(6, "claim", Span(141, 143)),
    ]
    lines = [strip.text[: text_column() - 1] for strip in painted("one two " * 30, marks)]
    assert lines[0][-3:] == "!¬!"
    assert lines[1][-3:] == " ¬ "
    assert lines[2].replace(" ", "") == "!!"


def test_more_marks_than_lanes_say_so() -> None:
    text = "one two three four five"
    many = [mark(number, "claim", Span(number, 20)) for number in range(6)]
    assert painted(text, many)[0].text[:4] == "+!!!"


def test_a_mark_of_several_rows_has_a_line_and_its_gap_a_dotted_one() -> None:
    text = "word " * 60
    lanes = [strip.text[3] for strip in painted(text, [mark(1, "claim", Span(0, 200))])]
    assert lanes[:5] == ["!", "│", "│", "╵", " "]
    apart = mark(1, "claim", Span(0, 5), Span(200, 205))
    lanes = [strip.text[3] for strip in painted(text, [apart])]
    assert lanes[:5] == ["!", "┊", "┊", "└", " "]
    focused = [strip.text[3] for strip in painted(text, [apart], focused_id="a1")]
    assert focused[:5] == ["!", "┋", "┋", "┗", " "]
    three = mark(1, "claim", Span(0, 5), Span(120, 125), Span(200, 205))
    assert [strip.text[3] for strip in painted(text, [three])][:4] == ["!", "┊", "├", "└"]


def test_between_fragments_the_ground_is_faint_where_no_mark_is() -> None:
    text = "one two three four five six"
    apart = mark(1, "claim", Span(0, 3), Span(14, 18))
    between = mark(2, "denial", Span(8, 13))
    at = text_column()
    (strip,) = painted(text, [apart, between])
    (focused,) = painted(text, [apart, between], focused_id="a1")
    gap, fragment, held = (
        difference(Color.from_rich_color(style_at(one, column).bgcolor), DARK.background)
        for one, column in ((strip, at + 4), (strip, at + 14), (focused, at + 4))
    )
    assert 3 < gap < held < fragment
    (alone,) = painted(text, [between])
    assert style_at(strip, at + 8) == style_at(alone, at + 8)
    assert style_at(strip, at + 19).bgcolor == DARK.background.rich_color


def test_a_mark_right_behind_one_with_its_label_begins_with_a_seam() -> None:
    text = "onetwo three"
    for palette in (DARK, LIGHT, PLAIN):
        marks = [mark(1, "claim", Span(0, 3)), mark(2, "claim", Span(3, 6))]
        (strip,) = painted(text, marks, palette=palette)
        at = text_column()
        assert style_at(strip, at + 2) == style_at(strip, at + 4) != style_at(strip, at + 3)
    (apart,) = painted(text, [mark(1, "claim", Span(0, 3)), mark(2, "denial", Span(3, 6))])
    assert style_at(apart, at + 3) == style_at(apart, at + 4)


def test_three_marks_on_one_another_have_a_double_line() -> None:
    text = "one two three four five"
    marks = [mark(1, "claim", Span(0, 23)), mark(2, "denial", Span(4, 18))]
    marks.append(mark(3, "statistic", Span(8, 13)))
    (strip,) = painted(text, marks)
    lines = [
        (bool(style.underline), bool(style.underline2))
        for style in (style_at(strip, text_column() + at) for at in (0, 4, 8))
    ]
    assert lines == [(False, False), (True, False), (True, True)]


def test_a_mark_without_a_lane_gets_one_as_soon_as_one_is_free() -> None:
    text = "word " * 60
    early = [mark(number, "claim", Span(number * 5, number * 5 + 4)) for number in range(4)]
    late = mark(9, "denial", Span(22, 200))
    strips = painted(text, [*early, late])
    assert [strip.text[:4] for strip in strips][:4] == ["+!!!", "   ¬", "   │", "   ╵"]


@pytest.mark.parametrize("palette", [DARK, LIGHT, PLAIN])
def test_the_gutter_shows_which_mark_is_focused(palette: Palette) -> None:
    text = "one two three four five " * 8
    many = [mark(number, "claim", Span(number, 150)) for number in range(6)]
    for focused_id, lane in (("a0", 3), ("a1", 2), ("a5", 0)):
        strips = painted(text, many, palette=palette, focused_id=focused_id)
        reversed_lanes = [at for at in range(4) if style_at(strips[0], at).reverse]
        assert reversed_lanes == [lane]


def test_in_greys_text_under_marks_of_others_only_is_duller() -> None:
    palette = replace(DARK, coloured=False, _styles={}, _lane_styles={})
    marks = [mark(1, "claim", Span(0, 3)), mark(2, "claim", Span(4, 7), who="you")]
    (strip,) = painted("one two", marks, palette=palette)
    own, others = (
        Color.from_rich_color(style_at(strip, text_column() + at).color) for at in (0, 4)
    )
    assert contrast(others, palette.background) < contrast(own, palette.background)


def test_marks_of_others_have_a_faint_grey_ground_and_no_line() -> None:
    (strip,) = painted("one two", [mark(1, "claim", Span(0, 3), who="you")])
    style = style_at(strip, text_column())
    assert not style.underline
    assert style.bgcolor is not None
    ground = Color.from_rich_color(style.bgcolor)
    assert 5 < difference(ground, DARK.background) < GROUND_DIFFERENCE / 2


def test_a_line_under_an_own_mark_says_that_somebody_elses_is_there_too() -> None:
    both = [mark(1, "claim", Span(0, 3)), mark(2, "denial", Span(0, 3), who="you")]
    (strip,) = painted("one two", both)
    assert style_at(strip, text_column()).underline


@pytest.mark.parametrize("palette", [DARK, LIGHT])
@pytest.mark.parametrize("label", LABELS[:4])
def test_grounds_are_seen_and_text_on_them_is_read(palette: Palette, label: str) -> None:
    one = mark(1, label, Span(0, 3))
    for focused_id, least in (("", GROUND_DIFFERENCE), ("a1", FOCUSED_DIFFERENCE)):
        (strip,) = painted("one two", [one], palette=palette, focused_id=focused_id)
        style = style_at(strip, text_column())
        assert style.color is not None
        assert style.bgcolor is not None
        ground = Color.from_rich_color(style.bgcolor)
        assert difference(ground, palette.background) >= min(least, 40)
        assert contrast(ground, Color.from_rich_color(style.color)) >= min(TEXT_CONTRAST, 4.5)
        assert bool(style.bold) >= bool(focused_id)


def test_labels_differ_without_colour() -> None:
    looks = set()
    for label in LABELS[:4]:
        (strip,) = painted("one two", [mark(1, label, Span(0, 3))])
        style = style_at(strip, text_column())
        looks.add((bool(style.bold), bool(style.italic)))
    assert len(looks) == 4


@pytest.mark.parametrize("base", [DARK, LIGHT])
def test_in_greys_marks_selection_and_focus_are_steps_apart(base: Palette) -> None:
    palette = replace(base, coloured=False, _styles={}, _lane_styles={})
    text = "one two three four five six"
    marks = [
        mark(1, "claim", Span(0, 3)),
        mark(2, "denial", Span(4, 7)),
        mark(3, "claim", Span(8, 13)),
    ]
    (strip,) = painted(text, marks, palette=palette, selection=Span(14, 18), focused_id="a3")
    grounds = [style_at(strip, text_column() + at).bgcolor for at in (0, 4, 14, 8)]
    claim, denial, selected, focused = (
        difference(Color.from_rich_color(ground), base.background) for ground in grounds
    )
    assert claim == denial
    assert 10 < claim < selected - 10 < focused - 20


def test_without_grounds_marks_selection_and_focus_still_show() -> None:
    text = "one two three four five six"
    marks = [
        mark(1, "claim", Span(0, 13)),
        mark(2, "denial", Span(4, 7)),
        mark(3, "claim", Span(19, 23)),
    ]
    (strip,) = painted(
        text, marks, palette=PLAIN, selection=Span(24, 27), focused_id="a3", caret=25
    )
    at = text_column()
    assert style_at(strip, at).underline
    assert style_at(strip, at + 4).underline2
    assert not style_at(strip, at + 14).underline
    assert style_at(strip, at + 19).reverse
    assert style_at(strip, at + 24).reverse
    assert not style_at(strip, at + 25).reverse  # the caret in a reversed selection


def test_the_selection_wins_over_marks_and_the_caret_over_both() -> None:
    (strip,) = painted("one two", [mark(1, "claim", Span(0, 7))], selection=Span(0, 3), caret=2)
    at = text_column()
    assert style_at(strip, at).bgcolor == DARK.selection.rich_color
    assert style_at(strip, at + 2).reverse
    assert style_at(strip, at + 4).bgcolor != DARK.selection.rich_color


@pytest.mark.parametrize("text", ["ab", "", "ab\n"])
def test_the_caret_stands_behind_the_last_character(text: str) -> None:
    strip = painted(text, [], caret=len(text))[-1]
    column = text_column() + (0 if text.endswith("\n") else len(text))
    assert style_at(strip, column).reverse
    assert sum(bool(segment.style and segment.style.reverse) for segment in strip) == 1


def test_the_caret_covers_the_whole_cluster() -> None:
    (strip,) = painted("a👩\u200d🚀b", [], caret=2)
    (caret,) = [segment for segment in strip if segment.style and segment.style.reverse]
    assert caret.text == "👩\u200d🚀"


def test_spaces_at_which_a_row_was_broken_are_not_tinted() -> None:
    text = "word " * 30
    strip = painted(text, [mark(1, "claim", Span(0, 100))])[0]
    end = text_column() + len(strip.text[text_column() :].rstrip())
    assert style_at(strip, end - 1).bgcolor != DARK.background.rich_color
    assert style_at(strip, end).bgcolor == DARK.background.rich_color


def test_disputed_clusters_are_drawn_between_set_columns() -> None:
    console = Console(color_system="truecolor", force_terminal=True)
    (strip,) = painted("ab👍🏽cd", [])
    disputed = [segment for segment in strip if segment.style and segment.style._meta]
    assert [segment.text for segment in disputed] == ["👍🏽"]
    aligned = AlignedStrip(strip, strip.cell_length, 10)
    column = 10 + text_column() + 2
    data = aligned.render(console)
    assert f"\x1b[{column + 1}G" in data
    assert f"\x1b[{column + 3}G" in data
    assert "\x1b[" not in aligned.text
    left, right = aligned.divide([text_column() + 2, 60])
    assert f"\x1b[{column + 3}G" in right.render(console)
    assert "G" not in left.render(console)
    cropped = aligned.crop(3, 40)
    assert f"\x1b[{column + 3}G" in cropped.render(console)
    assert cropped.cell_length == 37


@pytest.mark.parametrize("dropped", [None, Monochrome()])
def test_a_terminal_that_measures_otherwise_keeps_the_columns(dropped: LineFilter | None) -> None:
    """pyte adds up code points, so it gives most of these clusters another width than Rich."""
    text = "one 👍🏽 two 👩\u200d🚀 three ❤\ufe0f four 1\ufe0f\u20e3 five 🇺🇸 six क्षि end|"
    (strip,) = painted(text, [mark(1, "claim", Span(4, 30))], 100)
    if dropped is not None:
        strip = strip.apply_filter(dropped, DARK.background)
    screen = pyte.Screen(100, 1)
    console = Console(color_system="truecolor", force_terminal=True)
    pyte.Stream(screen).feed(AlignedStrip(strip, 100).render(console))
    row = RowMap(text, 88).drawn(0)
    for offset in (0, text.index("two"), text.index("five"), text.index("six"), text.index("|")):
        column = text_column(100) + row.column_of(offset)
        assert screen.buffer[0][column].data == text[offset]


def test_plain_text_needs_no_set_columns() -> None:
    (strip,) = painted("“Curly” — and naïve, 世界, e\u0301", [])
    assert not any(segment.style and segment.style._meta for segment in strip)
    assert all(style.meta for style in DISPUTED_STYLES)


def test_a_run_of_disputed_clusters_keeps_each_in_its_column() -> None:
    (strip,) = painted("👍🏽" * 20 + "|", [], 100)
    screen = pyte.Screen(100, 1)
    console = Console(color_system="truecolor", force_terminal=True)
    for drawn in (strip, strip.simplify()):
        pyte.Stream(screen).feed("\r" + AlignedStrip(drawn, 100).render(console))
        assert screen.buffer[0][text_column(100) + 40].data == "|"


def test_labels_that_the_scheme_does_not_know_are_drawn() -> None:
    palette = Palette(LabelScheme(()), DARK.background, DARK.foreground, DARK.muted, DARK.selection)
    (strip,) = painted("one two", [mark(1, "odd", Span(0, 3))], palette=palette)
    assert strip.text[3] == "•"


def test_frames_share_out_any_width() -> None:
    frames = [Frame.of(width, 88) for width in range(1, 300)]
    for width, frame in enumerate(frames, start=1):
        assert 1 <= frame.measure <= 88
        assert width == 1 or frame.text_column + frame.measure < width
    assert all(before.measure <= after.measure + 3 for before, after in pairwise(frames))
