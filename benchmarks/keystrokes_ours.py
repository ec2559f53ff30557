"""The shortest key sequences that were found for marking a span in annotui.

What is counted is what the program does: keys and motions come from its tables, rows, selections,
the gap and trimming from its own code. Selections tried: the clause that a bare label marks,
``v`` and motions, with the other edge moved after ``o``, shift with motions, and every step that
``+`` takes with either or both edges moved after it. So the figures are upper bounds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from annotui.domain.label_scheme import default_scheme
from annotui.domain.segment import Segmenter, Unit
from annotui.domain.span import Span
from annotui.tui.key_table import reader_keys
from annotui.tui.motions import BY_HAND, EXTENDING, MOTIONS, VERTICAL
from annotui.tui.selecting import Selecting
from keystrokes_graph import FAR, Graph, Walk, moves_of

NEAR = 5
"""Offsets around an edge of the target at which a selection may end that is trimmed to it."""
STEPS = 5
"""How often ``+`` is pressed at most."""
ROWS = {*VERTICAL, "row_start", "row_end"}
"""Motions that depend on where the rows break."""
JUMP = ["f", "‹tag›", "‹tag›"]
FROM_TO = ["F", "‹tag›", "‹tag›", "‹tag›", "‹tag›"]


@dataclass(frozen=True, slots=True)
class Found:
    """Keys, and where the caret stands before the last of them."""

    typed: list[str]
    caret: int

    @property
    def cost(self) -> int:
        """Key presses; a chord takes two."""
        return sum(len(key.split(" ")) for key in self.typed)


@dataclass(frozen=True, slots=True)
class _Edge:
    """Offsets at which a selection may end for the target, and the ways to them."""

    offsets: frozenset[int]
    walk: Walk
    jumped: int
    """Where ``f`` best goes while a selection is extended to this edge; -1 without hints."""
    by_units: frozenset[int]
    """Those of the offsets that are trimmed only where no step by the character led there."""


class Annotui:
    """Searches in one text.

    ``hints`` allows ``f`` and ``F`` to visible words; without ``rows``, nothing depends on where
    the rows break: no motion by rows or pages, and no shift.
    """

    name = "annotui"

    def __init__(self, text: str, *, hints: bool = False, rows: bool = True) -> None:
        self.text, self.hints, self.rows = text, hints, rows
        self.segmenter = Segmenter(text)
        actions = reader_keys(default_scheme()).actions
        keys = {
            one.action_id: min(one.keys, key=lambda key: key.count(" "))
            for one in actions
            if one.keys
        }
        self.keys = keys
        motions = {name: motion for name, motion in MOTIONS.items() if rows or name not in ROWS}
        self.graph = Graph(text, self.segmenter, moves_of(keys, motions))
        extending = {name: MOTIONS[motion] for name, motion in EXTENDING.items()}
        upright = {"extend_up", "extend_down"}
        self.shifted = Graph(text, self.segmenter, moves_of(keys, extending, vertical=upright))
        single = [name for name, motion in EXTENDING.items() if motion in BY_HAND]
        self.by_hand = frozenset(keys[name] for name in (*BY_HAND, *single))
        self.words = list(_units(self.segmenter, Unit.WORD, len(text)))
        self._word_walk = self.graph.walk([word.start for word in self.words]) if hints else None
        self._starts: dict[int, Walk] = {}

    def typed(self, start: int, ends: Sequence[int], runs: Sequence[Span], label: str) -> list[str]:
        """The keys that mark ``runs`` with the caret at ``start``, the label's key among them.

        Each run but the last is kept with ``&``. ``ends`` are those of the marks that are there,
        in order; the newest one is focused if the caret stands at its end.
        """
        keys: list[str] = []
        for index, run in enumerate(runs):
            last = [label] if index + 1 == len(runs) else [self.keys["fragment"]]
            if start not in self._starts:
                self._starts[start] = self.graph.walk([start])
            search = _Search(self, start, self._starts[start], ends, run, last, later=index > 0)
            found = min(search.ways(), key=lambda found: (found.cost, found.typed))
            keys, start = [*keys, *found.typed], found.caret
        return keys

    def way_to(self, walk: Walk, offset: int) -> list[str]:
        """Keys that move the caret from the start of ``walk`` to ``offset``."""
        node = self.graph.nearest(walk, offset)
        direct = walk.path(node)[::-1]
        if self._word_walk is None or walk.keys[node] <= len(JUMP):
            return direct
        from_word = self.graph.nearest(self._word_walk, offset)
        if self._word_walk.keys[from_word] + len(JUMP) >= walk.keys[node]:
            return direct
        return JUMP + self._word_walk.path(from_word)[::-1]


class _Search:
    """One target from one start."""

    def __init__(
        self,
        ours: Annotui,
        start: int,
        walk: Walk,
        ends: Sequence[int],
        target: Span,
        last: list[str],
        *,
        later: bool,
    ) -> None:
        self._ours, self._walk = ours, walk
        self._ends, self._target, self._last = ends, target, last
        self._is_focused = start in ends and not later
        keep = ours.keys["fragment"]
        self._bare = [keep, *last] if later and last != [keep] else last
        """What marks the clause; behind a kept fragment a label takes only what was kept."""
        trim = ours.segmenter.trim
        near_start = range(max(0, target.start - NEAR), target.start + 1)
        near_end = range(target.end, min(len(ours.text), target.end + NEAR) + 1)
        starts = [at for at in near_start if trim(Span(at, target.end)) == target]
        stops = [at for at in near_end if trim(Span(target.start, at)) == target]
        starts = [at for at in starts if all(trim(Span(at, to)) == target for to in stops)]
        loose = [at for at in starts if trim(Span(at, target.end), keeps_start=True) != target]
        self._first = self._edge(starts or [target.start], [], loose)
        words = [word for word in ours.words if word.start >= target.start]
        ends = [word.end for word in words]
        loose = [at for at in stops if trim(Span(target.start, at), keeps_end=True) != target]
        self._behind = self._edge(stops or [target.end], ends, loose)

    def _edge(self, offsets: Iterable[int], jumps: Iterable[int], trimmed: Iterable[int]) -> _Edge:
        by_units, by_hand = frozenset(trimmed), self._ours.by_hand
        walk = self._ours.graph.walk(offsets, backwards=True, by_units=by_units, by_hand=by_hand)
        best = min(jumps, key=walk.keys.__getitem__, default=-1) if self._ours.hints else -1
        return _Edge(frozenset(offsets), walk, best, by_units)

    def ways(self) -> Iterator[Found]:
        """Every kind of way to mark the target."""
        low, high = max(0, self._target.start - NEAR), self._target.end + NEAR
        for place in range(low, min(high, len(self._ours.text)) + 1):
            yield from self._ways_at(place)
        if self._ours.hints:
            inside = [word for word in self._ours.words if self._target.overlaps(word)]
            chosen = Span(inside[0].start, inside[-1].end)
            yield from self._grown(FROM_TO, chosen, chosen.start)

    def _ways_at(self, place: int) -> Iterator[Found]:
        ours, target = self._ours, self._target
        before = ours.way_to(self._walk, place)
        clause = ours.segmenter.at(Unit.CLAUSE, place)
        if clause is not None and ours.segmenter.trim(clause) == target:
            clears = ["esc"] if not before and self._is_focused else []
            yield Found([*before, *clears, *self._bare], place)
        is_by_hand = bool(before) and before[-1] in ours.by_hand
        edges = [
            (one, other)
            for one, other in ((self._first, self._behind), (self._behind, self._first))
            if not (is_by_hand and place in one.by_units)
        ]
        for one, other in edges:
            if place in one.offsets:
                yield self._moved([*before, "v"], place, other)
                if ours.rows:
                    yield self._shifted(before, place, other)
        for one, other in edges:
            yield self._swapped([*before, "v"], place, place, one, other)
        yield from self._ladder(before, place)

    def _ladder(self, before: list[str], place: int) -> Iterator[Found]:
        step = Selecting().grown(self._ours.segmenter, place, self._end_before(place))
        if step is not None and (word := step[0].span_to(step[1])) is not None:
            yield from self._grown([*before, "+"], word, place)

    def _grown(self, typed: list[str], chosen: Span, place: int) -> Iterator[Found]:
        """The ways that begin with this selection, then with what ``+`` makes of it."""
        selecting, caret = Selecting(chosen.start, True, (), place), chosen.end
        for _ in range(STEPS):
            yield from self._adjusted(typed, Span(selecting.anchor or 0, caret))
            after = self._end_before(selecting.anchor or 0)
            step = selecting.grown(self._ours.segmenter, caret, after)
            if step is None:
                return
            selecting, caret = step
            typed = [*typed, "+"]

    def _end_before(self, offset: int) -> int | None:
        index = bisect_right(self._ends, offset)
        return self._ends[index - 1] if index else None

    def _adjusted(self, typed: list[str], chosen: Span) -> Iterator[Found]:
        """The ways on from a selection with the caret at its end."""
        if self._ours.segmenter.trim(chosen) == self._target:
            yield Found([*typed, *self._last], chosen.end)
        elif chosen.start in self._first.offsets:
            yield self._moved(typed, chosen.end, self._behind)
        elif chosen.end in self._behind.offsets:
            yield self._moved([*typed, "o"], chosen.start, self._first)
        else:
            yield self._swapped(typed, chosen.start, chosen.end, self._behind, self._first)

    def _moved(self, typed: list[str], caret: int, edge: _Edge) -> Found:
        """The selection's moving edge goes from ``caret`` to ``edge``."""
        keys, end = self._way(caret, edge)
        return Found([*typed, *keys, *self._last], end)

    def _swapped(
        self, typed: list[str], anchor: int, caret: int, one: _Edge, other: _Edge
    ) -> Found:
        """One edge goes from ``caret`` to ``one``, then the other from ``anchor``."""
        keys, _ = self._way(caret, one)
        more, end = self._way(anchor, other)
        return Found([*typed, *keys, "o", *more, *self._last], end)

    def _way(self, caret: int, edge: _Edge) -> tuple[list[str], int]:
        direct, end = edge.walk.path(caret), self._end_of(edge, caret)
        if edge.jumped < 0 or edge.jumped <= caret or edge.walk.keys[caret] <= len(JUMP):
            return direct, end
        if edge.walk.keys[edge.jumped] + len(JUMP) >= edge.walk.keys[caret]:
            return direct, end
        return [*JUMP, *edge.walk.path(edge.jumped)], self._end_of(edge, edge.jumped)

    def _end_of(self, edge: _Edge, node: int) -> int:
        while (step := edge.walk.via[node]) is not None:
            node = step[0]
        return self._ours.graph.places[node][0]

    def _shifted(self, before: list[str], place: int, edge: _Edge) -> Found:
        graph = self._ours.shifted
        walk = graph.walk([place])
        nearest = [graph.nearest(walk, offset) for offset in edge.offsets]
        node = min(nearest, key=walk.keys.__getitem__)
        keys = walk.path(node)[::-1]
        is_by_hand = bool(keys) and keys[-1] in self._ours.by_hand
        if walk.keys[node] >= FAR or (is_by_hand and graph.places[node][0] in edge.by_units):
            return Found(["unreachable"] * FAR, place)
        return Found([*before, *keys, *self._last], graph.places[node][0])


def _units(segmenter: Segmenter, unit: Unit, length: int) -> Iterator[Span]:
    offset = -1
    while (offset := segmenter.next_start(unit, offset)) < length:
        span = segmenter.at(unit, offset)
        if span is not None:
            yield span
