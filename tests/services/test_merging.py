"""Merging: what comes in, what is a conflict, and what the other file must be."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from annotui.domain.annotation import Annotation
from annotui.domain.change import ChangeKind
from annotui.domain.label_scheme import Label, LabelScheme
from annotui.domain.merging import Prefer, Side
from annotui.domain.progress import DocumentStatus
from annotui.domain.span import Span
from annotui.errors import StoreError
from annotui.services import (
    collections,
    coverage,
    curation,
    history,
    library,
    merging,
    queue,
    upkeep,
)
from annotui.services.merging import How, UndecidedError
from annotui.services.session import Session
from annotui.services.workspace import Workspace
from annotui.storage import annotations as stored_annotations
from annotui.storage import labels as stored_labels
from annotui.storage import merging as stored_merging
from annotui.storage.versioned import COLUMNS, KEYS, content_columns, fixed_columns
from merged_files import contents, copied, merge
from stored_files import (
    bytes_and_mtime,
    plain,
    query,
    session_on,
    take_in,
    without_triggers,
    write_review,
)

OpenAs = Callable[..., Workspace]
OTHER_TEXT = "Another text, with 20 per cent of everything."


@pytest.fixture
def mine(database: Path) -> Path:
    """A file with one document and a mark by amy."""
    workspace = Workspace(database, "amy")
    session_on(workspace).annotate([Span(0, 8)], "claim")
    workspace.close()
    return database


@pytest.fixture
def theirs(mine: Path) -> Path:
    """A copy of it."""
    return copied(mine, "theirs.db")


def act(path: Path, who: str, action: Callable[[Session, Annotation], object]) -> None:
    """Let somebody do something to the first mark of a file's article."""
    workspace = Workspace(path, who)
    session = session_on(workspace)
    action(session, session.annotations()[0])
    workspace.close()


def test_all_of_another_file_comes_in_under_the_same_ids(mine: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    bob = Workspace(other, "bob")
    session = session_on(bob, OTHER_TEXT)
    (mark,) = session.annotate([Span(0, 7), Span(19, 21)], "statistic", note="Ümläut,\n“x”").after
    session.set_note(mark, "second")
    write_review(Workspace(other, "cy"), session.annotations()[0], "accepted")
    before = bytes_and_mtime(other)
    (merged,) = merge(mine, other)
    assert bytes_and_mtime(other) == before
    new = {table: count for table, count in merged.new.items() if count}
    assert new == {"annotator": 2, "document": 1, "annotation": 1, "review": 1}
    sql = "SELECT * FROM annotations WHERE annotator = 'bob'"
    assert query(mine, sql) == query(other, sql) != []
    for table in ("change", "history"):
        key = "id" if table == "change" else "change_id, item, item_id"
        rows = set(query(other, f"SELECT {key} FROM {table} WHERE {_not_labels(table)}"))
        assert rows <= set(query(mine, f"SELECT {key} FROM {table}"))


def _not_labels(table: str) -> str:
    return "true" if table == "change" else "item <> 'label'"


def test_what_came_from_where_is_in_the_log(mine: Path, theirs: Path) -> None:
    act(theirs, "bob", lambda session, _: session.annotate([Span(27, 46)], "denial"))
    merge(mine, theirs, annotator="amy")
    workspace = Workspace(mine, "amy")
    *_, bobs, last = history.log(workspace)
    assert (bobs.kind, bobs.annotator) == (ChangeKind.ANNOTATE, "bob")
    assert (last.kind, last.annotator) == (ChangeKind.MERGE, "amy")
    assert last.summary == "theirs.db: 1 annotator, 1 annotation"


def test_a_file_without_news_changes_no_byte(mine: Path, theirs: Path) -> None:
    before = bytes_and_mtime(mine)
    (merged,) = merge(mine, theirs)
    assert merged.is_nothing
    assert bytes_and_mtime(mine)[0] == before[0]


def test_a_newer_version_of_one_side_comes_in_without_a_question(mine: Path, theirs: Path) -> None:
    act(theirs, "amy", lambda session, mark: session.relabel(mark, "denial"))
    act(theirs, "amy", lambda session, mark: session.set_note(mark, "why"))
    (merged,) = merge(mine, theirs)
    assert merged.decided == []
    assert query(mine, "SELECT label, note FROM annotations") == [("denial", "why")]
    merge(theirs, mine)
    assert contents(mine) == contents(theirs)


def _conflict(mine: Path, theirs: Path) -> None:
    act(mine, "amy", lambda session, mark: session.relabel(mark, "denial"))
    act(theirs, "amy", lambda session, mark: session.set_note(mark, "on the train"))


def test_a_mark_changed_on_both_sides_is_a_conflict(mine: Path, theirs: Path) -> None:
    _conflict(mine, theirs)
    before = bytes_and_mtime(mine)
    with pytest.raises(UndecidedError, match="one row was changed here and there") as caught:
        merge(mine, theirs)
    assert bytes_and_mtime(mine) == before
    (conflict,) = caught.value.conflicts
    assert (conflict.item, conflict.mine.kind, conflict.theirs.kind) == (
        *("annotation", "relabel", "note"),
    )
    assert conflict.newest is Side.THEIRS


@pytest.mark.parametrize(
    ("prefer", "expected"),
    [
        (Prefer.MINE, ("denial", "")),
        (Prefer.THEIRS, ("claim", "on the train")),
        (Prefer.NEWEST, ("claim", "on the train")),
    ],
)
def test_a_decision_is_a_version_above_both(
    prefer: Prefer, expected: tuple[str, str], mine: Path, theirs: Path
) -> None:
    _conflict(mine, theirs)
    (merged,) = merge(mine, theirs, prefer=prefer)
    assert len(merged.decided) == 1
    assert query(mine, "SELECT label, note, version FROM annotation") == [(*expected, 3)]
    merge(theirs, mine)
    assert contents(theirs) == contents(mine)
    assert all(one.is_nothing for one in merge(mine, theirs))


def test_a_decision_by_hand_holds_for_the_two_versions_only(mine: Path, theirs: Path) -> None:
    _conflict(mine, theirs)
    with pytest.raises(UndecidedError) as caught:
        merge(mine, theirs)
    decisions = {one.identity: Side.MINE for one in caught.value.conflicts}
    act(theirs, "amy", lambda session, mark: session.set_note(mark, "and once more"))
    workspace = Workspace(mine, "amy")
    with pytest.raises(UndecidedError):
        merging.merge(workspace, [theirs], How(decisions=decisions), lambda _done, _total: None)
    workspace.close()


def test_the_same_edit_on_both_sides_is_no_conflict(mine: Path, theirs: Path) -> None:
    for path in (mine, theirs):
        act(path, "amy", lambda session, mark: session.relabel(mark, "denial"))
    merge(mine, theirs)
    assert query(mine, "SELECT label, version FROM annotation") == [("denial", 2)]


def test_an_article_that_both_took_in_is_one_and_keeps_each_ones_source(
    mine: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    workspace = Workspace(other, "bob")
    take_in(workspace)
    workspace.close()
    sources = query(mine, "SELECT added_at, source FROM document")
    merge(mine, other)
    assert query(mine, "SELECT added_at, source FROM document") == sources


def test_a_document_removed_there_with_marks_made_here_is_a_conflict(
    mine: Path, theirs: Path
) -> None:
    act(mine, "amy", lambda session, _: session.annotate([Span(27, 46)], "denial"))
    workspace = Workspace(theirs, "amy")
    library.remove(workspace, library.document_ids(workspace)[0])
    workspace.close()
    with pytest.raises(UndecidedError) as caught:
        merge(mine, theirs)
    assert [one.item for one in caught.value.conflicts] == ["document"]
    merge(mine, theirs, prefer=Prefer.MINE)
    assert len(query(mine, "SELECT 1 FROM annotations")) == 2
    assert all(one.is_nothing for one in merge(mine, theirs))


def test_marks_that_come_into_a_removed_document_are_told_of(mine: Path, theirs: Path) -> None:
    workspace = Workspace(mine, "amy")
    library.remove(workspace, library.document_ids(workspace)[0])
    workspace.close()
    act(theirs, "bob", lambda session, _: session.annotate([Span(27, 46)], "denial"))
    (merged,) = merge(mine, theirs)
    assert merged.unseen == 1


def _with_label(path: Path, *labels: Label) -> None:
    workspace = Workspace(path, "bob")
    with workspace.writing() as db:
        change = workspace.begin(db, ChangeKind.SCHEME)
        stored_labels.write(db, LabelScheme(labels), change.change_id)
    workspace.close()


def test_labels_that_differ_stay_and_new_ones_come_with_a_free_key(
    mine: Path, theirs: Path
) -> None:
    before = query(mine, "SELECT * FROM label ORDER BY name")
    claim = Label("claim", "c", "◆", "#ffffff")
    _with_label(
        theirs, claim, Label("rumour", "d", "◆", "#12345g"), Label("denial", "y", "▼", "#000000")
    )
    act(theirs, "bob", lambda session, _: session.annotate([Span(27, 46)], "rumour"))
    (merged,) = merge(mine, theirs)
    assert merged.labels.added == ["rumour"]
    assert [one.split()[0] for one in merged.labels.kept] == [
        *("claim", "denial", "statistic", "attribution"),
    ]
    after = query(mine, "SELECT * FROM label WHERE name <> 'rumour' ORDER BY name")
    assert after == before
    ((key, glyph, colour),) = query(
        mine, "SELECT key, glyph, colour FROM label WHERE name = 'rumour'"
    )
    assert key == "r"
    assert colour.startswith("#")
    assert "#12345g" not in colour
    assert query(mine, "SELECT count(*) FROM label WHERE glyph = ?", glyph) == [(1,)]


def test_a_change_of_labels_that_came_with_a_merge_is_not_undone(mine: Path, theirs: Path) -> None:
    workspace = Workspace(theirs, "amy")
    with workspace.writing() as db:
        change = workspace.begin(db, ChangeKind.SCHEME)
        stored_labels.write(db, LabelScheme((Label("x", "y", "+", "#000000"),)), change.change_id)
    workspace.close()
    merge(mine, theirs)
    workspace = Workspace(mine, "amy")
    assert history.undo(workspace).change.summary.startswith("annotate:")
    assert upkeep.verify(workspace).problems == ()


def test_one_id_for_two_peoples_marks_is_left_out_and_told(
    mine: Path, tmp_path: Path, open_as: OpenAs
) -> None:
    other = tmp_path / "other.db"
    bob = open_as("bob", other)
    take_in(bob)
    (mark,) = session_on(open_as("amy", mine)).annotations()
    with bob.writing() as db:
        change = bob.begin(db, ChangeKind.IMPORT, document_id=mark.document_id)
        bobs = replace(mark, annotator="bob")
        stored_annotations.insert(db, bobs, change.change_id)
    bob.close()
    (merged,) = merge(mine, other)
    assert merged.left_out == [("annotation", mark.annotation_id)]
    assert query(mine, "SELECT annotator FROM annotation") == [("amy",)]


def test_several_files_come_in_together_or_not_at_all(
    mine: Path, theirs: Path, tmp_path: Path
) -> None:
    good = copied(mine, "good.db")
    act(good, "bob", lambda session, _: session.annotate([Span(27, 46)], "denial"))
    _conflict(mine, theirs)
    before = bytes_and_mtime(mine)
    with pytest.raises(UndecidedError):
        merge(mine, good, theirs)
    assert bytes_and_mtime(mine) == before
    assert len(merge(mine, good, theirs, prefer=Prefer.NEWEST)) == 2


def test_renamings_that_meet_lead_to_one_name(mine: Path, theirs: Path) -> None:
    workspace = Workspace(mine, "amy")
    upkeep.rename_annotator(workspace, "amy", "amy ito")
    workspace.close()
    act(theirs, "amy ito", lambda session, _: session.annotate([Span(27, 46)], "denial"))
    workspace = Workspace(theirs, "amy ito")
    upkeep.rename_annotator(workspace, "amy ito", "a. ito")
    workspace.close()
    merge(mine, theirs)
    assert query(mine, "SELECT DISTINCT annotator FROM annotations") == [("a. ito",)]


def test_a_dry_run_changes_nothing_and_makes_no_file(mine: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.db"
    workspace = Workspace(new, "amy")
    (merged,) = merging.merge(workspace, [mine], How(dry_run=True), lambda _done, _total: None)
    assert merged.new["annotation"] == 1
    assert not new.exists()


def test_a_new_file_can_be_made_of_others(mine: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.db"
    merge(new, mine)
    assert query(new, "SELECT * FROM annotations") == query(mine, "SELECT * FROM annotations")


def test_the_file_itself_is_no_other_file(mine: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(mine)
    with pytest.raises(StoreError, match="is the same file as"):
        merge(mine, link)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE document SET text = text || ' and more'",
        "UPDATE annotation SET quote = 'Monster '",
        "UPDATE annotation SET prefix = 'x'",
        "UPDATE annotation SET fragments = '[[0,3],[2,8]]'",
        "UPDATE annotation SET fragments = '[[0],[2,8]]'",
        "UPDATE annotation SET line = 9",
    ],
)
def test_a_file_that_disagrees_with_its_texts_is_refused(
    damage: str, mine: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    workspace = Workspace(other, "bob")
    session_on(workspace, "A text of its own").annotate([Span(0, 6)], "claim")
    workspace.close()
    with without_triggers(other) as connection:
        connection.execute(damage)
    before = bytes_and_mtime(mine)
    with pytest.raises(StoreError, match=r"is not sound.*Nothing was merged"):
        merge(mine, other)
    assert bytes_and_mtime(mine) == before


def test_rows_that_break_the_rules_are_refused_in_words(mine: Path, theirs: Path) -> None:
    act(theirs, "bob", lambda session, _: session.annotate([Span(27, 46)], "denial"))
    with without_triggers(theirs) as connection:
        connection.execute("UPDATE annotation SET annotator = 'nobody'")
    with pytest.raises(StoreError, match=r"cannot have .*Nothing was merged"):
        merge(mine, theirs)


def test_a_trigger_in_the_other_file_is_refused(mine: Path, theirs: Path) -> None:
    connection = plain(theirs)
    connection.execute("CREATE TRIGGER evil AFTER INSERT ON change BEGIN SELECT 1; END")
    connection.close()
    with pytest.raises(StoreError, match="a trigger that is not annotui's: 'evil'"):
        merge(mine, theirs)


def test_the_triggers_are_back_after_a_merge(mine: Path, theirs: Path) -> None:
    act(theirs, "bob", lambda session, _: session.annotate([Span(27, 46)], "denial"))
    sql = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    before = query(mine, sql)
    merge(mine, theirs)
    assert query(mine, sql) == before
    connection = plain(mine)
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("UPDATE annotation SET note = 'x'")
    connection.close()


def test_a_file_in_wal_mode_is_read_and_left_alone(mine: Path, tmp_path: Path) -> None:
    folder = tmp_path / "wal"
    folder.mkdir()
    other = folder / "other.db"
    workspace = Workspace(other, "bob")
    session_on(workspace, OTHER_TEXT).annotate([Span(0, 7)], "claim")
    workspace.close()
    connection = plain(other)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    before = bytes_and_mtime(other)
    (merged,) = merge(mine, other)
    assert merged.new["annotation"] == 1
    assert bytes_and_mtime(other) == before
    assert [path.name for path in folder.iterdir()] == ["other.db"]


def test_a_file_that_was_cut_off_in_a_write_is_refused_with_what_to_do(
    mine: Path, theirs: Path
) -> None:
    program = (
        "import os, sqlite3, sys\n"
        "db = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "db.execute('PRAGMA cache_size = 2')\n"
        "db.execute('BEGIN IMMEDIATE')\n"
        "db.execute('CREATE TABLE own (x)')\n"
        "db.executemany('INSERT INTO own VALUES (?)', [('x' * 900,)] * 3000)\n"
        "os._exit(1)\n"
    )
    subprocess.run([sys.executable, "-c", program, theirs], check=False)
    before = bytes_and_mtime(theirs)
    with pytest.raises(StoreError, match="was cut off while it wrote"):
        merge(mine, theirs)
    assert bytes_and_mtime(theirs) == before


def test_what_is_still_in_the_wal_comes_in(mine: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    workspace = Workspace(other, "bob")
    session_on(workspace, OTHER_TEXT).annotate([Span(0, 7)], "claim")
    workspace.close()
    connection = plain(other)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE own (x)")
    (merged,) = merge(mine, other)
    assert merged.new["annotation"] == 1
    connection.close()


def test_a_read_only_file_in_a_read_only_folder_is_read(mine: Path, tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    other = folder / "other.db"
    workspace = Workspace(other, "bob")
    session_on(workspace, OTHER_TEXT).annotate([Span(0, 7)], "claim")
    workspace.close()
    other.chmod(0o444)
    folder.chmod(0o555)
    try:
        assert merge(mine, other)[0].new["annotation"] == 1
    finally:
        folder.chmod(0o755)


def test_a_killed_merge_leaves_the_file_as_it_was(mine: Path, theirs: Path) -> None:
    act(theirs, "bob", lambda session, _: session.annotate([Span(27, 46)], "denial"))
    before = contents(mine)
    program = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from annotui.services import merging\n"
        "from annotui.services.workspace import Workspace\n"
        "merging._close = lambda *_: os._exit(9)\n"
        "merging.merge(Workspace(Path(sys.argv[1]), 'amy'), [Path(sys.argv[2])], merging.How(),\n"
        "    lambda *_: None)\n"
    )
    ran = subprocess.run([sys.executable, "-c", program, mine, theirs], check=False)
    assert ran.returncode == 9
    workspace = Workspace(mine, "amy")
    assert upkeep.verify(workspace).problems == ()
    workspace.close()
    assert contents(mine) == before


def _annotator(session: Session) -> None:
    upkeep.rename_annotator(session.workspace, "bob", "rob")


def _document(session: Session) -> None:
    library.remove(session.workspace, session.document.document_id)


def _adjudicate(session: Session) -> None:
    """Two annotators agree, and what they agree on is taken in."""
    session.annotate([Span(0, 5)], "claim")
    path = session.workspace.path
    session.workspace.close()
    other = Workspace(path, "amy")
    session_on(other, OTHER_TEXT).annotate([Span(0, 5)], "claim")
    curation.take_in(other, curation.Wanted())
    other.close()


MAKERS: dict[str, Callable[[Session], object]] = {
    "annotator": _annotator,
    "document": _document,
    "annotation": lambda session: session.annotate([Span(0, 5)], "claim"),
    "review": lambda session: write_review(
        session.workspace, session.annotate([Span(0, 5)], "claim").after[0], "accepted"
    ),
    "document_status": lambda session: queue.set_status(
        session.workspace, session.document.document_id, DocumentStatus.DONE
    ),
    "reading": lambda session: coverage.mark_read(
        session.workspace, session.document, [Span(0, 5)]
    ),
    "collection": lambda session: collections.create(session.workspace, "Budget"),
    "collection_document": lambda session: (
        collections.create(session.workspace, "Budget"),
        collections.put_in(session.workspace, "Budget", [session.document.document_id]),
    ),
    "adjudication": _adjudicate,
    "adjudication_source": _adjudicate,
    "label": lambda session: stored_merging.LOCAL,
}
"""For each versioned table something that writes a row of it, or changes one."""


@pytest.mark.parametrize("table", KEYS)
def test_every_versioned_table_comes_in(table: str, mine: Path, tmp_path: Path) -> None:
    assert table in MAKERS, f"{table} is new: write here what makes a row of it, so it is merged"
    other = tmp_path / "other.db"
    workspace = Workspace(other, "bob")
    session = session_on(workspace, OTHER_TEXT)
    MAKERS[table](session)
    workspace.close()
    merge(mine, other)
    if table in stored_merging.LOCAL:
        return
    names = ", ".join(f'"{name}"' for name in COLUMNS[table])
    sql = f"SELECT {names} FROM {table} WHERE version > 1 OR {KEYS[table]} NOT IN ('amy', 'bob')"
    rows = query(other, sql)
    assert rows
    assert set(rows) <= set(query(mine, sql))


@pytest.mark.parametrize("table", KEYS)
def test_every_column_is_fixed_or_content_or_a_time(table: str) -> None:
    rest = {*COLUMNS[table]} - fixed_columns(table) - {*content_columns(table)}
    assert all(name == "version" or name.endswith("_at") for name in rest)
    assert KEYS[table] in fixed_columns(table)


def test_a_file_of_an_older_schema_is_brought_up_to_date_in_a_copy(
    mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from annotui.storage import database, header, migrations, upgrading
    from annotui.storage.migrations import Step

    other = tmp_path / "other.db"
    workspace = Workspace(other, "bob")
    session_on(workspace, OTHER_TEXT).annotate([Span(0, 7)], "claim")
    workspace.close()
    before = bytes_and_mtime(other)
    steps = (*migrations.STEPS, Step("9999_later", ("CREATE INDEX later ON label (colour)",)))
    monkeypatch.setattr(migrations, "STEPS", steps)
    for module in (migrations, header, database, upgrading):
        monkeypatch.setattr(module, "SCHEMA_VERSION", len(steps))
    (merged,) = merge(mine, other)
    assert merged.new["annotation"] == 1
    assert query(mine, "PRAGMA user_version") == [(len(steps),)]
    assert bytes_and_mtime(other) == before
