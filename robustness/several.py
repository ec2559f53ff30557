"""Many at one file: processes, readers, one note, and a rival that holds the lock."""

from __future__ import annotations

import asyncio
import multiprocessing
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TypeVar

from faults import hold_lock
from kills import painted
from proof import PATIENCE_S, Finding, Wanted, problems, rows, run
from pty_reader import Terminal
from reader_desk import key_event, reader

from annotui.domain.span import Span
from annotui.errors import BusyError, StaleError
from annotui.services.workspace import Workspace
from annotui.tui.scribe import RETRY_PAUSE_S, Scribe
from stored_files import session_on

PROCESSES, READERS, CHANGES = 8, 2, 1000
EDITORS, EDITS = 4, 300
HELD_S = 60.0
LONGEST_BLOCK_MS = 50.0
TEXT = "Several text\n\n" + " ".join(f"word{number}," for number in range(3000)) + "\n"
T = TypeVar("T")
spawn = multiprocessing.get_context("fork")


def prove(wanted: Wanted) -> list[Finding]:
    """All three."""
    return [
        eight_at_once(wanted),
        one_note(wanted),
        asyncio.run(held_lock(wanted.folder / "held.db", HELD_S * min(1.0, wanted.share * 5))),
    ]


def together(work: Callable[[int], int], count: int) -> list[int]:
    """Exit codes of processes that do ``work`` at once."""
    processes = [spawn.Process(target=lambda n=n: exit(work(n))) for n in range(count)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return [process.exitcode or 0 for process in processes]


def eight_at_once(wanted: Wanted) -> Finding:
    """Some of them are readers in a terminal; the others write through the reader's scribe."""
    home = wanted.folder / "eight"
    home.mkdir()
    (home / "article.txt").write_text(TEXT)
    run("add", "article.txt", home=home)
    for number in range(READERS):  # a name that the file knows is not asked about
        mark = ("annotate", "article.txt", "denial", "--start", "0", "--end", "7")
        run(*mark, "--annotator", f"reader {number}", home=home)
    db = home / "annotations.db"
    changes = wanted.count(CHANGES, 10)

    def write(number: int) -> int:
        scribe = Scribe(db, f"annotator {number}")

        async def all_of_them() -> None:
            session = await scribe.run(
                lambda workspace: session_on(workspace, TEXT), patience_s=PATIENCE_S
            )
            for start in range(changes):
                span = Span(20 + start, 40 + start + number)
                await scribe.write(lambda _, span=span: session.annotate([span], "claim"))

        asyncio.run(all_of_them())
        return 0 if scribe.drain() is None else 1

    said: list[str] = []
    readers = [threading.Thread(target=read, args=(home, n, changes, said)) for n in range(READERS)]
    for thread in readers:
        thread.start()
    codes = together(write, PROCESSES - READERS)
    for thread in readers:
        thread.join()
    stored = dict(rows(db, "SELECT annotator, count(*) FROM annotations GROUP BY 1"))
    in_order = rows(db, "SELECT id FROM change ORDER BY seq") == rows(
        db, "SELECT id FROM change ORDER BY id"
    )
    total = sum(stored.values())
    found = problems(db)
    held = not any(codes) and not said and in_order and not found
    held = held and set(stored.values()) == {changes} and len(stored) == PROCESSES
    return Finding(
        f"{PROCESSES} at once, {READERS} of them readers in terminals, {changes:,} marks each",
        "all stored, no lock shown, the log in order, `annotui verify` clean",
        f"{total:,} of {PROCESSES * changes:,} stored"
        + "".join(f"; {one}" for one in [*said, *found][:3])
        + ("" if in_order else "; the log is out of order")
        + (f"; exit codes {codes}" if any(codes) else ""),
        held,
    )


def read(home: Path, number: int, changes: int, said: list[str]) -> None:
    """Mark word after word in a real reader, as fast as each mark is painted."""
    terminal = Terminal(["--annotator", f"reader {number}", "article.txt"], home)
    try:
        terminal.until_shown("mark")
        for done in range(1, changes):
            terminal.press("vecww")
            wait_for_own(terminal, home, number, done + 1)
            if "locked" in terminal.shown:
                said.append(f"reader {number} showed a lock")
        terminal.press("q")
        terminal.wait()
    except AssertionError as error:
        said.append(f"reader {number}: {str(error)[:200]}")
    finally:
        terminal.close()


def wait_for_own(terminal: Terminal, home: Path, number: int, count: int) -> None:
    """Until so many marks of one's own are stored."""

    def stored() -> bool:
        sql = "SELECT count(*) FROM annotations WHERE annotator = ?"
        return int(rows(home / "annotations.db", sql, f"reader {number}")[0][0]) >= count

    terminal.until(stored, f"mark {count} (painted: {painted(terminal)})")


def patiently(job: Callable[[], T]) -> T:
    """Try again while others hold the lock, as the reader does."""
    while True:
        try:
            return job()
        except BusyError:
            time.sleep(RETRY_PAUSE_S)


def one_note(wanted: Wanted) -> Finding:
    """Each change of a note is kept, or its writer is told and shown the other's."""
    path = wanted.folder / "note.db"
    workspace = Workspace(path, "amy")
    mark = session_on(workspace).annotate([Span(0, 8)], "claim").after[0]
    workspace.close()
    edits = wanted.count(EDITS, 10)
    queue = spawn.Queue()

    def edit(number: int) -> int:
        mine = Workspace(path, "amy")
        patiently(mine.store).wait_for_lock(60)
        session = patiently(lambda: session_on(mine))
        kept = refused = 0
        seen = session.annotations()[0]
        for turn in range(edits):
            while True:
                try:
                    edit_it = partial(session.set_note, seen, f"{number}-{turn}")
                    seen = patiently(edit_it).after[0]
                    kept += 1
                    break
                except StaleError as error:
                    refused += "Nothing was overwritten" in str(error)
                    seen = patiently(session.annotations)[0]
        mine.close()
        queue.put((kept, refused))
        return 0

    codes = together(edit, EDITORS)
    told = [queue.get(timeout=10) for code in codes if not code]
    kept, refused = (sum(one[at] for one in told) for at in (0, 1))
    version = rows(path, "SELECT version FROM annotation WHERE id = ?", mark.annotation_id)[0][0]
    states = rows(path, "SELECT count(*) FROM history WHERE item_id = ?", mark.annotation_id)[0][0]
    found = problems(path)
    return Finding(
        f"{EDITORS} × {edits} edits of one note",
        "each kept, or refused aloud and tried again; nothing overwritten unseen",
        f"{kept:,} kept, {refused:,} times refused, {version - 1:,} versions in the history"
        + "".join(f"; {one}" for one in found[:2]),
        kept == EDITORS * edits == version - 1 == states - 1 and not any(codes) and not found,
    )


async def held_lock(path: Path, seconds: float) -> Finding:
    """A rival holds the lock while keys are pressed; the event loop is watched all the time."""
    workspace = Workspace(path, "ann")
    session_on(workspace, TEXT)
    workspace.close()
    async with reader(path) as desk:
        await desk.press("w", "v", "e", "c")
        free_ms = await slowest(desk, min(seconds, 10.0))
        back = hold_lock(path)
        await desk.press("escape", "w", "v", "e")
        desk.app.post_message(key_event("c"))
        blocked_ms = await slowest(desk, seconds)
        is_saving = "saving" in desk.said
        painted_while = len(desk.painted)
        back()
        for _ in range(400):
            await asyncio.sleep(0.02)
            if len(desk.painted) == 2:
                break
        stored = len(desk.stored)
    with closing(sqlite3.connect(path)) as db:
        db.execute("SELECT 1 FROM annotation").fetchall()
    held = blocked_ms < max(LONGEST_BLOCK_MS, free_ms * 1.5) and painted_while == 1 and stored == 2
    return Finding(
        f"a rival holds the lock for {seconds:.0f} s while the caret is moved",
        f"the screen is never blocked for more than {LONGEST_BLOCK_MS:.0f} ms (on a busy machine: "
        "half as long again as without a rival); what was asked for is stored in the end",
        f"{blocked_ms:.0f} ms at most ({free_ms:.0f} ms without a rival), "
        f"“saving…” shown: {'yes' if is_saving else 'no'}, stored afterwards: "
        f"{'yes' if stored == 2 else 'no'}",
        held and is_saving,
    )


async def slowest(desk: object, seconds: float) -> float:
    """Move the caret for so long; the longest time, in ms, that the event loop was kept from us."""
    worst = 0.0
    until = time.monotonic() + seconds
    turn = 0
    while time.monotonic() < until:
        desk.app.post_message(key_event("lljh"[turn % 4]))  # type: ignore[attr-defined]
        turn += 1
        for _ in range(4):
            began = time.monotonic()
            await asyncio.sleep(0.005)
            worst = max(worst, (time.monotonic() - began - 0.005) * 1000)
    return worst
