"""A screen with one grid: the same bars, motions and narrowest size for all of them."""

from __future__ import annotations

from abc import abstractmethod

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from annotui.domain.visible import visible
from annotui.tui import legend
from annotui.tui.key_table import typed
from annotui.tui.screens.library_frame import Going
from annotui.tui.scribe import Scribe
from annotui.tui.widgets.bar import Bar, Part
from annotui.tui.widgets.grid import Grid
from annotui.tui.widgets.too_small import LEAST, TooSmall, is_below


class GridScreen(Screen[Going | None]):
    """Headline, grid, status, keys; the answer is a mark to go to, or None."""

    AUTO_FOCUS = ""
    HINTS: legend.Hints = ()
    HELP = ""

    def __init__(self, scribe: Scribe) -> None:
        super().__init__()
        self.scribe = scribe
        self.message: tuple[Part, ...] = ()

    def compose(self) -> ComposeResult:
        """The parts."""
        self.headline, self.status, self.legend = (
            Bar(id=name) for name in ("headline", "status", "legend")
        )
        self.grid = Grid(id="grid")
        yield self.headline
        yield self.grid
        yield self.status
        yield self.legend
        yield TooSmall(id="too-small", markup=False)

    def on_resize(self, event: events.Resize) -> None:
        """Say only that there is too little room, where that is so."""
        self.set_class(is_below(event.size, LEAST), "too-small")
        self.call_after_refresh(self.show_bars)

    async def on_key(self, event: events.Key) -> None:
        """Do what the key says; what was typed after the screen's end is handed on."""
        event.stop()
        event.prevent_default()
        key = typed(event)
        if self.app.screen is not self:
            self.app.post_message(events.Key(event.key, event.character))
            return
        self.message = ()
        moves = self._moves()
        if key in moves:
            self.grid.go_to(*moves[key])
        elif key in ("escape", "q"):
            self.dismiss(None)
        elif key == "enter":
            self.open_here()
        elif key == "?":
            from rich.text import Text

            from annotui.tui.screens.dialogs import PageScreen

            self.app.push_screen(PageScreen("Keys", Text(self.HELP)))
        elif not self.press(key):
            self.say(f"{key} does nothing here; ? shows the keys.")
        self.show_bars()

    def _moves(self) -> dict[str, tuple[int, int]]:
        """The row and column to which each key goes."""
        rank, column, page = self.grid.rank, self.grid.column, self.grid.rows_a_page
        last = self.grid.count - 1
        return {
            **dict.fromkeys(("j", "down"), (rank + 1, column)),
            **dict.fromkeys(("k", "up"), (rank - 1, column)),
            **dict.fromkeys(("h", "left"), (rank, column - 1)),
            **dict.fromkeys(("l", "right"), (rank, column + 1)),
            **dict.fromkeys(("space", "pagedown"), (rank + page, column)),
            "pageup": (rank - page, column),
            "ctrl+d": (rank + page // 2, column),
            "ctrl+u": (rank - page // 2, column),
            **dict.fromkeys(("g", "home", "ctrl+home"), (0, column)),
            **dict.fromkeys(("G", "end", "ctrl+end"), (last, column)),
        }

    @abstractmethod
    def press(self, key: str) -> bool:
        """Do what else ``key`` means; whether it means anything."""

    @abstractmethod
    def open_here(self) -> None:
        """Open what the cursor is at."""

    def on_grid_chosen(self, event: Grid.Chosen) -> None:
        """A click goes to a cell; a second one opens it."""
        self.message = ()
        self.grid.go_to(event.rank, event.column)
        if event.opens:
            self.open_here()
        self.show_bars()

    def say(self, text: str, style: str = "") -> None:
        """Say something in the status line until the next key."""
        self.message = ((f" {visible(text, newline=' ')}", style),)
        self.show_bars()

    def show_bars(self) -> None:
        """Say what is shown, what the cursor is at, and which keys there are."""
        if not self.is_attached:
            return
        self.headline.show(*self.headline_parts())
        self.status.show(self.message or self.status_parts())
        self.legend.show(legend.only_hints(self.HINTS, self.size.width))

    @abstractmethod
    def headline_parts(self) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
        """What the headline says on the left and on the right."""

    @abstractmethod
    def status_parts(self) -> tuple[Part, ...]:
        """What is said of what the cursor is at."""
