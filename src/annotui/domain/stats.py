"""Figures of the work in a file: marks and their lengths, decisions, documents, and time.

Days are those of UTC, as all stored times are. Lengths are counted in code points and in words, as
white space parts them; a mark in fragments has the length of its runs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean, median

from annotui.domain.span import FRAGMENT_JOINT

DAY_LENGTH = len("2024-05-31")
"""Characters of a stored time that are its day."""


@dataclass(frozen=True, slots=True)
class Marked:
    """One mark as it is counted: its quote, and of how many runs that is made."""

    label: str
    annotator: str
    day: str
    quote: str
    runs: int = 1

    @property
    def characters(self) -> int:
        """Code points of its runs."""
        return len(self.quote) - len(FRAGMENT_JOINT) * (self.runs - 1)

    @property
    def words(self) -> int:
        """Words of its runs; a joint between two counts as one where it is split."""
        return len(self.quote.split()) - (self.runs - 1)


@dataclass(frozen=True, slots=True, order=True)
class MarkCount:
    """Marks of one label that one annotator made on one day."""

    label: str
    annotator: str
    day: str
    marks: int


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long the marks of one label are (all marks: no label), in one unit.

    ``p90`` is the least length that nine of ten marks do not exceed.
    """

    label: str
    unit: str
    marks: int
    least: int
    mean: float
    median: float
    p90: int
    most: int


@dataclass(frozen=True, slots=True, order=True)
class DecisionCount:
    """Decisions of one kind by one reviewer on the marks of one annotator.

    ``made`` are all of them; ``counting`` those that are the newest on the mark as it is now. A
    ``changed`` one accepts another label or span.
    """

    reviewer: str
    annotator: str
    label: str
    decision: str
    reason: str
    changed: bool
    made: int
    counting: int


@dataclass(frozen=True, slots=True, order=True)
class StatusCount:
    """How many documents have a status for one annotator."""

    annotator: str
    status: str
    documents: int


@dataclass(frozen=True, slots=True, order=True)
class SentenceCount:
    """Sentences of all documents that one annotator has begun, by what her work says of them."""

    annotator: str
    marked: int
    nothing: int
    unseen: int


@dataclass(frozen=True, slots=True)
class Act:
    """One change that somebody made by hand, at a time as it is stored."""

    person: str
    changed_at: str
    document_id: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Activity:
    """What one person did on one day.

    ``stretches`` are runs of changes without a pause longer than the cut-off; ``seconds`` the time
    from the first to the last change of each.
    """

    person: str
    day: str
    changes: int
    stretches: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Stats:
    """All figures of a file, and the cut-off with which the time was counted."""

    marks: tuple[MarkCount, ...]
    lengths: tuple[Lengths, ...]
    decisions: tuple[DecisionCount, ...]
    documents: tuple[StatusCount, ...]
    coverage: tuple[SentenceCount, ...] | None
    time: tuple[Activity, ...]
    idle_s: float


def mark_counts(marks: Iterable[Marked]) -> tuple[MarkCount, ...]:
    """How many marks there are of each label, by annotator and day."""
    found = Counter((one.label, one.annotator, one.day) for one in marks)
    return tuple(sorted(MarkCount(*key, count) for key, count in found.items()))


def lengths(marks: Sequence[Marked]) -> Iterator[Lengths]:
    """The lengths of all marks, then those of each label, in words and in characters."""
    by_label: dict[str, list[Marked]] = {}
    for one in marks:
        by_label.setdefault(one.label, []).append(one)
    for label, of_label in (("", marks), *sorted(by_label.items())):
        if of_label:
            yield _lengths(label, "words", [one.words for one in of_label])
            yield _lengths(label, "characters", [one.characters for one in of_label])


def _lengths(label: str, unit: str, values: Sequence[int]) -> Lengths:
    ordered = sorted(values)
    p90 = ordered[-(-len(ordered) * 9 // 10) - 1]
    return Lengths(
        *(label, unit, len(ordered), ordered[0], fmean(ordered), median(ordered), p90, ordered[-1])
    )


@dataclass(frozen=True, slots=True)
class Step:
    """An act and the seconds since the one before; none where it begins a stretch."""

    act: Act
    seconds: float
    begins: bool


def steps(acts: Iterable[Act], idle_s: float) -> Iterator[Step]:
    """The acts of each person in the order of time; a pause over ``idle_s`` is not work."""
    before: dict[str, float] = {}
    for act in sorted(acts, key=lambda one: one.changed_at):
        now = datetime.fromisoformat(act.changed_at).timestamp()
        pause = now - before[act.person] if act.person in before else None
        begins = pause is None or pause > idle_s
        before[act.person] = now
        yield Step(act, 0.0 if pause is None or begins else pause, begins)


def activity(taken: Iterable[Step]) -> tuple[Activity, ...]:
    """The steps by person and day; a pause over midnight is of the day on which it ends."""
    found: dict[tuple[str, str], list[Step]] = {}
    for one in taken:
        found.setdefault((one.act.person, one.act.changed_at[:DAY_LENGTH]), []).append(one)
    return tuple(
        sorted(
            Activity(
                *key,
                len(of_day),
                sum(one.begins for one in of_day),
                sum(one.seconds for one in of_day),
            )
            for key, of_day in found.items()
        )
    )
