"""Widgets of many lines that hand out again those that have not changed."""

from __future__ import annotations

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

_MOST_CHANGED = 6
"""Lines from the first to the last changed one up to which only they are asked for."""


class Steady(Widget):
    """Keeps its finished lines.

    At each change anywhere on the screen Textual 8.2 asks every widget in between for all its
    lines and sends each of them through its filters of colours, though one has changed.
    """

    _lines: tuple[object, list[Strip]] = (None, [])

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of ``crop``; only those that were to be repainted are made anew."""
        sizes = (crop, self.region.size, self.size)  # which differ while a layout is under way
        made_for = (*sizes, *self.background_colors, *self.get_line_filters())
        first, last = self._changed(crop)
        if made_for != self._lines[0] or last - first >= _MOST_CHANGED:
            self._lines = (made_for, super().render_lines(crop))
        elif last >= first:
            changed = Region(crop.x, first, crop.width, last - first + 1)
            at = first - crop.y
            lines = [*self._lines[1]]
            lines[at : at + changed.height] = super().render_lines(changed)
            self._lines = (made_for, lines)
        return [*self._lines[1]]  # its owner may put others in the place of some

    def _set_dirty(self, *regions: Region) -> None:
        # A widget without a size, as while it is hidden, has no line that could be called dirty.
        if not regions:
            self._lines = (None, [])
        super()._set_dirty(*regions)

    def _changed(self, crop: Region) -> tuple[int, int]:
        """The first and the last line that has changed; the last one is less where none has."""
        is_dirty = self._styles_cache.is_dirty
        changed = [y for y in crop.line_range if is_dirty(y)]
        return (changed[0], changed[-1]) if changed else (0, -1)
