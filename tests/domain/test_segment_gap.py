"""The gap: what is left of a clause behind a mark."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from segment_texts import texts

from annotui.domain.segment import Segmenter


def gap_in(text: str, marked: str, here: str) -> str | None:
    segmenter = Segmenter(text)
    found = segmenter.gap(text.index(marked) + len(marked), text.index(here))
    return None if found is None else found.slice(text)


def test_the_gap_is_the_rest_of_the_clause_without_its_punctuation() -> None:
    text = "The mayor said — and this was new — that taxes fell by 3 per cent, but nobody cheered."
    assert gap_in(text, "that", "taxes") == "taxes fell by 3 per cent"
    assert gap_in(text, "The mayor said", "and this") == "and this was new"


def test_a_quotation_mark_without_its_partner_stays_out() -> None:
    text = "“Nobody asked,” said Mr. Hill of the council."
    assert gap_in(text, "“Nobody asked", "said") == "said Mr. Hill of the council."


def test_nothing_behind_a_mark_is_no_gap() -> None:
    text = "It fell. It rose.\n\nIt stayed."
    segmenter = Segmenter(text)
    assert segmenter.gap(8, 3) is None
    assert segmenter.gap(8, text.index("stayed")) is None
    assert segmenter.gap(0, 0) is not None


@given(text=texts, data=st.data())
def test_a_gap_lies_between_the_mark_and_the_paragraphs_end(text: str, data: st.DataObject) -> None:
    after = data.draw(st.integers(0, len(text)))
    offset = data.draw(st.integers(after, len(text)))
    found = Segmenter(text).gap(after, offset)
    if found is not None:
        assert after <= found.start < found.end <= len(text)
        assert not found.slice(text)[0].isspace()
