"""Paragraphs, and texts without any that one could use."""

from __future__ import annotations

import pytest
from segment_texts import SEED_ARTICLE, units_of

from annotui.domain import passages
from annotui.domain.passage import Passage
from annotui.domain.segment import Segmenter, Unit
from annotui.domain.span import Span


def test_blank_lines_part_paragraphs_and_line_ends_do_not() -> None:
    text = "\n \nOne\ntwo.\n\t \nThree.\r\n\r\nFour\u2028five.\n\n\n"
    assert units_of(text, Unit.PARAGRAPH) == ["One\ntwo.", "Three.", "Four\u2028five."]


def test_the_seed_article() -> None:
    paragraphs = units_of(SEED_ARTICLE, Unit.PARAGRAPH)
    assert len(paragraphs) == 15
    assert paragraphs == [line for line in SEED_ARTICLE.split("\n") if line.strip()]


def test_between_units_the_one_before_counts_on_the_same_paragraph_and_else_the_next() -> None:
    text = "One two. \n\n Three."
    segmenter = Segmenter(text)
    assert segmenter.at(Unit.WORD, 3) == Span(0, 3)
    assert segmenter.at(Unit.SENTENCE, 9) == Span(0, 8)
    assert segmenter.at(Unit.SENTENCE, 10) == Span(12, 18)
    assert segmenter.at(Unit.WORD, 11) == Span(12, 17)
    assert segmenter.at(Unit.WORD, len(text)) == Span(12, 17)


@pytest.mark.parametrize("text", ["", " ", "\n\n \n", "…!", "\u0301"])
@pytest.mark.parametrize("unit", list(Unit))
def test_a_text_without_units_answers_all_the_same(text: str, unit: Unit) -> None:
    segmenter = Segmenter(text)
    for offset in (-1, 0, len(text), len(text) + 1):
        segmenter.at(unit, offset)
        assert segmenter.next_start(unit, max(offset, len(text) - 1)) == len(text)
        assert segmenter.previous_start(unit, min(offset, 1)) == 0
    assert Segmenter("").at(unit, 0) is None


GIANTS = {
    "prose": "The Kremlin has denied it, he said. “It isn’t true.” " * 20_000,
    "no spaces": "a" * 1_000_000,
    "han": "日本語、" * 250_000,
    "marks": "\u0301" * 1_000_000,
    "quotation marks": " “" * 500_000,
    "short lines": "a\n" * 500_000,
    "blank lines": "\n" * 1_000_000,
}


@pytest.mark.parametrize("name", GIANTS)
def test_a_giant_text_is_walked_in_small_pieces(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    analysed: dict[tuple[int, int], int] = {}

    def counted(text: str, bounds: tuple[int, int]) -> Passage:
        analysed[bounds] = bounds[1] - bounds[0]
        return Passage(text, bounds)

    monkeypatch.setattr(passages, "Passage", counted)
    text = GIANTS[name]
    middle = len(text) // 2
    segmenter = Segmenter(text)
    for unit in Unit:
        segmenter.at(unit, middle)
        if unit is not Unit.QUOTATION:
            segmenter.next_end(unit, middle)
            segmenter.previous_start(unit, middle)
    segmenter.ladder(Span(middle, middle + 3))
    assert sum(analysed.values()) < len(text) / 5


@pytest.mark.parametrize("name", ["prose", "no spaces", "han", "short lines"])
def test_the_pieces_of_a_giant_paragraph_do_not_depend_on_the_way_there(name: str) -> None:
    text = GIANTS[name][:65_000]
    walked = []
    segmenter, offset = Segmenter(text), -1
    while (offset := segmenter.next_start(Unit.PARAGRAPH, offset)) < len(text):
        span = segmenter.at(Unit.PARAGRAPH, offset)
        assert span is not None
        walked.append(span)
    assert len(walked) > 2
    assert max(map(len, walked)) <= 25_000
    for offset in range(0, len(text), 997):
        span = Segmenter(text).at(Unit.PARAGRAPH, offset)
        assert span in walked
    offset = len(text)
    for span in reversed(walked):
        offset = Segmenter(text).previous_start(Unit.PARAGRAPH, offset)
        assert offset == span.start


def test_a_long_paragraph_between_blank_lines_is_not_cut() -> None:
    paragraph = "It isn’t true, he said. " * 400
    text = f"{paragraph}\n\n{paragraph}\n\n{paragraph}"
    assert units_of(text, Unit.PARAGRAPH) == [paragraph.strip()] * 3
