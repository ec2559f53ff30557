"""Bringing an older file up to date; a copy of it as it was is kept beside it."""

from __future__ import annotations

import filecmp
import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from annotui.errors import StoreError
from annotui.storage import full_text
from annotui.storage.handle import Handle, all_or_nothing, file_address
from annotui.storage.migrations import SCHEMA_VERSION, migrations
from annotui.storage.permissions import no_more_readable
from annotui.storage.sqlite_errors import SQLITE_ERRORS, damaged, in_words, store_error


@dataclass(frozen=True, slots=True)
class Upgrade:
    """From which schema a file was brought up to date, and where it is kept as it was."""

    version: int
    copy: Path


def migrate(db: Handle, path: Path, *, keeps_copy: bool = True) -> Upgrade | None:
    """Bring the file up to date under the write lock, all of it or nothing.

    A file that had a schema before is copied first; the answer is None where it had none, where
    another program was faster, or where no copy is wanted.

    Raises:
        StoreError: when it cannot be copied or written; it is left as it was.
    """
    upgrade = None
    steps, tables = migrations(), db.tables  # what they import is not waited for under the lock
    with in_words(path, writing=True), all_or_nothing(db.conn):
        version = db.conn.execute("PRAGMA user_version").fetchone()[0]
        if keeps_copy and 0 < version < SCHEMA_VERSION:
            upgrade = Upgrade(version, _kept(path, version))
        steps.apply(tables)
        db.conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        full_text.catch_up(db)
    return upgrade


def copy_whole(connection: sqlite3.Connection, copy: Path) -> None:
    """Copy every page to ``copy``, which is new or empty, and is not in WAL mode afterwards."""
    target = sqlite3.connect(copy, isolation_level=None)
    try:
        # Whoever copies takes care that a half copy is never used.
        target.execute("PRAGMA journal_mode = OFF")
        connection.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")
    finally:
        target.close()


def _kept(path: Path, version: int) -> Path:
    """Copy the file, whose write lock is held, and check the copy; the answer is where it is."""
    real = path.resolve()
    beside = real.with_name(f"{real.name}.schema-{version}.partial")
    try:
        with _new_file(beside, real):
            _copy_and_check(real, path, beside)
            return _in_place(beside, real, version)
    except OSError as error:
        raise StoreError(
            f"{path} was written by an older annotui (schema {version}; this one uses "
            f"{SCHEMA_VERSION}) and was left as it is: before it is brought up to date, a copy is "
            f"kept in {real.parent}, and that failed: {error.strerror or error}. Make room or "
            "change the folder's permissions, or copy the file elsewhere and name it with --db."
        ) from error


@contextmanager
def _new_file(beside: Path, source: Path) -> Iterator[None]:
    """An empty file that nobody may read who may not read ``source``; it is gone on failure."""
    beside.unlink(missing_ok=True)
    os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with ExitStack() as undoing:
        undoing.callback(beside.unlink, missing_ok=True)
        no_more_readable(beside, source, source.stat().st_mode)
        yield
        undoing.pop_all()


def _copy_and_check(real: Path, path: Path, beside: Path) -> None:
    try:
        # A second connection, since the one that holds the lock may not be copied from.
        with closing(sqlite3.connect(f"{file_address(real)}?mode=ro", uri=True)) as source:
            copy_whole(source, beside)
        with closing(sqlite3.connect(beside)) as copied:
            is_sound = copied.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    except SQLITE_ERRORS as error:
        raise store_error(error, path, writing=True) from error
    if not is_sound:
        raise damaged(path, writing=True)


def _in_place(beside: Path, real: Path, version: int) -> Path:
    """Give the copy its name; one that is kept already, as after a power cut, will do."""
    _sync(beside)
    for number in count(1):
        again = "" if number == 1 else f"-{number}"
        kept = real.with_name(f"{real.name}.schema-{version}{again}")
        if not os.path.lexists(kept):
            break
        if kept.is_file() and filecmp.cmp(kept, beside, shallow=False):
            beside.unlink()
            return kept
    beside.rename(kept)
    with suppress(OSError):  # some file systems cannot sync a folder; the file is there
        _sync(real.parent)
    return kept


def _sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
