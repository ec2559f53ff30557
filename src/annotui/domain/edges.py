"""Edges of units: free of white space, and always between two graphemes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from annotui.domain.graphemes import grapheme_ceiling, grapheme_floor

_VISIBLE = re.compile(r"\S")
_STEP = 4_096

Bounds = tuple[int, int]
"""Half-open code points of a unit, relative to the text that was analysed."""


def stripped(text: str, start: int, end: int) -> Bounds | None:
    """``start`` and ``end`` moved inwards over white space; None where only that stands there.

    White space that carries a combining mark is one grapheme with it and is kept.
    """
    visible = _VISIBLE.search(text, start, end)
    if visible is None:
        return None
    first, last = visible.start(), end
    while text[last - 1].isspace():
        piece = text[max(first, last - _STEP) : last]
        last -= len(piece) - len(piece.rstrip())
    if first > start:
        first = max(start, grapheme_floor(text, first))
    if last < end:
        last = min(end, grapheme_ceiling(text, last))
    return first, last


def split_at(text: str, starts: Iterable[int], end: int) -> list[Bounds]:
    """The stripped stretches from each of ``starts`` to the next one, the last one to ``end``."""
    edges = sorted({grapheme_floor(text, start) for start in starts})
    edges.append(end)
    stretches = (stripped(text, edges[i], edges[i + 1]) for i in range(len(edges) - 1))
    return [stretch for stretch in stretches if stretch is not None]
