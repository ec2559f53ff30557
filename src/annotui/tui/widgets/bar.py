"""One row of words at the top or bottom of the screen."""

from __future__ import annotations

from functools import lru_cache
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from annotui.domain.visible import visible
from annotui.tui.widgets.alignment import InColumn

Part = tuple[str, str]
"""A piece of text and the name of its style: one of the bar's component classes, or empty."""

NAME_CELLS = 24
"""Cells of a person's or a file's name at most."""


def cells(parts: tuple[Part, ...]) -> int:
    """How many cells the parts take."""
    return sum(cell_len(text) for text, _ in parts)


def shortened(name: str) -> str:
    """A name that is not too long for a bar."""
    shown = visible(name, newline=" ")
    return shown if cell_len(shown) <= NAME_CELLS else set_cell_size(shown, NAME_CELLS - 1) + "…"


class Bar(InColumn):
    """Shows parts on the left and on the right; repaints only when they differ."""

    DEFAULT_CSS = """
    Bar {
        height: 1;
        width: 1fr;
        color: $foreground;
        background: $surface;
        & > .bar--strong { text-style: bold; color: $foreground; }
        & > .bar--dim { color: $text-muted; }
        & > .bar--key { text-style: bold; color: $accent; }
        & > .bar--alert { text-style: bold; color: $warning; }
        & > .bar--error { text-style: bold; color: $error; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("bar--strong", "bar--dim", "bar--key", "bar--alert", "bar--error")
    }

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._left: tuple[Part, ...] = ()
        self._right: tuple[Part, ...] = ()
        self._part_styles: dict[str, Style] = {}

    def show(self, left: tuple[Part, ...], right: tuple[Part, ...] = ()) -> None:
        """Show these parts; where there is too little room the left ones are cut."""
        if (left, right) != (self._left, self._right):
            self._left, self._right = left, right
            self.refresh()

    @property
    def text(self) -> str:
        """What the bar says, for a test or a screen reader."""
        return "".join(part for part, _ in (*self._left, *self._right))

    def render_line(self, y: int) -> Strip:
        """The bar's one row."""
        width, base = self.size.width, self._style("")
        right, right_width = self._cut(self._right, width * 2 // 3)
        left, left_width = self._cut(self._left, width - right_width - (1 if right else 0))
        gap = Segment(" " * max(0, width - left_width - right_width), base)
        segments = self.in_column(y, [*left, gap, *right])
        return Strip(segments).adjust_cell_length(width, base)

    def _cut(self, parts: tuple[Part, ...], room: int) -> tuple[list[Segment], int]:
        """As much of the parts as fits ``room`` cells, with a … where they are cut."""
        segments: list[Segment] = []
        used = 0
        for part, style_name in parts:
            text, style = visible(part, newline=" ", tab=" "), self._style(style_name)
            cells = cell_len(text)
            if used + cells > room:
                if room > used:
                    segments.append(Segment(set_cell_size(text, room - used - 1) + "…", style))
                return segments, max(used, room)
            segments.append(Segment(text, style))
            used += cells
        return segments, used

    def notify_style_update(self) -> None:
        """Look the styles up again, since the theme or the state of the bar has changed."""
        super().notify_style_update()
        self._part_styles.clear()

    def _style(self, name: str) -> Style:
        style = self._part_styles.get(name)
        if style is None:
            style = self._part_styles[name] = self._find_style(name)
        return style

    def _find_style(self, name: str) -> Style:
        if name.startswith("#"):
            return self.rich_style + _bold(name)
        return self.get_component_rich_style(f"bar--{name}") if name else self.rich_style


@lru_cache(64)
def _bold(colour: str) -> Style:
    return Style(color=colour, bold=True)
