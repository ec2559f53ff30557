"""The article: text, marks, caret and selection, drawn a row at a time."""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic
from types import EllipsisType
from typing import ClassVar

from textual.cache import LRUCache
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from annotui.domain.annotation_index import AnnotationIndex
from annotui.domain.document import Document
from annotui.domain.graphemes import grapheme_ceiling, grapheme_floor
from annotui.domain.label_scheme import LabelScheme
from annotui.domain.progress import Reading
from annotui.domain.span import Span
from annotui.tui.widgets.article_mouse import ArticleMouse
from annotui.tui.widgets.clusters import DISPUTED
from annotui.tui.widgets.headline import headline_of
from annotui.tui.widgets.lanes import Lanes
from annotui.tui.widgets.overlays import NO_OVERLAY, NO_OVERLAYS, Overlays
from annotui.tui.widgets.paint import RowLook, paint
from annotui.tui.widgets.palette import Palette

_STRIPS_KEPT = 1024


class ArticleView(ArticleMouse, can_focus=False):
    """A document with its annotations, a caret and a selection; the screen moves them.

    Offsets are code points of the document's text.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"article--gutter", "article--selection"}
    DEFAULT_CSS = """
    ArticleView {
        & > .article--gutter { color: $foreground 55%; }
        & > .article--selection { background: $primary 55%; }
    }
    """

    class LaidOut(Message):
        """Every row is laid out, so that row numbers are final."""

    def __init__(
        self,
        *,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._own_names: frozenset[str] = frozenset()
        self._index = AnnotationIndex()
        self._scheme = LabelScheme(())
        self._selection: Span | None = None
        self._focused_id = ""
        self._headline = (0, 0)
        self._goal_column: int | None = None
        self._page_move: tuple[int, int] | None = None
        self._overlays = NO_OVERLAYS
        self._reading = Reading()
        self._palette: Palette | None = None
        self._strips: LRUCache[RowLook, tuple[Strip, bool]] = LRUCache(_STRIPS_KEPT)
        self._looks: dict[int, RowLook] = {}
        self._lay_out("", 80)

    # What the screen sets and asks

    @property
    def own_names(self) -> frozenset[str]:
        """The annotators whose marks are the reader's own; those of others are dimmed."""
        return self._own_names

    @own_names.setter
    def own_names(self, names: frozenset[str]) -> None:
        if names != self._own_names:
            self._own_names = names
            self.show_annotations(self._index)

    @property
    def caret(self) -> int:
        """The offset of the caret."""
        return self._caret

    @property
    def selection(self) -> Span | None:
        """The selected span."""
        return self._selection

    @selection.setter
    def selection(self, selection: Span | None) -> None:
        before = (self._caret, self._selection, self._focused_id)
        self._selection = selection
        self._repaint(self._ranges_since(*before))

    @property
    def focused_id(self) -> str:
        """The id of the focused annotation; empty when none is."""
        return self._focused_id

    @focused_id.setter
    def focused_id(self, annotation_id: str) -> None:
        before = (self._caret, self._selection, self._focused_id)
        self._focused_id = annotation_id
        self._repaint(self._ranges_since(*before))

    @property
    def overlays(self) -> Overlays:
        """What lies over the text for a while: kept fragments, what was found, tags."""
        return self._overlays

    @overlays.setter
    def overlays(self, overlays: Overlays) -> None:
        if overlays != self._overlays:
            self._overlays = overlays
            self._repaint([self._visible_bounds()])

    def load(self, document: Document, caret: int = 0) -> None:
        """Show ``document`` with the caret at ``caret``, without any annotations so far."""
        text = document.text
        self._index = AnnotationIndex()
        self._selection, self._focused_id, self._goal_column = None, "", None
        self._overlays, self._reading = NO_OVERLAYS, Reading()
        self._caret = max(0, min(caret, len(text)))
        self._headline = headline_of(text)
        self._lay_out(text, self.size.width or 80)
        if self.size.width:
            self._place_caret()

    def set_scheme(self, scheme: LabelScheme) -> None:
        """Draw marks with the labels of ``scheme``."""
        self._scheme = scheme
        self._palette = None
        self._strips.clear()
        self.refresh()

    def show_annotations(
        self, index: AnnotationIndex, changed: Iterable[Span] | None = None
    ) -> None:
        """Draw the annotations of ``index``, which differs on ``changed`` only where given."""
        self._index = index
        if changed is None:
            self._new_lanes()
            self._repaint([(0, len(self._rows.text))])
        else:
            touched = self._lanes.take(index, changed)
            self._repaint([(span.start, span.end) for span in touched])

    def show_reading(self, reading: Reading) -> None:
        """Show in the gutter which rows have a sentence that was read."""
        if reading != self._reading:
            self._reading = reading
            self._repaint([(0, len(self._rows.text))])

    def move_caret(
        self,
        offset: int,
        *,
        keep_column: bool = False,
        centre: bool = False,
        selection: Span | EllipsisType | None = ...,
        focused_id: str | None = None,
    ) -> None:
        """Put the caret at ``offset`` and, where given, change selection and focus with it.

        The view scrolls only when the caret leaves it, or to ``centre`` it. ``keep_column``
        keeps the column that ``offset_rows_away`` aims at.
        """
        before = (self._caret, self._selection, self._focused_id)
        page = self._page_move
        offset = max(0, min(offset, len(self._rows.text)))
        if not keep_column:
            self._goal_column = None
        self._caret, self._page_move, self._moved_at = offset, None, monotonic()
        if selection is not ...:
            self._selection = selection
        if focused_id is not None:
            self._focused_id = focused_id
        page_rows = page[1] if page and page[0] == offset else 0
        if not self._show_caret(centre=centre, page_rows=page_rows):
            self._repaint(self._ranges_since(*before))

    def offset_rows_away(self, rows: int) -> int:
        """The offset ``rows`` down from the caret (up where negative), in the goal column."""
        row = self._rows.row_of(self._caret)
        if self._goal_column is None:
            self._goal_column = self._rows.drawn(row).column_of(self._caret)
        offset = self._rows.drawn(max(0, row + rows)).offset_at(self._goal_column)
        # Some clusters are drawn in parts; the caret stops between whole ones, and moves on.
        edge = grapheme_ceiling if rows > 0 else grapheme_floor
        return edge(self._rows.text, offset)

    def offset_pages_away(self, pages: float) -> int:
        """The offset ``pages`` views down; a ``move_caret`` there scrolls by as much."""
        height = max(1, self.size.height)
        rows = round(pages * max(1, height - 2 if abs(pages) >= 1 else height))
        offset = self.offset_rows_away(rows)
        self._page_move = (offset, rows)
        return offset

    def row_start(self) -> int:
        """The offset at which the caret's row starts."""
        return self._rows.row_start(self._caret)

    def row_end(self) -> int:
        """The last offset on the caret's row at which a caret can stand."""
        return self._rows.drawn(self._rows.row_of(self._caret)).last_offset

    def centre_caret(self) -> None:
        """Scroll so that the caret's row is in the middle."""
        self.move_caret(self._caret, keep_column=True, centre=True)

    def is_in_the_middle(self, span: Span) -> bool:
        """Whether it begins in the middle half of the view and can be seen to its end."""
        height, top = self.size.height, self.scroll_offset.y
        first, last = self._rows.row_of(span.start) - top, self._rows.row_of(span.end) - top
        return height // 4 <= first < height - height // 4 and last < height

    def visible_span(self) -> Span | None:
        """The part of the text that is on the screen."""
        start, end = self._visible_bounds()
        return Span(start, end) if start < end else None

    def _layout_started(self) -> None:
        self._new_lanes()
        self._strips.clear()
        self._looks.clear()
        self._disputed_rows.clear()

    def _layout_completed(self) -> None:
        self.post_message(self.LaidOut())

    def _new_lanes(self) -> None:
        self._lanes = Lanes(self._rows, self._index, self._own_names, self._frame.lanes)

    # Painting

    def _ranges_since(
        self, caret: int, selection: Span | None, focused_id: str
    ) -> list[tuple[int, int]]:
        """The offsets between which rows may look different from before."""
        ranges = [(caret, caret), (self._caret, self._caret)]
        now = self._selection
        if selection != now:
            if selection and now:
                ranges.append(_ordered(selection.start, now.start))
                ranges.append(_ordered(selection.end, now.end))
            else:
                ranges.extend((span.start, span.end) for span in (selection, now) if span)
        if focused_id != self._focused_id:
            for annotation_id in (focused_id, self._focused_id):
                if annotation_id and (annotation := self._index.get(annotation_id)):
                    ranges.append((annotation.start, annotation.end))
        return ranges

    def _repaint(self, ranges: Iterable[tuple[int, int]]) -> None:
        """Repaint the visible rows between the offsets of ``ranges`` whose look has changed."""
        if not self.size.height:
            return
        width, looks = self.size.width - self.styles.scrollbar_size_vertical, self._looks
        top = self.scroll_offset.y
        regions = [
            Region(0, y, width, 1)
            for y in self._view_rows(ranges)
            if looks.get(y) != self._look_of(top + y)
        ]
        if regions:
            self.refresh(*regions)

    def _look_of(self, row: int) -> RowLook:
        """Everything that decides how ``row`` looks."""
        start, end = self._rows.bounds(row)
        marks = self._lanes.marks_of(start, end)
        caret = self._caret
        if not start <= caret < end and not start <= caret == end == len(self._rows.text):
            caret = -1
        part = None
        if (chosen := self._selection) and chosen.start < end and start < chosen.end:
            part = (max(start, chosen.start), min(end, chosen.end))
        focused = self._focused_id
        if focused and not marks.has(focused):
            focused = ""
        headline = self._headline[0] <= start < self._headline[1]
        overlays = self._overlays
        over = NO_OVERLAY if overlays is NO_OVERLAYS else overlays.on_row(start, end)
        read = bool(self._reading.overlapping(start, end)) if len(self._reading) else False
        return RowLook(start, end, marks, caret, part, focused, headline, over, read)

    def render_line(self, y: int) -> Strip:
        """The strip of row ``y`` of the view."""
        row = self.scroll_offset.y + y
        if row >= self._rows.row_count:
            return Strip.blank(self.size.width, (self._palette or self._mix_palette()).base)
        look = self._looks[y] = self._look_of(row)
        strip, disputed = self._painted(look)
        self.note_disputed(y, it_has=disputed)
        return strip

    def _painted(self, look: RowLook) -> tuple[Strip, bool]:
        """The strip for ``look``, and whether it has clusters of disputed width."""
        palette = self._palette or self._mix_palette()
        painted = self._strips.get(look)
        if painted is None:
            row = self._rows.drawn_between(look.start, look.end)
            disputed = DISPUTED.search(self._rows.text, look.start, look.end) is not None
            painted = self._strips[look] = (paint(row, look, palette, self._frame), disputed)
        return painted

    def _prepare_row(self, row: int) -> None:
        self._painted(self._look_of(row))

    def notify_style_update(self) -> None:
        """Mix the colours again."""
        super().notify_style_update()
        self._palette = None

    def _mix_palette(self) -> Palette:
        self._strips.clear()
        background = self.background_colors[1]
        selection = self.get_component_styles("article--selection").background
        muted = self.get_component_styles("article--gutter").color
        self._palette = Palette(
            self._scheme,
            background,
            self.styles.color,
            background + muted,
            background + selection,
            grounds=background.ansi is None,
            coloured=not self.app.no_color,
        )
        return self._palette


def _ordered(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one <= other else (other, one)
