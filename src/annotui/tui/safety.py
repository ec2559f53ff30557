"""The net under everything that is painted: no control from data reaches the terminal."""

from __future__ import annotations

import re

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_STRAY = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e00ff]"
)


class ControlFilter(LineFilter):
    """Takes controls out of every segment but those that Textual itself marks as control.

    Widgets show data through ``visible``, which gives a control a cell; this is for what they
    forget. Nothing that is taken out has a width, so rows stay as wide as they were.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments, each safe to write; ``background`` is not looked at."""
        if "".join([segment.text for segment in segments if not segment.control]).isprintable():
            return segments
        return [
            segment if segment.control else Segment(_STRAY.sub("", segment.text), segment.style)
            for segment in segments
        ]
