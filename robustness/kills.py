"""Kill the real program at random moments; nothing acknowledged is lost and nothing half done.

Half of the kills come at any moment of the program's life, half as soon as SQLite's journal is
there, which is when the file itself is being written.
"""

from __future__ import annotations

import random
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from proof import PATIENCE_S, Finding, Wanted, environment, problems, program, rows, run
from pty_reader import Terminal

KILLS = 1000
READER_SHARE = 0.2
TEXT = "Kill text\n\n" + " ".join(f"word{number}," for number in range(400)) + "\n"
IMPORTED = 20
MERGED = 15
PRINTING = ("annotate", "undo", "redo", "decide")
"""Commands that print an id once their change is stored."""

LONGEST_OPENING_S = 1.0


@dataclass
class Tally:
    """What came of the kills."""

    kills: int = 0
    in_commit: int = 0
    done_before: int = 0
    faults: list[str] = field(default_factory=list)
    slowest_opening_s: float = 0.0
    lengths_s: dict[str, float] = field(default_factory=dict)


def prove(wanted: Wanted) -> list[Finding]:
    """Do all the kills."""
    tally = Tally()
    chance = wanted.chance("kills")
    whole = wanted.count(KILLS, 12)
    by_reader = max(2, round(whole * READER_SHARE))
    while tally.kills < whole - by_reader:
        home = fresh(wanted.folder, tally.kills)
        for number in range(min(50, whole - by_reader - tally.kills)):
            kill_command(home, chance, tally, number)
        shutil.rmtree(home)
    commands = tally.kills
    while tally.kills < whole:
        home = fresh(wanted.folder, tally.kills)
        kill_reader(home, chance, tally, undoing=tally.kills % 2 == 0)
        shutil.rmtree(home)
    found = (
        f"{len(tally.faults)} faults; {tally.in_commit:,} kills fell into a write, "
        f"{tally.done_before:,} after the end; slowest opening {tally.slowest_opening_s:.2f} s"
    )
    return [
        Finding(
            f"{commands:,} kills of annotate, undo, redo, decide, import, merge, export, backup "
            f"and {by_reader:,} of the reader while marking and undoing",
            "no change lost that was printed or painted, none half done, `annotui verify` clean, "
            f"the file opens at once (under {LONGEST_OPENING_S:.0f} s)",
            found + "".join(f"; {fault}" for fault in tally.faults[:3]),
            not tally.faults and tally.slowest_opening_s < LONGEST_OPENING_S,
        )
    ]


def fresh(folder: Path, number: int) -> Path:
    """A folder with a database, a file to import and one to merge."""
    home = folder / f"kills-{number}"
    home.mkdir()
    (home / "article.txt").write_text(TEXT)
    for name, db in (("ann", "annotations.db"), ("bob", "other.db")):
        run("--db", db, "add", "article.txt", home=home, env={"ANNOTUI_ANNOTATOR": name})
    (document_id,) = rows(home / "annotations.db", "SELECT id FROM document")[0]
    for name, label, count in (("merge", "denial", MERGED), ("import", "statistic", IMPORTED)):
        lines = ["document_id,label,start,end"]
        lines += [f"{document_id},{label},{11 + 7 * n},{17 + 7 * n}" for n in range(count)]
        (home / f"{name}.csv").write_text("\n".join(lines) + "\n")
    run("--db", "other.db", "--annotator", "bob", "import", "merge.csv", home=home)
    return home


def state(db: Path) -> dict[str, int]:
    """What is in the file, in figures."""
    counts = {
        "changes": "SELECT count(*) FROM change",
        "history": "SELECT count(*) FROM history",
        "annotations": "SELECT count(*) FROM annotation",
        "live": "SELECT count(*) FROM annotation WHERE removed = 0",
        "reviews": "SELECT count(*) FROM review",
    }
    return {name: int(rows(db, sql)[0][0]) for name, sql in counts.items()}


def command_of(home: Path, chance: random.Random) -> tuple[str, list[str]]:
    """A random thing to do."""
    db = home / "annotations.db"
    document_id = rows(db, "SELECT id FROM document")[0][0]
    kinds = ["annotate"] * 4 + ["undo", "redo", "decide", "import", "merge", "export", "backup"]
    kind = chance.choice(kinds)
    marks = rows(db, "SELECT id FROM annotation WHERE removed = 0")
    if kind == "decide" and not marks:
        kind = "annotate"
    start = chance.randrange(10, 900)
    target = f"{kind}-{chance.random()}"
    return kind, {
        "annotate": ["annotate", document_id, "claim", f"--start={start}", f"--end={start + 40}"],
        "undo": ["undo"],
        "redo": ["redo"],
        "decide": ["decide", chance.choice(marks)[0] if marks else "", "accept"],
        "import": ["import", "import.csv"],
        "merge": ["merge", "other.db"],
        "export": ["export", "-o", target],
        "backup": ["backup", target],
    }[kind]


def kill_command(home: Path, chance: random.Random, tally: Tally, number: int) -> None:
    """Start a command, kill it, and look at what it left behind."""
    db = home / "annotations.db"
    kind, arguments = command_of(home, chance)
    before = state(db)
    known = set(rows(db, "SELECT id FROM annotation"))
    began = time.monotonic()
    process = subprocess.Popen(
        program(*arguments),
        cwd=home,
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    if number % 2:
        in_journal(process, db, chance, tally)
    else:
        time.sleep(chance.uniform(0, tally.lengths_s.get(kind, 0.6) * 1.1))
    process.send_signal(signal.SIGKILL)
    printed, words = process.communicate(timeout=PATIENCE_S)
    code = process.returncode
    if code != -signal.SIGKILL:
        tally.done_before += 1
        tally.lengths_s[kind] = min(3.0, time.monotonic() - began)
    is_told = printed.endswith(b"\n") if kind in PRINTING else code in (0, 3)
    tally.kills += 1
    opened_at = time.monotonic()
    after = state(db)
    tally.slowest_opening_s = max(tally.slowest_opening_s, time.monotonic() - opened_at)
    lost = known - set(rows(db, "SELECT id FROM annotation"))
    for fault in (
        *problems(db),
        *(f"lost {one}" for one in lost),
        *half_done(kind, before, after, is_told, home, arguments),
        *(["a traceback"] if b"Traceback" in words else []),
    ):
        tally.faults.append(f"{kind} {number}: {fault}")


def in_journal(
    process: subprocess.Popen[bytes], db: Path, chance: random.Random, tally: Tally
) -> None:
    """Wait until the file is being written, and a little longer."""
    journal = db.with_name(db.name + "-journal")
    while process.poll() is None:
        if journal.exists():
            tally.in_commit += 1
            time.sleep(chance.uniform(0, 0.004))
            return


def half_done(
    kind: str,
    before: dict[str, int],
    after: dict[str, int],
    is_told: bool,
    home: Path,
    arguments: list[str],
) -> list[str]:
    """What is wrong with the step from one state to the other."""
    grown = {name: after[name] - before[name] for name in after}
    changed = any(grown.values())
    faults = [f"{name} shrank" for name in ("changes", "history", "annotations") if grown[name] < 0]
    if kind in ("export", "backup"):
        faults += [f"{kind} wrote to the database"] if changed else []
        target = home / arguments[-1]
        if is_told and not target.exists():
            faults.append(f"{kind} said it was done, and there is no file")
        if target.exists() and kind == "export":
            lines = target.read_bytes().count(b"\r\n")
            faults += [f"half an export: {lines}"] if lines != after["live"] + 1 else []
        elif target.exists():
            faults += [f"backup: {one}" for one in problems(target)]
        return faults
    sizes = {"annotate": (1,), "import": (0, IMPORTED), "merge": (0, MERGED)}
    if changed and grown["annotations"] not in sizes.get(kind, (0,)):
        faults.append(f"half a change: {grown}")
    if changed and kind == "decide" and grown["reviews"] != 1:
        faults.append(f"half a decision: {grown}")
    if is_told and not changed and kind in PRINTING:
        faults.append("acknowledged, and not there")
    return faults


def kill_reader(home: Path, chance: random.Random, tally: Tally, *, undoing: bool) -> None:
    """Mark, or undo, in the real reader, and kill it; what it had painted is the least there is."""
    db = home / "annotations.db"
    terminal = Terminal(["--annotator", "ann", "article.txt"], home, rows=40)
    try:
        terminal.until_shown("0 marks")
        keys = "vecww" * 8
        terminal.press(keys)
        if undoing:
            terminal.until(lambda: painted(terminal) >= 8, "8 marks")
            terminal.press("u" * 8)
        until = time.monotonic() + chance.uniform(0, 0.5)
        while time.monotonic() < until:
            terminal.read(0.01)
        terminal.signal(signal.SIGKILL)
        terminal.wait()
        shown = painted(terminal)
    finally:
        terminal.close()
    tally.kills += 1
    opened_at = time.monotonic()
    stored = state(db)["live"]
    tally.slowest_opening_s = max(tally.slowest_opening_s, time.monotonic() - opened_at)
    if (undoing and stored > shown) or (not undoing and stored < shown):
        tally.faults.append(f"reader: {shown} painted, {stored} stored, undoing: {undoing}")
    tally.faults += [f"reader: {one}" for one in problems(db)]


def painted(terminal: Terminal) -> int:
    """The marks that the headline counts."""
    found = re.search(r"(\d+) marks?\b", terminal.screen.display[0])
    return int(found[1]) if found else 0
