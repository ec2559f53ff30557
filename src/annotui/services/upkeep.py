"""Looking after the file: verify, backup, and whose marks are whose."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotui.domain.annotation import CONTEXT_LENGTH
from annotui.domain.change import ChangeKind
from annotui.domain.document import Document, document_id_of
from annotui.domain.span import FRAGMENT_JOINT
from annotui.errors import BusyError, ConfigError, ExportError, StoreError
from annotui.services.interchange import refuse_side_file
from annotui.services.workspace import Workspace, checked_name, checked_text, unknown_annotator
from annotui.storage import full_text, integrity, people
from annotui.storage.permissions import no_more_readable, umask


@dataclass(frozen=True, slots=True)
class Verification:
    """How much was checked, and what is wrong."""

    documents: int
    annotations: int
    history_rows: int
    problems: tuple[str, ...]


def verify(workspace: Workspace) -> Verification:
    """Derive every hash, quote, fragment and history row again, and run SQLite's own checks.

    Raises:
        BusyError: when another program holds the lock.
        StoreError: when the file cannot be opened; damage that is met later is a problem.
    """
    workspace.store()
    checked = history_rows = 0
    document_ids: list[str] = []
    problems: list[str] = []
    try:
        with workspace.reading() as db:
            problems += integrity.structure_problems(db)
            if problems:  # what is read from such a file means nothing
                return Verification(0, 0, 0, tuple(problems))
            problems += integrity.reference_problems(db)
            problems += integrity.reading_problems(db)
            document_ids = integrity.document_ids(db)
        for document_id in document_ids:
            with workspace.reading() as db:  # a look for each: a long one would hold writers up
                text, length = integrity.document_text(db, document_id)
                rows = integrity.annotation_rows(db, document_id)
            checked += len(rows)
            problems += _document_problems(document_id, text, length, rows)
        with workspace.reading() as db:
            history = integrity.read_history(db)
            problems += full_text.problems(db)
        history_rows, found_in_history = integrity.history_problems(history)
        problems += found_in_history
        problems += integrity.change_problems(history)
    except BusyError:
        raise
    except StoreError as error:
        problems.append(str(error))
    return Verification(len(document_ids), checked, history_rows, tuple(problems))


def _document_problems(
    document_id: str, text: str, length: int, rows: list[dict[str, Any]]
) -> list[str]:
    where = f"document {document_id[:12]}"
    problems: list[str] = []
    if document_id_of(text) != document_id:
        problems.append(f"{where}: its text is not the one that was taken in")
    if len(text) != length:
        problems.append(f"{where}: {length} characters were kept, {len(text)} are there")
    document = Document(document_id, where, text)
    for row in rows:
        found = annotation_problem(document, row)
        if found:
            problems.append(f"annotation {row['id']} in {where}: {found}")
    return problems


def annotation_problem(document: Document, row: dict[str, Any]) -> str:
    """What is wrong with one annotation, in words; empty when all of it follows from the text."""
    text = document.text
    start, end = row["start"], row["end"]
    if not 0 <= start < end <= len(text):
        return f"span {start}..{end} is not inside the text of {len(text)} characters"
    runs = [[start, end]]
    if row["fragments"]:
        try:
            runs = json.loads(row["fragments"])
            flat = [offset for run in runs for offset in (int(run[0]), int(run[1]))]
        except (ValueError, TypeError, IndexError):
            return f"fragments {row['fragments']!r} are not pairs of offsets"
        if flat != sorted(set(flat)) or [flat[0], flat[-1]] != [start, end]:
            return f"fragments {row['fragments']} are out of order or do not fill {start}..{end}"
    expected = FRAGMENT_JOINT.join(text[run[0] : run[1]] for run in runs)
    if row["quote"] != expected:
        return f"the quote is {row['quote']!r}, the text has {expected!r}"
    around = (text[max(0, start - CONTEXT_LENGTH) : start], text[end : end + CONTEXT_LENGTH])
    if (row["prefix"], row["suffix"]) != around:
        return "the context around it is not the text's"
    line = document.line_of(start)
    return "" if row["line"] == line else f"line {row['line']} should be {line}"


def backup(workspace: Workspace, target: Path) -> Verification:
    """Write a compact copy to ``target`` and check it before it is called a backup.

    Raises:
        ExportError: when there is something at ``target``, it cannot be written, or the
            name belongs to a database.
        StoreError: when the file cannot be read.
    """
    if os.path.lexists(target):
        raise ExportError(f"{target} exists already. Nothing was written; name a new file.")
    with beside(target) as folder:
        copy = folder / "copy.db"
        workspace.store().copy_into(copy, shown=target)
        copied = Workspace(copy, workspace.annotator)
        try:
            report = verify(copied)
        finally:
            copied.close()
        if report.problems:
            raise ExportError(
                f"The copy is not sound ({report.problems[0]}), so it was thrown away. "
                "Nothing was written; run `annotui verify`."
            )
        put_in_place(copy, target, workspace.path)
    return report


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """A folder for what shall be at ``target`` in the end; it is gone afterwards.

    Raises:
        ExportError: when ``target`` cannot be written, or the name belongs to a database.
    """
    folder = target.absolute().parent
    if not folder.is_dir():
        raise ExportError(f"There is no folder {folder}. Nothing was written.")
    try:
        refuse_side_file(target)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".annotui-") as name:
            yield Path(name)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ExportError(f"{target} cannot be written: {reason}. Nothing was written.") from error


def put_in_place(copy: Path, target: Path, source: Path) -> None:
    """Call a file that is whole by its name; nobody may read it who may not read ``source``."""
    no_more_readable(copy, source, 0o666 & ~umask())
    _sync(copy)
    copy.rename(target)
    with suppress(OSError):  # some file systems cannot sync a folder; the file is there
        _sync(target.absolute().parent)


def _sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def annotators(workspace: Workspace) -> list[tuple[str, int]]:
    """Names in use and how many annotations each has."""
    with workspace.reading() as db:
        return people.with_marks(db)


def rename_annotator(workspace: Workspace, old: str, new: str) -> int:
    """Show the marks of ``old`` as ``new``'s from now on; the answer is how many there are.

    Raises:
        ConfigError: when the file does not have ``old``, or the names are the same.
    """
    old, new = checked_text(old, "The annotator's name"), checked_name(new)
    with workspace.writing() as db:
        if not people.is_known(db, old):
            raise ConfigError(f"{unknown_annotator(workspace, db, old)} Nothing was changed.")
        shown = people.canonical(db, old)
        if old == new:
            raise ConfigError(f"{old!r} is the same name twice. Nothing was changed.")
        if shown == new:
            raise ConfigError(f"{old!r} goes under {new!r} already. Nothing was changed.")
        if shown != old and people.canonical(db, new) == shown:
            raise ConfigError(
                f"{old!r} and {new!r} are old names of {shown!r} both. Nothing was changed; to go "
                f"back to {new!r}, rename {shown!r}."
            )
        moved = dict(people.with_marks(db)).get(shown, 0)
        change = workspace.begin(db, ChangeKind.RENAME, summary=f"{old} → {new}")
        people.register(db, new, change.change_id)
        people.rename(db, shown, new, change.change_id)
    return moved
