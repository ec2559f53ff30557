"""The library as a screen shows it: an order of documents, and what a page of them says."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from annotui.domain.progress import DocumentStatus
from annotui.domain.text_query import TextQuery, folded
from annotui.services import blind, queue
from annotui.services.listing import complete
from annotui.services.workspace import Workspace
from annotui.storage import search, shelf
from annotui.storage.handle import while_wanted
from annotui.storage.search import Hit, Listed
from annotui.storage.shelf import BY_LABEL, Choice

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

__all__ = ["BY_LABEL", "SHOWN", "Entry", "First", "View"]

LEFT = "left"
SHOWN = {
    "": (),
    LEFT: (str(DocumentStatus.NEW), str(DocumentStatus.IN_WORK)),
    "done": (str(DocumentStatus.DONE),),
    "aside": (str(DocumentStatus.ASIDE),),
}
"""What can be shown by status, and the statuses that it lets through; empty for all."""

STARTS_AT_MOST = ("words", "marks", "date")
"""Columns that begin with the highest."""


@dataclass(frozen=True, slots=True)
class View:
    """What the library shows: ``words`` and ``search`` as typed, a collection, a status, an order.

    An empty ``sort`` is that of the search, else that of arrival.
    """

    words: str = ""
    search: str = ""
    collection: str = ""
    shown: str = ""
    sort: str = ""
    is_reversed: bool = False

    @property
    def order(self) -> str:
        """The column that the documents are sorted by."""
        return self.sort or ("relevance" if self.query is not None else "added")

    @property
    def query(self) -> TextQuery | None:
        """What is searched for; None where that is nothing."""
        query = TextQuery.parse(self.search, is_growing=True)
        return query if query.wanted else None

    @property
    def takes_all(self) -> bool:
        """Whether nothing is left out."""
        return not (self.words.strip() or self.query or self.collection or self.shown)

    def sorted_by(self, column: str) -> View:
        """The same by another column, or by this one the other way round."""
        if column == self.order:
            return replace(self, sort=column, is_reversed=not self.is_reversed)
        highest_first = column in STARTS_AT_MOST or column.startswith(BY_LABEL)
        return replace(self, sort=column, is_reversed=highest_first)


@dataclass(frozen=True, slots=True)
class Entry:
    """A document of the library: its marks by label, the annotator's status, what was found."""

    document: Listed
    annotations: dict[str, int]
    status: str
    hit: Hit | None = None


@dataclass(frozen=True, slots=True)
class First:
    """The first look: documents around one of them, before the whole order is known.

    ``start`` is the rank of the first of ``numbers``, ``here`` of the one that was asked for.
    ``entries`` are of the first of them, which are not all where ``count`` is more; ``total``
    counts all documents of the file.
    """

    start: int
    here: int
    numbers: array[int]
    entries: list[Entry]
    count: int
    total: int


def first(
    workspace: Workspace,
    view: View,
    rows: int,
    around: str = "",
    *,
    is_wanted: Callable[[], bool] = lambda: True,
) -> First:
    """The first ``rows`` of a view, or those around a document where the order is of arrival.

    What is searched for is ranked as a whole, so that all numbers are there at once.

    Raises:
        StoreError: also soon after ``is_wanted`` says no.
    """
    if not workspace.exists:
        return First(0, 0, array("q"), [], 0, 0)
    complete(workspace)
    with workspace.reading() as db, while_wanted(db, is_wanted):
        total = shelf.count(db)
        choice = _choice(workspace, db, view)
        start = here = 0
        if around and view.takes_all and view.order == "added" and not view.is_reversed:
            here = shelf.rank_of(db, around)
            start = max(0, here - rows // 2)
            found = shelf.numbers_from(db, start, rows)
        else:
            found = shelf.numbers(db, choice, -1 if view.order == "relevance" else rows)
        count = total if view.takes_all else len(found)
        if not view.takes_all and view.order != "relevance" and count == rows:
            count = shelf.count(db, choice)
        shown = _entries(workspace, db, view, found[:rows])
        return First(start, here, found, shown, count, total)


def order(
    workspace: Workspace, view: View, *, is_wanted: Callable[[], bool] = lambda: True
) -> array[int]:
    """The numbers of all documents that a view shows, in its order.

    Raises:
        StoreError: also soon after ``is_wanted`` says no.
    """
    with workspace.reading() as db, while_wanted(db, is_wanted):
        return shelf.numbers(db, _choice(workspace, db, view))


def entries(workspace: Workspace, view: View, numbers: Sequence[int]) -> list[Entry]:
    """What the library says of these documents; those that are gone are left out."""
    with workspace.reading() as db:
        return _entries(workspace, db, view, numbers)


def _choice(workspace: Workspace, db: Handle, view: View) -> Choice:
    names = tuple(queue.own_names(workspace, db))
    words = tuple(folded(view.words).split())
    return Choice(
        words,
        view.query,
        view.collection,
        SHOWN[view.shown],
        names,
        workspace.is_blind,
        view.order,
        view.is_reversed,
    )


def _entries(workspace: Workspace, db: Handle, view: View, numbers: Sequence[int]) -> list[Entry]:
    listed = shelf.listed(db, numbers)
    ids = [one.document_id for one in listed.values()]
    seen = blind.seen(workspace, db)
    own_names, all_in = (sorted(seen.own_names), sorted(seen.done)) if seen else ((), ())
    marks = search.marks_by_label(db, own_names=own_names, all_in=all_in, documents=ids)
    statuses = shelf.statuses_of(db, ids, queue.own_names(workspace, db))
    query = view.query
    hits = {}
    if query is not None:
        ids_by_number = {number: one.document_id for number, one in listed.items()}
        hits = search.hits_in(db, query, ids_by_number, own_names=own_names, all_in=all_in)
    return [
        Entry(
            one,
            marks.get(one.document_id, {}),
            statuses.get(one.document_id, str(DocumentStatus.NEW)),
            hits[number][0] if number in hits else None,
        )
        for number in numbers
        if (one := listed.get(number)) is not None
    ]
