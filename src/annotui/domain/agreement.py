"""How far annotators agree on the spans and labels of one or more texts.

Marks are counted (F1, exact or overlapping) and so are code points (F1, κ, α). A mark in fragments
covers its runs only. A measure that has nothing to divide by is None: undefined, not 0 or 1.

Sources: van Rijsbergen, Information Retrieval (1979), for F1; Cohen, A coefficient of agreement
for nominal scales (1960); Krippendorff, Content Analysis, 4th edition (2018), chapter 12, for α of
nominal data; Hripcsak and Rothschild, Agreement, the F-measure, and reliability in information
retrieval (2005), for F1 between annotators.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from annotui.domain.annotation import Annotation

Runs = tuple[tuple[int, int], ...]
"""Half-open runs of code points, in order and apart."""


@dataclass(frozen=True, slots=True)
class Coded:
    """One mark of one annotator: its label and its runs."""

    label: str
    runs: Runs

    @property
    def start(self) -> int:
        """The first code point."""
        return self.runs[0][0]

    @property
    def end(self) -> int:
        """The code point behind the last one."""
        return self.runs[-1][1]


@dataclass(frozen=True, slots=True)
class Coding:
    """What annotators marked in one text of ``length`` code points.

    Who has no entry did not take part; who has an empty one found nothing to mark.
    """

    length: int
    marks: Mapping[str, tuple[Coded, ...]]


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall (the first annotator is the reference) and F1; None where undefined."""

    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """What two annotators agree on."""

    exact: Score
    exact_unlabelled: Score
    overlap: Score
    overlap_unlabelled: Score
    characters: Score
    kappa: float | None


def coded(annotation: Annotation, text: str, *, ignores_edges: bool) -> Coded | None:
    """An annotation as it is compared; None where ``ignores_edges`` leaves nothing of it.

    With ``ignores_edges`` white space at the edges of a run does not count.
    """
    runs = []
    for run in annotation.runs:
        start, end = run.start, run.end
        if ignores_edges:
            words = text[start:end]
            start += len(words) - len(words.lstrip())
            end -= len(words) - len(words.rstrip())
        if start < end:
            runs.append((start, end))
    return Coded(annotation.label, tuple(runs)) if runs else None


def pair(codings: Sequence[Coding], first: str, second: str) -> PairAgreement:
    """The agreement of two annotators over the ``codings`` in which both took part.

    ``first`` is the reference.
    """
    sides = [
        (coding.length, coding.marks[first], coding.marks[second])
        for coding in codings
        if first in coding.marks and second in coding.marks
    ]
    bits = _Bits()
    tables = [_sets_by_length(length, marks, bits) for length, *marks in sides]
    return PairAgreement(
        exact=_exact(sides, labelled=True),
        exact_unlabelled=_exact(sides, labelled=False),
        overlap=_overlap(sides, labelled=True),
        overlap_unlabelled=_overlap(sides, labelled=False),
        characters=_characters(tables),
        kappa=_kappa(tables),
    )


def alpha(codings: Sequence[Coding], annotators: Sequence[str]) -> float | None:
    """Krippendorff's α of nominal data; a code point's value is the set of labels on it.

    A text counts as far as at least two of the ``annotators`` took part. None where there is no
    such text, or one value only leaves nothing to disagree about.
    """
    bits, units = _Bits(), Sets()
    for coding in codings:
        marks = [coding.marks[name] for name in annotators if name in coding.marks]
        if len(marks) > 1:
            units.update(_sets_by_length(coding.length, marks, bits))
    totals: Counter[int] = Counter()
    disagreed = 0.0
    for values, count in units.items():
        raters, of_unit = len(values), Counter(values)
        for value, times in of_unit.items():
            totals[value] += times * count
            disagreed += count * times * (raters - times) / (raters - 1)
    pairable = sum(totals.values())
    expected = pairable * pairable - sum(times * times for times in totals.values())
    if not expected:
        return None
    return 1 - (pairable - 1) * disagreed / expected


def only(codings: Iterable[Coding], label: str) -> list[Coding]:
    """The same texts with the marks of one label, as a yes/no coding of each code point."""
    return [
        Coding(
            coding.length,
            {
                name: tuple(mark for mark in marks if mark.label == label)
                for name, marks in coding.marks.items()
            },
        )
        for coding in codings
    ]


Side = tuple[int, Sequence[Coded], Sequence[Coded]]


def _exact(sides: Iterable[Side], *, labelled: bool) -> Score:
    matched = of_first = of_second = 0
    for _, first, second in sides:
        keys = [
            Counter((mark.label if labelled else "", mark.runs) for mark in marks)
            for marks in (first, second)
        ]
        matched += (keys[0] & keys[1]).total()
        of_first += len(first)
        of_second += len(second)
    return _score(matched, matched, of_first, of_second)


def _overlap(sides: Iterable[Side], *, labelled: bool) -> Score:
    """A mark counts where some mark of the other annotator shares a code point with it."""
    found_first = found_second = of_first = of_second = 0
    for _, first, second in sides:
        met_first, met_second = _met(first, second, labelled=labelled)
        found_first += len(met_first)
        found_second += len(met_second)
        of_first += len(first)
        of_second += len(second)
    return _score(found_second, found_first, of_first, of_second)


def _met(
    first: Sequence[Coded], second: Sequence[Coded], *, labelled: bool
) -> tuple[set[int], set[int]]:
    """The places of the marks on either side that overlap one of the other, by a sweep."""
    met_first: set[int] = set()
    met_second: set[int] = set()
    by_end: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    runs = sorted(
        (run[0], run[1], side, place, mark.label if labelled else "")
        for side, marks in enumerate((first, second))
        for place, mark in enumerate(marks)
        for run in mark.runs
    )
    for start, end, side, place, label in runs:
        open_runs = [run for run in by_end[label] if run[0] > start]
        for _, other_side, other_place in open_runs:
            if other_side != side:
                met_first.add(place if side == 0 else other_place)
                met_second.add(other_place if side == 0 else place)
        by_end[label] = [*open_runs, (end, side, place)]
    return met_first, met_second


def _score(right_of_second: float, right_of_first: float, first: float, second: float) -> Score:
    precision = right_of_second / second if second else None
    recall = right_of_first / first if first else None
    if precision is None and recall is None:
        return Score(None, None, None)
    both = (precision or 0.0) + (recall or 0.0)
    return Score(precision, recall, 2 * (precision or 0.0) * (recall or 0.0) / both if both else 0)


Sets = Counter[tuple[int, ...]]
"""How many code points have, for each annotator, this set of labels (a bit for each label)."""


class _Bits(dict[str, int]):
    """The bit of each label, given out at its first use."""

    def __missing__(self, label: str) -> int:
        self[label] = bit = 1 << len(self)
        return bit


def _sets_by_length(length: int, marks: Sequence[Sequence[Coded]], bits: _Bits) -> Sets:
    """The sets of labels that the annotators put on each code point, counted by stretches."""
    steps = sorted(
        (offset, rater, bits[mark.label], step)
        for rater, of_rater in enumerate(marks)
        for mark in of_rater
        for run in mark.runs
        for offset, step in zip(run, (1, -1), strict=True)
    )
    found = Sets()
    depth: Counter[tuple[int, int]] = Counter()
    values = [0] * len(marks)
    before = 0
    for offset, rater, bit, step in steps:
        if offset > before:
            found[tuple(values)] += offset - before
            before = offset
        depth[rater, bit] += step
        if depth[rater, bit]:
            values[rater] |= bit
        else:
            values[rater] &= ~bit
    if length > before:
        found[tuple(values)] += length - before
    return found


def _characters(tables: Iterable[Sets]) -> Score:
    """Code points with a label, each label on each code point counted once."""
    matched = of_first = of_second = 0
    for table in tables:
        for (first, second), count in table.items():
            matched += (first & second).bit_count() * count
            of_first += first.bit_count() * count
            of_second += second.bit_count() * count
    return _score(matched, matched, of_first, of_second)


def _kappa(tables: Iterable[Sets]) -> float | None:
    """Cohen's κ; None where both annotators use one value only, and the same."""
    agreed = total = 0
    first: Counter[int] = Counter()
    second: Counter[int] = Counter()
    for table in tables:
        for (one, other), count in table.items():
            agreed += count if one == other else 0
            total += count
            first[one] += count
            second[other] += count
    if not total:
        return None
    by_chance = sum(count * second[value] for value, count in first.items()) / total**2
    return None if by_chance == 1 else (agreed / total - by_chance) / (1 - by_chance)


def pairs(annotators: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Every two annotators, in their order."""
    for place, first in enumerate(annotators):
        for second in annotators[place + 1 :]:
            yield first, second
