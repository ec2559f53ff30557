"""One annotation as one row of named values: what CSV, XLSX and JSON lines have in common."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from annotui.domain.offset_unit import OffsetUnit
from annotui.formats.exchange import Bundle, Problem, Record

COLUMNS = (
    *("id", "document_id", "document", "label", "start", "end", "quote", "note", "annotator"),
    *("status", "reviewer", "line", "fragments", "created_at", "updated_at"),
)
"""The columns in their order; other people's scripts depend on it."""

_PLACES = ("start", "end", "fragments")
_PREFIXES = {OffsetUnit.CODEPOINT: "", OffsetUnit.UTF16: "utf16_", OffsetUnit.BYTE: "byte_"}

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """How rows say where an annotation is: by offsets in ``unit``, or by the quote alone."""

    unit: OffsetUnit = OffsetUnit.CODEPOINT
    by_quote: bool = False


def columns(unit: OffsetUnit) -> tuple[str, ...]:
    """The columns; offsets in another unit than code points have it in their name."""
    prefix = _PREFIXES[unit]
    return tuple(prefix + name if name in _PLACES else name for name in COLUMNS)


def place_of(names: Collection[str]) -> Place | None:
    """How rows with these columns say where an annotation is; None when they do not."""
    if "label" not in names:
        return None
    for unit, prefix in _PREFIXES.items():
        if f"{prefix}start" in names and f"{prefix}end" in names:
            return Place(unit)
    return Place(by_quote=True) if "quote" in names else None


def of_bundle(bundle: Bundle) -> Iterator[Row]:
    """The rows of a document, in the order of :data:`COLUMNS`."""
    document_id, title = bundle.document_id, bundle.title
    for one in bundle.records:
        runs = one.runs
        yield (
            *(one.annotation_id, document_id, title, one.label, runs[0][0], runs[-1][1]),
            *(one.quote, one.note, one.annotator, one.status, one.reviewer, one.line),
            json.dumps(runs, separators=(",", ":")) if len(runs) > 1 else "",
            *(one.created_at, one.updated_at),
        )


def bundles(entries: Iterable[tuple[str, Mapping[str, Any]]], unit: OffsetUnit) -> Iterator[Bundle]:
    """A bundle for each run of entries (where each stands, its values by name) of one document."""

    def document_of(entry: tuple[str, Mapping[str, Any]]) -> tuple[str, str]:
        values = entry[1]
        return _text(values, "document_id"), _text(values, "document")

    for (document_id, title), group in groupby(entries, document_of):
        records: list[Record] = []
        problems: list[Problem] = []
        first = ""
        for where, values in group:
            first = first or where
            read = _record(where, values, _PREFIXES[unit])
            records.extend([read] if isinstance(read, Record) else [])
            problems.extend([read] if isinstance(read, Problem) else [])
        yield Bundle(
            document_id=document_id.lower(),
            title=title,
            records=tuple(records),
            problems=tuple(problems),
            unit=unit,
            where=first,
        )


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return "" if value is None else str(value)


def _record(where: str, values: Mapping[str, Any], prefix: str) -> Record | Problem:
    runs = _runs(values, prefix)
    if isinstance(runs, str):
        return Problem(where, "offsets that are whole numbers, start before end", runs)
    quote = values.get("quote")
    if not runs and not quote:
        return Problem(where, "offsets or a quote", "neither")
    return Record(
        runs=runs,
        label=_text(values, "label"),
        quote=None if quote is None else str(quote),
        note=_text(values, "note"),
        annotator=_text(values, "annotator"),
        status=_text(values, "status"),
        reviewer=_text(values, "reviewer"),
        annotation_id=_text(values, "id"),
        created_at=_text(values, "created_at"),
        updated_at=_text(values, "updated_at"),
        where=where,
    )


def _runs(values: Mapping[str, Any], prefix: str) -> tuple[tuple[int, int], ...] | str:
    """The runs; none where there are no offsets; else what was found in their place."""
    start, end = _text(values, f"{prefix}start"), _text(values, f"{prefix}end")
    if not start and not end:
        return ()
    if not (_is_count(start) and _is_count(end)):
        return f"start {start!r} and end {end!r}"
    fragments = values.get(f"{prefix}fragments") or ()
    if isinstance(fragments, str):
        try:
            fragments = json.loads(fragments)
        except ValueError:
            return f"fragments {fragments!r}"
    pairs = as_runs(fragments) if fragments else ((int(start), int(end)),)
    if pairs is None or (pairs[0][0], pairs[-1][1]) != (int(start), int(end)):
        return f"{start}..{end} and fragments {fragments!r}"
    return pairs


def as_runs(value: object) -> tuple[tuple[int, int], ...] | None:
    """``[[start, end], …]`` as runs; None where it is something else."""
    if not isinstance(value, list) or not value:
        return None
    for pair in value:
        if not (isinstance(pair, list) and len(pair) == 2 and all(type(n) is int for n in pair)):
            return None
    return tuple((start, end) for start, end in value)


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit()
