"""Bringing a file up to date, with a copy of it as it was."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from annotui.errors import StoreError
from annotui.storage import full_text
from annotui.storage.handle import Handle
from annotui.storage.migrations import migrations


def keep_as_it_was(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """Copy a file of an older schema beside it before it is brought up to date.

    A copy that is there already, as of a run that was cut off, is left as it is.

    Raises:
        StoreError: when the file is damaged, or there is no room for the copy.
    """
    real = path.resolve()
    kept = real.with_name(f"{real.name}.schema-{version}")
    if os.path.lexists(kept):
        return
    if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise StoreError(
            f"{path} is of an older annotui and damaged. It was left as it is; go back to a "
            "backup, or let `annotui recover DAMAGED NEW` save what can be read."
        )
    part = real.with_name(f".{kept.name}.{os.getpid()}")
    try:
        connection.execute("VACUUM INTO ?", ("file:" + quote(os.fsencode(part)),))
        part.chmod(real.stat().st_mode & 0o666)
        descriptor = os.open(part, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
        part.rename(kept)
    except sqlite3.Error as error:
        raise StoreError(
            f"{path} is of an older annotui, and before it is brought up to date a copy has to go "
            f"to {kept.name}, which failed: {error}. It was left as it is; make room there, or "
            "copy the file elsewhere and name the copy with --db."
        ) from error
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def migrate(db: Handle) -> None:
    """Take all steps that the file lacks, under the write lock, all of them or none."""
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        migrations().apply(db.tables)
        full_text.catch_up(db)
        db.conn.execute("COMMIT")
    except BaseException:
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK")
        raise
