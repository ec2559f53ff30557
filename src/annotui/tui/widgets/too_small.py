"""What is said where the terminal has too little room."""

from __future__ import annotations

from textual import events
from textual.geometry import Size
from textual.widgets import Static

WANTED = Size(60, 16)
"""Cells of screen from which everything has its place."""

LEAST = Size(30, 6)
"""Cells of screen under which there is nothing but the message."""

_LONG_NOTICE_CELLS = 48
"""Cells of screen from which a notice says how many there are as well."""


def is_below(size: Size, least: Size) -> bool:
    """Whether ``size`` is narrower or lower than ``least``."""
    return size.width < least.width or size.height < least.height


def notice(size: Size) -> str:
    """A word about a screen that is a little too small; empty where it is not."""
    if not is_below(size, WANTED):
        return ""
    needs = f"needs {_cells(WANTED)}"
    return f"{needs}, has {_cells(size)} " if size.width >= _LONG_NOTICE_CELLS else f"{needs} "


class TooSmall(Static):
    """Fills a screen that is too small for the reader and says so."""

    DEFAULT_CSS = """
    TooSmall {
        width: 1fr;
        height: 1fr;
        content-align: center middle;
        text-align: center;
        color: $foreground;
    }
    """

    def on_resize(self, event: events.Resize) -> None:
        """Say how small the screen is now."""
        self.update(f"annotui needs {_cells(WANTED)}; this is {_cells(event.size)}. q quits.")


def _cells(size: Size) -> str:
    return f"{size.width} × {size.height}"
