"""A file that is not what it should be is refused in words, and left as it was."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotui.domain.span import Span
from annotui.errors import AnnotuiError, BusyError, StoreError
from annotui.services import history, interchange, library, upkeep
from annotui.services.workspace import Workspace
from annotui.storage import header
from annotui.storage.database import open_store
from stored_files import bytes_and_mtime, plain, query, session_on

OpenAs = Callable[..., Workspace]


@pytest.fixture
def marked(open_as: OpenAs, database: Path) -> Path:
    workspace = open_as("amy")
    session_on(workspace).annotate([Span(0, 8)], "claim")
    workspace.close()
    return database


def refusal(path: Path, *, create: bool = False) -> str:
    """The message of a refused opening, which left the file as it was."""
    before = bytes_and_mtime(path) if path.is_file() else None
    with pytest.raises(StoreError) as caught:
        open_store(path, create=create).close()
    assert (bytes_and_mtime(path) if path.is_file() else None) == before
    message = str(caught.value)
    assert str(path) in message
    assert "sqlite3" not in message
    assert message.endswith((".", "--db."))
    return message


def test_a_missing_file_is_not_made_by_reading(database: Path) -> None:
    assert "There is no database" in refusal(database)
    assert not database.exists()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert "no folder" in refusal(tmp_path / "nowhere" / "a.db", create=True)


@pytest.mark.parametrize("create", [False, True])
def test_a_folder_is_refused(tmp_path: Path, create: bool) -> None:
    assert "is a folder" in refusal(tmp_path, create=create)


def test_a_pipe_is_refused_without_waiting_for_its_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "is a pipe, a socket or a device, not" in refusal(tmp_path / "pipe", create=True)


def test_a_path_through_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert "cannot be read" in refusal(tmp_path / "file" / "a.db", create=True)


def test_a_path_with_nul_and_one_too_long_are_refused(tmp_path: Path) -> None:
    for name in ("a\0b", "x" * 300):
        with pytest.raises(StoreError):
            open_store(tmp_path / name, create=True)
        assert Workspace(tmp_path / name, "amy").exists in (True, False)


def test_a_circle_of_links_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.db").symlink_to(tmp_path / "a.db")
    with pytest.raises(StoreError):
        open_store(tmp_path / "a.db", create=True)


@pytest.mark.parametrize("create", [False, True])
@pytest.mark.parametrize(
    "content", [b"x", b"id,label\n1,claim\n" * 50, b"SQLite format 3\0", b"\0" * 4096]
)
def test_another_kind_of_file_is_refused(database: Path, content: bytes, create: bool) -> None:
    database.write_bytes(content)
    assert "is not an SQLite database" in refusal(database, create=create)


def test_an_empty_file_is_filled_only_by_writing(database: Path, open_as: OpenAs) -> None:
    database.touch()
    assert "is empty" in refusal(database)
    workspace = open_as("amy")
    assert not workspace.exists
    assert library.document_ids(workspace) == []
    session_on(workspace)
    assert workspace.exists
    assert upkeep.verify(workspace).problems == ()


@pytest.mark.parametrize("create", [False, True])
@pytest.mark.parametrize(
    "script",
    [
        "CREATE TABLE t (a)",
        "PRAGMA application_id = 7; CREATE TABLE t (a)",
        "PRAGMA application_id = 7",
        "PRAGMA user_version = 3",
        "CREATE TABLE t (a); DROP TABLE t",
        "CREATE VIEW annotations AS SELECT 1",
    ],
)
def test_somebody_elses_database_is_refused(database: Path, script: str, create: bool) -> None:
    connection = plain(database)
    connection.executescript(script)
    connection.close()
    assert "not one of annotui's" in refusal(database, create=create)


def test_a_newer_schema_is_refused_with_both_numbers(marked: Path) -> None:
    connection = plain(marked)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    message = refusal(marked)
    assert "newer annotui" in message
    assert "99" in message


def test_a_truncated_file_is_refused_with_both_sizes(marked: Path) -> None:
    whole = marked.stat().st_size
    os.truncate(marked, whole - 4096)
    message = refusal(marked)
    assert "is damaged" in message
    assert f"{whole:,}" in message
    assert f"{whole - 4096:,}" in message


def use(path: Path) -> list[str]:
    """What every way to use a file says about it; only AnnotuiErrors are let through."""
    said = []
    workspace = Workspace(path, "amy")

    def annotate() -> object:
        return session_on(workspace).annotate([Span(0, 4)], "claim")

    for step in (
        lambda: library.summaries(workspace),
        lambda: interchange.export(workspace),
        lambda: history.log(workspace),
        lambda: upkeep.verify(workspace),
        lambda: history.undo(workspace),
        annotate,
    ):
        try:
            step()
        except AnnotuiError as error:
            said.append(str(error))
    workspace.close()
    return said


def test_no_flipped_bit_of_the_header_ends_in_a_traceback(marked: Path) -> None:
    whole = marked.read_bytes()
    refused = 0
    for offset in range(100):
        damaged = bytearray(whole)
        damaged[offset] ^= 1 << offset % 8
        marked.write_bytes(damaged)
        refused += bool(use(marked))
        marked.with_name(marked.name + "-journal").unlink(missing_ok=True)
    assert refused > 25


@given(data=st.data())
def test_no_damage_anywhere_ends_in_a_traceback(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "damage" / "annotations.db"
    sound = path.with_name("sound.db")
    if not sound.exists():
        path.parent.mkdir()
        workspace = Workspace(sound, "amy")
        session_on(workspace).annotate([Span(0, 8), Span(9, 12)], "claim", note="a note")
        workspace.close()
    damaged = bytearray(sound.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(damaged)
    path.with_name(path.name + "-journal").unlink(missing_ok=True)
    use(path)


@pytest.mark.parametrize("table", ["annotation", "change", "mine"])
def test_a_foreign_trigger_is_refused_by_name(marked: Path, table: str) -> None:
    connection = plain(marked)
    connection.execute("CREATE TABLE mine (a)")
    connection.execute(f"CREATE TRIGGER spy AFTER INSERT ON {table} BEGIN SELECT 1; END")
    connection.close()
    assert "'spy'" in refusal(marked)


def test_an_altered_trigger_of_our_own_is_refused_by_name(marked: Path) -> None:
    connection = plain(marked)
    connection.execute("DROP TRIGGER annotation_kept")
    assert "'annotation_kept' is missing" in refusal(marked)
    connection.execute(
        "CREATE TRIGGER annotation_kept BEFORE DELETE ON annotation BEGIN SELECT 1; END"
    )
    assert "'annotation_kept'" in refusal(marked)
    connection.close()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DROP VIEW annotations", "view 'annotations' is missing"),
        ("DROP VIEW annotations; CREATE VIEW annotations AS SELECT 1 AS id", "was altered"),
        ("DROP TABLE review", "is missing"),
        ("ALTER TABLE annotation ADD COLUMN mood TEXT", "table 'annotation' was altered"),
    ],
)
def test_an_altered_table_or_view_of_our_own_is_refused(
    marked: Path, statement: str, words: str
) -> None:
    connection = plain(marked)
    connection.executescript(statement)
    connection.close()
    assert words in refusal(marked)


def test_an_analysts_own_tables_views_and_indexes_are_left_alone(
    marked: Path, open_as: OpenAs
) -> None:
    connection = plain(marked)
    connection.executescript(
        "CREATE TABLE mine (a); INSERT INTO mine VALUES (1);"
        "CREATE VIEW claims AS SELECT * FROM annotations WHERE label = 'claim';"
        "CREATE INDEX by_label ON annotation (label, note);"
    )
    connection.close()
    workspace = open_as("amy")
    session_on(workspace).annotate([Span(9, 15)], "denial")
    assert upkeep.verify(workspace).problems == ()
    workspace.close()
    assert query(marked, "SELECT * FROM mine") == [(1,)]
    assert len(query(marked, "SELECT * FROM claims")) == 1


def test_an_index_that_calls_functions_is_named_and_nothing_is_lost(
    marked: Path, open_as: OpenAs
) -> None:
    connection = plain(marked)
    connection.execute("CREATE INDEX by_state ON history (json_extract(after, '$.label'))")
    connection.close()
    said = ""
    try:
        session_on(open_as("amy")).annotate([Span(9, 15)], "denial")
    except StoreError as error:
        said = str(error)
    assert not said or "'by_state' calls json_extract()" in said
    assert len(query(marked, "SELECT * FROM annotation")) == (1 if said else 2)


def test_a_file_in_wal_mode_is_read_as_it_is_and_mended_by_a_write(
    marked: Path, open_as: OpenAs
) -> None:
    connection = plain(marked)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    before = bytes_and_mtime(marked)
    reader = open_as("amy")
    session = session_on(reader)
    assert len(session.annotations()) == 1
    reader.close()
    assert bytes_and_mtime(marked) == before
    session_on(open_as("amy")).annotate([Span(9, 15)], "denial")
    assert query(marked, "PRAGMA journal_mode") == [("delete",)]
    assert [path.name for path in marked.parent.iterdir()] == [marked.name]


def test_a_log_that_is_not_the_files_own_is_never_taken_for_it(
    marked: Path, tmp_path: Path
) -> None:
    other = plain(tmp_path / "other.db")
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("CREATE TABLE mine (a)")
    log = marked.with_name(marked.name + "-wal")
    log.write_bytes((tmp_path / "other.db-wal").read_bytes())
    other.close()
    assert "does not belong to it" in refusal(marked)
    assert log.exists()
    log.unlink()
    open_store(marked).close()


def test_a_file_that_another_program_holds_in_wal_mode_is_still_written_to(
    marked: Path, open_as: OpenAs
) -> None:
    other = plain(marked)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("SELECT * FROM annotation").fetchall()
    session_on(open_as("amy")).annotate([Span(9, 15)], "denial")
    assert len(other.execute("SELECT * FROM annotation").fetchall()) == 2
    other.close()


@pytest.mark.parametrize(
    "name",
    [
        "a?b.db",
        "a#b.db",
        "100%.db",
        "a%20b.db",
        "with space.db",
        "ä 👩‍👩‍👧.db",
        "file:x.db",
        "a;b'c\"d.db",
    ],
)
def test_a_path_may_hold_any_character(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "a?mode=memory&b"
    folder.mkdir()
    path = folder / name
    workspace = Workspace(path, "amy")
    session_on(workspace).annotate([Span(0, 8)], "claim")
    upkeep.backup(workspace, folder / f"copy of {name}")
    workspace.close()
    assert {p.name for p in folder.iterdir()} == {name, f"copy of {name}"}
    assert len(query(path, "SELECT * FROM annotations")) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_path_may_hold_bytes_that_are_not_utf_8(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    folder.mkdir()
    workspace = Workspace(folder / "a.db", "amy")
    session_on(workspace).annotate([Span(0, 8)], "claim")
    (folder / "b.txt").write_text("Another text.")
    added = library.add_file(workspace, folder / "b.txt")
    assert library.find(workspace, str(folder / "b.txt")) == added.document_id
    assert len(upkeep.backup(workspace, folder / "b.db").problems) == 0
    workspace.close()
    assert {p.name for p in folder.iterdir()} == {"a.db", "b.db", "b.txt"}


def test_a_relative_path_and_a_link_lead_to_the_same_file(
    marked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(marked.parent)
    Path("link.db").symlink_to(marked.name)
    for path in (Path(marked.name), Path("link.db"), Path(marked.name)):
        workspace = Workspace(path, "amy")
        assert len(session_on(workspace).annotations()) == 1
        workspace.close()


def test_opening_a_file_twice_keeps_the_locks_of_the_first(marked: Path, open_as: OpenAs) -> None:
    """Reading the header with a second descriptor would drop them (POSIX)."""
    writer = open_as("amy")
    with writer.writing():
        second = open_as("bob")
        second.store().wait_for_lock(0.05)
        third = sqlite3.connect(marked, timeout=0.05, isolation_level=None)
        with pytest.raises(BusyError):
            second.writing().__enter__()
        code = os.spawnv(
            os.P_WAIT,
            sys.executable,
            [
                *(sys.executable, "-c"),
                "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=0.05, "
                "isolation_level=None)\n"
                "try: c.execute('BEGIN IMMEDIATE')\n"
                "except sqlite3.OperationalError: sys.exit(7)",
                str(marked),
            ],
        )
        third.close()
    assert code == 7


def test_a_file_may_be_opened_from_many_threads_at_once(marked: Path) -> None:
    def work(_: int) -> int:
        found = 0
        for _ in range(10):
            workspace = Workspace(marked, "amy")
            found += len(session_on(workspace).annotations())
            workspace.close()
        return found

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(work, range(4))) == [10] * 4


def test_a_journal_that_was_left_behind_is_rolled_back(marked: Path, open_as: OpenAs) -> None:
    """As after a power cut in the middle of a commit."""
    pid = os.fork()
    if pid == 0:
        connection = plain(marked)
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("PRAGMA cache_spill = 1")
        connection.execute("BEGIN")
        connection.execute("CREATE TABLE big (a)")
        for _ in range(200):
            connection.execute("INSERT INTO big VALUES (zeroblob(2000))")
        os.kill(os.getpid(), 9)
    os.waitpid(pid, 0)
    assert marked.with_name(marked.name + "-journal").stat().st_size
    workspace = open_as("amy")
    assert len(session_on(workspace).annotations()) == 1
    assert upkeep.verify(workspace).problems == ()
    assert query(marked, "SELECT name FROM sqlite_master WHERE name = 'big'") == []


def test_a_file_that_is_made_while_it_is_looked_at_is_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, made = tmp_path / "a.db", tmp_path / "b.db"
    path.touch()
    open_store(made, create=True).close()
    look = header._look

    def made_in_between(looked_at: Path) -> tuple[bytes, bool, int]:
        seen = look(looked_at)
        if not seen[2]:
            looked_at.write_bytes(made.read_bytes())
            return seen[0], False, looked_at.stat().st_size
        return seen

    monkeypatch.setattr(header, "_look", made_in_between)
    header.look_before_opening(path, create=True, open_already=())
