"""Documents of the database as formats take them, every run checked against its slice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from annotui.domain.document import Document
from annotui.domain.offset_unit import OffsetUnit, UnitOffsets
from annotui.domain.span import FRAGMENT_JOINT
from annotui.errors import StoreError
from annotui.formats.exchange import Bundle, Record
from annotui.storage.annotations import decode_fragments

Runs = tuple[tuple[int, int], ...]


def bundle_of(document: Document, rows: Sequence[tuple[Any, ...]], unit: OffsetUnit) -> Bundle:
    """The document with the annotations of ``rows`` of the view, their runs in ``unit``.

    Raises:
        StoreError: when a quote is not what stands in the text at its runs, counted in ``unit``.
    """
    text = document.text
    offsets = None if unit is OffsetUnit.CODEPOINT else UnitOffsets(text, unit)
    records: list[Record] = []
    for row in rows:
        annotation_id, _, _, label, start, end, quote, note, annotator = row[:9]
        status, reviewer, line, fragments, created_at, updated_at = row[9:15]
        runs: Runs = _runs(fragments) if fragments else ((start, end),)
        if offsets is not None:
            runs = tuple((offsets.of(one), offsets.of(other)) for one, other in runs)
            found = FRAGMENT_JOINT.join(offsets.slice(*run) for run in runs)
        elif fragments:
            found = FRAGMENT_JOINT.join(text[one:other] for one, other in runs)
        else:
            found = text[start:end]
        if found != quote:
            raise StoreError(
                f"The mark {annotation_id} says {quote[:60]!r}, but its place in "
                f"{document.title!r} has {found[:60]!r}. Nothing was written; run "
                "`annotui verify`, and go back to a backup."
            )
        records.append(
            Record(
                *(runs, label, quote, note, annotator, status, reviewer, annotation_id),
                *(created_at, updated_at, "", line),
            )
        )
    return Bundle(
        text=text,
        document_id=document.document_id,
        title=document.title,
        source=document.source,
        newline=document.newline,
        encoding=document.encoding,
        original_sha256=document.original_sha256,
        metadata=document.metadata,
        records=tuple(records),
        unit=unit,
    )


def _runs(fragments: str) -> Runs:
    return tuple((one.start, one.end) for one in decode_fragments(fragments))
