"""Writing annotations out, in any format of the registry."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypedDict, Unpack

from annotui.domain.offset_unit import OffsetUnit
from annotui.errors import ConfigError, ExportError
from annotui.formats import registry
from annotui.formats.exchange import Bundle, WriteOptions
from annotui.formats.registry import Format
from annotui.services.bundles import bundle_of
from annotui.services.workspace import Workspace, checked_text, unknown_annotator
from annotui.storage import exporting, people
from annotui.storage.exporting import Filters
from annotui.storage.permissions import no_more_readable, umask

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

_SQLITE_MAGIC = b"SQLite format 3\0"
_SIDE_FILES = ("journal", "wal", "shm")
_IN_MEMORY = 4_000_000
"""Bytes of an export to standard output that are kept in memory; more go to a temporary file."""

STATUSES = ("unreviewed", "accepted", "rejected", "unsure")


class Wanted(TypedDict, total=False):
    """What to export and how; a filter that is not given lets all through."""

    form: str
    document_ids: Sequence[str]
    labels: Sequence[str]
    annotators: Sequence[str]
    statuses: Sequence[str]
    excel: bool
    unit: OffsetUnit
    as_decided: bool


@dataclass(slots=True)
class Counts:
    """How much an export holds."""

    documents: int = 0
    rows: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class Export:
    """An export that is ready to be copied to where it shall go."""

    file: IO[bytes]
    counts: Counts

    @property
    def rows(self) -> int:
        """How many annotations it holds."""
        return self.counts.rows

    @property
    def rejected(self) -> int:
        """How many of them were rejected."""
        return self.counts.rejected

    @property
    def text(self) -> str:
        """The whole of it."""
        self.file.seek(0)
        return self.file.read().decode("utf-8")


def export(workspace: Workspace, **wanted: Unpack[Wanted]) -> Export:
    """The annotations that pass every filter that is given, in a temporary file.

    So nobody who reads slowly at the other end of a pipe holds up those who mark, and where a
    mark turns out to be damaged nothing was written.

    Raises:
        LabelError: when the scheme does not have a label.
        ConfigError: when the file does not have an annotator, or the format cannot do this.
        StoreError: when a mark disagrees with its text.
    """
    form = _checked_format(wanted)
    if form.is_folder:
        raise ConfigError(
            f"The format {form.name} is a folder of files. Nothing was written; name the folder "
            "with -o."
        )
    file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 (whoever copies it closes it)
    with _bundles(workspace, wanted) as (bundles, options, counts):
        registry.file_writer(form).write(bundles, file, options)
    file.seek(0)
    return Export(file, counts)


def export_to(workspace: Workspace, target: Path, **wanted: Unpack[Wanted]) -> Counts:
    """The same into a file, or for a format of several files into a new folder.

    It is written beside ``target`` and renamed, so that nothing half written is ever seen.

    Raises:
        ExportError: when it cannot be written; what was at ``target`` is as it was.
    """
    form = _checked_format(wanted)
    if form.is_folder:
        with (
            _new_folder(target, workspace.path) as folder,
            _bundles(workspace, wanted) as (bundles, options, done),
        ):
            registry.folder_writer(form).write_folder(bundles, folder, options)
        return done
    with (
        writing_file(target, workspace.path) as file,
        _bundles(workspace, wanted) as (bundles, options, done),
    ):
        registry.file_writer(form).write(bundles, file, options)
    return done


def _checked_format(wanted: Wanted) -> Format:
    form = registry.named(wanted.get("form", "csv"))
    unit = wanted.get("unit", OffsetUnit.CODEPOINT)
    if not form.writes:
        names = ", ".join(one.name for one in registry.writable())
        raise ConfigError(
            f"The format {form.name} can only be read. Nothing was written; there are: {names}."
        )
    if unit not in (form.units or (OffsetUnit.CODEPOINT,)):
        raise ConfigError(
            f"The format {form.name} counts in {', '.join(form.units) or 'no offsets'}, not in "
            f"{unit}. Nothing was written."
        )
    if wanted.get("excel") and form.name != "csv":
        raise ConfigError("--excel goes with --format csv only. Nothing was written.")
    return form


@contextmanager
def _bundles(
    workspace: Workspace, wanted: Wanted
) -> Iterator[tuple[Iterator[Bundle], WriteOptions, Counts]]:
    """The documents to write, each checked before it is given.

    All of them are read in one transaction, so that an export shows one moment. That holds
    writers up for as long as it takes (some ten seconds for a million marks; a reader then says
    "saving…" and tries again), which DESIGN forbids for what waits on a person or a pipe: this
    waits for neither, since it goes into a file of ours first. A document at a time in its own
    transaction would hold nobody up, but two marks of one sentence could be from two moments.
    """
    scheme = workspace.scheme()
    for label in wanted.get("labels", ()):
        scheme.get(label, even_retired=True)
    unit = wanted.get("unit", OffsetUnit.CODEPOINT)
    options = WriteOptions(scheme.shown, unit, wanted.get("excel", False))
    counts = Counts()
    with workspace.reading() as db:
        filters = _filters(workspace, db, wanted)

        def checked() -> Iterator[Bundle]:
            for document, rows in exporting.with_rows(db, filters):
                bundle = bundle_of(document, rows, unit)
                counts.documents += 1
                counts.rows += len(bundle.records)
                counts.rejected += sum(one.status == "rejected" for one in bundle.records)
                yield bundle

        yield checked(), options, counts


def _filters(workspace: Workspace, db: Handle, wanted: Wanted) -> Filters:
    names = wanted.get("annotators", ())
    for name in names:
        if not people.is_known(db, checked_text(name, "The annotator's name")):
            raise ConfigError(f"{unknown_annotator(workspace, db, name)} Nothing was written.")
    return Filters(
        wanted.get("document_ids", ()),
        wanted.get("labels", ()),
        [people.canonical(db, name) for name in names],
        wanted.get("statuses", ()),
        wanted.get("as_decided", False),
    )


@contextmanager
def _new_folder(target: Path, database: Path) -> Iterator[Path]:
    """An empty folder beside ``target``, which takes its place at the end."""
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise ExportError(
                f"{target} is there already and is not an empty folder. Nothing was written; name "
                "a new folder."
            )
        beside = Path(
            tempfile.mkdtemp(dir=target.absolute().parent, prefix=f".{target.name[:40]}.")
        )
        try:
            yield beside
            no_more_readable(beside, database, 0o777 & ~umask())
            for file in beside.iterdir():
                no_more_readable(file, database, 0o666 & ~umask())
            beside.rename(target)
        finally:  # nothing is left of it where it took its place
            shutil.rmtree(beside, ignore_errors=True)
    except (OSError, ValueError) as error:
        raise _unwritable(target, error) from error


def write_file(path: Path, text: str, database: Path) -> None:
    """Write ``text`` as UTF-8 beside ``path`` and rename it, so that no half file is ever seen.

    Raises:
        ExportError: when that fails; what was at ``path`` is as it was.
    """
    with writing_file(path, database) as file:
        file.write(text.encode("utf-8"))


@contextmanager
def writing_file(path: Path, database: Path) -> Iterator[IO[bytes]]:
    """A file to fill; it takes the place of what is at ``path`` at the end.

    Nobody may read it who may not read the ``database`` that its content is from.

    Raises:
        ExportError: when that fails; what was at ``path`` is as it was.
    """
    try:
        target = path.resolve() if path.is_symlink() else path
        _refuse_database(path)
        if target.exists() and not stat.S_ISREG(target.stat().st_mode):
            if target.is_dir():
                raise ExportError(f"{path} is a folder. Nothing was written; name a file.")
            with _copied_to(target) as file:
                yield file
            return
        with _replacing(target, database) as file:
            yield file
    except (OSError, ValueError, RuntimeError) as error:
        # Path.resolve tells of a circle of links with a RuntimeError.
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: Exception) -> ExportError:
    reason = getattr(error, "strerror", None) or error
    return ExportError(f"{path} cannot be written: {reason}. What was there before is untouched.")


@contextmanager
def _copied_to(target: Path) -> Iterator[IO[bytes]]:
    """A file to fill, which is copied to a pipe or device at the end."""
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
        yield file
        file.seek(0)
        with target.open("wb") as device:
            shutil.copyfileobj(file, device)


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


@contextmanager
def _replacing(target: Path, database: Path) -> Iterator[IO[bytes]]:
    descriptor, name = tempfile.mkstemp(
        dir=target.absolute().parent, prefix=f".{target.name[:40]}."
    )
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        wanted = target.stat().st_mode if target.exists() else 0o666 & ~umask()
        no_more_readable(beside, database, wanted)
        beside.replace(target)
    finally:  # nothing is left of it where it took its place
        beside.unlink(missing_ok=True)
