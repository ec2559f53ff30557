"""Checking a whole file, and copying it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from annotui.domain.change import ChangeKind
from annotui.errors import StoreError
from annotui.storage.branches import branch_problems
from annotui.storage.versioned import COLUMNS, KEYS, Row, columns_sql, decode, encode

if TYPE_CHECKING:
    from annotui.storage.handle import Handle


def structure_problems(db: Handle) -> list[str]:
    """What SQLite finds wrong with pages, indexes and types; empty when they are sound."""
    found = [row[0] for row in db.conn.execute("PRAGMA integrity_check").fetchall()]
    return [] if found == ["ok"] else [f"SQLite: {line}" for line in found]


def reference_problems(db: Handle) -> list[str]:
    """Which rows point at others that are missing."""
    rows = db.conn.execute("PRAGMA foreign_key_check").fetchall()
    return [
        f"SQLite: {table} row {rowid or '?'} points at a {parent} that is missing"
        for table, rowid, parent, _ in rows
    ]


LoggedChange = tuple[str, str, str, str, str | None, str | None]
"""A change: id, kind, annotator, time, document and target."""

Written = tuple[str, str, str | None, Row]
"""What a change wrote: item, its id, before, and after where it is an annotation."""


def reading_problems(db: Handle) -> list[str]:
    """Which spans that were read lie beyond the end of their text."""
    rows = db.conn.execute(
        """SELECT r.id, r.start, r."end", d.length FROM reading AS r
        JOIN document AS d ON d.id = r.document_id WHERE r."end" > d.length ORDER BY r.id"""
    ).fetchall()
    return [
        f"reading {read_id}: {start}..{end} is not in its text of {length} characters"
        for read_id, start, end, length in rows
    ]


@dataclass(frozen=True, slots=True)
class History:
    """All of the history in order, and the rows that it should lead to, as one look saw them.

    An entry is item, its id, before, after and change.
    """

    entries: list[tuple[str, str, str | None, str, str]]
    rows: dict[str, list[tuple[Any, ...]]]
    changes: list[LoggedChange]


def read_history(db: Handle) -> History:
    """The history, every versioned row and the log."""
    entries = db.conn.execute(
        "SELECT h.item, h.item_id, h.before, h.after, h.change_id FROM history AS h "
        "LEFT JOIN change AS c ON c.id = h.change_id ORDER BY c.seq"
    ).fetchall()
    rows = {
        table: db.conn.execute(f"SELECT {columns_sql(table, table)} FROM {table}").fetchall()
        for table in COLUMNS
    }
    changes = db.conn.execute(
        "SELECT id, kind, annotator, changed_at, document_id, target_id FROM change ORDER BY seq"
    ).fetchall()
    return History(entries, rows, changes)


def history_problems(history: History) -> tuple[int, list[str]]:
    """How many history rows there are, and where they do not lead to the rows as they stand."""
    problems: list[str] = []
    states: dict[tuple[str, str], str] = {}
    branched: dict[tuple[str, str], list[tuple[str | None, str, str]]] = {}
    has_merged = any(change[1] == ChangeKind.MERGE for change in history.changes)
    for item, item_id, before, after, change_id in history.entries:
        if not _same(before, states.get((item, item_id))):
            if has_merged:
                branched[item, item_id] = []
            else:
                problems.append(
                    f"history of {item} {item_id}, change {change_id}: "
                    "does not start where the change before it ended"
                )
        states[item, item_id] = after
    for item, item_id, before, after, change_id in history.entries if branched else ():
        if (item, item_id) in branched:
            branched[item, item_id].append((before, after, change_id))
    for table, rows in history.rows.items():
        names, key = COLUMNS[table], COLUMNS[table].index(KEYS[table])
        for row in rows:
            state = dict(zip(names, row, strict=True))
            expected = states.pop((table, row[key]), None)
            if (table, row[key]) in branched:
                entries = branched.pop((table, row[key]))
                problems += branch_problems(table, row[key], state, entries)
            elif not _same(expected, encode(state)):
                lacks = "has no history" if expected is None else "differs from its history"
                problems.append(f"{table} {row[key]}: {lacks}")
    problems += [f"{item} {item_id}: has a history but no row" for item, item_id in states]
    return len(history.entries), problems


def change_problems(history: History) -> list[str]:
    """Where a change of the log does not fit what it wrote, or what it is about."""
    written: dict[str, list[Written]] = {}
    for item, item_id, before, after, change_id in history.entries:
        state = _state(after) if item == "annotation" else {}
        written.setdefault(change_id, []).append((item, item_id, before, state))
    log = {change[0]: change for change in history.changes}
    return [
        f"change {change_id}: {problem}"
        for change_id, change in log.items()
        for problem in problems_of_change(change, written.get(change_id, []), log)
    ]


def problems_of_change(
    change: LoggedChange, rows: Sequence[Written], log: Mapping[str, LoggedChange]
) -> list[str]:
    """Where one change does not fit the rows that it wrote, or the rest of the log, by id."""
    change_id, kind, annotator, changed_at, document_id, target_id = change
    found = [_kind_problem(kind, target_id, log)]
    about = [log[one] for one in (change_id, target_id) if one is not None and one in log]
    # Labels carry marks in all documents, too, and annotators agree on some in many.
    of_many = any(
        one[1] == ChangeKind.SCHEME or (one[1] == ChangeKind.ADJUDICATE and one[4] is None)
        for one in about
    )
    if not of_many and kind not in _OF_ALL:
        found.append(_place_problem(document_id, rows))
    for item, item_id, before, state in rows:
        if item != "annotation":
            continue
        is_own = kind in _OF_ANYBODY or state.get("annotator") == annotator
        if before is None and not is_own:
            found.append(f"it is {annotator!r}'s, but made {item} {item_id} of another")
        is_made = before is None and state.get("created_at") == changed_at
        if kind == ChangeKind.ANNOTATE and not is_made:
            found.append(f"it did not make {item} {item_id}, or at another time")
    if kind == ChangeKind.ANNOTATE and not any(row[0] == "annotation" for row in rows):
        found.append("it made no annotation")
    return [problem for problem in found if problem]


_OF_ANYBODY = (ChangeKind.IMPORT, ChangeKind.RECOVER, ChangeKind.ADJUDICATE)
_OF_ALL = (ChangeKind.MERGE, ChangeKind.RECOVER)
"""Changes that write to many documents, and are of none."""

_ABOUT_OTHERS = (ChangeKind.UNDO, ChangeKind.REDO, ChangeKind.PASS)


def _kind_problem(kind: str, target_id: str | None, known_ids: Container[str]) -> str:
    if kind not in set(ChangeKind):
        return f"its kind {kind!r} is not known"
    if kind not in _ABOUT_OTHERS:
        return "" if target_id is None else f"{kind} is about no other change, but names one"
    return "" if target_id in known_ids else f"{kind} does not say of which change"


def _place_problem(document_id: str | None, rows: Iterable[Written]) -> str:
    """What is wrong with the document of a change that wrote ``rows``."""
    for item, item_id, _, state in rows:
        if item in ("annotation", "document"):
            place = state.get("document_id") if item == "annotation" else item_id
            if place != document_id:
                return f"it is about {item} {item_id}, which is not of its document"
    return ""


def _state(after: str) -> Row:
    """A row's state; nothing where it is damaged, which is told elsewhere."""
    try:
        return decode(after)
    except StoreError:
        return {}


def _same(one: str | None, other: str | None) -> bool:
    """Whether two states are equal, however their JSON is spaced."""
    if one == other or one is None or other is None:
        return one == other
    try:
        return decode(one) == decode(other)
    except StoreError:
        return False


def document_ids(db: Handle) -> list[str]:
    """Ids of all documents, removed ones included."""
    return [row[0] for row in db.conn.execute("SELECT id FROM document ORDER BY id").fetchall()]


def document_text(db: Handle, document_id: str) -> tuple[str, int]:
    """Text and stored length of a document; nothing of either where a damaged index hides it."""
    row = db.conn.execute(
        "SELECT text, length FROM document WHERE id = ?", (document_id,)
    ).fetchone()
    return ("", 0) if row is None else (row[0], row[1])


def annotation_rows(db: Handle, document_id: str) -> list[Row]:
    """All annotations of a document as plain rows, removed ones included."""
    names = COLUMNS["annotation"]
    rows = db.conn.execute(
        f"SELECT {columns_sql('annotation', 'a')} FROM annotation AS a WHERE a.document_id = ? "
        'ORDER BY a.start, a."end", a.id',
        (document_id,),
    ).fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]
