"""How far one annotator has come: the status of a document, and what was read of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from annotui.domain.span import Span


class DocumentStatus(StrEnum):
    """What one annotator's work on a document has come to.

    ``IN_WORK`` is never stored: it is a new document that has marks or reading of hers.
    """

    NEW = "new"
    IN_WORK = "in work"
    DONE = "done"
    ASIDE = "aside"


class QueueOrder(StrEnum):
    """Which document is the next one."""

    ADDED = "added"
    NEWEST = "newest"
    SHORTEST = "shortest"
    TITLE = "title"


class SentenceState(StrEnum):
    """What is known of a sentence: it has a mark, was read without one, or neither."""

    MARKED = "marked"
    NOTHING = "nothing"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True, order=True)
class ReadSpan:
    """A span of which its annotator said “read, nothing here”."""

    start: int
    end: int
    read_id: str
    version: int = 1


class Reading:
    """The spans that one annotator has read of one document; it never changes once built."""

    __slots__ = ("_reach", "_starts", "spans")

    def __init__(self, spans: Iterable[ReadSpan] = ()) -> None:
        self.spans = tuple(sorted(spans))
        self._starts = [one.start for one in self.spans]
        self._reach = list(accumulate((one.end for one in self.spans), max))

    def __len__(self) -> int:
        return len(self.spans)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reading) and self.spans == other.spans

    def __hash__(self) -> int:
        return hash(self.spans)

    def overlapping(self, start: int, end: int) -> Sequence[ReadSpan]:
        """The spans with a code point in ``start`` to ``end``."""
        first = bisect_right(self._reach, start)
        last = bisect_right(self._starts, end - 1)
        return [one for one in self.spans[first:last] if one.end > start]

    def holds(self, span: Span) -> bool:
        """Whether all of ``span`` was read."""
        reached = span.start
        for one in self.overlapping(span.start, span.end):
            if one.start > reached:
                return False
            reached = max(reached, one.end)
        return reached >= span.end


@dataclass(frozen=True, slots=True)
class Progress:
    """One annotator's progress in one document; ``stored`` is the status that was set."""

    status: DocumentStatus = DocumentStatus.NEW
    stored: DocumentStatus = DocumentStatus.NEW
    reading: Reading = Reading()  # noqa: RUF009 (it never changes)


@dataclass(frozen=True, slots=True)
class Day:
    """The day's work of one annotator, and what the queue has left; ``total`` counts documents."""

    marks: int = 0
    done_today: int = 0
    done: int = 0
    aside: int = 0
    total: int = 0

    @property
    def left(self) -> int:
        """Documents that are neither done nor set aside."""
        return max(0, self.total - self.done - self.aside)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many sentences of a document are marked, read without a mark, or neither."""

    marked: int = 0
    nothing: int = 0
    unseen: int = 0

    @property
    def sentences(self) -> int:
        """All sentences."""
        return self.marked + self.nothing + self.unseen

    @property
    def share(self) -> float | None:
        """The part that is marked or was read, 0 to 1; None where there is no sentence."""
        return (self.marked + self.nothing) / self.sentences if self.sentences else None

    @classmethod
    def of(cls, states: Iterable[SentenceState]) -> Coverage:
        """Count the states."""
        found = list(states)
        return cls(
            found.count(SentenceState.MARKED),
            found.count(SentenceState.NOTHING),
            found.count(SentenceState.UNSEEN),
        )
