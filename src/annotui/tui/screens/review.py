"""A review session: what its keys decide."""

from __future__ import annotations

from collections.abc import Sequence
from inspect import isawaitable

from annotui.domain.annotation import Annotation
from annotui.domain.review import OTHER, Decision, PastDecision, Verdict
from annotui.domain.span import Span, normalise
from annotui.errors import AnnotuiError
from annotui.services import review as decisions
from annotui.services.review_session import Card
from annotui.services.session import Outcome, summary_of
from annotui.services.workspace import Workspace
from annotui.tui.actions import Action
from annotui.tui.modes.edge import EdgeMode
from annotui.tui.modes.reasons import ReasonMode
from annotui.tui.motions import EXTENDING, MOTIONS, VERTICAL
from annotui.tui.pages import borderline_page
from annotui.tui.screens.frame import NARROWEST_WITH_PANE
from annotui.tui.screens.review_going import ReviewGoing
from annotui.tui.selecting import Selecting
from annotui.tui.widgets.review_card import in_words

ACCEPTS_MOVED_EDGE = "accept"
"""The action whose letter keeps an edge that is on the move, and accepts with it."""


class ReviewScreen(ReviewGoing):
    """Decides on one mark after another, with one key each."""

    is_on_reader = False
    """Whether the reader waits below."""

    _is_ended = False
    """Whether the summary was shown, and nobody went on from there."""

    async def press(self, key: str) -> None:
        """Do what ``key`` means now; y keeps an edge that is on the move, and accepts with it."""
        mode = self.mode
        if isinstance(mode, EdgeMode) and key != "enter" and not self.pending:
            action = self._review_keys.find("", key) if self._review_keys is not None else None
            if action is not None and action.action_id == ACCEPTS_MOVED_EDGE:
                await mode.press("enter")
        await super().press(key)

    async def perform(self, action: Action) -> None:
        """Do what ``action`` says."""
        name, _, argument = action.action_id.partition(":")
        if name in MOTIONS and self.mode is None:
            target = MOTIONS[name](self.view, self.segmenter, self.text)
            self.view.move_caret(target, keep_column=name in VERTICAL)
        elif name in MOTIONS:
            self.move(name)
        elif name in EXTENDING:
            self.selecting = self.selecting.begun(self.view.caret, is_sticky=False)
            self.move(EXTENDING[name], extends=True)
        else:
            # While an edge is on the move the reader's chords are there, some for it alone.
            method = getattr(self, f"action_{name}", None)
            if method is None:
                self.say(f"{action.shown_keys} does nothing in a review; ? shows the keys.")
                return
            answer = method(argument) if argument else method()
            if isawaitable(answer):
                await answer
        self.show_status()

    # --- decisions ---------------------------------------------------------------------------

    async def action_accept(self) -> None:
        """Accept the mark as it is shown."""
        card, shown = self.card, self.shown
        if card is not None and shown is not None:
            label = shown.label if shown.label != card.annotation.label else ""
            runs = shown.runs if shown.runs != card.annotation.runs else ()
            await self._decide(Verdict(Decision.ACCEPTED, note=self.note, label=label, runs=runs))

    async def action_annotate(self, label: str) -> None:
        """Accept the mark as this label."""
        shown = self.shown
        if shown is not None:
            verdict = Verdict(Decision.ACCEPTED, note=self.note, label=label, runs=shown.runs)
            await self._decide(verdict)

    def action_reject(self) -> None:
        """Reject the mark once one more key has said why."""
        if self.card is not None and not self.refuses_while_saving():
            self.enter_mode(ReasonMode(self, self.config.reasons))

    async def reject(self, reason: str) -> None:
        """Reject the mark for this reason."""
        await self._decide(Verdict(Decision.REJECTED, reason, self.note))

    async def decide_unsure(self) -> None:
        """Say that one is not sure of the mark."""
        await self._decide(Verdict(Decision.UNSURE, note=self.note))

    def ask_reason(self) -> None:
        """Ask for a reason in words."""
        card = self.card
        if card is None:
            return

        async def written(reason: str | None) -> None:
            words = " ".join((reason or "").split())
            if self.card is card and words:
                await self.reject(f"{OTHER}: {words}")
            else:
                self.say("Not decided yet.")

        from annotui.tui.screens.dialogs import NoteScreen

        self.app.push_screen(NoteScreen("Reject, since it is …", ""), written)

    def show_reasons(self, lines: Sequence[tuple[str, str]]) -> None:
        """Show keys and reasons beside the mark; none take them away."""
        self.reasons = tuple(lines)
        self.show_side()

    async def _decide(self, verdict: Verdict) -> None:
        """Have the decision stored, then go on to the next mark."""
        card = self.card
        if card is None:
            return
        mark = card.annotation
        await self.record(
            lambda workspace: decisions.decide(workspace, mark, verdict),
            f"the decision on {summary_of(mark)}",
            at_once=lambda outcome: self._decided(outcome, verdict),
        )
        await self.go_on()

    def _decided(self, outcome: Outcome, verdict: Verdict) -> None:
        """Note what was stored."""
        mark, review = outcome.after[0], self.review
        if review is None:
            return
        one, change = mark.annotation_id, outcome.change
        past = PastDecision(one, mark.version, verdict, review.reviewer, change.changed_at)
        self.cards[one] = Card(mark, past)
        review.done.pop(one, None)
        review.done[one] = None
        self.trail.decide(one)
        if self.card is not None and self.card.annotation.annotation_id == one:
            self._put_away()
        self.show_headline()
        self.say(f"{in_words(verdict)}. u takes it back.")

    def _put_away(self) -> None:
        """Have the next mark shown, at once where it is ready."""
        self.leave_modes()
        self.card = self.shown = None
        self.show_what_is_ready()

    async def action_take_back(self) -> None:
        """Take the last decision back, and go to its mark."""

        review = self.review
        if review is None:
            return
        fresh: list[Card] = []

        def take_back(workspace: Workspace) -> Outcome:
            outcome = decisions.take_back(workspace)
            fresh.extend(review.cards([one.annotation_id for one in outcome.after]))
            return outcome

        def taken(outcome: Outcome) -> None:
            for card in fresh:
                one, past = card.annotation.annotation_id, card.past
                # Where it was decided on twice, the decision before is in force again.
                stands = past is not None and past.reviewer == review.reviewer and not card.is_stale
                self.cards[one] = card
                if not stands:
                    review.done.pop(one, None)
                self.trail.take_back(one, still_decided=stands)
            self._put_away()
            self.show_headline()
            self.say(f"Taken back: {outcome.change.summary.partition(': ')[2]}")

        await self.record(take_back, "undo", at_once=taken)
        await self.go_on()

    async def action_put_off(self) -> None:
        """Put the mark off to the end of the queue."""
        review = self.review
        if self.card is None or review is None or self.refuses_while_saving():
            return
        self.trail.put_here_off()
        waiting = self.trail.put_off
        self._put_away()
        await self.scribe.run(lambda _: review.put_off(waiting))
        await self.go_on()

    def action_decision_note(self) -> None:
        """Write the note that goes with the decision."""
        card = self.card
        if card is None:
            return

        def written(note: str | None) -> None:
            if note is not None and self.card is card:
                self.note = note.rstrip()
                self.show_side()
                self.say("The note goes with the decision." if self.note else "No note.")

        heading = f"Note on the decision on {summary_of(card.annotation)}"
        from annotui.tui.screens.dialogs import NoteScreen

        self.app.push_screen(NoteScreen(heading, self.note), written)

    # --- looking about -----------------------------------------------------------------------

    async def action_look_ahead(self) -> None:
        """Look at the next mark of the queue."""
        if not self.trail.step(1):
            await self.fetch()
            if not self.trail.step(1):
                self.say("No mark after this one, but what was put off.")
                return
        await self._look()

    async def action_look_back(self) -> None:
        """Look at the mark before."""
        if self.trail.step(-1):
            await self._look()
        else:
            self.say("No mark before this one in this session.")

    async def _look(self) -> None:
        self.leave_modes()
        self.card = self.shown = None
        await self.go_on()

    # --- edges -------------------------------------------------------------------------------

    def own_mark(self, verb: str) -> Annotation | None:
        """The mark under review as it is shown, whosever it is."""
        return self.shown

    async def move_runs(self, mark: Annotation, runs: Sequence[Span]) -> None:
        """Show the mark on other runs, with which it would be accepted; nothing is stored."""
        session, card = self.session, self.card
        wanted = [self._inside(run) for run in runs]
        moved = normalise(run for run in wanted if run is not None)
        if session is None or card is None or not moved:
            self.say("Only white space would be left of the mark; it is as it was.", "alert")
            return
        before = mark
        self.shown = mark.on(session.document, moved)
        if moved == card.annotation.runs:
            self.shown = card.annotation
        self._show_marks((before.span, self.shown.span))
        self.selecting = Selecting()
        caret = moved[0].start if moved[-1].end == before.end else moved[-1].end
        self.view.move_caret(caret, selection=None, focused_id=mark.annotation_id)
        self.show_side()
        self.say("y accepts it so; esc shows it as it was marked.")

    def action_cancel(self) -> None:
        """Leave what is going on: a write that waits, or another span."""
        card = self.card
        if self.is_saving:
            self.scribe.give_up()
        elif card is not None and self.shown != card.annotation:
            before, self.shown = self.shown, card.annotation
            spans = (card.annotation.span, *((before.span,) if before is not None else ()))
            self._show_marks(spans)
            self.view.move_caret(card.annotation.start, focused_id=card.annotation.annotation_id)
            self.show_side()
            self.say("The mark as it was marked.")
        elif self.unlight():
            pass
        elif card is not None:
            self.view.move_caret(card.annotation.start, centre=True)

    # --- side pane, help, end ----------------------------------------------------------------

    def action_side_pane(self) -> None:
        """Show the fields beside the article or below it."""
        if self.size.width < NARROWEST_WITH_PANE:
            self.say(f"The side pane needs {NARROWEST_WITH_PANE} columns.")
            return
        self.side_pane = not self.side_shows
        self.place_side_pane(self.size.width)
        self.show_side()

    async def action_guideline(self) -> None:
        """Show what the label means, and the last marks that were no plain yes."""
        shown = self.shown
        if shown is None:
            return
        label = shown.label
        try:
            found = await self.scribe.run(lambda workspace: decisions.borderline(workspace, label))
        except AnnotuiError as error:
            self.say(str(error), "error")
            return
        from annotui.tui.screens.dialogs import PageScreen

        page = borderline_page(self.scheme, self.inks, label, found, blind=self.is_blind)
        self.app.push_screen(PageScreen(f"What {label} means", page))

    async def finish(self) -> None:
        """Show what came out of the session."""
        review = self.review
        if review is None or self._is_ended or self.app.screen is not self:
            return
        self._is_ended = True
        try:
            summary = await self.scribe.run(lambda _: review.summary())
        except AnnotuiError as error:
            self.failed(error)
            return

        async def answered(wish: str | None) -> None:
            self._is_ended = False
            if wish == "undo":
                await self.action_take_back()
            elif wish == "back" and self.trail.step(-1):
                await self._look()
            else:
                self._is_ended = True
                self.leave()

        from annotui.tui.screens.review_end import EndScreen

        self.app.push_screen(EndScreen(summary, self.scribe.path), answered)

    def action_quit(self) -> None:
        """Leave; all decisions are stored already, and the place is kept."""
        if self.is_saving:
            self.say("A change is still being saved; esc gives it up, ctrl+q leaves without it.")
        else:
            self.leave()

    def leave(self) -> None:
        """Go back to the reader where it waits below, else leave the program."""
        if self.is_on_reader:
            self.dismiss(None)
        else:
            self.app.exit()
