"""Adjudication: one conflict after another, decided with one key each."""

from __future__ import annotations

from inspect import isawaitable

from annotui.domain import adjudication
from annotui.domain.adjudication import Ruler, Ruling
from annotui.domain.change import ChangeKind
from annotui.domain.matching import Group
from annotui.errors import AnnotationError, AnnotuiError, StaleError
from annotui.services import curation
from annotui.services.session import Outcome, summary_of
from annotui.tui.actions import Action
from annotui.tui.motions import EXTENDING, MOTIONS
from annotui.tui.screens.adjudication_frame import AdjudicationFrame
from annotui.tui.selecting import Selecting


class AdjudicationScreen(AdjudicationFrame):
    """Decides on one conflict after another.

    A decision is a label and a place. Most keys say both; where the annotators differ in the one
    that a key does not say, the next key says it.
    """

    async def perform(self, action: Action) -> None:
        """Do what ``action`` says."""
        name, _, argument = action.action_id.partition(":")
        if name in MOTIONS:
            self.move(name)
        elif name in EXTENDING:
            self.selecting = self.selecting.begun(self.view.caret, is_sticky=False)
            self.move(EXTENDING[name], extends=True)
        else:
            method = getattr(self, f"action_{name}")
            answer = method(argument) if argument else method()
            if isawaitable(answer):
                await answer
        self.show_status()
        self.show_versions()

    # --- decisions ---------------------------------------------------------------------------

    async def action_take(self, key: str) -> None:
        """Take what one annotator says."""
        rank = adjudication.ANNOTATOR_KEYS.index(key)
        if rank >= len(self.state.annotators):
            self.say(f"There is no annotator {key} in this adjudication.")
            return
        name = self.state.annotators[rank]
        await self._rule(lambda group, label: adjudication.of_annotator(group, name, label))

    async def action_union(self) -> None:
        """Take all that one of them marked."""
        await self._rule(adjudication.union)

    async def action_intersection(self) -> None:
        """Take what all who have a mark have in common."""
        await self._rule(adjudication.intersection)

    async def action_annotate(self, label: str) -> None:
        """Give the conflict another label; with something selected, mark that anew."""
        conflict = self.conflict
        if conflict is None:
            return
        if self.view.selection is not None or self.kept:
            runs = self._runs_meant()
            if runs is not None:
                await self._decide(adjudication.anew(label, runs))
            return
        ruler, self.waiting_for_label = self.waiting_for_label, None
        if ruler is not None:
            await self._rule(ruler, label)
            return
        try:
            ruling = adjudication.relabelled(conflict.question.group, label)
        except AnnotationError:
            self.waiting_label = label
            self.show_status()
            return
        await self._decide(ruling)

    async def action_neither(self) -> None:
        """Decide that there is no mark."""
        await self._decide(adjudication.NEITHER)

    async def action_keep_earlier(self) -> None:
        """Keep what was decided before."""
        conflict = self.conflict
        if conflict is None:
            return
        if not conflict.question.earlier:
            self.say("Nothing was decided on this before; 1 2 take what an annotator says.")
            return
        await self._decide(adjudication.kept(conflict.question.earlier))

    async def _rule(self, ruler: Ruler, label: str = "") -> None:
        """Decide as ``ruler`` says; where a label lacks, the next key says it."""
        conflict = self.conflict
        if conflict is None:
            return
        label = label or self.waiting_label
        group = conflict.question.group
        labels = {member.annotation.label for member in group.members}
        try:
            ruling = ruler(group, label)
        except AnnotationError as error:
            if label or len(labels) < 2 or not self._would_do(ruler, group, min(labels)):
                self.say(str(error), "alert")
                return
            self.waiting_for_label = ruler
            self.show_status()
            return
        await self._decide(ruling)

    def _would_do(self, ruler: Ruler, group: Group, label: str) -> bool:
        try:
            ruler(group, label)
        except AnnotationError:
            return False
        return True

    async def _decide(self, ruling: Ruling) -> None:
        """Have the decision stored, then go on to the next conflict."""
        conflict, wanted = self.conflict, self.wanted
        if conflict is None:
            return
        first = conflict.question.group.members[0].annotation

        def decided(outcome: Outcome) -> None:
            self.decided += 1
            marks, self.conflict = conflict.question.marks, None
            self.conflicts = [one for one in self.conflicts if one.question.marks != marks]
            self.call_later(self.go_on)  # the write may have gone on behind other keys
            self.say(f"{_words(outcome).capitalize()}. u takes it back.")

        await self.record(
            lambda workspace: curation.decide(workspace, wanted, conflict, ruling),
            f"the decision on {summary_of(first)}",
            at_once=decided,
        )
        await self.go_on()

    async def _tell(self, error: AnnotuiError, change: str) -> None:
        await super()._tell(error, change)
        if isinstance(error, StaleError):
            await self.look_again()
            self.conflict = None
            await self.go_on()

    async def action_take_back(self) -> None:
        """Take the last decision back, and go to its conflict."""
        undone: list[Outcome] = []

        async def show() -> None:
            if not undone:
                return
            outcome = undone.pop()
            self.decided = max(0, self.decided - 1)
            before = {one.question.marks for one in self.conflicts}
            await self.look_again(outcome.change.document_id)
            again = (one for one in self.conflicts if one.question.marks not in before)
            await self.go_to(next(again, self.conflicts[0] if self.conflicts else None))
            self.say(f"Taken back: {_words(outcome)}")

        def taken_back(outcome: Outcome) -> None:
            undone.append(outcome)
            self.call_later(show)

        await self.record(curation.take_back, "undo", at_once=taken_back)
        await show()

    # --- looking about -----------------------------------------------------------------------

    async def action_look_ahead(self) -> None:
        """Look at the next conflict; records nothing."""
        await self._step(1)

    async def action_look_back(self) -> None:
        """Look at the conflict before."""
        await self._step(-1)

    async def _step(self, step: int) -> None:  # type: ignore[override]
        at = self.at + step
        if 0 <= at < len(self.conflicts):
            await self.go_to(self.conflicts[at])
        else:
            self.say("This is the last open conflict." if step > 0 else "This is the first one.")

    def action_cancel(self) -> None:
        """Leave what is going on: a write that waits, half a decision, a selection."""
        if self.is_saving:
            self.scribe.give_up()
        elif self.waiting_label or self.waiting_for_label is not None:
            self.waiting_label, self.waiting_for_label = "", None
            self.say("Not decided yet.")
        elif self.selecting.anchor is not None:
            self.select(Selecting(), self.view.caret)
        elif self.kept:
            self.keep(())
        elif not self.unlight():
            self.centre_conflict()

    def action_guideline(self) -> None:
        """Show what each label means."""
        from annotui.tui.pages import guideline_page
        from annotui.tui.screens.dialogs import PageScreen

        page = guideline_page(self.scheme, self.inks)
        self.app.push_screen(PageScreen("What the labels mean", page))

    def action_quit(self) -> None:
        """Leave; all decisions are stored already."""
        if self.is_saving:
            self.say("A change is still being saved; esc gives it up, ctrl+q leaves without it.")
        else:
            self.leave()


def _words(outcome: Outcome) -> str:
    """What a decision was, without the kind of the change and the name of the set before it."""
    change = outcome.change
    return change.summary.split(": ", 2 if change.kind is ChangeKind.UNDO else 1)[-1]
