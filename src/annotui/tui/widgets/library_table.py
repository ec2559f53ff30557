"""The table of the library: rows are there once they are looked up, only those that are seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from annotui.domain.label_scheme import LabelScheme
from annotui.domain.text_query import LIT, UNLIT
from annotui.domain.visible import visible
from annotui.services.shelf import Entry
from annotui.tui.widgets.library_columns import Column, cell_of, columns_for, end_of, fitted
from annotui.tui.widgets.row_list import RowList

ROWS_KEPT = 2_000
"""Entries that are kept at most; then those far from the screen are forgotten."""


class LibraryHead(Widget):
    """The heads of the columns; a click sorts by one."""

    DEFAULT_CSS = """
    LibraryHead {
        height: 1;
        background: $panel;
        color: $text-muted;
        & > .library-head--sorted { color: $foreground; text-style: bold; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"library-head--sorted"}

    class Clicked(Message):
        """A head was clicked."""

        def __init__(self, sort: str) -> None:
            self.sort = sort
            super().__init__()

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._columns: tuple[Column, ...] = ()
        self._sort, self._is_reversed = "", False
        self._inks: dict[str, str] = {}

    def show(
        self, columns: tuple[Column, ...], sort: str, is_reversed: bool, inks: dict[str, str]
    ) -> None:
        """Show these heads, with an arrow at the one that the documents are sorted by."""
        self._columns, self._sort, self._is_reversed = columns, sort, is_reversed
        self._inks = inks
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Tell which head was clicked."""
        for column in self._columns:
            if column.start - 1 <= event.x < column.start + column.cells:
                self.post_message(self.Clicked(column.sort))

    def render_line(self, y: int) -> Strip:
        """The one row of heads."""
        base, at = self.rich_style, 0
        segments: list[Segment] = []
        for column in self._columns:
            is_sorted = column.sort == self._sort
            style = self.get_component_rich_style("library-head--sorted") if is_sorted else base
            if column.label:
                style += Style(color=self._inks.get(column.label), bold=True)
            arrow = ("↓" if self._is_reversed else "↑") if is_sorted else ""
            text = f"{arrow}{column.head}" if column.is_number else f"{column.head} {arrow}"
            segments.append(Segment(" " * (column.start - at), base))
            segments.append(Segment(fitted(text, column.cells, at_end=column.is_number), style))
            at = column.start + column.cells
        return Strip(segments).adjust_cell_length(self.size.width, base)


class LibraryTable(RowList, can_focus=False):
    """Documents by rank; an entry that was not looked up yet is an empty row."""

    DEFAULT_CSS = """
    LibraryTable {
        background: $background;
        & > .library-table--cursor { background: $primary 40%; text-style: bold; }
        & > .library-table--dim { color: $text-muted; }
        & > .library-table--done { color: $success; }
        & > .library-table--work { color: $accent; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("library-table--cursor", "library-table--dim"),
        *("library-table--done", "library-table--work"),
    }

    class Chosen(Message):
        """A row was clicked; ``opens`` where it was clicked twice."""

        def __init__(self, rank: int, opens: bool) -> None:
            self.rank, self.opens = rank, opens
            super().__init__()

    class Moved(Message):
        """Other rows are on the screen now."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.entries: dict[int, Entry] = {}
        self.count = 0
        self.rows_each = 1
        self.current = 0
        self.open_id = ""
        self.columns: tuple[Column, ...] = ()
        self._scheme = LabelScheme(())
        self._inks: dict[str, str] = {}

    def dress(self, scheme: LabelScheme, inks: dict[str, str], open_id: str) -> None:
        """Use these labels and colours, and mark the document that is open."""
        self._scheme, self._inks, self.open_id = scheme, inks, open_id
        # A table that is hidden, since nothing is like that, has no width of its own.
        self.columns = columns_for((self.size or self.app.size).width - 1, scheme)
        self.refresh()

    def show(self, count: int, current: int, *, rows_each: int = 1) -> None:
        """Begin anew with ``count`` documents, none of them looked up."""
        self.entries.clear()
        self.rows_each = rows_each
        self.current = max(0, min(current, count - 1))
        self.resize_to(count)
        self._scroll_there(centred=True)
        self.refresh()

    def resize_to(self, count: int) -> None:
        """Have ``count`` documents."""
        self.count = count
        self.have_rows(count * self.rows_each, self.size.width)

    def take(self, found: Mapping[int, Entry]) -> None:
        """Show entries that were looked up."""
        if len(self.entries) + len(found) > ROWS_KEPT:
            self.entries.clear()
        self.entries.update(found)
        self.refresh()

    @property
    def ranks_a_page(self) -> int:
        """How many documents the screen has room for."""
        return max(1, self.size.height // self.rows_each)

    @property
    def top(self) -> int:
        """The rank of the first document on the screen."""
        return self.scroll_offset.y // self.rows_each

    def go_to(self, rank: int) -> None:
        """Light the row of ``rank`` and bring it into view."""
        before, self.current = self.current, max(0, min(rank, self.count - 1))
        if self._scroll_there():
            self.post_message(self.Moved())
            return
        for one in {before, self.current}:
            row = one * self.rows_each - self.scroll_offset.y
            self.refresh(Region(0, row, self.size.width, self.rows_each))

    def _scroll_there(self, *, centred: bool = False) -> bool:
        """Bring the current row into view; whether the view moved."""
        top, height = self.scroll_offset.y, self.size.height
        row = self.current * self.rows_each
        if not height or (not centred and top <= row <= row + self.rows_each <= top + height):
            return False
        wanted = row - height // 2 if centred else min(top, row)
        if not centred and row + self.rows_each > top + height:
            wanted = row + self.rows_each - height
        self.scroll_to(y=max(0, wanted), animate=False, force=True, immediate=True)
        self.refresh()
        return self.scroll_offset.y != top

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for what is seen now."""
        super().watch_scroll_y(old_value, new_value)
        self.post_message(self.Moved())

    def on_resize(self, event: events.Resize) -> None:
        """Give the columns the room that there is."""
        if event.size:
            self.columns = columns_for(event.size.width - 1, self._scheme)
        self.resize_to(self.count)
        self._scroll_there()
        self.post_message(self.Moved())

    def on_click(self, event: events.Click) -> None:
        """Tell which row was clicked."""
        rank = (event.y + self.scroll_offset.y) // self.rows_each
        if rank < self.count:
            self.post_message(self.Chosen(rank, event.chain > 1))

    def render_line(self, y: int) -> Strip:
        """A row of a document: its columns, or below them where it was found."""
        width = self.size.width
        rank, line = divmod(y + self.scroll_offset.y, self.rows_each)
        base = self.rich_style
        entry = self.entries.get(rank)
        if rank < self.count and rank == self.current:
            base = self.get_component_rich_style("library-table--cursor")
        if entry is None or rank >= self.count:
            return Strip.blank(width, base)
        segments = self._snippet(entry, base) if line else self._cells(entry, base)
        strip = Strip(self.in_column(y, segments))
        room = width - 1  # the scrollbar lies on the last cell
        if line and strip.cell_length > room > 0:
            more = Segment("…", base + self._style("dim"))
            strip = Strip([*strip.crop(0, room - 1), more])
        return strip.adjust_cell_length(width, base)

    def _cells(self, entry: Entry, base: Style) -> list[Segment]:
        at, segments = 0, []
        for column in self.columns:
            text, name = cell_of(column, entry)
            style = base + self._style(name)
            if column.label and not name:
                style += Style(color=self._inks.get(column.label))
            is_open = not at and entry.document.document_id == self.open_id
            gap = "▸" if is_open else " " * (column.start - at)
            segments += [Segment(gap, base), Segment(text, style)]
            at = column.start + column.cells
        return segments

    def _snippet(self, entry: Entry, base: Style) -> list[Segment]:
        dim = base + self._style("dim")
        if entry.hit is None:
            return [Segment("", dim)]
        where = f"{entry.hit.where}: " if entry.hit.where != "text" else ""
        before, *parts = entry.hit.snippet.split(LIT)
        before = end_of(before, self.size.width // 3)
        segments = [Segment(f"    {where}{before}", dim)]
        for part in parts:
            lit, _, rest = part.partition(UNLIT)
            bright = base + Style(bold=True, reverse=True)
            segments += [
                Segment(visible(text, tab=" ", newline=" "), style)
                for text, style in ((lit, bright), (rest, dim))
                if text
            ]
        return segments

    def _style(self, name: str) -> Style:
        if not name:
            return Style()
        return Style(color=self.get_component_rich_style(f"library-table--{name}").color)
