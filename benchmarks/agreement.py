"""How long the agreement of two annotators takes: 50,000 marks over 1,000 articles, at most 5 s.

Run by hand: ``python benchmarks/agreement.py [--articles 1000] [--marks 50000]``. Exit code 0: the
target was met. The file is made by annotui's own code first; only the commands are timed, each
three times, the median counts. The marks behind a figure, and `annotui stats`, have no target.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from documents import article

LIMIT_S = 5.0
LABELS = ("claim", "denial", "statistic", "attribution")
CHARACTERS = 5_000
COMMANDS = (
    ("agreement", "--format", "csv"),
    ("agreement", "--differences", "--format", "csv"),
    ("stats", "--format", "csv"),
    ("stats", "--no-coverage", "--format", "csv"),
)
"""The first one has a target."""


def make(database: Path, articles: int, marks: int) -> None:
    """Write the articles, and half of the marks by each of two annotators."""
    from annotui.domain.annotation import Annotation
    from annotui.domain.change import ChangeKind
    from annotui.domain.identifier import uuid7
    from annotui.domain.span import Span
    from annotui.formats.plain_text import decode
    from annotui.services import library
    from annotui.services.workspace import Workspace
    from annotui.storage import annotations

    chance = random.Random(1)
    base = article(CHARACTERS)
    for name in ("ann", "bob"):
        workspace = Workspace(database, name)
        for number in range(articles):
            plain = decode(f"Article {number}\n\n{base}".encode(), "made")
            added = library.add_text(workspace, plain)
            document = library.document(workspace, added.document_id)
            with workspace.writing() as db:
                kind, about = ChangeKind.ANNOTATE, added.document_id
                change = workspace.begin(db, kind, document_id=about, summary="made")
                made = []
                for _ in range(marks // (2 * articles)):
                    start = chance.randrange(CHARACTERS - 200)
                    run = Span(start, start + chance.randint(5, 120))
                    label, when = chance.choice(LABELS), change.changed_at
                    blank = Annotation(
                        *(uuid7(), about, label, 0, 1, "", name), created_at=when, updated_at=when
                    )
                    made.append(blank.on(document, [run]))
                annotations.insert_many(db, made, change.change_id)
        workspace.close()


def main() -> int:
    """Make the file, time the commands, say whether the target is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000)
    parser.add_argument("--marks", type=int, default=50_000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "a.db"
        make(database, wanted.articles, wanted.marks)
        command = [sys.executable, "-m", "annotui", "--db", str(database)]
        found = {" ".join(parts): timed([*command, *parts]) for parts in COMMANDS}
    print(f"{wanted.marks:,} marks, {wanted.articles:,} articles")
    for words, seconds in found.items():
        limit = f" (at most {LIMIT_S} s)" if words == " ".join(COMMANDS[0]) else ""
        print(f"annotui {words}: {seconds:.2f} s{limit}")
    return 0 if found[" ".join(COMMANDS[0])] <= LIMIT_S else 1


def timed(command: list[str]) -> float:
    """The median time of three runs, in seconds."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    return sorted(times)[1]


if __name__ == "__main__":
    sys.exit(main())
