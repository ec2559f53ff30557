"""Disks that are full, files that may not be written, files that are gone."""

from __future__ import annotations

import itertools
import os
import resource
import shutil
import signal
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from annotui.domain.span import Span
from annotui.errors import AnnotuiError, ExportError, StoreError
from annotui.formats.plain_text import decode
from annotui.services import history, interchange, library, upkeep
from annotui.services.session import Session
from annotui.services.workspace import Workspace
from stored_files import bytes_and_mtime, dump, plain, query, session_on

OpenAs = Callable[..., Workspace]
NOBODY = 65534


@pytest.fixture
def marked(open_as: OpenAs, database: Path) -> Path:
    workspace = open_as("amy")
    session_on(workspace).annotate([Span(0, 8)], "claim")
    workspace.close()
    return database


def said_by_nobody(folder: Path, work: Callable[[], object]) -> str:
    """What a user without rights is told: the AnnotuiError of ``work`` in a child process."""
    above = folder
    while above != above.parent and os.getuid() == 0:
        above.chmod(above.stat().st_mode | 0o055 if above != folder else above.stat().st_mode)
        above = above.parent
    out, into = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            if os.getuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            work()
            code = 0
        except AnnotuiError as error:
            os.write(into, str(error).encode())
            code = 0
        except BaseException:  # noqa: BLE001 (the child must not go on as a second pytest)
            os.write(into, traceback.format_exc().encode())
        os._exit(code)
    os.close(into)
    with os.fdopen(out, "rb") as file:
        said = file.read().decode()
    assert os.waitpid(pid, 0)[1] == 0, said
    return said


def import_everything() -> None:
    """In a child without rights nothing can be imported any more."""
    import sqlite_utils  # noqa: F401


def test_a_read_only_file_is_read_and_says_so_when_written_to(marked: Path) -> None:
    import_everything()
    marked.chmod(0o444)
    marked.parent.chmod(0o755)
    before = bytes_and_mtime(marked)

    def read() -> None:
        workspace = Workspace(marked, "zed")
        assert len(session_on(workspace).annotations()) == 1
        assert interchange.export(workspace).rows == 1
        assert upkeep.verify(workspace).problems == ()

    def write() -> None:
        session_on(Workspace(marked, "zed")).annotate([Span(1, 5)], "claim")

    assert said_by_nobody(marked.parent, read) == ""
    assert "read-only" in said_by_nobody(marked.parent, write)
    assert bytes_and_mtime(marked) == before


def test_a_file_in_a_read_only_folder_says_so_when_written_to(marked: Path) -> None:
    import_everything()
    marked.chmod(0o666)
    marked.parent.chmod(0o555)
    before = bytes_and_mtime(marked)

    def read() -> None:
        assert len(session_on(Workspace(marked, "zed")).annotations()) == 1

    def write() -> None:
        session_on(Workspace(marked, "zed")).annotate([Span(1, 5)], "claim")

    assert said_by_nobody(marked.parent, read) == ""
    said = said_by_nobody(marked.parent, write)
    assert said.startswith("Not saved")
    assert "folder" in said
    assert bytes_and_mtime(marked) == before


def test_an_unreadable_file_and_folder_are_refused(marked: Path) -> None:
    import_everything()
    marked.chmod(0)
    marked.parent.chmod(0o755)

    def read() -> None:
        Workspace(marked, "zed").store()

    def look() -> None:
        workspace = Workspace(marked, "zed")
        assert workspace.exists
        workspace.scheme()

    assert "cannot be read: Permission denied" in said_by_nobody(marked.parent, read)
    closed = marked.parent / "closed"
    closed.mkdir(mode=0o700)
    shutil.move(marked, closed / marked.name)
    marked = closed / marked.name
    assert "cannot be read: Permission denied" in said_by_nobody(closed, look)


def test_a_file_in_wal_mode_in_a_read_only_folder_is_told_with_the_cure(marked: Path) -> None:
    import_everything()
    connection = plain(marked)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    marked.chmod(0o666)
    marked.parent.chmod(0o555)
    before = bytes_and_mtime(marked)

    def read() -> None:
        Workspace(marked, "zed").store()

    said = said_by_nobody(marked.parent, read)
    assert "SQLite's WAL mode" in said
    assert "copy it to another folder" in said
    assert bytes_and_mtime(marked) == before


def test_a_database_cannot_be_made_in_a_read_only_folder(tmp_path: Path) -> None:
    import_everything()
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o555)

    def make() -> None:
        session_on(Workspace(folder / "a.db", "zed"))

    assert "not writable" in said_by_nobody(folder, make)
    assert list(folder.iterdir()) == []


def test_a_backup_cannot_go_into_a_read_only_folder(marked: Path) -> None:
    import_everything()
    folder = marked.parent / "locked"
    folder.mkdir(mode=0o555)
    marked.parent.chmod(0o755)

    def back_up() -> None:
        upkeep.backup(Workspace(marked, "zed"), folder / "b.db")

    assert "cannot be written: Permission denied" in said_by_nobody(folder, back_up)
    assert list(folder.iterdir()) == []


def with_file_size_limit(limit: int, work: Callable[[], object]) -> None:
    """Run ``work`` while no file may grow beyond ``limit`` bytes: writing fails."""
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, old[1]))
    try:
        work()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_disk_that_fails_in_the_middle_keeps_what_was_there(
    marked: Path, open_as: OpenAs
) -> None:
    workspace = open_as("amy")
    session = session_on(workspace)
    before = dump(marked)

    def fill() -> None:
        for _ in range(500):
            session.annotate([Span(1, 5)], "claim", note="x" * 5000)

    with pytest.raises(StoreError, match="Not saved"):
        with_file_size_limit(marked.stat().st_size, fill)
    assert upkeep.verify(workspace).problems == ()
    assert dump(marked) == before
    session.annotate([Span(1, 5)], "claim", note="x" * 5000)
    assert len(session.annotations()) == 2


def test_a_database_that_could_not_be_made_leaves_no_file(database: Path, open_as: OpenAs) -> None:
    with pytest.raises(StoreError, match="Not saved"):
        with_file_size_limit(4096, lambda: session_on(open_as("amy")))
    assert list(database.parent.iterdir()) == []
    session_on(open_as("amy"))


def test_an_empty_file_that_was_there_before_is_left(database: Path, open_as: OpenAs) -> None:
    database.touch()
    with pytest.raises(StoreError, match="Not saved"):
        with_file_size_limit(4096, lambda: session_on(open_as("amy")))
    assert [path.name for path in database.parent.iterdir()] == [database.name]


def test_a_new_file_that_another_program_fills_or_has_filled_is_left(
    database: Path, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = []

    def overtaken(*_: object) -> None:
        others.append(plain(database))
        others[0].execute("BEGIN IMMEDIATE")
        raise StoreError("Not saved.")

    with monkeypatch.context() as patched:
        patched.setattr("annotui.storage.database.migrate", overtaken)
        with pytest.raises(StoreError, match=r"Not saved\."):
            open_as("amy").store(create=True)
    others[0].execute("CREATE TABLE mine (x)")
    others[0].execute("COMMIT")
    others[0].close()
    assert query(database, "SELECT name FROM sqlite_master") == [("mine",)]


def mark_until_it_fails(session: Session, words: str) -> int:
    """How many marks were acknowledged before one was refused."""
    acknowledged = itertools.count()

    def fill() -> None:
        for _ in range(1000):
            session.annotate([Span(1, 5)], "claim", note="x" * 3000)
            next(acknowledged)

    with pytest.raises(StoreError, match=words):
        fill()
    return next(acknowledged)


def test_a_full_disk_says_so_and_keeps_every_acknowledged_mark(open_as: OpenAs) -> None:
    workspace = open_as("amy")
    session = session_on(workspace)
    with workspace.reading() as db:
        pages = db.conn.execute("PRAGMA page_count").fetchone()[0]
        db.conn.execute(f"PRAGMA max_page_count = {pages + 10}")
    stored = mark_until_it_fails(session, r"the disk is full\. Free some space")
    assert 0 < stored < 100
    assert len(session.annotations()) == stored
    assert upkeep.verify(workspace).problems == ()
    with workspace.reading() as db:
        db.conn.execute("PRAGMA max_page_count = 1000000")
    session.annotate([Span(1, 5)], "claim", note="x" * 3000)
    assert len(session.annotations()) == stored + 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.getuid() or os.system(f"mount -t tmpfs -o size=400k tmpfs '{folder}' 2>/dev/null"):
        pytest.skip("a small disk cannot be mounted here")
    return folder


def test_a_small_disk_that_is_filled_up(small_disk: Path, open_as: OpenAs, tmp_path: Path) -> None:
    workspace = open_as("amy", small_disk / "a.db")
    try:
        session = session_on(workspace)
        stored = mark_until_it_fails(session, "Not saved")
        assert len(session.annotations()) == stored
        assert upkeep.verify(workspace).problems == ()
        for failing in (
            lambda: upkeep.backup(workspace, small_disk / "backup.db"),
            lambda: library.add_text(workspace, decode(b"word " * 100_000, "big")),
            lambda: interchange.write_file(small_disk / "out.csv", "x" * 500_000, Path("none.db")),
        ):
            with pytest.raises((StoreError, ExportError)):
                failing()
        assert [path.name for path in small_disk.iterdir()] == ["a.db"]
        (small_disk / "b.db").touch()
        (small_disk / "filler").write_bytes(b"x" * (os.statvfs(small_disk).f_bavail * 4096))
        with pytest.raises(StoreError, match="Not saved"):
            session_on(open_as("amy", small_disk / "b.db"))
        (small_disk / "filler").unlink()
        (small_disk / "b.db").unlink()
        upkeep.backup(workspace, tmp_path / "backup.db")
        assert query(tmp_path / "backup.db", "SELECT count(*) FROM annotations") == [(stored,)]
    finally:
        workspace.close()
        os.system(f"umount '{small_disk}'")


def test_a_file_that_was_deleted_while_open_takes_no_more_marks(
    marked: Path, open_as: OpenAs
) -> None:
    session = session_on(open_as("amy"))
    marked.unlink()
    with pytest.raises(StoreError, match="moved, replaced or deleted"):
        session.annotate([Span(1, 5)], "claim")
    assert not marked.exists()
    assert list(marked.parent.iterdir()) == []


def test_a_file_that_was_replaced_while_open_is_left_as_it_is(
    marked: Path, open_as: OpenAs, tmp_path: Path
) -> None:
    workspace = open_as("amy")
    session = session_on(workspace)
    copy = tmp_path / "copy.db"
    shutil.copy(marked, copy)
    copy.replace(marked)
    before = bytes_and_mtime(marked)
    for write in (
        lambda: session.annotate([Span(1, 5)], "claim"),
        lambda: history.undo(workspace),
    ):
        with pytest.raises(StoreError, match="moved, replaced or deleted"):
            write()
    assert bytes_and_mtime(marked) == before
    assert [path.name for path in marked.parent.iterdir()] == [marked.name]


def test_a_file_that_was_overwritten_while_open_ends_in_words(
    marked: Path, open_as: OpenAs
) -> None:
    session = session_on(open_as("amy"))
    session.annotations()
    marked.write_bytes(b"not a database any more " * 4000)
    with pytest.raises(StoreError):
        session.annotate([Span(1, 5)], "claim")
    assert marked.read_bytes().startswith(b"not a database any more")
