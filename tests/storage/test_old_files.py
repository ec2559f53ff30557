"""A file of every schema that was released opens, is kept as it was, and is brought up to date.

``scripts/build_old_files.py`` makes the file of a new schema with rows in every table, and
``scripts/write_old_file.py`` has the program write one; a file that is there is never made again.
"""

from __future__ import annotations

import gzip
import importlib
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from annotui.cli.main import main
from annotui.domain.span import Span
from annotui.errors import StoreError
from annotui.services import history, interchange, library, listing, upkeep
from annotui.services.session import Session
from annotui.services.workspace import Workspace
from annotui.storage.database import open_store
from annotui.storage.migrations import SCHEMA_VERSION, STEPS, expected_sql
from stored_files import bytes_and_mtime, dump, plain, query

OLD_FILES = Path(__file__).parent / "old_files"
ROOT = Path(__file__).resolve().parents[2]
WRITTEN = Path(__file__).parent / "fixtures"
WRITTEN_THEN = sorted(WRITTEN.glob("schema-*.db.gz"))
"""Files that the program itself wrote when theirs was the newest schema."""

VERSIONS = range(1, SCHEMA_VERSION + 1)
OLDER = range(1, SCHEMA_VERSION)

OpenAs = Callable[..., Workspace]


@pytest.fixture
def old(database: Path) -> Callable[[int], Path]:
    """The file of a schema as a user has it."""

    def copied(version: int) -> Path:
        shutil.copyfile(OLD_FILES / f"schema_{version}.db", database)
        return database

    return copied


def marks(path: Path) -> list[tuple[object, ...]]:
    """Every row of every table that the first schema had, and what its view shows."""
    tables = ("change", "history", "annotator", "label", "document", "annotation", "review")
    found = [row for name in tables for row in query(path, f"SELECT * FROM {name}")]
    return found + query(path, "SELECT * FROM annotations")


def kept(path: Path, version: int) -> Path:
    return path.with_name(f"{path.name}.schema-{version}")


def folder_of(path: Path) -> set[str]:
    return {one.name for one in path.parent.iterdir()}


@pytest.mark.parametrize("version", VERSIONS)
def test_there_is_a_file_of_every_schema(version: int) -> None:
    path = OLD_FILES / f"schema_{version}.db"
    assert path.exists(), "run python scripts/build_old_files.py, and commit the new file"
    assert query(path, "PRAGMA user_version") == [(version,)]
    own = {name for kind, name in expected_sql() if kind == "table"}
    empty = {
        name
        for (name,) in query(path, "SELECT name FROM sqlite_master WHERE type = 'table'")
        if name in own and name != "search_due" and not query(path, f"SELECT 1 FROM {name}")
    }
    assert empty == set()


@pytest.mark.parametrize("version", VERSIONS)
def test_there_is_a_file_of_every_schema_that_the_program_wrote(
    version: int, database: Path
) -> None:
    written = WRITTEN / f"schema-{version}.db.gz"
    assert written.exists(), "run python scripts/write_old_file.py, and commit the new file"
    database.write_bytes(gzip.decompress(written.read_bytes()))
    assert query(database, "PRAGMA user_version") == [(version,)]


def test_the_script_writes_a_file_like_the_one_that_is_kept(
    tmp_path: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    script = importlib.import_module("write_old_file")
    script.work(script.User(tmp_path))
    newest = WRITTEN / f"schema-{SCHEMA_VERSION}.db.gz"
    database.write_bytes(gzip.decompress(newest.read_bytes()))
    assert _counts(tmp_path / "annotations.db") == _counts(database)


def _counts(path: Path) -> dict[str, int]:
    """How many rows each table has, and the schema itself."""
    tables = query(path, "SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    own = [(name, sql) for name, sql in tables if "search" not in name]
    return {sql: query(path, f'SELECT count(*) FROM "{name}"')[0][0] for name, sql in own}


@pytest.mark.parametrize("version", VERSIONS)
def test_it_opens_and_every_mark_is_as_it_was(
    version: int, old: Callable[[int], Path], open_as: OpenAs
) -> None:
    path = old(version)
    before = marks(path)
    assert len(query(path, "SELECT * FROM annotations")) >= 3
    workspace = open_as("amy")
    report = upkeep.verify(workspace)
    assert (report.problems, report.documents) == ((), 2)
    assert report.annotations >= 4
    workspace.close()
    assert marks(path) == before
    assert query(path, "PRAGMA user_version") == [(SCHEMA_VERSION,)]
    found = {
        (kind, name): sql
        for kind, name, sql in query(path, "SELECT type, name, sql FROM sqlite_master")
    }
    assert expected_sql().items() <= found.items()


@pytest.mark.parametrize("written", WRITTEN_THEN, ids=lambda path: path.name)
def test_what_the_program_wrote_then_opens_too(
    written: Path, database: Path, open_as: OpenAs
) -> None:
    database.write_bytes(gzip.decompress(written.read_bytes()))
    before = marks(database)
    assert len(query(database, "SELECT * FROM annotations")) >= 3
    workspace = open_as("amy")
    assert upkeep.verify(workspace).problems == ()
    listing.rebuild(workspace)
    assert upkeep.verify(workspace).problems == ()
    assert marks(database) == before
    assert history.undo(workspace).change.target_id


def test_a_file_that_lacks_a_step_in_the_middle_gets_it_once(
    old: Callable[[int], Path], open_as: OpenAs
) -> None:
    """As one has that was made between two releases."""
    path = old(3)
    step = STEPS[-1]
    connection = plain(path)
    for statement in step.statements:
        connection.execute(statement)
    connection.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)",
        ("annotui", step.name, "2026-11-27"),
    )
    connection.execute("PRAGMA user_version = 4")
    connection.close()
    for _ in range(2):
        workspace = open_as("amy")
        assert upkeep.verify(workspace).problems == ()
        workspace.close()
    assert query(path, "PRAGMA user_version") == [(SCHEMA_VERSION,)]
    assert folder_of(path) == {path.name, kept(path, 4).name}


@pytest.mark.parametrize("version", OLDER)
def test_the_file_is_kept_as_it_was(
    version: int, old: Callable[[int], Path], open_as: OpenAs
) -> None:
    path = old(version)
    path.chmod(0o600)
    before = dump(path)
    workspace = open_as("amy")
    library.summaries(workspace)
    workspace.close()
    copy = kept(path, version)
    assert folder_of(path) == {path.name, copy.name}
    assert dump(copy) == before
    assert query(copy, "PRAGMA integrity_check") == [("ok",)]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    copied = bytes_and_mtime(copy)
    for _ in range(2):
        again = open_as("amy")
        library.summaries(again)
        again.close()
    assert folder_of(path) == {path.name, copy.name}
    assert bytes_and_mtime(copy) == copied


def test_the_newest_schema_needs_no_copy_and_no_change(
    old: Callable[[int], Path], open_as: OpenAs
) -> None:
    path = old(SCHEMA_VERSION)
    before = bytes_and_mtime(path)
    workspace = open_as("amy")
    assert upkeep.verify(workspace).problems == ()
    workspace.close()
    assert bytes_and_mtime(path) == before
    assert folder_of(path) == {path.name}


@pytest.mark.parametrize("version", VERSIONS)
def test_work_goes_on_in_it(version: int, old: Callable[[int], Path], open_as: OpenAs) -> None:
    old(version)
    workspace = open_as("robert")
    article = library.document(workspace, library.find(workspace, "Mayor denies"))
    session = Session(workspace, article)
    shown = session.annotations()
    assert {(one.label, one.annotator, one.review_status) for one in shown} >= {
        ("claim", "amy", "accepted"),
        ("denial", "amy", "unreviewed"),
        ("statistic", "robert", "rejected"),
    }
    session.annotate([Span(0, 5)], "claim", note="afterwards")
    history.undo(workspace)
    history.redo(workspace)
    assert len(session.annotations()) == len(shown) + 1
    for words in ("metres", "afterwards", "quoted"):
        assert len(listing.entries(workspace, listing.Wanted(search=words))) == 1
    assert interchange.export(workspace).rows == len(shown) + 1
    assert upkeep.verify(workspace).problems == ()


def test_a_copy_that_is_there_already_is_never_overwritten(
    old: Callable[[int], Path], open_as: OpenAs
) -> None:
    path = old(1)
    kept(path, 1).write_text("mine")
    workspace = open_as("amy")
    library.summaries(workspace)
    workspace.close()
    second = path.with_name("annotations.db.schema-1-2")
    assert kept(path, 1).read_text() == "mine"
    assert query(second, "PRAGMA user_version") == [(1,)]
    shutil.copyfile(OLD_FILES / "schema_1.db", path)
    workspace.close()
    workspace = open_as("amy")
    library.summaries(workspace)
    workspace.close()
    assert folder_of(path) == {path.name, kept(path, 1).name, second.name}


def test_the_command_line_says_where_it_is_kept(
    old: Callable[[int], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = old(1)
    assert main(["list", "--db", str(path)]) == 0
    said = capsys.readouterr()
    assert str(kept(path, 1)) in said.err
    assert "brought up to date from schema 1" in said.err
    assert "schema" not in said.out
    assert main(["list", "--db", str(path)]) == 0
    assert capsys.readouterr().err == ""


def test_a_damaged_old_file_is_left_as_it_is(old: Callable[[int], Path]) -> None:
    path = old(1)
    size = query(path, "PRAGMA page_size")[0][0]
    root = query(path, "SELECT rootpage FROM sqlite_master WHERE name = 'annotation_by_place'")[0][
        0
    ]
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    before = bytes_and_mtime(path)
    with pytest.raises(StoreError, match="damaged"):
        open_store(path)
    assert bytes_and_mtime(path) == before
    assert folder_of(path) == {path.name}


@pytest.mark.skipif(os.getuid() == 0, reason="root may write anywhere")
def test_where_no_copy_can_be_kept_the_file_is_left(old: Callable[[int], Path]) -> None:
    path = old(1)
    before = bytes_and_mtime(path)
    path.parent.chmod(0o500)
    try:
        with pytest.raises(StoreError, match="was left as it is"):
            open_store(path)
    finally:
        path.parent.chmod(0o700)
    assert bytes_and_mtime(path) == before


def test_a_full_disk_while_copying_leaves_the_file(
    old: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = old(1)
    before = bytes_and_mtime(path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("annotui.storage.upgrading.copy_whole", full)
        with pytest.raises(StoreError, match=r"older annotui \(schema 1.*No space left.*Make room"):
            open_store(path)
    assert bytes_and_mtime(path) == before
    assert folder_of(path) == {path.name}


def test_a_merge_keeps_no_copy_of_somebody_elses_old_file(
    old: Callable[[int], Path], open_as: OpenAs, tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs" / "annotations.db"
    theirs.parent.mkdir()
    old(1).rename(theirs)
    before = bytes_and_mtime(theirs)
    mine = tmp_path / "mine.db"
    assert main(["merge", str(theirs), "--db", str(mine), "--annotator", "amy"]) == 0
    assert bytes_and_mtime(theirs) == before
    assert folder_of(theirs) == {theirs.name}
    assert len(query(mine, "SELECT * FROM annotations")) == 3
    assert not kept(mine, 1).exists()


CHILD = """
import os, signal, sqlite3, sys
from pathlib import Path
import sqlite_utils

path, moment, pages = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
connect, execute = sqlite3.connect, sqlite_utils.Database.execute
count = 0

def connect_with_small_cache(*given, **named):
    connection = connect(*given, **named)
    if pages:
        connection.execute(f"PRAGMA cache_size = {pages}")
    return connection

def counted(self, sql, *given):
    global count
    answer = execute(self, sql, *given)
    count += 1
    if count == moment:
        os.kill(os.getpid(), signal.SIGKILL)
    return answer

sqlite3.connect = connect_with_small_cache
sqlite_utils.Database.execute = counted
from annotui.storage import full_text
from annotui.storage.database import open_store

if moment == 0:
    full_text.catch_up = lambda db: os.kill(os.getpid(), signal.SIGKILL)
open_store(Path(path)).close()
print(count)
"""


def upgrade_in_child(path: Path, moment: int, pages: int) -> subprocess.CompletedProcess[str]:
    """Open the file in a child that kills itself after so many statements of the migrations.

    With 0 it does so when all of them are done and only the commit is to come. ``pages`` is how
    many pages SQLite keeps in memory; with few, changed ones go to the file before the commit.
    """
    return subprocess.run(
        [sys.executable, "-c", CHILD, str(path), str(moment), str(pages)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("version", OLDER)
@pytest.mark.parametrize("pages", [0, 1])
@pytest.mark.parametrize("moment", [1, 6, 12, 0])
def test_a_kill_in_the_middle_leaves_the_old_file(
    version: int,
    pages: int,
    moment: int,
    old: Callable[[int], Path],
    open_as: OpenAs,
    tmp_path: Path,
) -> None:
    path = old(version)
    content, shown = dump(path), marks(path)
    whole = path.read_bytes()
    killed = upgrade_in_child(path, moment, pages)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    journal = path.with_name(path.name + "-journal")
    assert path.read_bytes() == whole or journal.stat().st_size > 512
    spare = tmp_path / "plain" / "plain.db"
    spare.parent.mkdir()
    shutil.copyfile(path, spare)
    if journal.exists():
        shutil.copyfile(journal, spare.with_name(spare.name + "-journal"))
    assert dump(spare) == content
    assert query(spare, "PRAGMA user_version") == [(version,)]
    shutil.rmtree(spare.parent)
    workspace = open_as("amy")
    assert upkeep.verify(workspace).problems == ()
    workspace.close()
    assert marks(path) == shown
    assert folder_of(path) == {path.name, kept(path, version).name}
    assert dump(kept(path, version)) == content


def test_with_little_memory_a_killed_migration_has_written_to_the_file(
    old: Callable[[int], Path],
) -> None:
    """So that the test above has a journal to go by."""
    path = old(1)
    whole = path.read_bytes()
    assert upgrade_in_child(path, 0, 1).returncode == -signal.SIGKILL
    assert path.read_bytes() != whole
    connection = plain(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    connection.close()


def test_two_that_open_an_old_file_at_once_both_get_it(
    old: Callable[[int], Path], open_as: OpenAs
) -> None:
    path = old(1)
    children = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD, str(path), "-1", "0"], stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    done = sorted(int(child.communicate(timeout=60)[0]) > 10 for child in children)
    assert [child.returncode for child in children] == [0, 0, 0]
    assert done.count(True) >= 1
    assert upkeep.verify(open_as("amy")).problems == ()
    assert folder_of(path) == {path.name, kept(path, 1).name}


def test_an_old_file_in_wal_mode_is_kept_whole(old: Callable[[int], Path], open_as: OpenAs) -> None:
    path = old(2)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    content = dump(path)
    workspace = open_as("amy")
    assert upkeep.verify(workspace).problems == ()
    workspace.close()
    assert dump(kept(path, 2)) == content
    assert query(kept(path, 2), "PRAGMA journal_mode") == [("delete",)]
