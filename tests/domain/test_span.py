"""Spans are half-open runs of code points, and fragments are kept in order."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotui.domain.span import FRAGMENT_JOINT, Span, hull, normalise, quote_of
from annotui.errors import SpanError

SPAN = st.tuples(st.integers(0, 30), st.integers(1, 10)).map(lambda s: Span(s[0], s[0] + s[1]))
SPANS = st.lists(SPAN, min_size=1, max_size=6)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 2), (-1, 2), (-3, -1)])
def test_a_span_is_never_empty_backwards_or_before_the_text(start: int, end: int) -> None:
    with pytest.raises(SpanError):
        Span(start, end)


@given(SPAN, SPAN)
def test_overlapping_containing_and_covering_agree_with_sets(one: Span, other: Span) -> None:
    first, second = set(range(one.start, one.end)), set(range(other.start, other.end))
    assert len(one) == len(first)
    assert one.overlaps(other) == bool(first & second)
    assert one.contains(other) == (second <= first)
    assert [one.covers(offset) for offset in range(41)] == [o in first for o in range(41)]


@given(SPANS)
def test_normalising_keeps_the_code_points_and_orders_the_runs(spans: list[Span]) -> None:
    runs = normalise(spans)
    assert {o for s in spans for o in range(s.start, s.end)} == {
        o for run in runs for o in range(run.start, run.end)
    }
    assert all(left.end < right.start for left, right in pairwise(runs))
    assert normalise(runs) == runs == normalise(reversed(spans))
    assert hull(spans) == hull(runs) == Span(runs[0].start, runs[-1].end)


@given(SPANS, st.text(min_size=45, max_size=50))
def test_a_quote_is_its_slices(spans: list[Span], text: str) -> None:
    runs = normalise(spans)
    assert quote_of(text, runs) == FRAGMENT_JOINT.join(text[r.start : r.end] for r in runs)
    assert quote_of(text, spans[:1]) == text[spans[0].start : spans[0].end] == spans[0].slice(text)


def test_a_quote_from_behind_the_text_is_refused() -> None:
    assert quote_of("abc", [Span(1, 3)]) == "bc"
    with pytest.raises(SpanError, match="ends behind the text"):
        quote_of("abc", [Span(0, 1), Span(2, 4)])
