"""Have the program write a file of the schema that is its newest, for the tests of later ones.

Usage: ``python scripts/write_old_file.py``, once for each new schema, before it is released: the
file goes to ``tests/storage/fixtures/`` and is kept for ever as it is. Everything is done with the
commands that a user has; what a new schema is for is added to ``work``.
"""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from annotui.storage.migrations import SCHEMA_VERSION

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "tests" / "storage" / "fixtures"
NEWS = (
    "Minister denies tax plan\n\n“We never planned it,” said 👩‍👩‍👧 e\u0301 she, "
    "“and never will.”\n"
    "Prices rose by 4.5 per cent, the office said.\n"
)
OTHER = "Another text, with 20 per cent of everything.\n"


class User:
    """Who types commands in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def types(self, *words: str, who: str = "amy") -> str:
        """One command; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "annotui", *words],
            cwd=self.folder,
            env={**os.environ, "ANNOTUI_ANNOTATOR": who, "XDG_STATE_HOME": str(self.folder)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"annotui {' '.join(words)}: {done.stderr}")
        return done.stdout.strip()


def work(user: User) -> None:
    """Something for every table that the schema has."""
    (user.folder / "news.txt").write_text(NEWS, "utf-8")
    (user.folder / "other.txt").write_text(OTHER, "utf-8")
    user.types("add", "news.txt", "other.txt")
    note = "Ümläut, “quoted”\nsecond line"
    title = ("annotate", "news.txt", "claim", "--quote", "Minister denies tax plan")
    mark = user.types(*title, "--note", note)
    user.types("annotate", "other.txt", "statistic", "--quote", "20 per cent")
    user.types("annotate", "news.txt", "attribution", "--quote", "office")
    user.types("undo")
    theirs = user.types(
        *("annotate", "news.txt", "denial", "--quote", "Minister denies tax plan"), who="bob"
    )
    user.types("annotate", "news.txt", "statistic", "--quote", "4.5 per cent", who="bob")
    user.types("decide", mark, "accept", "--note", "so it is", who="eve")
    user.types("decide", theirs, "reject", "--reason", "boundary", who="eve")
    user.types("status", "other.txt", "done", who="bob")
    user.types("annotators", "--rename", "bob", "Bob Smith")
    user.types("collection", "create", "May")
    user.types("collection", "add", "May", "news.txt")
    user.types("resolve", mark, "amy", "--annotators", "amy,Bob Smith", who="eve")
    user.types("annotate", "other.txt", "claim", "--quote", "Another text")
    user.types("verify")


def main() -> None:
    """Write the file, unless there is one."""
    target = FOLDER / f"schema-{SCHEMA_VERSION}.db.gz"
    if target.exists():
        raise SystemExit(f"{target} is there already, and stands for what was released.")
    with tempfile.TemporaryDirectory() as folder:
        work(User(Path(folder)))
        content = (Path(folder) / "annotations.db").read_bytes()
    target.write_bytes(gzip.compress(content, mtime=0))
    print(f"{target}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
