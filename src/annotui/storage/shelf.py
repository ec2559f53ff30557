"""Documents of the catalogue in an order and through filters, a page of them at a time."""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from annotui.domain.text_query import TextQuery
from annotui.storage.search import TITLE_WEIGHT, Listed, expression_of

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

BY_LABEL = "label:"
"""Before a label's name, the order by the marks of that label."""

_KEYS = {
    "added": "c.number",
    "title": "c.folded",
    "source": "c.source COLLATE NOCASE",
    "date": "CASE c.published WHEN '' THEN c.added_at ELSE c.published END",
    "words": "c.words",
    "marks": "coalesce(m.marks, 0)",
    "status": "CASE {status} WHEN 'in work' THEN 1 WHEN 'new' THEN 0 WHEN 'done' THEN 2 ELSE 3 END",
}

_NAMES = "(SELECT value FROM json_each(:names))"

_SAID = f"""LEFT JOIN (SELECT document_id, status, max(id) FROM document_status
    WHERE removed = 0 AND annotator IN {_NAMES} GROUP BY document_id
) AS s ON s.document_id = c.document_id"""
"""The status that was set last: SQLite takes it from the row that has the highest id."""

_STATUS = f"""CASE WHEN s.status IN ('done', 'aside') THEN s.status
    WHEN c.document_id IN (
        SELECT document_id FROM annotation WHERE removed = 0 AND annotator IN {_NAMES}
        UNION SELECT document_id FROM reading WHERE removed = 0 AND annotator IN {_NAMES}
    ) THEN 'in work' ELSE 'new' END"""

_SEEN = f"""(:is_blind = 0 OR a.annotator IN {_NAMES} OR a.document_id IN (
    SELECT document_id FROM (SELECT document_id, status, max(id) FROM document_status
        WHERE removed = 0 AND annotator IN {_NAMES} GROUP BY document_id
    ) WHERE status = 'done'))"""
"""Whether the annotator may see a mark ``a``; who is blind sees others' only where she is done."""

_MARKS = f"""LEFT JOIN (SELECT a.document_id, count(*) AS marks FROM annotation AS a
    WHERE a.removed = 0 AND (:label = '' OR a.label = :label) AND {_SEEN} GROUP BY a.document_id
) AS m ON m.document_id = c.document_id"""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which documents, and in which order; what is empty lets all through.

    Each of ``words`` (folded) stands in title or source. ``statuses`` are those of the annotator
    with these ``names``. ``sort`` is a column, a label behind ``BY_LABEL``, or ``relevance``.
    """

    words: tuple[str, ...] = ()
    query: TextQuery | None = None
    collection: str = ""
    statuses: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    is_blind: bool = False
    sort: str = "added"
    is_reversed: bool = False


EVERYTHING = Choice()


def count(db: Handle, choice: Choice = EVERYTHING) -> int:
    """How many documents are chosen."""
    tests, values = _tests(replace(choice, sort=""))
    joins = _SAID if choice.statuses else ""
    found = db.conn.execute(f"SELECT count(*) FROM catalogue AS c {joins} WHERE {tests}", values)
    return int(found.fetchone()[0])


def rank_of(db: Handle, document_id: str) -> int:
    """How many documents were added before this one."""
    row = db.conn.execute(
        """SELECT count(*) FROM catalogue WHERE removed = 0 AND number < (
            SELECT number FROM catalogue WHERE document_id = ?)""",
        (document_id,),
    ).fetchone()
    return int(row[0])


def first_id(db: Handle) -> str:
    """The document that was added first; empty where there is none."""
    row = db.conn.execute(
        "SELECT document_id FROM catalogue WHERE removed = 0 ORDER BY number LIMIT 1"
    ).fetchone()
    return "" if row is None else row[0]


def beside(db: Handle, document_id: str, step: int) -> str:
    """The document added next (``step`` 1) or before (-1); empty at the end."""
    sign, direction = (">", "") if step > 0 else ("<", "DESC")
    row = db.conn.execute(
        f"""SELECT document_id FROM catalogue WHERE removed = 0 AND number {sign} (
            SELECT number FROM catalogue WHERE document_id = ?
        ) ORDER BY number {direction} LIMIT 1""",
        (document_id,),
    ).fetchone()
    return "" if row is None else row[0]


def numbers_from(db: Handle, start: int, rows: int) -> array[int]:
    """The numbers of documents in the order of their arrival, from rank ``start`` on."""
    found = db.conn.execute(
        "SELECT number FROM catalogue WHERE removed = 0 ORDER BY number LIMIT ? OFFSET ?",
        (rows, start),
    ).fetchall()
    return array("q", [row[0] for row in found])


def numbers(db: Handle, choice: Choice, limit: int = -1) -> array[int]:
    """The numbers of the documents that are chosen, in their order; ``limit`` -1 gives all."""
    if choice.sort == "relevance" and choice.query is not None:
        return _by_relevance(db, choice, limit)
    label = choice.sort.removeprefix(BY_LABEL) if choice.sort.startswith(BY_LABEL) else ""
    key = _KEYS["marks"] if label else _KEYS[choice.sort].format(status=_STATUS)
    tests, values = _tests(choice)
    joins = _MARKS if key == _KEYS["marks"] else ""
    if choice.statuses or choice.sort == "status":
        joins += f" {_SAID}"
    direction = "DESC" if choice.is_reversed else "ASC"
    # One string instead of as many rows: a third of the time, and no key waits for Python.
    (found,) = db.conn.execute(
        f"""SELECT json_group_array(number) FROM (
            SELECT c.number AS number FROM catalogue AS c {joins} WHERE {tests}
            ORDER BY {key} {direction}, c.number {direction} LIMIT :limit)""",
        {**values, "label": label, "limit": limit},
    ).fetchone()
    return array("q", json.loads(found))


def _tests(choice: Choice) -> tuple[str, dict[str, Any]]:
    """What a document ``c`` has to fulfil, and the values for it."""
    tests = ["c.removed = 0"]
    values: dict[str, Any] = {
        "names": json.dumps(list(choice.names)),
        "is_blind": choice.is_blind,
    }
    for at, word in enumerate(choice.words):
        tests.append(f"instr(c.folded, :word{at}) > 0")
        values[f"word{at}"] = word
    if choice.collection:
        tests.append(f"c.document_id IN ({_COLLECTED})")
        values["collection"] = choice.collection
    if choice.statuses:
        tests.append(f"{_STATUS} IN (SELECT value FROM json_each(:statuses))")
        values["statuses"] = json.dumps(list(choice.statuses))
    if choice.query is not None and choice.sort != "relevance":
        tests.append(
            f"""c.number IN (SELECT rowid FROM document_search WHERE document_search MATCH :query
            UNION SELECT number FROM catalogue WHERE document_id IN ({_NOTED}))"""
        )
        values["query"] = expression_of(choice.query)
    return " AND ".join(tests), values


_COLLECTED = """SELECT x.document_id FROM collection_document AS x
    JOIN collection AS k ON k.id = x.collection_id
    WHERE k.name = :collection AND k.removed = 0 AND x.removed = 0"""

_NOTED = f"""SELECT a.document_id FROM note_search JOIN noted AS n ON n.number = note_search.rowid
    JOIN annotation AS a ON a.id = n.annotation_id
    WHERE note_search MATCH :query AND a.removed = 0 AND {_SEEN}"""


def _by_relevance(db: Handle, choice: Choice, limit: int) -> array[int]:
    """The best first; documents that have it in notes only come last."""
    tests, values = _tests(choice)
    joins = _SAID if choice.statuses else ""
    values |= {"query": expression_of(choice.query) if choice.query else "", "limit": limit}
    order = "DESC" if choice.is_reversed else ""
    (best,) = db.conn.execute(
        f"""SELECT json_group_array(number) FROM (SELECT c.number AS number FROM document_search
        JOIN catalogue AS c ON c.number = document_search.rowid {joins}
        WHERE document_search MATCH :query AND {tests}
        ORDER BY bm25(document_search, {TITLE_WEIGHT}, 1.0) {order}, c.number LIMIT :limit)""",
        values,
    ).fetchone()
    found = array("q", json.loads(best))
    if limit < 0 or len(found) < limit:
        noted = db.conn.execute(
            f"""SELECT c.number FROM catalogue AS c {joins}
            WHERE {tests} AND c.document_id IN ({_NOTED}) ORDER BY c.number""",
            values,
        ).fetchall()
        known = set(found) if noted else set()
        found.extend(number for (number,) in noted if number not in known)
    return found[:limit] if limit >= 0 else found


def listed(db: Handle, wanted: Sequence[int]) -> dict[int, Listed]:
    """The documents with these numbers."""
    rows = db.conn.execute(
        "SELECT number, document_id, title, source, added_at, published, words FROM catalogue "
        "WHERE number IN (SELECT value FROM json_each(?))",
        (json.dumps(list(wanted)),),
    ).fetchall()
    return {row[0]: Listed(*row) for row in rows}


def statuses_of(db: Handle, document_ids: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """The status of these documents for the annotator with these names."""
    return dict(
        db.conn.execute(
            f"""SELECT c.document_id, {_STATUS} FROM catalogue AS c {_SAID}
            WHERE c.document_id IN (SELECT value FROM json_each(:ids))""",
            {"names": json.dumps(list(names)), "ids": json.dumps(list(document_ids))},
        ).fetchall()
    )
