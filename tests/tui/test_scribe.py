"""The scribe: jobs in order in one thread, locks waited for, nothing lost without a word."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from reader_desk import build, eventually

from annotui.errors import BusyError, StoreError
from annotui.services.workspace import Workspace
from annotui.tui import scribe as scribe_module
from annotui.tui.scribe import Scribe


@pytest.fixture
def db_path(tmp_path: Path) -> Path:
    build(tmp_path / "a.db")
    return tmp_path / "a.db"


def touch(workspace: Workspace) -> str:
    """A write that changes nothing but needs the lock."""
    with workspace.writing():
        return threading.current_thread().name


async def test_jobs_run_in_order_in_one_thread(db_path: Path) -> None:
    scribe, done = Scribe(db_path, "ann"), []
    jobs = [scribe.run(lambda _, n=n: done.append((n, threading.get_ident()))) for n in range(20)]
    await asyncio.gather(*jobs)
    assert [number for number, _ in done] == list(range(20))
    assert len({thread for _, thread in done}) == 1
    assert done[0][1] != threading.get_ident()
    scribe.drain()


async def test_what_a_job_raises_is_raised(db_path: Path) -> None:
    scribe = Scribe(db_path, "ann")

    def bug(_: Workspace) -> None:
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        await scribe.write(bug)
    with pytest.raises(KeyError):
        await scribe.run(bug)
    assert (await scribe.write(touch)).startswith("scribe")
    scribe.drain()


async def test_a_write_waits_for_the_lock_and_a_look_only_so_long(db_path: Path) -> None:
    scribe = Scribe(db_path, "ann")
    await scribe.run(lambda workspace: workspace.scheme())
    with closing(sqlite3.connect(db_path, isolation_level=None)) as rival:
        rival.execute("BEGIN EXCLUSIVE")
        with pytest.raises(BusyError):
            await scribe.run(lambda workspace: workspace.scheme(), patience_s=0)
        waiting = asyncio.ensure_future(scribe.write(touch))
        await eventually(lambda: scribe.is_waiting, "the lock")
        rival.execute("ROLLBACK")
        await waiting
        assert not scribe.is_waiting
    scribe.drain()


async def test_giving_up_is_for_the_change_at_hand_only(db_path: Path) -> None:
    scribe = Scribe(db_path, "ann")
    with closing(sqlite3.connect(db_path, isolation_level=None)) as rival:
        rival.execute("BEGIN IMMEDIATE")
        waiting = asyncio.ensure_future(scribe.write(touch))
        await eventually(lambda: scribe.is_waiting, "the lock")
        scribe.give_up()
        with pytest.raises(StoreError, match="given up"):
            await waiting
        rival.execute("ROLLBACK")
    await scribe.write(touch)
    scribe.drain()


async def test_a_change_that_has_not_begun_can_be_given_up(db_path: Path) -> None:
    scribe, go_on = Scribe(db_path, "ann"), threading.Event()
    slow = asyncio.ensure_future(scribe.run(lambda _: go_on.wait(10)))
    await asyncio.sleep(0)
    waiting = asyncio.ensure_future(scribe.write(touch))
    await asyncio.sleep(0)
    scribe.give_up()
    go_on.set()
    await slow
    with pytest.raises(StoreError, match="given up"):
        await waiting
    scribe.drain()


async def test_draining_does_what_nobody_waits_for_any_more(db_path: Path) -> None:
    scribe, done = Scribe(db_path, "ann"), []
    go_on = threading.Event()
    tasks = [
        asyncio.ensure_future(scribe.run(lambda _: go_on.wait(10))),
        asyncio.ensure_future(scribe.write(lambda workspace: done.append(touch(workspace)))),
    ]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    go_on.set()
    assert scribe.drain() is None
    assert len(done) == 1


async def test_draining_gives_up_in_the_end_and_says_so(
    db_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scribe_module, "DRAIN_PATIENCE_S", 0.1)
    scribe = Scribe(db_path, "ann")
    with closing(sqlite3.connect(db_path, isolation_level=None)) as rival:
        rival.execute("BEGIN IMMEDIATE")
        waiting = asyncio.ensure_future(scribe.write(touch))
        await eventually(lambda: scribe.is_waiting, "the lock")
        waiting.cancel()
        assert isinstance(scribe.drain(), StoreError)
    assert scribe.drain() is None


async def test_a_file_that_is_not_there_is_not_made_by_looking(tmp_path: Path) -> None:
    scribe = Scribe(tmp_path / "none.db", "ann")
    scheme = await scribe.run(lambda workspace: workspace.scheme())
    assert len(scheme) == 4
    scribe.drain()
    assert not (tmp_path / "none.db").exists()
