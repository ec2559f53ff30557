"""Which documents a list shows: filters, an order, and full-text search."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from annotui.domain.text_query import TextQuery, folded
from annotui.errors import BusyError, ConfigError, StoreError
from annotui.services import blind, collections
from annotui.services.blind import Seen
from annotui.services.workspace import Workspace
from annotui.storage import annotations as stored_annotations
from annotui.storage import full_text, progress, search
from annotui.storage.search import Hit, Listed

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

SORTS = ("added", "title", "source", "words", "marks", "relevance")
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

    @property
    def chooses_marks(self) -> bool:
        """Whether only documents with certain marks are shown."""
        return bool(self.labels or self.annotators or self.statuses)


@dataclass(frozen=True, slots=True)
class Entry:
    """A document of the list, its marks that were asked for by label, and what was found in it.

    ``statuses`` says of each annotator who has begun on it how far she has come.
    """

    document: Listed
    annotations: dict[str, int]
    statuses: dict[str, str] = field(default_factory=dict)
    hits: tuple[Hit, ...] = field(default=())


def entries(workspace: Workspace, wanted: Wanted) -> list[Entry]:
    """The documents that ``wanted`` lets through, in its order.

    Raises:
        ConfigError: when the search asks for nothing, or the date is none.
        DocumentError: when there is no such collection.
    """
    query = _query(wanted.search)
    if wanted.since and not _DATE.fullmatch(wanted.since):
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
        found = search.hits(db, query) if query is not None else []
        statuses = progress.statuses_by_document(db)
        found = [hit for hit in found if seen is None or _is_seen(db, hit, seen)]
    hits: dict[str, list[Hit]] = {}
    for hit in found:
        hits.setdefault(hit.document_id, []).append(hit)
    shown = [
        Entry(
            one,
            counts.get(one.document_id, {}),
            statuses.get(one.document_id, {}),
            tuple(hits.get(one.document_id, ())),
        )
        for one in listed
        if (query is None or one.document_id in hits)
        and (members is None or one.document_id in members)
    ]
    return _sorted([one for one in shown if _is_wanted(one, wanted)], wanted, list(hits))


def _is_seen(db: Handle, hit: Hit, seen: Seen) -> bool:
    """Whether a blind annotator may see what was found."""
    mark = stored_annotations.get(db, hit.annotation_id) if hit.annotation_id else None
    return mark is None or seen.shows(mark)


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
    return (
        folded(wanted.source) in folded(one.document.source)
        and one.document.added_at >= wanted.since
    )


def _sorted(shown: list[Entry], wanted: Wanted, best_first: list[str]) -> list[Entry]:
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
        rank = {document_id: at for at, document_id in enumerate(best_first)}
        shown.sort(key=lambda one: rank.get(one.document.document_id, len(rank)))
    return shown
