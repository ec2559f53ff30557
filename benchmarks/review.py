"""How quick a review is, in a pseudo-terminal of 120 × 40 cells.

key   from `y` to the decision stored and the next mark painted, beside the reader's label key on
      copies of one database, in turns: at most 1.5 times as long. The reader's side pane, which
      follows 50 ms after a key, is folded away; the review has the fields of the mark beside it.
open  `annotui review` of 100,000 marks in 10,000 articles, from before the fork until how much
      is done is on the screen, beside ten marks in one article: at most 1.3 times as long. Then
      when the count of what is left is there, and one key then.

Run by hand; --scratch names the folder whose disk counts. Articles are made up.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from interchange import annotui
from library import text_of
from terminal import Terminal

KEY_TIMES, OPEN_TIMES = 1.5, 1.3
QUIET_S = 0.3
WARM_UP = 5
MARKS_AN_ARTICLE = 10
DENSE = (20, 3_600)
"""Marks of an article and its characters, as news have them (PolNeAR: 20 spans in 595 words)."""

LABELS = ("claim", "denial", "statistic", "attribution")
BEFORE_LABEL = (b"w", b"v", b"e")
FOLD = b"\\"
"""Folds away the reader's side pane, which follows 50 ms after a key."""

PARTS = ("key", "open")


def queue(path: Path, articles: int, each: int = MARKS_AN_ARTICLE, length: int = 5_000) -> Path:
    """A database with so many articles of so many marks each, made by annotui's own code."""
    if path.exists():
        return path
    from annotui.domain.annotation import Annotation
    from annotui.domain.change import ChangeKind
    from annotui.domain.document import Document, document_id_of
    from annotui.domain.identifier import uuid7
    from annotui.domain.span import Span
    from annotui.formats.plain_text import decode
    from annotui.services import library
    from annotui.services.workspace import Workspace
    from annotui.storage import annotations

    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    workspace = Workspace(unfinished, "bench")
    library.add_text(workspace, decode(b"The first text.", "first.txt"))
    with workspace.writing() as db:
        for number in range(articles):
            plain = decode(text_of(number, length).encode(), f"{number}.txt")
            one = document_id_of(plain.text)
            added = workspace.begin(db, ChangeKind.ADD, document_id=one)
            library.insert(db, plain, library.title_for(plain, None), "", added)
            document = Document(one, "", plain.text)
            change = workspace.begin(db, ChangeKind.IMPORT, document_id=one)
            step = (len(document.text) - 200) // each
            marks = []
            for rank in range(each):
                start = document.text.index(" ", 100 + rank * step) + 1
                end = document.text.index(" ", start + 50)
                draft = Annotation(uuid7(), one, LABELS[rank % 4], 0, 1, "",
                                   change.annotator, created_at=change.changed_at,
                                   updated_at=change.changed_at)  # fmt: skip
                marks.append(draft.on(document, [Span(start, end)]))
            annotations.insert_many(db, marks, change.change_id)
    workspace.close()
    unfinished.rename(path)
    return path


def started(database: Path, home: Path, annotator: str, *arguments: str) -> Terminal:
    """annotui on a database, in an empty home."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    environment = {
        "HOME": str(home),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        **{name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ},
    }
    command = annotui("--db", database, "--annotator", annotator, *arguments)
    return Terminal(command, home, environment)


def count(database: Path, table: str) -> int:
    """How many rows another program finds."""
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as reader:
        return int(reader.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def key(folder: Path, times: int) -> Iterator[tuple[str, float, float]]:
    """Milliseconds of the reader's label key and of a decision, medians."""
    made = queue(folder / "dense.db", 10, *DENSE)
    copies = [folder / f"{name}.db" for name in ("marked", "reviewed")]
    for copy in copies:
        shutil.copy(made, copy)
    before = [count(copies[0], "annotation"), count(copies[1], "review")]
    title = " ".join(text_of(3, 200).split("\n")[0].split()[:3])
    with (
        started(
            copies[0], folder / "home-1", "bench", "read", text_of(3, 200).split("\n")[0]
        ) as reader,
        started(copies[1], folder / "home-2", "rev", "review") as review,
    ):
        reader.wait_for(title)
        review.wait_for("left")
        for terminal in (reader, review):
            terminal.settle(1.0)
        reader.press(FOLD, QUIET_S)
        labels, decisions = [], []
        for _ in range(WARM_UP + times):
            for press in BEFORE_LABEL:
                reader.press(press, QUIET_S)
            reader.drain()
            labels.append(reader.press(b"c", QUIET_S).last_s * 1000)
            review.drain()
            decisions.append(review.press(b"y", QUIET_S).last_s * 1000)
    stored = [count(copies[0], "annotation"), count(copies[1], "review")]
    lost = [WARM_UP + times - (now - was) for was, now in zip(before, stored, strict=True)]
    label = statistics.median(labels[WARM_UP:])
    yield "label key in the reader, ms", label, float("inf")
    yield "decision, ms", statistics.median(decisions[WARM_UP:]), KEY_TIMES * label
    yield "label keys and decisions that were not stored", float(sum(map(abs, lost))), 0.0


def open_(folder: Path, articles: int, times: int) -> Iterator[tuple[str, float, float]]:
    """Seconds until the first mark is painted, and what comes then."""
    few, many = queue(folder / "one.db", 1), queue(folder / f"many-{articles}.db", articles)
    total = articles * MARKS_AN_ARTICLE
    found: dict[Path, list[float]] = {few: [], many: []}
    counted: list[float] = []
    keys: list[float] = []
    for _ in range(times):
        for database, starts in found.items():
            with started(database, folder / "home", "rev", "review") as terminal:
                starts.append(terminal.wait_for("0 done"))
                if database == many:
                    counted.append(terminal.wait_for(f"{total:,} left"))
                    terminal.settle(0.5)
                    keys.append(terminal.press(b"]", QUIET_S).last_s)
    least = statistics.median(found[few])
    yield "ten marks in one article, s", least, float("inf")
    yield f"{total:,} marks, s", statistics.median(found[many]), OPEN_TIMES * least
    yield f"{total:,} marks, counted, s", statistics.median(counted), float("inf")
    yield "] then, s", statistics.median(keys), float("inf")


def main() -> int:
    """Measure and print; 1 when a limit was missed."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="else all")
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=40, help="keys")
    parser.add_argument("--openings", type=int, default=5)
    parser.add_argument("--scratch", type=Path, help="kept, with the databases, if it is given")
    options = parser.parse_args()
    folder = (options.scratch or Path(tempfile.mkdtemp(prefix="annotui-review-"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    missed = False
    try:
        found = {
            "key": lambda: key(folder, options.times),
            "open": lambda: open_(folder, options.articles, options.openings),
        }
        for part in options.parts or PARTS:
            for what, figure, limit in found[part]():
                is_met = figure <= limit
                missed = missed or not is_met
                most = "" if limit == float("inf") else f"  (at most {limit:.2f})"
                print(f"{what:<50} {figure:>10.2f}{most}{'' if is_met else '  MISSED'}", flush=True)
    finally:
        if options.scratch is None:
            shutil.rmtree(folder)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
