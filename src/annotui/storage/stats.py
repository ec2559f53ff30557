"""What the figures of the work are counted from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotui.domain.change import ChangeKind
from annotui.domain.stats import Act, DecisionCount, Marked

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

_NOT_BY_HAND = (
    *(ChangeKind.CREATE, ChangeKind.ADD, ChangeKind.IMPORT, ChangeKind.MERGE),
    *(ChangeKind.RENAME, ChangeKind.SCHEME, ChangeKind.REMOVE_DOCUMENT),
)
"""Changes that are no work on marks, articles or decisions."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is counted; an empty filter lets all through. ``since`` begins a stored time."""

    document_ids: Sequence[str] = ()
    labels: Sequence[str] = ()
    annotators: Sequence[str] = ()
    since: str = ""


def marks(db: Handle, chosen: Chosen) -> list[Marked]:
    """The marks that are not removed."""
    where, values = _where(chosen)
    by, names = _in("coalesce(w.renamed_to, w.name)", chosen.annotators)
    rows = db.conn.execute(
        f"""SELECT a.label, coalesce(w.renamed_to, w.name), substr(a.created_at, 1, 10), a.quote,
            CASE WHEN a.fragments = '' THEN 1 ELSE json_array_length(a.fragments) END
        FROM annotation AS a JOIN document AS d ON d.id = a.document_id
        JOIN annotator AS w ON w.name = a.annotator
        WHERE a.removed = 0 AND d.removed = 0 AND a.created_at >= ? {where} {by}""",
        (chosen.since, *values, *names),
    ).fetchall()
    return [Marked(*row) for row in rows]


def decisions(db: Handle, chosen: Chosen) -> list[DecisionCount]:
    """The decisions by the annotators, or on marks of theirs."""
    where, values = _where(chosen)
    by, names = _in("coalesce(w.renamed_to, w.name)", chosen.annotators)
    of, _ = _in("coalesce(v.renamed_to, v.name)", chosen.annotators)
    rows = db.conn.execute(
        f"""SELECT coalesce(v.renamed_to, v.name), coalesce(w.renamed_to, w.name), a.label,
            r.decision, r.reason, r.label IS NOT NULL OR r.start IS NOT NULL, count(*),
            sum(r.annotation_version = a.version AND r.id = (
                SELECT max(newest.id) FROM review AS newest
                WHERE newest.annotation_id = a.id
                AND newest.annotation_version = a.version AND newest.removed = 0))
        FROM review AS r JOIN annotation AS a ON a.id = r.annotation_id
        JOIN document AS d ON d.id = a.document_id
        JOIN annotator AS w ON w.name = a.annotator
        JOIN annotator AS v ON v.name = r.reviewer
        WHERE r.removed = 0 AND a.removed = 0 AND d.removed = 0 AND r.decided_at >= ? {where}
        {f"AND (1 {by} OR 1 {of})" if names else ""}
        GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6""",
        (chosen.since, *values, *names, *names),
    ).fetchall()
    told = [(*row[:5], bool(row[5]), *row[6:]) for row in rows]
    return [DecisionCount(*one) for one in told]


def acts(db: Handle, annotators: Sequence[str] = ()) -> list[Act]:
    """The changes that people made by hand."""
    by, names = _in("coalesce(w.renamed_to, w.name)", annotators)
    kinds = ", ".join("?" * len(_NOT_BY_HAND))
    rows = db.conn.execute(
        f"""SELECT coalesce(w.renamed_to, w.name), c.changed_at, coalesce(c.document_id, '')
        FROM change AS c JOIN annotator AS w ON w.name = c.annotator
        WHERE c.kind NOT IN ({kinds}) {by}""",
        (*_NOT_BY_HAND, *names),
    ).fetchall()
    return [Act(*row) for row in rows]


def _where(chosen: Chosen) -> tuple[str, list[str]]:
    """Tests of the marks by document and label, each after AND, with their values."""
    documents, ids = _in("a.document_id", chosen.document_ids)
    labels, names = _in("a.label", chosen.labels)
    return f"{documents} {labels}", [*ids, *names]


def _in(column: str, allowed: Sequence[str]) -> tuple[str, list[str]]:
    if not allowed:
        return "", []
    return f"AND {column} IN ({', '.join('?' * len(allowed))})", list(allowed)
