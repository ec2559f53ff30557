"""The marks behind a figure of agreement: which of them the other annotator has, too.

For F1 of marks these are the very counts: what is agreed of the first annotator's marks over all
of them is the recall, of the second one's the precision. For figures of code points a mark is
agreed where every code point of it is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from annotui.domain.agreement import Coded, Runs
from annotui.domain.matching import Difference


class Measure(StrEnum):
    """The figures of agreement."""

    EXACT = "exact_f1"
    EXACT_UNLABELLED = "exact_f1_unlabelled"
    OVERLAP = "overlap_f1"
    OVERLAP_UNLABELLED = "overlap_f1_unlabelled"
    CHARACTERS = "character_f1"
    KAPPA = "kappa"
    ALPHA = "alpha"

    @property
    def is_labelled(self) -> bool:
        """Whether marks with different labels disagree."""
        return self not in (Measure.EXACT_UNLABELLED, Measure.OVERLAP_UNLABELLED)


@dataclass(frozen=True, slots=True)
class Judged:
    """One mark of a pair of annotators and whether the other one agrees.

    ``side`` is 0 for the first annotator and 1 for the second, ``place`` the mark's place among
    hers; ``nearest`` that of the other annotator's mark which is likest, where one shares a code
    point.
    """

    side: int
    place: int
    agreed: bool
    differences: tuple[Difference, ...]
    nearest: int | None


Common = dict[int, list[tuple[int, int]]]
"""By the place of the other annotator's mark, what it has in common with one mark, as runs."""


def judged(first: Sequence[Coded], second: Sequence[Coded], measure: Measure) -> list[Judged]:
    """All marks of two annotators in one text, as ``measure`` counts them."""
    sides = (first, second)
    common = _common(first, second)
    repeated = [_left_over(own, other, measure) for own, other in (sides, sides[::-1])]
    found = []
    for side, (own, other) in enumerate((sides, sides[::-1])):
        for place, mark in enumerate(own):
            beside = common[side, place]
            nearest = _nearest(mark, other, beside)
            if measure in (Measure.EXACT, Measure.EXACT_UNLABELLED):
                agreed = place not in repeated[side]
            else:
                agreed = _is_covered(mark, other, beside, measure)
            differences = () if agreed else _differences(mark, other, nearest, measure)
            found.append(Judged(side, place, agreed, differences, nearest))
    return found


def _common(first: Sequence[Coded], second: Sequence[Coded]) -> dict[tuple[int, int], Common]:
    """For each mark (side, place) what it has in common with the other side's, by a sweep."""
    found: dict[tuple[int, int], Common] = defaultdict(dict)
    open_runs: list[tuple[int, int, int, int]] = []
    runs = sorted(
        (start, end, side, place)
        for side, marks in enumerate((first, second))
        for place, mark in enumerate(marks)
        for start, end in mark.runs
    )
    for start, end, side, place in runs:
        open_runs = [run for run in open_runs if run[1] > start]
        for _, other_end, other_side, other_place in open_runs:
            if other_side != side:
                shared = (start, min(end, other_end))
                found[side, place].setdefault(other_place, []).append(shared)
                found[other_side, other_place].setdefault(place, []).append(shared)
        open_runs.append((start, end, side, place))
    return found


def _left_over(own: Sequence[Coded], other: Sequence[Coded], measure: Measure) -> set[int]:
    """Places of one's own marks that have no equal among the other's; each counts once."""

    def key(mark: Coded) -> tuple[str, Runs]:
        return mark.label if measure.is_labelled else "", mark.runs

    free = Counter(map(key, other))
    left = set()
    for place, mark in enumerate(own):
        if free[key(mark)]:
            free[key(mark)] -= 1
        else:
            left.add(place)
    return left


def _is_covered(mark: Coded, other: Sequence[Coded], beside: Common, measure: Measure) -> bool:
    """Whether the other annotator has a code point of the mark; of code points, all of them."""
    having = [
        shared
        for place, shared in beside.items()
        if not measure.is_labelled or other[place].label == mark.label
    ]
    if measure in (Measure.OVERLAP, Measure.OVERLAP_UNLABELLED):
        return bool(having)
    reached, covered = 0, 0
    for start, end in sorted(run for shared in having for run in shared):
        covered += max(0, end - max(start, reached))
        reached = max(reached, end)
    return covered == sum(end - start for start, end in mark.runs)


def _nearest(mark: Coded, other: Sequence[Coded], beside: Common) -> int | None:
    """The place of the mark that is likest: equal, of the same label, with most in common."""
    return max(
        beside,
        key=lambda place: (
            other[place].label == mark.label,
            other[place].runs == mark.runs,
            sum(end - start for start, end in beside[place]),
            -place,
        ),
        default=None,
    )


def _differences(
    mark: Coded, other: Sequence[Coded], nearest: int | None, measure: Measure
) -> tuple[Difference, ...]:
    if nearest is None:
        return (Difference.MISSING,)
    found = []
    if other[nearest].runs != mark.runs:
        found.append(Difference.BOUNDARY)
    if measure.is_labelled and other[nearest].label != mark.label:
        found.append(Difference.LABEL)
    return tuple(found) or (Difference.MISSING,)
