"""What tests of the database have in common: texts, sessions, and plain sqlite3."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from annotui.domain.annotation import Annotation
from annotui.domain.change import Change, ChangeKind
from annotui.domain.document import Document
from annotui.domain.identifier import uuid7
from annotui.formats.plain_text import decode
from annotui.services import library
from annotui.services.session import Session
from annotui.services.workspace import Workspace
from annotui.storage.migrations import expected_sql
from annotui.storage.versioned import insert_row

TEXT = (
    "Minister denies tax plan\n\n“We never planned it,” said the minister, “and never will.”\n"
    "Prices rose 4.5 per cent 👩‍👩‍👧 in May, the office said.\n\nCritics claim the opposite.\n"
)


def take_in(workspace: Workspace, text: str = TEXT, title: str | None = None) -> Document:
    """The document of ``text``, added to the workspace's file."""
    added = library.add_text(workspace, decode(text.encode(), "text.txt"), title=title)
    return library.document(workspace, added.document_id)


def session_on(workspace: Workspace, text: str = TEXT) -> Session:
    """A session on the document of ``text``, which is added where it is new."""
    return Session(workspace, take_in(workspace, text))


def bytes_and_mtime(path: Path) -> tuple[str, int]:
    """What a file is to somebody who asks whether it was written to."""
    return hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns


def plain(path: Path) -> sqlite3.Connection:
    """The file as any other program opens it; every statement commits by itself."""
    return sqlite3.connect(path, isolation_level=None)


def query(path: Path, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows that plain sqlite3 answers."""
    connection = plain(path)
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


def dump(path: Path) -> list[str]:
    """The whole content of a file as SQL."""
    connection = plain(path)
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


@contextmanager
def without_triggers(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that may write anything; the triggers are back afterwards."""
    connection = plain(path)
    triggers = {name: sql for (kind, name), sql in expected_sql().items() if kind == "trigger"}
    for name in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    yield connection
    for sql in triggers.values():
        connection.execute(sql)
    connection.close()


def write_review(
    workspace: Workspace, annotation: Annotation, decision: str, *, version: int | None = None
) -> Change:
    """A reviewer's decision, written as storage writes rows, on any version."""
    with workspace.writing() as db:
        change = workspace.begin(db, ChangeKind.REVIEW, document_id=annotation.document_id)
        row = {
            "id": uuid7(),
            "annotation_id": annotation.annotation_id,
            "annotation_version": version or annotation.version,
            "decision": decision,
            "reason": "",
            "note": "",
            "label": None,
            "start": None,
            "end": None,
            "fragments": "",
            "reviewer": change.annotator,
            "decided_at": change.changed_at,
            "removed": 0,
            "version": 1,
        }
        insert_row(db, "review", row, change.change_id)
    return change
