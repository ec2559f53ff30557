"""What every proof has in common: what is wanted of it, what it finds, and the real program."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
for _folder in ("src", "tests", "tests/tui", "tests/terminal", "tests/formats", "tests/services"):
    if str(ROOT / _folder) not in sys.path:
        sys.path.insert(0, str(ROOT / _folder))

import sqlite3  # noqa: E402

from annotui.services import upkeep  # noqa: E402
from annotui.services.workspace import Workspace  # noqa: E402

PATIENCE_S = 120.0


@dataclass(frozen=True)
class Wanted:
    """How much of a proof is done: ``share`` of it, from ``seed``, in ``folder``."""

    seed: int
    share: float
    folder: Path

    def count(self, whole: int, least: int = 1) -> int:
        """The share of ``whole``."""
        return max(least, round(whole * self.share))

    def chance(self, name: str) -> random.Random:
        """Random numbers of their own for one part of a proof."""
        return random.Random(f"{self.seed} {name}")


@dataclass(frozen=True)
class Finding:
    """A line of the table: what was done, what had to come of it, what did, whether it held."""

    done: str
    target: str
    found: str
    held: bool


def environment(home: Path, **changes: str) -> dict[str, str]:
    """The environment of a child that finds annotui here and none of the user's settings."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT / "src"),
        "ANNOTUI_ANNOTATOR": "ann",
        **changes,
    }


def program(*arguments: str) -> list[str]:
    """The command line of the real program."""
    return [sys.executable, "-m", "annotui", *arguments]


def run(
    *arguments: str,
    home: Path,
    before: tuple[str, ...] = (),
    env: Mapping[str, str] | None = None,
    patience_s: float = PATIENCE_S,
) -> subprocess.CompletedProcess[str]:
    """Run the real program without a terminal, as another program's argument where one is given."""
    return subprocess.run(
        [*before, *program(*arguments)],
        cwd=home,
        env=environment(home) | dict(env or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=patience_s,
        check=False,
    )


def rows(path: Path, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """What plain sqlite3 reads."""
    with closing(sqlite3.connect(path, timeout=30)) as db:
        return db.execute(sql, values).fetchall()


def problems(path: Path) -> tuple[str, ...]:
    """What `annotui verify` finds."""
    workspace = Workspace(path, "nobody")
    try:
        return upkeep.verify(workspace).problems
    finally:
        workspace.close()
