"""What the SQL of this room runs on."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
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


_STEPS = 50_000
"""Steps of SQLite's machine (a few milliseconds) between two questions whether to go on."""


@contextmanager
def while_wanted(db: Handle, is_wanted: Callable[[], bool]) -> Iterator[None]:
    """Have SQLite break off what it reads soon after it is not wanted any more."""
    db.conn.set_progress_handler(lambda: not is_wanted(), _STEPS)
    try:
        yield
    finally:
        db.conn.set_progress_handler(None, 0)


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
