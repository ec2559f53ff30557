"""An edge of a mark on the move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from annotui.domain.annotation import Annotation
from annotui.domain.span import Span
from annotui.tui.key_table import KeyTable
from annotui.tui.legend import Hints
from annotui.tui.modes.mode import Mode, ModeHost
from annotui.tui.motions import EXTENDING, MOTIONS
from annotui.tui.selecting import Selecting
from annotui.tui.widgets.bar import Part

STAY = {
    *("centre", "grow", "shrink", "swap", "side_pane", "help", "guideline"),
    *("hint_jump", "search", "search_next", "search_previous"),
}
"""Actions that do here what they do everywhere, besides the motions."""


AS_IT_WAS = "The mark is as it was."


class EdgeHost(ModeHost, Protocol):
    """What moving an edge asks of the reader."""

    keys: KeyTable

    def select(self, selecting: Selecting, caret: int) -> None:
        """Show this selection, with the caret at ``caret``."""

    def size_of(self, selection: Span | None) -> str:
        """How much is selected, in words."""
        ...

    async def move_runs(self, mark: Annotation, runs: Sequence[Span]) -> None:
        """Store one's own mark on other runs."""


class EdgeMode(Mode):
    """Shows one run of a mark as the selection, which any motion extends, until it is kept."""

    waits_below = True
    hints: Hints = (
        ("enter", "keeps it"),
        ("esc", "as it was"),
        ("o", "other edge"),
        (". ,", "by clause"),
        ("w b", "by word"),
    )

    def __init__(self, reader: EdgeHost, mark: Annotation) -> None:
        super().__init__(reader)
        self._edges, self._mark, self._caret_before = reader, mark, reader.view.caret
        runs = mark.runs
        here = (rank for rank, run in enumerate(runs) if run.covers(reader.view.caret))
        self._rank = next(here, len(runs) - 1)
        run = runs[self._rank]
        reader.select(Selecting(run.start, True), run.end)

    async def press(self, key: str) -> bool:
        """Let motions move the edge; enter stores it, esc leaves all as it was."""
        reader = self._edges
        if key == "enter":
            selected = reader.view.selection
            reader.leave_mode()
            if selected is None:
                reader.say("Nothing would be left of the mark; it is as it was.", "alert")
            else:
                await reader.move_runs(self._mark, self._runs_with(selected))
            return True
        if key == "escape":
            reader.leave_mode()
            reader.say(AS_IT_WAS)
            return True
        if reader.keys.is_prefix(key):
            return False
        action = reader.keys.find("", key)
        name = action.action_id if action is not None else ""
        if name in MOTIONS or name in EXTENDING or name in STAY:
            return False
        reader.say("An edge is on the move: enter keeps it, esc leaves the mark as it was.")
        return True

    def _runs_with(self, run: Span) -> tuple[Span, ...]:
        runs = self._mark.runs
        return (*runs[: self._rank], run, *runs[self._rank + 1 :])

    def status(self) -> tuple[Part, ...]:
        """How much the mark would have."""
        reader = self._edges
        selection = reader.view.selection
        is_end = selection is None or reader.view.caret == selection.end
        edge = "end" if is_end else "start"
        return ((f" MOVES THE {edge.upper()} ", "alert"), (f" {reader.size_of(selection)}", ""))

    def left(self) -> None:
        """Show the mark, focused, as it is stored."""
        reader = self._edges
        reader.selecting = Selecting()
        reader.view.move_caret(
            self._caret_before, selection=None, focused_id=self._mark.annotation_id
        )
