"""A document is its text: id, title, lines."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotui.domain.document import (
    Document,
    Newline,
    document_id_of,
    newline_of,
    title_of,
    with_lf,
)


@given(st.text(alphabet="ab\n\r\u2028é漢", max_size=60), st.integers(0, 60))
def test_the_line_is_counted_by_line_feeds_from_one(text: str, offset: int) -> None:
    document = Document("id", "title", text)
    assert document.line_of(offset) == text[:offset].count("\n") + 1
    assert document.line_of(offset) == document.line_of(offset)


@pytest.mark.parametrize("letter", ["x", "漢", "😀"])
def test_lines_of_a_long_text_are_right_around_every_block(letter: str) -> None:
    text = (letter * 30_000 + "\n\n") * 5
    document = Document("id", "title", text)
    for near in range(0, len(text), 1 << 15):
        for offset in range(max(0, near - 3), near + 4):
            assert document.line_of(offset) == text.count("\n", 0, offset) + 1
    assert document.line_of(len(text)) == 11


def test_documents_are_equal_by_their_id_and_a_copy_counts_its_own_lines() -> None:
    one = Document("id", "one", "a\nb")
    assert one.line_of(2) == 2
    other = replace(one, title="other", text="ab")
    assert one == other
    assert hash(one) == hash(other)
    assert other.line_of(2) == 1
    assert "a\nb" not in repr(one)


@given(st.text(max_size=30))
def test_the_id_is_the_hash_of_the_text(text: str) -> None:
    assert document_id_of(text) == hashlib.sha256(text.encode()).hexdigest()


@given(st.text(alphabet=" \n\t\u2028\x0c\x1b\x85ab漢", min_size=1, max_size=120))
def test_a_title_is_one_trimmed_line_of_at_most_80(text: str) -> None:
    title = title_of(text)
    assert bool(title) == bool(set(text) & set("ab漢"))
    assert title == " ".join(title.split())
    assert title.isprintable()
    assert len(title) <= 80


@pytest.mark.parametrize("gap", "\t\u2028\u2029\x85\x0b\x0c\x1b\x00\x9b\xa0\u3000")
def test_white_space_and_controls_of_a_title_are_single_spaces(gap: str) -> None:
    assert title_of(f"{gap}\n{gap}a{gap}{gap} b{gap}\nc") == "a b"
    assert title_of("a" + gap * 3000 + "b" * 99) == "a " + "b" * 78


@given(st.text(alphabet="a\r\n", max_size=20))
def test_line_ends_are_told_apart_and_made_lf(text: str) -> None:
    kept = with_lf(text)
    assert "\r" not in kept
    assert kept.split("\n") == text.replace("\r\n", "\r").replace("\n", "\r").split("\r")
    kind = newline_of(text)
    assert (kind is Newline.NONE) == ("\r" not in text and "\n" not in text)
    ends = {Newline.LF: "\n", Newline.CRLF: "\r\n", Newline.CR: "\r", Newline.NONE: ""}
    if kind is not Newline.MIXED:
        assert kept.replace("\n", ends[kind]) == text
