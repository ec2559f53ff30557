"""Build the files of released schemas that the tests open: ``tests/storage/old_files/``.

Usage: ``python scripts/build_old_files.py``. Each is made by the migrations up to one of them, with
plain rows in every table it has. A file that is there is kept: it stands for what was released.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from annotui.storage import full_text
from annotui.storage.handle import Handle
from annotui.storage.migrations import STEPS, migrations
from annotui.storage.versioned import COLUMNS, KEYS, encode

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "storage" / "old_files"

NEWS = (
    "Mayor denies secret plan 👩‍👩‍👧\n\n“We never planned it,” the mayor said, “and never will.”\n"
    "Prices rose 4.5 per cent in May, the office said.\n"
)
OTHER = "A second article\n\nThe river rose by two metres, the council said.\n"

Row = dict[str, Any]


class OldFile:
    """A file with the first ``number`` migrations, and plain rows."""

    def __init__(self, path: Path, number: int) -> None:
        self.number = number
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._db = Handle(self._connection)
        self._ids = 0
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._connection.execute("BEGIN")
        migrations().apply(self._db.tables, stop_before=_name_of(number + 1))
        self._connection.execute("COMMIT")
        self.rows: dict[tuple[str, str], Row] = {}

    def new_id(self) -> str:
        """The next id; each is higher than the one before."""
        self._ids += 1
        return f"01a20539-7aa8-7316-8fe6-{self._ids:012x}"

    def time(self, *, ahead: int = 0) -> str:
        """A time for the id that was given last, or for one that is still to come."""
        days, minutes = divmod(self._ids + ahead, 60)
        return f"2026-11-{1 + days:02}T09:{minutes:02}:00.000Z"

    def write(
        self,
        kind: str,
        annotator: str,
        *rows: tuple[str, Row],
        document: str | None = None,
        target: str | None = None,
        text: str | None = None,
    ) -> str:
        """One change with the rows that it leads to, in one transaction; the answer is its id."""
        change_id = self.new_id()
        self._connection.execute("BEGIN")
        self._connection.execute(
            "INSERT INTO change (id, kind, annotator, changed_at, document_id, target_id, summary) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (change_id, kind, annotator, self.time(), document, target, f"a {kind}"),
        )
        for table, row in rows:
            self._write_row(table, row, change_id, text)
        if self.number > 1:
            full_text.catch_up(self._db)
        self._connection.execute("COMMIT")
        return change_id

    def _write_row(self, table: str, row: Row, change_id: str, text: str | None) -> None:
        key = row[KEYS[table]]
        before = self.rows.get((table, key))
        version = 1 if before is None else before["version"] + 1
        values = {**(before or {"version": 1}), **row, "version": version}
        after = {name: values[name] for name in COLUMNS[table]}
        self._connection.execute(
            "INSERT INTO history (change_id, item, item_id, before, after) VALUES (?, ?, ?, ?, ?)",
            (change_id, table, key, encode(before) if before else None, encode(after)),
        )
        stored = {**after, "change_id": change_id}
        if before is None and table == "document":
            stored["text"] = text
        names = ", ".join(f'"{name}"' for name in stored)
        marks = ", ".join("?" * len(stored))
        if before is None:
            sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"
            self._connection.execute(sql, tuple(stored.values()))
        else:
            sql = f"UPDATE {table} SET ({names}) = ({marks}) WHERE {KEYS[table]} = ?"
            self._connection.execute(sql, (*stored.values(), key))
        self.rows[table, key] = after

    def close(self) -> None:
        """Make the file as small as it can be."""
        self._connection.execute("VACUUM")
        self._connection.close()


def _name_of(number: int) -> str | None:
    return STEPS[number - 1].name if number <= len(STEPS) else None


def _person(name: str, time: str, renamed_to: str | None = None) -> tuple[str, Row]:
    return "annotator", {"name": name, "renamed_to": renamed_to, "added_at": time}


def _labels() -> list[tuple[str, Row]]:
    return [
        (
            "label",
            {
                "name": name,
                "layer": "span",
                "position": position,
                "key": name[0],
                "glyph": glyph,
                "colour": colour,
                "guideline": f"What a {name} is.",
                "example": "“It is so.”",
                "removed": 0,
            },
        )
        for position, (name, glyph, colour) in enumerate(
            (("claim", "●", "#7aa2f7"), ("denial", "○", "#f7768e"), ("statistic", "◆", "#9ece6a"))
        )
    ]


def _document(file: OldFile, text: str, title: str) -> str:
    name = hashlib.sha256(text.encode()).hexdigest()
    row = {
        "id": name,
        "title": title,
        "source": f"news/{title[:5]}.txt",
        "added_at": file.time(),
        "newline": "lf",
        "encoding": "utf-8",
        "original_sha256": name,
        "length": len(text),
        "replaces": None,
        "metadata": '{"published": "2026-05-01"}',
        "removed": 0,
    }
    file.write("add", "amy", ("document", row), document=name, text=text)
    return name


def _mark(
    file: OldFile,
    document: str,
    text: str,
    annotator: str,
    label: str,
    *quotes: str,
    note: str = "",
) -> Row:
    runs: list[list[int]] = []
    for quote in quotes:
        start = text.index(quote, runs[-1][1] if runs else 0)
        runs.append([start, start + len(quote)])
    start, end = runs[0][0], runs[-1][1]
    identifier = file.new_id()
    time = file.time(ahead=1)
    row = {
        "id": identifier,
        "document_id": document,
        "label": label,
        "start": start,
        "end": end,
        "fragments": json.dumps(runs, separators=(",", ":")) if len(runs) > 1 else "",
        "quote": " … ".join(quotes),
        "prefix": text[max(0, start - 32) : start],
        "suffix": text[end : end + 32],
        "line": text.count("\n", 0, start) + 1,
        "note": note,
        "annotator": annotator,
        "derived_from": "",
        "created_at": time,
        "updated_at": time,
        "removed": 0,
    }
    file.write("annotate", annotator, ("annotation", row), document=document)
    return row


def _first(file: OldFile) -> None:
    """People, labels, documents, marks, decisions, an undo, a renaming."""
    time = file.time()
    file.write("create", "amy", _person("amy", time), *_labels())
    file.write("rename", "amy", _person("bob", time))
    news, other = _document(file, NEWS, "Mayor denies"), _document(file, OTHER, "A second article")
    claim = _mark(file, news, NEWS, "amy", "claim", "Mayor denies", note="Ümläut, “quoted”\nline 2")
    _mark(file, news, NEWS, "amy", "denial", "We never planned it", "and never will")
    gone = _mark(file, other, OTHER, "amy", "statistic", "two metres")
    figure = _mark(file, news, NEWS, "bob", "statistic", "4.5 per cent")
    claim = {**claim, "label": "denial", "updated_at": file.time()}
    relabelled = file.write("relabel", "amy", ("annotation", claim), document=news)
    claim = {**claim, "label": "claim"}
    file.write("undo", "amy", ("annotation", claim), document=news, target=relabelled)
    file.write("remove", "amy", ("annotation", {**gone, "removed": 1}), document=other)
    for row, decision, version in ((claim, "accepted", 3), (figure, "rejected", 1)):
        review = {
            "id": file.new_id(),
            "annotation_id": row["id"],
            "annotation_version": version,
            "decision": decision,
            "reason": "boundary",
            "note": "",
            "label": None,
            "start": None,
            "end": None,
            "fragments": "",
            "reviewer": "amy",
            "decided_at": file.time(),
            "removed": 0,
        }
        file.write("review", "amy", ("review", review), document=news)
    file.write("rename", "amy", _person("robert", time), _person("bob", time, "robert"))


def _progress(file: OldFile) -> None:
    """What was read and done."""
    news = hashlib.sha256(NEWS.encode()).hexdigest()
    place = {"document_id": news, "annotator": "amy", "removed": 0}
    done = {"id": file.new_id(), **place, "status": "done", "set_at": file.time()}
    file.write("status", "amy", ("document_status", done), document=news)
    read = {"id": file.new_id(), **place, "start": 0, "end": 20, "read_at": file.time()}
    file.write("read", "amy", ("reading", read), document=news)


def _adjudication(file: OldFile) -> None:
    """One decision for the gold set, which took one mark and left another."""
    news = hashlib.sha256(NEWS.encode()).hexdigest()
    marks = [
        row
        for (table, _), row in file.rows.items()
        if table == "annotation" and row["document_id"] == news and row["label"] != "denial"
    ]
    gold = _mark(file, news, NEWS, "amy", "claim", "Mayor denies secret plan")
    decision = {
        "id": file.new_id(),
        "document_id": news,
        "gold": "amy",
        "choice": "annotator",
        "annotation_id": gold["id"],
        "adjudicator": "amy",
        "decided_at": file.time(),
        "superseded_by": None,
        "removed": 0,
    }
    sources = [
        {
            "id": file.new_id(),
            "adjudication_id": decision["id"],
            "annotation_id": mark["id"],
            "annotation_version": mark["version"],
            **{name: mark[name] for name in ("label", "start", "end", "fragments")},
            "taken": int(mark["label"] == "claim"),
            "removed": 0,
        }
        for mark in marks
    ]
    rows = [("adjudication_source", row) for row in sources]
    file.write("adjudicate", "amy", ("adjudication", decision), *rows, document=news)


def _collections(file: OldFile) -> None:
    """A collection with one article."""
    news = hashlib.sha256(NEWS.encode()).hexdigest()
    made = {"id": file.new_id(), "name": "May", "created_at": file.time(), "removed": 0}
    held = {
        "id": file.new_id(),
        "collection_id": made["id"],
        "document_id": news,
        "added_at": file.time(),
        "removed": 0,
    }
    file.write("collection", "amy", ("collection", made), ("collection_document", held))


FILLS: dict[str, Callable[[OldFile], None]] = {
    "0001_first": _first,
    "0003_progress": _progress,
    "0005_adjudication": _adjudication,
    "0006_collections": _collections,
}
"""What a migration brings is filled by this; one that brings nothing to fill is not here."""


def build(path: Path, number: int) -> None:
    """Make the file of the schema after ``number`` migrations."""
    file = OldFile(path, number)
    for step in STEPS[:number]:
        if step.name in FILLS:
            FILLS[step.name](file)
    file.close()


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for number in range(1, len(STEPS) + 1):
        target = FOLDER / f"schema_{number}.db"
        if not target.exists():
            build(target, number)
            print(f"{target}: {target.stat().st_size:,} bytes")
