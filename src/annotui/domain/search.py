"""Finding words in a text: case-smart, and over line ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from annotui.domain.graphemes import grapheme_ceiling, grapheme_floor
from annotui.domain.span import Span


def pattern_of(words: str, *, exact: bool = False) -> re.Pattern[str]:
    """The expression for ``words``: white space in them fits any white space.

    Words without a capital fit any case, unless ``exact``.
    """
    parts = [re.escape(part) for part in re.split(r"\s+", words)]
    ignores_case = not exact and words == words.lower()
    return re.compile(r"\s+".join(parts), re.IGNORECASE if ignores_case else 0)


class Finder:
    """The places in one text that fit some words; offsets are code points.

    Case is ignored by searching a copy in small letters, seven times as fast as comparing both
    cases; texts whose letters change their number then (``İ``) are compared.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._small: str | None = None

    def _searched(self, pattern: re.Pattern[str]) -> tuple[re.Pattern[str], str]:
        if not pattern.flags & re.IGNORECASE:
            return pattern, self.text
        if self._small is None:
            self._small = self.text.lower()
        if len(self._small) != len(self.text):
            return pattern, self.text
        return re.compile(pattern.pattern), self._small

    def first(self, pattern: re.Pattern[str], start: int) -> Span | None:
        """The first place that starts at or after ``start``; None behind the last one."""
        searched, text = self._searched(pattern)
        found = searched.search(text, start)
        return None if found is None or not found[0] else self._whole(*found.span())

    def places(self, pattern: re.Pattern[str], start: int, end: int) -> Iterator[tuple[int, int]]:
        """Start and end of the places between ``start`` and ``end`` that do not overlap."""
        searched, text = self._searched(pattern)
        return (found.span() for found in searched.finditer(text, start, end) if found[0])

    def starts(self, pattern: re.Pattern[str]) -> Iterator[int]:
        """Where every place starts, in order."""
        return (start for start, _ in self.places(pattern, 0, len(self.text)))

    def _whole(self, start: int, end: int) -> Span:
        """The place, widened to whole graphemes."""
        return Span(grapheme_floor(self.text, start), grapheme_ceiling(self.text, end))
