"""Which documents a list shows: filters, an order, and full-text search."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from annotui.domain.text_query import TextQuery, folded
from annotui.errors import BusyError, ConfigError, StoreError
from annotui.services import blind, collections, queue
from annotui.services.workspace import Workspace
from annotui.storage import full_text, progress, search, shelf
from annotui.storage.search import Hit, Listed
from annotui.storage.shelf import Choice

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

SORTS = ("added", "title", "source", "words", "marks", "relevance")
DOCUMENTS_AT_ONCE = 1_000
"""Documents whose hits are looked up together: each look goes through all that is found."""

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is to show; what is empty lets all through."""

    labels: Sequence[str] = ()
    annotators: Sequence[str] = ()
    statuses: Sequence[str] = ()
    collection: str = ""
    source: str = ""
    since: str = ""
    search: str = ""
    sort: str = ""
    limit: int | None = None

    @property
    def chooses_marks(self) -> bool:
        """Whether only documents with certain marks are shown."""
        return bool(self.labels or self.annotators or self.statuses)


@dataclass(frozen=True, slots=True)
class Entry:
    """A document of the list, its marks that were asked for by label.

    ``statuses`` says of each annotator who has begun on it how far she has come.
    """

    document: Listed
    annotations: dict[str, int]
    statuses: dict[str, str] = field(default_factory=dict)


def entries(workspace: Workspace, wanted: Wanted) -> list[Entry]:
    """The documents that ``wanted`` lets through, in its order.

    Raises:
        ConfigError: when the search asks for nothing, or the date is none.
        DocumentError: when there is no such collection.
        LabelError: when nothing is found with a label that there is not.
    """
    query = _query(wanted.search)
    if wanted.since and not _is_date(wanted.since):
        raise ConfigError(
            f"{wanted.since!r} is not a date; write 2024, 2024-05 or 2024-05-31. Nothing was done."
        )
    complete(workspace)
    members = set(collections.members(workspace, wanted.collection)) if wanted.collection else None
    with workspace.reading() as db:
        listed = search.catalogue(db)
        seen = blind.seen(workspace, db)
        counts = search.marks_by_label(
            *(db, wanted.annotators, wanted.statuses),
            own_names=sorted(seen.own_names) if seen else (),
            all_in=sorted(seen.done) if seen else (),
        )
        ranks = _ranks(workspace, db, query) if query is not None else None
        statuses = progress.statuses_by_document(db)
    shown = [
        Entry(one, counts.get(one.document_id, {}), statuses.get(one.document_id, {}))
        for one in listed
        if (ranks is None or one.number in ranks)
        and (members is None or one.document_id in members)
    ]
    shown = _sorted([one for one in shown if _is_wanted(one, wanted)], wanted, ranks or {})
    if not shown:
        for name in wanted.labels:
            workspace.scheme().get(name, even_retired=True)
    return shown[: wanted.limit]


def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text)) and bool(date.fromisoformat((text + "-01-01")[:10]))
    except ValueError:
        return False


def hits(
    workspace: Workspace, wanted: Wanted, shown: Sequence[Entry]
) -> Iterator[tuple[Entry, list[Hit]]]:
    """Where in each of these documents it was found, some documents at a time."""
    query = _query(wanted.search)
    if query is None:
        return
    for first in range(0, len(shown), DOCUMENTS_AT_ONCE):
        some = shown[first : first + DOCUMENTS_AT_ONCE]
        with workspace.reading() as db:
            seen = blind.seen(workspace, db)
            found = search.hits_in(
                *(db, query, {one.document.number: one.document.document_id for one in some}),
                own_names=sorted(seen.own_names) if seen else (),
                all_in=sorted(seen.done) if seen else (),
            )
        yield from ((one, found.get(one.document.number, [])) for one in some)


def _ranks(workspace: Workspace, db: Handle, query: TextQuery) -> dict[int, int]:
    """The numbers of the documents in which it is found, the best first, with their ranks."""
    names = tuple(queue.own_names(workspace, db))
    choice = Choice(query=query, names=names, is_blind=workspace.is_blind, sort="relevance")
    return {number: rank for rank, number in enumerate(shelf.numbers(db, choice))}


def complete(workspace: Workspace) -> None:
    """Bring the index into step where another program wrote; a file that is busy is left."""
    with workspace.reading() as db:
        is_due = full_text.is_due(db)
    if is_due:
        try:
            with workspace.writing():
                pass  # the one door to a write brings the index into step
        except (BusyError, StoreError):
            return  # a read-only file is searched as it is


def rebuild(workspace: Workspace) -> None:
    """Make index and catalogue anew from documents and notes.

    Raises:
        StoreError: when that could not be stored.
    """
    with workspace.writing() as db:
        full_text.rebuild(db)


def _query(typed: str) -> TextQuery | None:
    if not typed:
        return None
    query = TextQuery.parse(typed)
    if not query.wanted:
        raise ConfigError(
            f"The search {typed!r} asks for no word. Nothing was done; write words, a "
            '"phrase", the beginning of a word as begin*, and -word for one that must lack.'
        )
    return query


def _is_wanted(one: Entry, wanted: Wanted) -> bool:
    marked = [name for name in wanted.labels if one.annotations.get(name)]
    if wanted.chooses_marks and not (marked if wanted.labels else one.annotations):
        return False
    if wanted.source and folded(wanted.source) not in folded(one.document.source):
        return False
    return one.document.added_at >= wanted.since


def _sorted(shown: list[Entry], wanted: Wanted, ranks: dict[int, int]) -> list[Entry]:
    sort = wanted.sort or ("relevance" if wanted.search else "added")
    if sort == "title":
        shown.sort(key=lambda one: folded(one.document.title))
    elif sort == "source":
        shown.sort(key=lambda one: folded(one.document.source))
    elif sort == "words":
        shown.sort(key=lambda one: -one.document.words)
    elif sort == "marks":
        shown.sort(key=lambda one: -sum(one.annotations.values()))
    elif sort == "relevance":
        shown.sort(key=lambda one: ranks.get(one.document.number, 0))
    return shown
