"""CSV: one annotation a row, offsets in code points or, by other names, in other units.

Source: RFC 4180 (CRLF line ends, quoting), UTF-8 without a byte order mark.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import IO, Any, TextIO

from annotui.errors import FormatError
from annotui.formats import rows
from annotui.formats.exchange import Bundle, WriteOptions

COLUMNS = rows.COLUMNS
"""The columns in their order; other people's scripts depend on it."""

_FORMULA = r"['=+\-@\t\r\n＝＋－＠|%]"
_TO_GUARD = re.compile(rf"(\A|[;,\t\r\n|])(?={_FORMULA})")
_GUARDED = re.compile(rf"(\A|[;,\t\r\n|])'(?={_FORMULA})")
_MARK = "\ufeff"
_LONGEST_CELL = (1 << 31) - 1
_SEPARATORS = (",", ";", "\t")


def write(bundles: Iterable[Bundle], out: IO[bytes], options: WriteOptions) -> None:
    """Write the annotations with a header; line ends are CRLF.

    With ``excel`` a byte order mark comes first and text that a spreadsheet could take for a
    formula is guarded by an apostrophe, which :func:`unguard` takes away again.
    """
    write_rows(chain.from_iterable(map(rows.of_bundle, bundles)), out, options)


def write_rows(cells: Iterable[Sequence[Any]], out: IO[bytes], options: WriteOptions) -> None:
    """Write rows with a header."""
    file = io.TextIOWrapper(out, encoding="utf-8", newline="")
    try:
        file.write(_MARK if options.excel else "")
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(rows.columns(options.unit))
        writer.writerows(map(_guarded, cells) if options.excel else cells)
    finally:
        file.detach()


def _guarded(cells: Sequence[Any]) -> list[Any]:
    return [guard(value) if isinstance(value, str) else value for value in cells]


def guard(text: str) -> str:
    """``text`` so that no spreadsheet runs it, whether it splits at ``,``, ``;`` or tab."""
    return _TO_GUARD.sub(r"\1'", text)


def unguard(text: str) -> str:
    """The text that :func:`guard` was given."""
    return _GUARDED.sub(r"\1", text)


def detects(head: bytes, path: Path) -> bool:
    """Whether the first line names the columns of a label and its place."""
    line = head.decode("utf-8-sig", "replace").partition("\n")[0]
    return any(rows.place_of(_names(line, separator)) for separator in _SEPARATORS)


def _names(line: str, separator: str) -> list[str]:
    return [name.strip(' "\r').lower() for name in line.split(separator)]


def read(path: Path) -> Iterator[Bundle]:
    """The annotations, in one bundle for each run of rows of the same document.

    Raises:
        FormatError: when it is not CSV in UTF-8, or lacks a column that is needed.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _bundles(file, path)
    except csv.Error as error:
        raise FormatError(f"{path} is not CSV by RFC 4180: {error}. Nothing was imported.") from (
            error
        )


def _bundles(file: TextIO, path: Path) -> Iterator[Bundle]:
    csv.field_size_limit(_LONGEST_CELL)
    is_guarded = path.open("rb").read(3) == _MARK.encode()
    first = file.readline()
    separator = max(_SEPARATORS, key=lambda one: first.count(one))
    file.seek(0)
    reader = csv.reader(file, delimiter=separator, strict=True)
    names = [name.strip().lower() for name in next(reader, [])]
    place = rows.place_of(names)
    if place is None:
        raise FormatError(
            f"{path} line 1: expected columns label and start, end or quote; found "
            f"{', '.join(names) or 'nothing'}. Nothing was imported."
        )

    def entries() -> Iterator[tuple[str, dict[str, str]]]:
        line = reader.line_num + 1
        for cells in reader:
            if cells:
                taken = map(_unguarded, cells) if is_guarded else cells
                yield f"{path} line {line}", dict(zip(names, taken, strict=False))
            line = reader.line_num + 1

    yield from rows.bundles(entries(), place.unit)


def _unguarded(cell: str) -> str:
    """The cell without guards, where it has all those that an export puts in."""
    plain = unguard(cell)
    return plain if guard(plain) == cell else cell
