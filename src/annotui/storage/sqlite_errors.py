"""What SQLite's error codes mean to a user."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from annotui.errors import BusyError, StoreError

SQLITE_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite raises; the second is a message with damaged bytes."""

_BUGS = {
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_INTERNAL,
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_MISUSE,
    sqlite3.SQLITE_RANGE,
}
_WORDS = {
    sqlite3.SQLITE_FULL: "the disk is full. Free some space and try again",
    sqlite3.SQLITE_READONLY: "the file or its folder is read-only. Change its permissions, or "
    "copy it and name the copy with --db",
    sqlite3.SQLITE_PERM: "permission was refused. Change the file's permissions and try again",
    sqlite3.SQLITE_CANTOPEN: "the file or its folder cannot be opened. Look at the permissions of "
    "both and try again",
    sqlite3.SQLITE_CORRUPT: "the file is damaged. Go back to a backup, or run "
    "`annotui recover DAMAGED NEW`, which saves what can be read",
    sqlite3.SQLITE_NOTADB: "the file is not a database, or is encrypted. Name another with --db, "
    "or go back to a backup",
    sqlite3.SQLITE_IOERR: "reading or writing the disk failed. Look at the disk and try again",
    sqlite3.SQLITE_TOOBIG: "a text is larger than SQLite allows",
    sqlite3.SQLITE_NOMEM: "there is not enough memory",
}
_UNSAFE = re.compile(r"(\((?P<name>.*)\) - )?unsafe use of (?P<function>.*)")
_MOVED = 1032  # SQLITE_READONLY_DBMOVED
_CUT_OFF = 776  # SQLITE_READONLY_ROLLBACK


def store_error(
    error: sqlite3.Error | UnicodeDecodeError, path: Path, *, writing: bool, opening: bool = False
) -> Exception:
    """The error to raise in place of ``error``: a StoreError in words, or itself where it is a bug.

    While a file is ``opening`` only fixed SQL runs, so that what it cannot make sense of is damage.

    Source: sqlite.org/rescode.html.
    """
    outcome = "Not saved" if writing else "Not read"
    state = " Nothing was changed." if writing else ""
    full_code = getattr(error, "sqlite_errorcode", None)
    if full_code is None:
        undecodable = isinstance(error, UnicodeDecodeError) or "Could not decode" in str(error)
        return damaged(path, writing=writing, opening=opening) if undecodable else error
    code = full_code & 0xFF
    if unsafe := _UNSAFE.search(str(error)):
        culprit = repr(unsafe["name"]) if unsafe["name"] else "an index, view or trigger"
        return StoreError(
            f"{outcome}: {path}: {culprit} calls {unsafe['function']}, which annotui does not run "
            "in a file from elsewhere. Nothing was done; drop it and try again."
        )
    if opening and code in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT):
        return damaged(path, writing=writing, opening=True)
    if code in _BUGS:
        return error
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return BusyError(
            f"{outcome}: another program holds the lock of {path}.{state} "
            "Try again when it is done."
        )
    if full_code == _MOVED:
        return StoreError(
            f"{outcome}: {path} was moved, replaced or deleted while it was open. What was stored "
            "before is in the old file; put it back, or quit and start again."
        )
    if full_code == _CUT_OFF:
        return StoreError(
            f"{outcome}: a program was cut off while it wrote to {path}, and the file is only read "
            f"here. Nothing was done; `annotui verify --db {path}` puts it in order, or ask for a "
            "whole copy."
        )
    words = _WORDS.get(code, f"SQLite says {error}")
    return StoreError(f"{outcome}: {path}: {words}.{state}")


@contextmanager
def in_words(path: Path, *, writing: bool, opening: bool = False) -> Iterator[None]:
    """Raise what SQLite or the system says of ``path`` as :func:`store_error` does."""
    try:
        yield
    except SQLITE_ERRORS as error:
        raise store_error(error, path, writing=writing, opening=opening) from error
    except OSError as error:
        raise StoreError(
            f"{path} cannot be opened: {error.strerror or error}. It was left as it is."
        ) from error


def damaged(path: Path, *, writing: bool, opening: bool = False) -> StoreError:
    """The error to raise where the file itself is found damaged."""
    outcome = "Not saved" if writing else "Not read"
    if opening:
        return StoreError(
            f"{path} is damaged so that it cannot be opened. It was left as it is; go back to a "
            "backup, or run `annotui recover DAMAGED NEW`, which saves what can be read."
        )
    state = " Nothing was changed." if writing else ""
    return StoreError(f"{outcome}: {path}: {_WORDS[sqlite3.SQLITE_CORRUPT]}.{state}")
