"""What comes out of a database that others may not read is not for them either."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from annotui.domain.span import Span
from annotui.services import interchange, recovery, upkeep
from annotui.services.workspace import Workspace
from stored_files import session_on

OpenAs = Callable[..., Workspace]


@pytest.fixture
def marked(open_as: OpenAs, database: Path) -> Path:
    workspace = open_as("amy")
    session_on(workspace).annotate([Span(0, 8)], "claim")
    return database


@pytest.mark.parametrize(
    ("mode", "umask", "expected"),
    [
        (0o644, 0o022, 0o644),
        (0o600, 0o022, 0o600),
        (0o640, 0o002, 0o660),
        (0o644, 0o077, 0o600),
        (0o444, 0o022, 0o644),
    ],
)
def test_exports_backups_and_recovered_files_are_as_private_as_the_database(
    marked: Path, open_as: OpenAs, tmp_path: Path, mode: int, umask: int, expected: int
) -> None:
    marked.chmod(mode)
    old = os.umask(umask)
    try:
        interchange.export_to(open_as("amy"), tmp_path / "marks.csv")
        interchange.export_to(open_as("amy"), tmp_path / "corpus", form="brat")
        upkeep.backup(open_as("amy"), tmp_path / "backup.db")
        recovery.recover(marked, tmp_path / "new.db", "amy")
    finally:
        os.umask(old)
    modes = {
        name: (tmp_path / name).stat().st_mode & 0o777
        for name in ("marks.csv", "corpus", "backup.db", "new.db")
    }
    assert modes["marks.csv"] == expected
    assert modes["corpus"] & 0o666 == expected
    assert modes["corpus"] & 0o111 == (expected & 0o444) >> 2
    for name in ("backup.db", "new.db"):
        assert modes[name] & ~expected == 0
        assert modes[name] & 0o600 == 0o600


def test_a_file_that_is_there_keeps_its_mode_as_far_as_the_database_has_it(
    marked: Path, open_as: OpenAs, tmp_path: Path
) -> None:
    target = tmp_path / "marks.csv"
    for database, expected in ((0o644, 0o640), (0o600, 0o600)):
        marked.chmod(database)
        target.write_text("older")
        target.chmod(0o640)
        interchange.export_to(open_as("amy"), target)
        assert target.stat().st_mode & 0o777 == expected
