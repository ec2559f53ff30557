"""The net under everything that is painted."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from rich.control import Control
from rich.segment import ControlType, Segment
from rich.style import Style
from textual.color import Color

from annotui.domain.visible import visible
from annotui.tui.safety import _STRAY, ControlFilter

GROUND = Color.parse("#000000")


def filtered(text: str) -> str:
    segments = ControlFilter().apply([Segment(text, Style(bold=True))], GROUND)
    return "".join(segment.text for segment in segments)


@pytest.mark.parametrize(
    "text",
    [
        "\x1b]52;c;aGk=\x07", "\x1b[2J", "\x9b2J", "a\rb", "a\nb", "\x08\x08", "\x7f", "\u202eabc",
        "\u2066x\u2069", "\ud800", "\U000e0041", "\u2028", "\ufeff", "\x00",
    ],
)  # fmt: skip
def test_no_control_is_left(text: str) -> None:
    assert not _STRAY.search(filtered(text))
    assert filtered(text).isprintable()


def test_what_can_be_read_stays() -> None:
    for text in (
        "plain",
        "“Größe” — 40 %",
        "👩‍👩‍👧 🇫🇷 ❤️",
        "e\u0301",
        "知事",
        "العربية",
        "a\u00a0b",
    ):
        assert filtered(text) == text


def test_style_stays_and_textuals_own_controls_pass() -> None:
    control = Control((ControlType.CURSOR_MOVE_TO, 1, 2)).segment
    segments = ControlFilter().apply([control, Segment("a\x1bb", Style(bold=True))], GROUND)
    assert segments == [control, Segment("ab", Style(bold=True))]


def test_nothing_that_is_taken_out_has_a_width() -> None:
    for code in range(0x110000):
        char = chr(code)
        if _STRAY.match(char) and not 0xD800 <= code < 0xE000:  # no text can hold half of one
            assert cell_len(char) == 0, hex(code)


def test_what_is_shown_through_visible_passes_the_net_whole() -> None:
    every = "".join(chr(code) for code in range(0x3000)) + "\ufeff\ufff9\ud800\U000e0041"
    shown = visible(every, tab=" ", newline=" ")
    assert filtered(shown) == shown
    assert len(shown) == len(every)
