"""What the last row says: the keys of the moment."""

from __future__ import annotations

from collections.abc import Sequence

from annotui.domain.label_scheme import LabelScheme
from annotui.tui.widgets.bar import Part, cells

HINTS_NEEDED = 1
"""Hints for which the names of the labels make room."""

Hints = tuple[tuple[str, str], ...]
"""Keys and what they do, the most needed first."""

READING: Hints = (
    *(("v", "select"), ("?", "keys"), ("q", "quit"), ("D", "done"), ("U", "next")),
    *(("E", "nothing here"), ("ctrl+o", "library"), ("W", "aside"), ("+", "grow")),
    ("]", "next mark"),
)
SELECTING: Hints = (
    ("+ -", "grow, shrink"),
    ("&", "keep, next fragment"),
    ("esc", "clear"),
    ("o", "swap"),
    ("L", "pick"),
)
FOCUSED: Hints = (
    ("x", "remove"),
    ("i", "note"),
    ("> <", "end"),
    ("m", "edge"),
    ("L", "add"),
    ("] [", "marks"),
    ("esc", "leave"),
)
OTHERS: Hints = (("L", "add"), ("] [", "marks"), ("t", "next here"), ("esc", "leave"))
REVIEW: Hints = (
    *(("y", "accept"), ("x", "reject…"), ("space", "later"), ("> <", "end"), ("?", "keys")),
    *(("m", "edge"), ("i", "note"), ("u", "undo"), ("] [", "look"), ("q", "quit")),
)
ADJUDICATION: Hints = (
    *(("3", "union"), ("4", "common"), ("x", "neither"), ("?", "keys")),
    *(("u", "undo"), ("v", "mark anew"), ("] [", "look"), ("y", "as before"), ("q", "quit")),
)
MARKING_ANEW: Hints = (
    *(("+ -", "grow, shrink"), ("&", "keep, next fragment"), ("esc", "clear"), ("o", "swap")),
)
LIST: Hints = (
    *(("enter", "go"), ("esc", "back"), ("j k", "move"), ("/", "filter")),
    *(("x", "remove"), ("i", "note")),
)
PENDING_IN_REVIEW: Hints = (
    *(("?", "guideline and borderline marks"), ("g", "top of the article"), ("esc", "nothing")),
)
PENDING: Hints = (
    *(("g", "top of the article"), ("u", "next unseen sentence")),
    *(("?", "what labels mean"), ("esc", "nothing")),
)
SAVING: Hints = (("esc", "gives up this change"), ("ctrl+q", "leaves without it"))


def legend(
    scheme: LabelScheme,
    inks: dict[str, str],
    hints: Hints,
    width: int,
    hints_needed: int = HINTS_NEEDED,
) -> tuple[Part, ...]:
    """Key, glyph and name of every label, and as many of the hints as fit ``width`` cells.

    The first hints go before the names: where both do not fit, the keys and glyphs of the labels
    are shown, and where these do not fit either, the keys.
    """
    forms = _label_parts(scheme, inks)
    needed = cells(_hint_parts(hints[:hints_needed]))
    room = [width + 1 - needed, width + 1, width + 1]
    labels = next(
        (parts for parts, most in zip(forms, room, strict=True) if cells(parts) <= most), forms[-1]
    )
    return _with_hints(labels, hints, width)


def marks_here(marks: Sequence[tuple[str, str, str]], room: int) -> tuple[Part, ...]:
    """Glyph and name of every mark at the caret, as far as ``room`` cells go.

    Marks are given as glyph, name and colour. Where the names of all do not fit, the last ones
    are glyphs only, and where these do not fit either, a number.
    """
    for named in range(len(marks), 0, -1):
        parts = [(f" {glyph} {name} ", ink) for glyph, name, ink in marks[:named]]
        parts += [(f" {glyph}", ink) for glyph, _, ink in marks[named:]]
        if cells(tuple(parts)) <= room:
            return tuple(parts)
    glyph, name, ink = marks[0]
    shown, more = (f" {glyph} {name} ", ink), len(marks) - 1
    return (shown, (f" and {more} more ", "dim")) if more else (shown,)


def only_hints(hints: Hints, width: int) -> tuple[Part, ...]:
    """As many of the hints as fit."""
    return _with_hints((), hints, width)


def _label_parts(scheme: LabelScheme, inks: dict[str, str]) -> list[tuple[Part, ...]]:
    """All labels, the longest form first."""
    long: list[Part] = []
    short: list[Part] = []
    shortest: list[Part] = []
    for label in scheme:
        ink = inks.get(label.name, "")
        long += [(f" {label.key}", "key"), (f" {label.glyph}", ink), (f" {label.name} ", ink)]
        short += [(f" {label.key}", "key"), (f"{label.glyph}", ink)]
        shortest += [(label.key, "key")]
    return [tuple(long), tuple(short), tuple(shortest)]


def _with_hints(labels: tuple[Part, ...], hints: Hints, width: int) -> tuple[Part, ...]:
    parts = list(labels)
    for hint in hints:
        more = _hint_parts((hint,))
        if cells((*parts, *more)) > width + 1:
            break
        parts += more
    if parts:
        last, style = parts[-1]
        parts[-1] = (last.rstrip(), style)
    return tuple(parts)


def _hint_parts(hints: Hints) -> tuple[Part, ...]:
    return tuple(
        part for key, words in hints for part in ((f" {key}", "key"), (f" {words} ", "dim"))
    )
