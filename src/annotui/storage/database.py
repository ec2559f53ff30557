"""Opening ``annotations.db`` with care, and the one way to write to it."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from weakref import WeakSet

from annotui.errors import StoreError
from annotui.storage import full_text
from annotui.storage.handle import Handle, all_or_nothing, file_address
from annotui.storage.header import (
    empty,
    has_wal_files,
    is_in_wal_mode,
    look_before_opening,
    refuse_foreign,
)
from annotui.storage.migrations import SCHEMA_VERSION, expected_sql
from annotui.storage.sqlite_errors import SQLITE_ERRORS, damaged, in_words, store_error
from annotui.storage.upgrading import Upgrade, copy_whole, migrate

BUSY_TIMEOUT_S = 5.0

_opening = threading.Lock()


class Store:
    """An open database file. One per thread; every write goes through :meth:`writing`."""

    def __init__(self, path: Path, db: Handle, upgrade: Upgrade | None = None) -> None:
        self.path = path
        self.upgrade = upgrade
        self._db = db
        self._has_rollback_journal = False
        self.file_identity = _identity(path)
        _open_stores.add(self)

    @contextmanager
    def writing(self) -> Iterator[Handle]:
        """Hold the write lock from the first statement; commit all of it or none.

        Raises:
            BusyError: when another program holds the lock.
            StoreError: when the file cannot be written. Nothing was stored in either case.
        """
        db = self._db
        try:
            if not self._has_rollback_journal:
                self._has_rollback_journal = _leave_wal(db.conn)
            with all_or_nothing(db.conn):
                yield db
                full_text.catch_up(db)
        except SQLITE_ERRORS as error:
            raise self._in_words(error, writing=True) from error

    @contextmanager
    def reading(self) -> Iterator[Handle]:
        """One consistent look at the file; nothing is written.

        Raises:
            StoreError: when the file cannot be read.
        """
        db = self._db
        try:
            db.conn.execute("BEGIN")
            try:
                yield db
            finally:
                if db.conn.in_transaction:
                    db.conn.execute("COMMIT")
        except SQLITE_ERRORS as error:
            raise self._in_words(error, writing=False) from error

    def data_version(self) -> int:
        """A number that changes when another connection commits to the file."""
        try:
            return int(self._db.conn.execute("PRAGMA data_version").fetchone()[0])
        except SQLITE_ERRORS as error:
            raise self._in_words(error, writing=False) from error

    def copy_into(self, target: Path, *, shown: Path | None = None) -> None:
        """Write a compact copy of the file to ``target``, which must not exist.

        A message names ``shown`` where that is given.
        """
        try:
            self._db.conn.execute("VACUUM INTO ?", (file_address(target),))
        except SQLITE_ERRORS as error:
            raise store_error(error, shown or target, writing=True) from error

    @contextmanager
    def attached(self, others: Mapping[str, Store]) -> Iterator[None]:
        """Let statements read other open files as schemas of these names; they cannot write them.

        Raises:
            StoreError: when one cannot be read.
        """
        names: list[str] = []
        try:
            for name, other in others.items():
                try:
                    address = f"{file_address(other.path)}?mode=ro"
                    self._db.conn.execute(f"ATTACH ? AS {name}", (address,))
                except SQLITE_ERRORS as error:
                    raise store_error(error, other.path, writing=False) from error
                names.append(name)
            yield
        finally:
            for name in names:
                self._db.conn.execute(f"DETACH {name}")

    def most_attached(self) -> int:
        """How many files can be attached at once."""
        return self._db.conn.getlimit(sqlite3.SQLITE_LIMIT_ATTACHED)

    def wait_for_lock(self, seconds: float) -> None:
        """How long a call waits for another program's lock before it gives up."""
        self._db.conn.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")

    def close(self) -> None:
        """Close the connection; the file is the whole truth before and after."""
        with _opening:
            self._db.conn.close()
            _open_stores.discard(self)

    def _in_words(self, error: sqlite3.Error | UnicodeDecodeError, *, writing: bool) -> Exception:
        """The error to raise; what looks like a bug may come of damage, so that is looked at."""
        found = store_error(error, self.path, writing=writing)
        if found is error:
            try:
                if _is_new(self._db.conn):
                    return empty(self.path)
                _checked_version(self._db.conn, self.path)
            except StoreError as foreign:
                return foreign
            except SQLITE_ERRORS:
                return damaged(self.path, writing=writing)
            try:
                damage = self._db.conn.execute("PRAGMA integrity_check(1)").fetchone()[0]
                if self._db.conn.execute("PRAGMA foreign_key_check").fetchone():
                    damage = "a row points at one that is missing"
            except SQLITE_ERRORS as other:
                damage = str(other)
            if damage != "ok":
                return damaged(self.path, writing=writing)
        return found


_open_stores: WeakSet[Store] = WeakSet()


def open_store(path: Path, *, create: bool = False, keeps_copy: bool = True) -> Store:
    """Open the database at ``path``; with ``create``, make it where there is none.

    An older file is brought up to date; with ``keeps_copy`` it is kept as it was, too.

    Raises:
        StoreError: when it is missing, not annotui's, newer, damaged or unreadable. The file is
            left as it was.
    """
    with _opening:
        open_already = {store.file_identity for store in _open_stores}
        look_before_opening(path, create=create, open_already=open_already)
        with in_words(path, writing=create, opening=True):
            made = _make(path) if create else None
            connection = _connect(path, "rwc" if create else "rw")
        with ExitStack() as undoing:
            undoing.callback(connection.close)
            if made is not None:
                undoing.callback(_unmake, connection, path, made)
            db, upgrade = _prepare(connection, path, create=create, keeps_copy=keeps_copy)
            with in_words(path, writing=create, opening=True):
                store = Store(path, db, upgrade)
            undoing.pop_all()
            return store


def open_other(path: Path, folder: Path) -> Store:
    """Open somebody else's database for reading; the file is left as it is, byte for byte.

    What cannot be read so, since its schema is older or it is in WAL mode, is copied into
    ``folder``, and the copy is brought up to date.

    Raises:
        StoreError: as :func:`open_store`.
    """
    with _opening:
        look_before_opening(path, create=False, open_already=())
        in_wal_mode = is_in_wal_mode(path)
        mode = "ro&immutable=1" if in_wal_mode and not has_wal_files(path) else "ro"
        with in_words(path, writing=False, opening=True):
            before = path.stat()
            connection = _connect(path, mode)
        with ExitStack() as closing_it:
            closing_it.callback(connection.close)
            with in_words(path, writing=False, opening=True):
                connection.execute("PRAGMA trusted_schema = OFF")
                connection.execute("PRAGMA cell_size_check = ON")
                if _is_new(connection):
                    raise empty(path)
                is_old = _checked_version(connection, path) < SCHEMA_VERSION
                if not is_old and not in_wal_mode:
                    _check_own_sql(connection, path)
                    store = Store(path, Handle(connection))
                    closing_it.pop_all()
                    return store
                copy = folder / f"{len(list(folder.iterdir()))}.db"
                copy_whole(connection, copy)
                after = path.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise StoreError(
                f"{path} was written to while it was read. Nothing was done; try again."
            )
    try:
        return open_store(copy, keeps_copy=False)
    except StoreError as error:
        raise StoreError(str(error).replace(str(copy), str(path))) from error


def _make(path: Path) -> tuple[int, int] | None:
    """Make an empty file, and tell which; None where there is something already."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
    except FileExistsError:
        return None
    os.close(descriptor)
    return _identity(path)


def _unmake(connection: sqlite3.Connection, path: Path, made: tuple[int, int]) -> None:
    """Remove the file that was made, unless another program is filling it or has filled it."""
    with suppress(sqlite3.Error, OSError):
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("BEGIN EXCLUSIVE")
        if _identity(path) == made and path.stat().st_size == 0:
            path.unlink()


def _identity(path: Path) -> tuple[int, int]:
    """Device and inode of a file."""
    details = path.stat()
    return details.st_dev, details.st_ino


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{file_address(path)}?mode={mode}",
        uri=True,
        isolation_level=None,
        timeout=BUSY_TIMEOUT_S,
    )


def _prepare(
    connection: sqlite3.Connection, path: Path, *, create: bool, keeps_copy: bool
) -> tuple[Handle, Upgrade | None]:
    upgrade = None
    with in_words(path, writing=create, opening=True):
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute("PRAGMA synchronous = EXTRA")
        db = Handle(connection)
        is_new = _is_new(connection)
    if is_new and not create:
        raise empty(path)
    if is_new:
        migrate(db, path)
    with in_words(path, writing=create, opening=True):
        is_old = _checked_version(connection, path) < SCHEMA_VERSION
    if is_old:
        upgrade = migrate(db, path, keeps_copy=keeps_copy)
    with in_words(path, writing=create, opening=True):
        _check_own_sql(connection, path)
        connection.execute("PRAGMA foreign_keys = ON")
    return db, upgrade


def _leave_wal(connection: sqlite3.Connection) -> bool:
    """Go back to the rollback journal, unless another program has the file open in WAL mode.

    The answer is whether the file is out of WAL mode.
    """
    if connection.execute("PRAGMA main.journal_mode").fetchone()[0] != "wal":
        return True
    timeout_ms = connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        connection.execute("PRAGMA main.journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    else:
        return True
    finally:
        connection.execute(f"PRAGMA busy_timeout = {timeout_ms}")


def _is_new(connection: sqlite3.Connection) -> bool:
    """Whether the file is empty: no application id, no version, no tables."""
    for pragma in ("application_id", "user_version"):
        if connection.execute(f"PRAGMA {pragma}").fetchone()[0]:
            return False
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None


def _checked_version(connection: sqlite3.Connection, path: Path) -> int:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    refuse_foreign(path, application, version)
    return int(version)


def _check_own_sql(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file where a table, view or trigger of ours is missing or altered.

    A trigger runs in our process, so any other is refused too; an analyst's own tables, views
    and indexes may stay.
    """
    expected = expected_sql()
    found = {
        (kind, name): sql
        for kind, name, sql in connection.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'view', 'trigger')"
        ).fetchall()
    }
    strange = [
        name
        for (kind, name), sql in found.items()
        if kind == "trigger" and expected.get((kind, name)) != sql
    ]
    if strange:
        raise StoreError(
            f"{path} has a trigger that is not annotui's: {', '.join(map(repr, strange))}. It was "
            "left as it is; drop the trigger if you know it, or go back to a backup."
        )
    for (kind, name), sql in expected.items():
        if found.get((kind, name)) != sql:
            state = "was altered" if (kind, name) in found else "is missing"
            raise StoreError(
                f"{path} cannot be used: annotui's own {kind} {name!r} {state}. The file was left "
                "as it is; go back to a backup."
            )
