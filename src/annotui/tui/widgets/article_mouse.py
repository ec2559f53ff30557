"""The mouse over the article: what it clicks and what it drags."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.timer import Timer

from annotui.tui.widgets.row_view import RowView

SCROLLS_EACH_S = 0.04
"""How soon the view scrolls by one more row while a drag is held beyond its edge."""


class ArticleMouse(RowView, can_focus=False):
    """Tells the screen, in offsets of the text, where the mouse clicked and dragged."""

    @dataclass
    class Clicked(Message):
        """The text was clicked at ``offset``, ``chain`` times in a row."""

        offset: int
        chain: int
        shift: bool

    @dataclass
    class Dragged(Message):
        """The mouse was dragged from ``anchor`` to ``offset``; ``ended`` when let go."""

        anchor: int
        offset: int
        ended: bool

    _drag_anchor: int | None = None
    _dragging = False
    _pointer: events.MouseMove | None = None
    _scrolling: Timer | None = None

    def forget_drag(self) -> None:
        """Let what is dragged go; moving on drags nothing."""
        self._drag_anchor = None
        self._stop_scrolling()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Remember where a drag would start."""
        if event.button == 1:
            self._drag_anchor, self._dragging = self._offset_under(event), False
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Tell the screen what a drag selects; scroll at the edges."""
        if self._drag_anchor is None:
            return
        self._pointer = event
        if self._is_outside and self._scrolling is None:
            self._scrolling = self.set_interval(SCROLLS_EACH_S, self._drag_on)
        self._drag_on()

    @property
    def _is_outside(self) -> bool:
        """Whether the pointer is above or below the view."""
        return self._pointer is not None and not 0 <= self._pointer.y < self.size.height

    def _drag_on(self) -> None:
        """Select to where the pointer is; scroll on while it is held beyond the edge."""
        event = self._pointer
        if event is None or self._drag_anchor is None or not self._is_outside:
            self._stop_scrolling()
        if event is None or self._drag_anchor is None:
            return
        if self._is_outside:
            step = -1 if event.y < 0 else 1
            self.scroll_to(y=self.scroll_offset.y + step, animate=False, force=True)
        offset = self._offset_under(event)
        if offset != self._drag_anchor or self._dragging:
            self._dragging = True
            self.post_message(self.Dragged(self._drag_anchor, offset, ended=False))

    def _stop_scrolling(self) -> None:
        if self._scrolling is not None:
            self._scrolling.stop()
            self._scrolling = None

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """End a drag."""
        anchor, self._drag_anchor = self._drag_anchor, None
        self._stop_scrolling()
        self.release_mouse()
        if anchor is not None and self._dragging:
            self.suppress_click()
            self.post_message(self.Dragged(anchor, self._offset_under(event), ended=True))

    def on_click(self, event: events.Click) -> None:
        """Tell the screen where the text was clicked."""
        if not self._dragging and event.button == 1:
            self.post_message(self.Clicked(self._offset_under(event), event.chain, event.shift))
