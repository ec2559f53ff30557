"""Finding words: which places fit, and that offsets are those of the text."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from segment_texts import texts

from annotui.domain.graphemes import grapheme_floor
from annotui.domain.search import Finder, pattern_of


def found(text: str, words: str, *, exact: bool = False) -> list[str]:
    finder, pattern = Finder(text), pattern_of(words, exact=exact)
    return [text[start:end] for start, end in finder.places(pattern, 0, len(text))]


def test_small_letters_find_capitals_and_a_capital_makes_it_exact() -> None:
    assert found("May may MAY", "may") == ["May", "may", "MAY"]
    assert found("May may MAY", "May") == ["May"]
    assert found("May may MAY", "may", exact=True) == ["may"]


def test_a_space_finds_a_line_end() -> None:
    assert found("three\n  per cent", "three per cent") == ["three\n  per cent"]


def test_signs_are_no_expression() -> None:
    assert found("a.b axb (a", "a.b") == ["a.b"]
    assert found("a.b axb (a", "(a") == ["(a"]


def test_letters_that_grow_in_small_letters_keep_the_offsets() -> None:
    assert found("İİİ Rain and rain", "rain") == ["Rain", "rain"]


def test_a_place_inside_a_grapheme_is_widened() -> None:
    text = "cafe\u0301 x"
    place = Finder(text).first(pattern_of("cafe"), 0)
    assert place is not None
    assert place.slice(text) == "cafe\u0301"


@given(text=texts, data=st.data())
def test_places_fit_the_words_and_lie_between_graphemes(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    words = text[start : start + data.draw(st.integers(1, 6))].strip()
    if not words:
        return
    finder, pattern = Finder(text), pattern_of(words, exact=True)
    assert [re.sub(r"\s+", " ", text[a:b]) for a, b in finder.places(pattern, 0, len(text))]
    place = finder.first(pattern, 0)
    assert place is not None
    assert grapheme_floor(text, place.start) == place.start
    assert place.end == len(text) or grapheme_floor(text, place.end) == place.end
    assert words.split()[0] in place.slice(text)
