"""Checking a whole file, and copying it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from annotui.errors import StoreError
from annotui.storage.versioned import COLUMNS, KEYS, Row, columns_sql, decode, encode

if TYPE_CHECKING:
    from annotui.storage.handle import Handle


def structure_problems(db: Handle) -> list[str]:
    """What SQLite finds wrong with pages, indexes and types; empty when they are sound."""
    found = [row[0] for row in db.conn.execute("PRAGMA integrity_check").fetchall()]
    return [] if found == ["ok"] else [f"SQLite: {line}" for line in found]


def reference_problems(db: Handle) -> list[str]:
    """Which rows point at others that are missing."""
    rows = db.conn.execute("PRAGMA foreign_key_check").fetchall()
    return [
        f"SQLite: {table} row {rowid or '?'} points at a {parent} that is missing"
        for table, rowid, parent, _ in rows
    ]


@dataclass(frozen=True, slots=True)
class History:
    """All of the history in order, and the rows that it should lead to, as one look saw them."""

    entries: list[tuple[str, str, str | None, str, str]]
    rows: dict[str, list[tuple[Any, ...]]]


def read_history(db: Handle) -> History:
    """The history (item, its id, before, after, change) and every versioned row."""
    entries = db.conn.execute(
        "SELECT h.item, h.item_id, h.before, h.after, h.change_id FROM history AS h "
        "LEFT JOIN change AS c ON c.id = h.change_id ORDER BY c.seq"
    ).fetchall()
    rows = {
        table: db.conn.execute(f"SELECT {columns_sql(table, table)} FROM {table}").fetchall()
        for table in COLUMNS
    }
    return History(entries, rows)


def history_problems(history: History) -> tuple[int, list[str]]:
    """How many history rows there are, and where they do not lead to the rows as they stand."""
    problems: list[str] = []
    states: dict[tuple[str, str], str] = {}
    for item, item_id, before, after, change_id in history.entries:
        if not _same(before, states.get((item, item_id))):
            problems.append(
                f"history of {item} {item_id}, change {change_id}: "
                "does not start where the change before it ended"
            )
        states[item, item_id] = after
    for table, rows in history.rows.items():
        names, key = COLUMNS[table], COLUMNS[table].index(KEYS[table])
        for row in rows:
            expected = states.pop((table, row[key]), None)
            if not _same(expected, encode(dict(zip(names, row, strict=True)))):
                lacks = "has no history" if expected is None else "differs from its history"
                problems.append(f"{table} {row[key]}: {lacks}")
    problems += [f"{item} {item_id}: has a history but no row" for item, item_id in states]
    return len(history.entries), problems


def _same(one: str | None, other: str | None) -> bool:
    """Whether two states are equal, however their JSON is spaced."""
    if one == other or one is None or other is None:
        return one == other
    try:
        return decode(one) == decode(other)
    except StoreError:
        return False


def document_ids(db: Handle) -> list[str]:
    """Ids of all documents, removed ones included."""
    return [row[0] for row in db.conn.execute("SELECT id FROM document ORDER BY id").fetchall()]


def document_text(db: Handle, document_id: str) -> tuple[str, int]:
    """Text and stored length of a document; nothing of either where a damaged index hides it."""
    row = db.conn.execute(
        "SELECT text, length FROM document WHERE id = ?", (document_id,)
    ).fetchone()
    return ("", 0) if row is None else (row[0], row[1])


def annotation_rows(db: Handle, document_id: str) -> list[Row]:
    """All annotations of a document as plain rows, removed ones included."""
    names = COLUMNS["annotation"]
    rows = db.conn.execute(
        f"SELECT {columns_sql('annotation', 'a')} FROM annotation AS a WHERE a.document_id = ? "
        'ORDER BY a.start, a."end", a.id',
        (document_id,),
    ).fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]
