"""Rows with versions: each write goes into the history first, in the same transaction."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from annotui.errors import StaleError, StoreError
from annotui.storage.migrations import expected_sql

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

Row = dict[str, Any]

KEYS = {
    "annotator": "name",
    "label": "name",
    "document": "id",
    "annotation": "id",
    "review": "id",
    "document_status": "id",
    "reading": "id",
    "collection": "id",
    "collection_document": "id",
    "adjudication": "id",
    "adjudication_source": "id",
}
"""The key column of every versioned table."""

COLUMNS = {
    "annotator": ("name", "renamed_to", "added_at", "version"),
    "label": (
        *("name", "layer", "position", "key", "glyph", "colour", "guideline", "example"),
        *("removed", "version"),
    ),
    "document": (
        *("id", "title", "source", "added_at", "newline", "encoding", "original_sha256"),
        *("length", "replaces", "metadata", "removed", "version"),
    ),
    "annotation": (
        *("id", "document_id", "label", "start", "end", "fragments", "quote", "prefix", "suffix"),
        *("line", "note", "annotator", "derived_from", "created_at", "updated_at"),
        *("removed", "version"),
    ),
    "review": (
        *("id", "annotation_id", "annotation_version", "decision", "reason", "note", "label"),
        *("start", "end", "fragments", "reviewer", "decided_at", "removed", "version"),
    ),
    "document_status": (
        *("id", "document_id", "annotator", "status", "set_at", "removed", "version"),
    ),
    "reading": (
        *("id", "document_id", "annotator", "start", "end", "read_at", "removed", "version"),
    ),
    "adjudication": (
        *("id", "document_id", "gold", "choice", "annotation_id", "adjudicator", "decided_at"),
        *("superseded_by", "removed", "version"),
    ),
    "adjudication_source": (
        *("id", "adjudication_id", "annotation_id", "annotation_version", "label", "start"),
        *("end", "fragments", "taken", "removed", "version"),
    ),
    "collection": ("id", "name", "created_at", "removed", "version"),
    "collection_document": (
        *("id", "collection_id", "document_id", "added_at", "removed", "version"),
    ),
}
"""The columns that the history keeps: all but a document's text and the change's id."""

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_HISTORY = "INSERT INTO history (change_id, item, item_id, before, after) VALUES (?, ?, ?, ?, ?)"


def _insert_sql(table: str) -> str:
    names = [f'"{name}"' for name in COLUMNS[table]] + ["change_id"]
    names += ["text"] if table == "document" else []
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


_INSERTS = {table: _insert_sql(table) for table in COLUMNS}


def columns_sql(table: str, alias: str) -> str:
    """The history's columns of ``table`` for a SELECT, with ``alias`` before each."""
    return ", ".join(f'{alias}."{name}"' for name in COLUMNS[table])


def insert_row(
    db: Handle, table: str, row: Mapping[str, Any], change_id: str, *, text: str | None = None
) -> None:
    """Store a new row and its history; ``text`` goes with a document only."""
    state = {name: row[name] for name in COLUMNS[table]}
    db.conn.execute(_HISTORY, (change_id, table, row[KEYS[table]], None, encode(state)))
    values = (*state.values(), change_id)
    db.conn.execute(_INSERTS[table], values if text is None else (*values, text))


def insert_rows(db: Handle, table: str, rows: Iterable[Mapping[str, Any]], change_id: str) -> None:
    """Store many new rows (not documents) and their history, all as one change."""
    names, key = COLUMNS[table], KEYS[table]
    states = [{name: row[name] for name in names} for row in rows]
    db.conn.executemany(
        _HISTORY, [(change_id, table, state[key], None, _ENCODE(state)) for state in states]
    )
    db.conn.executemany(_INSERTS[table], [(*state.values(), change_id) for state in states])


def update_row(
    db: Handle,
    table: str,
    item_id: str,
    changes: Mapping[str, Any],
    change_id: str,
    *,
    seen_version: int | None = None,
) -> tuple[Row, Row]:
    """Write the next version of a row and its history; the answer is the row before and after.

    Raises:
        StaleError: when the row is not at ``seen_version`` any more; nothing was written.
    """
    before = current_row(db, table, item_id)
    if before is None or (seen_version is not None and before["version"] != seen_version):
        raise StaleError(
            f"Not saved: this {table} was changed by somebody else in the meantime. "
            "Nothing was overwritten; look at the new version and try again."
        )
    after = {**before, **changes, "version": before["version"] + 1}
    db.conn.execute(_HISTORY, (change_id, table, item_id, encode(before), encode(after)))
    names = [*changes, "version", "change_id"]
    assignments = ", ".join(f'"{name}" = ?' for name in names)
    db.conn.execute(
        f"UPDATE {table} SET {assignments} WHERE {KEYS[table]} = ?",
        (*changes.values(), after["version"], change_id, item_id),
    )
    return before, after


def current_row(db: Handle, table: str, item_id: str) -> Row | None:
    """The row as it is now, in the history's columns; None when there is none."""
    found = db.conn.execute(
        f"SELECT {columns_sql(table, table)} FROM {table} WHERE {KEYS[table]} = ?", (item_id,)
    ).fetchone()
    return None if found is None else dict(zip(COLUMNS[table], found, strict=True))


@cache
def fixed_columns(table: str) -> frozenset[str]:
    """The columns of ``table`` that never change, as its own trigger has them."""
    trigger = expected_sql()["trigger", f"{table}_fixed"]
    names = re.findall(r'NEW\."?(\w+)"? IS NOT OLD\.', trigger)
    return frozenset(names) & {*COLUMNS[table]}


@cache
def content_columns(table: str) -> tuple[str, ...]:
    """What an edit of a row is about: all that can change but version and times."""
    fixed = fixed_columns(table)
    return tuple(
        name
        for name in COLUMNS[table]
        if name not in fixed and name != "version" and not name.endswith("_at")
    )


def encode(state: Mapping[str, Any]) -> str:
    """A row's state as the history keeps it: JSON, one object."""
    return _ENCODE(state)


def decode(text: str) -> Row:
    """The state that :func:`encode` wrote.

    Raises:
        StoreError: when it is something else.
    """
    try:
        state = json.loads(text)
    except ValueError:
        state = None
    if not isinstance(state, dict):
        raise StoreError(
            f"The history is damaged: {text[:40]!r} is not the state of a row. Nothing was "
            "done; run `annotui verify`, and go back to a backup."
        )
    return state
