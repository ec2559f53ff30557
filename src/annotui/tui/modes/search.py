"""A search while it is typed."""

from __future__ import annotations

import re
from typing import Protocol

from annotui.tui.legend import Hints
from annotui.tui.modes.mode import Mode, ModeHost
from annotui.tui.widgets.bar import Part


class SearchHost(ModeHost, Protocol):
    """What a search asks of the reader."""

    searched_before: list[str]

    def seek(self, words: str, start: int, *, in_notes: bool = False) -> bool:
        """Begin a search and go to the first place from ``start`` on; whether there is one."""
        ...

    def unlight(self) -> bool:
        """Light nothing any more; whether anything was."""
        ...

    def remember(self, words: str) -> None:
        """Keep what was searched for, to be recalled."""

    def count_words(self) -> str:
        """Which place the caret is at, of how many."""
        ...

    async def action_search_next(self) -> None:
        """Go to the next place."""


class SearchMode(Mode):
    """Goes to the first place while words are typed; enter stays there, ``esc`` goes back."""

    hints: Hints = (
        ("enter", "stays here"),
        ("esc", "goes back"),
        ("tab", "text or notes"),
        ("↑ ↓", "earlier ones"),
    )

    def __init__(self, reader: SearchHost) -> None:
        super().__init__(reader)
        self._finding = reader
        self._words = ""
        self._in_notes = False
        self._earlier = -1
        self._is_kept = False
        self._is_found = True
        view = reader.view
        self._origin = (view.caret, reader.selecting, view.focused_id, view.scroll_offset.y)
        self._seek()

    async def press(self, key: str) -> bool:
        """Edit the words, keep the place, or go back."""
        if key == "escape":
            self.reader.leave_mode()
        elif key == "enter":
            await self._keep()
        elif key == "tab":
            self._in_notes = not self._in_notes
            self._seek()
        elif key in ("up", "down"):
            self._recall(1 if key == "up" else -1)
        elif key in ("backspace", "ctrl+h"):
            self.type_anew(self._words[:-1])
        elif key == "ctrl+u":
            self.type_anew("")
        elif key == "ctrl+w":
            self.type_anew(re.sub(r"\S+\s*$", "", self._words))
        elif key == "space" or len(key) == 1:
            self.type_anew(self._words + (" " if key == "space" else key))
        return True

    def paste(self, words: str) -> None:
        """Add what was pasted."""
        self.type_anew(self._words + words.strip("\n"))

    def type_anew(self, words: str) -> None:
        """Search for ``words`` instead."""
        self._words = words
        self._seek()

    async def _keep(self) -> None:
        self._is_kept = True
        self.reader.leave_mode()
        if self._words:
            self._finding.remember(self._words)
            if not self._is_found:
                self.reader.say(f"“{self._words}” is nowhere here.")
        else:
            await self._finding.action_search_next()

    def _recall(self, step: int) -> None:
        earlier = self._finding.searched_before
        at = self._earlier + step
        if -1 <= at < len(earlier):
            self._earlier = at
            self.type_anew(earlier[-1 - at] if at >= 0 else "")

    def _seek(self) -> None:
        """Light the places and go to the first one from where the search began."""
        if not self._words.strip():
            self._finding.unlight()
            self._go_back()
            return
        start = self._origin[0]
        self._is_found = self._finding.seek(self._words, start, in_notes=self._in_notes)
        if not self._is_found:
            self._go_back()

    def _go_back(self) -> None:
        caret, selecting, focused_id, top = self._origin
        reader, view = self._finding, self._finding.view
        reader.selecting = selecting
        view.move_caret(caret, selection=selecting.span_to(caret), focused_id=focused_id)
        view.scroll_to(y=top, animate=False, force=True, immediate=True)

    def status(self) -> tuple[Part, ...]:
        """What was typed, and how many places fit."""
        where = " notes" if self._in_notes else ""
        count = f"  {self._finding.count_words()}" if self._words.strip() else "  in the article"
        return ((f" /{where} ", "key"), (f"{self._words}▏", ""), (count, "dim"))

    def left(self) -> None:
        """Go back, unless the place was kept."""
        if not self._is_kept:
            self._finding.unlight()
            self._go_back()
