"""A review session: one mark after another, until none is left."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from annotui.domain.annotation import Annotation
from annotui.domain.identifier import first_uuid7, utc_now
from annotui.domain.review import PastDecision
from annotui.domain.review_queue import Choice, drawn
from annotui.domain.review_summary import ReviewSummary, summary
from annotui.errors import ConfigError
from annotui.services import review_place
from annotui.services.review_pages import Pages, pages_of
from annotui.services.review_place import Kept
from annotui.services.session import Session
from annotui.services.workspace import Workspace, checked_text, unknown_annotator
from annotui.storage import annotations as stored_annotations
from annotui.storage import documents, people, review_queue, reviews
from annotui.storage.review_queue import Scope

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?Z?)?)?)?)?")

PAGE = 24
"""Marks that are looked up at once."""

COUNTED_ROWS = 400
"""Documents whose marks are counted in one look at the file, so that no key waits for it."""


@dataclass(frozen=True, slots=True)
class Card:
    """A mark to decide on, and the newest decision on any version of it."""

    annotation: Annotation
    past: PastDecision | None = None

    @property
    def is_stale(self) -> bool:
        """Whether the mark was edited since it was decided on."""
        past = self.past
        return past is not None and past.annotation_version < self.annotation.version

    def lacks_decision_of(self, now: Annotation) -> bool:
        """Whether the mark as it is ``now`` has another decision than the card knows."""
        past = None if self.is_stale else self.past
        known = (str(past.verdict.decision), past.reviewer) if past is not None else None
        return now.review_status != "unreviewed" and (now.review_status, now.reviewer) != known


class ReviewedDocument(Session):
    """A document whose marks are reviewed, so that all are shown whether one is blind or not."""

    def _hides_others(self, db: Handle) -> bool:
        return False


class ReviewSession:
    """Finds the marks of one reviewer's session, a page at a time, and keeps the place."""

    def __init__(self, workspace: Workspace, kept: Kept) -> None:
        self.workspace, self.kept = workspace, kept
        with workspace.reading() as db:
            self.reviewer = people.canonical(db, workspace.annotator)
            self._scope = _scope(workspace, db, kept)
            self.done = self._decided(db)
            self._pages: Pages = pages_of(
                db, self._scope, kept.drawn, after=next(iter(self.done), "")
            )
        self._is_whole_pass = not self.done
        self._found_any = False

    @property
    def choice(self) -> Choice:
        """What was chosen."""
        return self.kept.choice

    def _decided(self, db: Handle) -> dict[str, None]:
        """The marks that the session has decided on, the newest decision first."""
        began = datetime.fromisoformat(self.kept.started_at)
        names = self._scope.reviewer_names
        found = review_queue.decided_since(db, names, first_uuid7(began), -1)
        inside = review_queue.of_these(db, self._scope.decided(), found)
        return {one: None for one in found if one in inside}

    def fetch(self, known: Collection[str], limit: int = PAGE) -> list[Card]:
        """The next marks that are neither decided nor ``known``; none at the end of the queue.

        It goes on from the mark that was decided last, then once more from the start, for marks
        that were made, or edited after a decision, meanwhile; what was put off comes last.
        """
        put_off = self.kept.put_off
        with self.workspace.reading() as db:
            while True:
                page = self._pages.following(db, limit)
                fresh = [one for one in page if one not in known and one not in put_off]
                if fresh:
                    self._found_any = True
                    return self.cards(fresh, db)
                if not page:
                    was_last = self._is_whole_pass and not self._found_any
                    self._pages.rewind()
                    self._is_whole_pass, self._found_any = True, False
                    if was_last:
                        break
            waiting = [one for one in put_off if one not in known]
            left = review_queue.of_these(db, self._scope.left(), waiting)
            return self.cards([one for one in waiting if one in left], db)

    def cards(self, ids: Sequence[str], db: Handle | None = None) -> list[Card]:
        """The marks with these ids as they are now, in this order; those removed are left out."""
        if db is None:
            with self.workspace.reading() as db:
                return self.cards(ids, db)
        marks = {one.annotation_id: one for one in stored_annotations.with_ids(db, ids)}
        past = reviews.newest_of(db, ids)
        return [Card(marks[one], past.get(one)) for one in ids if one in marks]

    def put_off(self, ids: Sequence[str]) -> None:
        """Keep what was put off to the end of the queue."""
        self.kept = replace(self.kept, put_off=tuple(ids))
        review_place.save(self.workspace.path, self.reviewer, self.kept)

    def counts(self) -> Iterator[int]:
        """How many marks the session has, decided ones included: so far, and at the end of all.

        Each step is a short look at the file.
        """
        total = 0
        if self.kept.drawn:
            with self.workspace.reading() as db:
                drawn_ones = review_queue.of_these(db, self._scope.all_of_it(), self.kept.drawn)
            yield len(drawn_ones)
            return
        with self.workspace.reading() as db:
            last = review_queue.last_document_row(db)
        for first in range(0, last + 1, COUNTED_ROWS):
            with self.workspace.reading() as db:
                rows = range(first, first + COUNTED_ROWS)
                total += review_queue.count(db, self._scope.all_of_it(), rows)
            yield total

    def total(self) -> int:
        """How many marks the session has, decided ones included."""
        return max(self.counts(), default=0)

    def summary(self) -> ReviewSummary:
        """The decisions of the session in figures."""
        total = self.total()
        with self.workspace.reading() as db:
            decided = self._decided(db)
            names = self._scope.reviewer_names
            mine = reviews.by_reviewer(db, names, self.kept.started_at, list(decided))
            marks = stored_annotations.with_ids(db, list(decided))
        pairs = [(one, mine[one.annotation_id]) for one in marks if one.annotation_id in mine]
        left = max(0, total - len(decided))
        return summary(self.reviewer, self.kept.started_at, left, pairs)


def begin(workspace: Workspace, choice: Choice, *, keep: bool = True) -> ReviewSession:
    """Begin a session; with ``keep``, its place is kept for tomorrow in that of the one before.

    Raises:
        LabelError: when the scheme does not have a label.
        ConfigError: when the file does not have an annotator, or it is no date.
    """
    with workspace.reading() as db:
        reviewer = people.canonical(db, workspace.annotator)
        _check(workspace, db, choice)
        kept = Kept(choice, utc_now())
        if choice.sample is not None:
            ids = review_queue.all_ids(db, _scope(workspace, db, kept).left())
            kept = replace(kept, drawn=tuple(drawn(ids, choice.sample, choice.seed)))
    if keep:
        review_place.save(workspace.path, reviewer, kept)
    return ReviewSession(workspace, kept)


def resume(workspace: Workspace) -> ReviewSession | None:
    """The session that the annotator has begun; None where there is none."""
    kept = review_place.load(workspace.path, workspace.own_name())
    return None if kept is None else ReviewSession(workspace, kept)


def titles(workspace: Workspace) -> dict[str, str]:
    """The title of every document."""
    with workspace.reading() as db:
        return {one: title for one, title, _ in documents.names(db)}


def decisions(
    workspace: Workspace, choice: Choice, reviewers: Sequence[str] = ()
) -> list[tuple[Annotation, PastDecision]]:
    """Every decision in force on the marks that were chosen, by anybody or by ``reviewers``.

    Each comes with the mark as it is now.

    The statuses of ``choice`` are those that were decided, its date is that of the decision.

    Raises:
        LabelError: when the scheme does not have a label.
        ConfigError: when the file does not have an annotator.
    """
    with workspace.reading() as db:
        _check(workspace, db, choice)
        _check(workspace, db, Choice(annotators=tuple(reviewers)))
        names = {people.canonical(db, name) for name in reviewers}
        found = reviews.all_in_force(db, _scope(workspace, db, Kept(choice, "")).every_decision())
        marks = stored_annotations.with_ids(db, list({one.annotation_id for one in found}))
    by_id = {one.annotation_id: one for one in marks}
    return [(by_id[one.annotation_id], one) for one in found if not names or one.reviewer in names]


def choosable(workspace: Workspace) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The labels and the annotators with marks that a session can be narrowed to."""
    with workspace.reading() as db:
        names = tuple(name for name, marks in people.with_marks(db) if marks)
        return tuple(one.name for one in workspace.scheme_in(db).shown), names


def _check(workspace: Workspace, db: Handle, choice: Choice) -> None:
    """Refuse labels and annotators that the file does not have, and what is no date."""
    if choice.since and not _DATE.fullmatch(choice.since):
        raise ConfigError(
            f"{choice.since!r} is not a date; write 2024, 2024-05, 2024-05-31 or "
            "2024-05-31T18:00. Nothing was done."
        )
    for label in choice.labels:
        workspace.scheme_in(db).get(label, even_retired=True)
    for name in choice.annotators:
        if not people.is_known(db, checked_text(name, "The annotator's name")):
            raise ConfigError(f"{unknown_annotator(workspace, db, name)} Nothing was done.")


def _scope(workspace: Workspace, db: Handle, kept: Kept) -> Scope:
    names = people.names_of(db, people.canonical(db, workspace.annotator))
    chosen = [
        one
        for name in kept.choice.annotators
        for one in people.names_of(db, people.canonical(db, name))
    ]
    return Scope(kept.choice, names, tuple(dict.fromkeys(chosen)), kept.started_at)
