"""An export is what was asked for, whole or not at all."""

from __future__ import annotations

import csv
import io
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from annotui.domain.span import Span
from annotui.errors import ConfigError, ExportError, LabelError
from annotui.formats.csv_table import COLUMNS
from annotui.services import interchange, upkeep
from annotui.services.workspace import Workspace
from stored_files import TEXT, bytes_and_mtime, session_on, write_review

OpenAs = Callable[..., Workspace]


@pytest.fixture
def workspace(open_as: OpenAs) -> Workspace:
    amy, bob = open_as("amy"), open_as("bob")
    first = session_on(amy).annotate([Span(0, 8)], "claim").after[0]
    second = session_on(amy).annotate([Span(27, 46), Span(66, 83)], "denial").after[0]
    session_on(bob, "Another text.").annotate([Span(0, 7)], "claim")
    write_review(bob, first, "rejected")
    write_review(bob, second, "accepted")
    return amy


def rows(export: interchange.Export) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export.text, newline="")))


def test_everything_is_exported_with_its_status(workspace: Workspace) -> None:
    export = interchange.export(workspace)
    assert (export.rows, export.rejected) == (3, 1)
    found = [(r["quote"], r["status"], r["reviewer"], r["fragments"]) for r in rows(export)]
    assert found == [
        ("Another", "unreviewed", "", ""),
        ("Minister", "rejected", "bob", ""),
        (f"{TEXT[27:46]} … {TEXT[66:83]}", "accepted", "bob", "[[27,46],[66,83]]"),
    ]


def test_filters_are_each_of_any_and_together_of_all(workspace: Workspace) -> None:
    other = session_on(workspace, "Another text.").document.document_id
    assert interchange.export(workspace, labels=["claim"]).rows == 2
    assert interchange.export(workspace, labels=["claim", "denial"]).rows == 3
    assert interchange.export(workspace, labels=["claim"], annotators=["amy"]).rows == 1
    assert interchange.export(workspace, document_ids=[other]).rows == 1
    assert interchange.export(workspace, statuses=["accepted", "unreviewed"]).rows == 2
    assert interchange.export(workspace, labels=["statistic"]).rows == 0


def test_an_old_name_filters_as_the_new_one(workspace: Workspace) -> None:
    upkeep.rename_annotator(workspace, "bob", "Bob Lang")
    for name in ("bob", "Bob Lang"):
        assert [r["annotator"] for r in rows(interchange.export(workspace, annotators=[name]))] == [
            "Bob Lang"
        ]


def test_what_is_not_there_is_refused(workspace: Workspace) -> None:
    with pytest.raises(LabelError, match="Did you mean 'claim'"):
        interchange.export(workspace, labels=["clam"])
    with pytest.raises(ConfigError, match="There are: amy, bob"):
        interchange.export(workspace, annotators=["carol"])
    with pytest.raises(ConfigError):
        interchange.export(workspace, annotators=["a\udcff"])


def test_an_export_of_nothing_has_a_header(open_as: OpenAs) -> None:
    session_on(open_as("amy"))
    assert interchange.export(open_as("amy")).text == ",".join(COLUMNS) + "\r\n"


def test_a_file_is_written_whole_with_the_mode_of_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    old = os.umask(0o027)
    try:
        interchange.write_file(path, "a\r\n“é”\r\n", Path("none.db"))
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        path.chmod(0o604)
        interchange.write_file(path, "b\r\n", Path("none.db"))
    finally:
        os.umask(old)
    assert path.read_bytes() == b"b\r\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o604
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]


def test_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    interchange.write_file(tmp_path / "link.csv", "x", Path("none.db"))
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "x"


def test_a_target_that_cannot_be_written_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    before = sorted(tmp_path.rglob("*"))
    for name in ("folder", "file/out.csv", "none/out.csv", "x" * 300, "a\0b", "circle"):
        with pytest.raises(ExportError):
            interchange.write_file(tmp_path / name, "text", Path("none.db"))
    assert sorted(tmp_path.rglob("*")) == before


def test_an_interrupted_write_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old")

    def interrupt(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        interchange.write_file(path, "new", Path("none.db"))
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]


@pytest.mark.parametrize("kind", ["journal", "wal", "shm"])
def test_an_export_never_takes_a_name_that_belongs_to_a_database(
    kind: str, workspace: Workspace, tmp_path: Path
) -> None:
    beside = tmp_path / f"{workspace.path.name}-{kind}"
    (tmp_path / "out.csv").symlink_to(beside)
    for path in (beside, tmp_path / "out.csv"):
        with pytest.raises(ExportError, match="is where SQLite keeps"):
            interchange.write_file(path, "text", Path("none.db"))
    assert not beside.exists()
    interchange.write_file(tmp_path / f"none.db-{kind}", "text", Path("none.db"))


def test_an_export_never_goes_over_a_database(workspace: Workspace) -> None:
    before = bytes_and_mtime(workspace.path)
    with pytest.raises(ExportError, match="SQLite database"):
        interchange.write_file(workspace.path, "text", Path("none.db"))
    assert bytes_and_mtime(workspace.path) == before
