"""Several annotators' marks of one text, matched into groups of what each says of one thing.

Two marks are alike by the share of their code points that they have in common (Jaccard's
coefficient) and half a point more where the label is the same. From the most alike pair down,
pairs of at least half a point are put into one group, which has at most one mark of each
annotator. So marks with the same label need one code point in common, others half of all theirs,
and marks that lie inside or over one another stay apart.

Source: Jaccard, The distribution of the flora in the alpine zone (1912), for the coefficient.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from annotui.domain import agreement
from annotui.domain.annotation import Annotation
from annotui.domain.span import Span

LEAST_ALIKE = 0.5
"""From how much on two marks are about one thing; also what the same label counts."""


class Difference(StrEnum):
    """In what the annotators of a group differ."""

    MISSING = "missing"
    BOUNDARY = "boundary"
    LABEL = "label"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Member:
    """One annotator's mark in a group; ``runs`` are without white space at their edges."""

    annotation: Annotation
    runs: tuple[Span, ...]

    @property
    def said(self) -> tuple[str, tuple[Span, ...]]:
        """The label and where."""
        return self.annotation.label, self.runs


@dataclass(frozen=True, slots=True)
class Group:
    """What ``annotators`` say of one thing; ``members`` are in their order, one of each at most."""

    annotators: tuple[str, ...]
    members: tuple[Member, ...]

    @property
    def start(self) -> int:
        """The first code point that one of them marked."""
        return min(member.runs[0].start for member in self.members)

    @property
    def end(self) -> int:
        """The code point behind the last one."""
        return max(member.runs[-1].end for member in self.members)

    @property
    def missing(self) -> tuple[str, ...]:
        """The annotators who have no mark in it."""
        having = {member.annotation.annotator for member in self.members}
        return tuple(name for name in self.annotators if name not in having)

    @property
    def differences(self) -> tuple[Difference, ...]:
        """In what they differ; empty where all say the same."""
        found = {
            Difference.MISSING: bool(self.missing),
            Difference.BOUNDARY: len({member.runs for member in self.members}) > 1,
            Difference.LABEL: len({member.annotation.label for member in self.members}) > 1,
            Difference.NOTE: len({member.annotation.note for member in self.members}) > 1,
        }
        return tuple(difference for difference, is_so in found.items() if is_so)

    @property
    def is_agreed(self) -> bool:
        """Whether all of them marked the same with the same label; notes may differ."""
        return not set(self.differences) - {Difference.NOTE}

    def of(self, annotator: str) -> Member | None:
        """The mark of one annotator."""
        its = (one for one in self.members if one.annotation.annotator == annotator)
        return next(its, None)


def matched(annotations: Iterable[Annotation], annotators: Sequence[str], text: str) -> list[Group]:
    """The marks of ``annotators`` in groups, in the order of the text.

    The groups are the same whatever the order of marks and annotators.
    """
    members = sorted(
        (Member(one, _runs(one, text)) for one in annotations if one.annotator in annotators),
        key=lambda member: (member.runs, member.annotation.annotation_id),
    )
    owner = [member.annotation.annotator for member in members]
    group_of = [[rank] for rank in range(len(members))]
    for _, one, other in sorted(_alike(members), key=lambda pair: (-pair[0], *pair[1:])):
        kept, joining = group_of[one], group_of[other]
        if kept is not joining and not {owner[x] for x in kept} & {owner[x] for x in joining}:
            kept += joining
            for rank in joining:
                group_of[rank] = kept
    place = {name: at for at, name in enumerate(annotators)}
    found = [
        Group(
            tuple(annotators),
            tuple(members[rank] for rank in sorted(group, key=lambda rank: place[owner[rank]])),
        )
        for group in {id(group): group for group in group_of}.values()
    ]
    return sorted(found, key=lambda group: (group.start, group.end))


def likeness(one: Member, other: Member) -> float:
    """How alike two marks are, from 0 to 1.5; 0 where they have no code point in common."""
    common = sum(map(len, common_runs(one.runs, other.runs)))
    if not common:
        return 0.0
    every = sum(map(len, one.runs)) + sum(map(len, other.runs)) - common
    has_same_label = one.annotation.label == other.annotation.label
    return common / every + (LEAST_ALIKE if has_same_label else 0.0)


def common_runs(one: Sequence[Span], other: Sequence[Span]) -> tuple[Span, ...]:
    """The code points that are in both, as runs in order."""
    found, at, beside = [], 0, 0
    while at < len(one) and beside < len(other):
        start = max(one[at].start, other[beside].start)
        end = min(one[at].end, other[beside].end)
        if start < end:
            found.append(Span(start, end))
        if one[at].end <= other[beside].end:
            at += 1
        else:
            beside += 1
    return tuple(found)


def _runs(annotation: Annotation, text: str) -> tuple[Span, ...]:
    coded = agreement.coded(annotation, text, ignores_edges=True)
    return annotation.runs if coded is None else tuple(Span(*run) for run in coded.runs)


def _alike(members: Sequence[Member]) -> list[tuple[float, int, int]]:
    """How alike, and the ranks, of all pairs of two annotators that are about one thing."""
    found: set[tuple[int, int]] = set()
    open_runs: list[tuple[int, int]] = []
    runs = sorted(
        (run.start, run.end, rank) for rank, member in enumerate(members) for run in member.runs
    )
    for start, end, rank in runs:
        open_runs = [one for one in open_runs if one[0] > start]
        annotator = members[rank].annotation.annotator
        for _, other in open_runs:
            if members[other].annotation.annotator != annotator:
                found.add((min(rank, other), max(rank, other)))
        open_runs.append((end, rank))
    pairs = [(likeness(members[one], members[other]), one, other) for one, other in found]
    return [pair for pair in pairs if pair[0] >= LEAST_ALIKE]
