"""Strips that set the terminal's column again behind clusters of disputed width."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

_DISPUTED = "annotui_disputed"

DISPUTED_STYLES = (Style.from_meta({_DISPUTED: 1}), Style.from_meta({_DISPUTED: 2}))
"""One is added to the style of a segment that is one cluster of disputed width.

Neighbours take them in turn, so that whatever joins segments of one style leaves them apart.
"""


class AlignedStrip(Strip):
    """A strip drawn from ``column`` (from 0) of the screen that no cluster can shift.

    A disputed cluster is drawn over blanks of the width it is thought to have, and the column
    is set before and behind it. This happens when the strip becomes bytes, so that whatever
    measures, cuts or filters it before sees plain text only.
    """

    __slots__ = ["_column"]

    def __init__(
        self, segments: Iterable[Segment], cell_length: int | None = None, column: int = 0
    ) -> None:
        super().__init__(segments, cell_length)
        self._column = column

    def crop(self, start: int, end: int | None = None) -> Strip:
        """The part between two columns; it stays aligned."""
        part = super().crop(start, end)
        if part is self:
            return self
        return AlignedStrip(part, part.cell_length, self._column + max(0, start))

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """The parts between ``cuts``; they stay aligned."""
        column, aligned = self._column, list[Strip]()
        for part in super().divide(cuts):
            aligned.append(part if part is self else AlignedStrip(part, part.cell_length, column))
            column += part.cell_length
        return aligned

    def render(self, console: Console) -> str:
        """The bytes for the terminal."""
        if self._render_cache is None:
            pieces: list[str] = []
            column = self._column
            for segment in self._segments:
                cells = cell_len(segment.text)
                drawn = Strip([segment], cells).render(console)
                if _is_disputed(segment.style):
                    blanks = Strip([Segment(" " * cells, segment.style)], cells).render(console)
                    drawn = f"{blanks}\x1b[{column + 1}G{drawn}\x1b[{column + cells + 1}G"
                pieces.append(drawn)
                column += cells
            self._render_cache = "".join(pieces)
        return self._render_cache


def _is_disputed(style: Style | None) -> bool:
    return style is not None and bool(style._meta) and _DISPUTED in style.meta
