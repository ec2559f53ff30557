"""``visible``: every control is shown, one code point for one code point."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotui.domain.visible import REPLACEMENT, visible

STAYS = {"\u200c", "\u200d"} | {
    chr(code)
    for code in (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD)
}


@given(st.text(st.characters(exclude_categories=())))
def test_the_length_stays(text: str) -> None:
    assert len(visible(text)) == len(text)


def test_no_control_or_format_character_of_unicode_passes_but_joiners_and_number_signs() -> None:
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
            shown = visible(character)
            assert (shown == character) == (character in STAYS), hex(code)
            assert character in STAYS or unicodedata.category(shown) in {"So", "Po"}


def test_nothing_else_is_changed() -> None:
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if unicodedata.category(character)[0] in "LMNPSZ" and character not in "\u2028\u2029":
            assert visible(character) == character, hex(code)


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("\x00", "␀"),
        ("\x1b[2J", "␛[2J"),
        ("\r", "␍"),
        ("\x7f", "␡"),
        ("\x9b", REPLACEMENT),
        ("\u202e", REPLACEMENT),
        ("\U000e0041", REPLACEMENT),
        ("\ud800", REPLACEMENT),
        ("co\xadoperate", "co‧operate"),
        ("\u2028", "␤"),
        ("❤\ufe0f", "❤\ufe0f"),
    ],
)
def test_controls_have_pictures(hidden: str, shown: str) -> None:
    assert visible(hidden) == shown


def test_tab_and_line_end_are_the_caller_s_business() -> None:
    assert visible("a\tb\nc") == "a␉b␊c"
    assert visible("a\tb\nc\x01", tab="\t", newline="\n") == "a\tb\nc␁"
