"""What the file itself promises, to annotui and to every other program."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from annotui.domain import adjudication
from annotui.domain.progress import DocumentStatus
from annotui.domain.span import Span
from annotui.formats.csv_table import COLUMNS
from annotui.services import (
    collections,
    coverage,
    curation,
    history,
    interchange,
    library,
    queue,
    upkeep,
)
from annotui.services.session import Session
from annotui.services.workspace import Workspace
from annotui.storage.migrations import APPLICATION_ID, SCHEMA_VERSION, expected_sql
from annotui.storage.versioned import COLUMNS as KEPT
from annotui.storage.versioned import KEYS, encode
from stored_files import (
    bytes_and_mtime,
    dump,
    plain,
    query,
    session_on,
    take_in,
    without_triggers,
    write_review,
)

OpenAs = Callable[..., Workspace]
OWN_TABLES = {
    *("change", "history", "annotator", "label", "document", "annotation", "review"),
    *("document_status", "reading", "collection", "collection_document"),
    *("adjudication", "adjudication_source"),
}
DERIVED = {"search_due", "catalogue", "noted"}
"""What can be made anew from the others at any time."""

FULL_TEXT = {"document_search", "note_search"}


@pytest.fixture
def marked(open_as: OpenAs, database: Path) -> Path:
    """A file with two documents, marks by two people, a review, a removed mark and an undo."""
    amy, bob = open_as("amy"), open_as("bob")
    session = session_on(amy)
    first = session.annotate([Span(0, 24)], "claim", note="Ümläut, “quoted”\nsecond line")
    session.annotate([Span(27, 46), Span(66, 83)], "denial")
    other = session_on(bob, "Another text, with 20 per cent of everything.")
    other.annotate([Span(19, 30)], "statistic")
    session.remove(session.annotate([Span(5, 9)], "claim").after[0])
    write_review(bob, first.after[0], "accepted")
    queue.set_status(bob, other.document.document_id, DocumentStatus.DONE)
    coverage.mark_read(bob, other.document, [Span(0, 5)])
    collections.create(amy, "Budget")
    collections.put_in(amy, "Budget", [other.document.document_id])
    queue.set_status(amy, other.document.document_id, DocumentStatus.DONE)
    (conflict,) = curation.look_at(amy, curation.Wanted(), other.document.document_id)
    curation.decide(amy, curation.Wanted(), conflict, adjudication.NEITHER)
    session.annotate([Span(1, 2)], "attribution")
    history.undo(amy)
    amy.close()
    bob.close()
    return database


def test_a_fresh_file_has_exactly_the_expected_schema(open_as: OpenAs, database: Path) -> None:
    take_in(open_as("amy"))
    found = {
        (kind, name): sql
        for kind, name, sql in query(database, "SELECT type, name, sql FROM sqlite_master")
        if kind in ("table", "view", "trigger") and name in {n for _, n in expected_sql()}
    }
    assert found == expected_sql()
    assert {name for kind, name in found if kind == "table"} == OWN_TABLES | DERIVED | FULL_TEXT
    assert {name for kind, name in found if kind == "view"} == {"annotations", "catalogue_text"}


def test_the_header_names_the_application_and_the_schema(marked: Path) -> None:
    assert query(marked, "PRAGMA application_id") == [(APPLICATION_ID,)]
    assert query(marked, "PRAGMA user_version") == [(SCHEMA_VERSION,)]
    assert query(marked, "PRAGMA journal_mode") == [("delete",)]
    applied = query(marked, "SELECT migration_set, name FROM _sqlite_migrations")
    names = ("0001_first", "0002_search", "0003_progress", "0005_adjudication", "0006_collections")
    assert applied == [("annotui", name) for name in names]
    assert len(applied) == SCHEMA_VERSION


def test_every_table_is_strict(marked: Path) -> None:
    strict = query(marked, "SELECT name FROM pragma_table_list WHERE strict = 1")
    assert {name for (name,) in strict} == OWN_TABLES | DERIVED


def test_the_history_keeps_every_column(marked: Path) -> None:
    for table, kept in KEPT.items():
        columns = {row[1] for row in query(marked, f"PRAGMA table_info({table})")}
        assert columns == {*kept, "change_id"} | ({"text"} if table == "document" else set())


def test_the_view_is_the_csv_row_for_row(marked: Path, open_as: OpenAs) -> None:
    connection = plain(marked)
    cursor = connection.execute("SELECT * FROM annotations")
    rows = cursor.fetchall()
    assert tuple(column[0] for column in cursor.description) == COLUMNS
    connection.close()
    written = interchange.export(open_as("amy"))
    table = list(csv.reader(io.StringIO(written.text, newline="")))
    assert table[0] == list(COLUMNS)
    assert table[1:] == [["" if cell is None else str(cell) for cell in row] for row in rows]
    assert len(rows) == 3


def test_the_view_orders_by_title_document_start_end_and_id(marked: Path) -> None:
    rows = query(marked, 'SELECT document, document_id, start, "end", id FROM annotations')
    assert rows == sorted(rows)


def test_a_stale_decision_shows_as_unreviewed(marked: Path, open_as: OpenAs) -> None:
    session = session_on(open_as("amy"))
    statuses = {a.label: (a.review_status, a.reviewer) for a in session.annotations()}
    assert statuses["claim"] == ("accepted", "bob")
    claim = next(a for a in session.annotations() if a.label == "claim")
    session.set_note(claim, "edited")
    after = next(a for a in session.annotations() if a.label == "claim")
    assert (after.review_status, after.reviewer) == ("unreviewed", "")
    status = query(
        marked, "SELECT status, reviewer FROM annotations WHERE id = ?", after.annotation_id
    )
    assert status == [("unreviewed", "")]


def test_the_newest_decision_counts(marked: Path, open_as: OpenAs) -> None:
    session = session_on(open_as("amy"))
    claim = next(a for a in session.annotations() if a.label == "claim")
    write_review(open_as("cy"), claim, "rejected")
    after = next(a for a in session.annotations() if a.label == "claim")
    assert (after.review_status, after.reviewer) == ("rejected", "cy")
    status = query(
        marked, "SELECT status, reviewer FROM annotations WHERE id = ?", claim.annotation_id
    )
    assert status == [("rejected", "cy")]


def test_reading_writes_nothing(marked: Path, open_as: OpenAs) -> None:
    before = bytes_and_mtime(marked)
    reader = open_as("somebody new")
    for summary in library.summaries(reader):
        session = Session(reader, library.document(reader, summary.document_id))
        session.annotations()
        session.news()
        session.knows_annotator()
        library.find(reader, summary.title)
    assert interchange.export(reader).rows == 3
    history.log(reader)
    upkeep.annotators(reader)
    assert upkeep.verify(reader).problems == ()
    reader.close()
    assert bytes_and_mtime(marked) == before
    assert sorted(path.name for path in marked.parent.iterdir()) == [marked.name]


def test_opening_again_changes_no_byte(marked: Path, open_as: OpenAs) -> None:
    before = bytes_and_mtime(marked)
    for _ in range(3):
        workspace = open_as("amy")
        workspace.store(create=True)
        workspace.close()
    assert bytes_and_mtime(marked) == before


NEW = "01a20539-7aa8-7316-8fe6-3ec566720e4c"
FORGED_CHANGE = (
    "INSERT INTO change (id, kind, annotator, changed_at) "
    f"VALUES ('{NEW}', 'relabel', 'eve', '2026-01-01T00:00:00.000Z')"
)
ANNOTATION = "(SELECT id FROM annotation ORDER BY id LIMIT 1)"
HISTORY = "INSERT INTO history (change_id, item, item_id, before, after) VALUES"

HOSTILE = [
    # plain edits of a row
    "UPDATE annotation SET label = 'denial'",
    "UPDATE annotation SET note = 'x', version = version + 1",
    "UPDATE annotation SET note = 'x', change_id = (SELECT max(id) FROM change)",
    "UPDATE annotation SET note = 'x', version = version + 1, "
    "change_id = (SELECT min(id) FROM change)",
    "UPDATE annotation SET removed = 1",
    'UPDATE annotation SET "end" = start + 1',
    "UPDATE annotation SET annotator = 'eve'",
    f"UPDATE OR REPLACE annotation SET id = {ANNOTATION}",
    "UPDATE document SET text = 'another text'",
    "UPDATE document SET title = 'another title'",
    "UPDATE document SET rowid = rowid + 100",
    "UPDATE OR REPLACE document SET rowid = 1 WHERE rowid = 2",
    "UPDATE review SET decision = 'rejected'",
    "UPDATE label SET guideline = ''",
    "UPDATE annotator SET renamed_to = NULL",
    "UPDATE annotator SET name = 'eve' WHERE name = 'amy'",
    # deletes
    *(f"DELETE FROM {table}" for table in sorted(OWN_TABLES)),
    # replacing
    "INSERT OR REPLACE INTO annotation SELECT * FROM annotation",
    "REPLACE INTO document SELECT * FROM document",
    "REPLACE INTO document (rowid, id, title, added_at, newline, encoding, original_sha256, "
    "length, change_id, text) SELECT 1, replace(id, substr(id, 1, 1), '0'), 't', added_at, "
    "newline, encoding, original_sha256, length, change_id, 'x' FROM document WHERE rowid = 1",
    "REPLACE INTO change SELECT * FROM change",
    "REPLACE INTO change (seq, id, kind, annotator, changed_at) "
    f"VALUES (1, '{NEW}', 'note', 'eve', '2026-01-01T00:00:00.000Z')",
    "REPLACE INTO history SELECT * FROM history",
    "REPLACE INTO label SELECT * FROM label",
    "REPLACE INTO annotator SELECT * FROM annotator",
    "REPLACE INTO review SELECT * FROM review",
    "INSERT INTO annotation SELECT * FROM annotation WHERE true "
    "ON CONFLICT (id) DO UPDATE SET note = 'x'",
    "INSERT INTO document SELECT * FROM document WHERE true "
    "ON CONFLICT (id) DO UPDATE SET title = 'x'",
    "INSERT INTO change SELECT * FROM change WHERE true "
    "ON CONFLICT (id) DO UPDATE SET annotator = 'eve'",
    # the log and the history
    "UPDATE change SET annotator = 'eve'",
    "UPDATE OR IGNORE change SET seq = seq + 100",
    "UPDATE history SET after = '{}'",
    "UPDATE OR REPLACE history SET item_id = 'x'",
    "INSERT INTO change (seq, id, kind, annotator, changed_at) "
    f"VALUES (-5, '{NEW}', 'note', 'eve', '2026-01-01T00:00:00.000Z')",
    "INSERT INTO change (id, kind, annotator, changed_at) "
    "VALUES ('not an id', 'note', 'eve', '2026-01-01T00:00:00.000Z')",
    f"{HISTORY} ((SELECT min(id) FROM change), 'annotation', {ANNOTATION}, '{{}}', '{{}}')",
    f"{HISTORY} ('{NEW}', 'annotation', {ANNOTATION}, '{{}}', '{{}}')",
    # a row that no history tells of
    "INSERT INTO annotator (name, added_at, change_id) "
    "VALUES ('eve', '2026', (SELECT max(id) FROM change))",
    "INSERT INTO label (name, position, key, glyph, colour, change_id) "
    "VALUES ('rumour', 9, 'r', '?', '#000000', (SELECT max(id) FROM change))",
    "INSERT INTO annotation SELECT replace(id, '7', '8'), document_id, label, start, \"end\", "
    "fragments, quote, prefix, suffix, line, note, annotator, derived_from, created_at, "
    "updated_at, removed, 1, (SELECT max(id) FROM change) FROM annotation LIMIT 1",
]


@pytest.mark.parametrize("statement", HOSTILE)
def test_the_file_itself_refuses(statement: str, marked: Path) -> None:
    before = dump(marked)
    connection = plain(marked)
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    connection.close()
    assert dump(marked) == before


@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_replacing_is_refused_whether_triggers_recurse_or_not(recursive: str, marked: Path) -> None:
    before = dump(marked)
    connection = plain(marked)
    connection.execute(f"PRAGMA recursive_triggers = {recursive}")
    for table in OWN_TABLES:
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(f"REPLACE INTO {table} SELECT * FROM {table}")
    connection.close()
    assert dump(marked) == before


def test_an_update_cannot_borrow_a_change_that_was_used_before(
    marked: Path, open_as: OpenAs
) -> None:
    session = session_on(open_as("amy"))
    claim = next(a for a in session.annotations() if a.label == "claim")
    session.set_note(claim, "second version")
    (first_change,) = query(
        marked,
        "SELECT min(change_id) FROM history WHERE item_id = ?",
        claim.annotation_id,
    )[0]
    connection = plain(marked)
    with pytest.raises(sqlite3.IntegrityError, match="written together with its history"):
        connection.execute(
            "UPDATE annotation SET note = 'forged', version = version + 1, change_id = ? "
            "WHERE id = ?",
            (first_change, claim.annotation_id),
        )
    connection.close()


def test_a_document_keeps_its_place_even_with_a_change_and_a_history(marked: Path) -> None:
    connection = plain(marked)
    connection.execute("BEGIN")
    connection.execute(FORGED_CHANGE)
    names = [f'"{name}"' for name in KEPT["document"]]
    row = connection.execute(f"SELECT {', '.join(names)} FROM document WHERE rowid = 2").fetchone()
    state = dict(zip(KEPT["document"], row, strict=True))
    connection.execute(
        f"{HISTORY} (?, 'document', ?, ?, ?)",
        (NEW, state[KEYS["document"]], encode(state), encode({**state, "version": 2})),
    )
    with pytest.raises(sqlite3.IntegrityError, match="never changes"):
        connection.execute(
            "UPDATE OR REPLACE document SET rowid = 1, version = 2, change_id = ? WHERE rowid = 2",
            (NEW,),
        )
    connection.close()


def test_an_analysts_statement_that_goes_by_the_rules_is_let_through(
    marked: Path, open_as: OpenAs
) -> None:
    """The rules are about order and completeness; they do not forbid other tools to write."""
    connection = plain(marked)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("BEGIN")
    connection.execute(
        "INSERT INTO change (id, kind, annotator, changed_at, document_id) "
        f"SELECT '{NEW}', 'relabel', 'amy', '2026-01-01T00:00:00.000Z', document_id "
        "FROM annotation WHERE label = 'claim' LIMIT 1"
    )
    names = ", ".join(f'"{name}"' for name in KEPT["annotation"])
    row = connection.execute(f"SELECT {names} FROM annotation WHERE label = 'claim'").fetchone()
    before = dict(zip(KEPT["annotation"], row, strict=True))
    after = {**before, "note": "by script", "version": before["version"] + 1}
    connection.execute(
        f"{HISTORY} (?, 'annotation', ?, ?, ?)", (NEW, before["id"], encode(before), encode(after))
    )
    connection.execute(
        "UPDATE annotation SET note = 'by script', version = version + 1, change_id = ? "
        "WHERE id = ?",
        (NEW, before["id"]),
    )
    connection.execute("COMMIT")
    connection.close()
    workspace = open_as("amy")
    assert upkeep.verify(workspace).problems == ()
    assert {a.note for a in session_on(workspace).annotations()} == {"by script", ""}


def test_the_helper_that_drops_triggers_puts_them_back(marked: Path, open_as: OpenAs) -> None:
    with without_triggers(marked):
        pass
    assert upkeep.verify(open_as("amy")).problems == ()


@pytest.mark.parametrize("table", ["annotator", "label", "document", "annotation"])
def test_the_file_refuses_in_english(marked: Path, table: str) -> None:
    connection = plain(marked)
    with pytest.raises(sqlite3.IntegrityError) as caught:
        connection.execute(f"REPLACE INTO {table} SELECT * FROM {table}")
    connection.close()
    one = f"an {table}" if table.startswith("a") else f"a {table}"
    assert f"{one} is never replaced" in str(caught.value)
