"""What a review session begins with."""

from __future__ import annotations

from dataclasses import dataclass

from annotui.domain.review_queue import Choice
from annotui.errors import ConfigError
from annotui.services import library, review_session
from annotui.services.review_session import Card, ReviewedDocument, ReviewSession
from annotui.services.session import Session
from annotui.services.workspace import Workspace
from annotui.tui.screens.frame import Marks

LOOKED_BACK = 20
"""Marks of an earlier sitting that one can look back at."""


@dataclass(slots=True)
class Article:
    """A document with its marks, read for the review."""

    session: Session
    marks: Marks


@dataclass(frozen=True, slots=True)
class OpenedReview:
    """A session with the marks that come first, those decided last, and the first article."""

    review: ReviewSession
    cards: tuple[Card, ...]
    earlier: tuple[Card, ...]
    article: Article


def read_article(workspace: Workspace, document_id: str) -> Article:
    """Read a document and its marks.

    Raises:
        AnnotuiError: when it cannot be read.
    """
    session = ReviewedDocument(workspace, library.document(workspace, document_id))
    return Article(session, Marks.of(session.annotations(), session.annotator))


def open_review(workspace: Workspace, choice: Choice | None) -> OpenedReview:
    """Begin the session that was chosen, else go on with the one begun, else with all marks.

    Raises:
        ConfigError: when there is nothing to review.
        AnnotuiError: when it cannot be read.
    """
    session = review_session.resume(workspace) if choice is None else None
    cards = session.fetch(()) if session is not None else []
    if session is None or not cards:
        session = review_session.begin(workspace, choice or Choice())
        cards = session.fetch(())
    if not cards:
        raise ConfigError(
            f"{workspace.path} has no mark to review: none that was chosen is left. Nothing was "
            "done; `annotui review --help` shows what can be chosen."
        )
    earlier = session.cards(list(session.done)[:LOOKED_BACK][::-1])
    article = read_article(workspace, cards[0].annotation.document_id)
    return OpenedReview(session, tuple(cards), tuple(earlier), article)
