"""Words of news prose."""

from __future__ import annotations

import pytest
from segment_texts import units_of

from annotui.domain.segment import Unit
from annotui.domain.words import word_bounds


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in word_bounds(text)]


@pytest.mark.parametrize(
    "word",
    [
        *[
            "1,250.5",
            "$3.2m",
            "£50",
            "US$3.2bn",
            "€1.5bn",
            "9th",
            "10%",
            "20°C",
            "10:30",
            "5/26/2017",
        ],
        *["2015–16", "17-year-old", "newly-launched", "don't", "don’t", "Chechnya’s", "O’Brien"],
        *[
            "U.S.",
            "U.S.-led",
            "a.m.",
            "e.g.",
            "J.K.",
            "J.R.R.",
            "Ph.D.",
            "LGBT+",
            "LGBTQ+",
            "C++",
            "AT&T",
        ],
        *[
            "@real_Trump",
            "#MeToo",
            "a.b@c.org",
            "BBC.com",
            "https://www.bbc.co.uk/news?id=1",
            "’90s",
        ],
        *[
            "café",
            "cafe\u0301",
            "Привет",
            "مَرْحَبًا",
            "हिन्दी",
            "می\u200cخواهم",
            "한국어",
            "1\ufe0f\u20e3",
        ],
    ],
)
def test_is_one_word(word: str) -> None:
    assert words(f"the {word} ended") == ["the", word, "ended"]


def test_punctuation_is_no_word() -> None:
    assert words("“Well,” he said – (softly): no… Yes!") == [
        "Well",
        "he",
        "said",
        "softly",
        "no",
        "Yes",
    ]


def test_an_initial_keeps_its_full_stop_inside_a_name() -> None:
    assert words("George W. Bush spoke. So did he.") == [
        *["George", "W.", "Bush", "spoke", "So", "did", "he"]
    ]


def test_a_full_stop_without_a_space_parts_two_words() -> None:
    assert words("on Gay Times.Read it") == ["on", "Gay", "Times", "Read", "it"]


def test_an_apostrophe_after_a_plural_belongs_to_the_word_and_a_closing_mark_does_not() -> None:
    found = units_of("The workers’ union said ‘no deals’ today.", Unit.WORD)
    assert found == ["The", "workers’", "union", "said", "no", "deals", "today"]


def test_han_characters_are_single_words_and_kana_run() -> None:
    assert words("彼はカメラを買った。") == ["彼", "は", "カメラ", "を", "買", "った"]


def test_a_web_address_does_not_swallow_the_mark_behind_it() -> None:
    assert words("see https://example.com/a.") == ["see", "https://example.com/a"]
