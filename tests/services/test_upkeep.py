"""Verify finds what is wrong, a backup is a sound copy, and a name may be mended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from annotui.domain.span import Span
from annotui.errors import ConfigError, ExportError, StoreError
from annotui.services import coverage, history, interchange, upkeep
from annotui.services.workspace import Workspace
from stored_files import (
    bytes_and_mtime,
    dump,
    plain,
    query,
    session_on,
    without_triggers,
)

OpenAs = Callable[..., Workspace]


@pytest.fixture
def marked(open_as: OpenAs, database: Path) -> Path:
    workspace = open_as("amy")
    session = session_on(workspace)
    mark = session.annotate([Span(27, 46), Span(66, 83)], "claim").after[0]
    session.relabel(mark, "denial")
    session.annotate([Span(90, 96)], "statistic")
    workspace.close()
    return database


def test_a_sound_file_has_no_problem_and_says_how_much_was_checked(
    marked: Path, open_as: OpenAs
) -> None:
    report = upkeep.verify(open_as("bob"))
    assert report.problems == ()
    assert (report.documents, report.annotations) == (1, 2)
    assert report.history_rows == query(marked, "SELECT count(*) FROM history")[0][0]


RELABEL = "(SELECT id FROM change WHERE kind = 'relabel')"
DAMAGE = [
    ("UPDATE annotation SET quote = 'Prices fell' WHERE label = 'statistic'", "the quote is"),
    ("UPDATE annotation SET start = 91 WHERE label = 'statistic'", "the quote is"),
    ("UPDATE annotation SET \"end\" = 9999 WHERE label = 'statistic'", "is not inside the text"),
    ("UPDATE annotation SET prefix = 'x' WHERE label = 'statistic'", "the context around it"),
    ("UPDATE annotation SET suffix = '' WHERE label = 'statistic'", "the context around it"),
    ("UPDATE annotation SET line = 1 WHERE label = 'statistic'", "line 1 should be 4"),
    ("UPDATE annotation SET fragments = '[[66,83],[27,46]]' WHERE label = 'denial'", "order"),
    ("UPDATE annotation SET fragments = '[[27,46],[60,70]]' WHERE label = 'denial'", "order"),
    ("UPDATE annotation SET fragments = '[[27,46],[40,83]]' WHERE label = 'denial'", "order"),
    ("UPDATE annotation SET fragments = '[[27],[83]]' WHERE label = 'denial'", "not pairs"),
    ("UPDATE annotation SET fragments = '[[\"a\",1]]' WHERE label = 'denial'", "not pairs"),
    ("UPDATE annotation SET fragments = '' WHERE label = 'denial'", "the quote is"),
    ("UPDATE annotation SET label = 'claim' WHERE label = 'denial'", "differs from its history"),
    ("UPDATE annotation SET note = 'x'", "differs from its history"),
    ("UPDATE annotation SET version = version + 1", "differs from its history"),
    ("UPDATE document SET text = replace(text, 'Prices', 'Princes')", "is not the one"),
    ("UPDATE document SET text = text || 'x', length = length + 1", "is not the one"),
    ("UPDATE document SET length = 3", "3 characters were kept"),
    ("UPDATE document SET title = 'x'", "differs from its history"),
    ("DELETE FROM history WHERE before IS NOT NULL", "differs from its history"),
    ("DELETE FROM history WHERE item = 'annotation' AND before IS NULL", "does not start where"),
    ("DELETE FROM history WHERE item = 'label'", "has no history"),
    (
        "UPDATE history SET after = replace(after, 'denial', 'claim') WHERE before IS NOT NULL",
        "differs",
    ),
    ("UPDATE history SET before = '{}' WHERE before IS NOT NULL", "does not start where"),
    ("UPDATE history SET after = 'no json' WHERE before IS NOT NULL", "differs from its history"),
    ("DELETE FROM annotation WHERE label = 'denial'", "has a history but no row"),
    ("DELETE FROM change WHERE kind = 'relabel'", "missing"),
    ("DELETE FROM document", "missing"),
    ("UPDATE change SET kind = 'rumour' WHERE kind = 'relabel'", "kind 'rumour' is not known"),
    ("UPDATE change SET target_id = NULL WHERE kind = 'undo'", "does not say of which change"),
    (f"UPDATE change SET target_id = {RELABEL} WHERE kind = 'add'", "is about no other change"),
    ("UPDATE change SET document_id = NULL WHERE kind = 'add'", "not of its document"),
    ("UPDATE change SET document_id = NULL WHERE kind = 'relabel'", "not of its document"),
    ("UPDATE change SET document_id = NULL WHERE kind = 'undo'", "not of its document"),
    ("UPDATE change SET changed_at = '2001' || substr(changed_at, 5)", "or at another time"),
    ("UPDATE change SET kind = 'annotate' WHERE kind = 'relabel'", "it did not make annotation"),
    ("UPDATE change SET kind = 'annotate' WHERE kind = 'create'", "it made no annotation"),
    ("UPDATE change SET annotator = 'bob' WHERE kind = 'annotate'", "of another"),
]


@pytest.mark.parametrize(("statement", "words"), DAMAGE)
def test_verify_finds(statement: str, words: str, marked: Path, open_as: OpenAs) -> None:
    amy = open_as("amy")
    history.undo(amy)
    history.redo(amy)
    session_on(open_as("bob"), "Another text.")
    assert upkeep.verify(amy).problems == ()
    with without_triggers(marked) as connection:
        connection.execute(statement)
    before = bytes_and_mtime(marked)
    problems = upkeep.verify(open_as("bob")).problems
    assert problems
    assert words in "\n".join(problems)
    assert bytes_and_mtime(marked) == before


def test_verify_finds_reading_beyond_the_text(marked: Path, open_as: OpenAs) -> None:
    amy = open_as("amy")
    session = session_on(amy)
    length = len(session.document.text)
    coverage.mark_read(amy, session.document, [Span(length - 3, length)])
    assert upkeep.verify(amy).problems == ()
    with without_triggers(marked) as connection:
        connection.execute('UPDATE reading SET "end" = "end" + 1')
        connection.execute(
            "UPDATE history SET after = replace(after, ?, ?) WHERE item = 'reading'",
            (f'"end":{length}', f'"end":{length + 1}'),
        )
    (problem,) = upkeep.verify(open_as("bob")).problems
    assert f"{length - 3}..{length + 1} is not in its text of {length} characters" in problem


def test_verify_finds_a_row_without_history(marked: Path, open_as: OpenAs) -> None:
    with without_triggers(marked) as connection:
        connection.execute(
            "INSERT INTO annotator (name, added_at, change_id) "
            "VALUES ('eve', '2026', (SELECT max(id) FROM change))"
        )
    assert upkeep.verify(open_as("bob")).problems == ("annotator eve: has no history",)


def test_verify_finds_what_sqlite_finds(marked: Path, open_as: OpenAs) -> None:
    with without_triggers(marked) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("UPDATE annotation SET label = 'rumour' WHERE label = 'statistic'")
    assert any("label that is missing" in p for p in upkeep.verify(open_as("bob")).problems)


def test_spaced_json_in_the_history_is_no_problem(marked: Path, open_as: OpenAs) -> None:
    with without_triggers(marked) as connection:
        connection.execute("""UPDATE history SET after = replace(after, '":', '" : ')""")
    assert upkeep.verify(open_as("bob")).problems == ()


def test_a_damaged_page_is_a_problem_or_keeps_the_file_closed(
    marked: Path, open_as: OpenAs
) -> None:
    whole = marked.read_bytes()
    found = 0
    for page in range(1, len(whole) // 4096):
        marked.write_bytes(whole[: page * 4096] + b"\xaa" * 4096 + whole[(page + 1) * 4096 :])
        workspace = open_as("bob")
        try:
            problems = upkeep.verify(workspace).problems
            found += 1
        except StoreError as error:
            problems = (str(error),)
        assert problems
        workspace.close()
    assert found > 10


def test_a_backup_is_the_whole_content_and_can_be_worked_on(
    marked: Path, open_as: OpenAs, tmp_path: Path
) -> None:
    workspace = open_as("amy")
    before = bytes_and_mtime(marked)
    target = tmp_path / "copies" / "today.db"
    target.parent.mkdir()
    report = upkeep.backup(workspace, target)
    assert report == upkeep.verify(workspace)
    assert bytes_and_mtime(marked) == before
    assert sorted(dump(target)) == sorted(dump(marked))  # VACUUM writes views last
    assert query(target, "PRAGMA user_version") == query(marked, "PRAGMA user_version")
    assert [path.name for path in target.parent.iterdir()] == ["today.db"]
    copy = open_as("amy", target)
    history.undo(copy)
    assert len(session_on(copy).annotations()) == 1
    assert bytes_and_mtime(marked) == before


def test_a_backup_never_goes_over_anything(marked: Path, open_as: OpenAs, tmp_path: Path) -> None:
    (tmp_path / "there.db").write_text("precious")
    (tmp_path / "dangling.db").symlink_to(tmp_path / "nowhere.db")
    (tmp_path / "folder").mkdir()
    for name in ("there.db", "dangling.db", "folder", marked.name):
        with pytest.raises(ExportError, match="exists already"):
            upkeep.backup(open_as("amy"), tmp_path / name)
    assert (tmp_path / "there.db").read_text() == "precious"


@pytest.mark.parametrize("name", ["none/b.db", "annotations.db/b.db", "x" * 300, "a\0b"])
def test_a_backup_that_cannot_be_written_leaves_nothing(
    name: str, marked: Path, open_as: OpenAs, tmp_path: Path
) -> None:
    with pytest.raises(ExportError, match="Nothing was written"):
        upkeep.backup(open_as("amy"), tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [marked.name]


def test_a_copy_that_is_not_sound_is_not_called_a_backup(
    marked: Path, open_as: OpenAs, tmp_path: Path
) -> None:
    with without_triggers(marked) as connection:
        connection.execute("UPDATE annotation SET quote = 'x' WHERE label = 'statistic'")
    with pytest.raises(ExportError, match="not sound"):
        upkeep.backup(open_as("amy"), tmp_path / "b.db")
    assert [path.name for path in tmp_path.iterdir()] == [marked.name]


def test_a_backup_is_made_while_another_program_reads(
    marked: Path, open_as: OpenAs, tmp_path: Path
) -> None:
    other = plain(marked)
    other.execute("BEGIN")
    other.execute("SELECT * FROM annotation").fetchone()
    upkeep.backup(open_as("amy"), tmp_path / "b.db")
    other.close()


def test_renaming_shows_all_marks_under_the_new_name(marked: Path, open_as: OpenAs) -> None:
    chief = open_as("chief")
    assert upkeep.rename_annotator(chief, "amy", " Amy Winter ") == 2
    assert query(marked, "SELECT DISTINCT annotator FROM annotations") == [("Amy Winter",)]
    assert upkeep.annotators(chief) == [("Amy Winter", 2), ("chief", 0)]
    assert {a.annotator for a in session_on(chief).annotations()} == {"Amy Winter"}
    assert open_as("amy").own_name() == "Amy Winter"
    assert upkeep.verify(chief).problems == ()


def test_two_names_of_one_person_become_one(marked: Path, open_as: OpenAs) -> None:
    session_on(open_as("a. winter")).annotate([Span(0, 8)], "claim")
    chief = open_as("chief")
    upkeep.rename_annotator(chief, "a. winter", "amy")
    assert upkeep.annotators(chief) == [("amy", 3), ("chief", 0)]
    session = session_on(open_as("a. winter"))
    for mark in session.annotations():
        session.set_note(mark, f"mine: {mark.label}")
    upkeep.rename_annotator(chief, "amy", "a. winter")
    assert upkeep.annotators(chief) == [("a. winter", 3), ("chief", 0)]
    assert upkeep.verify(chief).problems == ()


def test_a_chain_of_names_leads_to_the_last(marked: Path, open_as: OpenAs) -> None:
    chief = open_as("chief")
    for old, new in (("amy", "b"), ("b", "c"), ("amy", "d")):
        upkeep.rename_annotator(chief, old, new)
    assert upkeep.annotators(chief) == [("chief", 0), ("d", 2)]
    for name in ("amy", "b", "c", "d"):
        assert open_as(name).own_name() == "d"
    assert upkeep.verify(chief).problems == ()


def test_one_may_rename_oneself(marked: Path, open_as: OpenAs) -> None:
    assert upkeep.rename_annotator(open_as("amy"), "amy", "anna") == 2
    assert upkeep.rename_annotator(open_as("new"), "anna", "new") == 2
    assert upkeep.annotators(open_as("new")) == [("new", 2)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("nobody", "x"),
        ("amy", "amy"),
        ("a. w.", "a. w."),
        ("a. w.", "amy"),
        ("a. w.", "a. wi."),
        ("amy", " "),
        ("a\udcff", "x"),
        ("amy", "a\nb"),
    ],
)
def test_a_renaming_that_cannot_be_is_refused(
    old: str, new: str, marked: Path, open_as: OpenAs
) -> None:
    chief = open_as("chief")
    for name in ("a. w.", "a. wi."):
        session_on(open_as(name)).annotate([Span(0, 8)], "claim")
        upkeep.rename_annotator(chief, name, "amy")
    before = dump(marked)
    with pytest.raises(ConfigError, match=r"Nothing was (changed|done)|name is empty"):
        upkeep.rename_annotator(chief, old, new)
    assert dump(marked) == before


def test_an_unknown_name_is_answered_with_all_names_old_ones_too(
    marked: Path, open_as: OpenAs
) -> None:
    chief = open_as("chief")
    upkeep.rename_annotator(chief, "amy", "Amy Winter")
    known = r"There are: Amy Winter, amy \(now Amy Winter\), chief\."
    with pytest.raises(ConfigError, match=known):
        upkeep.rename_annotator(chief, "nobody", "x")
    with pytest.raises(ConfigError, match=known):
        interchange.export(chief, annotators=["nobody"])


@pytest.mark.parametrize("kind", ["journal", "wal", "shm"])
def test_a_backup_never_takes_a_name_that_belongs_to_a_database(
    kind: str, marked: Path, open_as: OpenAs
) -> None:
    (marked.parent / "link.db").symlink_to(marked.name)
    for name in (marked.name, "link.db"):
        with pytest.raises(ExportError, match="is where SQLite keeps"):
            upkeep.backup(open_as("amy"), marked.with_name(f"{name}-{kind}"))
    assert len(list(marked.parent.iterdir())) == 2
