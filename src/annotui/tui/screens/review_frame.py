"""The frame of a review session: the mark in its article, its fields, what is done and left."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Collection, Iterable
from concurrent.futures import Future
from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Horizontal

from annotui.domain.annotation import Annotation
from annotui.domain.annotation_index import AnnotationIndex
from annotui.domain.review_trail import Trail
from annotui.domain.segment import Segmenter, Unit
from annotui.domain.span import Span
from annotui.errors import AnnotuiError
from annotui.services.review_session import Card, ReviewSession
from annotui.tui import legend
from annotui.tui.key_table import PREFIX, KeyTable, reader_keys, review_keys
from annotui.tui.modes.edge import EdgeMode
from annotui.tui.screens.finding import Finding
from annotui.tui.screens.pressing import Pressing
from annotui.tui.screens.review_opening import Article, OpenedReview, read_article
from annotui.tui.scribe import Scribe
from annotui.tui.selecting import Selecting
from annotui.tui.widgets.article_view import ArticleView
from annotui.tui.widgets.bar import Bar, Part, shortened
from annotui.tui.widgets.review_card import CardFields, ReviewCard
from annotui.tui.widgets.too_small import TooSmall

READY = 6
"""Marks ahead that are looked up already."""

AHEAD_S = 0.03
"""They are looked up this long after a mark was shown, so that its painting comes first."""

ARTICLES_KEPT = 4
HINTS_NEEDED = 4


class ReviewFrame(Finding, Pressing):
    """Shows one mark after another; a subclass says what the keys decide."""

    def __init__(self, scribe: Scribe, first: Future[OpenedReview]) -> None:
        self._review_keys: KeyTable | None = None
        super().__init__(scribe)
        self._first = first
        self.review: ReviewSession | None = None
        self.trail = Trail()
        self.cards: dict[str, Card] = {}
        self.card: Card | None = None
        self.shown: Annotation | None = None
        self.note = ""
        self.reasons: tuple[tuple[str, str], ...] = ()
        self.total: int | None = None
        self._articles: dict[str, Article] = {}
        self._index = AnnotationIndex()
        self._fetching = asyncio.Lock()
        self._is_exhausted = False

    def compose(self) -> ComposeResult:
        """Headline, article and the fields of the mark, status, keys."""
        self._fit(self.app.size)
        self.headline, self.status, self.legend = (
            Bar(id=name) for name in ("headline", "status", "legend")
        )
        self.view, self.card_view = ArticleView(id="article"), ReviewCard(id="card")
        self.view.measure = self.config.measure or self.view.measure
        yield self.headline
        with Horizontal(id="body"):
            yield self.view
            yield self.card_view
        yield self.status
        yield self.legend
        yield TooSmall(id="too-small", markup=False)

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
        self.call_after_refresh(self._warm_up)

    def _warm_up(self) -> None:
        """Do before the first key what it would wait for."""
        self.segmenter.at(Unit.CLAUSE, self.view.caret)
        gc.freeze()
        gc.enable()

    # --- keys of the moment ------------------------------------------------------------------

    @property
    def keys(self) -> KeyTable:
        """The reader's keys while an edge is on the move, else those of the review."""
        mode = self.mode
        while mode is not None and not isinstance(mode, EdgeMode):
            mode = mode.below
        if mode is not None or self._review_keys is None:
            return self._reader_keys
        return self._review_keys

    @keys.setter
    def keys(self, table: KeyTable) -> None:
        self._reader_keys = table

    def _use_scheme(self) -> None:
        self._reader_keys = reader_keys(self.scheme, self.config.keys)
        self._review_keys = review_keys(self.scheme, self.config.keys)

    def _take_scheme(self) -> None:
        before = self.scheme
        super()._take_scheme()
        if self.scheme is not before:
            self._review_keys = review_keys(self.scheme, self.config.keys)

    # --- marks -------------------------------------------------------------------------------

    @property
    def is_blind(self) -> bool:
        """Whether it is hidden who made a mark and what others decided."""
        return self.review is not None and self.review.choice.blind

    @property
    def index(self) -> AnnotationIndex:
        """The annotations on the screen, the one under review as it would be accepted."""
        return self._index

    def _show_marks(self, spans: Iterable[Span] | None = None) -> None:
        """Draw the marks of the article; they differ on ``spans`` only where given."""
        everybodys, card, shown = self.marks.everybodys, self.card, self.shown
        index = everybodys
        if card is not None and self.is_blind:
            who = card.annotation.annotator
            if any(one.annotator != who for one in everybodys):
                index = AnnotationIndex(one for one in everybodys if one.annotator == who)
        if card is not None and shown is not None and shown != card.annotation:
            index = index.replaced(index.get(shown.annotation_id), shown)
        if index is not self._index:
            self._index = index
            self.view.show_annotations(index, spans)

    def take_in(self, annotations: Iterable[Annotation]) -> None:
        """Put newer versions in the place of older ones and repaint just their rows."""
        if self.session is None:
            return
        here = self.session.document.document_id
        newest = {one.annotation_id: one for one in annotations if one.document_id == here}
        if not newest:
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

    def show_all(self) -> None:
        """Show everything anew, as in another theme."""
        if self.session is None:
            return
        self.view.set_scheme(self.scheme)
        self.view.show_annotations(self._index)
        self.show_headline()
        self.show_status()
        self.show_side()

    def _keep(self, article: Article) -> None:
        """Keep an article ready, and no more than a few."""
        self._articles.pop(article.session.document.document_id, None)
        self._articles[article.session.document.document_id] = article
        while len(self._articles) > ARTICLES_KEPT:
            del self._articles[next(iter(self._articles))]

    async def _article_of(self, card: Card) -> Article:
        document_id = card.annotation.document_id
        found = self._articles.get(document_id)
        if found is None:
            found = await self.scribe.run(lambda workspace: read_article(workspace, document_id))
            self._keep(found)
        return found

    def _load(self, article: Article) -> None:
        """Show another article."""
        if self.session is not None:
            self._keep(Article(self.session, self.marks))
        session = article.session
        self.session, self.scheme, self.marks = session, session.scheme, article.marks
        self._use_scheme()
        self.segmenter = Segmenter(session.document.text)
        self.leave_modes()
        self.selecting, self.kept = Selecting(), ()
        self.view.load(session.document, 0)
        self.view.set_scheme(self.scheme)
        self._index = AnnotationIndex()

    # --- going on ----------------------------------------------------------------------------

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
            if mark is not None:
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
        self.total = total
        self.show_headline()

    async def look_for_news(self) -> None:
        """Show what other programs wrote, and count anew where they did."""
        before = self.marks
        await super().look_for_news()
        if self.marks is not before:
            self._is_exhausted = False
            await self._count_marks()

    # --- what it says ------------------------------------------------------------------------

    def show_headline(self) -> None:
        """Say which article this is, how much is done and how much is left."""
        if self.session is None or self.review is None:
            return
        done = len(self.review.done)
        left = "…" if self.total is None else f"{max(0, self.total - done):,}"
        blind = "blind · " if self.is_blind else ""
        self.headline.show(
            ((f" {self.session.document.title}", "strong"),),
            ((f"{blind}{done:,} done · ", "dim"), (f"{left} left ", "strong")),
        )

    def show_side(self) -> None:
        """Show the fields of the mark."""
        card, shown, review = self.card, self.shown, self.review
        if card is None or shown is None or review is None:
            return
        fields = CardFields(
            card.annotation,
            shown,
            review.reviewer,
            card.past,
            self.note,
            self.is_blind,
            self.reasons,
            tuple(self.inks.items()),
            tuple((one.name, one.glyph) for one in self.scheme.shown),
        )
        self.card_view.show(fields, is_narrow=not self.side_shows)

    def _status_left(self, here: list[Annotation]) -> tuple[Part, ...]:
        if self.message or self.is_saving or self.mode is not None:
            return super()._status_left(here)
        card = self.card
        if card is None:
            return ()
        who = "" if self.is_blind else f" by {shortened(card.annotation.annotator)}"
        more = len(here) - 1
        others = f" · {more} more here" if more > 0 else ""
        is_decided = self.trail.is_decided(card.annotation.annotation_id)
        state = " · decided, look only or decide anew" if is_decided else ""
        return ((f" {card.annotation.label}{who}{others}{state}", "dim"),)

    def _legend(self) -> tuple[Part, ...]:
        width = self.size.width
        if self.pending and self.mode is None:
            return legend.only_hints(self.keys.as_bound(legend.PENDING_IN_REVIEW, PREFIX), width)
        if self.is_saving or self.mode is not None:
            return super()._legend()
        hints = self.keys.as_bound(legend.REVIEW)
        return legend.legend(self.scheme, self.inks, hints, width, HINTS_NEEDED)

    def is_own(self, annotation: Annotation) -> bool:
        """Whether it is by the annotator whose mark is under review."""
        return self.card is not None and annotation.annotator == self.card.annotation.annotator
