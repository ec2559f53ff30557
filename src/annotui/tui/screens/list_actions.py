"""The side list: giving it the keys, narrowing it, and the history of the mark it is at."""

from __future__ import annotations

import asyncio
from itertools import islice

from annotui.domain.annotation import Annotation
from annotui.domain.annotation_index import AnnotationIndex
from annotui.domain.mark_filter import ANNOTATOR_SIGN, MarkFilter
from annotui.errors import AnnotuiError
from annotui.services import history
from annotui.tui.modes.edge import AS_IT_WAS, EdgeMode
from annotui.tui.modes.filtering import FilterMode
from annotui.tui.screens.document_actions import DocumentActions, Opened
from annotui.tui.screens.frame import NARROWEST_WITH_PANE
from annotui.tui.widgets.annotation_list import AnnotationList
from annotui.tui.widgets.bar import Part
from annotui.tui.widgets.inspector import Inspector

MARKS_A_TURN = 1_000
"""Annotations looked at in one turn of the loop while the list is narrowed."""

HISTORY_RESTS_S = 0.2
"""How long a mark is shown before its history is read."""


class ListActions(DocumentActions):
    """Gives the keys to the side list, and narrows what it shows."""

    filter_typed = ""
    _before_list: tuple[int, str] = (0, "")
    _pane_before_list: bool | None = None
    _narrowed_from: AnnotationIndex | None = None

    async def show_document(self, opened: Opened) -> None:
        """Show a document that was read, with all its marks in the list."""
        self.filter_typed, self.listing, self._narrowed_from = "", None, None
        self.in_list = False
        await super().show_document(opened)
        self.show_filter_typed()

    def action_list(self) -> None:
        """Give the keys to the side list, or go from it to the mark."""
        if self.in_list:
            self.leave_list()
            return
        if self.says_there_are_none():
            return
        if self.size.width < NARROWEST_WITH_PANE:
            self.say(f"The list needs {NARROWEST_WITH_PANE} columns; ] and [ go through the marks.")
            return
        self.in_list = True
        self._before_list = (self.view.caret, self.view.focused_id)
        self._pane_before_list = self.side_pane
        if not self.side_shows:
            self.side_pane = True
            self.place_side_pane(self.size.width)
        if self.focused_mark is None and len(self.listed):
            here = self.index.at(self.view.caret)
            rank = min(self.listed.rank((self.view.caret, 0, "")), len(self.listed) - 1)
            self.focus_mark(here[0] if here else self.listed[rank])

    def leave_list(self) -> None:
        """Give the keys back to the article, and fold the side pane if the list unfolded it."""
        self.in_list = False
        if self.side_pane != self._pane_before_list:
            self.side_pane = self._pane_before_list
            self.place_side_pane(self.size.width)

    def back_from_list(self) -> None:
        """Leave the list for the place from which it was entered, as ``esc`` does."""
        self.leave_list()
        caret, focused_id = self._before_list
        self.view.move_caret(caret, selection=None, focused_id=focused_id)

    def on_annotation_list_chosen(self, event: AnnotationList.Chosen) -> None:
        """A click in the list goes to the mark."""
        self.touched()
        if event.rank < len(self.listed):
            self.focus_mark(self.listed[event.rank])

    def touched(self) -> None:
        """The mouse does what a key does to what is going on."""
        self.keys_pressed += 1
        self.message, self.pending = (), ""
        was_moving = isinstance(self.mode, EdgeMode)
        self.leave_modes()
        if was_moving:
            self.say(AS_IT_WAS)
        if self.in_list:
            self.leave_list()

    # --- filter ------------------------------------------------------------------------------

    def action_filter(self) -> None:
        """Narrow the list by what is typed."""
        if not self.in_list:
            self.action_list()
        if self.in_list:
            self.enter_mode(FilterMode(self, self))
            self.show_filter_typed()

    def narrow(self, typed: str) -> None:
        """List only what ``typed`` lets through."""
        self.filter_typed = typed
        self._narrowed_from = None
        self.look_at_filter()
        self.show_filter_typed()

    def look_at_filter(self) -> None:
        """Narrow the list anew where the filter or the marks are other ones now."""
        if MarkFilter.parse(self.filter_typed).takes_all:
            self.listing = self._narrowed_from = None
        elif self._narrowed_from is not self.index:
            self._narrowed_from = self.index
            self.run_worker(self._narrow(self.index), group="filter", exclusive=True)

    async def _narrow(self, index: AnnotationIndex) -> None:
        """Look through the marks a few at a time, between the keys."""
        wanted, marks = MarkFilter.parse(self.filter_typed), iter(index)
        found: list[Annotation] = []
        while some := list(islice(marks, MARKS_A_TURN)):
            found += filter(wanted.takes, some)
            await asyncio.sleep(0)
        self.listing = await asyncio.to_thread(AnnotationIndex, found)
        focused = self.focused_mark
        if self.in_list and found and (focused is None or not wanted.takes(focused)):
            rank = min(self.listing.rank((self.view.caret, 0, "")), len(found) - 1)
            self.focus_mark(self.listing[rank])
        self.show_filter_typed()
        self.show_side()

    def name_after(self, sign: str) -> str:
        """The label, or annotator, after the one that is typed; empty after the last one."""
        names = [label.name for label in self.scheme.shown]
        if sign == ANNOTATOR_SIGN:
            names = sorted({one.annotator for one in islice(self.index, MARKS_A_TURN)})
        typed = (word[1:] for word in self.filter_typed.split() if word.startswith(sign))
        now = next(typed, "").casefold()
        here = (at for at, name in enumerate(names) if now and name.casefold().startswith(now))
        return dict(enumerate(names)).get(next(here, -1) + 1, "")

    def show_filter_typed(self) -> None:
        """Say above the list what narrows it, and how many it lets through."""
        if not (self.filter_typed or isinstance(self.mode, FilterMode)):
            self.side.show_filter(())
            return
        caret = "▏" if isinstance(self.mode, FilterMode) else ""
        left: tuple[Part, ...] = ((" / ", "key"), (f"{self.filter_typed}{caret}", "strong"))
        right: tuple[Part, ...] = ((f"{len(self.listed):,} of {len(self.index):,} ", "dim"),)
        self.side.show_filter(left, right)

    def step_in_list(self, direction: int) -> None:
        """Focus the next annotation of the list, or the one before."""
        listed, focused = self.listed, self.focused_mark
        if not len(listed):
            self.say("Nothing is listed; esc takes the filter off.")
            return
        if focused is None:
            rank = listed.rank((self.view.caret, 0, "")) - (direction < 0)
        elif listed.get(focused.annotation_id) is None and direction > 0:
            rank = listed.rank(focused.sort_key)
        else:
            rank = listed.rank(focused.sort_key) + direction
        if 0 <= rank < len(listed):
            self.focus_mark(listed[rank])
        else:
            self.say("This is the last one." if direction > 0 else "This is the first one.")

    # --- history -----------------------------------------------------------------------------

    def on_inspector_shown(self, event: Inspector.Shown) -> None:
        """Read the history of a mark once the caret rests on it."""
        reading = self._read_history(event.annotation)
        self.run_worker(reading, group="mark history", exclusive=True)

    async def _read_history(self, annotation: Annotation) -> None:
        """Read what was done to a mark, once it has been shown for a while."""
        await asyncio.sleep(HISTORY_RESTS_S)
        annotation_id = annotation.annotation_id
        try:
            changes = await self.scribe.run(
                lambda workspace: history.of_annotation(workspace, annotation_id)
            )
        except AnnotuiError:
            return  # the next look at the file says what is wrong with it
        self.inspector.show_history(annotation, changes)
