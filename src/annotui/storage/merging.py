"""Bringing the rows and the history of another file in, inside a transaction.

A row's history is a set of entries, each the id of a change and the state that it led to; a file
that has an entry has all that it was built on. So the row of one file is newer than that of
another exactly when its history holds the other's newest entry, and two histories are put together
by putting all entries together. The state of a row is that of its entry with the highest version.
Only where neither file has the other's newest entry, and the two differ in more than times, is
there something to decide; the decision is an entry with a version above both.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from annotui.domain.merging import Conflict, Version
from annotui.storage.versioned import (
    COLUMNS,
    KEYS,
    Row,
    columns_sql,
    content_columns,
    decode,
    fixed_columns,
)

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

LOCAL = ("label",)
"""Tables whose rows each file keeps as they are there; only rows that it lacks come in."""

MERGED = tuple(table for table in COLUMNS if table not in LOCAL)
"""Tables whose rows and history come in."""

_PROVENANCE = ("document", "annotator")
"""Tables whose fixed columns tell how a row came into a file, so that they may differ."""

CHUNK = 5_000
"""Rows that are copied by one statement."""

Watch = Callable[[int], None]
"""Is told how many more rows are in."""

_CHANGE = "id, kind, annotator, changed_at, document_id, target_id, summary"
_COMES_IN = f"item IN ({', '.join(repr(table) for table in MERGED)})"


def find_news(db: Handle, other: str) -> int:
    """Note which changes of the schema ``other`` this file lacks; how many rows they wrote.

    Entries of the log that only say what was merged there are no news by themselves.
    """
    db.conn.execute("DROP TABLE IF EXISTS temp.news")
    db.conn.execute("DROP TABLE IF EXISTS temp.left_out")
    db.conn.execute("CREATE TEMP TABLE news (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE)")
    db.conn.execute(
        "CREATE TEMP TABLE left_out (item TEXT, item_id TEXT, PRIMARY KEY (item, item_id))"
    )
    db.conn.execute(
        f"""INSERT INTO temp.news (id) SELECT c.id FROM {other}.change AS c
        WHERE NOT EXISTS (SELECT 1 FROM main.change AS m WHERE m.id = c.id) ORDER BY c.seq"""
    )
    telling = db.conn.execute(
        f"""SELECT 1 FROM temp.news AS n JOIN {other}.change AS c ON c.id = n.id
        WHERE c.kind <> 'merge' OR EXISTS (
            SELECT 1 FROM {other}.history AS h WHERE h.change_id = c.id AND {_COMES_IN}
        ) LIMIT 1"""
    ).fetchone()
    if telling is None:
        db.conn.execute("DELETE FROM temp.news")
        return 0
    return 1 + int(
        db.conn.execute(
            f"""SELECT count(*) FROM {other}.history
            WHERE change_id IN (SELECT id FROM temp.news) AND {_COMES_IN}"""
        ).fetchone()[0]
    )


def leave_out_strangers(db: Handle, other: str) -> list[tuple[str, str]]:
    """Note, and tell, the rows with an id of this file that are about something else there.

    As when the same marks, ids included, were imported into both under two names.
    """
    found: list[tuple[str, str]] = []
    for table in MERGED:
        key = KEYS[table]
        same = [name for name in fixed_columns(table) if name != key and not name.endswith("_at")]
        if table in _PROVENANCE or not same:
            continue
        differs = " OR ".join(f'o."{name}" IS NOT m."{name}"' for name in sorted(same))
        rows = db.conn.execute(
            f"SELECT m.{key} FROM {other}.{table} AS o JOIN main.{table} AS m ON m.{key} = o.{key} "
            f"WHERE o.change_id <> m.change_id AND ({differs})"
        ).fetchall()
        found += [(table, row[0]) for row in rows]
    db.conn.executemany("INSERT INTO temp.left_out VALUES (?, ?)", found)
    return found


def conflicts(db: Handle, other: str) -> list[Conflict]:
    """The rows that were changed on both sides, in the order of the tables.

    A row that one side has only taken in, as the other did by itself, was not changed there.
    """
    found: list[Conflict] = []
    for table in MERGED:
        key = KEYS[table]
        differs = " OR ".join(f'o."{name}" IS NOT m."{name}"' for name in content_columns(table))
        concurrent = (
            f"NOT {_has_entry(other, table, 'm')} AND (m.version = 1) = (o.version = 1) "
            f"AND ({differs or 'false'})"
        )
        if table == "document":
            concurrent = f"({concurrent}) OR ({_hides_marks(other)})"
        rows = db.conn.execute(
            f"""SELECT {columns_sql(table, "m")}, {columns_sql(table, "o")}
            FROM {other}.{table} AS o JOIN main.{table} AS m ON m.{key} = o.{key}
            WHERE o.change_id <> m.change_id AND NOT {_has_entry("main", table, "o")}
              AND ({concurrent})
              AND (SELECT 1 FROM temp.left_out WHERE item = '{table}' AND item_id = m.{key}) IS NULL
            ORDER BY m.{key}"""
        ).fetchall()
        names = COLUMNS[table]
        for row in rows:
            mine = dict(zip(names, row[: len(names)], strict=True))
            theirs = dict(zip(names, row[len(names) :], strict=True))
            sides = (_version(db, "main", table, mine), _version(db, other, table, theirs))
            found.append(Conflict(table, mine[key], *sides, *_about(db, mine)))
    return found


def _about(db: Handle, row: Row) -> tuple[str, str]:
    """The words and the title that a row is about; empty where it is about none."""
    quote, title, document_id = row.get("quote", ""), row.get("title", ""), row.get("document_id")
    if annotation_id := row.get("annotation_id"):
        sql = "SELECT quote, document_id FROM main.annotation WHERE id = ?"
        quote, document_id = db.conn.execute(sql, (annotation_id,)).fetchone() or ("", None)
    if document_id:
        sql = "SELECT title FROM main.document WHERE id = ?"
        (title,) = db.conn.execute(sql, (document_id,)).fetchone() or ("",)
    return quote, title


def _has_entry(schema: str, table: str, alias: str) -> str:
    """SQL: whether ``schema`` has the newest entry of the row ``alias`` in its history."""
    return f"""EXISTS (SELECT 1 FROM {schema}.history AS h WHERE h.change_id = {alias}.change_id
        AND h.item = '{table}' AND h.item_id = {alias}.{KEYS[table]})"""


def _hides_marks(other: str) -> str:
    """SQL: whether they removed a document that bears marks here of which they did not know."""
    return f"""o.removed = 1 AND m.removed = 0 AND EXISTS (
        SELECT 1 FROM main.annotation AS a WHERE a.document_id = m.id AND a.removed = 0
          AND NOT EXISTS (SELECT 1 FROM {other}.annotation AS x WHERE x.id = a.id))"""


def _version(db: Handle, schema: str, table: str, state: Row) -> Version:
    """A row with the change that made it what it is; decisions of conflicts are looked through."""
    entries = db.conn.execute(
        f"""SELECT h.after, h.before IS NOT NULL, c.id, c.kind, c.annotator, c.changed_at
        FROM {schema}.history AS h JOIN {schema}.change AS c ON c.id = h.change_id
        WHERE h.item = ? AND h.item_id = ?""",
        (table, state[KEYS[table]]),
    ).fetchall()
    names = content_columns(table)
    content = [state[name] for name in names]
    made = [
        entry
        for entry in entries
        if (after := decode(entry[0])) and [after.get(name) for name in names] == content
    ]
    own = [entry for entry in made if entry[3] != "merge"] or made or entries
    newest = max(own, key=lambda entry: (entry[1], entry[2]))
    return Version(state, bool(newest[1]), *newest[2:])


@contextmanager
def unguarded(db: Handle) -> Iterator[None]:
    """Without the triggers that let one change at a time in; they are back before the commit."""
    triggers = db.conn.execute(
        "SELECT name, sql FROM main.sqlite_master WHERE type = 'trigger' "
        "AND name NOT GLOB '*_search_due*'"
    ).fetchall()
    for name, _ in triggers:
        db.conn.execute(f'DROP TRIGGER main."{name}"')
    yield
    for _, sql in triggers:
        db.conn.execute(sql)


def bring(db: Handle, other: str, watch: Watch) -> dict[str, tuple[int, int]]:
    """Bring in what :func:`find_news` found; new rows and rows with a newer version, by table.

    The labels must be there before.
    """
    counts: dict[str, tuple[int, int]] = {}
    with unguarded(db):
        db.conn.execute(
            f"""INSERT INTO main.change ({_CHANGE})
            SELECT {_CHANGE} FROM {other}.change WHERE id IN (SELECT id FROM temp.news)
            ORDER BY seq"""
        )
        _bring_history(db, other, watch)
        for table in MERGED:
            new = _insert_rows(db, other, table)
            counts[table] = (new, _update_rows(db, other, table))
    return counts


def _bring_history(db: Handle, other: str, watch: Watch) -> None:
    """The entries of all news, some changes at a time."""
    columns = "change_id, item, item_id, before, after"
    last = db.conn.execute("SELECT coalesce(max(n), 0) FROM temp.news").fetchone()[0]
    left_out = db.conn.execute("SELECT EXISTS (SELECT 1 FROM temp.left_out)").fetchone()[0]
    kept = "AND (item, item_id) NOT IN (SELECT item, item_id FROM temp.left_out)"
    for first in range(1, last + 1, CHUNK // 10):
        cursor = db.conn.execute(
            f"""INSERT INTO main.history ({columns}) SELECT {columns} FROM {other}.history
            WHERE change_id IN (SELECT id FROM temp.news WHERE n BETWEEN ? AND ?)
              AND {_COMES_IN} {kept if left_out else ""}
            ORDER BY change_id, item, item_id""",
            (first, first + CHUNK // 10 - 1),
        )
        watch(cursor.rowcount)


def _insert_rows(db: Handle, other: str, table: str) -> int:
    """Rows that this file lacks."""
    key = KEYS[table]
    names = [*(f'"{name}"' for name in COLUMNS[table]), "change_id"]
    names += ["text"] if table == "document" else []
    return db.conn.execute(
        f"""INSERT INTO main.{table} ({", ".join(names)})
        SELECT {", ".join(f"o.{name}" for name in names)} FROM {other}.{table} AS o
        WHERE NOT EXISTS (SELECT 1 FROM main.{table} AS m WHERE m.{key} = o.{key})
        ORDER BY o.{"rowid" if table == "document" else key}"""
    ).rowcount


def _update_rows(db: Handle, other: str, table: str) -> int:
    """Rows of which the other file has a newer version."""
    key = KEYS[table]
    names = [name for name in COLUMNS[table] if name not in fixed_columns(table)]
    values = ", ".join(f'"{name}" = o."{name}"' for name in (*names, "change_id"))
    return db.conn.execute(
        f"""UPDATE main.{table} AS m SET {values} FROM {other}.{table} AS o
        WHERE o.{key} = m.{key} AND (o.version, o.change_id) > (m.version, m.change_id)
          AND o.change_id <> m.change_id
          AND (SELECT 1 FROM temp.left_out WHERE item = '{table}' AND item_id = m.{key}) IS NULL"""
    ).rowcount


def incoming_texts(db: Handle, other: str) -> Iterator[tuple[str, str, int]]:
    """Id, text and stored length of every document that this file lacks."""
    yield from db.conn.execute(
        f"""SELECT id, text, length FROM {other}.document AS o
        WHERE NOT EXISTS (SELECT 1 FROM main.document AS m WHERE m.id = o.id)"""
    )


def incoming_marks(db: Handle, other: str) -> Iterator[tuple[Any, ...]]:
    """Every annotation that is new or newer there, document by document."""
    yield from db.conn.execute(
        f"""SELECT o.document_id, o.id, o.start, o."end", o.fragments, o.quote, o.prefix, o.suffix,
            o.line
        FROM {other}.annotation AS o LEFT JOIN main.annotation AS m ON m.id = o.id
        WHERE m.id IS NULL OR o.change_id <> m.change_id
        ORDER BY o.document_id, o.start"""
    )


def text_of(db: Handle, other: str, document_id: str) -> str:
    """The text of a document, of this file where it has it; empty where neither does."""
    for schema in ("main", other):
        row = db.conn.execute(
            f"SELECT text FROM {schema}.document WHERE id = ?", (document_id,)
        ).fetchone()
        if row is not None:
            return str(row[0])
    return ""


def foreign_labels(db: Handle, other: str) -> list[tuple[bool, tuple[str, ...]]]:
    """Whether each label of the other file is retired, and its values, in their order there."""
    rows = db.conn.execute(
        "SELECT removed, name, key, glyph, colour, guideline, example "
        f"FROM {other}.label ORDER BY position, name"
    ).fetchall()
    return [(bool(row[0]), row[1:]) for row in rows]


def renamed(db: Handle, schema: str = "main") -> dict[str, str]:
    """Every name that goes under another, and that other."""
    rows = db.conn.execute(
        f"SELECT name, renamed_to FROM {schema}.annotator WHERE renamed_to IS NOT NULL"
    )
    return dict(rows.fetchall())


def unseen_marks(db: Handle, after_seq: int) -> int:
    """How many annotations came in after the change ``after_seq``, of documents removed here."""
    row = db.conn.execute(
        """SELECT count(*) FROM annotation AS a JOIN change AS c ON c.id = a.change_id
        WHERE a.document_id IN (SELECT id FROM document WHERE removed = 1)
          AND a.removed = 0 AND c.seq > ?""",
        (after_seq,),
    ).fetchone()
    return int(row[0])


def end(db: Handle) -> None:
    """Forget what :func:`find_news` noted."""
    for table in ("news", "left_out"):
        db.conn.execute(f"DROP TABLE IF EXISTS temp.{table}")


REFUSED = (sqlite3.IntegrityError, sqlite3.DataError)
"""What SQLite raises where the other file's rows break the rules of this one."""
