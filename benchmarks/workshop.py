"""The folder that a benchmark works in: texts, databases, a fresh home for every run."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from documents import HEADLINE, LEAD, article
from fill import fill_database
from programs import ANNOTUI, Place
from terminal import Terminal


class Workshop:
    """Makes every text and database once, below ``folder``; each run gets a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.runs = 0

    def text(self, size: str, length: int) -> Path:
        """The made-up article of this size."""
        path = self.folder / f"{size}.txt"
        if not path.exists():
            path.write_text(article(length), encoding="utf-8", newline="")
        return path

    def place(self, text: Path, database: Path | None = None) -> Place:
        """A folder for one run, with the text (a hard link) and an empty home in it."""
        self.runs += 1
        folder = self.folder / f"run-{self.runs}"
        folder.mkdir()
        linked = folder / text.name
        os.link(text, linked)
        return Place(folder, linked, database or folder / "annotations.db")

    def database(self, text: Path, annotations: int) -> Path:
        """A database that has this text with so many annotations.

        Raises:
            NotReady: when annotui cannot make it.
        """
        path = self.folder / f"{text.stem}-{annotations}.db"
        if path.exists():
            return path
        unfinished = path.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        if annotations:
            fill_database(unfinished, text, annotations)
        else:
            place = self.place(text, unfinished)
            with Terminal(ANNOTUI.command(place), place.folder, place.environment()) as terminal:
                terminal.open(HEADLINE, LEAD, ANNOTUI.kinds["right"].key)
        unfinished.rename(path)
        return path


def stored_annotations(database: Path) -> int:
    """How many annotations another program finds in the file."""
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as reader:
        return int(reader.execute("SELECT count(*) FROM annotations").fetchone()[0])


class BareCommits:
    """The least durable write on this disk: one row, one commit."""

    def __init__(self, folder: Path) -> None:
        self.times_ms: list[float] = []
        self.writer = sqlite3.connect(folder / "bare.db", isolation_level=None)
        self.writer.execute("PRAGMA journal_mode = DELETE")
        self.writer.execute("PRAGMA synchronous = EXTRA")
        self.writer.execute(
            "CREATE TABLE mark (id INTEGER PRIMARY KEY, quote TEXT NOT NULL) STRICT"
        )

    def commit(self) -> None:
        """Write one row and note how long it took."""
        began = time.perf_counter()
        self.writer.execute("BEGIN IMMEDIATE")
        self.writer.execute("INSERT INTO mark (quote) VALUES (?)", ("ten words of text " * 3,))
        self.writer.execute("COMMIT")
        self.times_ms.append((time.perf_counter() - began) * 1000)

    def close(self) -> None:
        """Close the file."""
        self.writer.close()
