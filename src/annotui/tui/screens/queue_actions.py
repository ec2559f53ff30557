"""The queue and reading coverage: done, set aside, next, and “read, nothing here”."""

from __future__ import annotations

from collections.abc import Iterator

from annotui.domain.progress import DocumentStatus, QueueOrder
from annotui.domain.segment import Unit
from annotui.domain.span import Span
from annotui.errors import AnnotuiError
from annotui.services import coverage, queue
from annotui.services.session import Outcome
from annotui.tui.screens.day_line import DayLine
from annotui.tui.screens.document_actions import Opened


class QueueActions(DayLine):
    """Says how far the annotator has come; only its keys write."""

    queue_order = QueueOrder.ADDED

    async def show_document(self, opened: Opened) -> None:
        """Show a document that was read, with what was read of it."""
        await super().show_document(opened)
        await self.fetch_reading()

    async def fetch_reading(self) -> None:
        """Look up what was read of the open document, and show it in the gutter."""
        session = self.session
        if session is None:
            return
        here = session.document.document_id
        found = await self.scribe.run(lambda workspace: queue.progress_of(workspace, here))
        if session is self.session:
            self.reading, self.said_status = found.reading, found.stored
            self.view.show_reading(self.reading)
            self.show_headline()

    async def _reversed(self, outcome: Outcome) -> None:
        await super()._reversed(outcome)
        said = self.message
        await self.status_changed()
        await self.fetch_reading()
        self.count_day()
        self.message = said

    async def action_done(self) -> None:
        """Say that the article is done, or take that back."""
        await self._set_status(DocumentStatus.DONE)

    async def action_aside(self) -> None:
        """Set the article aside, or take that back."""
        await self._set_status(DocumentStatus.ASIDE)

    async def _set_status(self, wanted: DocumentStatus) -> None:
        session = self.session
        if session is None or self._asks_whose(lambda: self._set_status(wanted)):
            return
        here = session.document.document_id
        try:
            now = await self.scribe.run(lambda workspace: queue.status_of(workspace, here))
        except AnnotuiError as error:
            self.say(str(error), "error")
            return
        status = DocumentStatus.NEW if now is wanted else wanted

        async def told(_: Outcome) -> None:
            self.said_status = status
            self.count_day(0.0)
            await self.status_changed()
            self.show_headline()
            left = sum(1 for one in self._unseen(0))
            unseen = f" {left:,} sentence{'' if left == 1 else 's'} unseen (g u)." if left else ""
            words = {
                DocumentStatus.DONE: f"Done.{unseen} U opens the next, D takes it back.",
                DocumentStatus.ASIDE: "Set aside. U opens the next, W takes it back.",
            }
            self.say(words.get(status, "Neither done nor set aside any more."))

        await self.record(
            lambda workspace: queue.set_status(workspace, here, status), f"status {status}", told
        )

    async def status_changed(self) -> None:
        """Show what a new status of the open article lets be seen."""

    async def action_next_open(self) -> None:
        """Go to the next article that is neither done nor set aside."""
        if self.session is None or self.refuses_while_saving():
            return
        here, order = self.session.document.document_id, self.queue_order
        try:
            found = await self.scribe.run(
                lambda workspace: queue.next_document(workspace, order, here)
            )
            if found is not None:
                await self.open_document(found)
                return
        except AnnotuiError as error:
            self.say(str(error), "error")
            return
        self.say("No other article is left: all are done or set aside.")

    def action_queue_order(self) -> None:
        """Choose the next order in which U goes on."""
        orders = list(QueueOrder)
        self.queue_order = orders[(orders.index(self.queue_order) + 1) % len(orders)]
        words = {
            QueueOrder.ADDED: "as added",
            QueueOrder.NEWEST: "the newest first",
            QueueOrder.SHORTEST: "the shortest first",
            QueueOrder.TITLE: "by title",
        }
        self.say(f"U goes on {words[self.queue_order]}.")

    async def action_nothing_here(self) -> None:
        """Say of the sentence at the caret that it was read, or take that back."""
        session = self.session
        sentence = self.segmenter.at(Unit.SENTENCE, self.view.caret)
        if session is None or self._asks_whose(self.action_nothing_here):
            return
        if sentence is None:
            self.say("There is no sentence here.", "alert")
            return
        document = session.document
        known = self.reading.overlapping(sentence.start, sentence.end)
        if known and self.reading.holds(sentence):
            await self.record(
                lambda workspace: coverage.take_back(workspace, document, known),
                "taking back E",
                self._not_read,
            )
        else:
            await self.record(
                lambda workspace: coverage.mark_read(workspace, document, [sentence]),
                "E on a sentence",
                self._read,
            )

    async def _read(self, _: Outcome) -> None:
        await self.fetch_reading()
        self.say("Read, nothing here. E takes that back, g u goes to the next that is left.")

    async def _not_read(self, _: Outcome) -> None:
        await self.fetch_reading()
        self.say("Not read any more.")

    def action_next_unseen(self) -> None:
        """Go to the next sentence with neither a mark of one's own nor an E."""
        found = next(self._unseen(self.view.caret + 1), None) or next(self._unseen(0), None)
        if found is None:
            self.say("Every sentence has a mark or was read. D says that the article is done.")
        else:
            self.view.move_caret(found.start, selection=None, focused_id="")

    def _unseen(self, start: int) -> Iterator[Span]:
        """The sentences from ``start`` on that have neither."""
        if start < len(self.text):
            for bounds in self.segmenter.starting_in(Unit.SENTENCE, Span(start, len(self.text))):
                span = Span(*bounds)
                if not self.marks.own.overlapping(*bounds) and not self.reading.holds(span):
                    yield span
