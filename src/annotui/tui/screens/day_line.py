"""The day's work and what is left, where the status line has nothing else to say."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from annotui.domain.annotation import Annotation
from annotui.domain.progress import Day, DocumentStatus, Reading
from annotui.errors import AnnotuiError
from annotui.services import queue
from annotui.tui.screens.document_actions import Opened
from annotui.tui.screens.exchange_actions import ExchangeActions
from annotui.tui.widgets.bar import Part

DAY_RESTS_S = 0.5
"""How long after a change the day is counted anew, so that no key waits for it."""

STATUS_WORDS = {
    DocumentStatus.NEW: "",
    DocumentStatus.IN_WORK: "in work · ",
    DocumentStatus.DONE: "done · ",
    DocumentStatus.ASIDE: "set aside · ",
}


class DayLine(ExchangeActions):
    """Counts the day's work, and says in the headline how far the open article is."""

    day: Day | None = None
    reading = Reading()
    said_status = DocumentStatus.NEW
    """The status that was set: new, done or aside."""

    _status_words = ""
    _counts: asyncio.TimerHandle | None = None

    async def show_document(self, opened: Opened) -> None:
        """Show a document that was read, and count the day."""
        await super().show_document(opened)
        self.count_day(0.0)

    def take_in(self, annotations: Iterable[Annotation]) -> None:
        """Put newer versions in the place of older ones, and count the day anew."""
        changed = list(annotations)
        super().take_in(changed)
        if changed:
            self.count_day()

    def count_day(self, rests_s: float = DAY_RESTS_S) -> None:
        """Count the day's work anew in a while."""
        if self._counts is not None:
            self._counts.cancel()
        if self.session is not None:
            loop = asyncio.get_running_loop()
            self._counts = loop.call_later(rests_s, self._count_day)

    def _count_day(self) -> None:
        if self.is_attached and self.is_running:
            self.run_worker(self._fetch_day(), group="day", exclusive=True)

    async def _fetch_day(self) -> None:
        try:
            day = await self.scribe.run(queue.day, patience_s=0)
        except AnnotuiError:
            return  # another program has the file; the next change counts again
        if day != self.day and self.is_attached:
            self.day = day
            self.show_status()

    def on_unmount(self) -> None:
        """Count no more."""
        if self._counts is not None:
            self._counts.cancel()
        super().on_unmount()

    @property
    def progress_status(self) -> DocumentStatus:
        """How far the annotator is with the open article."""
        has_begun = bool(len(self.marks.own) or len(self.reading))
        if self.said_status is DocumentStatus.NEW and has_begun:
            return DocumentStatus.IN_WORK
        return self.said_status

    def show_headline(self) -> None:
        """Say how far the article is, too."""
        words = STATUS_WORDS[self.progress_status]
        self.position = f"{self.position.removesuffix(self._status_words)}{words}"
        self._status_words = words
        super().show_headline()

    def _status_left(self, here: list[Annotation]) -> tuple[Part, ...]:
        return super()._status_left(here) or self._day_words()

    def _day_words(self) -> tuple[Part, ...]:
        day = self.day
        if day is None or (day.total < 2 and not day.marks):
            return ()
        marks = f"{day.marks:,} mark{'' if day.marks == 1 else 's'}"
        words = f" today {marks}, {day.done_today:,} done"
        if day.total > 1:
            words += f" · {day.left:,} of {day.total:,} left"
        return ((words, "dim"),)
