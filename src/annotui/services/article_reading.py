"""Article files on the disk: finding them in folders, and reading each with care."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from annotui.errors import DocumentError, EncodingError
from annotui.formats.article_file import SUFFIXES, read_article
from annotui.formats.plain_text import PlainText

SIZE_LIMIT = 200_000_000
"""Bytes of an article at most."""

_SHARED_STATE = ("st_size", "st_mtime_ns", "st_ino", "st_dev")


@dataclass(frozen=True, slots=True)
class Reading:
    """How articles are read: their kind and encoding where these are given.

    ``encoding_fallback`` is for files that are not in the encoding they should be in.
    """

    kind: str | None = None
    encoding: str | None = None
    encoding_fallback: str | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """Which files of a folder are articles: shell patterns of names or of paths in the folder."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def takes(self, relative: str) -> bool:
        """Whether a file, named from the folder, is wanted."""
        name = relative.rpartition("/")[2]
        if any(_fits(relative, name, pattern) for pattern in self.exclude):
            return False
        if self.include:
            return any(_fits(relative, name, pattern) for pattern in self.include)
        return os.path.splitext(name)[1].lower() in SUFFIXES  # noqa: PTH122 (a name, not a path)


def _fits(relative: str, name: str, pattern: str) -> bool:
    return fnmatchcase(name, pattern) or fnmatchcase(relative, pattern)


@dataclass(slots=True)
class Walk:
    """A walk through folders; ``passed_over`` counts files that are no articles."""

    selection: Selection
    passed_over: int = 0

    def files(self, paths: Sequence[Path]) -> Iterator[Path | DocumentError]:
        """The files of all ``paths``, folders in the order of names; what cannot be looked into.

        Links to folders are followed only where they were named; hidden files are passed over.
        """
        for path in paths:
            if os.path.isdir(path):  # noqa: PTH112 (never raises)
                yield from self._in_folder(path)
            else:
                yield path

    def _in_folder(self, folder: Path) -> Iterator[Path | DocumentError]:
        refused: list[OSError] = []
        for where, folders, names in os.walk(folder, onerror=refused.append):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            inside = os.path.relpath(where, folder).replace(os.sep, "/")
            before = "" if inside == "." else f"{inside}/"
            for name in sorted(names):
                if name.startswith(".") or not self.selection.takes(before + name):
                    self.passed_over += 1
                else:
                    yield Path(where, name)
        for error in refused:
            yield DocumentError(f"The folder {error.filename} cannot be read: {error.strerror}.")


def read_file(path: Path, how: Reading | None = None) -> PlainText:
    """The text of an article file.

    Raises:
        EncodingError: when its bytes are not text in the encoding that was given or found.
        DocumentError: when there is no such file, or it cannot be read as an article.
    """
    return read_bytes(_bytes_of(path), str(path), how)


def read_bytes(data: bytes, name: str, how: Reading | None = None) -> PlainText:
    """The text of an article whose bytes are there already.

    Raises:
        EncodingError: when the bytes are not text in the encoding that was given or found.
        DocumentError: when they cannot be read as an article.
    """
    how = how or Reading()
    try:
        return read_article(data, name, kind=how.kind, encoding=how.encoding)
    except EncodingError:
        if how.encoding_fallback is None:
            raise
        return read_article(data, name, kind=how.kind, encoding=how.encoding_fallback)


def _bytes_of(path: Path) -> bytes:
    """All bytes of a regular file that stayed the same while it was read."""
    try:
        # Without waiting, so that a pipe in the place of a file cannot hold the program up.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            before = os.fstat(descriptor)
            _check_kind(path, before)
            data = file.read(before.st_size + 1)
            after = os.fstat(descriptor)
    except FileNotFoundError as error:
        raise DocumentError(f"There is no file {path}. Nothing was added.") from error
    except (OSError, ValueError) as error:
        if os.path.isdir(path):  # noqa: PTH112 (never raises)
            raise DocumentError(_is_folder(path)) from error
        reason = getattr(error, "strerror", None) or error
        raise DocumentError(f"{path} cannot be read: {reason}. Nothing was added.") from error
    if len(data) > SIZE_LIMIT:
        raise _too_large(path, len(data))
    state = [[getattr(one, name) for name in _SHARED_STATE] for one in (before, after)]
    if state[0] != state[1] or len(data) != before.st_size:
        raise DocumentError(
            f"{path} changed while it was read. Nothing was added; try again when whatever "
            "writes it is done."
        )
    return data


def _check_kind(path: Path, details: os.stat_result) -> None:
    if stat.S_ISDIR(details.st_mode):
        raise DocumentError(_is_folder(path))
    if not stat.S_ISREG(details.st_mode):
        raise DocumentError(f"{path} is not a regular file. Nothing was added.")
    if details.st_size > SIZE_LIMIT:
        raise _too_large(path, details.st_size)


def _is_folder(path: Path) -> str:
    return (
        f"{path} is a folder. Nothing was added; `annotui add {path}` takes in the articles in it."
    )


def _too_large(path: Path, size: int) -> DocumentError:
    return DocumentError(
        f"{path} has {size:,} bytes; an article has at most {SIZE_LIMIT:,}. Nothing was added; "
        "split it."
    )
