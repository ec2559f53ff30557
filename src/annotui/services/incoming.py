"""What another file brings is checked against its texts before any of it comes in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from annotui.domain.annotation import CONTEXT_LENGTH
from annotui.domain.document import Document, document_id_of
from annotui.domain.span import FRAGMENT_JOINT
from annotui.errors import StoreError
from annotui.services.upkeep import annotation_problem
from annotui.storage import merging

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

_NAMES = ("id", "start", "end", "fragments", "quote", "prefix", "suffix", "line")


def check_incoming(db: Handle, schema: str, path: Path) -> None:
    """Check every new text by its hash, and every mark by its slice.

    Raises:
        StoreError: when one of them is not as it must be.
    """
    for document_id, text, length in merging.incoming_texts(db, schema):
        if document_id_of(text) != document_id or len(text) != length:
            _refuse(path, f"document {document_id[:12]}: its text is not the one that was taken in")
    document, place, line = Document("", "", ""), 0, 1
    for document_id, *values in merging.incoming_marks(db, schema):
        if document_id != document.document_id:
            document = Document(document_id, "", merging.text_of(db, schema, document_id))
            place, line = 0, 1
        line += document.text.count("\n", place, values[1])  # they come in the order of the text
        place = max(place, values[1])
        if not _is_sound(document.text, line, values):
            row = dict(zip(_NAMES, values, strict=True))
            problem = annotation_problem(document, row) or "it is out of order"
            _refuse(path, f"annotation {row['id']} in document {document_id[:12]}: {problem}")


def _is_sound(text: str, line: int, values: list[Any]) -> bool:
    """Whether a mark on ``line`` follows from the text; what is wrong is for others to say."""
    _, start, end, fragments, quote, prefix, suffix, stored_line = values
    expected = text[start:end]
    if fragments:
        try:
            runs = json.loads(fragments)
            flat = [offset for first, last in runs for offset in (first, last)]
            expected = FRAGMENT_JOINT.join(text[first:last] for first, last in runs)
        except (ValueError, TypeError):
            return False
        if flat != sorted(set(flat)) or [flat[0], flat[-1]] != [start, end]:
            return False
    return bool(
        0 <= start < end <= len(text)
        and expected == quote
        and text[max(0, start - CONTEXT_LENGTH) : start] == prefix
        and text[end : end + CONTEXT_LENGTH] == suffix
        and line == stored_line
    )


def _refuse(path: Path, problem: str) -> NoReturn:
    raise StoreError(
        f"{path} is not sound: {problem}. Nothing was merged; see `annotui verify --db {path}`, "
        "and ask for a backup of it."
    )
