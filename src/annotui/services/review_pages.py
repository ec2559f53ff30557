"""The marks of a review session in its order, a page at a time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

from annotui.domain.review_queue import ReviewOrder, shuffled
from annotui.storage import review_queue
from annotui.storage.review_queue import Scope, TextPlace

if TYPE_CHECKING:
    from annotui.storage.handle import Handle


class Pages(ABC):
    """Gives the ids of marks that are left, from a place on; each page is looked up anew."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    @abstractmethod
    def following(self, db: Handle, limit: int) -> list[str]:
        """The next ids; none at the end."""

    @abstractmethod
    def rewind(self) -> None:
        """Begin at the start again."""


def pages_of(db: Handle, scope: Scope, drawn: Sequence[str], *, after: str = "") -> Pages:
    """The pages of a session behind the mark ``after``, where one is given.

    ``drawn`` are the ids of its sample.
    """
    order = scope.choice.order
    if scope.choice.needs_all_ids:
        ids = list(drawn)
        if scope.choice.sample is None:
            ids = review_queue.all_ids(db, scope.all_of_it())
        return _Listed(scope, _sorted(db, ids, scope), after)
    if order is ReviewOrder.NEWEST:
        return _Newest(scope, after)
    labels: list[str] | None = None
    if order is ReviewOrder.LABEL:
        chosen = scope.choice.labels
        labels = [one for one in review_queue.labels_in_order(db) if not chosen or one in chosen]
    return _AsText(scope, labels, review_queue.place_of(db, after) if after else None)


def _sorted(db: Handle, ids: list[str], scope: Scope) -> list[str]:
    """All ids in the order that was chosen."""
    order = scope.choice.order
    if order is ReviewOrder.RANDOM:
        return shuffled(ids, scope.choice.seed)
    if order is ReviewOrder.NEWEST:
        return sorted(ids, reverse=True)
    in_text = review_queue.sorted_as_text(db, ids)
    if order is ReviewOrder.TEXT:
        return in_text
    rank = {name: at for at, name in enumerate(review_queue.labels_in_order(db))}
    labels = review_queue.labels_of(db, in_text)
    return sorted(in_text, key=lambda one: rank.get(labels[one], len(rank)))


class _Listed(Pages):
    """All ids are known in their order."""

    def __init__(self, scope: Scope, ids: list[str], after: str) -> None:
        super().__init__(scope)
        self._ids = ids
        self._at = ids.index(after) + 1 if after in ids else 0

    def following(self, db: Handle, limit: int) -> list[str]:
        while self._at < len(self._ids):
            page = self._ids[self._at : self._at + limit]
            self._at += limit
            left = review_queue.of_these(db, self.scope.left(), page)
            if left:
                return [one for one in page if one in left]
        return []

    def rewind(self) -> None:
        self._at = 0


class _Newest(Pages):
    """The newest first, by id."""

    def __init__(self, scope: Scope, after: str) -> None:
        super().__init__(scope)
        self._after = after

    def following(self, db: Handle, limit: int) -> list[str]:
        page = review_queue.newest_first(db, self.scope.left(), self._after, limit)
        self._after = page[-1] if page else self._after
        return page

    def rewind(self) -> None:
        self._after = ""


class _AsText(Pages):
    """In the order of the text; where there are ``labels``, one of them after the other."""

    def __init__(
        self, scope: Scope, labels: list[str] | None, after: tuple[TextPlace, str] | None
    ) -> None:
        super().__init__(scope)
        self._labels, self._rank = labels, 0
        self._after: TextPlace | None = None
        if after is not None:
            place, label = after
            if labels is None:
                self._after = place
            elif label in labels:
                self._after, self._rank = place, labels.index(label)

    def following(self, db: Handle, limit: int) -> list[str]:
        tests = self.scope.left()
        if self._labels is None:
            return self._took(db, review_queue.in_text_order(db, tests, self._after, limit))
        while self._rank < len(self._labels):
            of_label = tests.and_also("a.label = ?", self._labels[self._rank])
            page = review_queue.in_text_order(db, of_label, self._after, limit)
            if page:
                return self._took(db, page)
            self._rank, self._after = self._rank + 1, None
        return []

    def _took(self, db: Handle, page: list[str]) -> list[str]:
        found = review_queue.place_of(db, page[-1]) if page else None
        self._after = found[0] if found is not None else self._after
        return page

    def rewind(self) -> None:
        self._after, self._rank = None, 0
