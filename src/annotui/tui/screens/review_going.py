"""From one mark of a review to the next: looked up ahead, shown, counted."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import replace
from time import monotonic

from annotui.domain.annotation import Annotation
from annotui.domain.review_trail import Trail
from annotui.errors import AnnotuiError
from annotui.services.review_session import Card
from annotui.tui.screens.review_frame import ReviewFrame
from annotui.tui.screens.review_opening import Article

READY = 6
"""Marks ahead that are looked up already."""

AHEAD_S = 0.03
"""They are looked up this long after a mark was shown, so that its painting comes first."""

RECOUNT_S = 5.0
"""Marks are not counted anew more often than this while others write."""


class ReviewGoing(ReviewFrame):
    """Goes on to the mark that is due; a subclass says what the keys decide."""

    _counted_at = 0.0

    async def on_mount(self) -> None:
        """Show the first mark before anything is painted; it was asked for long ago."""
        try:
            opened = await self.scribe.answer(self._first)
        except AnnotuiError as error:
            self.failed(error)
            return
        self.review = opened.review
        self.trail = Trail(opened.review.kept.put_off)
        for card in (*opened.earlier, *opened.cards):
            self.cards[card.annotation.annotation_id] = card
        self.trail.add(one.annotation.annotation_id for one in opened.cards)
        self.trail.begin(one.annotation.annotation_id for one in opened.earlier)
        self._keep(opened.article)
        await self.go_on()
        self.run_worker(self._count_marks(), group="count")
        await self.press_early_keys()
        self.call_after_refresh(self.warm_up)

    def take_in(self, annotations: Iterable[Annotation]) -> None:
        """Put newer versions in the place of older ones and repaint just their rows."""
        newest = self.newest_here(annotations)
        if self.session is None or not newest:
            return
        self.marks, spans = self.marks.replaced(newest.values(), self.session.annotator)
        card = self.card
        changed = newest.get(card.annotation.annotation_id) if card is not None else None
        if card is None or changed is None or changed.version == card.annotation.version:
            self._show_marks(spans)
            if card is not None and changed is not None and card.lacks_decision_of(changed):
                self.call_later(self._tell_decision, changed)
            return
        self.leave_modes()
        self.card = self.shown = None
        self._show_marks(spans)
        self.cards[changed.annotation_id] = replace(card, annotation=changed)
        self.call_later(self.go_on)

    async def go_on(self) -> None:
        """Show the mark that is due, where none is shown; the summary where none is left."""
        while self.card is None and self.review is not None:
            one = self.trail.here
            if not one:
                await self.fetch(at_end=True)
                one = self.trail.here
            if not one:
                await self.finish()
                return
            try:
                article = await self._article_of(self.cards[one])
            except AnnotuiError as error:
                self.say(str(error), "error")
                return
            marks = self.marks if article.session is self.session else article.marks
            mark = marks.everybodys.get(one)
            if mark is None or self._is_settled(mark):
                self.trail.drop(one)
            elif self.card is None:
                self._show(replace(self.cards[one], annotation=mark), article)

    def _is_settled(self, mark: Annotation) -> bool:
        """Whether somebody else has decided meanwhile on a mark that was due as unreviewed."""
        review = self.review
        return (
            review is not None
            and review.choice.statuses == ("unreviewed",)
            and mark.reviewer not in ("", review.reviewer)
            and not self.trail.is_decided(mark.annotation_id)
        )

    async def _tell_decision(self, mark: Annotation) -> None:
        """Say that somebody else has just decided on the mark that is shown, and what."""
        review = self.review
        if review is None or self.is_blind:
            return
        try:
            found = await self.scribe.run(lambda _: review.cards([mark.annotation_id]))
        except AnnotuiError:
            return  # the next look at the file says what is wrong with it
        if self.card is None or self.card.annotation.annotation_id != mark.annotation_id:
            return
        for card in found:
            self.card = self.cards[mark.annotation_id] = card
        self.show_side()
        self.say(f"{mark.reviewer} has just decided on it; decide too, or ] goes on.", "alert")

    def show_what_is_ready(self) -> None:
        """Show the mark that is due at once where it was looked up; else once there is time."""
        card = self.cards.get(self.trail.here)
        article = self._articles.get(card.annotation.document_id) if card is not None else None
        if card is not None and article is not None:
            marks = self.marks if article.session is self.session else article.marks
            mark = marks.everybodys.get(card.annotation.annotation_id)
            if mark is not None and not self._is_settled(mark):
                self._show(replace(card, annotation=mark), article)
                return
        self.call_later(self.go_on)

    async def finish(self) -> None:
        """Say that nothing is left."""

    def _show(self, card: Card, article: Article) -> None:
        """Show a mark in the middle of its article."""
        if article.session is not self.session:
            self._load(article)
        mark = card.annotation
        self.card, self.shown, self.note = card, mark, ""
        self.view.own_names = frozenset({mark.annotator})
        self._show_marks()
        self.view.move_caret(
            mark.start,
            centre=not self.view.is_in_the_middle(mark.span),
            selection=None,
            focused_id=mark.annotation_id,
        )
        self.show_headline()
        self.show_status()
        self.show_side()
        asyncio.get_running_loop().call_later(AHEAD_S, self._look_ahead)

    def _look_ahead(self) -> None:
        """Have what comes next looked up, where it is not."""
        ahead = self.trail.ahead
        if not self.is_attached:
            return
        if not self._is_exhausted and len(ahead) < READY:
            self.run_worker(self.fetch(), group="ahead")
        elif ahead and self.cards[ahead[0]].annotation.document_id not in self._articles:
            self.run_worker(self._read_ahead(), group="ahead")

    async def fetch(self, *, at_end: bool = False) -> None:
        """Look up the marks ahead, and read the article of the next one."""
        review = self.review
        if review is None:
            return
        async with self._fetching:
            known: Collection[str] = () if at_end else {self.trail.here, *self.trail.ahead}
            if at_end and self.trail.here:
                return
            try:
                cards = await self.scribe.run(lambda _: review.fetch(known))
            except AnnotuiError as error:
                self.say(str(error), "error")
                return
            self._is_exhausted = not cards
            for card in cards:
                self.cards[card.annotation.annotation_id] = card
            self.trail.add(one.annotation.annotation_id for one in cards)
        await self._read_ahead()

    async def _read_ahead(self) -> None:
        """Have the article of the next mark ready."""
        for one in self.trail.ahead[:1]:
            try:
                await self._article_of(self.cards[one])
            except AnnotuiError:
                return  # it is said when the mark is due

    async def _count_marks(self) -> None:
        """Count the marks of the session, a few documents at a time."""
        review = self.review
        if review is None:
            return
        steps = review.counts()
        total = 0
        try:
            while (so_far := await self.scribe.run(lambda _: next(steps, None))) is not None:
                total = so_far
        except AnnotuiError as error:
            self.say(str(error), "error")
            return
        self.total, self._counted_at = total, monotonic()
        self.show_headline()

    async def look_for_news(self) -> None:
        """Show what other programs wrote, and count anew where they did."""
        before = self.marks
        await super().look_for_news()
        if self.marks is not before:
            self._is_exhausted = False
            if monotonic() - self._counted_at > RECOUNT_S:
                await self._count_marks()
