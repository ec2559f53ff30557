"""Decisions of reviewers in the database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from annotui.domain.identifier import uuid7
from annotui.domain.review import Decision, PastDecision, Verdict
from annotui.domain.span import Span
from annotui.storage.annotations import decode_fragments, encode_fragments
from annotui.storage.versioned import insert_row

if TYPE_CHECKING:
    from annotui.domain.annotation import Annotation
    from annotui.domain.change import Change
    from annotui.storage.handle import Handle
    from annotui.storage.review_queue import Tests

_FIELDS = """r.id, r.annotation_id, r.annotation_version, r.decision, r.reason, r.note, r.label,
    r.start, r."end", r.fragments, coalesce(w.renamed_to, w.name), r.decided_at"""


def insert(db: Handle, annotation: Annotation, verdict: Verdict, change: Change) -> str:
    """Store a decision on this version of an annotation; the answer is the decision's id."""
    review_id = uuid7(after=_newest(db, annotation.annotation_id))
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


def _newest(db: Handle, annotation_id: str) -> str:
    """The greatest id of a decision on the mark, so that the next one sorts behind it."""
    row = db.conn.execute(
        "SELECT max(id) FROM review WHERE annotation_id = ?", (annotation_id,)
    ).fetchone()
    return row[0] or ""


def newest_of(db: Handle, annotation_ids: Sequence[str]) -> dict[str, PastDecision]:
    """The newest decision on each mark, on whichever version of it."""
    rows = db.conn.execute(
        f"""SELECT {_FIELDS} FROM review AS r JOIN annotator AS w ON w.name = r.reviewer
        WHERE r.removed = 0 AND r.annotation_id IN (SELECT value FROM json_each(?))
        ORDER BY r.id""",
        (json.dumps(list(annotation_ids)),),
    ).fetchall()
    return {row[1]: _past(row) for row in rows}


def by_reviewer(
    db: Handle, names: Sequence[str], since: str, annotation_ids: Sequence[str]
) -> dict[str, PastDecision]:
    """The newest decision of one of ``names`` since then (a stored time) on each mark."""
    rows = db.conn.execute(
        f"""SELECT {_FIELDS} FROM review AS r JOIN annotator AS w ON w.name = r.reviewer
        WHERE r.removed = 0 AND r.annotation_id IN (SELECT value FROM json_each(?))
          AND r.decided_at >= ? AND r.reviewer IN ({", ".join("?" * len(names))})
        ORDER BY r.id""",
        (json.dumps(list(annotation_ids)), since, *names),
    ).fetchall()
    return {row[1]: _past(row) for row in rows}


def all_in_force(db: Handle, tests: Tests) -> list[PastDecision]:
    """Every decision that was not taken back on the marks that pass, in the order of time."""
    rows = db.conn.execute(
        f"""SELECT {_FIELDS} FROM review AS r JOIN annotator AS w ON w.name = r.reviewer
        JOIN annotation AS a ON a.id = r.annotation_id JOIN document AS d ON d.id = a.document_id
        WHERE r.removed = 0 AND {tests.sql} ORDER BY r.decided_at, r.id""",
        tests.values,
    ).fetchall()
    return [_past(row) for row in rows]


def borderline(db: Handle, label: str, limit: int) -> list[PastDecision]:
    """The last decisions about a label that were no plain yes, the newest first.

    That is: rejected, unsure, or accepted as another label or on another span.
    """
    rows = db.conn.execute(
        f"""SELECT {_FIELDS} FROM review AS r JOIN annotator AS w ON w.name = r.reviewer
        JOIN annotation AS a ON a.id = r.annotation_id
        WHERE r.removed = 0 AND (a.label = ?1 OR r.label = ?1)
          AND (r.decision <> 'accepted' OR r.label IS NOT NULL OR r.start IS NOT NULL)
        ORDER BY r.id DESC LIMIT ?2""",
        (label, limit),
    ).fetchall()
    return [_past(row) for row in rows]


def _past(row: tuple[Any, ...]) -> PastDecision:
    review_id, annotation_id, version, decision, reason, note, label = row[:7]
    start, end, fragments, reviewer, decided_at = row[7:]
    runs = decode_fragments(fragments)
    if not runs and start is not None:
        runs = (Span(start, end),)
    verdict = Verdict(Decision(decision), reason, note, label or "", runs)
    return PastDecision(annotation_id, version, verdict, reviewer, decided_at, review_id)


def annotation_ids(db: Handle, ending: str) -> list[str]:
    """Ids of annotations that end so (hexadecimal digits and hyphens), less removed ones."""
    rows = db.conn.execute(
        "SELECT a.id FROM annotation AS a JOIN document AS d ON d.id = a.document_id "
        "WHERE a.removed = 0 AND d.removed = 0 AND substr(a.id, -length(?1)) = ?1 LIMIT 9",
        (ending,),
    ).fetchall()
    return [row[0] for row in rows]
