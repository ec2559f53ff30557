"""The log of changes, and what undo and redo read from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from annotui.domain.change import UNDOABLE, Change, ChangeKind
from annotui.domain.identifier import utc_now, uuid7
from annotui.errors import StoreError
from annotui.storage.versioned import KEYS, Row, decode

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

_FIELDS = "c.id, c.kind, c.annotator, c.changed_at, c.document_id, c.target_id, c.summary"
_NEWEST_EVENT = """(SELECT e.kind FROM change AS e WHERE e.target_id = c.id
    ORDER BY e.id DESC LIMIT 1)"""

_IS_OF_THIS_FILE = """EXISTS (SELECT 1 FROM history AS l
    WHERE l.change_id = c.id AND l.item = 'label')"""
"""A change of labels that came with a merge has left the labels alone, so it is not undone."""


def add_change(
    db: Handle,
    kind: ChangeKind,
    annotator: str,
    *,
    document_id: str = "",
    target_id: str = "",
    summary: str = "",
    before: Change | None = None,
) -> Change:
    """Begin a change: its row comes first, what it changes follows in the same transaction.

    ``before`` is the newest change where the same transaction made it; both have one time.
    """
    newest = before.change_id if before is not None else newest_id(db)
    try:
        change_id = uuid7(after=newest)
    except ValueError as error:
        raise StoreError(
            f"Not saved: the log is damaged: {newest!r} is not the id of a change. Nothing was "
            "changed; run `annotui verify`, and go back to a backup."
        ) from error
    change = Change(
        change_id=change_id,
        kind=kind,
        annotator=annotator,
        changed_at=before.changed_at if before is not None else utc_now(),
        document_id=document_id,
        target_id=target_id,
        summary=summary,
    )
    db.conn.execute(
        "INSERT INTO change (id, kind, annotator, changed_at, document_id, target_id, summary) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            *(change.change_id, str(kind), annotator, change.changed_at),
            *(document_id or None, target_id or None, summary),
        ),
    )
    return change


def newest_seq(db: Handle) -> int:
    """The arrival number of the newest change in this file; 0 when there is none."""
    return int(db.conn.execute("SELECT coalesce(max(seq), 0) FROM change").fetchone()[0])


def newest_kind(db: Handle, names: Sequence[str]) -> str:
    """The kind of the newest change under one of ``names``; empty when there is none."""
    row = db.conn.execute(
        f"SELECT kind FROM change WHERE annotator IN ({_marks(names)}) ORDER BY id DESC LIMIT 1",
        tuple(names),
    ).fetchone()
    return "" if row is None else row[0]


def newest_id(db: Handle) -> str:
    """The id of the newest change; empty when there is none."""
    return db.conn.execute("SELECT max(id) FROM change").fetchone()[0] or ""


def has_change(db: Handle, change_id: str) -> bool:
    """Whether the file has this change."""
    row = db.conn.execute("SELECT 1 FROM change WHERE id = ?", (change_id,)).fetchone()
    return row is not None


def newest_to_undo(db: Handle, names: Sequence[str]) -> Change | None:
    """The newest change under one of ``names`` that is in force and can be taken back."""
    row = db.conn.execute(
        f"""SELECT {_FIELDS} FROM change AS c
        WHERE c.annotator IN ({_marks(names)}) AND c.kind IN ({_marks(UNDOABLE)})
          AND coalesce({_NEWEST_EVENT}, 'redo') = 'redo'
          AND (c.kind <> 'scheme' OR {_IS_OF_THIS_FILE})
        ORDER BY c.id DESC LIMIT 1""",
        (*names, *map(str, UNDOABLE)),
    ).fetchone()
    return None if row is None else _change(row)


def newest_to_redo(db: Handle, names: Sequence[str]) -> Change | None:
    """The change undone last under one of ``names``, unless something was done since."""
    row = db.conn.execute(
        f"""SELECT {_FIELDS} FROM change AS u JOIN change AS c ON c.id = u.target_id
        WHERE u.kind = 'undo' AND u.annotator IN ({_marks(names)})
          AND NOT EXISTS (SELECT 1 FROM change AS e WHERE e.target_id = c.id AND e.id > u.id)
          AND u.id > coalesce((SELECT max(n.id) FROM change AS n
            WHERE n.annotator IN ({_marks(names)}) AND n.kind IN ({_marks(UNDOABLE)})), '')
        ORDER BY u.id DESC LIMIT 1""",
        (*names, *names, *map(str, UNDOABLE)),
    ).fetchone()
    return None if row is None else _change(row)


def items_of(db: Handle, change_id: str) -> list[tuple[str, str, Row | None, Row]]:
    """What a change wrote: table, key, state before (None for a new row) and after."""
    rows = db.conn.execute(
        "SELECT item, item_id, before, after FROM history WHERE change_id = ? "
        "ORDER BY item, item_id",
        (change_id,),
    ).fetchall()
    if unknown := {row[0] for row in rows} - KEYS.keys():
        raise StoreError(
            f"The history tells of {sorted(unknown)}, which annotui does not know. Nothing was "
            "changed; run `annotui verify`, and go back to a backup."
        )
    return [
        (item, item_id, decode(before) if before else None, decode(after))
        for item, item_id, before, after in rows
    ]


def decided_by_others(
    db: Handle, annotation_id: str, names: Sequence[str], *, apart_from: str = ""
) -> str:
    """Who else has decided on the annotation as it stands now; empty when nobody has.

    A decision that came with the change ``apart_from``, as by an import, does not count.
    """
    row = db.conn.execute(
        f"""SELECT r.reviewer FROM review AS r JOIN annotation AS a ON a.id = r.annotation_id
        WHERE a.id = ? AND r.annotation_version = a.version AND r.removed = 0
          AND r.reviewer NOT IN ({_marks(names)})
          AND r.id NOT IN (SELECT item_id FROM history WHERE change_id = ? AND item = 'review')
        ORDER BY r.id DESC LIMIT 1""",
        (annotation_id, *names, apart_from),
    ).fetchone()
    return "" if row is None else row[0]


def log(db: Handle, document_id: str | None = None) -> list[Change]:
    """All changes, or those of one document, oldest first."""
    where = "" if document_id is None else "WHERE c.document_id = ?"
    rows = db.conn.execute(
        f"SELECT {_FIELDS} FROM change AS c {where} ORDER BY c.id",
        () if document_id is None else (document_id,),
    ).fetchall()
    return [_change(row) for row in rows]


def of_annotation(db: Handle, annotation_id: str) -> list[Change]:
    """The changes of an annotation and of the decisions on it, oldest first."""
    rows = db.conn.execute(
        f"""SELECT {_FIELDS} FROM change AS c WHERE c.id IN (
            SELECT h.change_id FROM history AS h WHERE h.item = 'annotation' AND h.item_id = ?1
            UNION
            SELECT h.change_id FROM review AS r
            JOIN history AS h ON h.item = 'review' AND h.item_id = r.id
            WHERE r.annotation_id = ?1)
        ORDER BY c.id""",
        (annotation_id,),
    ).fetchall()
    return [_change(row) for row in rows]


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def _change(row: tuple[Any, ...]) -> Change:
    try:
        kind = ChangeKind(row[1])
    except ValueError as error:
        raise StoreError(
            f"The log has a change of a kind that annotui does not know, {row[1]!r} ({row[0]}). "
            "Nothing was done; run `annotui verify`, and go back to a backup."
        ) from error
    return Change(
        change_id=row[0],
        kind=kind,
        annotator=row[2],
        changed_at=row[3],
        document_id=row[4] or "",
        target_id=row[5] or "",
        summary=row[6],
    )
