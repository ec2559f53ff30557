"""What both reports are made of: numbered marks, the text cut at their edges, and counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from annotui.formats.exchange import Bundle, Record


@dataclass(frozen=True, slots=True)
class Mark:
    """A record with its number (from 1, in the order of the text) and the lane of its line."""

    number: int
    record: Record
    lane: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Text from ``first`` on, the marks on it (innermost last), those that end and begin there."""

    first: int
    text: str
    marks: tuple[Mark, ...]
    closing: tuple[Mark, ...]
    opening: tuple[Mark, ...]


@dataclass(slots=True)
class Counts:
    """How many marks there are, by label, by annotator and by status."""

    marks: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    annotators: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)

    def add(self, records: Sequence[Record]) -> None:
        """Count further records."""
        self.marks += len(records)
        self.labels.update(one.label for one in records)
        self.annotators.update(one.annotator for one in records)
        self.statuses.update(one.status or "unreviewed" for one in records)


def numbered(bundle: Bundle) -> list[Mark]:
    """The marks in the order in which they open, the longer one first.

    Two that share a character never share a lane; fragments keep theirs from first to last.
    """
    ordered = sorted(
        bundle.records, key=lambda one: (one.runs[0][0], -one.runs[-1][1], one.annotation_id)
    )
    ends: list[int] = []
    marks: list[Mark] = []
    for number, record in enumerate(ordered, 1):
        start, end = record.runs[0][0], record.runs[-1][1]
        lane = next((at for at, until in enumerate(ends) if until <= start), len(ends))
        ends[lane : lane + 1] = [end]
        marks.append(Mark(number, record, lane))
    return marks


def pieces(text: str, marks: Sequence[Mark]) -> Iterator[Piece]:
    """The text cut at every edge of a mark."""
    opening: defaultdict[int, list[tuple[int, Mark]]] = defaultdict(list)
    closing: defaultdict[int, list[tuple[int, Mark]]] = defaultdict(list)
    for mark in marks:
        for start, end in mark.record.runs:
            opening[start].append((end, mark))
            closing[end].append((start, mark))
    edges = sorted({0, len(text), *opening, *closing})
    inside: dict[int, tuple[int, int, Mark]] = {}
    for edge, following in zip(edges, [*edges[1:], len(text)], strict=True):
        ended = sorted(closing[edge], key=lambda one: (-one[0], -one[1].number))
        for _, mark in ended:
            inside.pop(mark.number, None)
        begun = sorted(opening[edge], key=lambda one: (-one[0], one[1].number))
        for end, mark in begun:
            inside[mark.number] = (edge - end, edge, mark)
        yield Piece(
            edge,
            text[edge:following],
            tuple(mark for _, _, mark in sorted(inside.values(), key=lambda one: one[:2])),
            tuple(mark for _, mark in ended),
            tuple(mark for _, mark in begun),
        )
