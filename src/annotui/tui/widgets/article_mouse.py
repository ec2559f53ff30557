"""The mouse over the article: what it clicks and what it drags."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.message import Message

from annotui.tui.widgets.row_view import RowView


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

    def forget_drag(self) -> None:
        """Let what is dragged go; moving on drags nothing."""
        self._drag_anchor = None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Remember where a drag would start."""
        if event.button == 1:
            self._drag_anchor, self._dragging = self._offset_under(event), False
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Tell the screen what a drag selects; scroll at the edges."""
        if self._drag_anchor is None:
            return
        if event.y < 0 or event.y >= self.size.height:
            step = -1 if event.y < 0 else 1
            self.scroll_to(y=self.scroll_offset.y + step, animate=False, force=True)
        offset = self._offset_under(event)
        if offset != self._drag_anchor or self._dragging:
            self._dragging = True
            self.post_message(self.Dragged(self._drag_anchor, offset, ended=False))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """End a drag."""
        anchor, self._drag_anchor = self._drag_anchor, None
        self.release_mouse()
        if anchor is not None and self._dragging:
            self.suppress_click()
            self.post_message(self.Dragged(anchor, self._offset_under(event), ended=True))

    def on_click(self, event: events.Click) -> None:
        """Tell the screen where the text was clicked."""
        if not self._dragging and event.button == 1:
            self.post_message(self.Clicked(self._offset_under(event), event.chain, event.shift))
