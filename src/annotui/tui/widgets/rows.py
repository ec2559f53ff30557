"""Rows: a text laid out in a width of cells, a chunk at a time."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from annotui.tui.widgets.clusters import TAB_WIDTH, clusters, is_one_cell_each

CHUNK_LENGTH = 16_384
"""Code points that are laid out in one go (about a millisecond for Latin text)."""

_NO_ROW_START = frozenset("、。，．：；！？）」』】〕〉》”’…ー々,.:;!?)]}%")
_NO_ROW_END = frozenset("（「『【〔〈《“‘([{")
_SPACES = frozenset(" \t\u3000")


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A row as it is drawn: code points ``start`` to ``end`` of a text.

    ``content_end`` is ``end`` less the line end, ``last_offset`` where a caret stands that goes
    to the end of the row. Cluster ``i`` starts at offset ``edges[i]`` in column ``columns[i]``
    and is drawn as ``shown[i]`` (empty where it has no room); ``edges`` and ``columns`` have one
    entry more, for the end.
    """

    start: int
    end: int
    content_end: int
    last_offset: int
    edges: Sequence[int]
    columns: Sequence[int]
    shown: Sequence[str]

    @property
    def width_cells(self) -> int:
        """The cells that the row takes when drawn."""
        return self.columns[-1]

    @property
    def inked(self) -> int:
        """How many clusters there are, less the spaces at which the row was broken."""
        last = len(self.edges) - 1
        if self.last_offset == self.content_end:
            return last
        if isinstance(self.shown, str):
            return len(self.shown.rstrip(" "))
        while last and not self.shown[last - 1].strip():
            last -= 1
        return last

    def cluster_of(self, offset: int) -> int:
        """The cluster in which ``offset`` is; one behind the last for the end."""
        return max(0, bisect_right(self.edges, offset) - 1)

    def column_of(self, offset: int) -> int:
        """The column at which the cluster at ``offset`` starts."""
        return self.columns[self.cluster_of(offset)]

    def offset_at(self, column: int) -> int:
        """The offset of the cluster that is drawn at ``column``.

        Right of the text it is the line end, the end of the text, or the first space that did
        not fit.
        """
        if column >= self.columns[-1]:
            return min(self.edges[bisect_left(self.columns, self.columns[-1])], self.last_offset)
        return min(self.edges[max(0, bisect_right(self.columns, column) - 1)], self.last_offset)

    def drawn(self, first: int, last: int) -> str:
        """What is drawn for clusters ``first`` to ``last`` (half-open)."""
        part = self.shown[first:last]
        return part if isinstance(part, str) else "".join(part)


class RowMap:
    """The rows of ``text`` in ``width`` cells; rows are numbered from 0.

    Lines are broken behind spaces, and at any cluster where there is no space; spaces that do
    not fit hang behind the row. Only ``"\\n"`` ends a line, and it belongs to its row. The text
    is laid out in chunks: a question about a place lays out the chunk there, ``lay_out_next``
    one more. The rows of the other chunks are estimated, from the first that was laid out, so
    row numbers below a chunk shift when it is laid out; those in it and above it do not.
    """

    def __init__(self, text: str, width: int) -> None:
        self.text = text
        self.width = max(1, width)
        self._chunk_starts = _chunk_starts(text)
        self._rows: list[array[int] | None] = [None] * len(self._chunk_starts)
        self._left = len(self._rows)
        self._next = 0
        self._rows_per_point = 1.2 / self.width
        self._first_rows: list[int] = []
        self._count_rows()

    @property
    def row_count(self) -> int:
        """How many rows there are, or are thought to be until ``complete``."""
        return self._first_rows[-1]

    @property
    def complete(self) -> bool:
        """Whether every chunk is laid out, so that all row numbers are final."""
        return not self._left

    def row_of(self, offset: int) -> int:
        """The row on which the code point at ``offset`` is (the end is on the last row)."""
        chunk = bisect_right(self._chunk_starts, offset) - 1
        place = bisect_right(self._chunk(chunk), offset) - 1
        return self._first_rows[chunk] + place

    def row_start(self, offset: int) -> int:
        """The offset at which the row of ``offset`` starts."""
        rows = self._chunk(bisect_right(self._chunk_starts, offset) - 1)
        return rows[bisect_right(rows, offset) - 1]

    def bounds(self, row: int) -> tuple[int, int]:
        """The offsets at which ``row`` starts and ends; rows out of range are moved in."""
        row, last = max(0, row), len(self._rows) - 1
        while True:
            chunk = min(bisect_right(self._first_rows, row) - 1, last)
            rows = self._rows[chunk]
            if rows is not None:
                break
            self._chunk(chunk)
        place = min(row - self._first_rows[chunk], len(rows) - 1)
        if place + 1 < len(rows):
            return rows[place], rows[place + 1]
        following = chunk + 1
        end = self._chunk_starts[following] if following < len(self._rows) else len(self.text)
        return rows[place], end

    def drawn(self, row: int) -> DrawnRow:
        """The clusters of ``row`` and the columns at which they are drawn."""
        start, end = self.bounds(row)
        return self.drawn_between(start, end)

    def drawn_between(self, start: int, end: int) -> DrawnRow:
        """The clusters of the row with these bounds."""
        content_end = end - 1 if end > start and self.text[end - 1] == "\n" else end
        edges: Sequence[int]
        columns: Sequence[int]
        shown: Sequence[str]
        if is_one_cell_each(self.text, start, content_end):
            length, width = content_end - start, self.width
            edges = range(start, content_end + 1)
            columns = range(length + 1)
            if length > width:
                columns = [*columns[:width], *[width] * (length + 1 - width)]
            shown = self.text[start : min(content_end, start + width)]
        else:
            edges, columns, shown = _placed(self.text, start, content_end, self.width)
        last_offset = content_end
        if content_end == end and end < len(self.text):
            last_offset = edges[-2]
        return DrawnRow(start, end, content_end, last_offset, edges, columns, shown)

    def lay_out_next(self) -> bool:
        """Lay out one further chunk, downwards from the last one asked for and round.

        Returns:
            Whether there was one; ``complete`` says whether there are more.
        """
        if not self._left:
            return False
        while self._rows[self._next] is not None:
            self._next = (self._next + 1) % len(self._rows)
        self._chunk(self._next)
        return True

    def _chunk(self, chunk: int) -> array[int]:
        """The offsets at which the rows of a chunk start; it is laid out where it was not."""
        rows = self._rows[chunk]
        if rows is None:
            start = self._chunk_starts[chunk]
            last = chunk + 1 == len(self._rows)
            end = len(self.text) if last else self._chunk_starts[chunk + 1]
            rows = array("q")
            _wrap(self.text, start, end, self.width, rows)
            if last and (start == end or self.text[-1] == "\n"):
                rows.append(end)
            if self._left == len(self._rows) and end > start:
                self._rows_per_point = len(rows) / (end - start)
            self._rows[chunk] = rows
            self._left -= 1
            self._next = chunk
            self._count_rows()
        return rows

    def _count_rows(self) -> None:
        """Number the first row of each chunk, by estimate behind chunks not laid out."""
        starts = self._chunk_starts
        ends = [*starts[1:], len(self.text)]
        rate = self._rows_per_point
        counts = (
            len(rows) if rows is not None else max(1, round((end - start) * rate))
            for rows, start, end in zip(self._rows, starts, ends, strict=True)
        )
        self._first_rows = list(accumulate(counts, initial=0))


def _chunk_starts(text: str) -> list[int]:
    """Where ``text`` is cut for layout: behind a line end, else a space, else a cluster."""
    starts = [0]
    length = len(text)
    while length - starts[-1] > CHUNK_LENGTH + CHUNK_LENGTH // 2:
        low = starts[-1] + CHUNK_LENGTH // 2
        high = starts[-1] + CHUNK_LENGTH
        cut = text.rfind("\n", low, high) + 1 or text.rfind(" ", low, high) + 1
        while low < cut < high and text[cut] == " ":
            cut += 1
        if not cut:
            window = max(low, high - 256)
            from wcwidth import grapheme_boundary_before

            cut = window + grapheme_boundary_before(text[window : high + 1], high + 1 - window)
            cut = cut if cut > window else high
        starts.append(cut)
    return starts


def _wrap(text: str, start: int, end: int, width: int, rows: array[int]) -> None:
    """Append the offsets at which rows start between ``start`` and ``end``."""
    plain = is_one_cell_each(text, start, end, newlines=True)
    append = rows.append
    while start < end:
        line_end = text.find("\n", start, end)
        following = line_end + 1
        if line_end < 0:
            line_end = following = end
        append(start)
        if plain or is_one_cell_each(text, start, line_end):
            if line_end - start > width:
                _wrap_plain(text, start, line_end, width, rows)
        else:
            _wrap_clusters(text, start, line_end, width, rows)
        start = following


def _wrap_plain(text: str, start: int, end: int, width: int, rows: array[int]) -> None:
    """Append the starts of the second and further rows of a line of single cells."""
    while end - start > width:
        cut = text.rfind(" ", start + 1, start + width + 1)
        if cut < 0:
            start += width
        else:
            start = cut + 1
            while start < end and text[start] == " ":
                start += 1
            if start >= end:
                return
        rows.append(start)


def _wrap_clusters(text: str, start: int, end: int, width: int, rows: array[int]) -> None:
    """Append the starts of the second and further rows of a line of any clusters."""
    longest = 8 * width + 256
    column = break_column = 0
    row = break_at = at = start
    before, before_cells = " ", 1
    for cluster, cells, length in clusters(text[start:end], width):
        if cluster in _SPACES:
            if cluster == "\t":
                cells = TAB_WIDTH - column % TAB_WIDTH
            column = min(width, column + cells)
            break_at, break_column = at + 1, column
        else:
            if (cells > 1 or before_cells > 1) and _may_break(before, cluster):
                break_at, break_column = at, column
            while (column + cells > width or at - row > longest) and at > row:
                if break_at <= row:
                    break_at, break_column = at, column
                row = break_at
                rows.append(row)
                column -= break_column
                break_column = 0
            column += cells
        before, before_cells = cluster, cells
        at += length


def _may_break(before: str, after: str) -> bool:
    """Whether a row may end between two clusters of which one is wide."""
    return before not in _NO_ROW_END and after not in _NO_ROW_START


def _placed(text: str, start: int, end: int, width: int) -> tuple[list[int], list[int], list[str]]:
    """Edges, columns and drawn clusters of a row."""
    edges, columns, shown = [start], [0], []
    column, at = 0, start
    for drawn, cells, length in clusters(text[start:end], width):
        if drawn == "\t":
            cells = min(TAB_WIDTH - column % TAB_WIDTH, width - column)
            drawn = " " * cells
        elif column + cells > width:
            drawn, cells = "", 0
        column += cells
        at += length
        edges.append(at)
        columns.append(column)
        shown.append(drawn)
    return edges, columns, shown
