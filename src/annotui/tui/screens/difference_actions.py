"""Several annotators on the open article: whose marks are seen, and where they differ."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future

from annotui.domain.matching import Group, matched
from annotui.errors import AnnotuiError
from annotui.services import comparison, curation
from annotui.services.session import Session, summary_of
from annotui.tui.screens.adjudication_opening import begin, read_for_conflict
from annotui.tui.screens.queue_actions import QueueActions

BLIND_SIGN = "blind · "
"""Before the place in the headline where others' marks are hidden."""


BLIND = "Blind: others' marks are hidden until this article is done; D says that it is."


class DifferenceActions(QueueActions):
    """Lists the differences between annotators and goes to one; in blind mode shows neither."""

    async def status_changed(self) -> None:
        """Show or hide others' marks where blind mode does so."""
        if self.config.is_blind:
            try:
                await self.fetch_marks()
            except AnnotuiError as error:
                self.say(str(error), "error")

    def show_headline(self) -> None:
        """Say in the headline whether others' marks are hidden, if there are any or not."""
        self.position = self.position.removeprefix(BLIND_SIGN)
        if self.session is not None and self.session.hides_others:
            self.position = BLIND_SIGN + self.position
        super().show_headline()

    def action_others(self) -> None:
        """Show own marks, those of each other annotator, or all; not where blind mode hides."""
        if self.session is not None and self.session.hides_others:
            self.say(BLIND, "alert")
        else:
            super().action_others()

    async def action_differences(self) -> None:
        """List where the annotators of this article differ, and go to the one that is chosen."""
        if self.session is not None and self.session.hides_others:
            self.say(BLIND, "alert")
            return
        try:
            agreed = await self.scribe.run(comparison.agreed_sets)
        except AnnotuiError as error:
            self.say(str(error), "error")
            return
        everybodys = [one for one in self.marks.everybodys if one.annotator not in agreed]
        names = sorted({one.annotator for one in everybodys})
        if len(names) < 2:
            who = f"Only {names[0]} has" if names else "Nobody has"
            self.say(f"{who} marks in this article; there is nothing to compare.")
            return
        groups = await asyncio.to_thread(matched, everybodys, names, self.text)
        differing = [group for group in groups if group.differences]
        if not differing:
            self.say(f"{', '.join(names)} mark the same here ({len(groups):,}).")
            return

        def chosen(rank: int | None) -> None:
            if rank is not None:
                self._show_difference(differing[rank])

        from annotui.tui.screens.dialogs import ChoiceScreen

        behind = sum(group.start <= self.view.caret for group in differing)
        heading = f"{len(differing):,} of {len(groups):,} differ: {', '.join(names)}"
        screen = ChoiceScreen(
            heading,
            [(", ".join(group.differences), _told(group)) for group in differing],
            hint="enter goes there · esc goes back",
            filters=True,
            at=behind if behind < len(differing) else 0,
        )
        self.app.push_screen(screen, chosen)

    async def action_adjudicate(self) -> None:
        """Bring all annotators' marks to one agreed set, and come back."""
        if self.session is None or self.refuses_while_saving():
            return
        if self._asks_whose(self.action_adjudicate):
            return
        wanted = curation.Wanted()
        here = self.session.document.document_id
        try:
            begun = await self.scribe.write(lambda workspace: begin(workspace, wanted))
            first = begun.state.conflicts[0].document_id if begun.state.conflicts else here
            session = await self.scribe.run(lambda one: read_for_conflict(one, first))
        except AnnotuiError as error:
            self.say(str(error), "alert", whole=True)
            return
        if not begun.state.conflicts:
            decided = f"{begun.state.decided:,} decided, {begun.state.agreed:,} agreed"
            self.say(f"{begun.taken_in} Nothing is left to decide: {decided}.".strip())
            await self.fetch_marks()
            return
        from annotui.tui.screens.adjudication import AdjudicationScreen

        article: Future[Session] = Future()
        article.set_result(session)
        screen = AdjudicationScreen(self.scribe, begun, article)
        screen.config, screen.is_on_reader = self.config, True

        async def left(_: None) -> None:
            try:
                await self.fetch_marks()
            except AnnotuiError as error:
                self.say(str(error), "error")

        self.app.push_screen(screen, left)

    def _show_difference(self, group: Group) -> None:
        """Show everybody's marks, focus the first of the group and say how they differ."""
        if self.shown_other or not self.shows_others:
            self.show_marks_of("", all_of_them=True)
        self.focus_mark(group.members[0].annotation)
        self.say(f"{', '.join(group.differences).capitalize()}: {_told(group)}")


def _told(group: Group) -> str:
    """What each annotator says, the first one's words, and who says nothing."""
    first = group.members[0].annotation
    labels = {member.annotation.label for member in group.members}
    words = [summary_of(first)]
    if len(labels) > 1:
        said = (f"{one.annotation.annotator}: {one.annotation.label}" for one in group.members)
        words.append(", ".join(said))
    if group.missing:
        words.append(f"not by {', '.join(group.missing)}")
    return " · ".join(words)
