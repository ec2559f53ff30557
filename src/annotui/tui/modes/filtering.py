"""Typing what narrows the list of annotations."""

from __future__ import annotations

import re
from typing import Protocol

from annotui.domain.mark_filter import ANNOTATOR_SIGN, LABEL_SIGN, with_sign
from annotui.tui.legend import Hints
from annotui.tui.modes.mode import Mode, ModeHost
from annotui.tui.widgets.bar import Part


class Narrowed(Protocol):
    """A list that what is typed narrows."""

    filter_typed: str

    def narrow(self, typed: str) -> None:
        """List only what ``typed`` lets through."""

    def name_after(self, sign: str) -> str:
        """The label, or annotator, after the one that is typed; empty after the last one."""

    def show_filter_typed(self) -> None:
        """Say above the list what narrows it."""

    def step_in_list(self, direction: int) -> None:
        """Focus the next of what is listed, or the one before."""


class FilterMode(Mode):
    """Narrows the list while it is typed; enter keeps the filter, ``esc`` takes it off."""

    hints: Hints = (
        ("enter", "keeps it"),
        ("esc", "shows all"),
        ("tab", "next label"),
        ("shift+tab", "next annotator"),
        ("#x @x", "label, annotator by its start"),
    )

    def __init__(self, reader: ModeHost, listing: Narrowed) -> None:
        super().__init__(reader)
        self._listing = listing

    async def press(self, key: str) -> bool:
        """Edit the words."""
        typed = self._listing.filter_typed
        if key == "escape":
            self._listing.narrow("")
            self.reader.leave_mode()
        elif key == "enter":
            self.reader.leave_mode()
        elif key in ("tab", "shift+tab"):
            sign = LABEL_SIGN if key == "tab" else ANNOTATOR_SIGN
            self._listing.narrow(with_sign(typed, sign, self._listing.name_after(sign)))
        elif key in ("backspace", "ctrl+h"):
            self._listing.narrow(typed[:-1])
        elif key == "ctrl+u":
            self._listing.narrow("")
        elif key == "ctrl+w":
            self._listing.narrow(re.sub(r"\S+\s*$", "", typed))
        elif key in ("down", "up"):
            self._listing.step_in_list(1 if key == "down" else -1)
        elif key == "space" or len(key) == 1:
            self._listing.narrow(typed + (" " if key == "space" else key))
        return True

    def paste(self, words: str) -> None:
        """Add what was pasted."""
        self._listing.narrow(self._listing.filter_typed + " ".join(words.split()))

    def status(self) -> tuple[Part, ...]:
        """How many are listed."""
        return ((" FILTER ", "alert"), (f" {self._listing.filter_typed}▏", ""))

    def left(self) -> None:
        """Show the filter without its caret."""
        self._listing.show_filter_typed()
