"""Documents with their annotations, one after the other, for exports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from annotui.domain.document import Document
from annotui.domain.span import Span, quote_of
from annotui.storage.annotations import decode_fragments
from annotui.storage.documents import selected

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """What to export; an empty filter lets all through.

    ``as_decided`` puts the label and span that a reviewer decided in the place of the annotator's.
    """

    document_ids: Sequence[str] = ()
    labels: Sequence[str] = ()
    annotators: Sequence[str] = ()
    statuses: Sequence[str] = ()
    as_decided: bool = False

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
        if filters.as_decided:
            rows = _as_decided(db, document, rows)
            rows = [row for row in rows if not filters.labels or row[_LABEL] in filters.labels]
        if rows or not filters.choose_marks:
            yield document, rows


_ID, _LABEL, _START, _END, _QUOTE, _LINE, _FRAGMENTS = 0, 3, 4, 5, 6, 11, 12
"""Places in a row of the view."""


def _as_decided(db: Handle, document: Document, rows: list[Row]) -> list[Row]:
    """The rows with what the newest decision on each mark says of its label and span."""
    decided = {
        row[0]: row[1:]
        for row in db.conn.execute(
            """SELECT r.annotation_id, r.label, r.start, r."end", r.fragments
            FROM annotation AS a JOIN review AS r
              ON r.annotation_id = a.id AND r.annotation_version = a.version AND r.removed = 0
            WHERE a.document_id = ? ORDER BY r.id""",
            (document.document_id,),
        ).fetchall()
    }
    found = []
    for row in rows:
        label, start, end, fragments = decided.get(row[_ID], (None, None, None, ""))
        changed = list(row)
        if label is not None:
            changed[_LABEL] = label
        if start is not None:
            runs = decode_fragments(fragments) or (Span(start, end),)
            changed[_START], changed[_END], changed[_FRAGMENTS] = start, end, fragments
            changed[_QUOTE] = quote_of(document.text, runs)
            changed[_LINE] = document.line_of(start)
        found.append(tuple(changed))
    return sorted(found, key=lambda row: (row[_START], row[_END], row[_ID]))


def _where(filters: Filters) -> tuple[str, list[str]]:
    wanted = {
        "label": () if filters.as_decided else filters.labels,
        "annotator": filters.annotators,
        "status": filters.statuses,
    }
    tests, values = "", list[str]()
    for column, allowed in wanted.items():
        if allowed:
            tests += f" AND {column} IN ({', '.join('?' * len(allowed))})"
            values.extend(allowed)
    return tests, values
