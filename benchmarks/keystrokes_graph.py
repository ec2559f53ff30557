"""Every place at which a caret can stand in a text, and the keys that lead from one to another."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from annotui.domain.segment import Segmenter
from annotui.tui.motions import VERTICAL, Motion
from annotui.tui.widgets.rows import RowMap

MEASURE = 75
"""Cells of a row on a screen of 120 × 40 with the side pane open."""
PAGE_ROWS = 37
"""Rows of the article on a screen of 120 × 40."""

FAR = 1_000
"""More keys than any path has."""

Place = tuple[int, int]
"""An offset (code points) and the column that ``j`` and ``k`` aim at, -1 where there is none."""


class Caret:
    """What motions ask of the article view, over its real rows."""

    def __init__(self, text: str) -> None:
        self.rows = RowMap(text, MEASURE)
        self.caret, self.goal = 0, -1

    def offset_rows_away(self, rows: int) -> int:
        """The offset ``rows`` down, in the goal column."""
        row = self.rows.row_of(self.caret)
        if self.goal < 0:
            self.goal = self.rows.drawn(row).column_of(self.caret)
        return self.rows.drawn(max(0, row + rows)).offset_at(self.goal)

    def offset_pages_away(self, pages: float) -> int:
        """The offset ``pages`` screens down."""
        height = PAGE_ROWS - 2 if abs(pages) >= 1 else PAGE_ROWS
        return self.offset_rows_away(round(pages * height))

    def row_start(self) -> int:
        """The start of the caret's row."""
        return self.rows.row_start(self.caret)

    def row_end(self) -> int:
        """The last offset of the caret's row."""
        return self.rows.drawn(self.rows.row_of(self.caret)).last_offset


@dataclass(frozen=True, slots=True)
class Move:
    """A motion and the key that does it; a chord costs two."""

    key: str
    motion: Motion
    is_vertical: bool

    @property
    def cost(self) -> int:
        return len(self.key.split(" "))


@dataclass(frozen=True, slots=True)
class Walk:
    """Distances in keys from (or to) some places, and the step to take at each."""

    keys: list[int]
    via: list[tuple[int, str] | None]

    def path(self, node: int) -> list[str]:
        """The keys between ``node`` and where the walk began, from ``node`` on."""
        typed = []
        while (step := self.via[node]) is not None:
            node, key = step
            typed.append(key)
        return typed


Edges = list[list[tuple[int, int, str]]]


class Graph:
    """All places of one text; edges lead by one motion from each to others."""

    def __init__(self, text: str, segmenter: Segmenter, moves: Iterable[Move]) -> None:
        self.text, self._segmenter, self._moves = text, segmenter, tuple(moves)
        self._view = Caret(text)
        self._numbers: dict[Place, int] = {}
        self.places: list[Place] = []
        for offset in range(len(text) + 1):
            self._number((offset, -1))
        self.onward: Edges = []
        plain: dict[int, list[tuple[int, int, str]]] = {}
        while len(self.onward) < len(self.places):
            offset, goal = self.places[len(self.onward)]
            if offset not in plain:
                plain[offset] = self._edges(offset, -1, vertical=False)
            self.onward.append(plain[offset] + self._edges(offset, goal, vertical=True))
        self.back: Edges = [[] for _ in self.places]
        for node, edges in enumerate(self.onward):
            for other, cost, key in edges:
                self.back[other].append((node, cost, key))
        self.at_offset: list[list[int]] = [[] for _ in range(len(text) + 1)]
        for node, (offset, _) in enumerate(self.places):
            self.at_offset[offset].append(node)

    def walk(
        self,
        starts: Iterable[int],
        *,
        backwards: bool = False,
        by_units: frozenset[int] = frozenset(),
        by_hand: frozenset[str] = frozenset(),
    ) -> Walk:
        """The shortest ways from the places at these offsets, or with ``backwards`` to them.

        The last step to an offset of ``by_units`` is none of the keys ``by_hand``. A walk from an
        offset begins with no goal column, as after any key but ``j`` and ``k``.
        """
        keys = [FAR] * len(self.places)
        via: list[tuple[int, str] | None] = [None] * len(self.places)
        nodes = starts if not backwards else (n for o in starts for n in self.at_offset[o])
        heap = [(0, node) for node in nodes]
        for _, node in heap:
            keys[node] = 0
        edges = self.back if backwards else self.onward
        while heap:
            distance, node = heapq.heappop(heap)
            if distance > keys[node]:
                continue
            is_barred = not distance and self.places[node][0] in by_units
            for other, cost, key in edges[node]:
                if is_barred and key in by_hand:
                    continue
                if distance + cost < keys[other]:
                    keys[other] = distance + cost
                    via[other] = (node, key)
                    heapq.heappush(heap, (distance + cost, other))
        return Walk(keys, via)

    def nearest(self, walk: Walk, offset: int) -> int:
        """The place at ``offset`` that is least far in ``walk``."""
        return min(self.at_offset[offset], key=walk.keys.__getitem__)

    def _number(self, place: Place) -> int:
        if place not in self._numbers:
            self._numbers[place] = len(self.places)
            self.places.append(place)
        return self._numbers[place]

    def _edges(self, offset: int, goal: int, *, vertical: bool) -> list[tuple[int, int, str]]:
        found: dict[int, tuple[int, str]] = {}
        view = self._view
        for move in self._moves:
            if move.is_vertical is not vertical:
                continue
            view.caret, view.goal = offset, goal
            target = move.motion(cast(Any, view), self._segmenter, self.text)
            node = self._number((target, view.goal if vertical else -1))
            if target != offset and found.get(node, (FAR, ""))[0] > move.cost:
                found[node] = (move.cost, move.key)
        return [(node, cost, key) for node, (cost, key) in found.items()]


def moves_of(
    keys: Mapping[str, str], motions: Mapping[str, Motion], *, vertical: Iterable[str] = VERTICAL
) -> list[Move]:
    """The moves for motions by name, ``keys`` being the key of each."""
    upright = frozenset(vertical)
    return [Move(keys[name], motion, name in upright) for name, motion in motions.items()]
