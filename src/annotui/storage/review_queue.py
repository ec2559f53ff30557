"""Which marks a review session goes through: looked up a page at a time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from annotui.domain.review_queue import STATUSES, Choice

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

_DECIDED = """EXISTS (SELECT 1 FROM review AS r
    WHERE r.annotation_id = a.id AND r.annotation_version = a.version AND r.removed = 0)"""
_DECIDED_BEFORE = """EXISTS (SELECT 1 FROM review AS o
    WHERE o.annotation_id = a.id AND o.annotation_version < a.version AND o.removed = 0)"""
_STATUS = """coalesce((SELECT r.decision FROM review AS r
    WHERE r.annotation_id = a.id AND r.annotation_version = a.version AND r.removed = 0
    ORDER BY r.id DESC LIMIT 1), 'unreviewed')"""
_FROM = "FROM document AS d CROSS JOIN annotation AS a ON a.document_id = d.id"
_TEXT_ORDER = 'd.title, d.id, a.start, a."end", a.id'


class TextPlace(NamedTuple):
    """Where a mark stands in the order of the text: title and id of its document, span, id."""

    title: str
    document_id: str
    start: int
    end: int
    annotation_id: str


@dataclass(frozen=True, slots=True)
class Tests:
    """Conditions on ``annotation AS a`` and ``document AS d``, and their values."""

    sql: str
    values: tuple[Any, ...]

    def and_also(self, sql: str, *values: Any) -> Tests:
        """These and another condition."""
        return Tests(f"{self.sql} AND {sql}", (*self.values, *values))


@dataclass(frozen=True, slots=True)
class Scope:
    """What a session chose, by whom it is reviewed (all names), and since when (a stored time)."""

    choice: Choice
    reviewer_names: Sequence[str]
    annotator_names: Sequence[str]
    started_at: str

    def all_of_it(self) -> Tests:
        """The marks of the session: those to decide, and those it has decided on."""
        chosen, mine = self._chosen(), self._mine()
        within = self._within()
        return within.and_also(f"({chosen.sql} OR {mine.sql})", *chosen.values, *mine.values)

    def left(self) -> Tests:
        """The marks that the session has not decided on."""
        chosen, mine = self._chosen(), self._mine()
        if self.choice.statuses == ("unreviewed",) or self.choice.changed:
            return self._within().and_also(chosen.sql, *chosen.values)
        both = self._within().and_also(chosen.sql, *chosen.values)
        return both.and_also(f"NOT {mine.sql}", *mine.values)

    def decided(self) -> Tests:
        """The marks that the session has decided on, as they are now."""
        mine = self._mine()
        return self._within().and_also(mine.sql, *mine.values)

    def every_decision(self) -> Tests:
        """What was chosen of documents, labels and annotators, for decisions ``r``.

        Statuses are those that were decided, and since is when it was decided.
        """
        choice = self.choice
        tests = self._within(by_time=False)
        if choice.since:
            tests = tests.and_also("r.decided_at >= ?", choice.since)
        if choice.statuses:
            tests = tests.and_also(f"r.decision IN ({_marks(choice.statuses)})", *choice.statuses)
        return tests

    def _within(self, *, by_time: bool = True) -> Tests:
        choice = self.choice
        tests = Tests("d.removed = 0 AND a.removed = 0", ())
        for column, allowed in (
            ("d.id", choice.document_ids),
            ("a.label", choice.labels),
            ("a.annotator", self.annotator_names),
        ):
            if allowed:
                tests = tests.and_also(f"{column} IN ({_marks(allowed)})", *allowed)
        if choice.since and by_time:
            tests = tests.and_also("a.created_at >= ?", choice.since)
        return tests

    def _chosen(self) -> Tests:
        statuses = self.choice.statuses
        if self.choice.changed:
            return Tests(f"(NOT {_DECIDED} AND {_DECIDED_BEFORE})", ())
        if statuses == ("unreviewed",):
            return Tests(f"NOT {_DECIDED}", ())
        if not statuses or set(statuses) == set(STATUSES):
            return Tests("1", ())
        return Tests(f"{_STATUS} IN ({_marks(statuses)})", tuple(statuses))

    def _mine(self) -> Tests:
        names = self.reviewer_names
        return Tests(
            f"""EXISTS (SELECT 1 FROM review AS m
            WHERE m.annotation_id = a.id AND m.annotation_version = a.version AND m.removed = 0
              AND m.decided_at >= ? AND m.reviewer IN ({_marks(names)}))""",
            (self.started_at, *names),
        )


def in_text_order(db: Handle, tests: Tests, after: TextPlace | None, limit: int) -> list[str]:
    """The first marks behind ``after``, by title of the document and place in it."""
    if after is not None:
        behind = '(d.id <> ? OR (a.start, a."end", a.id) > (?, ?, ?))'
        tests = tests.and_also("(d.title, d.id) >= (?, ?)", after.title, after.document_id)
        tests = tests.and_also(behind, after.document_id, *after[2:])
    return _ids(db, f"{_FROM} WHERE {tests.sql} ORDER BY {_TEXT_ORDER} LIMIT ?",
                (*tests.values, limit))  # fmt: skip


def newest_first(db: Handle, tests: Tests, after: str, limit: int) -> list[str]:
    """The marks made last of those that were made before the mark ``after``."""
    if after:
        tests = tests.and_also("a.id < ?", after)
    return _ids(
        db,
        "FROM annotation AS a CROSS JOIN document AS d ON d.id = a.document_id "
        f"WHERE {tests.sql} ORDER BY a.id DESC LIMIT ?",
        (*tests.values, limit),
    )


def all_ids(db: Handle, tests: Tests) -> list[str]:
    """All marks, in no order."""
    return _ids(
        db,
        f"FROM annotation AS a CROSS JOIN document AS d ON d.id = a.document_id WHERE {tests.sql}",
        tests.values,
    )


def of_these(db: Handle, tests: Tests, ids: Sequence[str]) -> set[str]:
    """Those of ``ids`` that pass."""
    tests = tests.and_also("a.id IN (SELECT value FROM json_each(?))", json.dumps(list(ids)))
    return set(all_ids(db, tests))


def sorted_as_text(db: Handle, ids: Sequence[str]) -> list[str]:
    """The same marks in the order of the text, those that are gone left out."""
    return _ids(
        db,
        "FROM annotation AS a JOIN document AS d ON d.id = a.document_id "
        f"WHERE a.id IN (SELECT value FROM json_each(?)) ORDER BY {_TEXT_ORDER}",
        (json.dumps(list(ids)),),
    )


def labels_of(db: Handle, ids: Sequence[str]) -> dict[str, str]:
    """The label of each mark."""
    return dict(
        db.conn.execute(
            "SELECT id, label FROM annotation WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        ).fetchall()
    )


def labels_in_order(db: Handle) -> list[str]:
    """All labels that a mark can have, in the order of the scheme, retired ones last."""
    rows = db.conn.execute("SELECT name FROM label ORDER BY removed, position, name").fetchall()
    return [row[0] for row in rows]


def place_of(db: Handle, annotation_id: str) -> tuple[TextPlace, str] | None:
    """Where a mark stands, and its label; None when the file does not have it."""
    row = db.conn.execute(
        'SELECT d.title, d.id, a.start, a."end", a.id, a.label FROM annotation AS a '
        "JOIN document AS d ON d.id = a.document_id WHERE a.id = ?",
        (annotation_id,),
    ).fetchone()
    return None if row is None else (TextPlace(*row[:5]), row[5])


def count(db: Handle, tests: Tests, rowids: range | None = None) -> int:
    """How many marks pass; with ``rowids``, in the documents of these rows only."""
    if rowids is not None:
        tests = tests.and_also("d.rowid >= ? AND d.rowid < ?", rowids.start, rowids.stop)
    row = db.conn.execute(f"SELECT count(*) {_FROM} WHERE {tests.sql}", tests.values).fetchone()
    return int(row[0])


def last_document_row(db: Handle) -> int:
    """The greatest row number of a document; 0 when there is none."""
    return int(db.conn.execute("SELECT coalesce(max(rowid), 0) FROM document").fetchone()[0])


def decided_since(db: Handle, names: Sequence[str], first_change: str, limit: int) -> list[str]:
    """The marks on which one of ``names`` decided since then, the newest decision first.

    ``first_change`` is the lowest id that a change of that time can have; a mark that was
    decided twice comes once. Decisions that were taken back do not count.
    """
    rows = db.conn.execute(
        f"""SELECT r.annotation_id FROM change AS c
        JOIN history AS h ON h.change_id = c.id AND h.item = 'review' AND h.before IS NULL
        JOIN review AS r ON r.id = h.item_id AND r.removed = 0
        WHERE c.annotator IN ({_marks(names)}) AND c.id >= ? AND c.kind = 'review'
        ORDER BY c.id DESC LIMIT ?""",
        (*names, first_change, limit),
    ).fetchall()
    return list(dict.fromkeys(row[0] for row in rows))


def _ids(db: Handle, rest: str, values: Sequence[Any]) -> list[str]:
    return [row[0] for row in db.conn.execute(f"SELECT a.id {rest}", tuple(values)).fetchall()]


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))
