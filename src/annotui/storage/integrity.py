"""Checking a whole file, and copying it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from annotui.storage.versioned import COLUMNS, KEYS, Row, columns_sql, decode

if TYPE_CHECKING:
    from sqlite_utils import Database


def sqlite_problems(db: Database) -> list[str]:
    """What SQLite's own checks find wrong; empty when the file is sound."""
    found = [row[0] for row in db.conn.execute("PRAGMA integrity_check").fetchall()]
    problems = [] if found == ["ok"] else [f"SQLite: {line}" for line in found]
    for table, rowid, parent, _ in db.conn.execute("PRAGMA foreign_key_check").fetchall():
        problems.append(f"SQLite: {table} row {rowid or '?'} points at a {parent} that is missing")
    return problems


def history_problems(db: Database) -> tuple[int, list[str]]:
    """How many history rows there are, and where they do not lead to the rows as they stand."""
    problems: list[str] = []
    states: dict[tuple[str, str], Row] = {}
    checked = 0
    for item, item_id, before, after, change_id in db.conn.execute(
        "SELECT h.item, h.item_id, h.before, h.after, h.change_id FROM history AS h "
        "LEFT JOIN change AS c ON c.id = h.change_id ORDER BY c.seq"
    ):
        checked += 1
        where = f"history of {item} {item_id}, change {change_id}"
        try:
            earlier = None if before is None else decode(before)
            states_after = decode(after)
        except ValueError:
            problems.append(f"{where}: is not JSON")
            continue
        if earlier != states.get((item, item_id)):
            problems.append(f"{where}: does not start where the change before it ended")
        states[item, item_id] = states_after
    for table, row in _all_rows(db):
        expected = states.pop((table, row[KEYS[table]]), None)
        if expected != row:
            lacks = "has no history" if expected is None else "differs from its history"
            problems.append(f"{table} {row[KEYS[table]]}: {lacks}")
    problems += [f"{item} {item_id}: has a history but no row" for item, item_id in states]
    return checked, problems


def document_texts(db: Database) -> Iterator[tuple[str, str, int]]:
    """Id, text and stored length of every document, one at a time."""
    ids = [row[0] for row in db.conn.execute("SELECT id FROM document ORDER BY id").fetchall()]
    for document_id in ids:
        row = db.conn.execute(
            "SELECT id, text, length FROM document WHERE id = ?", (document_id,)
        ).fetchone()
        yield row[0], row[1], row[2]


def annotation_rows(db: Database, document_id: str) -> list[Row]:
    """All annotations of a document as plain rows, removed ones included."""
    names = COLUMNS["annotation"]
    rows = db.conn.execute(
        f"SELECT {columns_sql('annotation', 'a')} FROM annotation AS a WHERE a.document_id = ? "
        'ORDER BY a.start, a."end", a.id',
        (document_id,),
    ).fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]


def count(db: Database, table: str) -> int:
    """How many rows ``table`` has."""
    return int(db.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def _all_rows(db: Database) -> Iterator[tuple[str, Row]]:
    for table, names in COLUMNS.items():
        for row in db.conn.execute(f"SELECT {columns_sql(table, table)} FROM {table}"):
            yield table, dict(zip(names, row, strict=True))
