"""Offsets in UTF-16 units and bytes say the same as Python's own codecs, there and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotui.domain.offset_unit import LfText, OffsetUnit, UnitOffsets

TEXTS = st.text(
    st.sampled_from("ab é漢😀👩\u200d\u0301\n") | st.characters(exclude_categories=["Cs"])
)
LENGTHS = {
    OffsetUnit.CODEPOINT: len,
    OffsetUnit.UTF16: lambda text: len(text.encode("utf-16-le")) // 2,
    OffsetUnit.BYTE: lambda text: len(text.encode("utf-8")),
}


@given(TEXTS, st.sampled_from(OffsetUnit))
def test_every_offset_is_what_the_codec_counts_and_comes_back(text: str, unit: OffsetUnit) -> None:
    offsets = UnitOffsets(text, unit)
    counted = [LENGTHS[unit](text[:at]) for at in range(len(text) + 1)]
    assert [offsets.of(at) for at in range(len(text) + 1)] == counted
    back = {units: at for at, units in enumerate(counted)}
    for units in range(-2, counted[-1] + 3):
        assert offsets.back(units) == back.get(units)


@given(TEXTS, st.sampled_from(OffsetUnit), st.data())
def test_a_slice_in_the_unit_is_the_slice(text: str, unit: OffsetUnit, data: st.DataObject) -> None:
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    offsets = UnitOffsets(text, unit)
    assert offsets.slice(offsets.of(start), offsets.of(end)) == text[start:end]


@given(st.text(st.sampled_from("a\r\né")))
def test_offsets_of_a_crlf_text_are_those_of_its_lf_text(original: str) -> None:
    lf = LfText(original)
    assert "\r" not in lf.text
    for at in range(len(original) + 1):
        inside = original[at - 1 : at + 1] == "\r\n"
        assert lf.offset(at) == len(LfText(original[:at]).text) or inside


@pytest.mark.parametrize("at", [0, 3])
def test_a_text_without_crlf_keeps_its_offsets(at: int) -> None:
    assert LfText("a\rb\nc").offset(at) == at
