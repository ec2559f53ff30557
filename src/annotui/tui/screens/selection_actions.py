"""Moving the caret, and selecting by it."""

from __future__ import annotations

from annotui.domain.span import normalise
from annotui.tui.motions import BY_HAND, MOTIONS, VERTICAL
from annotui.tui.screens.mark_actions import MarkActions
from annotui.tui.selecting import Selecting

GAP_REACH = 2_000
"""Code points before the caret in which the end of a mark makes a gap."""


class SelectionActions(MarkActions):
    """Moves the caret by every unit and makes the selection that label keys mark."""

    def move(self, name: str, *, extends: bool = False) -> None:
        """Do the motion called ``name``; it extends the selection where one is sticky."""
        before, target = self.view.caret, MOTIONS[name](self.view, self.segmenter, self.text)
        if not (extends or self.selecting.is_sticky):
            self.selecting = Selecting()
        self.selecting = self.selecting.extended()
        placed = {target} if name in BY_HAND else set()
        self.by_hand = frozenset(placed | (self.by_hand & {self.selecting.anchor}))
        self.view.move_caret(
            target,
            keep_column=name in VERTICAL,
            selection=self.selecting.span_to(target),
            focused_id="",
        )
        if target == before and target in (0, len(self.text)):
            self.say(f"This is the {'end' if target else 'start'} of the article.")
        else:
            self.show_status()

    def action_select(self) -> None:
        """Begin a selection at the caret, or clear the one there is."""
        if self.selecting.anchor is not None and self.selecting.is_sticky:
            self.select(Selecting(), self.view.caret)
        else:
            self.select(self.selecting.begun(self.view.caret, is_sticky=True), self.view.caret)

    def action_swap(self) -> None:
        """Put the caret on the other edge of the selection."""
        anchor, caret = self.selecting.anchor, self.view.caret
        if anchor is None:
            self.say("Nothing is selected; v begins a selection.")
            return
        self.select(Selecting(caret, self.selecting.is_sticky), anchor)

    def action_grow(self) -> None:
        """Select the next larger unit."""
        grown = self.selecting.grown(self.segmenter, self.view.caret, self._end_before())
        self._step_to(grown, "There is nothing larger than this.")

    def _end_before(self) -> int | None:
        """The last end of a run of a mark at or before the selection; None far away."""
        selection = self.view.selection
        here = selection.start if selection else self.view.caret
        near = self.index.overlapping(max(0, here - GAP_REACH), here + 1)
        return max((run.end for one in near for run in one.runs if run.end <= here), default=None)

    def action_fragment(self) -> None:
        """Keep the selection, or the clause at the caret, as a fragment of the next mark."""
        if self.view.selection is None and self.view.focused_id:
            self.say("Select a fragment first; & then keeps it for the next mark.")
            return
        run = self.run_here()
        if run is None:
            return
        self.keep(normalise((*self.kept, run)))
        self.select(Selecting(), self.view.caret)

    def action_shrink(self) -> None:
        """Select the next smaller unit."""
        shrunk = self.selecting.shrunk(self.segmenter, self.view.caret)
        self._step_to(shrunk, "There is nothing smaller; + selects the word here.")

    def _step_to(self, step: tuple[Selecting, int] | None, otherwise: str) -> None:
        if step is None:
            self.say(otherwise)
        else:
            self.select(*step)

    def select(self, selecting: Selecting, caret: int) -> None:
        """Show this selection, with the caret at ``caret``."""
        self.selecting = selecting
        self.by_hand &= {selecting.anchor, caret}
        self.view.move_caret(caret, selection=selecting.span_to(caret), focused_id="")
