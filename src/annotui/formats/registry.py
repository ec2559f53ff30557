"""The formats that annotui reads and writes, in one table.

A format is a row of :data:`FORMATS` and a module of its own, which is imported on first use. What
the module has to offer:

* ``write(bundles, out, options)`` where the row says ``writes``: takes the documents one after
  the other and writes each to the binary file ``out`` before it asks for the next, so memory
  stays flat. Where the row says ``is_folder`` it is ``write_folder(bundles, folder, options)``
  with an empty folder to fill; putting it in its place is the caller's business.
* ``read(path)`` where the row says ``reads``: gives the documents of a file one after the other.
  It raises :class:`FormatError` where the file as a whole cannot be read; a record that cannot is
  a problem of its bundle. A format of pairs (brat) is given the file with the row's suffix.
* ``detects(head, path)`` where it reads: whether a file that begins with ``head`` (64 KiB at
  most) is unmistakably of this format.

The caller checks every run against its slice before a bundle is written, and after one was read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import IO, Protocol, cast

from annotui.domain.offset_unit import OffsetUnit
from annotui.errors import ConfigError, FormatError
from annotui.formats.exchange import Bundle, WriteOptions

HEAD_LENGTH = 65_536
"""Bytes of a file that are looked at to find out its format."""


class Loss(StrEnum):
    """What an export does not hold, so that an import of it cannot bring it back."""

    TEXT = "the article's text"
    TITLE = "the article's title"
    ORIGIN = "where the article came from, its encoding and line ends"
    IDS = "the ids of marks"
    FRAGMENTS = "which fragments make one mark"
    LINE_ENDS = "line ends and tabs at the edges of runs, and fragments with nothing else between"
    NOTES = "notes"
    ANNOTATORS = "who marked"
    STATUS = "review decisions"
    REVIEWERS = "who decided"
    TIMES = "when a mark was made and changed"


LOST_EVERYWHERE = (
    "No format holds history, removed marks, stale decisions, or a reviewer's reason and note, and "
    "the label and span that were decided are there with --as decided in place of the annotator's; "
    "`annotui decisions` prints them, `annotui backup` keeps everything."
)


@dataclass(frozen=True, slots=True)
class Format:
    """One row: what a format is called, what it can do, and what it loses."""

    name: str
    title: str
    suffix: str
    module: str
    reads: bool
    writes: bool
    loses: tuple[Loss, ...] = ()
    is_folder: bool = False
    units: tuple[OffsetUnit, ...] = (OffsetUnit.CODEPOINT,)
    extra: str = ""
    remark: str = ""


class FileWriter(Protocol):
    """The module of a format that is one file."""

    def write(self, bundles: Iterable[Bundle], out: IO[bytes], options: WriteOptions) -> None:
        """Write the documents to ``out``, one after the other."""


class FolderWriter(Protocol):
    """The module of a format that is a folder of files."""

    def write_folder(self, bundles: Iterable[Bundle], folder: Path, options: WriteOptions) -> None:
        """Write the documents into ``folder``, which is empty, one after the other."""


class Reader(Protocol):
    """The module of a format that can be read."""

    def read(self, path: Path) -> Iterator[Bundle]:
        """The documents of the file, one after the other."""

    def detects(self, head: bytes, path: Path) -> bool:
        """Whether a file that begins with ``head`` is unmistakably of this format."""


FORMATS = (
    Format(
        name="csv",
        title="CSV, one mark a row",
        suffix=".csv",
        module="annotui.formats.csv_table",
        reads=True,
        writes=True,
        loses=(Loss.TEXT, Loss.ORIGIN),
        units=tuple(OffsetUnit),
    ),
    Format(
        name="xlsx",
        title="XLSX, one mark a row, for spreadsheets",
        suffix=".xlsx",
        module="annotui.formats.xlsx",
        reads=False,
        writes=True,
        loses=(Loss.TEXT, Loss.ORIGIN),
        units=tuple(OffsetUnit),
        extra="xlsx",
        remark="A cell holds 32,767 characters; what is longer is cut.",
    ),
    Format(
        name="jsonl",
        title="JSON lines, one mark a line, with the names of the CSV",
        suffix=".jsonl",
        module="annotui.formats.jsonl_marks",
        reads=True,
        writes=True,
        loses=(Loss.TEXT, Loss.ORIGIN),
        units=tuple(OffsetUnit),
    ),
    Format(
        name="jsonl-documents",
        title="JSON lines, one article a line with its spans, as spaCy and Prodigy have them",
        suffix=".jsonl",
        module="annotui.formats.jsonl_documents",
        reads=True,
        writes=True,
        remark="A discontinuous mark is a span for each fragment. doccano's lists are read, too.",
    ),
    Format(
        name="brat",
        title="brat standoff, a text and an .ann file for each article, with annotation.conf",
        suffix=".ann",
        module="annotui.formats.brat",
        reads=True,
        writes=True,
        loses=(Loss.TITLE, Loss.ORIGIN, Loss.IDS, Loss.LINE_ENDS, Loss.TIMES),
        is_folder=True,
        remark="A run over a line end or tab is cut at it, and put together again by an import. "
        "Annotator, status and reviewer are attributes; each line of a note is a # line.",
    ),
    Format(
        name="label-studio",
        title="Label Studio, tasks.json with a task for each article, with labeling_config.xml",
        suffix=".json",
        module="annotui.formats.label_studio",
        reads=True,
        writes=True,
        is_folder=True,
        remark="A task has one annotation object for each annotator; a discontinuous mark is a "
        "region for each fragment.",
    ),
    Format(
        name="html",
        title="HTML, the marked article as a page to read and print",
        suffix=".html",
        module="annotui.formats.report_html",
        reads=False,
        writes=True,
        loses=(Loss.ORIGIN, Loss.IDS, Loss.TIMES),
        units=(),
    ),
    Format(
        name="markdown",
        title="Markdown, the marked article with numbered brackets and a table of its marks",
        suffix=".md",
        module="annotui.formats.report_markdown",
        reads=False,
        writes=True,
        loses=(Loss.ORIGIN, Loss.IDS, Loss.TIMES),
        units=(),
        remark="Controls are made visible; blank lines in a row become one.",
    ),
)
"""Every format, in the order in which they are offered."""

NAMES = tuple(one.name for one in FORMATS)


def named(name: str) -> Format:
    """The format called ``name``.

    Raises:
        ConfigError: when there is none.
    """
    for one in FORMATS:
        if one.name == name:
            return one
    raise ConfigError(f"There is no format {name!r}. There are: {', '.join(NAMES)}.")


def readable() -> tuple[Format, ...]:
    """The formats that can be read."""
    return tuple(one for one in FORMATS if one.reads)


def writable() -> tuple[Format, ...]:
    """The formats that can be written."""
    return tuple(one for one in FORMATS if one.writes)


def file_writer(form: Format) -> FileWriter:
    """What writes a format that is one file.

    Raises:
        ConfigError: when it needs an extra that is not installed.
    """
    return cast(FileWriter, _module(form))


def folder_writer(form: Format) -> FolderWriter:
    """What writes a format that is a folder.

    Raises:
        ConfigError: when it needs an extra that is not installed.
    """
    return cast(FolderWriter, _module(form))


def reader(form: Format) -> Reader:
    """What reads a format.

    Raises:
        ConfigError: when it needs an extra that is not installed.
    """
    return cast(Reader, _module(form))


def detect(path: Path) -> Format:
    """The format of a file, by its content.

    Raises:
        FormatError: when it is of none that can be read, or may be of several.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_LENGTH)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise FormatError(f"{path} cannot be read: {reason}. Nothing was imported.") from error
    found = [one for one in readable() if reader(one).detects(head, path)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(one.name for one in found or readable())
    what = "may be of several formats" if found else "is of no format that annotui knows by sight"
    raise FormatError(f"{path} {what}. Nothing was imported; name it with --format ({names}).")


def _module(form: Format) -> object:
    try:
        return import_module(form.module)
    except ModuleNotFoundError as error:
        if not form.extra:
            raise
        raise ConfigError(
            f"The format {form.name} needs the module {error.name}. Nothing was done; install it "
            f"with `pip install 'annotui[{form.extra}]'`."
        ) from error
