"""Annotations in the database."""

from __future__ import annotations

import gc
import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from annotui.domain.annotation import Annotation
from annotui.domain.span import Span
from annotui.errors import SpanError, StoreError
from annotui.storage.versioned import Row, insert_row, insert_rows, update_row

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

_FIELDS = (
    *("id", "document_id", "label", "start", "end", "quote", "annotator", "fragments", "prefix"),
    *("suffix", "line", "note", "version", "removed", "created_at", "updated_at"),
)
"""The columns in the order of :class:`Annotation`'s attributes."""

_SELECT = "SELECT " + ", ".join(f'a."{name}"' for name in _FIELDS) + " FROM annotation AS a "
_DECISIONS = """
SELECT r.annotation_id, r.decision, r.reviewer
FROM review AS r JOIN annotation AS a ON a.id = r.annotation_id
    AND a.version = r.annotation_version AND r.removed = 0
"""


def insert(db: Handle, annotation: Annotation, change_id: str) -> None:
    """Store a new annotation with its history."""
    insert_row(db, "annotation", _row(annotation), change_id)


def insert_many(db: Handle, annotations: Iterable[Annotation], change_id: str) -> None:
    """Store many new annotations with their history, all as one change."""
    insert_rows(db, "annotation", map(_row, annotations), change_id)


def update(db: Handle, seen: Annotation, wanted: Annotation, change_id: str) -> Annotation:
    """Store ``wanted`` over the version that was ``seen``; the answer is what is stored now.

    Raises:
        StaleError: when somebody changed it since.
    """
    before, after = _row(seen), _row(wanted)
    changes = {
        name: value
        for name, value in after.items()
        if value != before[name] and name not in ("version", "annotator")
    }
    _, stored = update_row(
        db,
        "annotation",
        seen.annotation_id,
        changes,
        change_id,
        seen_version=seen.version,
    )
    return replace(wanted, version=stored["version"], review_status="unreviewed", reviewer="")


def of_document(db: Handle, document_id: str) -> list[Annotation]:
    """All annotations of a document that are not removed, in the order of the text."""
    return found_by(
        db,
        "WHERE a.document_id = ? AND a.removed = 0",
        (document_id,),
        'ORDER BY a.start, a."end", a.id',
    )


def count_of_document(db: Handle, document_id: str) -> int:
    """How many annotations of a document the file has, removed ones included."""
    row = db.conn.execute(
        "SELECT count(*) FROM annotation WHERE document_id = ?", (document_id,)
    ).fetchone()
    return int(row[0])


def written_by(db: Handle, change_id: str) -> list[Annotation]:
    """The annotations whose newest version came with this change, removed ones included."""
    return found_by(
        db,
        "WHERE a.change_id = ?1 AND a.id IN (SELECT h.item_id FROM history AS h "
        "WHERE h.change_id = ?1 AND h.item = 'annotation')",
        (change_id,),
    )


def touched_since(db: Handle, document_id: str, seq: int) -> list[Annotation]:
    """The annotations of a document, as they are now, that a change behind ``seq`` was about.

    Decisions of reviewers count, since they change an annotation's status, and so do new names.
    """
    return found_by(
        db,
        """WHERE +a.document_id = ?1 AND a.id IN (
            SELECT h.item_id FROM change AS c JOIN history AS h ON h.change_id = c.id
            WHERE c.seq > ?2 AND h.item = 'annotation'
            UNION
            SELECT j.annotation_id FROM change AS c
            JOIN history AS h ON h.change_id = c.id AND h.item = 'review'
            JOIN review AS j ON j.id = h.item_id
            WHERE c.seq > ?2
            UNION
            SELECT b.id FROM change AS c
            JOIN history AS h ON h.change_id = c.id AND h.item = 'annotator'
            JOIN annotation AS b ON b.annotator = h.item_id AND b.document_id = ?1
            WHERE c.seq > ?2 AND h.before IS NOT NULL)""",
        (document_id, seq),
    )


def get(db: Handle, annotation_id: str) -> Annotation | None:
    """The annotation as it is now, removed or not."""
    found = found_by(db, "WHERE a.id = ?", (annotation_id,))
    return found[0] if found else None


def with_ids(db: Handle, annotation_ids: Sequence[str]) -> list[Annotation]:
    """The annotations with these ids that are not removed, in no order."""
    return found_by(
        db,
        "WHERE a.id IN (SELECT value FROM json_each(?)) AND a.removed = 0",
        (json.dumps(list(annotation_ids)),),
    )


def encode_fragments(fragments: Iterable[Span]) -> str:
    """Fragments as the column keeps them: empty for one run, else ``[[s,e],[s,e],…]``."""
    pairs = [[fragment.start, fragment.end] for fragment in fragments]
    return json.dumps(pairs, separators=(",", ":")) if len(pairs) > 1 else ""


def decode_fragments(text: str) -> tuple[Span, ...]:
    """The fragments that :func:`encode_fragments` wrote.

    Raises:
        StoreError: when they are something else.
    """
    try:
        return tuple(Span(start, end) for start, end in json.loads(text)) if text else ()
    except (ValueError, TypeError, SpanError) as error:
        raise StoreError(
            f"An annotation is damaged: its fragments are {text!r}. Nothing was done; run "
            "`annotui verify`, and go back to a backup."
        ) from error


def _row(annotation: Annotation) -> Row:
    return {
        "id": annotation.annotation_id,
        "document_id": annotation.document_id,
        "label": annotation.label,
        "start": annotation.start,
        "end": annotation.end,
        "fragments": encode_fragments(annotation.fragments),
        "quote": annotation.quote,
        "prefix": annotation.prefix,
        "suffix": annotation.suffix,
        "line": annotation.line,
        "note": annotation.note,
        "annotator": annotation.annotator,
        "derived_from": "",
        "created_at": annotation.created_at,
        "updated_at": annotation.updated_at,
        "removed": int(annotation.removed),
        "version": annotation.version,
    }


def found_by(db: Handle, where: str, values: tuple[Any, ...], order: str = "") -> list[Annotation]:
    """The annotations that a WHERE on ``annotation AS a`` lets through, with their decisions."""
    rows = db.conn.execute(f"{_SELECT} {where} {order}", values).fetchall()
    decisions: dict[str, tuple[str, str]] = {}
    if rows and db.conn.execute("SELECT 1 FROM review LIMIT 1").fetchone():
        newest_last = db.conn.execute(f"{_DECISIONS} {where} ORDER BY r.id", values).fetchall()
        decisions = {row[0]: (row[1], row[2]) for row in newest_last}
    names = dict(
        db.conn.execute("SELECT name, coalesce(renamed_to, name) FROM annotator").fetchall()
    )
    with _garbage_collection_paused():
        return _annotations(rows, decisions, names)


@contextmanager
def _garbage_collection_paused() -> Iterator[None]:
    """Building 100,000 annotations takes twice as long while the collector looks at them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


_FILL = [getattr(Annotation, field.name).__set__ for field in fields(Annotation)]
"""Fills one attribute; column by column that takes a third as long as ``Annotation(…)``."""


def _annotations(
    rows: list[tuple[Any, ...]], decisions: dict[str, tuple[str, str]], names: dict[str, str]
) -> list[Annotation]:
    columns: dict[str, Iterable[Any]] = dict(zip(_FIELDS, zip(*rows, strict=True), strict=False))
    if not columns:
        return []
    columns["annotator"] = [names.get(name, name) for name in columns["annotator"]]
    columns["fragments"] = [decode_fragments(text) if text else () for text in columns["fragments"]]
    columns["removed"] = map(bool, columns["removed"])
    decided = [decisions.get(row[0], ("unreviewed", "")) for row in rows]
    columns["review_status"] = [status for status, _ in decided]
    columns["reviewer"] = [names.get(reviewer, reviewer) for _, reviewer in decided]
    annotations = [object.__new__(Annotation) for _ in rows]
    for fill, column in zip(_FILL, columns.values(), strict=True):
        deque(map(fill, annotations, column), maxlen=0)
    return annotations
