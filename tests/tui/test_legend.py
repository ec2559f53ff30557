"""The words of the last two rows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotui.formats.label_toml import GUTTER_SIGNS
from annotui.tui.legend import marks_here
from annotui.tui.widgets.bar import cells
from annotui.tui.widgets.palette import _FOCUSED_SIGNS, _SIGNS, _UNKNOWN_GLYPH

CLAIM, DENIAL = ("!", "claim", ""), ("¬", "denial", "")


def said(parts: tuple[tuple[str, str], ...]) -> str:
    return "".join(part for part, _ in parts)


def test_all_marks_are_named_where_there_is_room() -> None:
    assert said(marks_here([CLAIM] * 6, 60)) == " ! claim " * 6
    assert said(marks_here([CLAIM, DENIAL, CLAIM], 16)) == " ! claim  ¬ !"
    assert said(marks_here([CLAIM] * 20, 20)) == " ! claim  and 19 more "


@given(st.integers(1, 12), st.integers(24, 120))
def test_the_marks_keep_to_their_room_and_none_is_silent(count: int, room: int) -> None:
    parts = marks_here([CLAIM] * count, room)
    assert cells(parts) <= room
    assert said(parts).count("!") == count or f"and {count - 1} more" in said(parts)


def test_no_label_may_look_like_what_the_gutter_draws() -> None:
    assert {*_SIGNS.values(), *_FOCUSED_SIGNS.values(), _UNKNOWN_GLYPH} <= set(GUTTER_SIGNS)
