"""Opening ``annotations.db`` with care, and the one way to write to it."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from annotui.errors import StoreError
from annotui.storage.migrations import (
    APPLICATION_ID,
    SCHEMA_VERSION,
    expected_triggers,
    migrations,
)
from annotui.storage.sqlite_errors import store_error

if TYPE_CHECKING:
    from sqlite_utils import Database

HEADER_LENGTH = 100
MAGIC = b"SQLite format 3\0"
BUSY_TIMEOUT_S = 5.0


class Store:
    """An open database file. One per thread; every write goes through :meth:`writing`."""

    def __init__(self, path: Path, db: Database) -> None:
        self.path = path
        self._db = db

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """Hold the write lock from the first statement; commit all of it or none.

        Raises:
            BusyError: when another program holds the lock.
            StoreError: when the file cannot be written. Nothing was stored in either case.
        """
        db = self._db
        try:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.conn.in_transaction:
                    db.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise store_error(error, self.path, writing=True) from error

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """One consistent look at the file; nothing is written.

        Raises:
            StoreError: when the file cannot be read.
        """
        db = self._db
        try:
            db.execute("BEGIN")
            try:
                yield db
            finally:
                if db.conn.in_transaction:
                    db.execute("COMMIT")
        except sqlite3.Error as error:
            raise store_error(error, self.path, writing=False) from error

    def data_version(self) -> int:
        """A number that changes when another connection commits to the file."""
        try:
            return int(self._db.execute("PRAGMA data_version").fetchone()[0])
        except sqlite3.Error as error:
            raise store_error(error, self.path, writing=False) from error

    def copy_into(self, target: Path) -> None:
        """Write a compact copy of the file to ``target``, which must not exist."""
        try:
            self._db.execute("VACUUM INTO ?", (str(target),))
        except sqlite3.Error as error:
            raise store_error(error, target, writing=True) from error

    def wait_for_lock(self, seconds: float) -> None:
        """How long a call waits for another program's lock before it gives up."""
        self._db.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")

    def close(self) -> None:
        """Close the connection; the file is the whole truth before and after."""
        self._db.close()


def open_store(path: Path, *, create: bool = False) -> Store:
    """Open the database at ``path``; with ``create``, make it where there is none.

    Raises:
        StoreError: when it is missing, not annotui's, newer, damaged or unreadable. The file is
            left as it was.
    """
    _look_before_opening(path, create=create)
    try:
        connection = _connect(path, create=create)
    except sqlite3.Error as error:
        raise store_error(error, path, writing=create) from error
    try:
        db = _prepare(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise store_error(error, path, writing=create) from error
    except BaseException:
        connection.close()
        raise
    return Store(path, db)


def _connect(path: Path, *, create: bool) -> sqlite3.Connection:
    mode = "rwc" if create else "rw"
    return sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?mode={mode}",
        uri=True,
        isolation_level=None,
        timeout=BUSY_TIMEOUT_S,
    )


def _prepare(connection: sqlite3.Connection, path: Path) -> Database:
    from sqlite_utils import Database

    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA synchronous = EXTRA")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "delete":
        connection.execute("PRAGMA journal_mode = DELETE")
    db = Database(connection, execute_plugins=False)
    if _is_new(connection):
        _migrate(db)
    _check_identity(connection, path)
    if connection.execute("PRAGMA user_version").fetchone()[0] < SCHEMA_VERSION:
        _migrate(db)
    _check_triggers(connection, path)
    connection.execute("PRAGMA foreign_keys = ON")
    return db


def _is_new(connection: sqlite3.Connection) -> bool:
    """Whether the file is empty: no application id, no tables."""
    if connection.execute("PRAGMA application_id").fetchone()[0]:
        return False
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None


def _migrate(db: Database) -> None:
    """Bring the file up to date under the write lock, all of it or nothing."""
    db.execute("BEGIN IMMEDIATE")
    try:
        migrations().apply(db)
        db.execute("COMMIT")
    except BaseException:
        if db.conn.in_transaction:
            db.execute("ROLLBACK")
        raise


def _check_identity(connection: sqlite3.Connection, path: Path) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    _refuse_foreign(path, application, version)


def _refuse_foreign(path: Path, application: int, version: int) -> None:
    if application != APPLICATION_ID:
        raise StoreError(
            f"{path} is an SQLite database, but not one of annotui's. It was left as it is; "
            "name another file with --db or ANNOTUI_DB."
        )
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"{path} was written by a newer annotui (schema {version}; this one knows "
            f"{SCHEMA_VERSION}). It was left as it is; bring annotui up to date."
        )


def _check_triggers(connection: sqlite3.Connection, path: Path) -> None:
    """A trigger runs in our process: one that is not ours, or was altered, is refused."""
    expected = expected_triggers()
    found = dict(
        connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    )
    strange = [name for name, sql in found.items() if expected.get(name) != sql]
    if strange:
        raise StoreError(
            f"{path} has a trigger that is not annotui's: {', '.join(map(repr, strange))}. It was "
            "left as it is; drop the trigger if you know it, or go back to a backup."
        )
    missing = sorted(expected.keys() - found.keys())
    if missing:
        raise StoreError(
            f"{path} lacks annotui's own trigger {missing[0]!r}, which keeps the history whole. "
            "It was left as it is; go back to a backup."
        )


def _look_before_opening(path: Path, *, create: bool) -> None:
    """Read the header as plain bytes, so that a wrong file is never opened as a database."""
    try:
        details = path.stat()
        header = b""
        if stat.S_ISREG(details.st_mode):
            with path.open("rb") as file:
                header = file.read(HEADER_LENGTH)
    except FileNotFoundError:
        _check_missing(path, create=create)
        return
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise StoreError(f"{path} cannot be read: {reason}. Nothing was changed.") from error
    if not stat.S_ISREG(details.st_mode):
        kind = "a folder" if stat.S_ISDIR(details.st_mode) else "not a regular file"
        raise StoreError(f"{path} is {kind}, not a database file. Name a file with --db.")
    journal = path.with_name(path.name + "-journal")
    if details.st_size == 0 or (journal.exists() and journal.stat().st_size):
        return
    _check_header(path, header, details.st_size)


def _check_missing(path: Path, *, create: bool) -> None:
    if not create:
        raise StoreError(
            f"There is no database at {path}. `annotui add ARTICLE` makes one; --db or ANNOTUI_DB "
            "names another file."
        )
    folder = path.absolute().parent
    if not folder.is_dir():
        raise StoreError(f"{path} cannot be made: there is no folder {folder}.")
    if not os.access(folder, os.W_OK):
        raise StoreError(f"{path} cannot be made: the folder {folder} is not writable.")


def _check_header(path: Path, header: bytes, size: int) -> None:
    if len(header) < HEADER_LENGTH or not header.startswith(MAGIC):
        raise StoreError(
            f"{path} is not an SQLite database. It was left as it is; name another file with --db."
        )
    page_size = int.from_bytes(header[16:18], "big")
    page_size = 65536 if page_size == 1 else page_size
    pages = int.from_bytes(header[28:32], "big")
    trusted = header[24:28] == header[92:96]
    if trusted and pages * page_size > size:
        raise StoreError(
            f"{path} is damaged: it should have {pages * page_size:,} bytes and has {size:,}. "
            "It was left as it is; go back to a backup."
        )
    application = int.from_bytes(header[68:72], "big")
    if application or pages > 1:
        _refuse_foreign(path, application, int.from_bytes(header[60:64], "big"))
