"""Getting every row that can still be read out of a damaged file.

The file itself is never opened as a database; a copy is. What the ``sqlite3`` program recovers is
taken where the program is installed and can do so, and then whatever else the pages hold.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from annotui.domain.document import document_id_of
from annotui.errors import StoreError
from annotui.storage.header import is_in_wal_mode
from annotui.storage.migrations import expected_sql
from annotui.storage.pages import Pages, Record
from annotui.storage.schema_parts import UUID7
from annotui.storage.versioned import COLUMNS, KEYS, Row, decode

PROGRAM = "sqlite3"
PROGRAM_TIMEOUT_S = 1800
_ID = re.compile(UUID7)
_LOST = "lost_and_found"
_UNREADABLE = (sqlite3.Error, UnicodeDecodeError)
_REFUSED = (sqlite3.IntegrityError, sqlite3.DataError, OverflowError, UnicodeError)


class Layout(NamedTuple):
    """How the rows of a table lie in the file: their columns in order, and which is the rowid."""

    columns: tuple[str, ...]
    has_rowid: bool
    alias: str


class Entry(NamedTuple):
    """One entry of the history with the number of its change."""

    seq: int
    before: str | None
    after: str
    change_id: str


class Salvage:
    """The rows that could be read, in tables like annotui's but without rules across tables."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; BEGIN")
        self._layouts: dict[str, Layout] = {}
        for table in ("change", "history", *COLUMNS):
            sql = expected_sql()["table", table]
            self._db.execute(sql)
            self._layouts[table] = self._layout(table, sql)
        self.unreadable = 0

    def _layout(self, table: str, sql: str) -> Layout:
        found = self._db.execute(f"PRAGMA table_xinfo({table})").fetchall()
        keys = [name for _, name, *_, key, _ in sorted(found, key=lambda one: one[5]) if key]
        names = [one[1] for one in found]
        if "WITHOUT ROWID" in sql:
            return Layout((*keys, *(name for name in names if name not in keys)), False, "")
        alias = next((one[1] for one in found if one[2] == "INTEGER" and one[5]), "")
        return Layout(tuple(names), True, alias)

    def close(self) -> None:
        """Forget all of it."""
        self._db.close()

    # --- taking in ---------------------------------------------------------------------------

    def take_record(self, record: Record) -> None:
        """Keep a record as a row of the table that it fits, if it fits any."""
        for table, layout in self._layouts.items():
            if len(record.values) != len(layout.columns):
                continue
            if layout.has_rowid is not (record.rowid is not None):
                continue
            row: Row = dict(zip(layout.columns, record.values, strict=True))
            if layout.alias:
                row[layout.alias] = record.rowid
            if self.take(table, row):
                return

    def take(self, table: str, row: Mapping[str, Any]) -> bool:
        """Keep a row, unless a newer version of it is there; whether the table can hold it.

        A document whose text is not the one that its id is made of is not kept.
        """
        if table == "history":
            fits = row.get("item") in COLUMNS and _is_state(row.get("after"))
        else:
            mark = row.get("id" if table == "change" else "change_id")
            fits = isinstance(mark, str) and _ID.fullmatch(mark) is not None
        if table == "document":
            text = row.get("text")
            fits = fits and isinstance(text, str) and document_id_of(text) == row.get("id")
        if not fits:
            return False
        names = [name for name in self._layouts[table].columns if name in row]
        newer = "DO NOTHING"
        if table in COLUMNS:
            values = ", ".join(f'"{name}" = excluded."{name}"' for name in names)
            newer = f"DO UPDATE SET {values} WHERE excluded.version > {table}.version"
        columns = ", ".join(f'"{name}"' for name in names)
        try:
            self._db.execute(
                f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(names))}) "
                f"ON CONFLICT {newer}",
                tuple(row[name] for name in names),
            )
        except _REFUSED:
            return False
        return True

    # --- looking at --------------------------------------------------------------------------

    def rows(self, table: str) -> dict[str, Row]:
        """Rows by their key, in the history's columns and with the id of their change."""
        names = [*COLUMNS[table], "change_id"]
        columns = ", ".join(f'"{name}"' for name in names)
        found = self._db.execute(f"SELECT {columns} FROM {table}").fetchall()
        rows = [dict(zip(names, values, strict=True)) for values in found]
        return {row[KEYS[table]]: row for row in rows}

    def changes(self) -> dict[str, Row]:
        """The log by id, oldest first."""
        names = self._layouts["change"].columns
        found = self._db.execute(f"SELECT {', '.join(names)} FROM change ORDER BY seq").fetchall()
        return {row[1]: dict(zip(names, row, strict=True)) for row in found}

    def entries(self) -> dict[tuple[str, str], list[Entry]]:
        """The history of each item in order; -1 stands for the number of a change that is lost."""
        found = self._db.execute(
            "SELECT h.item, h.item_id, coalesce(c.seq, -1), h.before, h.after, h.change_id "
            "FROM history AS h LEFT JOIN change AS c ON c.id = h.change_id ORDER BY 3"
        ).fetchall()
        entries: dict[tuple[str, str], list[Entry]] = {}
        for item, item_id, *entry in found:
            entries.setdefault((item, item_id), []).append(Entry(*entry))
        return entries

    def text(self, document_id: str) -> str:
        """The text of a document."""
        found = self._db.execute("SELECT text FROM document WHERE id = ?", (document_id,))
        return str(found.fetchone()[0])

    def parents(self, table: str) -> list[tuple[str, str, bool]]:
        """Which columns point at which table, and whether they may be empty."""
        found = self._db.execute(f"PRAGMA foreign_key_list({table})").fetchall()
        needed = {one[1]: bool(one[3]) for one in self._db.execute(f"PRAGMA table_xinfo({table})")}
        return [(one[3], one[2], not needed[one[3]]) for one in found if one[2] != "change"]

    def accepts(self, table: str, row: Row) -> bool:
        """Whether the table's own rules let the row in, apart from a document's text."""
        if set(row) != {*COLUMNS[table], "change_id"}:
            return False
        values = dict(row) | ({"text": "text"} if table == "document" else {})
        columns = ", ".join(f'"{name}"' for name in values)
        self._db.execute("SAVEPOINT trial")
        try:
            self._db.execute(
                f"INSERT OR REPLACE INTO {table} ({columns}) VALUES "
                f"({', '.join('?' * len(values))})",
                tuple(values.values()),
            )
        except (*_REFUSED, sqlite3.ProgrammingError):
            return False
        finally:
            self._db.execute("ROLLBACK TO trial")
            self._db.execute("RELEASE trial")
        return True


def salvage(damaged: Path, folder: Path) -> Salvage:
    """Read what can be read of ``damaged``; copies and temporary files are put into ``folder``.

    Raises:
        StoreError: when it cannot be read at all. It is left as it was in any case.
    """
    copy = folder / "damaged.db"
    try:
        real = damaged.resolve()
        log = ("-wal",) if is_in_wal_mode(real) else ()  # any other is not this file's
        for end in ("", "-journal", *log):
            if not end or real.with_name(real.name + end).is_file():
                shutil.copyfile(real.with_name(real.name + end), copy.with_name(copy.name + end))
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise StoreError(f"{damaged} cannot be read: {reason}. Nothing was written.") from error
    with (
        suppress(*_UNREADABLE),
        closing(sqlite3.connect(copy, isolation_level=None)) as connection,
    ):
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()  # takes the journal in
        connection.execute("PRAGMA journal_mode = DELETE")
    found = Salvage(folder / "rows.db")
    if recovered := _by_program(copy, folder):
        with closing(recovered):
            _take_tables(found, recovered)
    pages = Pages(copy.read_bytes())
    for record in pages.records():
        found.take_record(record)
    found.unreadable = pages.unreadable
    return found


def _by_program(copy: Path, folder: Path) -> sqlite3.Connection | None:
    """What the ``sqlite3`` program recovers, as a database; None where there is no program.

    Source: sqlite.org/recovery.html. Some systems ship the program without it; then it is empty.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        return None
    recovered = folder / "recovered.db"
    with (folder / "recovered.sql").open("w+b") as script:
        for arguments, streams in (
            ((copy, ".recover"), {"stdin": subprocess.DEVNULL, "stdout": script}),
            ((recovered,), {"stdin": script, "stdout": subprocess.DEVNULL}),
        ):
            script.seek(0)
            with suppress(OSError, subprocess.TimeoutExpired):
                subprocess.run(  # noqa: S603 (the program and the names are ours)
                    [program, "-batch", "-init", "/dev/null", *map(str, arguments)],
                    **streams,  # type: ignore[call-overload]
                    stderr=subprocess.DEVNULL,
                    timeout=PROGRAM_TIMEOUT_S,
                    check=False,
                )
    address = f"file:{quote(str(recovered))}?mode=ro"
    try:
        connection = sqlite3.connect(address, uri=True, isolation_level=None)
        connection.execute("PRAGMA trusted_schema = OFF")
    except sqlite3.Error:
        return None
    connection.text_factory = _text_or_bytes
    return connection


def _text_or_bytes(value: bytes) -> str | bytes:
    """Damaged text stays bytes, so that no table takes it for text."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value


def _take_tables(found: Salvage, recovered: sqlite3.Connection) -> None:
    """Take rows of tables by their names, and of what has lost its table by its shape."""
    with suppress(*_UNREADABLE):
        tables = recovered.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for table in (name for (name,) in tables if isinstance(name, str)):
            with suppress(*_UNREADABLE):
                cursor = recovered.execute(f'SELECT * FROM "{table.replace(chr(34), chr(34) * 2)}"')
                names = [column[0] for column in cursor.description]
                for values in cursor:
                    if table in ("change", "history", *COLUMNS):
                        found.take(table, dict(zip(names, values, strict=True)))
                    elif table.startswith(_LOST):
                        _, _, length, rowid, *cells = values
                        found.take_record(Record(rowid, tuple(cells[:length])))


def _is_state(text: object) -> bool:
    if not isinstance(text, str):
        return False
    with suppress(StoreError, json.JSONDecodeError, RecursionError):
        return bool(decode(text))
    return False
