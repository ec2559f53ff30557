"""A file of every schema there was opens, is kept as it was, and is brought up to date whole.

``fixtures/schema-N.db.gz`` was written by the program as it was when N was its newest schema.
"""

from __future__ import annotations

import gzip
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from annotui.domain.span import Span
from annotui.errors import StoreError
from annotui.services import history, library, listing, upkeep
from annotui.services.session import Session
from annotui.services.workspace import Workspace
from annotui.storage import upgrading
from annotui.storage.database import open_store
from annotui.storage.migrations import SCHEMA_VERSION, expected_sql
from stored_files import bytes_and_mtime, dump, plain, query

FIXTURES = sorted(Path(__file__).with_name("fixtures").glob("schema-*.db.gz"))
OpenAs = Callable[..., Workspace]


def unpacked(fixture: Path, target: Path) -> Path:
    target.write_bytes(gzip.decompress(fixture.read_bytes()))
    return target


@pytest.fixture(params=FIXTURES, ids=lambda fixture: fixture.name.partition(".")[0])
def old(request: pytest.FixtureRequest, database: Path) -> Path:
    return unpacked(request.param, database)


@pytest.fixture
def oldest(database: Path) -> Path:
    return unpacked(FIXTURES[0], database)


def version_of(path: Path) -> int:
    return int(query(path, "PRAGMA user_version")[0][0])


def content(path: Path) -> list[list[tuple[object, ...]]]:
    tables = ("annotations", "document", "annotation", "annotator", "label", "change", "history")
    return [query(path, f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in tables]


def test_there_is_a_file_of_the_first_schemas() -> None:
    assert len(FIXTURES) >= 3


def test_an_old_file_is_brought_up_to_date_and_nothing_in_it_changes(
    old: Path, open_as: OpenAs
) -> None:
    before = content(old)
    workspace = open_as("amy")
    summaries = library.summaries(workspace)
    assert sum(sum(one.annotations.values()) for one in summaries) == 3
    assert content(old) == before
    assert version_of(old) == SCHEMA_VERSION
    found = {
        (kind, name): sql
        for kind, name, sql in query(old, "SELECT type, name, sql FROM sqlite_master")
        if (kind, name) in expected_sql()
    }
    assert found == expected_sql()
    assert upkeep.verify(workspace).problems == ()
    listing.rebuild(workspace)
    assert upkeep.verify(workspace).problems == ()


def test_work_and_undo_go_on_in_an_old_file(old: Path, open_as: OpenAs) -> None:
    workspace = open_as("amy")
    document_id = library.document_ids(workspace)[0]
    session = Session(workspace, library.document(workspace, document_id))
    mark = session.annotate([Span(3, 8)], "statistic").after[0]
    assert mark in session.annotations()
    assert history.undo(workspace).change.target_id
    assert history.undo(workspace).change.summary
    assert upkeep.verify(workspace).problems == ()


def test_a_copy_of_it_as_it_was_is_kept_and_nobody_else_may_read_it(
    old: Path, open_as: OpenAs, tmp_path: Path
) -> None:
    version, before = version_of(old), dump(old)
    old.chmod(0o600)
    is_newest = version == SCHEMA_VERSION
    open_as("amy").store()
    kept = old.with_name(f"annotations.db.schema-{version}")
    assert kept.exists() is not is_newest
    if not is_newest:
        assert sorted(dump(kept)) == sorted(before)
        assert version_of(kept) == version
        assert kept.stat().st_mode & 0o077 == 0
        shutil.copy(kept, tmp_path / "again.db")
        Workspace(tmp_path / "again.db", "amy").store().close()
    assert not [path for path in old.parent.iterdir() if path.name.startswith(".")]


def test_a_copy_that_is_there_is_left(oldest: Path, open_as: OpenAs) -> None:
    kept = oldest.with_name("annotations.db.schema-1")
    kept.write_text("mine")
    open_as("amy").store()
    assert kept.read_text() == "mine"
    assert version_of(oldest) == SCHEMA_VERSION


def test_a_migration_that_is_killed_anywhere_leaves_the_old_file_usable(
    old: Path, open_as: OpenAs
) -> None:
    """By ``kill -9`` after each of its statements in turn, as in a power cut before the commit."""
    version, before = version_of(old), content(old)
    steps = 0
    while version < SCHEMA_VERSION:
        steps += 1
        pid = os.fork()
        if pid == 0:
            killed_after(old, steps)
        _, status = os.waitpid(pid, 0)
        if os.waitstatus_to_exitcode(status) == 0:
            break
        assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
        assert content(old) == before
        if version_of(old) == SCHEMA_VERSION:  # killed after the commit
            break
        assert version_of(old) == version
        steps += steps // 3
    assert version == SCHEMA_VERSION or steps > 3
    assert upkeep.verify(open_as("amy")).problems == ()
    assert content(old) == before
    assert version_of(old) == SCHEMA_VERSION


def killed_after(path: Path, statements: int) -> None:
    """Open the file in this process, which is killed after so many statements of migrations."""
    left = statements
    apply = upgrading.migrate

    def counted(db: object) -> None:
        def count(sql: str) -> None:
            nonlocal left
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

        db.conn.execute("PRAGMA cache_size = 1")  # type: ignore[attr-defined]
        db.conn.set_trace_callback(count)  # type: ignore[attr-defined]
        apply(db)  # type: ignore[arg-type]

    from annotui.storage import database

    database.migrate = counted  # type: ignore[assignment]
    try:
        open_store(path).close()
    except BaseException:  # noqa: BLE001 (the child must not go on as a second pytest)
        os._exit(1)
    os._exit(0)


def test_an_old_file_without_room_beside_it_is_left_as_it_is(
    oldest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = bytes_and_mtime(oldest)
    monkeypatch.setattr(upgrading, "quote", lambda _: "/nowhere/at/all")
    with pytest.raises(StoreError, match=r"a copy has to go to annotations\.db\.schema-1"):
        open_store(oldest)
    assert bytes_and_mtime(oldest) == before
    assert [path.name for path in oldest.parent.iterdir()] == ["annotations.db"]


def test_an_old_file_that_is_damaged_is_not_migrated(oldest: Path) -> None:
    whole = bytearray(oldest.read_bytes())
    with closing(plain(oldest)) as connection:
        root = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'history_by_item'"
        ).fetchone()[0]
    whole[(root - 1) * 4096 : (root - 1) * 4096 + 8] = b"\xff" * 8
    oldest.write_bytes(whole)
    before = bytes_and_mtime(oldest)
    with pytest.raises(StoreError, match="annotui recover"):
        open_store(oldest)
    assert bytes_and_mtime(oldest) == before


def test_a_plain_program_still_reads_it(old: Path, open_as: OpenAs) -> None:
    open_as("amy").store()
    connection = sqlite3.connect(f"file:{old}?mode=ro", uri=True)
    assert connection.execute("SELECT count(*) FROM annotations").fetchone() == (3,)
    connection.close()
