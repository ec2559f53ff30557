"""The library: every article of the file, sorted, filtered and searched from the keyboard."""

from __future__ import annotations

import re

from textual import events

from annotui.domain.progress import DocumentStatus
from annotui.services.shelf import SHOWN
from annotui.tui.key_table import typed
from annotui.tui.screens.library_frame import Going, Typed
from annotui.tui.screens.library_sorting import LibrarySorting
from annotui.tui.widgets.library_table import LibraryHead, LibraryTable

LIVE = {"filter": "words", "search": "search"}
"""What changes the view while it is typed, and the part of the view."""

STATUS_KEYS = {"D": DocumentStatus.DONE, "W": DocumentStatus.ASIDE}
TYPED = {"/": "filter", "f": "search"}
"""The keys that begin it."""

HELP = """\
enter          open the article, at the hit where one was searched for
j k ↓ ↑        next and previous
space PgDn     a screen down;  PgUp a screen up
g G home end   first and last
/              filter by words of title and source, as you type
f              search titles, texts and notes: words, "a phrase", begin*, -not
s S            sort by the next column; the other way round
1–9            sort by that column (a click on its head does, too)
o              which: all, those left, done, set aside
c              which collection; C puts this article into one, or takes it out
D W            this article is done, set aside; again takes that back
a              add a file or a folder
paste          adds the text that is pasted, under a title
esc q          takes off search and filter; goes back to the article
"""


class LibraryScreen(LibrarySorting):
    """Everything is done from the keyboard; the answer is where to go, or None."""

    async def on_key(self, event: events.Key) -> None:
        """Do what the key says; what was typed after its end is handed on."""
        event.stop()
        event.prevent_default()
        key = typed(event)
        if self.app.screen is not self:
            self.app.post_message(events.Key(event.key, event.character))
        elif self.typing is not None:
            await self._type(key, self.typing)
        else:
            self.message = ()
            if key == "escape":
                self.app.clear_notifications()
            await self._press(key)
        self.show_bars()

    async def _press(self, key: str) -> None:
        """Do what ``key`` means where nothing is typed."""
        table = self.table
        if key in self._moves():
            await self.is_there()
            table.go_to(self._moves()[key])
        elif key == "enter":
            await self._open()
        elif key in TYPED:
            words = getattr(self.shown_view, LIVE[TYPED[key]])
            self.typing = Typed(TYPED[key], words, words)
        elif key == "s":
            self._sort_on()
        elif key == "S":
            self._sort_by(self.shown_view.order)
        elif key.isdecimal() and 0 < int(key) <= len(table.columns):
            self._sort_by(table.columns[int(key) - 1].sort)
        elif key == "o":
            names = list(SHOWN)
            at = (names.index(self.shown_view.shown) + 1) % len(names)
            self.change_view(shown=names[at])
        elif key in ("escape", "q"):
            self._back(key)
        else:
            await self._press_other(key)

    def _moves(self) -> dict[str, int]:
        """The rank to which each key goes."""
        here, page, last = self.table.current, self.table.ranks_a_page, self.table.count - 1
        return {
            **dict.fromkeys(("j", "down"), here + 1),
            **dict.fromkeys(("k", "up"), here - 1),
            **dict.fromkeys(("space", "pagedown"), here + page),
            "pageup": here - page,
            "ctrl+d": here + page // 2,
            "ctrl+u": here - page // 2,
            **dict.fromkeys(("g", "home", "ctrl+home"), 0),
            **dict.fromkeys(("G", "end", "ctrl+end"), last),
        }

    async def _press_other(self, key: str) -> None:
        """Do what is about more than the table."""
        if key == "a":
            self.ask_path()
        elif key == "p":
            self.say("Paste now, with the terminal's own key: what is pasted is added.")
        elif key == "c":
            await self.choose_collection()
        elif key == "C":
            await self.put_in_collection()
        elif key in STATUS_KEYS:
            await self.set_status(STATUS_KEYS[key])
        elif key == "?":
            from rich.text import Text

            from annotui.tui.screens.dialogs import PageScreen

            self.app.push_screen(PageScreen("The library", Text(HELP)))
        else:
            self.say(f"{key} does nothing here; ? shows the keys.")

    async def _open(self) -> None:
        """Open the article at the cursor, where it was found."""
        entry = await self.at_cursor()
        if entry is None:
            return
        search = self.shown_view.search if self.shown_view.query is not None else ""
        hit = entry.hit
        place = hit.place if hit is not None and hit.where == "text" else None
        annotation_id = hit.annotation_id if hit is not None else ""
        self.dismiss(Going(entry.document.document_id, search, place, annotation_id))

    def _back(self, key: str) -> None:
        """Take off what narrows the library, else leave it."""
        view = self.shown_view
        if key == "q" or view.takes_all:
            self.dismiss(None)
        elif view.search:
            self.change_view(search="", sort="" if view.sort == "relevance" else view.sort)
        else:
            self.change_view(words="", shown="", collection="")

    def _sort_on(self) -> None:
        """Sort by the next column."""
        view = self.shown_view
        sorts = ["added", *(column.sort for column in self.table.columns)]
        sorts = ["relevance", *sorts] if view.query is not None else sorts
        at = sorts.index(view.order) + 1 if view.order in sorts else 0
        self._sort_by(sorts[at % len(sorts)])

    def _sort_by(self, column: str) -> None:
        self.shown_view = self.shown_view.sorted_by(column)
        self.look()

    def on_library_head_clicked(self, event: LibraryHead.Clicked) -> None:
        """A click on a head sorts by it."""
        self._sort_by(event.sort)

    async def on_library_table_chosen(self, event: LibraryTable.Chosen) -> None:
        """A click goes to a row; a second one opens it."""
        self.table.go_to(event.rank)
        self.show_bars()
        if event.opens:
            await self._open()

    # --- typing ------------------------------------------------------------------------------

    async def _type(self, key: str, typing: Typed) -> None:
        words = typing.words
        if key == "escape":
            self.typing = None
            self._typed_anew(typing, typing.before)
        elif key == "enter":
            self.typing = None
            if typing.what in LIVE:
                await self.is_there()
            else:
                await self.answered(typing)
        elif key in ("down", "up"):
            await self.is_there()
            self.table.go_to(self.table.current + (1 if key == "down" else -1))
        elif key in ("backspace", "ctrl+h"):
            self._typed_anew(typing, words[:-1])
        elif key == "ctrl+u":
            self._typed_anew(typing, "")
        elif key == "ctrl+w":
            self._typed_anew(typing, re.sub(r"\S+\s*$", "", words))
        elif key == "space" or len(key) == 1:
            self._typed_anew(typing, words + (" " if key == "space" else key))

    def _typed_anew(self, typing: Typed, words: str) -> None:
        """Have other words typed; the view follows at once where it is about the view."""
        if self.typing is not None:
            self.typing = Typed(typing.what, words, typing.before)
        part = LIVE.get(typing.what)
        if part is not None and getattr(self.shown_view, part) != words:
            self.change_view(**{part: words})

    def on_paste(self, event: events.Paste) -> None:
        """Add what is pasted to what is typed, else take it in as an article."""
        event.stop()
        if self.typing is not None:
            self._typed_anew(self.typing, self.typing.words + " ".join(event.text.split()))
        else:
            self.ask_title(event.text)
        self.show_bars()
