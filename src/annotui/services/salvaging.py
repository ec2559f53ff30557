"""Deciding which of the rows that were read out of a damaged file go together.

A row is in the file twice: as it stands, and as the last state of its history. Either makes up for
the other. A row whose history has a gap is kept without it; a change of the log that would tell of
nothing is left out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from annotui.domain.document import Document
from annotui.domain.label_scheme import PLAIN_COLOUR, PLAIN_GLYPH, LabelScheme, default_scheme
from annotui.errors import StoreError
from annotui.services.upkeep import annotation_problem
from annotui.storage.branches import branch_problems
from annotui.storage.integrity import LoggedChange, Written, problems_of_change
from annotui.storage.rebuilding import Plan, new_annotator, state_of
from annotui.storage.salvage import Entry, Salvage
from annotui.storage.versioned import COLUMNS, Row, decode

Item = tuple[str, str]

_LOST_CHANGE = -1


@dataclass(slots=True)
class Losses:
    """What is known to have been in the damaged file and is not in the new one."""

    documents: dict[str, str] = field(default_factory=dict)
    """Id and, where it is known, title of each."""
    marks: list[Row] = field(default_factory=list)
    """Annotations that can be read, of those documents."""
    rows: Counter[str] = field(default_factory=Counter)
    """Other rows by table."""
    changes: int = 0
    histories: int = 0


class Judge:
    """Turns what was read into a plan of a sound file."""

    def __init__(self, salvage: Salvage, scheme: LabelScheme | None = None) -> None:
        self._salvage = salvage
        self._scheme = scheme or default_scheme()
        self._entries = salvage.entries()
        self._all_changes = salvage.changes()
        self._has_merged = any(one["kind"] == "merge" for one in self._all_changes.values())
        self._document: Document | None = None
        self.plan = Plan(changes=dict(self._all_changes))
        self.losses = Losses()

    def judge(self) -> None:
        """Fill :attr:`plan` and :attr:`losses`."""
        for table in COLUMNS:
            stored = self._salvage.rows(table)
            told = {item_id for item, item_id in self._entries if item == table}
            for key in sorted({*stored, *told}, key=lambda key: _order(table, key, stored)):
                self._choose(table, key, stored.get(key))
        self._drop_changes()
        self._grow_again()
        plan = self.plan
        self.losses.histories = sum(
            (table, key) not in plan.entries for table, rows in plan.rows.items() for key in rows
        )
        newest = max((one["seq"] for one in self._all_changes.values()), default=0)
        self.losses.changes = newest - len(plan.changes)

    def _choose(self, table: str, key: str, stored: Row | None) -> None:
        entries = self._entries.get((table, key), [])
        told = self._told(table, key, entries)
        if table == "document" and stored is None:
            self.losses.documents[key] = str(told["title"]) if told else ""
            return
        candidates = [row for row in (stored, told) if row is not None and self._fits(table, row)]
        kept = self.plan.rows[table]
        for row in candidates:
            if self._leads_to(table, key, row, entries):
                newest = (told or row)["change_id"]
                is_known = any(entry.change_id == row["change_id"] for entry in entries)
                kept[key] = row if is_known else {**row, "change_id": newest}
                self.plan.entries[table, key] = entries
                return
        if candidates:
            kept[key] = self._without_lost_parents(table, candidates[0])
            return
        if table == "document" and stored is not None:
            kept[key] = self._without_lost_parents(
                table, {**stored, "length": len(self._salvage.text(key))}
            )
            return
        lost = stored or told
        if table == "annotation" and lost is not None:
            self.losses.marks.append(lost)
            if lost["document_id"] not in self.plan.rows["document"]:
                self.losses.documents.setdefault(lost["document_id"], "")
        else:
            self.losses.rows[table] += 1

    def _told(self, table: str, key: str, entries: list[Entry]) -> Row | None:
        """The row as its history has it, in its highest version."""
        newest: Row | None = None
        for entry in entries:
            state = _state(entry.after)
            row = state_of(table, key, state, entry.change_id) if state else None
            if row is not None and self._salvage.accepts(table, row):
                is_newer = newest is None or row["version"] >= newest["version"]
                newest = row if is_newer else newest
        return newest

    def _fits(self, table: str, row: Row) -> bool:
        """Whether all that a row needs is kept, and its quote is that of the text."""
        for column, parent, may_be_empty in self._salvage.parents(table):
            if parent in ("annotator", "label") or may_be_empty:
                continue
            if row[column] not in self.plan.rows.get(parent, {}):
                return False
        if table not in ("document", "annotation"):
            return True
        document_id = row["id" if table == "document" else "document_id"]
        if self._document is None or self._document.document_id != document_id:
            self._document = Document(document_id, "", self._salvage.text(document_id))
        if table == "document":
            return bool(row["length"] == len(self._document.text))
        return not annotation_problem(self._document, row)

    def _leads_to(self, table: str, key: str, row: Row, entries: list[Entry]) -> bool:
        """Whether a history has no gap and ends in the row."""
        if not entries or any(one.seq == _LOST_CHANGE for one in entries):
            return False
        if self._without_lost_parents(table, row) is not row:
            return False
        states = [(_state(one.before), _state(one.after)) for one in entries]
        befores = [
            None if one.before is None else state
            for one, (state, _) in zip(entries, states, strict=True)
        ]
        afters = [after for _, after in states]
        ends = {name: row[name] for name in COLUMNS[table]}
        if befores == [None, *afters[:-1]] and afters[-1] == ends:
            return True
        if not self._has_merged:
            return False
        branches = [(one.before, one.after, one.change_id) for one in entries]
        return not branch_problems(table, key, ends, branches)

    def _without_lost_parents(self, table: str, row: Row) -> Row:
        """The row, pointing at nothing where what it may point at is lost."""
        gone = {
            column: None
            for column, parent, may_be_empty in self._salvage.parents(table)
            if may_be_empty
            and parent not in ("annotator", "label")
            and row[column] is not None
            and row[column] not in self.plan.rows.get(parent, {})
        }
        return {**row, **gone} if gone else row

    def _drop_changes(self) -> None:
        """Leave out changes that do not fit what they wrote, and each history that needs one."""
        plan = self.plan
        while True:
            written: dict[str, list[Written]] = {}
            for (item, item_id), entries in plan.entries.items():
                for one in entries:
                    state = _state(one.after) if item == "annotation" else {}
                    written.setdefault(one.change_id, []).append((item, item_id, one.before, state))
            log = {change_id: _logged(change) for change_id, change in plan.changes.items()}
            dropped = {
                change_id
                for change_id, change in log.items()
                if problems_of_change(change, written.get(change_id, ()), log)
                or (change[4] is not None and change[4] not in plan.rows["document"])
            }
            if not dropped:
                return
            for change_id in dropped:
                del plan.changes[change_id]
            self._has_merged = any(one["kind"] == "merge" for one in plan.changes.values())
            for (table, key), entries in list(plan.entries.items()):
                row = plan.rows[table][key]
                is_cut = any(entry.change_id in dropped for entry in entries)
                if is_cut or not self._leads_to(table, key, row, entries):
                    del plan.entries[table, key]

    def _grow_again(self) -> None:
        """Add annotators and labels that are named somewhere and have no row."""
        rows = self.plan.rows
        named: dict[str, set[str]] = {"annotator": set(), "label": set()}
        named["annotator"] |= {one["annotator"] for one in self.plan.changes.values()}
        for table, found in rows.items():
            for column, parent, _ in self._salvage.parents(table):
                if parent in named:
                    named[parent] |= {one[column] for one in found.values() if one[column]}
        for name in sorted(named["annotator"] - set(rows["annotator"])):
            rows["annotator"][name] = new_annotator(name)
        known = {label.name: label for label in self._scheme}
        wanted = sorted(named["label"] - set(rows["label"]))
        for name in (
            wanted if rows["label"] else [*known, *(one for one in wanted if one not in known)]
        ):
            label = known.get(name)
            taken = {one["key"] for one in rows["label"].values() if not one["removed"]}
            rows["label"][name] = {
                "name": name,
                "layer": "span",
                "position": max((one["position"] for one in rows["label"].values()), default=-1)
                + 1,
                "key": label.key if label else "",
                "glyph": label.glyph if label else PLAIN_GLYPH,
                "colour": label.colour if label else PLAIN_COLOUR,
                "guideline": label.guideline if label else "",
                "example": label.example if label else "",
                "removed": int(label is None or label.key in taken),
                "version": 1,
            }


def _logged(change: Row) -> LoggedChange:
    kept = ("id", "kind", "annotator", "changed_at", "document_id", "target_id")
    one, kind, annotator, changed_at, document_id, target_id = (change[name] for name in kept)
    return one, kind, annotator, changed_at, document_id, target_id


def _order(table: str, key: str, stored: dict[str, Row]) -> tuple[str, str]:
    """Annotations of one document one after the other, so that its text is read once."""
    row = stored.get(key) if table == "annotation" else None
    return (row["document_id"] if row else "", key)


def _state(text: str | None) -> Row:
    try:
        return decode(text) if text else {}
    except (StoreError, RecursionError):
        return {}
