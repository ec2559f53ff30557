"""Annotations in the database."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from annotui.domain.annotation import Annotation
from annotui.domain.span import Span
from annotui.storage.versioned import COLUMNS, Row, columns_sql, insert_row, update_row

if TYPE_CHECKING:
    from sqlite_utils import Database

_SELECT = f"""
SELECT {columns_sql("annotation", "a")}, w.renamed_to, r.decision,
    coalesce(v.renamed_to, r.reviewer)
FROM annotation AS a
JOIN annotator AS w ON w.name = a.annotator
LEFT JOIN review AS r ON r.id = (
    SELECT max(newest.id) FROM review AS newest
    WHERE newest.annotation_id = a.id
      AND newest.annotation_version = a.version AND newest.removed = 0
)
LEFT JOIN annotator AS v ON v.name = r.reviewer
"""


def insert(db: Database, annotation: Annotation, change_id: str) -> None:
    """Store a new annotation with its history."""
    insert_row(db, "annotation", _row(annotation), change_id)


def update(db: Database, seen: Annotation, wanted: Annotation, change_id: str) -> Annotation:
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


def of_document(db: Database, document_id: str) -> list[Annotation]:
    """All annotations of a document that are not removed, in the order of the text."""
    rows = db.conn.execute(
        _SELECT + 'WHERE a.document_id = ? AND a.removed = 0 ORDER BY a.start, a."end", a.id',
        (document_id,),
    ).fetchall()
    return [_annotation(row) for row in rows]


def written_by(db: Database, change_id: str) -> list[Annotation]:
    """The annotations whose newest version came with this change, removed ones included."""
    rows = db.conn.execute(_SELECT + "WHERE a.change_id = ?", (change_id,)).fetchall()
    return [_annotation(row) for row in rows]


def touched_since(db: Database, document_id: str, seq: int) -> list[Annotation]:
    """The annotations of a document, as they are now, that a change behind ``seq`` was about.

    Decisions of reviewers count: they change an annotation's status.
    """
    rows = db.conn.execute(
        _SELECT
        + """WHERE a.document_id = ?1 AND a.id IN (
            SELECT h.item_id FROM change AS c JOIN history AS h ON h.change_id = c.id
            WHERE c.seq > ?2 AND h.item = 'annotation'
            UNION
            SELECT j.annotation_id FROM change AS c
            JOIN history AS h ON h.change_id = c.id AND h.item = 'review'
            JOIN review AS j ON j.id = h.item_id
            WHERE c.seq > ?2)""",
        (document_id, seq),
    ).fetchall()
    return [_annotation(row) for row in rows]


def get(db: Database, annotation_id: str) -> Annotation | None:
    """The annotation as it is now, removed or not."""
    row = db.conn.execute(_SELECT + "WHERE a.id = ?", (annotation_id,)).fetchone()
    return None if row is None else _annotation(row)


def export_rows(
    db: Database,
    *,
    document_ids: Iterable[str] = (),
    labels: Iterable[str] = (),
    annotators: Iterable[str] = (),
    statuses: Iterable[str] = (),
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows of the view ``annotations``; an empty filter lets all through."""
    wanted = {
        "document_id": tuple(document_ids),
        "label": tuple(labels),
        "annotator": tuple(annotators),
        "status": tuple(statuses),
    }
    tests: list[str] = []
    values: list[str] = []
    for column, allowed in wanted.items():
        if allowed:
            tests.append(f"{column} IN ({', '.join('?' * len(allowed))})")
            values.extend(allowed)
    where = f" WHERE {' AND '.join(tests)}" if tests else ""
    order = ' ORDER BY document, document_id, start, "end", id'
    cursor = db.conn.execute(f"SELECT * FROM annotations{where}{order}", values)
    return [column[0] for column in cursor.description], cursor.fetchall()


def encode_fragments(fragments: Iterable[Span]) -> str:
    """Fragments as the column keeps them: empty for one run, else ``[[s,e],[s,e],…]``."""
    pairs = [[fragment.start, fragment.end] for fragment in fragments]
    return json.dumps(pairs, separators=(",", ":")) if len(pairs) > 1 else ""


def decode_fragments(text: str) -> tuple[Span, ...]:
    """The fragments that :func:`encode_fragments` wrote."""
    return tuple(Span(start, end) for start, end in json.loads(text)) if text else ()


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


_AT = {name: position for position, name in enumerate(COLUMNS["annotation"])}


def _annotation(row: tuple[Any, ...]) -> Annotation:
    fragments = row[_AT["fragments"]]
    renamed_to, decision, reviewer = row[-3:]
    return Annotation(
        annotation_id=row[0],
        document_id=row[1],
        label=row[2],
        start=row[3],
        end=row[4],
        quote=row[_AT["quote"]],
        annotator=renamed_to or row[_AT["annotator"]],
        fragments=decode_fragments(fragments) if fragments else (),
        prefix=row[_AT["prefix"]],
        suffix=row[_AT["suffix"]],
        line=row[_AT["line"]],
        note=row[_AT["note"]],
        version=row[_AT["version"]],
        removed=bool(row[_AT["removed"]]),
        created_at=row[_AT["created_at"]],
        updated_at=row[_AT["updated_at"]],
        review_status=decision or "unreviewed",
        reviewer=reviewer or "",
    )
