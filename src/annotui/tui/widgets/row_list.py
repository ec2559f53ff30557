"""Rows of which only those on the screen are drawn, however many there are."""

from __future__ import annotations

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.widget import Widget

from annotui.tui.widgets.alignment import InColumn
from annotui.tui.widgets.steady import Steady


class SteadyScrollBar(ScrollBar, Steady):
    """A scrollbar that draws only what has changed of it; at most keys that is nothing."""


class RowList(InColumn, ScrollView, Steady, can_focus=False):
    """A list that scrolls by rows; a subclass draws them in ``render_line``."""

    DEFAULT_CSS = """
    RowList {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        scrollbar-color: $foreground 18%;
        scrollbar-color-hover: $foreground 35%;
        scrollbar-color-active: $foreground 50%;
        scrollbar-background: $background;
        scrollbar-background-hover: $background;
        scrollbar-background-active: $background;
    }
    """

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The scrollbar, made where there is none yet."""
        if self._vertical_scrollbar is None:
            thickness = self.scrollbar_size_vertical
            bar = SteadyScrollBar(vertical=True, name="vertical", thickness=thickness)
            self._vertical_scrollbar = bar
            bar.display = False
            self.app._start_widget(self, bar)
        return self._vertical_scrollbar

    def have_rows(self, count: int, width_cells: int) -> None:
        """Tell Textual how many rows there are; it lays out the screen only for a scrollbar."""
        size, height = Size(width_cells, count), self.size.height
        if (size.height > height) == (self.virtual_size.height > height) and self.size:
            self.set_reactive(Widget.virtual_size, size)
            if self.show_vertical_scrollbar:
                self.vertical_scrollbar.window_virtual_size = size.height
        else:
            self.virtual_size = size
