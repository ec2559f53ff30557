"""A review that is driven by keys, and marks for it to review."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from reader_desk import Desk, build, eventually, mark, rows

from annotui.domain.annotation import Annotation
from annotui.domain.review_queue import Choice
from annotui.services.config import Config
from annotui.tui.app import ReviewApp
from annotui.tui.screens.review import ReviewScreen

DECISIONS = """SELECT a.quote, r.decision, r.reason, coalesce(r.label, ''), r.start, r.end, r.note
    FROM review AS r JOIN annotation AS a ON a.id = r.annotation_id
    WHERE r.removed = 0 ORDER BY r.id"""

SENTENCES = [
    f"Sentence {number} says that river {number} rose by {number} metres, and nobody was asked."
    for number in range(1, 11)
]
TEN = "Ten rivers\n\n" + "\n\n".join(SENTENCES) + "\n"


def ten_marks(path: Path) -> list[Annotation]:
    """A database with an article in which ann has marked ten claims, one of them cut short."""
    build(path, (TEN,))
    quotes = [f"river {number} rose by {number} metres" for number in range(1, 11)]
    quotes[9] = "Sentence 10 says that river 10 rose by 10 metres"
    return [mark(path, quote) for quote in quotes]


class ReviewDesk(Desk):
    """A review under test."""

    @property
    def screen(self) -> Any:
        return next(one for one in self.app.screen_stack if isinstance(one, ReviewScreen))

    @property
    def under_review(self) -> str:
        """The quote of the mark that is shown."""
        card = self.screen.card
        return "" if card is None else card.annotation.quote

    @property
    def card(self) -> str:
        """What the card beside the article says."""
        return str(self.screen.card_view.text)

    @property
    def headline(self) -> str:
        return self.screen.headline.text

    @property
    def decided(self) -> list[tuple[Any, ...]]:
        """Quote, decision, reason, label, start, end and note of every decision in force."""
        return rows(self.path, DECISIONS)


@asynccontextmanager
async def reviewing(
    path: Path,
    reviewer: str = "rev",
    choice: Choice | None = None,
    *,
    size: tuple[int, int] = (120, 40),
    config: Config | None = None,
) -> AsyncIterator[ReviewDesk]:
    """Run a review on a file; wait until its first mark is there."""
    app = ReviewApp(path, reviewer, choice, config)
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            desk = ReviewDesk(app, pilot)
            await eventually(
                lambda: len(app.screen_stack) > 1 and desk.screen.session is not None, "the mark"
            )
            await desk.idle()
            await eventually(lambda: desk.screen.total is not None, "the count")
            yield desk
    finally:
        app.scribe.drain()
