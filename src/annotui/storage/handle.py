"""What the SQL of this room runs on."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from sqlite_utils import Database


class Handle:
    """A connection; hot reads and writes are plain SQL on ``conn``.

    ``tables`` is sqlite-utils' view of the same connection, for migrations and whatever is more
    than a statement. It is made when it is first asked for: importing sqlite-utils takes as long
    as painting the first screen.
    """

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.conn = conn
        self._tables: Database | None = None

    @property
    def tables(self) -> Database:
        """The connection as sqlite-utils sees it, without plugins."""
        if self._tables is None:
            from sqlite_utils import Database

            self._tables = Database(self.conn, execute_plugins=False)
        return self._tables


def file_address(path: Path) -> str:
    """The ``file:`` address of a path, of whatever bytes its name is."""
    return "file:" + quote(os.fsencode(path.absolute()))


@contextmanager
def all_or_nothing(conn: sqlite3.Connection) -> Iterator[None]:
    """Hold the write lock from the first statement; commit all of it or none."""
    conn.execute("BEGIN IMMEDIATE")
    try:
        yield
        conn.execute("COMMIT")
    finally:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
