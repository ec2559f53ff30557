"""JSON lines, one annotation a line, with the names of the CSV's columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from annotui.errors import FormatError
from annotui.formats import json_lines, rows
from annotui.formats.exchange import Bundle, WriteOptions


def write(bundles: Iterable[Bundle], out: IO[bytes], options: WriteOptions) -> None:
    """Write the annotations; ``fragments`` is a list, empty for one run."""
    names = rows.columns(options.unit)
    fragments = next(name for name in names if name.endswith("fragments"))
    for bundle in bundles:
        for row, record in zip(rows.of_bundle(bundle), bundle.records, strict=True):
            value: dict[str, Any] = dict(zip(names, row, strict=True))
            value[fragments] = record.runs if len(record.runs) > 1 else []
            out.write(json_lines.dump(value))


def detects(head: bytes, path: Path) -> bool:
    """Whether the first line is an object with a label and its place."""
    value = json_lines.first(head, path)
    return rows.place_of(value) is not None and "text" not in value


def read(path: Path) -> Iterator[Bundle]:
    """The annotations, in one bundle for each run of lines of the same document.

    Raises:
        FormatError: when a line is no object, or the first lacks a name that is needed.
    """
    entries = json_lines.entries(path)
    first = next(entries, None)
    if first is None:
        return
    place = rows.place_of(first[1])
    if place is None:
        raise FormatError(
            f"{first[0]}: expected the names label and start, end or quote; found "
            f"{', '.join(first[1]) or 'none'}. Nothing was imported."
        )
    yield from rows.bundles(_all(first, entries), place.unit)


def _all(
    first: tuple[str, dict[str, Any]], others: Iterable[tuple[str, dict[str, Any]]]
) -> Iterator[tuple[str, dict[str, Any]]]:
    yield first
    yield from others
