"""Adjudications in the database: decisions on several annotators' marks, and their sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from annotui.domain.adjudication import Choice, Decided, Source
from annotui.domain.identifier import uuid7
from annotui.domain.span import Span
from annotui.storage.annotations import decode_fragments, encode_fragments
from annotui.storage.versioned import insert_row, insert_rows, update_row

if TYPE_CHECKING:
    from annotui.domain.annotation import Annotation
    from annotui.domain.change import Change
    from annotui.storage.handle import Handle


def in_force(
    db: Handle, document_id: str, gold_names: Sequence[str], marks: Iterable[Annotation]
) -> list[Decided]:
    """The decisions for a gold set in a document that no later one supersedes, oldest first.

    ``marks`` are those of the document; a gold mark that is not among them was removed.
    """
    names = ", ".join("?" * len(gold_names))
    rows = db.conn.execute(
        f"""SELECT j.id, j.choice, j.annotation_id, s.annotation_id,
            coalesce(w.renamed_to, w.name), s.label, s.start, s."end", s.fragments, a.removed
        FROM adjudication AS j
        JOIN adjudication_source AS s ON s.adjudication_id = j.id AND s.removed = 0
        JOIN annotation AS a ON a.id = s.annotation_id JOIN annotator AS w ON w.name = a.annotator
        WHERE j.document_id = ? AND j.gold IN ({names}) AND j.removed = 0
          AND j.superseded_by IS NULL
        ORDER BY j.id, s.annotation_id""",
        (document_id, *gold_names),
    ).fetchall()
    by_id = {one.annotation_id: one for one in marks}
    found = []
    for (adjudication_id, choice, gold_id), group in groupby(rows, key=itemgetter(0, 1, 2)):
        sources = tuple(_source(row[3:]) for row in group)
        found.append(Decided(adjudication_id, Choice(choice), sources, by_id.get(gold_id)))
    return found


def _source(row: tuple[Any, ...]) -> Source:
    annotation_id, annotator, label, start, end, fragments, removed = row
    runs = decode_fragments(fragments) or (Span(start, end),)
    return Source(annotation_id, (label, runs), annotator, is_standing=not removed)


def insert(
    db: Handle,
    change: Change,
    *,
    document_id: str,
    gold: str,
    choice: Choice,
    result_id: str,
    marks: Iterable[Annotation],
    taken: frozenset[str],
) -> str:
    """Store a decision about ``marks`` and its result; the answer is the decision's id.

    ``result_id`` is the mark of the gold set, empty where there is none; ``taken`` are the ids of
    the marks that it was made of.
    """
    newest = db.conn.execute("SELECT max(id) FROM adjudication").fetchone()[0]
    adjudication_id = uuid7(after=newest or "")
    row = {
        "id": adjudication_id,
        "document_id": document_id,
        "gold": gold,
        "choice": str(choice),
        "annotation_id": result_id or None,
        "adjudicator": change.annotator,
        "decided_at": change.changed_at,
        "superseded_by": None,
        "removed": 0,
        "version": 1,
    }
    insert_row(db, "adjudication", row, change.change_id)
    rows = [
        {
            "id": uuid7(),
            "adjudication_id": adjudication_id,
            "annotation_id": one.annotation_id,
            "annotation_version": one.version,
            "label": one.label,
            "start": one.start,
            "end": one.end,
            "fragments": encode_fragments(one.fragments),
            "taken": int(one.annotation_id in taken),
            "removed": 0,
            "version": 1,
        }
        for one in marks
    ]
    insert_rows(db, "adjudication_source", rows, change.change_id)
    return adjudication_id


def supersede(db: Handle, earlier_id: str, by_id: str, change: Change) -> None:
    """Say that a later decision stands in the place of an earlier one."""
    update_row(db, "adjudication", earlier_id, {"superseded_by": by_id}, change.change_id)


def remove(db: Handle, adjudication_id: str, change: Change) -> None:
    """Take a decision out of force."""
    update_row(db, "adjudication", adjudication_id, {"removed": 1}, change.change_id)


def gold_sets(db: Handle) -> list[str]:
    """The names, as they are now, of all gold sets."""
    rows = db.conn.execute(
        """SELECT DISTINCT coalesce(w.renamed_to, w.name) FROM annotator AS w
        WHERE EXISTS (SELECT 1 FROM adjudication AS j WHERE j.gold = w.name AND j.removed = 0)
        ORDER BY 1"""
    ).fetchall()
    return [row[0] for row in rows]


def annotators(db: Handle, gold_names: Sequence[str]) -> set[str]:
    """Whose marks, by their names now, a gold set was made of."""
    names = ", ".join("?" * len(gold_names))
    rows = db.conn.execute(
        f"""SELECT DISTINCT coalesce(w.renamed_to, w.name) FROM adjudication AS j
        JOIN adjudication_source AS s ON s.adjudication_id = j.id AND s.removed = 0
        JOIN annotation AS a ON a.id = s.annotation_id JOIN annotator AS w ON w.name = a.annotator
        WHERE j.removed = 0 AND j.gold IN ({names})""",
        tuple(gold_names),
    ).fetchall()
    return {row[0] for row in rows}


def documents_with_marks(db: Handle) -> list[str]:
    """Ids of the documents that have marks, in the order in which they were added."""
    rows = db.conn.execute(
        """SELECT id FROM document WHERE removed = 0
        AND id IN (SELECT document_id FROM annotation WHERE removed = 0) ORDER BY rowid"""
    ).fetchall()
    return [row[0] for row in rows]
