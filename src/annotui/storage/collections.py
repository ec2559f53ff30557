"""Collections of documents in the database; those of one name are one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from annotui.domain.identifier import uuid7
from annotui.storage.versioned import insert_row, insert_rows, update_row

if TYPE_CHECKING:
    from annotui.domain.change import Change
    from annotui.storage.handle import Handle


def create(db: Handle, name: str, change: Change) -> str:
    """Store a new collection; the answer is its id."""
    row = {
        "id": uuid7(),
        "name": name,
        "created_at": change.changed_at,
        "removed": 0,
        "version": 1,
    }
    insert_row(db, "collection", row, change.change_id)
    return str(row["id"])


def ids_of(db: Handle, name: str) -> list[str]:
    """The ids of the collections of this name: more than one only after a merge."""
    rows = db.conn.execute(
        "SELECT id FROM collection WHERE name = ? AND removed = 0 ORDER BY id", (name,)
    ).fetchall()
    return [row[0] for row in rows]


def listed(db: Handle) -> list[tuple[str, int, str]]:
    """Name, number of documents and time of creation of each collection, by name."""
    return db.conn.execute(
        """SELECT c.name, count(DISTINCT d.id), min(c.created_at) FROM collection AS c
        LEFT JOIN collection_document AS m ON m.collection_id = c.id AND m.removed = 0
        LEFT JOIN document AS d ON d.id = m.document_id AND d.removed = 0
        WHERE c.removed = 0 GROUP BY c.name ORDER BY c.name"""
    ).fetchall()


def names_of(db: Handle, document_id: str) -> list[str]:
    """The names of the collections that a document is in."""
    rows = db.conn.execute(
        """SELECT DISTINCT c.name FROM collection_document AS m
        JOIN collection AS c ON c.id = m.collection_id
        WHERE m.document_id = ? AND m.removed = 0 AND c.removed = 0 ORDER BY c.name""",
        (document_id,),
    ).fetchall()
    return [row[0] for row in rows]


def members(db: Handle, name: str) -> list[tuple[str, str]]:
    """Document and row of each membership in the collections of this name."""
    return db.conn.execute(
        """SELECT m.document_id, m.id FROM collection_document AS m
        JOIN collection AS c ON c.id = m.collection_id
        WHERE c.name = ? AND c.removed = 0 AND m.removed = 0 ORDER BY m.id""",
        (name,),
    ).fetchall()


def put_in(db: Handle, collection_id: str, document_ids: Sequence[str], change: Change) -> None:
    """Store that these documents are in a collection."""
    rows = [
        {
            "id": uuid7(),
            "collection_id": collection_id,
            "document_id": document_id,
            "added_at": change.changed_at,
            "removed": 0,
            "version": 1,
        }
        for document_id in document_ids
    ]
    insert_rows(db, "collection_document", rows, change.change_id)


def take_out(db: Handle, member_ids: Sequence[str], change: Change) -> None:
    """Take memberships back."""
    for member_id in member_ids:
        update_row(db, "collection_document", member_id, {"removed": 1}, change.change_id)


def rename(db: Handle, collection_ids: Sequence[str], name: str, change: Change) -> None:
    """Give collections another name."""
    for collection_id in collection_ids:
        update_row(db, "collection", collection_id, {"name": name}, change.change_id)


def remove(db: Handle, collection_ids: Sequence[str], change: Change) -> None:
    """Mark collections as removed; their documents stay."""
    for collection_id in collection_ids:
        update_row(db, "collection", collection_id, {"removed": 1}, change.change_id)


def present(db: Handle, document_ids: Sequence[str]) -> list[str]:
    """Those of ``document_ids`` that the file has."""
    rows = db.conn.execute(
        "SELECT id FROM document WHERE removed = 0 AND id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(document_ids)),),
    ).fetchall()
    known = {row[0] for row in rows}
    return [one for one in dict.fromkeys(document_ids) if one in known]
