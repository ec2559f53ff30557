"""The library's frame: what is looked up when, and how it is shown."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from annotui.domain.label_scheme import LabelScheme
from annotui.domain.visible import visible
from annotui.errors import AnnotuiError
from annotui.services import shelf
from annotui.services.shelf import BY_LABEL, Entry, First, View
from annotui.services.workspace import Workspace
from annotui.tui import legend
from annotui.tui.scribe import Scribe
from annotui.tui.themes import inks
from annotui.tui.widgets.bar import Bar, Part, cells, shortened
from annotui.tui.widgets.library_table import LibraryHead, LibraryTable
from annotui.tui.widgets.too_small import LEAST, TooSmall, is_below

Found = TypeVar("Found")

FIRST_ROWS = 80
"""Documents of the first look."""

SEARCH_RESTS_S = 0.12
"""How long nothing is typed before texts are searched: a frequent word takes long to rank."""

ORDER_RESTS_S = 0.05
"""How long after the first page the whole order is looked up, so that the page is painted first."""

KEYS: legend.Hints = (
    *(("enter", "opens"), ("/", "filter"), ("f", "search the texts"), ("s", "sort")),
    *(("a", "add"), ("esc", "back"), ("?", "keys"), ("o", "which"), ("c", "collection")),
    *(("D", "done"), ("W", "aside"), ("S", "other way round")),
)
TYPING: legend.Hints = (("enter", "keeps it"), ("esc", "takes it back"), ("↓ ↑", "move"))
ASKING: legend.Hints = (("enter", "goes on"), ("esc", "leaves it"))


@dataclass(frozen=True, slots=True)
class Going:
    """The document to open, and where: at an offset, or at a mark; ``search`` was typed."""

    document_id: str
    search: str = ""
    place: int | None = None
    annotation_id: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """What is being typed: ``what`` it is for, the words, and what they were before."""

    what: str
    words: str
    before: str = ""


class LibraryFrame(Screen[Going | None]):
    """Shows a view of the library; subclasses say what the keys do."""

    AUTO_FOCUS = ""

    def __init__(self, scribe: Scribe, scheme: LabelScheme, open_id: str, view: View) -> None:
        super().__init__()
        self.scribe, self.scheme, self.open_id, self.shown_view = scribe, scheme, open_id, view
        self.typing: Typed | None = None
        self.message: tuple[Part, ...] = ()
        self.total: int | None = None
        self._start = 0
        self._numbers: array[int] = array("q")
        self._is_there, self._is_ordered = asyncio.Event(), asyncio.Event()
        self._pages: asyncio.Task[None] | None = None

    def compose(self) -> ComposeResult:
        """Headline, heads, table, status, keys."""
        self.headline, self.status, self.legend = (
            Bar(id=name) for name in ("headline", "status", "legend")
        )
        self.head, self.table = LibraryHead(id="heads"), LibraryTable(id="table")
        self.nothing = Static("", id="nothing", markup=False)
        yield self.headline
        yield self.head
        yield self.table
        yield self.nothing
        yield self.status
        yield self.legend
        yield TooSmall(id="too-small", markup=False)

    def on_mount(self) -> None:
        """Look the first documents up."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self.dress())
        self.look(around=self.open_id)

    def dress(self) -> None:
        """Use the colours of the theme, and the labels."""
        ground = self.background_colors[1]
        colours = inks(self.scheme, ground, not self.app.no_color)
        self.table.dress(self.scheme, colours, self.open_id)
        view = self.shown_view
        self.head.show(self.table.columns, view.order, view.is_reversed, colours)

    def on_resize(self, event: events.Resize) -> None:
        """Say only that there is too little room, where that is so."""
        self.set_class(is_below(event.size, LEAST), "too-small")
        self.call_after_refresh(self.show_all)

    # --- looking up --------------------------------------------------------------------------

    def look(self, *, around: str = "", rank: int = 0) -> None:
        """Look the view up anew: the first page at once, the whole order after it.

        The cursor goes to the document ``around``, else to ``rank``.
        """
        self._is_there.clear()
        self._is_ordered.clear()
        self.run_worker(self._look(self.shown_view, around, rank), group="look", exclusive=True)

    async def _look(self, view: View, around: str, rank: int) -> None:
        def is_wanted() -> bool:
            return self.shown_view is view

        def find_first(workspace: Workspace) -> First:
            return shelf.first(workspace, view, FIRST_ROWS, around, is_wanted=is_wanted)

        def find_order(workspace: Workspace) -> array[int]:
            return shelf.order(workspace, view, is_wanted=is_wanted)

        try:
            if self.typing is not None and self.typing.what == "search":
                await asyncio.sleep(SEARCH_RESTS_S)
            found = await self.scribe.run(_if(is_wanted, find_first))
            if found is None:
                return
            self._show_first(view, found, rank)
            if found.count > len(found.numbers):
                await asyncio.sleep(ORDER_RESTS_S)
                numbers = await self.scribe.run(_if(is_wanted, find_order))
                if numbers is None:
                    return
                self._take_order(numbers)
            self._is_ordered.set()
        except AnnotuiError as error:
            self._let_go()
            self.say(str(error), "error")
        except asyncio.CancelledError:
            if is_wanted():
                self._let_go()
            raise

    def _let_go(self) -> None:
        """Have nobody wait for what will not be looked up."""
        self._is_there.set()
        self._is_ordered.set()

    def _show_first(self, view: View, found: First, rank: int) -> None:
        self._start, self._numbers, self.total = found.start, found.numbers, found.total
        rows_each = 2 if view.query is not None else 1
        self.table.show(found.count, found.here or rank, rows_each=rows_each)
        self.table.take(dict(enumerate(found.entries, found.start)))
        self._is_there.set()
        self.show_all()
        self.ask_for_seen()

    def _take_order(self, numbers: array[int]) -> None:
        self._start, self._numbers = 0, numbers
        if len(numbers) != self.table.count:
            self.table.resize_to(len(numbers))
        self.ask_for_seen()
        self.show_bars()

    async def is_there(self) -> None:
        """Wait until the first page of the newest view is shown."""
        await self._is_there.wait()

    async def at_cursor(self) -> Entry | None:
        """The entry at the cursor, once it is looked up; None where there is none."""
        await self.is_there()
        rank = self.table.current
        if self.table.count and rank not in self.table.entries:
            await self._is_ordered.wait()
            if self._number(rank):
                await self._fetch([rank], is_near=True)
        return self.table.entries.get(rank)

    def on_library_table_moved(self, _: LibraryTable.Moved) -> None:
        """Look up what is seen now."""
        self.ask_for_seen()

    def ask_for_seen(self) -> None:
        """Look up the rows of the screen that were not yet, and those around it."""
        table = self.table
        page = table.ranks_a_page
        seen = range(max(0, table.top), min(table.count, table.top + page + 1))
        near = range(max(0, seen.start - page), min(table.count, seen.stop + page))
        wanted = seen if any(rank not in table.entries for rank in seen) else near
        ranks = [rank for rank in wanted if rank not in table.entries and self._number(rank)]
        if ranks and (self._pages is None or self._pages.done()):
            self._pages = asyncio.ensure_future(self._fetch(ranks, is_near=wanted is near))
            self._pages.add_done_callback(_loudly)

    def forget(self, rank: int) -> None:
        """Look an entry up anew."""
        self.table.entries.pop(rank, None)
        self.ask_for_seen()

    def _number(self, rank: int) -> int:
        """The number of the document at a rank; 0 where it is not known yet."""
        at = rank - self._start
        return self._numbers[at] if 0 <= at < len(self._numbers) else 0

    async def _fetch(self, ranks: list[int], *, is_near: bool) -> None:
        view, order = self.shown_view, self._numbers
        numbers = {self._number(rank): rank for rank in ranks}
        try:
            found = await self.scribe.run(lambda ws: shelf.entries(ws, view, list(numbers)))
        except AnnotuiError as error:
            self.say(str(error), "error")
            return
        if order is not self._numbers or view != self.shown_view or not self.is_attached:
            self.call_later(self.ask_for_seen)
            return
        self.table.take({numbers[one.document.number]: one for one in found})
        self.show_bars()
        if len(found) == len(ranks) and not is_near:
            self.call_later(self.ask_for_seen)

    # --- showing -----------------------------------------------------------------------------

    def say(self, text: str, style: str = "") -> None:
        """Say something in the status line until the next key; an error is a notification too."""
        shown = visible(text, newline=" ")
        self.message = ((f" {shown}", style),)
        self.show_bars()
        if style == "error" or len(shown) + cells(self._where()) >= self.size.width:
            is_error = style == "error"
            self.notify(
                shown,
                severity="error" if is_error else "information",
                markup=False,
                timeout=10,
            )

    def show_all(self) -> None:
        """Show everything anew."""
        if not self.is_attached:
            return
        self.dress()
        has_none = self.table.count == 0 and self._is_there.is_set()
        self.set_class(has_none, "empty")
        if has_none:
            self.nothing.update(self.words_for_nothing())
        self.show_bars()

    def words_for_nothing(self) -> str:
        """What to do where no document is shown."""
        if self.total:
            return "No article is like that.\n\nesc shows all again."
        return (
            "There is no article here yet.\n\n"
            "a   adds a file or a folder: text, Markdown, HTML, PDF, Word\n"
            "    paste a text (with the terminal's own key) and it is added under a title\n\n"
            "`annotui add FOLDER` does the same from the command line."
        )

    def show_bars(self) -> None:
        """Say what is shown, what the cursor is at, and which keys there are."""
        if not self.is_attached:
            return
        self.headline.show(((" Library ", "strong"), *self._view_words()), self._count_words())
        self.status.show(self._status(), self._where())
        hints = KEYS
        if self.typing is not None:
            hints = TYPING if self.typing.what in ("filter", "search") else ASKING
        self.legend.show(legend.only_hints(hints, self.size.width))

    def _view_words(self) -> tuple[Part, ...]:
        view, parts = self.shown_view, []
        if view.words:
            parts.append((f"/{view.words} ", ""))
        if view.search:
            parts.append((f"texts with {view.search} ", ""))
        if view.collection:
            parts.append((f"in {view.collection} ", "alert"))
        if view.shown:
            parts.append((f"only {view.shown} ", "alert"))
        by = view.order.removeprefix(BY_LABEL)
        way = " ↓" if view.is_reversed else ""
        parts.append((f"by {by}{way}" if by != "added" or way else "as added", "dim"))
        return tuple(parts)

    def _count_words(self) -> tuple[Part, ...]:
        if self.total is None:
            return ()
        of = f" of {self.total:,}" if not self.shown_view.takes_all else ""
        return ((f"{self.table.count:,}{of} article{'' if self.total == 1 else 's'} ", "dim"),)

    def _status(self) -> tuple[Part, ...]:
        if self.typing is not None:
            return ((f" {self.typing.what.upper()} ", "alert"), (f" {self.typing.words}▏", ""))
        if self.message:
            return self.message
        entry = self.table.entries.get(self.table.current)
        if entry is None:
            return ()
        source = entry.document.source or "no source"
        return ((f" {entry.document.title}", ""), (f" · {source}", "dim"))

    def _where(self) -> tuple[Part, ...]:
        name = f"{shortened(self.scribe.path.name)} "
        if not self.table.count:
            return ((name, "dim"),)
        return ((f"{self.table.current + 1:,} · {name}", "dim"),)

    def change_view(self, **changes: object) -> None:
        """Show another view."""
        self.shown_view = replace(self.shown_view, **changes)  # type: ignore[arg-type]
        self.look()


def _if(
    is_wanted: Callable[[], bool], job: Callable[[Workspace], Found]
) -> Callable[[Workspace], Found | None]:
    """The same job, but None where it is not wanted any more, in the queue or at work."""

    def wanted_job(workspace: Workspace) -> Found | None:
        try:
            return job(workspace) if is_wanted() else None
        except AnnotuiError:
            if is_wanted():
                raise
            return None

    return wanted_job


def _loudly(task: asyncio.Task[None]) -> None:
    if not task.cancelled():
        task.result()
