"""Kill the real program while it brings an old file up to date; the old file stays usable."""

from __future__ import annotations

import gzip
import shutil
import signal
import subprocess
import time
from pathlib import Path

from proof import ROOT, Finding, Wanted, environment, problems, program, rows

from annotui.storage.migrations import SCHEMA_VERSION

WRITTEN = ROOT / "tests" / "storage" / "fixtures"
FIXTURES = [WRITTEN / f"schema-{version}.db.gz" for version in range(1, SCHEMA_VERSION)]
KILLS = 200
TABLES = ("annotations", "annotation", "annotator", "label", "change", "history")


def prove(wanted: Wanted) -> list[Finding]:
    """Kills at random moments, in turn on a file of each schema."""
    chance = wanted.chance("old files")
    faults: list[str] = []
    migrated = in_write = 0
    longest_s = 1.0
    for number in range(wanted.count(KILLS, 2 * len(FIXTURES))):
        fixture = FIXTURES[number % len(FIXTURES)]
        home = wanted.folder / f"old-{number}"
        home.mkdir()
        db = home / "annotations.db"
        db.write_bytes(gzip.decompress(fixture.read_bytes()))
        before, version = content(db), version_of(db)
        began = time.monotonic()
        process = subprocess.Popen(
            program("list"),
            cwd=home,
            env=environment(home),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if number % 2:
            in_write += wait_for_journal(process, db)
            time.sleep(chance.uniform(0, 0.01))
        else:
            time.sleep(chance.uniform(0, longest_s))
        process.send_signal(signal.SIGKILL)
        if process.wait() == 0:
            longest_s = max(0.5, time.monotonic() - began)
        after = version_of(db)
        migrated += after != version
        faults += [] if content(db) == before else [f"{fixture.name} {number}: content differs"]
        faults += [f"{fixture.name} {number}: {one}" for one in problems(db)]
        faults += [] if content(db) == before else [f"{fixture.name} {number}: differs in the end"]
        shutil.rmtree(home)
    return [
        Finding(
            f"{wanted.count(KILLS, 2 * len(FIXTURES))} kills while files of {len(FIXTURES)} older "
            "schemas are opened",
            "the old file is usable as it was, then brought up to date whole; same content",
            f"{len(faults)} faults; {migrated} were up to date before the kill, {in_write} were "
            "killed in a write" + "".join(f"; {one}" for one in faults[:3]),
            not faults,
        )
    ]


def wait_for_journal(process: subprocess.Popen[bytes], db: Path) -> bool:
    """Until the file is being written, or the program has ended; whether the former."""
    journal = db.with_name(db.name + "-journal")
    while process.poll() is None:
        if journal.exists():
            return True
    return False


def version_of(db: Path) -> int:
    return int(rows(db, "PRAGMA user_version")[0][0])


def content(db: Path) -> list[list[tuple[object, ...]]]:
    return [rows(db, f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in TABLES]
