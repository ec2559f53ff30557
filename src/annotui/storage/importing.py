"""What an import asks of the database, and writes in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from annotui.domain.annotation import Annotation
from annotui.domain.identifier import uuid7
from annotui.storage.annotations import found_by
from annotui.storage.versioned import insert_rows, update_row

if TYPE_CHECKING:
    from annotui.domain.change import Change
    from annotui.storage.handle import Handle

_AT_ONCE = 500


def of_document(db: Handle, document_id: str) -> list[Annotation]:
    """All annotations of a document, removed ones included."""
    return found_by(db, "WHERE a.document_id = ?", (document_id,))


def with_ids(db: Handle, ids: Sequence[str]) -> dict[str, Annotation]:
    """The annotations that have one of ``ids``, removed ones included."""
    found: dict[str, Annotation] = {}
    for first in range(0, len(ids), _AT_ONCE):
        some = ids[first : first + _AT_ONCE]
        where = f"WHERE a.id IN ({', '.join('?' * len(some))})"
        found |= {one.annotation_id: one for one in found_by(db, where, tuple(some))}
    return found


def restore(db: Handle, annotations: Iterable[Annotation], change: Change) -> None:
    """Bring removed annotations back."""
    for one in annotations:
        wanted = {"removed": 0, "updated_at": change.changed_at}
        update_row(
            db, "annotation", one.annotation_id, wanted, change.change_id, seen_version=one.version
        )


def insert_decisions(db: Handle, decisions: Iterable[Annotation], change: Change) -> None:
    """Store the review status that each of these bears as its reviewer's decision on it."""
    insert_rows(db, "review", (_review(one, change) for one in decisions), change.change_id)


def _review(one: Annotation, change: Change) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "annotation_id": one.annotation_id,
        "annotation_version": one.version,
        "decision": one.review_status,
        "reason": "",
        "note": "",
        "label": None,
        "start": None,
        "end": None,
        "fragments": "",
        "reviewer": one.reviewer,
        "decided_at": change.changed_at,
        "removed": 0,
        "version": 1,
    }
