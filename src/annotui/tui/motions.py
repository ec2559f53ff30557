"""Where each motion leads: pure look-ups on the view and the segmenter."""

from __future__ import annotations

from collections.abc import Callable

from annotui.domain.segment import Segmenter, Unit, next_grapheme, previous_grapheme
from annotui.tui.widgets.article_view import ArticleView

Motion = Callable[[ArticleView, Segmenter, str], int]
"""From the view, the segmenter and the text to the offset (code points) of the caret."""


def _next(unit: Unit) -> Motion:
    return lambda view, segmenter, _: segmenter.next_start(unit, view.caret)


def _previous(unit: Unit) -> Motion:
    return lambda view, segmenter, _: segmenter.previous_start(unit, view.caret)


def _rows(count: int) -> Motion:
    return lambda view, _, __: view.offset_rows_away(count)


def _pages(count: float) -> Motion:
    return lambda view, _, __: view.offset_pages_away(count)


VERTICAL: dict[str, Motion] = {
    "down": _rows(1),
    "up": _rows(-1),
    "half_down": _pages(0.5),
    "half_up": _pages(-0.5),
    "screen_down": _pages(1),
    "screen_up": _pages(-1),
}
"""Motions that keep the column from which they started."""

MOTIONS: dict[str, Motion] = {
    "left": lambda view, _, text: previous_grapheme(text, view.caret),
    "right": lambda view, _, text: next_grapheme(text, view.caret),
    "word_next": _next(Unit.WORD),
    "word_previous": _previous(Unit.WORD),
    "word_end": lambda view, segmenter, _: segmenter.next_end(Unit.WORD, view.caret),
    "clause_next": _next(Unit.CLAUSE),
    "clause_previous": _previous(Unit.CLAUSE),
    "sentence_next": _next(Unit.SENTENCE),
    "sentence_previous": _previous(Unit.SENTENCE),
    "paragraph_next": _next(Unit.PARAGRAPH),
    "paragraph_previous": _previous(Unit.PARAGRAPH),
    "row_start": lambda view, _, __: view.row_start(),
    "row_end": lambda view, _, __: view.row_end(),
    "top": lambda _, __, ___: 0,
    "bottom": lambda _, __, text: len(text),
    **VERTICAL,
}

EXTENDING = {
    "extend_left": "left",
    "extend_right": "right",
    "extend_up": "up",
    "extend_down": "down",
    "extend_home": "row_start",
    "extend_end": "row_end",
    "extend_word_next": "word_next",
    "extend_word_previous": "word_previous",
}
"""Actions that select while they move, and the motion of each."""

BY_HAND = {"left", "right"}
"""Motions that put an edge on the very character that was meant, so that it is not trimmed."""
