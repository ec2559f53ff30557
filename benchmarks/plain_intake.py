"""The least that storing articles takes: the same rows as annotui's, written by plain sqlite3.

``python plain_intake.py DATABASE FOLDER``; the database is one of annotui's. Each file is read,
hashed and stored with its change, its history, its line of the catalogue and its words, in
transactions as large and as durable as annotui's; nothing is checked and nobody is told.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
import time
import uuid
from pathlib import Path

BATCH = 500
NOW = "2026-01-01T00:00:00.000Z"
NAMES = (
    *("id", "title", "source", "added_at", "newline", "encoding", "original_sha256", "length"),
    *("replaces", "metadata", "removed", "version"),
)
DOCUMENT = f"INSERT INTO document ({', '.join(NAMES)}, change_id, text) VALUES (?{', ?' * 13})"


def main(database: Path, folder: Path) -> None:
    """Store every file of the folder."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA synchronous = EXTRA")
    connection.execute("PRAGMA foreign_keys = ON")
    (number,) = connection.execute("SELECT max(number) FROM catalogue").fetchone()
    files = sorted(folder.iterdir())
    for first in range(0, len(files), BATCH):
        connection.execute("BEGIN IMMEDIATE")
        for path in files[first : first + BATCH]:
            number += 1
            store(connection, number, path)
        connection.execute("DELETE FROM search_due")
        connection.execute("COMMIT")
    connection.close()


def store(connection: sqlite3.Connection, number: int, path: Path) -> None:
    """Store a document and all that goes with it."""
    data = path.read_bytes()
    text = data.decode("utf-8")
    document_id = hashlib.sha256(text.encode()).hexdigest()
    title, change_id = text.partition("\n")[0], new_id(number)
    values = (
        *(document_id, title, str(path), NOW, "lf", "utf-8"),
        *(hashlib.sha256(data).hexdigest(), len(text), None, "{}", 0, 1),
    )
    connection.execute(
        "INSERT INTO change (id, kind, annotator, changed_at, document_id, summary) "
        "VALUES (?, 'add', 'bench', ?, ?, ?)",
        (change_id, NOW, document_id, title),
    )
    state = json.dumps(dict(zip(NAMES, values, strict=True)), ensure_ascii=False)
    connection.execute(
        "INSERT INTO history (change_id, item, item_id, before, after) "
        "VALUES (?, 'document', ?, NULL, ?)",
        (change_id, document_id, state),
    )
    connection.execute(DOCUMENT, (*values, change_id, text))
    connection.execute(
        "INSERT INTO catalogue VALUES (?, ?, ?, ?, ?, '', ?, 0, ?)",
        (number, document_id, title, str(path), NOW, len(text.split()), f"{title}\n{path}".lower()),
    )
    connection.execute(
        "INSERT INTO document_search (rowid, title, text) VALUES (?, ?, ?)", (number, title, text)
    )


def new_id(number: int) -> str:
    """A UUID of version 7."""
    milliseconds = time.time_ns() // 1_000_000 + 1_000
    return str(uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | 0b10 << 62 | number))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
