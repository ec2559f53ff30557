"""Documents with their annotations, one after the other, for exports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from annotui.domain.document import Document
from annotui.storage.documents import selected

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """What to export; an empty filter lets all through."""

    document_ids: Sequence[str] = ()
    labels: Sequence[str] = ()
    annotators: Sequence[str] = ()
    statuses: Sequence[str] = ()

    @property
    def choose_marks(self) -> bool:
        """Whether some marks of a document may be left out."""
        return bool(self.labels or self.annotators or self.statuses)


def with_rows(db: Handle, filters: Filters) -> Iterator[tuple[Document, list[Row]]]:
    """Each document with its rows of the view ``annotations``, in the view's order.

    One document is in memory at a time. A document without marks comes too, unless marks are
    chosen.
    """
    where, values = _where(filters)
    sql = f'SELECT * FROM annotations WHERE document_id = ?{where} ORDER BY start, "end", id'
    for document in selected(db, filters.document_ids):
        rows = db.conn.execute(sql, (document.document_id, *values)).fetchall()
        if rows or not filters.choose_marks:
            yield document, rows


def _where(filters: Filters) -> tuple[str, list[str]]:
    wanted = {
        "label": filters.labels,
        "annotator": filters.annotators,
        "status": filters.statuses,
    }
    tests, values = "", list[str]()
    for column, allowed in wanted.items():
        if allowed:
            tests += f" AND {column} IN ({', '.join('?' * len(allowed))})"
            values.extend(allowed)
    return tests, values
