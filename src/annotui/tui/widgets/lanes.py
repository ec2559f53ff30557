"""Which marks stand on a row: their runs in the text and their lanes in the gutter."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from annotui.domain.annotation import Annotation
from annotui.domain.annotation_index import AnnotationIndex
from annotui.domain.span import Span
from annotui.tui.widgets.rows import RowMap

PASSAGE_LENGTH = 8192
"""Code points whose lanes are assigned together where no line end comes before."""

_ROW_ALLOWANCE = 2048
"""Code points by which a row may reach out of its passage."""


ROWS_KEPT = 2048
"""Rows whose marks are remembered."""


class LaneSign(StrEnum):
    """What a lane shows on one row."""

    FIRST = "first"
    FURTHER = "further"
    LAST = "last"
    GAP = "gap"
    PIECE = "piece"
    LAST_PIECE = "last piece"
    MORE = "more"


class RunMark(NamedTuple):
    """The part of a run that is on a row; ``run_length`` is that of the whole run.

    With ``gap`` it is no run but what lies between two fragments.
    """

    start: int
    end: int
    run_length: int
    label: str
    own: bool
    annotation_id: str
    gap: bool = False


class LaneMark(NamedTuple):
    """One lane of the gutter on a row."""

    sign: LaneSign
    label: str
    own: bool
    annotation_id: str


class RowMarks(NamedTuple):
    """The marks on a row: runs, outermost first, and lanes from left to right.

    ``hidden`` are the ids of those for which there is no lane.
    """

    runs: tuple[RunMark, ...]
    lanes: tuple[LaneMark | None, ...]
    hidden: tuple[str, ...] = ()

    def has(self, annotation_id: str) -> bool:
        """Whether the annotation is drawn on the row."""
        return (
            any(run.annotation_id == annotation_id for run in self.runs)
            or any(lane is not None and lane.annotation_id == annotation_id for lane in self.lanes)
            or annotation_id in self.hidden
        )


class _Placed(NamedTuple):
    """A mark with its lane (-1: none free) and the starts of its first and last row.

    ``waits_for`` is the start of the last row on which another mark still has the lane, or -1.
    """

    annotation: Annotation
    own: bool
    lane: int
    first_row: int
    last_row: int
    waits_for: int


class _Passage(NamedTuple):
    """The marks of a line of text, or of a window where the line is very long."""

    start: int
    end: int
    lanes_used: int
    placed: list[_Placed]


NO_MARKS = RowMarks((), ())


class Lanes:
    """The marks of an index on the rows of a text, worked out a line at a time and kept.

    Where several annotators have marked the text, but fewer than there are lanes, each has a lane
    of her own, one's own nearest to the text; what finds its lane taken has those that are left.
    """

    def __init__(
        self, rows: RowMap, index: AnnotationIndex, own_names: frozenset[str], lane_count: int
    ) -> None:
        self._rows = rows
        self._index = index
        self._own_names = own_names
        self._lane_count = lane_count
        self._passages: dict[int, _Passage] = {}
        self._row_marks: dict[int, RowMarks] = {}
        self._names = {one.annotator for one in index}
        self._lane_of = self._lanes_of_annotators()

    def _lanes_of_annotators(self) -> dict[str, int]:
        """The lane of each annotator; empty where one is alone, or they are too many."""
        if not 1 < len(self._names) < self._lane_count:
            return {}
        names = sorted(self._names, key=lambda name: (name not in self._own_names, name))
        return {name: lane for lane, name in enumerate(names)}

    def take(self, index: AnnotationIndex, changed: Iterable[Span]) -> list[Span]:
        """Take another index, which differs on ``changed`` only.

        Returns:
            The passages whose rows may look different now.
        """
        self._index = index
        spans = list(changed)
        names = {one.annotator for span in spans for one in index.overlapping(span.start, span.end)}
        if not names <= self._names:
            self._names |= names
            self._lane_of = self._lanes_of_annotators()
            self._passages.clear()
            self._row_marks.clear()
            return [Span(0, max(1, len(self._rows.text)))]
        stale = [
            passage
            for passage in self._passages.values()
            if any(span.start < passage.end and passage.start < span.end for span in spans)
        ]
        for passage in stale:
            del self._passages[passage.start]
        if stale:
            self._row_marks.clear()
        return [Span(passage.start, passage.end) for passage in stale] + spans

    def marks_of(self, start: int, end: int) -> RowMarks:
        """The marks on the row from ``start`` to ``end``."""
        if not self._index:
            return NO_MARKS
        marks = self._row_marks.get(start)
        if marks is None:
            if len(self._row_marks) > ROWS_KEPT:
                self._row_marks.clear()
                self._passages.clear()
            marks = self._row_marks[start] = self._on_row(start, end)
        return marks

    def _on_row(self, start: int, end: int) -> RowMarks:
        passage = self._passage_of(start)
        runs: list[RunMark] = []
        lanes: list[LaneMark | None] = [None] * passage.lanes_used
        hidden: list[str] = []
        for placed in passage.placed:
            if not placed.first_row <= start <= placed.last_row:
                continue
            annotation, own, lane = placed.annotation, placed.own, placed.lane
            before = len(runs)
            _add_runs(runs, placed, start, end)
            if lane < 0 or start <= placed.waits_for:
                hidden.append(annotation.annotation_id)
                continue
            has_run = any(not run.gap for run in runs[before:])
            sign = _sign(placed, start, end, has_run, self._is_first(placed, start))
            lanes[lane] = LaneMark(sign, annotation.label, own, annotation.annotation_id)
        if hidden and lanes:
            covered = lanes[-1]
            if covered is not None:
                hidden.append(covered.annotation_id)
            lanes[-1] = LaneMark(LaneSign.MORE, "", True, "")
        if len(runs) > 1:
            runs.sort(key=_outermost_first)
        shown = tuple(reversed(lanes)) if any(lanes) else ()
        return RowMarks(tuple(runs), shown, tuple(hidden))

    def _is_first(self, placed: _Placed, row_start: int) -> bool:
        """Whether the lane of a mark begins on the row that starts at ``row_start``."""
        if placed.waits_for >= 0:
            return self._rows.row_start(row_start - 1) == placed.waits_for
        return placed.first_row == row_start and placed.annotation.start >= row_start

    def _passage_of(self, offset: int) -> _Passage:
        start, end = self._passage_bounds(offset)
        passage = self._passages.get(start)
        if passage is None:
            passage = self._passages[start] = self._assign(start, end)
        return passage

    def _passage_bounds(self, offset: int) -> tuple[int, int]:
        """The line around ``offset``, cut to its window where it is very long."""
        text = self._rows.text
        window = offset - offset % PASSAGE_LENGTH
        start = text.rfind("\n", max(0, offset - PASSAGE_LENGTH), offset) + 1
        if not start and offset > PASSAGE_LENGTH:
            return window, min(len(text), window + PASSAGE_LENGTH + _ROW_ALLOWANCE)
        end = text.find("\n", offset, start + PASSAGE_LENGTH) + 1
        if not end:
            end = min(len(text), start + PASSAGE_LENGTH + _ROW_ALLOWANCE)
        return start, max(end, start + 1)

    def _assign(self, start: int, end: int) -> _Passage:
        """Give each mark the first lane that is free, or else the one that is free soonest."""
        rows, text_length = self._rows, len(self._rows.text)
        last_rows = [-1] * self._lane_count
        shared = range(len(self._lane_of), self._lane_count)
        lanes_used = 0
        placed: list[_Placed] = []
        for annotation in self._index.overlapping(start, end):
            first = rows.row_start(min(max(annotation.start, start), text_length))
            last = rows.row_start(min(annotation.end, end, text_length) - 1)
            of_annotator = self._lane_of.get(annotation.annotator)
            may_have = shared if of_annotator is None else (of_annotator, *shared)
            lane = next((one for one in may_have if last_rows[one] < first), -1)
            waits_for = -1
            if lane < 0:
                soonest = min(may_have, key=last_rows.__getitem__, default=-1)
                waits_for = last if soonest < 0 else last_rows[soonest]
                lane = soonest if waits_for < last else -1
            if lane >= 0:
                last_rows[lane] = last
                lanes_used = max(lanes_used, lane + 1)
            own = annotation.annotator in self._own_names
            placed.append(_Placed(annotation, own, lane, first, last, waits_for))
        return _Passage(start, end, lanes_used, placed)


def _add_runs(runs: list[RunMark], placed: _Placed, start: int, end: int) -> None:
    """Append what of a mark is on the row from ``start`` to ``end``: its runs and its gaps."""
    one, own = placed.annotation, placed.own
    bounds = [(run.start, run.end) for run in one.fragments] or [(one.start, one.end)]
    gaps = [(before[1], after[0]) for before, after in pairwise(bounds)]
    for is_gap, parts in ((False, bounds), (True, gaps)):
        for low, high in parts:
            if low < end and start < high:
                first, last = max(low, start), min(high, end)
                runs.append(
                    RunMark(first, last, high - low, one.label, own, one.annotation_id, is_gap)
                )


def _outermost_first(run: RunMark) -> tuple[int, int, str]:
    return (-run.run_length, run.start, run.annotation_id)


def _sign(placed: _Placed, row_start: int, row_end: int, has_run: bool, is_first: bool) -> LaneSign:
    """What the lane of a mark shows on the row from ``row_start`` to ``row_end``."""
    if is_first:
        return LaneSign.FIRST
    if not has_run:
        return LaneSign.GAP
    is_last, in_pieces = placed.annotation.end <= row_end, bool(placed.annotation.fragments)
    if in_pieces:
        return LaneSign.LAST_PIECE if is_last else LaneSign.PIECE
    return LaneSign.LAST if is_last else LaneSign.FURTHER
