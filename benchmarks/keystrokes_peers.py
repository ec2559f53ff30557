"""The same search for slate's keys and for those of a text box."""

from __future__ import annotations

import heapq
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Any, Protocol

from annotui.domain.segment import Segmenter, next_grapheme, previous_grapheme
from annotui.domain.span import Span
from annotui.tui.motions import MOTIONS
from annotui.tui.widgets.rows import RowMap
from keystrokes_graph import FAR, MEASURE, Graph, Move, Walk


class Peer(Protocol):
    """Counts the keys to mark a span, from the start of a text or from another span's mark."""

    name: str

    def keys(self, before: Span | None, target: Span) -> int:
        """Keys from the mark ``before``, or from the start of the text, the label's included."""
        ...


_WORD = re.compile(r"\w+(?:[’']\w+)*")


class TextBox:
    """Arrows, with ctrl by words and paragraphs, home, end and pages; shift extends."""

    name = "text box"

    def __init__(self, text: str) -> None:
        self._text = text
        words = [match.span() for match in _WORD.finditer(text)]
        starts, ends = [start for start, _ in words], [end for _, end in words]
        paragraphs = [match.end() for match in re.finditer(r"\n\n", text)]

        def last_before(offsets: list[int], caret: int) -> int:
            index = bisect_left(offsets, caret)
            return offsets[index - 1] if index else 0

        def first_after(offsets: list[int], caret: int) -> int:
            index = bisect_right(offsets, caret)
            return offsets[index] if index < len(offsets) else len(text)

        moves = [
            Move("→", lambda view, _, text: next_grapheme(text, view.caret), False),
            Move("←", lambda view, _, text: previous_grapheme(text, view.caret), False),
            Move("ctrl+→", lambda view, _, __: first_after(ends, view.caret), False),
            Move("ctrl+←", lambda view, _, __: last_before(starts, view.caret), False),
            Move("ctrl+↓", lambda view, _, __: first_after(paragraphs, view.caret), False),
            Move("ctrl+↑", lambda view, _, __: last_before(paragraphs, view.caret), False),
        ]
        for name, key in (("row_start", "home"), ("row_end", "end")):
            moves.append(Move(key, MOTIONS[name], False))
        for name, key in (("top", "ctrl+home"), ("bottom", "ctrl+end")):
            moves.append(Move(key, MOTIONS[name], False))
        for name, key in (
            ("down", "↓"),
            ("up", "↑"),
            ("screen_down", "PgDn"),
            ("screen_up", "PgUp"),
        ):
            moves.append(Move(key, MOTIONS[name], True))
        self._graph = Graph(text, Segmenter(text), moves)
        self._walks: dict[int, Walk] = {}

    def keys(self, before: Span | None, target: Span) -> int:
        """From the top, or with the caret behind the mark that was made last."""
        return self.from_offset(before.end if before else 0, target)

    def from_offset(self, caret: int, target: Span) -> int:
        """Keys from ``caret``; the edges must be met exactly, nothing is trimmed."""
        if caret not in self._walks:
            self._walks[caret] = self._graph.walk([caret])
        counts = []
        for one, other in ((target.start, target.end), (target.end, target.start)):
            walk = self._walks[caret]
            there = walk.keys[self._graph.nearest(walk, one)]
            back = self._graph.walk([other], backwards=True)
            counts.append(there + back.keys[one] + 1)
        return min(counts)


Tokens = tuple[int, int]
"""First and last token of slate's selection."""


class Slate:
    """slate with its own document code and key map, in the scope of tokens, rows as its lines.

    A target counts as marked with all tokens that it touches. With ``counts``, a number before a
    key repeats it and costs its digits: that is for somebody who sees at once that it is thirteen
    words to go. Keys that move by searching for typed words are left out, as with ours.
    """

    def __init__(self, text: str, *, counts: bool) -> None:
        self.name = "slate, counting words" if counts else "slate"
        self._counts = counts
        from slate.data import Document  # type: ignore[import-untyped]

        rows = RowMap(text, MEASURE)
        while rows.lay_out_next():
            pass
        lines = [text[slice(*rows.bounds(row))] for row in range(rows.row_count)]
        self._document: Any = _document(Document, [line.rstrip("\n") for line in lines])
        self._positions: list[Tokens] = []
        self._spans: list[Span] = []
        for row, line in enumerate(lines):
            start = rows.bounds(row)[0]
            for index, match in enumerate(re.finditer(r"\S+", line)):
                self._positions.append((row, index))
                self._spans.append(Span(start + match.start(), start + match.end()))
        self._numbers = {position: at for at, position in enumerate(self._positions)}
        self._moved: dict[int, list[tuple[int, int]]] = {}
        self._reached: dict[Tokens, dict[Tokens, int]] = {}

    def keys(self, before: Span | None, target: Span) -> int:
        """From the first token, or with the last mark selected, as slate leaves it."""
        selected = self._tokens(before) if before else (0, 0)
        if selected not in self._reached:
            self._reached[selected] = self._reach(selected)
        first, last = self._tokens(target)
        reached = self._reached[selected].items()
        edges = (cost + self._edge(a, first) + self._edge(b, last) for (a, b), cost in reached)
        return min(edges) + 1

    def _tokens(self, span: Span) -> Tokens:
        touched = [at for at, token in enumerate(self._spans) if token.overlaps(span)]
        return touched[0], touched[-1]

    def _edge(self, token: int, wanted: int) -> int:
        """Keys that move one edge of the selection by tokens, or first to an end of its line."""
        count = self._pressed(abs(token - wanted))
        line, index = self._positions[token]
        if self._positions[wanted][0] == line and token != wanted:
            length = len(self._document.tokens[line])
            for corner in (0, length - 1):
                at = token - index + corner
                count = min(count, 2 + self._pressed(abs(at - wanted)))
        return count

    def _reach(self, selected: Tokens) -> dict[Tokens, int]:
        """Every selection that moving keys lead to, and how many."""
        reached = {selected: 0}
        heap = [(0, selected)]
        while heap:
            cost, (a, b) = heapq.heappop(heap)
            if cost > reached[a, b] or cost > (8 if self._counts else 24):
                continue
            for (keys, one), (_, other) in zip(self._moves(a), self._moves(b), strict=True):
                both = one != a and other != b
                if both and one <= other and cost + keys < reached.get((one, other), FAR):
                    reached[one, other] = cost + keys
                    heapq.heappush(heap, (cost + keys, (one, other)))
        return reached

    def _pressed(self, count: int) -> int:
        """Keys to do a thing ``count`` times: pressed again and again, or after a number."""
        return min(count, 1 + len(str(count))) if self._counts else count

    def _moves(self, token: int) -> list[tuple[int, int]]:
        """Keys and token for every move: left, right, up, down, with numbers, and jumps."""
        if token not in self._moved:
            self._moved[token] = list(self._moves_from(token))
        return self._moved[token]

    def _moves_from(self, token: int) -> Iterator[tuple[int, int]]:
        position = self._positions[token]
        for right, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            for count in range(1, 40 if self._counts else 2):
                moved = self._document.get_moved_pos(position, right * count, down * count)
                yield self._pressed(count), self._numbers[moved]
            jumped = self._document.get_moved_pos(position, right, down, True)
            yield 1, self._numbers.get(jumped, token)


def _document(kind: type, lines: list[str]) -> Any:
    """slate's document of these lines, without the file that it reads them from."""
    document: Any = object.__new__(kind)
    document.lines, document.tokens = lines, [line.split() for line in lines]
    filled = [row for row, tokens in enumerate(document.tokens) if tokens]
    last = document.tokens[filled[-1]]
    document.first_char = (filled[0], 0, 0)
    document.last_char = (filled[-1], len(last) - 1, len(last[-1]) - 1)
    return document
