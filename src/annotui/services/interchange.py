"""Writing annotations out."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from annotui.errors import ConfigError, ExportError
from annotui.formats import csv_table
from annotui.services.workspace import Workspace, checked_text, unknown_annotator
from annotui.storage import annotations as stored_annotations
from annotui.storage import people

_SQLITE_MAGIC = b"SQLite format 3\0"
_SIDE_FILES = ("journal", "wal", "shm")
STATUSES = ("unreviewed", "accepted", "rejected", "unsure")


@dataclass(frozen=True, slots=True)
class Export:
    """An export in memory: its text, and how many annotations it holds."""

    text: str
    rows: int
    rejected: int


def export(
    workspace: Workspace,
    *,
    document_ids: Sequence[str] = (),
    labels: Sequence[str] = (),
    annotators: Sequence[str] = (),
    statuses: Sequence[str] = (),
    excel: bool = False,
) -> Export:
    """The annotations that pass every filter that is given, as CSV.

    Raises:
        LabelError: when the scheme does not have a label.
        ConfigError: when the file does not have an annotator.
    """
    scheme = workspace.scheme()
    for label in labels:
        scheme.get(label, even_retired=True)
    with workspace.reading() as db:
        for name in annotators:
            if not people.is_known(db, checked_text(name, "The annotator's name")):
                raise ConfigError(f"{unknown_annotator(workspace, db, name)} Nothing was written.")
        _, rows = stored_annotations.export_rows(
            db,
            document_ids=document_ids,
            labels=labels,
            annotators=[people.canonical(db, name) for name in annotators],
            statuses=statuses,
        )
    status_at = csv_table.COLUMNS.index("status")
    rejected = sum(row[status_at] == "rejected" for row in rows)
    return Export(csv_table.dumps(rows, excel=excel), len(rows), rejected)


def write_file(path: Path, text: str) -> None:
    """Write ``text`` as UTF-8 beside ``path`` and rename it, so that no half file is ever seen.

    Raises:
        ExportError: when that fails; what was at ``path`` is as it was.
    """
    try:
        target = path.resolve() if path.is_symlink() else path
        _refuse_database(path)
        if target.exists() and not stat.S_ISREG(target.stat().st_mode):
            if target.is_dir():
                raise ExportError(f"{path} is a folder. Nothing was written; name a file.")
            target.write_text(text, encoding="utf-8", newline="")
            return
        _replace(target, text.encode("utf-8"))
    except (OSError, ValueError, RuntimeError) as error:
        # Path.resolve tells of a circle of links with a RuntimeError.
        reason = getattr(error, "strerror", None) or error
        raise ExportError(
            f"{path} cannot be written: {reason}. What was there before is untouched."
        ) from error


def _refuse_database(path: Path) -> None:
    """An export never goes over a database, least of all over the one it comes from."""
    if _is_database(path):
        raise ExportError(f"{path} is an SQLite database. Nothing was written; name another file.")
    refuse_side_file(path)


def refuse_side_file(path: Path) -> None:
    """Refuse a name under which SQLite keeps what belongs to a database that is there.

    Raises:
        ExportError: then, since SQLite would take what is written for the database's own.
    """
    for each in (path, path.resolve()):
        database, dash, kind = str(each).rpartition("-")
        if dash and kind in _SIDE_FILES and _is_database(Path(database)):
            raise ExportError(
                f"{path} is where SQLite keeps what belongs to the database {database}. Nothing "
                "was written; name another file."
            )


def _is_database(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_SQLITE_MAGIC)) == _SQLITE_MAGIC


def _replace(target: Path, data: bytes) -> None:
    descriptor, name = tempfile.mkstemp(
        dir=target.absolute().parent, prefix=f".{target.name[:40]}."
    )
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask())
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
