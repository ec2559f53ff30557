"""Changes: what was done to the data, by whom and when; they are only ever added."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ChangeKind(StrEnum):
    """What a change did."""

    CREATE = "create"
    ADD = "add"
    REMOVE_DOCUMENT = "remove-document"
    IMPORT = "import"
    MERGE = "merge"
    ANNOTATE = "annotate"
    RELABEL = "relabel"
    MOVE = "move"
    NOTE = "note"
    REMOVE = "remove"
    REVIEW = "review"
    ADJUDICATE = "adjudicate"
    STATUS = "status"
    READ = "read"
    COLLECTION = "collection"
    RENAME = "rename"
    SCHEME = "scheme"
    RECOVER = "recover"
    UNDO = "undo"
    REDO = "redo"
    PASS = "pass"  # noqa: S105 (undo passes over a change that somebody has built on)


UNDOABLE = (
    ChangeKind.ANNOTATE,
    ChangeKind.RELABEL,
    ChangeKind.MOVE,
    ChangeKind.NOTE,
    ChangeKind.REMOVE,
    ChangeKind.REVIEW,
    ChangeKind.ADJUDICATE,
    ChangeKind.STATUS,
    ChangeKind.READ,
    ChangeKind.COLLECTION,
    ChangeKind.RENAME,
    ChangeKind.SCHEME,
    ChangeKind.REMOVE_DOCUMENT,
    ChangeKind.IMPORT,
)


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the log; ``target_id`` is the change that an undo or redo is about."""

    change_id: str
    kind: ChangeKind
    annotator: str
    changed_at: str
    document_id: str = ""
    target_id: str = ""
    summary: str = ""
