"""What came out of a review session, in figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from annotui.domain.annotation import Annotation
from annotui.domain.review import Decision, PastDecision, kind_of_reason

FIGURES = ("decided", "accepted", "relabelled", "moved", "rejected", "unsure")
"""``relabelled`` and ``moved`` are among the accepted: as another label, on another span."""


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """The figures of all marks, or of those of one label, annotator or reason."""

    by: str
    name: str
    decided: int = 0
    accepted: int = 0
    relabelled: int = 0
    moved: int = 0
    rejected: int = 0
    unsure: int = 0

    @property
    def figures(self) -> tuple[int, ...]:
        """In the order of :data:`FIGURES`."""
        return tuple(getattr(self, name) for name in FIGURES)


@dataclass(frozen=True, slots=True)
class ReviewSummary:
    """A session's decisions; times are stored times, ``left`` is how many marks are undecided."""

    reviewer: str
    started_at: str
    left: int
    rows: tuple[SummaryRow, ...]

    @property
    def total(self) -> SummaryRow:
        """All marks."""
        return self.rows[0]


def summary(
    reviewer: str,
    started_at: str,
    left: int,
    decided: Iterable[tuple[Annotation, PastDecision]],
) -> ReviewSummary:
    """Count the decisions: all, by label (the annotator's), by annotator, by reason."""
    counts: dict[tuple[str, str], Counter[str]] = {("all", ""): Counter()}
    reasons: Counter[str] = Counter()
    for annotation, past in decided:
        verdict = past.verdict
        found = {"decided": 1, str(verdict.decision): 1}
        if verdict.decision is Decision.ACCEPTED:
            found |= {"relabelled": int(bool(verdict.label)), "moved": int(bool(verdict.runs))}
        for key in (("all", ""), ("label", annotation.label), ("annotator", annotation.annotator)):
            counts.setdefault(key, Counter()).update(found)
        if verdict.decision is Decision.REJECTED:
            reasons[kind_of_reason(verdict.reason)] += 1
    rows = [SummaryRow(by, name, **found) for (by, name), found in counts.items()]
    rows.sort(key=lambda row: (("all", "label", "annotator").index(row.by), row.name))
    by_reason = [
        SummaryRow("reason", name, decided=count, rejected=count)
        for name, count in sorted(reasons.items(), key=lambda one: (-one[1], one[0]))
    ]
    return ReviewSummary(reviewer, started_at, left, (*rows, *by_reason))
