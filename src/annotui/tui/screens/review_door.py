"""From the reader to a review session and back."""

from __future__ import annotations

from concurrent.futures import Future

from annotui.domain.review_queue import Choice
from annotui.errors import AnnotuiError
from annotui.services import review_session
from annotui.services.workspace import Workspace
from annotui.tui.screens.mark_actions import MarkActions
from annotui.tui.screens.review_choice import Offer, ReviewChoiceScreen
from annotui.tui.screens.review_opening import OpenedReview, open_review

OPEN = ("unreviewed", "unsure")
"""Statuses of a mark that needs a decision."""


class ReviewDoor(MarkActions):
    """Asks what to review, opens the review, and shows its decisions afterwards."""

    def action_next_undecided(self) -> None:
        """Focus the next mark on which nobody has decided, or about which somebody is unsure."""
        if self.says_there_are_none():
            return
        focused = self.focused_mark
        place = focused.sort_key if focused is not None else (self.view.caret, 0, "")
        first = self.index.rank(place) + (focused is not None)
        count = len(self.index)
        for rank in range(first, first + count):
            mark = self.index[rank % count]
            if mark.review_status in OPEN and mark is not focused:
                self.focus_mark(mark)
                return
        self.say("No other mark here needs a decision.")

    async def action_review(self) -> None:
        """Choose what to review, and begin; or go on where it was left."""
        session = self.session
        if session is None or self.refuses_while_saving():
            return
        document_id = session.document.document_id
        try:
            offer = await self.scribe.run(lambda workspace: _offer(workspace, document_id))
        except AnnotuiError as error:
            self.say(str(error), "error")
            return

        async def chosen(choice: Choice | None) -> None:
            if choice is not None:
                await self._open_review(None if choice is offer.before else choice)

        self.app.push_screen(ReviewChoiceScreen(offer), chosen)

    async def _open_review(self, choice: Choice | None) -> None:
        """Open the review of what was chosen; None goes on with the session that was begun."""
        from annotui.tui.screens.review import ReviewScreen

        try:
            opened = await self.scribe.run(lambda workspace: open_review(workspace, choice))
        except AnnotuiError as error:
            self.say(str(error), "alert", whole=True)
            return
        first: Future[OpenedReview] = Future()
        first.set_result(opened)
        screen = ReviewScreen(self.scribe, first)
        screen.config, screen.side_pane, screen.is_on_reader = self.config, self.side_pane, True

        async def left(_: None) -> None:
            try:
                await self.fetch_marks()
            except AnnotuiError as error:
                self.say(str(error), "error")

        self.app.push_screen(screen, left)


def _offer(workspace: Workspace, document_id: str) -> Offer:
    """What there is to choose from, and how far the session that was begun has come."""
    labels, names = review_session.choosable(workspace)
    begun = review_session.resume(workspace)
    if begun is None:
        return Offer(document_id, labels, names)
    going_on = f"enter goes on: {len(begun.done):,} decided so far"
    return Offer(document_id, labels, names, begun.choice, going_on)
