"""Grapheme edges: the same as wcwidth's over the whole text, but looked up locally."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wcwidth import iter_graphemes

from annotui.domain.graphemes import grapheme_ceiling
from annotui.domain.segment import grapheme_floor, next_grapheme, previous_grapheme

JOINING = st.sampled_from(
    [
        *[
            "a",
            " ",
            "\n",
            "\r",
            "\r\n",
            "\t",
            "\u2028",
            "日",
            "e\u0301",
            "\u0301",
            "\u200d",
            "\u200c",
        ],
        *[
            "👩",
            "👩\u200d🚀",
            "❤\ufe0f",
            "👍🏽",
            "\U0001f1e9",
            "\U0001f1ea",
            "क",
            "\u094d",
            "ि",
            "ष",
        ],
        *[
            "\u0600",
            "\u1100",
            "\u1161",
            "\u11a8",
            "각",
            "ก",
            "ำ",
            "“",
            "1\ufe0f\u20e3",
            "\xad",
            "م",
        ],
    ]
)
texts = st.lists(JOINING, max_size=40).map("".join)


def edges(text: str) -> list[int]:
    return [0, *accumulate(map(len, iter_graphemes(text)))]


@settings(deadline=None)
@given(texts)
def test_edges_are_those_of_the_whole_text(text: str) -> None:
    whole = edges(text)
    for offset in range(len(text) + 1):
        assert grapheme_floor(text, offset) == max(e for e in whole if e <= offset)
        assert grapheme_ceiling(text, offset) == min(e for e in whole if e >= offset)
        if offset < len(text):
            assert next_grapheme(text, offset) == min(e for e in whole if e > offset)
        if offset > 0:
            assert previous_grapheme(text, offset) == max(e for e in whole if e < offset)


def test_offsets_outside_the_text_are_taken_as_its_ends() -> None:
    assert next_grapheme("ab", 7) == 2
    assert next_grapheme("ab", -3) == 1
    assert previous_grapheme("ab", 0) == 0
    assert previous_grapheme("ab", 9) == 1
    assert grapheme_floor("ab", 9) == 2
    assert (next_grapheme("", 0), previous_grapheme("", 0), grapheme_floor("", 0)) == (0, 0, 0)


@pytest.mark.parametrize(
    ("cluster", "name"),
    [
        ("👨‍👩‍👧‍👦", "family"),
        ("🇩🇪", "flag"),
        ("e\u0301\u0323", "marks"),
        ("क्षि", "conjunct"),
        ("\r\n", "CRLF"),
    ],
)
def test_a_cluster_is_one_step(cluster: str, name: str) -> None:
    text = f"a{cluster}b"
    assert next_grapheme(text, 1) == 1 + len(cluster)
    assert previous_grapheme(text, 1 + len(cluster)) == 1
    assert all(grapheme_floor(text, 1 + inside) == 1 for inside in range(len(cluster)))


@pytest.mark.parametrize("unit", ["\u0301", "\U0001f1e6", "👨\u200d", "a\u0301", "日本"])
def test_a_look_up_in_a_monstrous_run_agrees_both_ways(unit: str) -> None:
    text = unit * 20_000
    offset = grapheme_floor(text, 4_000)
    forward = [offset]
    while offset < 4_300:
        offset = next_grapheme(text, offset)
        forward.append(offset)
    backward = [offset]
    while offset > forward[0]:
        offset = previous_grapheme(text, offset)
        backward.append(offset)
    assert forward == backward[::-1]
