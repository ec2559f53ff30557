"""Press many random keys on a reader with nasty texts, and prove that nothing went wrong.

Usage: ``python robustness/random_keys.py [--keys 100000] [--seed 1] [--runs 20]``. Each run is a
fresh database; after each the file must pass ``annotui verify``. Exit code 0: all held.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from proof import Finding, Wanted
from random_walk import Walk
from reader_desk import build, mark, problems, reader, rows
from test_reader_texts import NASTY, everything


async def one_run(folder: Path, keys: int, seed: int, typed: Counter[str]) -> int:
    """Walk once; the answer is how many marks were made."""
    path = folder / f"{seed}.db"
    names = list(NASTY)
    single = NASTY[names[seed % len(names)]]
    build(path, [everything(), single, "A second, short article. It has two sentences."])
    mark(path, "words", "claim", annotator="bob", note="\x1b[31m[bold]")
    async with reader(path, size=(80, 24)) as desk:
        walk = Walk(desk, seed)
        await walk.go(keys)
        typed.update(walk.typed)
    found = problems(path)
    if found:
        raise SystemExit(f"seed {seed}: annotui verify found {found}")
    return int(rows(path, "SELECT count(*) FROM annotation")[0][0])


SESSIONS, KEYS_A_SESSION = 300, 330


def prove(wanted: Wanted) -> list[Finding]:
    """Sessions on nasty texts, for the table of all proofs."""
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        os.environ[name] = str(wanted.folder)
    typed: Counter[str] = Counter()
    sessions, made = wanted.count(SESSIONS, 2), 0
    fault = ""
    with contextlib.chdir(wanted.folder):
        for number in range(sessions):
            seed = wanted.seed * 1000 + number
            try:
                made += asyncio.run(one_run(wanted.folder, KEYS_A_SESSION, seed, typed))
            except (Exception, SystemExit) as error:  # noqa: BLE001 (whatever it is, it is a fault)
                traceback.print_exc()
                fault = f"; seed {seed}: {type(error).__name__} {str(error)[:200]}"
                break
    return [
        Finding(
            f"{sessions} sessions of random keys, clicks, pastes and sizes from 1 × 1 to 300 × 100 "
            "over texts with joined, wide, combining and control characters",
            "no crash, every row as wide as the view, every caret between graphemes, "
            "`annotui verify` clean",
            f"{sum(typed.values()):,} things done, {made:,} marks made{fault or '; all held'}",
            not fault,
        )
    ]


def main() -> None:
    """Do the runs and print what was pressed and made."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=100_000, help="keys in all")
    parser.add_argument("--runs", type=int, default=20, help="databases they are spread over")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first run")
    wanted = parser.parse_args()
    typed: Counter[str] = Counter()
    made, began = 0, time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME"):
            os.environ[name] = folder
        os.chdir(folder)
        for seed in range(wanted.seed, wanted.seed + wanted.runs):
            done = one_run(Path(folder), wanted.keys // wanted.runs, seed, typed)
            made += asyncio.run(done)
            print(f"seed {seed}: {sum(typed.values()):,} things done, {made:,} marks", flush=True)
    print(
        f"{sum(typed.values()):,} keys, clicks, pastes and sizes ({len(typed):,} kinds), "
        f"{made:,} marks, {time.monotonic() - began:.0f} s: no crash, every row as wide as the "
        "view, every caret between graphemes, every quote in its place, verify clean"
    )


if __name__ == "__main__":
    main()
