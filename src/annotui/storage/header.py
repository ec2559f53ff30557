"""Reading a file's header as plain bytes, so that a wrong file is never opened as a database."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection
from pathlib import Path

from annotui.errors import StoreError
from annotui.storage.migrations import APPLICATION_ID, SCHEMA_VERSION

HEADER_LENGTH = 100
MAGIC = b"SQLite format 3\0"
_WAL = 2
"""The header's write version of a file in WAL mode."""


def look_before_opening(
    path: Path, *, create: bool, open_already: Collection[tuple[int, int]]
) -> None:
    """Refuse what is not a database of annotui's, and what cannot be opened.

    A file that this process has ``open_already`` (device and inode) was looked at before, and is
    not read again: closing a second descriptor would drop the locks that SQLite holds
    (sqlite.org/howtocorrupt.html, 2.2).

    Raises:
        StoreError: then; the file is left as it was.
    """
    try:
        details = path.stat()
        if not stat.S_ISREG(details.st_mode):
            kind = "a folder" if stat.S_ISDIR(details.st_mode) else "a pipe, a socket or a device"
            raise StoreError(f"{path} is {kind}, not a database file. Name a file with --db.")
        if (details.st_dev, details.st_ino) in open_already:
            return
        header, has_journal, size = _look(path)
        if len(header) < min(size, HEADER_LENGTH):  # another program made it in this moment
            header, has_journal, size = _look(path)
    except FileNotFoundError:
        _check_missing(path, create=create)
        return
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise StoreError(f"{path} cannot be read: {reason}. It was left as it is.") from error
    if size == 0 and not create:
        raise empty(path)
    if size:
        _check_header(path, header, size, has_journal=has_journal)


def _look(path: Path) -> tuple[bytes, bool, int]:
    """The header, whether there is a journal, and the size in bytes."""
    with path.open("rb") as file:
        header = file.read(HEADER_LENGTH)
        has_journal = _has_journal(path)
        # Last, since a writer may just be adding pages.
        return header, has_journal, os.fstat(file.fileno()).st_size


def _has_journal(path: Path) -> bool:
    """Whether a writer is at work, or was cut off: then SQLite mends the file first."""
    real = path.resolve()
    journal = real.with_name(real.name + "-journal")
    return journal.exists() and journal.stat().st_size > 0


def _has_wal(path: Path) -> bool:
    """Whether there is a write-ahead log with something in it."""
    real = path.resolve()
    log = real.with_name(real.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def empty(path: Path) -> StoreError:
    """The error to raise where there is a file and nothing in it."""
    return StoreError(
        f"{path} is empty: there is no database in it yet. It was left as it is; "
        "`annotui add ARTICLE` fills it, --db or ANNOTUI_DB names another file."
    )


def _check_missing(path: Path, *, create: bool) -> None:
    if not create:
        raise StoreError(
            f"There is no database at {path}. `annotui add ARTICLE` makes one; --db or ANNOTUI_DB "
            "names another file."
        )
    folder = path.resolve().parent if path.is_symlink() else path.parent
    if not folder.is_dir():
        raise StoreError(
            f"{path} cannot be made: there is no folder {folder.absolute()}. Make it, or name "
            "another file with --db or ANNOTUI_DB."
        )
    if not os.access(folder, os.W_OK):
        raise StoreError(
            f"{path} cannot be made: the folder {folder.absolute()} is not writable. Name a file "
            "elsewhere with --db or ANNOTUI_DB, or start in another folder."
        )


def _check_header(path: Path, header: bytes, size: int, *, has_journal: bool) -> None:
    if len(header) < HEADER_LENGTH or not header.startswith(MAGIC):
        if has_journal:
            return
        raise StoreError(
            f"{path} is not an SQLite database, or its beginning is damaged. It was left as it is; "
            "`annotui recover DAMAGED NEW` saves what can be read of one of annotui's, else name "
            "another file with --db."
        )
    page_size = int.from_bytes(header[16:18], "big")
    page_size = 65536 if page_size == 1 else page_size
    pages = int.from_bytes(header[28:32], "big")
    application = int.from_bytes(header[68:72], "big")
    if application or (pages > 1 and not has_journal):
        refuse_foreign(path, application, int.from_bytes(header[60:64], "big"))
    if header[18] == _WAL:
        _check_wal_folder(path)
    elif _has_wal(path) and not has_journal:
        raise StoreError(
            f"{path}-wal lies beside {path} and does not belong to it: SQLite would take its "
            "content for that of the database. Nothing was opened; move it elsewhere and try again."
        )
    trusted = header[24:28] == header[92:96] and not has_journal
    if trusted and pages * page_size > size:
        raise StoreError(
            f"{path} is damaged: it should have {pages * page_size:,} bytes and has {size:,}. "
            "It was left as it is; go back to a backup, or let `annotui recover DAMAGED NEW` save "
            "what can be read."
        )


def is_in_wal_mode(path: Path) -> bool:
    """Whether another program put the file into SQLite's WAL mode."""
    with path.open("rb") as file:
        return file.read(HEADER_LENGTH)[18:19] == bytes([_WAL])


def has_wal_files(path: Path) -> bool:
    """Whether there are files beside it that belong to a file in WAL mode, as while it is open."""
    real = path.resolve()
    return any(real.with_name(real.name + end).exists() for end in ("-wal", "-shm"))


def _check_wal_folder(path: Path) -> None:
    """A file in WAL mode can only be read with two more files beside it (sqlite.org/wal.html)."""
    real = path.resolve()
    if real.with_name(real.name + "-shm").exists() or os.access(real.parent, os.W_OK):
        return
    raise StoreError(
        f"{path} cannot be read: another program put it into SQLite's WAL mode, which makes files "
        f"beside it even for reading, and {real.parent} is read-only. It was left as it is; copy "
        "it to another folder and name the copy with --db. The first change there ends that mode."
    )


def refuse_foreign(path: Path, application: int, version: int) -> None:
    """Refuse another program's file, and a newer one, by the numbers that SQLite keeps for that."""
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
