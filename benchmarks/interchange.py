"""How long marks take on their way out and in, beside the least that other programs need.

csv      `annotui export` beside `sqlite3 -csv` of the view: at most 3 times as long, memory under
         150 MB and the same for a tenth of the marks.
brat     `annotui import` of a corpus in brat form beside parsing the same files with bratly: at
         most twice as long.
merge    `annotui merge` beside copying the same rows, history included, at the same durability: at
         most 3 times as long.

Each program is a child of its own; memory is its peak (ru_maxrss). The best of --repeat counts.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotui.domain.annotation import Annotation

DOCUMENTS, A_DOCUMENT = 10_000, 100
LENGTH = 3_500
LABELS = ("claim", "denial", "statistic", "attribution")
CSV_TIMES, BRAT_TIMES, MERGE_TIMES = 3.0, 2.0, 3.0
MEMORY_MB = 150
DISCONTINUOUS = 8
"""One mark in so many has two fragments."""

PARSE = (
    "import sys; from bratly.io import read_document_collection_from_folder as read; "
    "sys.exit(read(sys.argv[1]) is None)"
)
"""What bratly's own documentation does with a corpus (pip install bratly bratly-io-fs)."""


@dataclass(frozen=True)
class Run:
    """A child that was run: seconds, those of a processor, and the most memory it had."""

    seconds: float
    cpu_seconds: float
    peak_mb: float

    def __str__(self) -> str:
        return f"{self.seconds:.2f} s ({self.cpu_seconds:.2f} s of a processor)"

    def times(self, other: Run) -> str:
        """How often the other's time, and the other's processor time, this took."""
        cpu = self.cpu_seconds / other.cpu_seconds
        return f"{self.seconds / other.seconds:.2f} times ({cpu:.2f} in processor time)"


SLOWEST = Run(float("inf"), float("inf"), 0.0)


def run(command: Sequence[str], *, out: Path | None = None, repeat: int = 1) -> Run:
    """Run a child ``repeat`` times; its best time.

    Raises:
        SystemExit: when it fails.
    """
    best = SLOWEST
    for _ in range(repeat):
        with (out or Path(os.devnull)).open("wb") as file:
            began = time.perf_counter()
            child = subprocess.Popen(command, stdout=file, stderr=subprocess.PIPE)
            error = child.stderr.read() if child.stderr else b""
            _, status, usage = os.wait4(child.pid, 0)
            seconds = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise SystemExit(f"{' '.join(command)}\n{error.decode()}")
        if seconds < best.seconds:
            best = Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
    return best


def annotui(*arguments: object) -> list[str]:
    """The command line of annotui as a child."""
    return [sys.executable, "-m", "annotui", *map(str, arguments)]


def fill(path: Path, count: int, *, annotator: str = "bench") -> None:
    """A database of ``count`` documents with a hundred marks each.

    A child makes it: the memory of a process counts for the children that it forks.
    """
    run([sys.executable, __file__, "--fill", str(path), str(count), annotator])


def fill_here(path: Path, count: int, annotator: str) -> None:
    """The same in this process, by annotui's own code."""
    from annotui.domain.change import ChangeKind
    from annotui.domain.document import document_id_of
    from annotui.formats import plain_text
    from annotui.services import library
    from annotui.services.workspace import Workspace
    from annotui.storage import annotations
    from documents import article

    workspace = Workspace(path, annotator)
    body = article(LENGTH)
    for first in range(0, max(count, 1), 500):
        with workspace.writing(create=True) as db:
            for number in range(first, min(first + 500, count)):
                text = f"Article {number}\n\n{body}"
                plain = plain_text.decode(text.encode(), "made up")
                known = document_id_of(text)
                added = workspace.begin(db, ChangeKind.ADD, document_id=known)
                library.insert(db, plain, f"Article {number}", f"{number}.txt", added)
                change = workspace.begin(db, ChangeKind.ANNOTATE, document_id=known)
                annotations.insert_many(db, _marks(text, annotator), change.change_id)
    workspace.close()


def _marks(text: str, annotator: str) -> list[Annotation]:
    from annotui.domain.annotation import Annotation
    from annotui.domain.document import Document, document_id_of
    from annotui.domain.identifier import utc_now, uuid7
    from annotui.domain.span import Span

    document = Document(document_id_of(text), "", text)
    now, step = utc_now(), (len(text) - 120) // A_DOCUMENT
    made = []
    for number in range(A_DOCUMENT):
        start = 20 + number * step
        runs = [Span(start, start + 60)]
        if number % DISCONTINUOUS == 0:
            runs = [Span(start, start + 20), Span(start + 30, start + 60)]
        draft = Annotation(
            annotation_id=uuid7(),
            document_id=document.document_id,
            label=LABELS[number % len(LABELS)],
            start=0,
            end=1,
            quote="",
            annotator=annotator,
            note="a note, with a comma" if number % 10 == 0 else "",
            created_at=now,
            updated_at=now,
        )
        made.append(draft.on(document, runs))
    return made


def csv(folder: Path, count: int, repeat: int) -> list[str]:
    """Exports beside sqlite3's own, of all documents and of a tenth."""
    lines, peaks = [], []
    for documents_ in (max(1, count // 10), count):
        db = folder / f"{documents_}.db"
        fill(db, documents_)
        out = folder / "out.csv"
        sql = "SELECT * FROM annotations"
        theirs = run(["sqlite3", "-csv", str(db), sql], out=folder / "sqlite.csv", repeat=repeat)
        ours = run(annotui("--db", db, "export", "-o", out), repeat=repeat)
        peaks.append(ours.peak_mb)
        marks = documents_ * A_DOCUMENT
        lines.append(
            f"csv: {marks:,} marks of {documents_:,} documents in {ours}, sqlite3 -csv {theirs}: "
            f"{ours.times(theirs)}, at most {CSV_TIMES}; peak {ours.peak_mb:.0f} MB, "
            f"under {MEMORY_MB}; {out.stat().st_size / 1e6:.0f} MB written"
        )
    lines.append(f"csv: memory grew by {peaks[1] - peaks[0]:.0f} MB for ten times the marks")
    return lines


def brat(folder: Path, count: int, repeat: int) -> list[str]:
    """Imports from brat beside parses of the same files by bratly.

    Once as annotui exports them, with an attribute for each mark and some notes, and once with the
    text-bound lines alone.
    """
    db, corpus, bare = folder / "brat.db", folder / "corpus", folder / "bare"
    fill(db, count)
    run(annotui("--db", db, "export", "--format", "brat", "-o", corpus))
    shutil.copytree(corpus, bare)
    for path in bare.glob("*.ann"):
        lines = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join(line for line in lines if line.startswith(b"T")))
    told = []
    for name, where in (("exported by annotui", corpus), ("text-bound lines alone", bare)):
        theirs = run([sys.executable, "-c", PARSE, str(where)], repeat=repeat)
        best = SLOWEST
        for number in range(repeat):
            new = folder / f"{where.name}-{number}.db"
            ours = run(annotui("--db", new, "--annotator", "x", "import", where))
            best = min(best, ours, key=lambda one: one.seconds)
        told.append(
            f"brat, {name}: {count * A_DOCUMENT:,} marks in {best}, bratly parses them in "
            f"{theirs}: {best.times(theirs)}, at most {BRAT_TIMES}; peak {best.peak_mb:.0f} MB"
        )
    return told


def merge(folder: Path, count: int, repeat: int) -> list[str]:
    """A merge beside a copy of the same rows."""
    helps = subprocess.run(annotui("merge", "--help"), capture_output=True, check=False)
    if helps.returncode:
        return ["merge: annotui does not have the command"]
    other = folder / "other.db"
    fill(other, count, annotator="other")
    copying, merging = float("inf"), float("inf")
    for number in range(repeat):
        target = folder / f"copied-{number}.db"
        copying = min(copying, _copy(other, target))
        mine = folder / f"mine-{number}.db"
        fill(mine, 1)
        merging = min(merging, run(annotui("--db", mine, "merge", other)).seconds)
    return [
        f"merge: {count * A_DOCUMENT:,} marks in {merging:.2f} s, copying their rows takes "
        f"{copying:.2f} s: {merging / copying:.2f} times (at most {MERGE_TIMES})"
    ]


def _copy(source: Path, target: Path) -> float:
    """Seconds that SQLite needs to copy every row of every table, in one transaction."""
    fill(target, 0)
    with closing(sqlite3.connect(target, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous = EXTRA")
        db.execute("ATTACH ? AS other", (str(source),))
        triggers = db.execute("SELECT name FROM main.sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            db.execute(f"DROP TRIGGER main.{name}")
        began = time.perf_counter()
        db.execute("BEGIN IMMEDIATE")
        for table in ("change", "history", "annotator", "label", "document", "annotation"):
            names = [row[1] for row in db.execute(f"PRAGMA main.table_info({table})")]
            columns = ", ".join(f'"{name}"' for name in names)
            db.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM other.{table}")
        db.execute("COMMIT")
        return time.perf_counter() - began


PARTS: dict[str, Callable[[Path, int, int], list[str]]] = {"csv": csv, "brat": brat, "merge": merge}


def main() -> None:
    """Run the parts that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="else all")
    parser.add_argument("--size", type=float, default=1.0, help="a part of the full size")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--scratch", type=Path, help="where the databases go")
    parser.add_argument("--json", type=Path, help="write the lines there as well")
    if sys.argv[1:2] == ["--fill"]:
        fill_here(Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
        return
    given = parser.parse_args()
    told: list[str] = []
    for name in given.parts or PARTS:
        folder = Path(tempfile.mkdtemp(dir=given.scratch))
        count = DOCUMENTS if name == "csv" else DOCUMENTS // 10
        try:
            for line in PARTS[name](folder, max(1, round(count * given.size)), given.repeat):
                print(line, flush=True)
                told.append(line)
        finally:
            shutil.rmtree(folder)
    if given.json:
        given.json.write_text(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
