"""The frame of a review session: the mark in its article, its fields, what is done and left."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from concurrent.futures import Future

from textual.app import ComposeResult

from annotui.domain.annotation import Annotation
from annotui.domain.annotation_index import AnnotationIndex
from annotui.domain.review_trail import Trail
from annotui.domain.segment import Segmenter
from annotui.domain.span import Span
from annotui.errors import ConfigError
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
from annotui.tui.widgets.body import Body
from annotui.tui.widgets.review_card import CardFields, ReviewCard
from annotui.tui.widgets.too_small import TooSmall

ARTICLES_KEPT = 4
HINTS_NEEDED = 4


class ReviewFrame(Finding, Pressing):
    """Shows a mark in its article; subclasses go from one to the next and decide."""

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
        with Body(id="body"):
            yield self.view
            yield self.card_view
        yield self.status
        yield self.legend
        yield TooSmall(id="too-small", markup=False)

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
        try:
            self._reader_keys = reader_keys(self.scheme, self.config.keys)
            self._review_keys = review_keys(self.scheme, self.config.keys)
        except ConfigError as error:
            self.say(f"The labels were changed. {error}", "error")

    def _take_scheme(self) -> None:
        before = self.scheme
        super()._take_scheme()
        if self.scheme is not before:
            self._use_scheme()

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

    def show_all(self) -> None:
        """Show everything anew, as in another theme."""
        if self.session is None:
            return
        self.view.set_scheme(self.scheme)
        self._show_marks()
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
