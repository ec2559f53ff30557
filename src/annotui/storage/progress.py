"""Document status and reading coverage in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from annotui.domain.identifier import uuid7
from annotui.domain.progress import DocumentStatus, QueueOrder, Reading, ReadSpan
from annotui.domain.span import Span
from annotui.storage.versioned import insert_row, insert_rows, update_row

if TYPE_CHECKING:
    from annotui.domain.change import Change
    from annotui.storage.handle import Handle

_STORED = """coalesce((SELECT s.status FROM document_status AS s
    WHERE s.document_id = d.document_id AND s.removed = 0 AND s.annotator IN ({names})
    ORDER BY s.id DESC LIMIT 1), 'new')"""
"""The status that counts for a document ``d``: the one set last."""

_KEYS = {
    QueueOrder.ADDED: ("d.number", ""),
    QueueOrder.NEWEST: ("d.number", "DESC"),
    QueueOrder.SHORTEST: ("d.words", ""),
    QueueOrder.TITLE: ("d.folded", ""),
}
"""What the lines of the catalogue are ordered by; numbers settle what is equal."""


def set_status(db: Handle, document_id: str, status: DocumentStatus, change: Change) -> None:
    """Store the status of a document; the one set last counts."""
    row = {
        "id": uuid7(after=_newest_status(db, document_id)),
        "document_id": document_id,
        "annotator": change.annotator,
        "status": str(status),
        "set_at": change.changed_at,
        "removed": 0,
        "version": 1,
    }
    insert_row(db, "document_status", row, change.change_id)


def _newest_status(db: Handle, document_id: str) -> str:
    row = db.conn.execute(
        "SELECT max(id) FROM document_status WHERE document_id = ?", (document_id,)
    ).fetchone()
    return row[0] or ""


def stored_status(db: Handle, document_id: str, names: Sequence[str]) -> DocumentStatus:
    """What the annotator with these names said of a document: done, aside or new."""
    row = db.conn.execute(
        f"""SELECT status FROM document_status
        WHERE document_id = ? AND removed = 0 AND annotator IN ({_marks(names)})
        ORDER BY id DESC LIMIT 1""",
        (document_id, *names),
    ).fetchone()
    return DocumentStatus.NEW if row is None else DocumentStatus(row[0])


def done_documents(db: Handle, names: Sequence[str]) -> list[str]:
    """The documents of which the annotator with these names said last that they are done."""
    rows = db.conn.execute(
        f"""SELECT document_id, status FROM document_status
        WHERE removed = 0 AND annotator IN ({_marks(names)}) ORDER BY id""",
        tuple(names),
    ).fetchall()
    newest = dict(rows)
    return [document_id for document_id, status in newest.items() if status == DocumentStatus.DONE]


def has_begun(db: Handle, document_id: str, names: Sequence[str]) -> bool:
    """Whether the annotator has a mark in the document, or has read any of it."""
    row = db.conn.execute(
        f"""SELECT 1 FROM annotation
        WHERE document_id = ? AND removed = 0 AND annotator IN ({_marks(names)})
        UNION ALL
        SELECT 1 FROM reading
        WHERE document_id = ? AND removed = 0 AND annotator IN ({_marks(names)}) LIMIT 1""",
        (document_id, *names, document_id, *names),
    ).fetchone()
    return row is not None


def reading_of(db: Handle, document_id: str, names: Sequence[str]) -> Reading:
    """What the annotator has read of a document."""
    rows = db.conn.execute(
        f"""SELECT start, "end", id, version FROM reading
        WHERE document_id = ? AND removed = 0 AND annotator IN ({_marks(names)})""",
        (document_id, *names),
    ).fetchall()
    return Reading(ReadSpan(*row) for row in rows)


def add_read(db: Handle, document_id: str, spans: Sequence[Span], change: Change) -> None:
    """Store spans as read."""
    rows = [
        {
            "id": uuid7(),
            "document_id": document_id,
            "annotator": change.annotator,
            "start": span.start,
            "end": span.end,
            "read_at": change.changed_at,
            "removed": 0,
            "version": 1,
        }
        for span in spans
    ]
    insert_rows(db, "reading", rows, change.change_id)


def remove_read(db: Handle, spans: Sequence[ReadSpan], change: Change) -> None:
    """Take back that spans were read.

    Raises:
        StaleError: when one was changed since it was seen.
    """
    for one in spans:
        update_row(
            db, "reading", one.read_id, {"removed": 1}, change.change_id, seen_version=one.version
        )


def statuses(db: Handle) -> list[tuple[str, str, str]]:
    """Document, annotator (as named now) and status: done, aside, and in work where derived."""
    found: dict[tuple[str, str], str] = {}
    rows = db.conn.execute(
        """SELECT DISTINCT m.document_id, coalesce(w.renamed_to, w.name) FROM (
            SELECT document_id, annotator FROM annotation WHERE removed = 0
            UNION SELECT document_id, annotator FROM reading WHERE removed = 0
        ) AS m JOIN annotator AS w ON w.name = m.annotator"""
    ).fetchall()
    for document_id, annotator in rows:
        found[document_id, annotator] = str(DocumentStatus.IN_WORK)
    rows = db.conn.execute(
        """SELECT s.document_id, coalesce(w.renamed_to, w.name), s.status
        FROM document_status AS s JOIN annotator AS w ON w.name = s.annotator
        WHERE s.removed = 0 ORDER BY s.id"""
    ).fetchall()
    newest = {(document_id, annotator): status for document_id, annotator, status in rows}
    found |= {key: status for key, status in newest.items() if status != DocumentStatus.NEW}
    return [(*key, status) for key, status in sorted(found.items())]


def statuses_by_document(db: Handle) -> dict[str, dict[str, str]]:
    """By document the annotators who have begun on it, and how far each has come."""
    found: dict[str, dict[str, str]] = {}
    for document_id, annotator, status in statuses(db):
        found.setdefault(document_id, {})[annotator] = status
    return found


def next_open(db: Handle, names: Sequence[str], order: QueueOrder, after: str = "") -> str | None:
    """The next document behind ``after`` that is neither done nor aside; None at the end."""
    key, direction = _KEYS[order]
    sign = "<" if direction else ">"
    behind, values = "", tuple(names)
    if after:
        here = f"SELECT {key}, d.number FROM catalogue AS d WHERE d.document_id = ?"
        behind = f"AND ({key}, d.number) {sign} ({here})"
        values = (after, *names)
    row = db.conn.execute(
        f"""SELECT d.document_id FROM catalogue AS d WHERE d.removed = 0 {behind}
        AND {_STORED.format(names=_marks(names))} = 'new'
        ORDER BY {key} {direction}, d.number {direction} LIMIT 1""",
        values,
    ).fetchone()
    return None if row is None else row[0]


def in_order(db: Handle, order: QueueOrder) -> list[tuple[str, str, int]]:
    """Id, title and length of all documents in the order of the queue."""
    key, direction = _KEYS[order]
    return db.conn.execute(
        f"""SELECT d.document_id, d.title, t.length FROM catalogue AS d
        JOIN document AS t ON t.id = d.document_id WHERE d.removed = 0
        ORDER BY {key} {direction}, d.number {direction}"""
    ).fetchall()


def counts(db: Handle, names: Sequence[str], since: str) -> tuple[int, int, int]:
    """How many documents are done, done ``since`` then (a stored time), and set aside."""
    rows = db.conn.execute(
        f"""SELECT s.document_id, s.status, s.set_at FROM document_status AS s
        JOIN catalogue AS d ON d.document_id = s.document_id
        WHERE s.removed = 0 AND s.annotator IN ({_marks(names)}) AND d.removed = 0
        ORDER BY s.id""",
        tuple(names),
    ).fetchall()
    newest = {document_id: (status, set_at) for document_id, status, set_at in rows}
    done = [set_at for status, set_at in newest.values() if status == DocumentStatus.DONE]
    aside = sum(status == DocumentStatus.ASIDE for status, _ in newest.values())
    return len(done), sum(set_at >= since for set_at in done), aside


def marks_since(db: Handle, names: Sequence[str], change_id: str) -> int:
    """How many marks made by hand since then (an id of that time) stand; fast in a long log."""
    row = db.conn.execute(
        f"""SELECT count(*) FROM change AS c
        JOIN history AS h ON h.change_id = c.id AND h.item = 'annotation' AND h.before IS NULL
        JOIN annotation AS a ON a.id = h.item_id AND a.removed = 0
        WHERE c.annotator IN ({_marks(names)}) AND c.id >= ? AND c.kind = 'annotate'""",
        (*names, change_id),
    ).fetchone()
    return int(row[0])


def runs_of(db: Handle, document_id: str) -> list[tuple[str, int, int]]:
    """Annotator (as named now), start and end of each mark's hull in a document."""
    return db.conn.execute(
        """SELECT coalesce(w.renamed_to, w.name), a.start, a."end" FROM annotation AS a
        JOIN annotator AS w ON w.name = a.annotator
        WHERE a.document_id = ? AND a.removed = 0""",
        (document_id,),
    ).fetchall()


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))
