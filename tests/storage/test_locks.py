"""Several people at one file: nothing is lost, nothing is overwritten, nobody waits for ever."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from annotui.domain.annotation import Annotation
from annotui.domain.change import ChangeKind
from annotui.domain.identifier import uuid7
from annotui.domain.span import Span
from annotui.errors import AnnotationError, BusyError, StaleError
from annotui.services import article_reading, history, library, upkeep
from annotui.services.session import Session
from annotui.services.workspace import Workspace
from annotui.storage import annotations as stored_annotations
from stored_files import TEXT, dump, plain, query, session_on, write_review

OpenAs = Callable[..., Workspace]
spawn = multiprocessing.get_context("fork")


def in_processes(work: Callable[[int], None], count: int) -> list[int | None]:
    """Exit codes of ``count`` processes that began at the same moment."""
    barrier = spawn.Barrier(count)

    def wait_and_work(number: int) -> None:
        barrier.wait()
        work(number)

    processes = [spawn.Process(target=wait_and_work, args=(n,)) for n in range(count)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)
    return [process.exitcode for process in processes]


def test_first_starts_at_once_all_succeed(tmp_path: Path) -> None:
    for attempt in range(6):
        path = tmp_path / f"{attempt}.db"

        def start(number: int, path: Path = path) -> None:
            workspace = Workspace(path, f"annotator {number}")
            session_on(workspace).annotate([Span(number, number + 5)], "claim")
            workspace.close()

        assert in_processes(start, 4) == [0, 0, 0, 0]
        assert query(path, "SELECT count(*) FROM annotations") == [(4,)]
        assert query(path, "SELECT count(*) FROM document") == [(1,)]
        workspace = Workspace(path, "amy")
        assert upkeep.verify(workspace).problems == ()
        workspace.close()


def test_processes_that_write_at_once_are_all_stored(open_as: OpenAs, database: Path) -> None:
    workspace = open_as("amy")
    session_on(workspace)
    workspace.close()

    def write(number: int) -> None:
        mine = Workspace(database, f"annotator {number}")
        mine.store().wait_for_lock(25)
        session = session_on(mine)
        for start in range(15):
            outcome = session.annotate([Span(start, start + 7)], "claim")
            session.relabel(outcome.after[0], "denial")
        history.undo(mine)
        mine.close()

    assert in_processes(write, 4) == [0, 0, 0, 0]
    assert query(database, "SELECT count(*) FROM annotation") == [(60,)]
    assert query(database, "SELECT label, count(*) FROM annotation GROUP BY 1") == [
        ("claim", 4),
        ("denial", 56),
    ]
    assert upkeep.verify(workspace).problems == ()


@pytest.mark.parametrize("edit", ["relabel", "note", "move", "remove", "undo"])
def test_a_stale_write_is_refused(edit: str, open_as: OpenAs, database: Path) -> None:
    first, second = session_on(open_as("amy")), session_on(open_as("amy"))
    mark = first.annotate([Span(0, 8)], "claim").after[0]
    assert second.annotations() == [mark]
    edits: dict[str, Callable[[Session], object]] = {
        "relabel": lambda session: session.relabel(mark, "denial"),
        "note": lambda session: session.set_note(mark, "a note"),
        "move": lambda session: session.move(mark, [Span(1, 5)]),
        "remove": lambda session: session.remove(mark),
        "undo": lambda session: history.undo(session.workspace),
    }
    edits[edit](first)
    before = dump(database)
    for name, stale in edits.items():
        if name != "undo":
            with pytest.raises(StaleError, match="Nothing was overwritten"):
                stale(second)
    assert dump(database) == before


def test_a_held_lock_is_reported_within_the_timeout_and_nothing_changes(
    open_as: OpenAs, database: Path
) -> None:
    workspace = open_as("amy")
    session = session_on(workspace)
    mark = session.annotate([Span(0, 8)], "claim").after[0]
    before = dump(database)
    workspace.store().wait_for_lock(0.2)
    other = plain(database)
    other.execute("BEGIN IMMEDIATE")
    for write in (
        lambda: session.annotate([Span(1, 5)], "claim"),
        lambda: session.remove(mark),
        lambda: history.undo(workspace),
        lambda: library.add_text(workspace, article_reading.read_file(library.seed_article())),
    ):
        with pytest.raises(BusyError, match="another program holds the lock"):
            write()
    assert session.annotations() == [mark]
    other.execute("ROLLBACK")
    other.close()
    assert dump(database) == before
    assert session.annotate([Span(1, 5)], "claim").after


def test_a_reader_that_is_cut_off_by_a_commit_is_told_so(open_as: OpenAs, database: Path) -> None:
    workspace = open_as("amy")
    session = session_on(workspace)
    workspace.store().wait_for_lock(0.05)
    other = plain(database)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(BusyError):
        session.annotations()
    with pytest.raises(BusyError):
        session.news()
    with pytest.raises(BusyError):
        upkeep.verify(workspace)
    other.execute("ROLLBACK")
    other.close()
    assert session.annotations() == []


def test_an_idle_reader_holds_no_lock(open_as: OpenAs, database: Path) -> None:
    session = session_on(open_as("amy"))
    session.annotations()
    session.news()
    other = plain(database)
    other.execute("PRAGMA busy_timeout = 0")
    other.execute("BEGIN EXCLUSIVE")
    other.execute("COMMIT")
    other.close()


def test_news_tells_of_what_others_wrote_as_it_is_now(open_as: OpenAs) -> None:
    mine, theirs = session_on(open_as("amy")), session_on(open_as("bob"))
    assert mine.annotations() == []
    mark = theirs.annotate([Span(0, 8)], "claim").after[0]
    assert mine.news() == [mark]
    assert mine.news() == []
    mark = theirs.relabel(mark, "denial").after[0]
    mark = theirs.set_note(mark, "a note").after[0]
    assert mine.news() == [mark]
    write_review(open_as("cy"), mark, "rejected")
    (reviewed,) = mine.news()
    assert (reviewed.review_status, reviewed.reviewer) == ("rejected", "cy")
    theirs.remove(mark)
    (gone,) = mine.news()
    assert gone.removed
    assert gone.review_status == "unreviewed"
    assert mine.annotations() == []
    history.undo(theirs.workspace)
    assert [(a.label, a.removed) for a in mine.news()] == [("denial", False)]


def test_news_is_of_this_document_only(open_as: OpenAs) -> None:
    mine = session_on(open_as("amy"))
    mine.annotations()
    session_on(open_as("bob"), "Another text.").annotate([Span(0, 7)], "claim")
    assert mine.news() == []


def test_ones_own_writes_come_back_as_they_are_if_at_all(open_as: OpenAs) -> None:
    mine, theirs = session_on(open_as("amy")), session_on(open_as("bob"))
    mine.annotations()
    own = mine.annotate([Span(0, 8)], "claim").after[0]
    assert mine.news() == []
    other = theirs.annotate([Span(9, 15)], "denial").after[0]
    news = {annotation.annotation_id: annotation for annotation in mine.news()}
    assert news.pop(other.annotation_id) == other
    assert news in ({}, {own.annotation_id: own})


def test_news_tells_of_a_new_name_and_one_can_still_edit(open_as: OpenAs) -> None:
    mine = session_on(open_as("amy"))
    mark = mine.annotate([Span(0, 8)], "claim").after[0]
    mine.annotate([Span(9, 15)], "denial")
    mine.annotations()
    upkeep.rename_annotator(open_as("bob"), "amy", "Amy Winter")
    noted = mine.set_note(mark, "before the news came").after[0]
    assert [a.annotator for a in mine.news()] == ["Amy Winter", "Amy Winter"]
    assert mine.annotator == "Amy Winter"
    mine.remove(noted)
    bobs = session_on(open_as("bob"))
    mark = mine.annotate([Span(0, 8)], "claim").after[0]
    with pytest.raises(AnnotationError, match="only its own annotator"):
        bobs.remove(mark)


KILLED = """
import sys
from pathlib import Path
from stored_files import session_on
from annotui.domain.span import Span
from annotui.services.workspace import Workspace

session = session_on(Workspace(Path(sys.argv[1]), "amy"))
mark = session.annotate([Span(0, 8)], "claim").after[0]
for number in range(100000):
    mark = session.set_note(mark, str(number)).after[0]
    print(session.annotate([Span(number % 50, number % 50 + 9)], "claim").after[0].annotation_id,
          mark.note, flush=True)
"""


def test_after_kill_9_every_acknowledged_mark_is_there(open_as: OpenAs, database: Path) -> None:
    here = Path(__file__)
    paths = [str(here.parents[1]), str(here.parents[2] / "src")]
    for round_ in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(database)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )
        assert process.stdout is not None
        acknowledged = [process.stdout.readline() for _ in range(20 + 7 * round_)]
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read()
        process.wait()
        process.stdout.close()
        lines = b"".join(acknowledged) + rest[: rest.rfind(b"\n") + 1]
        ids = [line.split()[0] for line in lines.decode().splitlines()]
        notes = [int(line.split()[1]) for line in lines.decode().splitlines()]
        workspace = open_as("amy")
        assert upkeep.verify(workspace).problems == ()
        stored = {a.annotation_id for a in session_on(workspace).annotations()}
        assert set(ids) <= stored
        newest = query(database, "SELECT note FROM annotation WHERE note <> '' ORDER BY id DESC")
        assert int(newest[0][0]) >= max(notes)
        workspace.close()


def test_many_at_once_are_stored_as_one_change(open_as: OpenAs) -> None:
    workspace = open_as("amy")
    session = session_on(workspace)
    document_id = session.document.document_id
    with workspace.writing() as db:
        change = workspace.begin(db, ChangeKind.ANNOTATE, document_id=document_id, summary="many")
        now = change.changed_at
        blank = Annotation("", "", "claim", 0, 1, "", "amy", created_at=now, updated_at=now)
        wanted = [
            replace(blank, annotation_id=uuid7()).on(session.document, [Span(n, n + 5)])
            for n in range(len(TEXT) - 5)
        ]
        stored_annotations.insert_many(db, wanted, change.change_id)
    assert session.annotations() == wanted
    assert upkeep.verify(workspace).problems == ()
    assert len(history.undo(workspace).after) == len(wanted)
    assert session.annotations() == []
