"""What holds for units, motions, trimming and growing in every text."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from segment_texts import texts

from annotui.domain.segment import Segmenter, Unit, grapheme_floor
from annotui.domain.span import Span

APART = [Unit.GRAPHEME, Unit.WORD, Unit.CLAUSE, Unit.SENTENCE, Unit.PARAGRAPH]


def all_units(segmenter: Segmenter, unit: Unit, text: str) -> list[Span]:
    found, offset = [], -1
    while (offset := segmenter.next_start(unit, offset)) < len(text):
        span = segmenter.at(unit, offset)
        assert span is not None
        assert span.start == offset or unit is Unit.QUOTATION
        found.append(span)
    return found


def spans_of(text: str) -> Iterator[Span]:
    for start in range(0, len(text), 3):
        for length in (1, 2, 5, 17):
            if start + length <= len(text):
                yield Span(start, start + length)


@pytest.mark.parametrize("unit", APART)
@settings(deadline=None)
@given(text=texts)
def test_units_are_apart_inside_the_text_and_on_grapheme_edges(unit: Unit, text: str) -> None:
    units = all_units(Segmenter(text), unit, text)
    edges = [edge for span in units for edge in (span.start, span.end)]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(text) for edge in edges)
    assert all(grapheme_floor(text, edge) == edge for edge in edges)


@pytest.mark.parametrize("unit", list(Unit))
@settings(deadline=None)
@given(text=texts)
def test_motions_make_progress_and_agree_with_the_units(unit: Unit, text: str) -> None:
    segmenter = Segmenter(text)
    end = len(text)
    starts = {segmenter.next_start(unit, offset) for offset in range(-1, end)} - {end}
    ends = {segmenter.next_end(unit, offset) for offset in range(end)}
    for offset in range(end + 1):
        fresh = Segmenter(text)
        assert fresh.next_start(unit, offset) == min((s for s in starts if s > offset), default=end)
        assert fresh.previous_start(unit, offset) == max(
            (s for s in starts if s < offset), default=0
        )
        assert fresh.next_end(unit, offset) == min((e for e in ends if e > offset), default=end)
        assert fresh.previous_end(unit, offset) == max((e for e in ends if e < offset), default=0)


@pytest.mark.parametrize("unit", APART)
@settings(deadline=None)
@given(text=texts)
def test_a_unit_covers_the_offset_or_is_a_neighbour(unit: Unit, text: str) -> None:
    segmenter = Segmenter(text)
    units = all_units(segmenter, unit, text)
    for offset in range(len(text) + 1):
        before = [span for span in units if span.start <= offset]
        after = [span for span in units if span.start > offset]
        assert segmenter.at(unit, offset) in (*before[-1:], *after[:1], *([] if after else [None]))
        if before and before[-1].covers(offset):
            assert segmenter.at(unit, offset) == before[-1]


@settings(deadline=None)
@given(texts)
def test_the_innermost_quotation_covers_the_offset(text: str) -> None:
    segmenter = Segmenter(text)
    for offset in range(len(text) + 1):
        span = segmenter.at(Unit.QUOTATION, offset)
        assert span is None or (span.covers(offset) and span.end <= len(text))


@settings(deadline=None)
@given(texts)
def test_sentences_and_clauses_hold_every_visible_character(text: str) -> None:
    segmenter = Segmenter(text)
    visible = {offset for offset, character in enumerate(text) if not character.isspace()}
    for unit in (Unit.CLAUSE, Unit.SENTENCE, Unit.PARAGRAPH):
        units = all_units(segmenter, unit, text)
        assert visible <= {offset for span in units for offset in range(span.start, span.end)}


@pytest.mark.parametrize(
    ("inner", "outer"),
    [
        (Unit.GRAPHEME, Unit.WORD),
        (Unit.WORD, Unit.CLAUSE),
        (Unit.CLAUSE, Unit.SENTENCE),
        (Unit.SENTENCE, Unit.PARAGRAPH),
    ],
)
@settings(deadline=None)
@given(text=texts)
def test_units_nest(inner: Unit, outer: Unit, text: str) -> None:
    segmenter = Segmenter(text)
    outer_units = all_units(segmenter, outer, text)
    for span in all_units(segmenter, inner, text):
        overlapping = [unit for unit in outer_units if unit.overlaps(span)]
        assert all(unit.contains(span) for unit in overlapping)
        assert overlapping or inner is Unit.GRAPHEME


@settings(deadline=None)
@given(texts)
def test_trimming_twice_is_trimming_once(text: str) -> None:
    segmenter = Segmenter(text)
    for span in spans_of(text):
        trimmed = segmenter.trim(span)
        if trimmed is None:
            assert span.slice(text).isspace()
        else:
            assert span.contains(trimmed)
            assert segmenter.trim(trimmed) == trimmed
            assert trimmed.slice(text).strip()


@settings(deadline=None)
@given(texts)
def test_a_span_grows_strictly_to_units_that_hold_it(text: str) -> None:
    segmenter = Segmenter(text)
    for span in spans_of(text):
        inner = span
        for step in segmenter.ladder(span):
            assert step.contains(inner)
            assert step != inner
            assert segmenter.trim(step) == step
            inner = step


@settings(deadline=None)
@given(texts, st.integers(-5, 5))
def test_offsets_outside_the_text_do_no_harm(text: str, beyond: int) -> None:
    segmenter = Segmenter(text)
    outside = beyond if beyond < 0 else len(text) + beyond
    motions: list[Callable[[Unit, int], int]] = [
        segmenter.next_start,
        segmenter.previous_start,
        segmenter.next_end,
        segmenter.previous_end,
    ]
    for unit in Unit:
        segmenter.at(unit, outside)
        assert all(0 <= motion(unit, outside) <= len(text) for motion in motions)


TRIMMED = [
    ("[ he said, ]“X”", "he said"),
    ("[“X,” ]said Trump", "“X,”"),
    ("“[X,” ]said Trump", "X"),
    ("[“It’s funny ]that it is,” he said", "It’s funny"),
    ("“that it is[ attractive,” he said.]", "attractive,” he said."),
    ("Novaya Gazetta [– who reported – ]has", "– who reported"),
    ("the [workers’ ]union", "workers’"),
    ("the [’90s; ]then", "’90s"),
    ("well[ , ]then", ","),
    ("[LGBT+ ]people", "LGBT+"),
    ("[He left.]", "He left."),
    ("[(he left),] she", "(he left)"),
    ("“They do not see [where the truth is”.]", "where the truth is"),
    ("[“They do not see where the truth is”.]", "“They do not see where the truth is”."),
    ("Did she say “they [were all lost”?]", "were all lost"),
    ("„Er sagte, [sie kämen nicht“.]", "sie kämen nicht"),
]


@pytest.mark.parametrize(("marked", "trimmed"), TRIMMED)
def test_trimming_takes_what_the_unit_left_there(marked: str, trimmed: str) -> None:
    start, end = marked.index("["), marked.index("]") - 1
    text = marked.replace("[", "").replace("]", "")
    span = Segmenter(text).trim(Span(start, end))
    assert span is not None
    assert span.slice(text) == trimmed


def test_a_span_grows_from_word_to_paragraph() -> None:
    text = "He left. “It isn’t true, and we know it. Nobody came,” she added, smiling. So be it."
    start = text.index("true")
    steps = Segmenter(text).ladder(Span(start, start + 2))
    assert [step.slice(text) for step in steps] == [
        "true",
        "It isn’t true",
        "It isn’t true, and we know it.",
        "“It isn’t true, and we know it. Nobody came,”",
        "“It isn’t true, and we know it. Nobody came,” she added, smiling.",
        text,
    ]


def test_a_span_in_a_quotation_over_paragraphs_grows_to_all_of_it() -> None:
    text = "“The first one.\n\n“The second one. It ends,” he said."
    start = text.index("first")
    grown = [step.slice(text) for step in Segmenter(text).ladder(Span(start, start + 2))]
    assert grown == ["first", "The first one.", text[: text.index(" he said")]]


@pytest.mark.parametrize("unit", [Unit.WORD, Unit.CLAUSE, Unit.SENTENCE])
@given(text=texts, first=st.integers(0, 40), length=st.integers(1, 60))
def test_units_that_start_in_a_span_are_those_that_steps_find(
    unit: Unit, text: str, first: int, length: int
) -> None:
    segmenter, span = Segmenter(text), Span(first, first + length)
    stepped = []
    start = segmenter.next_start(unit, span.start - 1)
    while start < min(span.end, len(text)):
        stepped.append((start, segmenter.next_end(unit, start)))
        start = segmenter.next_start(unit, start)
    assert list(segmenter.starting_in(unit, span)) == stepped
