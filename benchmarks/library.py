"""How quick a library of 100,000 articles is, and how long 10,000 take on their way in.

screen   ctrl+o, a caret key and a filter in a library of 100,000 articles, in a pseudo-terminal of
         120 × 40 cells: it opens within 1.3 times what it takes with one article, a key is
         answered within 1.5 times the reader's, a letter of a filter within 150 ms.
add      `annotui add` of a folder with 10,000 articles of 5 kB beside `plain_intake.py`: at most
         1.5 times as long, and as much memory as for a tenth.
search   `annotui list --search` for a rare and a very frequent word in 100,000 articles.

Run by hand; --scratch names the folder whose disk counts. Articles are made up.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from documents import LEAD, WORDS, _paragraph
from interchange import annotui, run
from terminal import Terminal

OPEN_TIMES, KEY_TIMES, FILTER_MS, ADD_TIMES, MEMORY_TIMES = 1.3, 1.5, 150.0, 1.5, 1.3
CTRL_O, ESCAPE = b"\x0f", b"\x1b"
QUIET_S = 0.25
PARTS = ("screen", "add", "search")


def text_of(number: int, length: int) -> str:
    """An article of about ``length`` code points under a headline of its own."""
    rng = random.Random(number)
    headline = " ".join(rng.choices(WORDS, k=6)).capitalize()
    blocks = [f"{headline} {number}", f"{LEAD}. {_paragraph(rng)}"]
    while sum(map(len, blocks)) < length:
        blocks.append(_paragraph(rng))
    return "\n\n".join(blocks)[:length] + "\n"


def library(path: Path, count: int, length: int) -> Path:
    """A database with so many articles, made by annotui's own code unless it is there."""
    if path.exists():
        return path
    from annotui.formats.plain_text import decode
    from annotui.services.intake import Read, store
    from annotui.services.workspace import Workspace

    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    workspace = Workspace(unfinished, "bench")
    for first in range(0, count, 1_000):
        store(
            workspace,
            [
                Read(name, decode(text_of(number, length).encode(), name), None, name)
                for number in range(first, min(count, first + 1_000))
                for name in [f"news/{number % 97:02}/article-{number}.txt"]
            ],
        )
    workspace.close()
    unfinished.rename(path)
    return path


class Desk:
    """annotui in a terminal, on one database."""

    def __init__(self, database: Path, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        environment = {
            "HOME": str(home),
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            **{name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ},
        }
        command = annotui("--db", database, "--annotator", "bench")
        self.terminal = Terminal(command, home, environment)

    def ms(self, key: bytes) -> float:
        """Milliseconds from a key to the last byte of its answer."""
        return self.terminal.press(key, QUIET_S).last_s * 1000


def opening(desk: Desk, times: int) -> float:
    """Milliseconds from ctrl+o to the painted library, the median."""
    found: list[float] = []
    for _ in range(times):
        found.append(desk.ms(CTRL_O))
        desk.ms(ESCAPE)
        desk.terminal.drain()
    return statistics.median(found[1:])


def keys(desk: Desk, times: int) -> float:
    """Milliseconds of a row down and up, the median."""
    return statistics.median(desk.ms(key) for _ in range(times) for key in (b"j", b"k"))


def screen(folder: Path, count: int, length: int, times: int) -> Iterator[tuple[str, float, float]]:
    """What was measured, the figure in ms, and the limit."""
    one, two, many = (library(folder / f"{n}-{length}.db", n, length) for n in (1, 2, count))
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    starts: dict[Path, float] = {}
    for database in (two, many):
        found: list[float] = []
        for turn in range(5):
            desk = Desk(database, home / f"first-{database.stem}-{turn}")
            found.append(desk.terminal.wait_for("articles") * 1000)
            desk.terminal.kill()
        starts[database] = statistics.median(found)
    yield "start into the library", starts[many], OPEN_TIMES * starts[two]
    desk = Desk(one, home / "one")
    desk.terminal.settle(1.0)
    with_one = opening(desk, times)
    desk.terminal.kill()
    desk = Desk(many, home / "many")
    desk.terminal.settle(1.5)
    desk.ms(ESCAPE)  # the library that an empty home begins with
    reader_key = keys(desk, times)
    yield "ctrl+o", opening(desk, times), OPEN_TIMES * with_one
    desk.ms(CTRL_O)
    yield "row down and up", keys(desk, times), KEY_TIMES * reader_key
    for name, key in (("end", b"G"), ("a screen up", b"\x1b[5~")):
        yield name, desk.ms(key), FILTER_MS
    desk.ms(b"g")
    for word in ("budget", "harbour 77", "qqq"):
        desk.ms(b"/")
        slowest = 0.0
        for letter in word:
            slowest = max(slowest, desk.ms(letter.encode()))
        yield f"filter {word!r}, slowest letter", slowest, FILTER_MS
        desk.ms(ESCAPE)
        time.sleep(0.3)
        desk.terminal.drain()
    desk.terminal.kill()


def begun(folder: Path) -> Path:
    """A database with one article, for both programs to go on with."""
    path = folder / "added.db"
    path.unlink(missing_ok=True)
    return library(path, 1, 500)


def add(folder: Path, count: int, repeat: int) -> Iterator[tuple[str, float, float]]:
    """The times of both programs in seconds, and annotui's memory in MB."""
    articles = folder / f"articles-{count}"
    few = folder / f"articles-{count // 10}"
    for place, number in ((articles, count), (few, count // 10)):
        if not place.exists():
            place.mkdir()
            for one in range(number):
                (place / f"{one:06}.txt").write_text(text_of(one, 5_000), "utf-8")
    plain_program = [sys.executable, str(Path(__file__).with_name("plain_intake.py"))]
    best = {"plain": float("inf"), "annotui": float("inf")}
    peak = small_peak = 0.0
    for _ in range(repeat):
        for name in best:
            database = begun(folder)
            command = annotui("--db", database, "--annotator", "bench", "add", articles)
            if name == "plain":
                command = [*plain_program, str(database), str(articles)]
            ran = run(command)
            best[name] = min(best[name], ran.seconds)
            peak = ran.peak_mb if name == "annotui" else peak
    small_peak = run(annotui("--db", begun(folder), "--annotator", "bench", "add", few)).peak_mb
    yield f"plain sqlite3, {count:,} articles, s", best["plain"], float("inf")
    yield f"annotui add, {count:,} articles, s", best["annotui"], ADD_TIMES * best["plain"]
    yield "memory, MB", peak, MEMORY_TIMES * small_peak


def search(folder: Path, count: int, length: int) -> Iterator[tuple[str, float, float]]:
    """Seconds of a search on the command line."""
    many = library(folder / f"{count}-{length}.db", count, length)
    for words in ("77777", "harbour AND", "the"):
        found = run(annotui("--db", many, "list", "--search", words), repeat=1)
        yield f"list --search {words!r}, s", found.seconds, float("inf")


def main() -> int:
    """Measure and print; 1 when a limit was missed."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="else all")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--length", type=int, default=2_000)
    parser.add_argument("--added", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--scratch", type=Path, help="kept, with the databases, if it is given")
    options = parser.parse_args()
    folder = options.scratch or Path(tempfile.mkdtemp(prefix="annotui-library-"))
    folder.mkdir(parents=True, exist_ok=True)
    is_met = True
    for part in options.parts or PARTS:
        figures = {
            "screen": lambda: screen(folder, options.articles, options.length, options.times),
            "add": lambda: add(folder, options.added, options.repeat),
            "search": lambda: search(folder, options.articles, options.length),
        }[part]()
        print(f"| {part} | found | at most |\n|---|---|---|")
        for name, found, limit in figures:
            is_met = is_met and found <= limit
            shown = "–" if limit == float("inf") else f"{limit:.1f}"
            print(f"| {name} | {found:.1f} | {shown} |", flush=True)
        print()
    if options.scratch is None:
        shutil.rmtree(folder)
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
