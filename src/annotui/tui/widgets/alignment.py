"""Strips that set the terminal's column again behind clusters of disputed width."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from annotui.tui.widgets.clusters import DISPUTED, clusters

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


class InColumn(Widget):
    """A widget whose rows keep their columns, however wide a terminal draws their clusters."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._disputed_rows: set[int] = set()

    def note_disputed(self, y: int, *, it_has: bool) -> None:
        """Note whether row ``y`` of the widget has a cluster of disputed width."""
        if it_has:
            self._disputed_rows.add(y)
        else:
            self._disputed_rows.discard(y)

    def in_column(self, y: int, segments: list[Segment]) -> list[Segment]:
        """The segments of row ``y``, those clusters in segments of their own."""
        it_has = any(DISPUTED.search(segment.text) for segment in segments)
        self.note_disputed(y, it_has=it_has)
        return list(_apart(segments)) if it_has else segments

    def render_lines(self, crop: Region) -> list[Strip]:
        """The finished rows of ``crop``."""
        strips = super().render_lines(crop)
        if not self._disputed_rows:
            return strips  # at most keys: to ask where a widget lies takes longer than the rest
        column, shift = self.region.x + crop.x, self.gutter.top - crop.y
        for y in self._disputed_rows:
            if 0 <= y + shift < len(strips):
                strip = strips[y + shift]
                strips[y + shift] = AlignedStrip(strip, strip.cell_length, column)
        return strips


def _apart(segments: Iterable[Segment]) -> Iterator[Segment]:
    """The same, each cluster of disputed width in a segment of its own."""
    for segment in segments:
        if not DISPUTED.search(segment.text):
            yield segment
            continue
        style, plain = segment.style or Style(), ""
        for number, (shown, _, _) in enumerate(clusters(segment.text, len(segment.text) * 2)):
            if DISPUTED.search(shown):
                if plain:
                    yield Segment(plain, style)
                yield Segment(shown, style + DISPUTED_STYLES[number % 2])
                plain = ""
            else:
                plain += shown
        if plain:
            yield Segment(plain, style)


def _is_disputed(style: Style | None) -> bool:
    return style is not None and bool(style._meta) and _DISPUTED in style.meta
