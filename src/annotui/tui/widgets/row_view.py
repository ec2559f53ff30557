"""A long text in rows: layout a chunk at a time, and scrolling that never jumps."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from itertools import islice
from time import monotonic

from textual import events
from textual.geometry import Size
from textual.widget import Widget

from annotui.domain.graphemes import grapheme_floor
from annotui.tui.widgets.paint import Frame
from annotui.tui.widgets.row_list import RowList
from annotui.tui.widgets.rows import RowMap

MEASURE = 88
"""Cells of a row of text at most."""

CONTEXT_ROWS = 3
"""Rows kept between the caret and the edge of the view after it has scrolled."""

_QUIET_S = 0.1
"""The background layout rests for this long after a key."""

_AHEAD_S = 0.015
"""The next page is painted this long after the view has scrolled."""

_ROWS_A_TURN = 4
"""Rows painted ahead in one turn of the loop (well under a millisecond)."""

_CHUNKS_PER_HEIGHT = 64
"""Chunks laid out in the background between two corrections of the scrollbar."""


class RowView(RowList, can_focus=False):
    """The rows of a text with a caret; offsets are code points.

    ``measure`` takes effect at the next layout. A subclass draws the rows. It is told of a new
    layout by ``_layout_started`` and of its end by ``_layout_completed``, and asked by
    ``_prepare_row`` to paint a row that will probably be wanted soon.
    """

    DEFAULT_CSS = """
    RowView {
        background: $background;
        color: $foreground;
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.measure = MEASURE
        self._caret = 0
        self._moved_at = 0.0
        self._laid_out_size = Size(0, 0)
        self._prepares: asyncio.Handle | None = None
        self._frame = Frame.of(80, self.measure)
        self._rows = RowMap("", self._frame.measure)

    def _layout_started(self) -> None:
        """Called when the rows and the frame are new."""

    def _layout_completed(self) -> None:
        """Called when every row is laid out, so that row numbers are final."""

    def _prepare_row(self, row: int) -> None:
        """Paint ``row`` and keep it; called between keys."""

    # Layout

    def _lay_out(self, text: str, width: int) -> None:
        """Start the rows of ``text`` afresh for a view of ``width`` cells."""
        bar = self.styles.scrollbar_size_vertical  # lies on the last cells of every row
        self._frame = Frame.of(max(1, width - bar), self.measure)._replace(width=width)
        self._rows = RowMap(text, self._frame.measure)
        self._layout_started()

    def on_resize(self) -> None:
        """Lay the text out again; the caret's row stays where it is, else the top row does."""
        size, before = self.size, self._laid_out_size
        if not size.width or size == before:
            return
        self._laid_out_size = size
        if size.width == before.width:
            self._show_caret()
            return
        rows, top = self._rows, self.scroll_offset.y
        anchor, place = rows.bounds(top)[0], 0
        if anchor <= self._caret <= rows.bounds(top + before.height - 1)[1]:
            anchor, place = self._caret, rows.row_of(self._caret) - top
        self._lay_out(rows.text, size.width)
        if before.height:
            self._show_rows(self._rows.row_of(anchor) - min(place, size.height - 1))
        else:
            self._place_caret()

    def _place_caret(self) -> None:
        """Show the caret after a new layout, and lay out the rest in the background."""
        row = self._rows.row_of(self._caret)
        self._show_rows(0 if row < self.size.height else row - self.size.height // 3)

    def _show_rows(self, top: int) -> None:
        self._set_height()
        self._stand_at(max(0, min(top, self._rows.row_count - self.size.height)))
        self.refresh()
        self.run_worker(self._lay_out_rest(self._rows), group="article-layout", exclusive=True)

    async def _lay_out_rest(self, rows: RowMap) -> None:
        """Lay out the chunks that are not on the screen, one between two turns of the loop."""
        await asyncio.sleep(0)
        chunks = 0
        while rows is self._rows and not rows.complete:
            top_offset = rows.bounds(self.scroll_offset.y)[0]
            rows.lay_out_next()
            self._stand_still(top_offset)
            chunks += 1
            if chunks % _CHUNKS_PER_HEIGHT == 0:
                self._set_height()
            await asyncio.sleep(_QUIET_S if monotonic() - self._moved_at < _QUIET_S else 0)
        if rows is self._rows:
            self._set_height()
            self._layout_completed()

    # Scrolling. The two setters below go round Textual's watchers, which would repaint the
    # view or lay out the screen although nothing that is on the screen has changed.

    def _set_height(self) -> None:
        """Tell Textual and the scrollbar how many rows there are."""
        height = self._rows.row_count
        self.set_reactive(Widget.virtual_size, Size(self.size.width, height))
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.window_virtual_size = height

    def _stand_at(self, top: int) -> None:
        """Give the top row the number ``top``."""
        self.set_reactive(Widget.scroll_target_y, float(top))
        self.set_reactive(Widget.scroll_y, float(top))
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = top

    def _stand_still(self, top_offset: int) -> None:
        """Keep the row of ``top_offset`` at the top where the rows above were counted anew."""
        top = self._rows.row_of(top_offset)
        if top != self.scroll_offset.y:
            self._set_height()
            self._stand_at(top)

    def _show_caret(self, *, centre: bool = False, page_rows: int = 0) -> bool:
        """Scroll by ``page_rows``, and further where the caret is not in view.

        Returns:
            Whether the view moved, so that all of it is repainted.
        """
        rows, height, top = self._rows, self.size.height, self.scroll_offset.y
        if not height:
            return False
        if not rows.complete:
            top_offset = rows.bounds(top)[0]
            rows.row_of(self._caret)
            self._stand_still(top_offset)
            top = self.scroll_offset.y
        row = rows.row_of(self._caret)
        wanted = row - height // 2 if centre else _top_for(row, top + page_rows, height)
        wanted = max(0, min(wanted, rows.row_count - height))
        if wanted == top:
            return False
        if self.virtual_size.height != rows.row_count:
            self._set_height()
        self.scroll_to(y=wanted, animate=False, force=True, immediate=True)
        return self.scroll_offset.y != top

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Repaint, and get the next page in this direction ready when there is time."""
        super().watch_scroll_y(old_value, new_value)
        height, top = self.size.height, self.scroll_offset.y
        ahead = range(top + height, top + 2 * height)
        if new_value < old_value:
            ahead = range(top - 1, top - 1 - height, -1)
        if self._prepares:
            self._prepares.cancel()
        loop = asyncio.get_running_loop()
        self._prepares = loop.call_later(_AHEAD_S, self._prepare, iter(ahead))

    def _prepare(self, ahead: Iterator[int]) -> None:
        """Paint a few rows of ``ahead``, and the rest in later turns of the loop."""
        some = list(islice(ahead, _ROWS_A_TURN))
        if some and self.is_attached and self._rows.complete:
            for row in some:
                if 0 <= row < self._rows.row_count:
                    self._prepare_row(row)
            self._prepares = asyncio.get_running_loop().call_soon(self._prepare, ahead)

    # Places on the screen

    def _visible_bounds(self) -> tuple[int, int]:
        """The offsets at which the first row of the view starts and the last one ends."""
        top = self.scroll_offset.y
        start = self._rows.bounds(top)[0]
        return start, self._rows.bounds(top + max(1, self.size.height) - 1)[1]

    def _view_rows(self, ranges: Iterable[tuple[int, int]]) -> set[int]:
        """The rows of the view (0 is the top one) that hold offsets of ``ranges``, ends too."""
        top, (first, last) = self.scroll_offset.y, self._visible_bounds()
        found: set[int] = set()
        for start, end in ranges:
            if start <= last and first <= end:
                low = self._rows.row_of(max(start, first)) - top
                high = self._rows.row_of(min(end, last)) - top
                found.update(range(low, min(high, self.size.height - 1) + 1))
        return found

    def _offset_under(self, event: events.MouseEvent) -> int:
        """The offset of the text under the pointer, or the nearest."""
        row = max(0, self.scroll_offset.y + event.y - self.gutter.top)
        column = event.x - self.gutter.left - self._frame.text_column
        offset = self._rows.drawn(row).offset_at(max(0, column))
        return grapheme_floor(self._rows.text, offset)


def _top_for(row: int, top: int, height: int) -> int:
    """The top row that shows ``row``: the same one, a few rows on, or a new place."""
    if top <= row < top + height:
        return top
    if not top - height <= row < top + 2 * height:
        return row - height // 3
    context = min(CONTEXT_ROWS, (height - 1) // 2)
    return row - context if row < top else row - height + 1 + context
