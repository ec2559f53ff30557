"""A span is found again by offsets or by what it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotui.domain.selector import by_position, by_quote
from annotui.domain.span import Span
from annotui.errors import SelectorError, SpanError

TEXT = "He said no. She said “no”. 👩‍👩‍👧 no."


def test_offsets_count_code_points() -> None:
    assert by_position(TEXT, 0, len(TEXT)) == Span(0, len(TEXT))
    assert by_position(TEXT, 27, 32).slice(TEXT) == "👩‍👩‍👧"


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (-1, 3, "not inside the text"),
        (0, len(TEXT) + 1, f"which has {len(TEXT)} characters"),
        (5, 5, "empty or backwards"),
        (6, 5, "empty or backwards"),
        (99, 98, "not inside"),
    ],
)
def test_offsets_that_make_no_span_are_refused(start: int, end: int, words: str) -> None:
    with pytest.raises(SpanError, match=words) as caught:
        by_position(TEXT, start, end)
    assert str(caught.value).endswith("Nothing was changed.")


def test_a_quote_that_is_there_once_is_found() -> None:
    assert by_quote(TEXT, "“no”") == Span(21, 25)
    assert by_quote(TEXT, "“no”", 1) == Span(21, 25)


@pytest.mark.parametrize(("occurrence", "start"), [(1, 8), (2, 22), (3, 33)])
def test_an_occurrence_counts_from_one(occurrence: int, start: int) -> None:
    assert by_quote(TEXT, "no", occurrence) == Span(start, start + 2)


@pytest.mark.parametrize(
    ("quote", "occurrence", "words"),
    [
        ("", None, "The quote is empty"),
        ('"no"', None, "is not in the article"),
        ("no", None, r"3 times, at 8, 22, 33\. .*--occurrence 1 to 3\.$"),
        ("said", None, r"2 times, .*--occurrence 1 or 2\.$"),
        ("no", 4, "3 times; there is no occurrence 4"),
        ("“no”", 2, "once; there is no occurrence 2"),
        ("no", 0, "count from 1, not 0"),
        ("no", -1, "count from 1, not -1"),
        ("x" * 500, None, "…"),
    ],
)
def test_a_quote_that_means_no_single_span_is_refused(
    quote: str, occurrence: int | None, words: str
) -> None:
    with pytest.raises(SelectorError, match=words):
        by_quote(TEXT, quote, occurrence)


@given(
    st.text(alphabet="ab", min_size=1, max_size=20), st.text(alphabet="ab", min_size=1, max_size=3)
)
def test_every_place_of_a_quote_can_be_named(text: str, quote: str) -> None:
    places = [i for i in range(len(text)) if text.startswith(quote, i)]
    for number, place in enumerate(places, 1):
        assert by_quote(text, quote, number) == Span(place, place + len(quote))
    if len(places) == 1:
        assert by_quote(text, quote) == Span(places[0], places[0] + len(quote))
    else:
        with pytest.raises(SelectorError):
            by_quote(text, quote)
