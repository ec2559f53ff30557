"""Writing rows that were recovered into a new file, with their history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from annotui.domain.change import ChangeKind
from annotui.domain.identifier import utc_now
from annotui.storage import history
from annotui.storage.merging import unguarded
from annotui.storage.salvage import Entry
from annotui.storage.versioned import COLUMNS, KEYS, Row, encode

if TYPE_CHECKING:
    from annotui.storage.handle import Handle


@dataclass(slots=True)
class Plan:
    """What a new file shall hold: rows by table and key, the log, and each item's history.

    The history of an item that has none here begins with the recovery.
    """

    rows: dict[str, dict[str, Row]] = field(default_factory=lambda: {one: {} for one in COLUMNS})
    changes: dict[str, Row] = field(default_factory=dict)
    entries: dict[tuple[str, str], list[Entry]] = field(default_factory=dict)


def write(
    db: Handle, plan: Plan, text_of: Callable[[str], str], annotator: str, summary: str
) -> None:
    """Fill an empty file, inside a transaction that writes."""
    db.conn.execute("PRAGMA defer_foreign_keys = ON")
    with unguarded(db):
        _insert(db, "change", plan.changes.values())
        name = plan.rows["annotator"].get(annotator, {"renamed_to": None})["renamed_to"]
        annotator = name or annotator
        if annotator not in plan.rows["annotator"]:
            plan.rows["annotator"][annotator] = new_annotator(annotator)
        change = history.add_change(db, ChangeKind.RECOVER, annotator, summary=summary)
        entries = [
            (entry.change_id, item, item_id, entry.before, entry.after)
            for (item, item_id), found in plan.entries.items()
            for entry in found
        ]
        for table, rows in plan.rows.items():
            for key, row in rows.items():
                if (table, key) not in plan.entries:
                    state = {name: row[name] for name in COLUMNS[table]}
                    entries.append((change.change_id, table, key, None, encode(state)))
                    row["change_id"] = change.change_id
                text = {"text": text_of(key)} if table == "document" else {}
                _insert(db, table, [{**row, **text}])
        db.conn.executemany(
            "INSERT INTO history (change_id, item, item_id, before, after) VALUES (?, ?, ?, ?, ?)",
            entries,
        )


def _insert(db: Handle, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    for row in rows:
        names = ", ".join(f'"{name}"' for name in row)
        db.conn.execute(
            f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})",
            tuple(row.values()),
        )


def new_annotator(name: str) -> Row:
    """The row of an annotator of whom nothing but the name is known."""
    return {"name": name, "renamed_to": None, "added_at": utc_now(), "version": 1}


def state_of(table: str, key: str, state: Row, change_id: str) -> Row | None:
    """A state of the history as a row of ``table``; None where it is not one of this item."""
    if set(state) != set(COLUMNS[table]) or state[KEYS[table]] != key:
        return None
    return {**state, "change_id": change_id}
