"""A screen that lies beneath another one and is painted once for each change, not for ever."""

from __future__ import annotations

from textual.screen import Screen


class Beneath(Screen[None]):
    """Textual 8.2 asks a screen beneath a dialog to be painted again each time that it was.

    After one change behind a dialog the whole terminal would be repainted some times a second.
    """

    def _compositor_refresh(self) -> None:
        super()._compositor_refresh()
        if self.app.screen is not self:
            self._repaint_required = False
