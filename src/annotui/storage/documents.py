"""Documents in the database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from annotui.domain.document import Document, Newline
from annotui.errors import StoreError
from annotui.storage.versioned import insert_row, update_row

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

_FIELDS = "id, title, text, source, added_at, newline, encoding, original_sha256, metadata"


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """A line of the list of documents; ``annotations`` counts the marks of each label."""

    document_id: str
    title: str
    source: str
    added_at: str
    annotations: dict[str, int]


def insert(db: Handle, document: Document, change_id: str) -> None:
    """Store a new document with its history."""
    row = {
        "id": document.document_id,
        "title": document.title,
        "source": document.source,
        "added_at": document.added_at,
        "newline": str(document.newline),
        "encoding": document.encoding,
        "original_sha256": document.original_sha256,
        "length": len(document.text),
        "replaces": None,
        "metadata": json.dumps(dict(document.metadata), ensure_ascii=False),
        "removed": 0,
        "version": 1,
    }
    insert_row(db, "document", row, change_id, text=document.text)


def get(db: Handle, document_id: str) -> Document | None:
    """The document with its text; None when the file does not have it."""
    row = db.conn.execute(
        f"SELECT {_FIELDS} FROM document WHERE id = ? AND removed = 0", (document_id,)
    ).fetchone()
    return None if row is None else _document(row)


def selected(db: Handle, document_ids: Sequence[str] = ()) -> Iterator[Document]:
    """Documents in the order of title and id, one after the other; all where none is named."""
    chosen = f" AND id IN ({', '.join('?' * len(document_ids))})" if document_ids else ""
    rows = db.conn.execute(
        f"SELECT {_FIELDS} FROM document WHERE removed = 0{chosen} ORDER BY title, id",
        tuple(document_ids),
    )
    yield from map(_document, rows)


def _document(row: tuple[Any, ...]) -> Document:
    return Document(
        document_id=row[0],
        title=row[1],
        text=row[2],
        source=row[3],
        added_at=row[4],
        newline=_newline(row[5]),
        encoding=row[6],
        original_sha256=row[7],
        metadata=_metadata(row[8]),
    )


def _metadata(text: str) -> dict[str, str]:
    """What is known of a document; nothing where another program wrote something else."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _newline(kind: str) -> Newline:
    try:
        return Newline(kind)
    except ValueError as error:
        raise StoreError(
            f"A document is damaged: its newline kind is {kind!r}. Nothing was done; run "
            "`annotui verify`, and go back to a backup."
        ) from error


def title_of(db: Handle, document_id: str) -> str | None:
    """The document's title, without reading its text; None when the file does not have it."""
    row = db.conn.execute(
        "SELECT title FROM document WHERE id = ? AND removed = 0", (document_id,)
    ).fetchone()
    return None if row is None else row[0]


def titles_of(db: Handle, document_ids: Iterable[str]) -> dict[str, str]:
    """The titles of those documents that the file has and that are not removed."""
    wanted = json.dumps(list(document_ids))
    rows = db.conn.execute(
        "SELECT id, title FROM document WHERE removed = 0 "
        "AND id IN (SELECT value FROM json_each(?))",
        (wanted,),
    ).fetchall()
    return dict(rows)


def set_removed(db: Handle, document_id: str, removed: bool, change_id: str) -> None:
    """Mark a document as removed, or bring it back."""
    update_row(db, "document", document_id, {"removed": int(removed)}, change_id)


def exists(db: Handle, document_id: str) -> bool:
    """Whether the file has the document."""
    row = db.conn.execute("SELECT 1 FROM document WHERE id = ?", (document_id,)).fetchone()
    return row is not None


def ids_with_prefix(db: Handle, prefix: str) -> list[str]:
    """Ids that begin with ``prefix`` (lower-case hexadecimal digits)."""
    rows = db.conn.execute(
        "SELECT id FROM document WHERE id >= ? AND id < ? AND removed = 0 ORDER BY id",
        (prefix, prefix + "g"),
    ).fetchall()
    return [row[0] for row in rows]


def ids_with_title(db: Handle, title: str) -> list[str]:
    """Ids of the documents with exactly this title."""
    rows = db.conn.execute(
        "SELECT id FROM document WHERE title = ? AND removed = 0 ORDER BY id", (title,)
    ).fetchall()
    return [row[0] for row in rows]


def ids_with_source(db: Handle, source: str) -> list[str]:
    """Ids of the documents that came from this path."""
    rows = db.conn.execute(
        "SELECT document_id FROM catalogue WHERE source = ? AND removed = 0 ORDER BY document_id",
        (source,),
    ).fetchall()
    return [row[0] for row in rows]


def ids_in_order(db: Handle) -> list[str]:
    """Ids of all documents, in the order in which they were added."""
    rows = db.conn.execute(
        "SELECT d.id FROM document AS d WHERE d.removed = 0 ORDER BY d.rowid"
    ).fetchall()
    return [row[0] for row in rows]


def names(db: Handle) -> list[tuple[str, str, str]]:
    """Id, title and source of all documents, in the order in which they were added."""
    return db.conn.execute(
        "SELECT document_id, title, source FROM catalogue WHERE removed = 0 ORDER BY number"
    ).fetchall()


def marks_of(
    db: Handle, document_id: str, only_by: str = ""
) -> tuple[dict[str, int], dict[str, int]]:
    """How many marks a document has of each label, and by each annotator or ``only_by`` one."""
    rows = db.conn.execute(
        "SELECT a.label, coalesce(w.renamed_to, w.name), count(*) FROM annotation AS a "
        "JOIN annotator AS w ON w.name = a.annotator "
        "WHERE a.document_id = ? AND a.removed = 0 GROUP BY 1, 2 ORDER BY 1, 2",
        (document_id,),
    ).fetchall()
    by_label: dict[str, int] = {}
    by_annotator: dict[str, int] = {}
    for label, annotator, count in rows:
        if only_by and annotator != only_by:
            continue
        by_label[label] = by_label.get(label, 0) + count
        by_annotator[annotator] = by_annotator.get(annotator, 0) + count
    return by_label, by_annotator


def summaries(db: Handle) -> list[DocumentSummary]:
    """All documents in the order in which they were added, with their counts by label."""
    counts: dict[str, dict[str, int]] = {}
    for document_id, label, count in db.conn.execute(
        "SELECT document_id, label, count(*) FROM annotation WHERE removed = 0 "
        "GROUP BY document_id, label"
    ).fetchall():
        counts.setdefault(document_id, {})[label] = count
    rows = db.conn.execute(
        "SELECT id, title, source, added_at FROM document WHERE removed = 0 ORDER BY rowid"
    ).fetchall()
    return [
        DocumentSummary(document_id, title, source, added_at, counts.get(document_id, {}))
        for document_id, title, source, added_at in rows
    ]
