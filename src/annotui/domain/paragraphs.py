"""Paragraphs of one text, found around an offset and never by reading all of it.

A paragraph is a run of lines that are not blank. One of more than about 20,000 code points is
cut, at offsets that depend on the text alone, so that analysing what lies around the caret takes
the same time in every document.
"""

from __future__ import annotations

import re

from annotui.domain.edges import Bounds, stripped
from annotui.domain.graphemes import grapheme_floor

CUT_EVERY = 10_000
"""Code points between two places where a paragraph without blank lines nearby is cut."""

_REACH = 3 * CUT_EVERY
"""Any stretch of this length holds a blank line or a cut."""

_CUT_BACKWARD = 2_000
"""How far before a multiple of ``CUT_EVERY`` the end of a sentence is looked for."""

_STEP = 4_096

_BLANK_LINES = re.compile(r"\n[^\S\n]{0,500}\n")
_VISIBLE = re.compile(r"\S")
_SENTENCE_START = re.compile(r"[.!?。！？][”’\"')\]]{0,3}\s{1,3}(?=[^\W\d_]|[“‘\"'(])")
_WORD_START = re.compile(r"\s(?=\S)")


class Paragraphs:
    """Where the paragraphs (or pieces of giant ones) of one text lie."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._cuts: dict[int, int | None] = {}

    def first_from(self, offset: int) -> Bounds | None:
        """The paragraph of the first visible character at or after ``offset``."""
        offset = grapheme_floor(self._text, max(offset, 0))
        visible = _VISIBLE.search(self._text, offset)
        return self._around(visible.start()) if visible else None

    def last_before(self, offset: int) -> Bounds | None:
        """The paragraph of the last visible character before ``offset``."""
        end = min(offset, len(self._text))
        while end > 0:
            start = max(0, end - _STEP)
            piece = self._text[start:end].rstrip()
            if piece:
                return self._around(start + len(piece) - 1)
            end = start
        return None

    def _around(self, visible: int) -> Bounds:
        """The paragraph that holds the visible character at ``visible``."""
        start, end = self._start_before(visible), self._end_after(visible)
        for multiple in range(
            max(CUT_EVERY, (visible - _REACH) // CUT_EVERY * CUT_EVERY),
            min(len(self._text), visible + _REACH) + 1,
            CUT_EVERY,
        ):
            cut = self._cut_near(multiple)
            if cut is not None and cut <= visible:
                start = max(start, cut)
            elif cut is not None:
                end = min(end, cut)
        return stripped(self._text, start, end) or (visible, visible + 1)

    def _start_before(self, visible: int) -> int:
        near = max(0, visible - _REACH)
        start = near
        for blank in _BLANK_LINES.finditer(self._text, near, visible):
            start = blank.end()
        return start

    def _end_after(self, visible: int) -> int:
        far = min(len(self._text), visible + _REACH)
        blank = _BLANK_LINES.search(self._text, visible, far)
        return blank.start() if blank else far

    def _cut_near(self, multiple: int) -> int | None:
        """Where the text is cut on account of ``multiple``; None if a blank line is near."""
        if multiple not in self._cuts:
            self._cuts[multiple] = self._find_cut(multiple)
        return self._cuts[multiple]

    def _find_cut(self, multiple: int) -> int | None:
        near, far = multiple - CUT_EVERY, multiple + CUT_EVERY
        if far >= len(self._text) or _BLANK_LINES.search(self._text, near, far):
            return None
        before = self._text[multiple - _CUT_BACKWARD : multiple]
        for pattern in (_SENTENCE_START, _WORD_START):
            starts = [found.end() for found in pattern.finditer(before)]
            if starts:
                return grapheme_floor(self._text, multiple - _CUT_BACKWARD + starts[-1])
        return grapheme_floor(self._text, multiple)
