"""The reader's frame: its parts and what they show."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.geometry import Size
from textual.message import Message
from textual.screen import Screen
from textual.worker import Worker

from annotui.domain.annotation import Annotation
from annotui.domain.annotation_index import AnnotationIndex
from annotui.domain.document import TITLE_LENGTH, Document, title_of
from annotui.domain.label_scheme import LabelScheme
from annotui.domain.segment import Segmenter
from annotui.domain.span import Span
from annotui.domain.visible import visible
from annotui.errors import AnnotuiError
from annotui.services.config import Config
from annotui.services.session import Session
from annotui.tui import legend
from annotui.tui.key_table import PREFIX, KeyTable, reader_keys
from annotui.tui.modes.mode import Mode
from annotui.tui.scribe import Scribe
from annotui.tui.selecting import Selecting
from annotui.tui.themes import inks
from annotui.tui.widgets.article_view import ArticleView
from annotui.tui.widgets.bar import Bar, Part, cells, shortened
from annotui.tui.widgets.body import Body
from annotui.tui.widgets.side_pane import SidePane
from annotui.tui.widgets.too_small import LEAST, TooSmall, is_below, notice

SIDE_PANE_CELLS = 100
"""Cells of screen from which the side pane shows by itself."""

NARROWEST_WITH_PANE = 60
"""Cells of screen under which there is no room for the side pane at all."""

COUNTED_LENGTH = 5_000
"""Code points of a selection up to which its words are counted."""

SIDE_PANE_RESTS_S = 0.05
"""How long the caret rests before the side pane follows it, so that no key waits for that."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The annotations of the open document: everybody's, and one's own."""

    everybodys: AnnotationIndex = field(default_factory=AnnotationIndex)
    own: AnnotationIndex = field(default_factory=AnnotationIndex)

    @classmethod
    def of(cls, annotations: Iterable[Annotation], annotator: str) -> Marks:
        """Sort the annotations once for both."""
        everybodys = list(annotations)
        own = [one for one in everybodys if one.annotator == annotator]
        index = AnnotationIndex(everybodys)
        return cls(index, index if len(own) == len(everybodys) else AnnotationIndex(own))

    def replaced(self, newer: Iterable[Annotation], annotator: str) -> tuple[Marks, list[Span]]:
        """The same with newer versions in the place of older ones, and the spans that changed."""
        everybodys, own, spans = self.everybodys, self.own, []
        for wanted in newer:
            known = everybodys.get(wanted.annotation_id)
            if known is not None and known.version > wanted.version:
                continue
            kept = None if wanted.removed else wanted
            everybodys = everybodys.replaced(known, kept)
            spans += [one.span for one in (known, kept) if one is not None]
            known_own = own.get(wanted.annotation_id)
            kept_own = kept if wanted.annotator == annotator else None
            if known_own is not None or kept_own is not None:
                own = own.replaced(known_own, kept_own)
        return Marks(everybodys, own), spans


class ReaderFrame(Screen[None]):
    """Shows one document and its marks; subclasses say what the keys do."""

    AUTO_FOCUS = ""
    BLANK = True

    class Failed(Message):
        """The reader cannot go on; the application leaves and says why."""

        def __init__(self, error: AnnotuiError) -> None:
            self.error = error
            super().__init__()

    def __init__(self, scribe: Scribe) -> None:
        super().__init__()
        self.scribe = scribe
        self.config = Config()
        self.session: Session | None = None
        self.segmenter = Segmenter("")
        self.scheme = LabelScheme(())
        self.keys: KeyTable = reader_keys(self.scheme)
        self.marks = Marks()
        self.reading_marks: Worker[None] | None = None
        self.shows_others = True
        self.shown_other = ""
        self._of_other: tuple[object, AnnotationIndex] = (None, AnnotationIndex())
        self.selecting = Selecting()
        self.by_hand: frozenset[int] = frozenset()
        self.kept: tuple[Span, ...] = ()
        self.pending = ""
        self.mode: Mode | None = None
        self.in_list = False
        self.listing: AnnotationIndex | None = None
        self.side_pane: bool | None = None
        self.message: tuple[Part, ...] = ()
        self.is_saving = False
        self.position = ""
        self._follow: asyncio.TimerHandle | None = None
        self._inks: tuple[object, dict[str, str]] = (None, {})
        self._keys_shown: tuple[object, tuple[Part, ...]] = (None, ())

    def compose(self) -> ComposeResult:
        """Headline, article and side pane, status, keys."""
        self._fit(self.app.size)
        self.headline, self.status, self.legend = (
            Bar(id=name) for name in ("headline", "status", "legend")
        )
        self.view, self.side = ArticleView(id="article"), SidePane(id="side")
        self.view.measure = self.config.measure or self.view.measure
        self.list, self.inspector = self.side.list, self.side.inspector
        yield self.headline
        with Body(id="body"):
            yield self.view
            yield self.side
        yield self.status
        yield self.legend
        yield TooSmall(id="too-small", markup=False)

    async def on_mount(self) -> None:
        """Follow the theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self.show_all())

    @property
    def text(self) -> str:
        """The text of the open document; empty before there is one."""
        return self.session.document.text if self.session is not None else ""

    @property
    def index(self) -> AnnotationIndex:
        """The annotations that are on the screen."""
        if self.shown_other:
            made_for = (self.marks.everybodys, self.shown_other)
            if self._of_other[0] != made_for:
                theirs = (x for x in self.marks.everybodys if x.annotator == self.shown_other)
                self._of_other = (made_for, AnnotationIndex(theirs))
            return self._of_other[1]
        return self.marks.everybodys if self.shows_others else self.marks.own

    @property
    def listed(self) -> AnnotationIndex:
        """The annotations of the side list: those on the screen, or what a filter lets through."""
        return self.index if self.listing is None else self.listing

    def look_at_filter(self) -> None:
        """Narrow the list anew where its marks are other ones now."""

    @property
    def inks(self) -> dict[str, str]:
        """The colour of each label on the theme's ground."""
        made_for = (self.scheme, self.app.theme)
        if self._inks[0] != made_for:
            ground, is_coloured = self.background_colors[1], not self.app.no_color
            self._inks = (made_for, inks(self.scheme, ground, is_coloured))
        return self._inks[1]

    @property
    def focused_mark(self) -> Annotation | None:
        """The annotation that keys act on; None when none is focused."""
        return self.index.get(self.view.focused_id) if self.view.focused_id else None

    def enter_mode(self, mode: Mode) -> None:
        """Give the keys to ``mode``; the one before is left, unless it waits below."""
        if self.mode is not None and self.mode.waits_below:
            mode.below = self.mode
        else:
            self.leave_mode()
        self.mode = mode

    def leave_mode(self) -> None:
        """Give the keys back to the mode that waits below, or to the table of actions."""
        mode = self.mode
        if mode is not None:
            self.mode = mode.below
            mode.left()

    def leave_modes(self) -> None:
        """Give the keys back to the table of actions."""
        while self.mode is not None:
            self.leave_mode()

    def failed(self, error: AnnotuiError) -> None:
        """Leave the reader because of an error with which it cannot go on."""
        self.post_message(self.Failed(error))

    def say(self, text: str, style: str = "", *, whole: bool = False) -> None:
        """Say something in the status line until the next key.

        An error, and what must be read to its end where that does not fit, is a notification too.
        """
        shown = visible(text, newline=" ")
        self.message = ((f" {shown}", style),)
        self.show_status()
        if style == "error":
            self.notify(shown, severity="error", markup=False, timeout=10)
        elif whole and cell_len(shown) >= self.size.width:
            self.notify(shown, markup=False, timeout=10)

    def show_all(self) -> None:
        """Show everything anew: another document, another theme, another annotator."""
        if self.session is None:
            return
        self.view.own_names = frozenset({self.session.annotator})
        self.view.set_scheme(self.scheme)
        self.view.show_annotations(self.index)
        self.show_headline()
        self.show_status()
        self.show_side()

    def show_headline(self) -> None:
        """Say which document this is and how many marks it has."""
        if self.session is None:
            return
        count = len(self.index)
        others = len(self.marks.everybodys) - len(self.marks.own)
        words = f"{count:,} mark{'' if count == 1 else 's'}"
        if self.shown_other:
            words += f" by {shortened(self.shown_other)} only"
        elif others and self.shows_others:
            words += f", {others:,} by others"
        elif others:
            words += f" ({others:,} by others hidden, O shows them)"
        self.headline.show(
            ((f" {_headline(self.session.document)}", "strong"),),
            ((f"{self.position}{words} ", "dim"),),
        )

    def show_status(self) -> None:
        """Say what is at the caret, whose marks go where, and which keys there are."""
        if self.session is None:
            return
        left, right = self._status_left(self._marks_here()), self._status_right()
        if self.message and cells(left) + cells(right) >= self.size.width:
            right = ()
        self.status.show(left, right)
        self.legend.show(self._legend())
        if self._follow is not None:
            self._follow.cancel()
        if self.in_list:
            self.show_side()
        elif self.side_shows:
            loop = asyncio.get_running_loop()
            self._follow = loop.call_later(SIDE_PANE_RESTS_S, self.show_side)

    def show_side(self) -> None:
        """Let the side pane follow the caret, once that rests."""
        if self.session is None or not (self.side_shows and self.is_attached):
            return
        own = frozenset({self.session.annotator})
        self.look_at_filter()
        self.list.show(self.listed, self.scheme, self.inks, own)
        here = self._marks_here()
        chosen = here[0] if here else None
        self.inspector.show(chosen, self.scheme, self.inks, here=len(here))
        is_listed = chosen is not None and self.listed.get(chosen.annotation_id) is not None
        near = self.listed.rank(chosen.sort_key if chosen else (self.view.caret, 0, ""))
        self.list.go_to(near if is_listed else -1, near=near, has_cursor=self.in_list)

    def _marks_here(self) -> list[Annotation]:
        """The marks at the caret, the focused one first, then the innermost."""
        here = self.index.at(self.view.caret)
        focused = self.focused_mark
        if focused is None:
            return here
        return [focused, *(one for one in here if one is not focused)]

    @property
    def side_shows(self) -> bool:
        """Whether the side pane is on the screen."""
        return self.has_class("with-side")

    def _status_left(self, here: list[Annotation]) -> tuple[Part, ...]:
        if self.message:
            return self.message
        if self.is_saving:
            why = " another program holds the file" if self.scribe.is_waiting else ""
            return ((f" saving…{why}", "alert"),)
        if self.mode is not None:
            return self.mode.status()
        selection = self.view.selection
        if self.selecting.anchor is not None or self.kept:
            return self._selection_words(selection)
        if not here:
            return ()
        marks = [self._mark_words(one) for one in here]
        parts = legend.marks_here(marks, self.size.width - cells(self._status_right()) - 1)
        return (*parts, (f" {here[0].note}", "dim")) if here[0].note else parts

    def _mark_words(self, mark: Annotation) -> tuple[str, str, str]:
        """Glyph, name and colour of a mark; another annotator's has that name too."""
        glyph = next((x.glyph for x in self.scheme.shown if x.name == mark.label), "•")
        name = mark.label if self.is_own(mark) else f"{mark.label} ({mark.annotator})"
        return glyph, name, self.inks.get(mark.label, "")

    def _selection_words(self, selection: Span | None) -> tuple[Part, ...]:
        kept, parts = len(self.kept), [(" SELECT ", "alert")]
        if kept:
            parts.append((f" {kept} fragment{'' if kept == 1 else 's'} kept ·", ""))
        if self.selecting.anchor is not None:
            parts.append((f" {self.size_of(selection)}", ""))
        else:
            parts.append((" select the next, or press a label's key", "dim"))
        return tuple(parts)

    def size_of(self, selection: Span | None) -> str:
        """How much is selected, in words."""
        if selection is None:
            return "move to extend"
        if len(selection) > COUNTED_LENGTH:
            return f"{len(selection):,} characters"
        words = len(selection.slice(self.text).split())
        return f"{words} word{'' if words == 1 else 's'}"

    def _status_right(self) -> tuple[Part, ...]:
        if self.session is None:
            return ()
        if words := notice(self.size):
            return ((words, "alert"),)
        length = max(1, len(self.session.document.text))
        place = f"{min(100, self.view.caret * 100 // length)} %"
        return (
            (shortened(self.session.annotator), ""),
            (f" · {shortened(self.scribe.path.name)} · {place} ", "dim"),
        )

    def _legend(self) -> tuple[Part, ...]:
        width = self.size.width
        if self.is_saving:
            return legend.only_hints(legend.SAVING, width)
        if self.pending:
            return legend.only_hints(self.keys.as_bound(legend.PENDING, PREFIX), width)
        if self.mode is not None:
            return legend.only_hints(self.mode.hints, width)
        hints = legend.READING
        if self.in_list:
            hints = legend.LIST
        elif self.selecting.anchor is not None or self.kept:
            hints = legend.SELECTING
        elif (focused := self.focused_mark) is not None:
            hints = legend.FOCUSED if self.is_own(focused) else legend.OTHERS
        made_for = (self.scheme, self.app.theme, hints, width)
        if self._keys_shown[0] != made_for:
            parts = legend.legend(self.scheme, self.inks, self.keys.as_bound(hints), width)
            self._keys_shown = (made_for, parts)
        return self._keys_shown[1]

    def is_own(self, annotation: Annotation) -> bool:
        """Whether the annotation is the annotator's own."""
        return self.session is not None and annotation.annotator == self.session.annotator

    def on_resize(self, event: events.Resize) -> None:
        """Fold the side pane away where there is no room for it, or everything."""
        self._fit(event.size)

    @property
    def is_too_small(self) -> bool:
        """Whether the screen says only that it is too small."""
        return self.has_class("too-small")

    def _fit(self, size: Size) -> None:
        self.set_class(is_below(size, LEAST), "too-small")
        self.place_side_pane(size.width)

    def place_side_pane(self, width_cells: int) -> None:
        """Show or fold the side pane, as asked for or as the width suggests."""
        shows = width_cells >= SIDE_PANE_CELLS if self.side_pane is None else self.side_pane
        self.set_class(shows and width_cells >= NARROWEST_WITH_PANE, "with-side")
        self.call_after_refresh(self.show_status)


def _headline(document: Document) -> str:
    """The title, with an ellipsis where it is a first line that was cut."""
    first_line = document.text.lstrip()[: 2 * TITLE_LENGTH].partition("\n")[0].rstrip()
    is_cut = document.title == title_of(document.text) and len(first_line) > len(document.title)
    return f"{document.title}…" if is_cut else document.title
