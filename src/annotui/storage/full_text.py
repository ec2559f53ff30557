"""Keeping catalogue and full-text index in step with documents and notes."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

from annotui.domain.text_query import folded

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

DAMAGED_INDEX = (sqlite3.SQLITE_CORRUPT | (1 << 8), sqlite3.SQLITE_CORRUPT)
"""What SQLite answers where a full-text table makes no sense: SQLITE_CORRUPT_VTAB, or less."""

_CATALOGUE = """INSERT INTO catalogue
(document_id, title, source, added_at, published, words, removed, folded)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""


def is_due(db: Handle) -> bool:
    """Whether something was written that the index does not know."""
    return db.conn.execute("SELECT 1 FROM search_due LIMIT 1").fetchone() is not None


def catch_up(db: Handle) -> None:
    """Bring the index into step, inside a transaction that writes.

    An index that is damaged is left behind, since no mark may be lost for it; `verify` tells.
    """
    if not is_due(db):
        return
    db.conn.execute("SAVEPOINT catching_up")
    try:
        _catch_up(db)
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", None) not in DAMAGED_INDEX:
            raise
        db.conn.execute("ROLLBACK TO catching_up")
    db.conn.execute("RELEASE catching_up")


def rebuild(db: Handle) -> None:
    """Make index and catalogue anew from documents and notes, inside a transaction."""
    for table in ("document_search", "note_search"):
        db.conn.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
    for table in ("catalogue", "noted", "search_due"):
        db.conn.execute(f"DELETE FROM {table}")
    db.conn.execute(
        "INSERT INTO search_due SELECT 'document', id FROM document UNION ALL "
        "SELECT 'annotation', id FROM annotation WHERE note <> ''"
    )
    _catch_up(db)


def _catch_up(db: Handle) -> None:
    """Look at all that is due, documents in the order of their arrival."""
    documents = db.conn.execute(
        """SELECT d.id FROM search_due AS s JOIN document AS d ON d.id = s.item_id
        WHERE s.item = 'document' ORDER BY d.rowid"""
    ).fetchall()
    for (document_id,) in documents:
        _document(db, document_id)
    notes = db.conn.execute(
        "SELECT item_id FROM search_due WHERE item = 'annotation' ORDER BY item_id"
    ).fetchall()
    for (annotation_id,) in notes:
        _note(db, annotation_id)
    db.conn.execute("DELETE FROM search_due")


def _document(db: Handle, document_id: str) -> None:
    known = db.conn.execute(
        "SELECT number, title, words FROM catalogue WHERE document_id = ?", (document_id,)
    ).fetchone()
    title, source, added_at, metadata, removed, text = db.conn.execute(
        "SELECT title, source, added_at, metadata, removed, text FROM document WHERE id = ?",
        (document_id,),
    ).fetchone()
    words = known[2] if known else count_words(text)
    row = (title, source, added_at, published(metadata), words, removed, _key(title, source))
    if known is None:
        number = db.conn.execute(_CATALOGUE, (document_id, *row)).lastrowid
    else:
        number = known[0]
        if known[1] != title:
            db.conn.execute(
                "INSERT INTO document_search (document_search, rowid, title, text) "
                "VALUES ('delete', ?, ?, ?)",
                (number, known[1], text),
            )
        db.conn.execute(
            "UPDATE catalogue SET title = ?, source = ?, added_at = ?, published = ?, words = ?, "
            "removed = ?, folded = ? WHERE number = ?",
            (*row, number),
        )
    if known is None or known[1] != title:
        db.conn.execute(
            "INSERT INTO document_search (rowid, title, text) VALUES (?, ?, ?)",
            (number, title, text),
        )


def _note(db: Handle, annotation_id: str) -> None:
    row = db.conn.execute("SELECT note FROM annotation WHERE id = ?", (annotation_id,)).fetchone()
    known = db.conn.execute(
        "SELECT number, note FROM noted WHERE annotation_id = ?", (annotation_id,)
    ).fetchone()
    note = row[0] if row else ""
    if known is not None:
        db.conn.execute(
            "INSERT INTO note_search (note_search, rowid, note) VALUES ('delete', ?, ?)", known
        )
        db.conn.execute("DELETE FROM noted WHERE number = ?", known[:1])
    if note:
        number = db.conn.execute(
            "INSERT INTO noted (annotation_id, note) VALUES (?, ?)", (annotation_id, note)
        ).lastrowid
        db.conn.execute("INSERT INTO note_search (rowid, note) VALUES (?, ?)", (number, note))


def count_words(text: str) -> int:
    """How many words a text has, as white space parts them."""
    return len(text.split())


def published(metadata: str) -> str:
    """When an article was published, where that is known."""
    try:
        known = json.loads(metadata)
    except ValueError:
        return ""
    return str(known.get("published", "")) if isinstance(known, dict) else ""


def _key(title: str, source: str) -> str:
    """What a filter compares: title and source, folded."""
    return folded(f"{title}\n{source}")


# --- checking --------------------------------------------------------------------------------


def problems(db: Handle) -> list[str]:
    """Where the index is not in step, but for what is due; nothing is written."""
    found: list[str] = []
    unlike = db.conn.execute(
        """SELECT d.id FROM document AS d LEFT JOIN catalogue AS c ON c.document_id = d.id
        WHERE (c.number IS NULL OR (c.title, c.source, c.added_at, c.removed)
            IS NOT (d.title, d.source, d.added_at, d.removed))
          AND d.id NOT IN (SELECT item_id FROM search_due WHERE item = 'document')"""
    ).fetchall()
    found += [f"catalogue: document {one[:12]} is missing or differs" for (one,) in unlike]
    unlike = db.conn.execute(
        """SELECT a.id FROM annotation AS a LEFT JOIN noted AS n ON n.annotation_id = a.id
        WHERE a.note IS NOT coalesce(n.note, '')
          AND a.id NOT IN (SELECT item_id FROM search_due WHERE item = 'annotation')"""
    ).fetchall()
    found += [f"search index: the note of annotation {one} is missing" for (one,) in unlike]
    for table, content in (("document_search", "catalogue"), ("note_search", "noted")):
        try:
            found += _index_problems(db, table, content)
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", None) not in DAMAGED_INDEX:
                raise
            found.append(f"search index: {table} is damaged")
    return found


def _index_problems(db: Handle, table: str, content: str) -> list[str]:
    """Whether a full-text table has just the rows of its content, and all their words."""
    numbers, indexed = (
        {number for (number,) in db.conn.execute(sql).fetchall()}
        for sql in (f"SELECT number FROM {content}", f"SELECT id FROM {table}_docsize")
    )
    if numbers != indexed:
        return [f"search index: {table} lacks a row or has one too many"]
    db.conn.execute(
        f"CREATE VIRTUAL TABLE temp.terms_of_{table} USING fts5vocab('main', '{table}', 'row')"
    )
    try:
        kept = db.conn.execute(f"SELECT coalesce(sum(cnt), 0) FROM temp.terms_of_{table}")
        words = int(kept.fetchone()[0])
    finally:
        db.conn.execute(f"DROP TABLE temp.terms_of_{table}")
    sizes = db.conn.execute(f"SELECT sz FROM {table}_docsize").fetchall()
    told = sum(sum(_varints(size)) for (size,) in sizes)
    if words != told:
        return [f"search index: {table} has {words:,} words, {told:,} were put in"]
    return []


def _varints(packed: bytes) -> list[int]:
    """The numbers in SQLite's variable-length form (sqlite.org/fileformat2.html, 1.6)."""
    numbers, value = [], 0
    for byte in packed:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            numbers.append(value)
            value = 0
    return numbers
