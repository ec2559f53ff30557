"""A long day in one process: marks, articles opened and closed, undos, all through the reader.

Each mark is waited for until it is stored and painted, and asked for again where it was refused.
Every twentieth is made by its keys. The next article is opened with ``J``, every fifth one from
the library.
"""

from __future__ import annotations

import asyncio
import gc
import os
import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from proof import PATIENCE_S, Finding, Wanted, problems
from reader_desk import Desk, build, reader

from annotui.domain.span import Span
from annotui.tui.screens.library import LibraryScreen

MARKS, DOCUMENTS, UNDOS = 100_000, 200, 10_000
MOST_GROWN_MB = 20.0
KEYS_MEASURED = 200
MARKS_BY_KEYS = 20
"""One mark of so many is made by its keys."""

FROM_LIBRARY = 5
"""One article of so many is opened from the library."""

WARM_UP = 0.2
"""The part of the articles after which memory is first looked at; then after every article."""

PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1e6


def prove(wanted: Wanted) -> list[Finding]:
    """The whole day, or a part of it."""
    os.environ["XDG_STATE_HOME"] = str(wanted.folder / "state")
    return [asyncio.run(Day(wanted).work())]


class Day:
    """What is asked for, and what was seen of it."""

    def __init__(self, wanted: Wanted) -> None:
        self.path = wanted.folder / "long.db"
        self.documents = max(5, min(DOCUMENTS, round(DOCUMENTS * wanted.share * 5)))
        self.each = max(MARKS_BY_KEYS, wanted.count(MARKS) // self.documents)
        self.undos = max(1, wanted.count(UNDOS) // self.documents)
        self.painted = self.opened = 0
        self.memory_mb: list[float] = []
        self.key_ms: list[float] = []
        self.mark_ms: list[float] = []
        """Median times in the first and in the last article: of a motion, of a label's key."""

    async def work(self) -> Finding:
        """Go through all articles; the answer is the line of the table."""
        words = " ".join(f"word{number}," for number in range(600))
        texts = [f"Article {number}\n\n{words}\n" for number in range(self.documents + 1)]
        ids = build(self.path, texts)
        async with reader(self.path, size=(120, 40)) as desk:
            for number in range(self.documents):
                is_measured = number in (0, self.documents - 1)
                if is_measured:
                    self.key_ms.append(await key_ms(desk))
                label_ms = await mark_many(desk, self.each)
                if is_measured:
                    self.mark_ms.append(label_ms)
                await undo_many(desk, self.each, self.undos)
                self.painted += len(desk.view._index)
                await go_on(desk, ids[number + 1], from_library=number % FROM_LIBRARY == 2)
                self.opened += 1
                if number >= int(self.documents * WARM_UP):
                    self.memory_mb.append(memory_mb())
            stored = len(desk.stored)
        return self.finding(stored, problems(self.path))

    def finding(self, stored: int, found: tuple[str, ...]) -> Finding:
        """What came of it."""
        asked, undone = self.each * self.documents, self.undos * self.documents
        warm_mb = self.memory_mb[0]
        grown_mb = max(self.memory_mb) - warm_mb
        held = grown_mb < MOST_GROWN_MB and stored == self.painted == asked - undone and not found
        held = held and is_as_fast(self.key_ms) and is_as_fast(self.mark_ms)
        return Finding(
            f"{asked:,} marks, {self.opened} articles opened and closed, {undone:,} undos in one "
            "process",
            f"memory flat within {MOST_GROWN_MB:.0f} MB after warm-up (the first fifth of the "
            "articles), a key as fast as at first, every mark stored",
            f"{grown_mb:+.1f} MB at most, {self.memory_mb[-1] - warm_mb:+.1f} at the end (of "
            f"{warm_mb:.0f}); a key {from_to(self.key_ms)}, a mark from its key to its paint "
            f"{from_to(self.mark_ms)}; {stored:,} marks stored, {self.painted:,} painted"
            + "".join(f"; {one}" for one in found[:2]),
            held,
        )


def is_as_fast(times_ms: list[float]) -> bool:
    """Whether the last time is the first one again, within what a machine moves by."""
    first, last = times_ms[0], times_ms[-1]
    return last < max(first * 1.5, first + 3)


def from_to(times_ms: list[float]) -> str:
    """The first time and the last one, in words."""
    return f"{times_ms[0]:.1f} ms at first, {times_ms[-1]:.1f} ms at the end"


async def until(condition: Callable[[], object], what: str) -> None:
    """Wait for it, as long as a slow disk may take."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"waited too long for {what}"
        await asyncio.sleep(0.002)


async def until_painted(desk: Desk, count: int, ask: Callable[[], Awaitable[float]]) -> float:
    """Ask for a change until it is stored and ``count`` marks are painted; what ``ask`` gave."""
    screen = desk.screen
    deadline = time.monotonic() + PATIENCE_S
    while True:
        answer = await ask()
        await until(lambda: not screen._is_writing, "a change to be stored")
        if len(desk.view._index) == count:
            return answer
        assert time.monotonic() < deadline, f"{len(desk.view._index)} painted, not {count}"


async def mark_many(desk: Desk, count: int) -> float:
    """Make marks one after the other; the median time of those made by keys, in ms."""
    screen, view = desk.screen, desk.view
    session = screen.session
    assert session is not None
    length = len(session.document.text)
    taken: list[float] = []
    view.move_caret(0, selection=None, focused_id="")

    async def by_keys() -> float:
        await desk.press("escape", "w", "v", "e")
        began = time.perf_counter()
        await desk.press("d")
        return (time.perf_counter() - began) * 1000

    for number in range(count):
        start = 12 + (number * 37) % (length - 60)
        runs = [Span(start, start + 5 + number % 40)]

        async def at_once(runs: list[Span] = runs) -> float:
            await screen.record(lambda _: session.annotate(runs, "claim"), "a mark")
            return 0.0

        if number % MARKS_BY_KEYS:
            await until_painted(desk, number + 1, at_once)
        else:
            taken.append(await until_painted(desk, number + 1, by_keys))
    await desk.idle()
    return statistics.median(taken)


async def undo_many(desk: Desk, marks: int, count: int) -> None:
    """Take back the newest ones."""

    async def undo() -> float:
        await desk.press("u")
        return 0.0

    for number in range(count):
        await until_painted(desk, marks - number - 1, undo)


async def go_on(desk: Desk, wanted_id: str, *, from_library: bool) -> None:
    """Close the article and open the one after it, as a user does."""
    if not from_library:
        await desk.press("J")
    else:
        await desk.press("ctrl+o")
        library = await desk.shows(LibraryScreen)
        await library.is_there()
        await desk.press("j", "enter")
    await until(lambda: desk.screen.session.document.document_id == wanted_id, "the next article")
    await until(lambda: desk.app.screen is desk.screen, "the reader")
    await desk.idle()


async def key_ms(desk: Desk) -> float:
    """The median time from a key to its being handled and painted."""
    taken: list[float] = []
    for number in range(KEYS_MEASURED):
        began = time.perf_counter()
        await desk.press("lh"[number % 2])
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def memory_mb() -> float:
    """What the process has in memory, garbage taken away."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_MB
