"""A long day in one process: marks, articles opened and closed, undos, all through the reader."""

from __future__ import annotations

import asyncio
import gc
import os
import statistics
import time
from pathlib import Path

from proof import Finding, Wanted, problems
from reader_desk import Desk, build, reader

from annotui.domain.span import Span

MARKS, DOCUMENTS, UNDOS = 100_000, 200, 10_000
MOST_GROWN_MB = 20.0
KEYS_MEASURED = 200
WARM_UP = 0.2
"""The part of the work after which memory is first looked at."""

PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1e6


def prove(wanted: Wanted) -> list[Finding]:
    """The whole day, or a part of it."""
    return asyncio.run(day(wanted, wanted.folder / "long.db"))


async def day(wanted: Wanted, path: Path) -> list[Finding]:
    marks, undos = wanted.count(MARKS, 400), wanted.count(UNDOS, 40)
    documents = max(5, min(DOCUMENTS, round(DOCUMENTS * wanted.share * 5)))
    words = " ".join(f"word{number}," for number in range(600))
    build(path, [f"Article {number}\n\n{words}\n" for number in range(documents)])
    each = max(1, marks // documents)
    undone = 0
    async with reader(path, size=(120, 40)) as desk:
        first_ms = await key_ms(desk)
        warm_mb = memory_mb()
        for number in range(documents):
            await mark_many(desk, each)
            for _ in range(undos // documents):
                await desk.press("u")
                undone += 1
            await desk.press("J")
            if number == int(documents * WARM_UP):
                warm_mb = memory_mb()
        grown_mb = memory_mb() - warm_mb
        last_ms = await key_ms(desk)
        stored = len(desk.stored)
    found = problems(path)
    is_as_fast = last_ms < max(first_ms * 1.5, first_ms + 3)
    return [
        Finding(
            f"{each * documents:,} marks, {documents} articles opened and closed, {undone:,} undos "
            "in one process",
            f"memory flat within {MOST_GROWN_MB:.0f} MB after warm-up, a key as fast as at first",
            f"{grown_mb:+.1f} MB; a key {first_ms:.1f} ms at first, {last_ms:.1f} ms at the end; "
            f"{stored:,} marks stored" + "".join(f"; {one}" for one in found[:2]),
            grown_mb < MOST_GROWN_MB
            and is_as_fast
            and not found
            and stored == each * documents - undone,
        )
    ]


async def mark_many(desk: Desk, count: int) -> None:
    """Store and paint marks as their key does, one after the other."""
    screen = desk.screen
    session = screen.session
    assert session is not None
    length = len(session.document.text)
    for number in range(count):
        start = 12 + (number * 37) % (length - 60)
        runs = [Span(start, start + 5 + number % 40)]
        await screen.record(lambda _, runs=runs: session.annotate(runs, "claim"), "a mark")
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
    """What the process has in memory."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_MB
