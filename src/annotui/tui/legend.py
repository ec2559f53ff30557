"""What the last row says: the keys of the moment."""

from __future__ import annotations

from rich.cells import cell_len

from annotui.domain.label_scheme import LabelScheme
from annotui.tui.widgets.bar import Part

Hints = tuple[tuple[str, str], ...]
"""Keys and what they do, the most needed first."""

READING: Hints = (("v", "select"), ("?", "keys"), ("q", "quit"), ("+", "grow"), ("]", "next mark"))
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
LIST: Hints = (("enter", "go"), ("esc", "back"), ("j k", "move"), ("x", "remove"), ("i", "note"))
PENDING: Hints = (("g", "top of the article"), ("?", "what labels mean"), ("esc", "nothing"))
SAVING: Hints = (("esc", "gives up this change"), ("ctrl+q", "leaves without it"))


def legend(scheme: LabelScheme, inks: dict[str, str], hints: Hints, width: int) -> tuple[Part, ...]:
    """Key, glyph and name of every label, and as many of the hints as fit ``width`` cells.

    Where not even the names fit, the keys and glyphs are shown, and then the keys.
    """
    labels = next(
        (parts for parts in _label_parts(scheme, inks) if _cells(parts) <= width + 1),
        _label_parts(scheme, inks)[-1],
    )
    return _with_hints(labels, hints, width)


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
    for key, words in hints:
        hint = [(f" {key}", "key"), (f" {words} ", "dim")]
        if _cells((*parts, *hint)) > width + 1:
            break
        parts += hint
    if parts:
        last, style = parts[-1]
        parts[-1] = (last.rstrip(), style)
    return tuple(parts)


def _cells(parts: tuple[Part, ...]) -> int:
    return sum(cell_len(text) for text, _ in parts)
