"""An article with its marks as numbered brackets: plain text that nests, crosses and is exact.

A run of the mark ``c2`` is written ``⟦c2|its text|c2⟧``; every run of a mark with fragments
bears the same code. A bracket of the article's own is doubled, so that the article comes back
exactly when the marks are taken out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotui.domain.annotation import Annotation
from annotui.domain.label_scheme import LabelScheme
from annotui.domain.visible import visible

if TYPE_CHECKING:
    from rich.style import Style
    from rich.text import Text

OPEN, CLOSE, BAR = "⟦", "⟧", "|"
MARKS_LINE = "⟦marks⟧"
"""The line between the article and the list of its marks; no line of an article looks so."""

_DOUBLED = str.maketrans({OPEN: OPEN * 2, CLOSE: CLOSE * 2})


@dataclass(frozen=True, slots=True)
class Mark:
    """An annotation and its code in the text: the label's key and a running number."""

    code: str
    annotation: Annotation


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of the article or, where ``is_bracket``, an edge; ``mark`` is the innermost one."""

    text: str
    mark: Mark | None
    is_bracket: bool = False


def numbered(annotations: Iterable[Annotation], scheme: LabelScheme) -> list[Mark]:
    """The annotations in the order in which they open, the longer one first, with their codes."""
    keys = {
        label.name: label.key
        for label in scheme
        if len(label.key) == 1 and label.key.isascii() and label.key.isalpha()
    }
    ordered = sorted(annotations, key=lambda one: (one.start, -one.end, one.annotation_id))
    return [Mark(f"{keys.get(one.label, '')}{n}", one) for n, one in enumerate(ordered, 1)]


def pieces(text: str, marks: Sequence[Mark]) -> Iterator[Piece]:
    """The text cut at every edge of a mark, with the brackets between."""
    opening: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    closing: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for rank, mark in enumerate(marks):
        for run in mark.annotation.runs:
            opening[run.start].append((-run.end, rank))
            closing[run.end].append((-run.start, -rank))
    inside: dict[int, tuple[int, int, int]] = {}
    reached = 0
    for edge in sorted(opening.keys() | closing.keys()):
        if edge > reached:
            yield Piece(text[reached:edge].translate(_DOUBLED), _innermost(inside, marks))
            reached = edge
        for _, minus_rank in sorted(closing[edge]):
            mark = marks[-minus_rank]
            del inside[-minus_rank]
            yield Piece(f"{BAR}{mark.code}{CLOSE}", mark, is_bracket=True)
        for minus_end, rank in sorted(opening[edge]):
            inside[rank] = (-minus_end - edge, -edge, -rank)
            yield Piece(f"{OPEN}{marks[rank].code}{BAR}", marks[rank], is_bracket=True)
    if reached < len(text):
        yield Piece(text[reached:].translate(_DOUBLED), None)


def _innermost(inside: dict[int, tuple[int, int, int]], marks: Sequence[Mark]) -> Mark | None:
    """The mark with the shortest run here, then the later start, then the later number."""
    return marks[min(inside, key=lambda rank: inside[rank])] if inside else None


def marked(text: str, marks: Sequence[Mark]) -> str:
    """The text with its brackets."""
    return "".join(piece.text for piece in pieces(text, marks))


def coloured_lines(text: str, marks: Sequence[Mark], scheme: LabelScheme) -> Iterator[Text]:
    """The same for a terminal, a line at a time: the innermost mark colours the ground."""
    from rich.style import Style
    from rich.text import Text

    plain, bracket = Style(), Style(bold=True)
    grounds = {label.name: _ground(label.colour) for label in scheme.shown}
    current = Text()
    for piece in pieces(text, marks):
        style = grounds.get(piece.mark.annotation.label, plain) if piece.mark else plain
        style = style + bracket if piece.is_bracket else style
        for number, part in enumerate(piece.text.split("\n")):
            if number:
                yield current
                current = Text()
            current.append(visible(part, tab="\t"), style)
    yield current


def _ground(colour: str) -> Style:
    """The colour as ground, with black or white upon it, whichever is read better.

    Source: WCAG 2.2, relative luminance; 0.179 is where black and white contrast alike.
    """
    from rich.color import Color
    from rich.style import Style

    shares = [part / 255 for part in Color.parse(colour).get_truecolor()]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return Style(color="#000000" if luminance > 0.179 else "#ffffff", bgcolor=colour)
