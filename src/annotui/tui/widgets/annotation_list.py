"""The side list of annotations: one row each, only the visible ones are looked at."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from annotui.domain.annotation import Annotation
from annotui.domain.annotation_index import AnnotationIndex
from annotui.domain.label_scheme import LabelScheme
from annotui.domain.visible import visible
from annotui.tui.widgets.row_list import RowList


class AnnotationList(RowList, can_focus=False):
    """The annotations of the article in its order; follows the caret."""

    DEFAULT_CSS = """
    AnnotationList {
        & > .annotation-list--current { background: $boost; text-style: bold; }
        & > .annotation-list--cursor { background: $primary 40%; text-style: bold; }
        & > .annotation-list--dim { color: $text-muted; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "annotation-list--current",
        "annotation-list--cursor",
        "annotation-list--dim",
    }

    class Chosen(Message):
        """A row was clicked."""

        def __init__(self, rank: int) -> None:
            self.rank = rank
            super().__init__()

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._index = AnnotationIndex()
        self._scheme = LabelScheme(())
        self._inks: dict[str, str] = {}
        self._current = -1
        self._near = 0
        self._has_cursor = False
        self._own_names: frozenset[str] = frozenset()

    def show(
        self, index: AnnotationIndex, scheme: LabelScheme, inks: dict[str, str], own: frozenset[str]
    ) -> None:
        """Show these annotations; ``inks`` has the colour of each label."""
        if (index, scheme, inks, own) == (self._index, self._scheme, self._inks, self._own_names):
            return
        self._index, self._scheme, self._inks, self._own_names = index, scheme, inks, own
        self.have_rows(len(self._index), self.size.width)
        self.refresh()

    def go_to(self, rank: int, *, near: int = 0, has_cursor: bool = False) -> None:
        """Light the row of ``rank``, or none where it is -1, and bring it into view.

        Where there is none, the rows around ``near`` come into view.
        """
        before, self._current = self._current, rank
        had_cursor, self._has_cursor = self._has_cursor, has_cursor
        self._near = rank if rank >= 0 else near
        if self._scroll_there() or (before, had_cursor) == (rank, has_cursor):
            return
        top, height = self.scroll_offset.y, self.size.height
        for row in {before, rank}:
            if top <= row < top + height:
                self.refresh(Region(0, row - top, self.size.width, 1))

    def _scroll_there(self) -> bool:
        """Bring the row that is followed into view; whether the view moved."""
        top, height, row = self.scroll_offset.y, self.size.height, self._near
        if not height or top <= row < top + height:
            return False
        self.scroll_to(y=max(0, row - height // 2), animate=False, force=True, immediate=True)
        self.refresh()
        return self.scroll_offset.y != top

    def on_resize(self, event: events.Resize) -> None:
        """Keep the rows as wide as the list, and the one that is followed in view."""
        self.have_rows(len(self._index), event.size.width)
        self._scroll_there()

    def on_click(self, event: events.Click) -> None:
        """Tell which row was clicked."""
        rank = event.y + self.scroll_offset.y
        if rank < len(self._index):
            self.post_message(self.Chosen(rank))

    def render_line(self, y: int) -> Strip:
        """One annotation: glyph, quote, and a dot where there is a note."""
        width, rank = self.size.width, y + self.scroll_offset.y
        base = self.rich_style
        if rank >= len(self._index):
            return Strip.blank(width, base)
        if rank == self._current:
            name = "cursor" if self._has_cursor else "current"
            base = self.get_component_rich_style(f"annotation-list--{name}")
        *segments, end = self._segments(self._index[rank], base, width)
        segments = [*self.in_column(y, segments), end]
        return Strip(segments).adjust_cell_length(width, base)

    def _segments(self, annotation: Annotation, base: Style, width: int) -> list[Segment]:
        is_own = annotation.annotator in self._own_names
        dim = Style(color=self.get_component_rich_style("annotation-list--dim").color)
        ink = base + (Style(color=self._inks.get(annotation.label)) if is_own else dim)
        glyph = next((x.glyph for x in self._scheme.shown if x.name == annotation.label), "•")
        end = " ✎ " if annotation.note else "   "
        room = max(0, width - 3 - len(end))
        quote = visible(" ".join(annotation.quote[: width * 4].split()), tab=" ", newline=" ")
        shown = set_cell_size(quote, room)
        if len(quote) > len(shown.rstrip()) and room > 1:
            shown = set_cell_size(quote, room - 1) + "…"
        words = base if is_own else base + dim
        return [
            Segment(f" {visible(glyph)} ", ink + Style(bold=True)),
            Segment(shown, words),
            Segment(end, base + dim),
        ]
