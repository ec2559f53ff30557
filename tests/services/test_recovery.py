"""What a damaged file still holds goes into a new, sound one; nothing else is touched."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_merging import MAKERS, OTHER_TEXT

from annotui.domain.span import Span
from annotui.errors import ExportError, StoreError
from annotui.services import history, recovery, upkeep
from annotui.services.importing import How, Import
from annotui.services.workspace import Workspace
from annotui.storage import salvage as salvage_module
from annotui.storage.pages import Pages
from annotui.storage.versioned import KEYS
from stored_files import bytes_and_mtime, query, session_on, take_in, write_review

OpenAs = Callable[..., Workspace]

LONG = "Another article, which is longer.\n\n" + "It has words upon words, and more. " * 900


@pytest.fixture(scope="module")
def worked_on(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all kinds of changes in two articles, one of many pages."""
    path = tmp_path_factory.mktemp("sound") / "sound.db"
    amy, bob = Workspace(path, "amy"), Workspace(path, "bob")
    short, long = session_on(amy), session_on(amy, LONG)
    for start in range(0, 160, 4):
        short.annotate([Span(start, start + 7)], "claim", note=f"note {start}")
        long.annotate([Span(start, start + 9), Span(start + 20, start + 25)], "denial")
    marks = short.annotations()
    short.relabel(marks[0], "denial")
    short.remove(marks[1])
    history.undo(amy)
    write_review(bob, marks[2], "accepted")
    upkeep.rename_annotator(amy, "amy", "Amy Winter")
    amy.close()
    bob.close()
    return path


@pytest.fixture
def damaged(worked_on: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "damaged.db"
    shutil.copy(worked_on, copy)
    return copy


@pytest.fixture(params=["program", "pages"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With the sqlite3 program, where it is installed, and without."""
    if request.param == "pages":
        monkeypatch.setattr(salvage_module, "PROGRAM", "no-such-program")
    elif shutil.which("sqlite3") is None:
        pytest.skip("the sqlite3 program is not installed")
    return str(request.param)


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """What a person has in the file."""
    return {
        name: query(path, f"SELECT * FROM {name} ORDER BY 1")
        for name in ("annotations", "document", "review", "annotation", "label")
    }


def recovered(damaged: Path) -> tuple[Path, recovery.Recovery]:
    """The new file, which is sound, made without touching the old one."""
    before = bytes_and_mtime(damaged)
    target = damaged.with_name("new.db")
    report = recovery.recover(damaged, target, "rescuer")
    assert bytes_and_mtime(damaged) == before
    with closing(sqlite3.connect(target)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    workspace = Workspace(target, "Amy Winter")
    assert upkeep.verify(workspace).problems == ()
    workspace.close()
    return target, report


def test_a_sound_file_comes_back_whole(damaged: Path, way: str) -> None:
    target, report = recovered(damaged)
    assert content(target) == content(damaged)
    assert query(target, "SELECT * FROM history WHERE item <> 'annotator'") == query(
        damaged, "SELECT * FROM history WHERE item <> 'annotator'"
    )
    losses = report.losses
    assert (losses.documents, losses.marks, losses.changes, losses.histories) == ({}, [], 0, 0)
    assert report.unreadable == 0
    assert query(target, "SELECT kind, annotator FROM change ORDER BY seq DESC LIMIT 1") == [
        ("recover", "rescuer")
    ]


def test_undo_goes_on_in_the_new_file(damaged: Path) -> None:
    target, _ = recovered(damaged)
    workspace = Workspace(target, "amy")
    assert history.undo(workspace).change.summary.startswith("rename")
    assert history.undo(workspace).change.summary.startswith("relabel")
    assert upkeep.verify(workspace).problems == ()
    workspace.close()


@pytest.mark.parametrize("size", [16, 100])
def test_a_header_that_is_gone_costs_nothing(damaged: Path, way: str, size: int) -> None:
    wanted = content(damaged)
    with damaged.open("r+b") as file:
        file.write(b"\xa5" * size)
    target, report = recovered(damaged)
    assert content(target) == wanted
    assert not report.losses.documents


def test_a_first_page_that_is_gone_costs_nothing(damaged: Path, way: str) -> None:
    wanted = content(damaged)
    with damaged.open("r+b") as file:
        file.write(b"\0" * 4096)
    target, _ = recovered(damaged)
    assert content(target) == wanted


def test_rows_that_are_gone_are_made_anew_from_their_history(damaged: Path, way: str) -> None:
    """And histories that are gone begin with the recovery."""
    wanted = content(damaged)
    for table in ("annotation", "history"):
        shutil.copy(damaged, damaged.with_name(f"no {table}.db"))
        other = damaged.with_name(f"no {table}.db")
        wiped = pages_of(other, table)
        assert len(wiped) > 2
        for number in wiped:
            wipe(other, number)
        target, report = recovered(other)
        assert content(target)["annotations"] == wanted["annotations"]
        decided = [row[:-1] for row in wanted["review"]]
        assert [row[:-1] for row in content(target)["review"]] == decided
        assert bool(report.losses.histories) is (table == "history")
        target.unlink()


def pages_of(path: Path, table: str) -> list[int]:
    """The pages, from 1, on which the rows of a table lie."""
    found = []
    whole = path.read_bytes()
    for number in range(1, len(whole) // 4096):
        page = Pages(whole[:4096] + whole[number * 4096 : (number + 1) * 4096])
        rows = [one.values for one in page.records() if one.rowid is None and len(one.values) > 4]
        if rows and all(
            len(values) == 18 if table == "annotation" else values[1] in KEYS for values in rows
        ):
            found.append(number + 1)
    return found


def wipe(path: Path, number: int) -> None:
    with path.open("r+b") as file:
        file.seek((number - 1) * 4096)
        file.write(b"\0" * 4096)


def test_marks_of_a_lost_text_can_be_imported_when_it_is_back(damaged: Path, way: str) -> None:
    whole = damaged.read_bytes()
    place = whole.rindex(b"words upon words, and more. It has")
    damaged.write_bytes(whole[:place] + b"W" + whole[place + 1 :])
    before = query(damaged, "SELECT label, quote, note FROM annotations ORDER BY document, start")
    target, report = recovered(damaged)
    assert list(report.losses.documents.values()) == ["Another article, which is longer."]
    assert len(report.losses.marks) == 40
    assert report.left_out == target.with_name("new.db.left-out.csv")
    assert query(target, "SELECT count(*) FROM annotations") == [(40,)]
    workspace = Workspace(target, "rescuer")
    take_in(workspace, LONG)
    (outcome,) = Import(workspace, How()).run([report.left_out], lambda _: None)
    assert outcome.is_whole
    assert upkeep.verify(workspace).problems == ()
    workspace.close()
    assert (
        query(target, "SELECT label, quote, note FROM annotations ORDER BY document, start")
        == before
    )


@pytest.mark.parametrize("kept", [0.9, 0.6, 0.3])
def test_a_truncated_file_gives_what_is_there(damaged: Path, way: str, kept: float) -> None:
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[: int(len(whole) * kept)])
    target, report = recovered(damaged)
    stored = query(target, "SELECT count(*) FROM annotation")[0][0]
    assert stored + len(report.losses.marks) > 0
    assert report.losses.documents or report.losses.changes or report.losses.histories


@settings(max_examples=15)
@given(data=st.data())
def test_bit_flips_never_make_an_unsound_file_or_a_traceback(
    data: st.DataObject, worked_on: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("flips")
    path = folder / "damaged.db"
    whole = bytearray(worked_on.read_bytes())
    rng = random.Random(data.draw(st.integers(0, 10**9)))
    for _ in range(data.draw(st.sampled_from([1, 5, 40, 400]))):
        whole[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
    path.write_bytes(whole)
    target, report = recovered(path)
    have = query(target, "SELECT count(*) FROM annotation WHERE removed = 0")[0][0]
    assert have + len(report.losses.marks) + report.losses.rows["annotation"] > 0
    shutil.rmtree(folder)


def test_a_write_that_was_cut_off_is_taken_back(damaged: Path, worked_on: Path) -> None:
    """The journal belongs to the file; without it half a change would be there."""
    journal = damaged.with_name(damaged.name + "-journal")
    connection = sqlite3.connect(damaged, isolation_level=None)
    connection.execute("PRAGMA cache_size = 1")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("CREATE TABLE filling (a)")
    connection.executemany("INSERT INTO filling VALUES (?)", [("x" * 3000,)] * 200)
    cut_off = damaged.with_name("cut-off.db")
    shutil.copy(damaged, cut_off)
    shutil.copy(journal, cut_off.with_name("cut-off.db-journal"))
    connection.execute("ROLLBACK")
    connection.close()
    assert cut_off.stat().st_size > damaged.stat().st_size
    target, report = recovered(cut_off)
    assert content(target) == content(worked_on)
    assert not report.losses.changes


def test_nothing_is_overwritten(damaged: Path, tmp_path: Path) -> None:
    before = bytes_and_mtime(damaged)
    (tmp_path / "there.db").write_text("mine")
    (tmp_path / "near.db.left-out.csv").write_text("mine")
    for name in ("there.db", "near.db", "damaged.db", "damaged.db-journal", "nowhere/x.db"):
        with pytest.raises(ExportError):
            recovery.recover(damaged, tmp_path / name, "rescuer")
    assert bytes_and_mtime(damaged) == before
    assert {path.name for path in tmp_path.iterdir()} == {
        *("damaged.db", "there.db", "near.db.left-out.csv"),
    }


@pytest.mark.parametrize("bytes_there", [b"", b"not a database " * 2000, b"\0" * 50_000])
def test_a_file_of_something_else_gives_no_new_file(tmp_path: Path, bytes_there: bytes) -> None:
    (tmp_path / "other").write_bytes(bytes_there)
    with pytest.raises(StoreError, match="Nothing was written"):
        recovery.recover(tmp_path / "other", tmp_path / "new.db", "rescuer")
    for nothing in (tmp_path, tmp_path / "missing"):
        with pytest.raises(StoreError, match="There is no file"):
            recovery.recover(nothing, tmp_path / "new.db", "rescuer")
    assert [path.name for path in tmp_path.iterdir()] == ["other"]


def test_nobody_reads_the_new_file_who_may_not_read_the_old_one(damaged: Path) -> None:
    damaged.chmod(0o600)
    target, _ = recovered(damaged)
    assert target.stat().st_mode & 0o077 == 0


@pytest.fixture
def short_of_labels(damaged: Path) -> Iterator[Path]:
    whole = damaged.read_bytes()
    yield damaged
    assert damaged.read_bytes() != whole


def test_labels_that_are_gone_from_row_and_history_keep_their_marks(
    short_of_labels: Path,
) -> None:
    whole = short_of_labels.read_bytes()
    for word in (b"denialspan", b'"label","denial"', b"labeldenial{"):
        whole = whole.replace(word, b"\0" * len(word))
    short_of_labels.write_bytes(whole)
    wanted = 41
    target, _ = recovered(short_of_labels)
    assert query(target, "SELECT count(*) FROM annotations WHERE label = 'denial'") == [(wanted,)]


@pytest.mark.parametrize("table", KEYS)
def test_every_versioned_table_comes_back(table: str, tmp_path: Path) -> None:
    path = tmp_path / "damaged.db"
    workspace = Workspace(path, "bob")
    session = session_on(workspace, OTHER_TEXT)
    session.annotate([Span(0, 5)], "claim")
    MAKERS[table](session)
    workspace.close()
    sound = tmp_path / "sound.db"
    shutil.copy(path, sound)
    with path.open("r+b") as file:
        file.write(b"\xa5" * 100)
    target, report = recovered(path)
    assert report.losses.histories == report.losses.changes == 0
    if table != "annotator":  # who recovers is one more
        sql = f"SELECT * FROM {table} ORDER BY 1"
        assert query(target, sql) == query(sound, sql) != []
