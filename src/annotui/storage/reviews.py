"""Decisions of reviewers in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotui.domain.identifier import uuid7
from annotui.domain.review import Verdict
from annotui.storage.annotations import encode_fragments
from annotui.storage.versioned import insert_row

if TYPE_CHECKING:
    from annotui.domain.annotation import Annotation
    from annotui.domain.change import Change
    from annotui.storage.handle import Handle


def insert(db: Handle, annotation: Annotation, verdict: Verdict, change: Change) -> str:
    """Store a decision on this version of an annotation; the answer is the decision's id."""
    review_id = uuid7()
    runs = verdict.runs
    row = {
        "id": review_id,
        "annotation_id": annotation.annotation_id,
        "annotation_version": annotation.version,
        "decision": verdict.decision,
        "reason": verdict.reason,
        "note": verdict.note,
        "label": verdict.label or None,
        "start": runs[0].start if runs else None,
        "end": runs[-1].end if runs else None,
        "fragments": encode_fragments(runs),
        "reviewer": change.annotator,
        "decided_at": change.changed_at,
        "removed": 0,
        "version": 1,
    }
    insert_row(db, "review", row, change.change_id)
    return review_id


def annotation_ids(db: Handle, ending: str) -> list[str]:
    """Ids of annotations that end so (hexadecimal digits and hyphens), less removed ones."""
    rows = db.conn.execute(
        "SELECT a.id FROM annotation AS a JOIN document AS d ON d.id = a.document_id "
        "WHERE a.removed = 0 AND d.removed = 0 AND substr(a.id, -length(?1)) = ?1 LIMIT 9",
        (ending,),
    ).fetchall()
    return [row[0] for row in rows]
