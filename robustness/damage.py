"""Damage a file in many ways and recover it: the new file is sound, whatever is lost is counted."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from pathlib import Path

from proof import Finding, Wanted, problems, rows

from annotui.domain.span import Span
from annotui.errors import StoreError
from annotui.services import history, recovery, upkeep
from annotui.services.workspace import Workspace
from annotui.storage import salvage
from stored_files import session_on, write_review

FILES = 1000
PAGE = 4096
LONG = "An article of many pages.\n\n" + "It has words upon words, and more. " * 900
SHORT = "Minister denies tax plan. " * 20


def prove(wanted: Wanted) -> list[Finding]:
    """Flip bits, wipe pages, cut off ends, overwrite headers; then recover each file."""
    sound = worked_on(wanted.folder / "sound.db")
    whole = sound.read_bytes()
    marks = int(rows(sound, "SELECT count(*) FROM annotation")[0][0])
    chance = wanted.chance("damage")
    tally: Counter[str] = Counter()
    faults: list[str] = []
    program = salvage.PROGRAM
    for number in range(wanted.count(FILES, 12)):
        kind = list(DAMAGES)[number % len(DAMAGES)]
        salvage.PROGRAM = program if number % 2 else "no-such-program"
        home = wanted.folder / str(number)
        home.mkdir()
        (home / "damaged.db").write_bytes(DAMAGES[kind](whole, chance))
        try:
            report = recovery.recover(home / "damaged.db", home / "new.db", "rescuer")
        except StoreError as error:
            tally["refused"] += 1
            if "Neither a document nor a mark" not in str(error):
                faults.append(f"{kind} {number}: {error}")
        else:
            tally["files"] += 1
            tally["marks"] += report.kept.annotations
            tally["left out"] += len(report.losses.marks)
            faults += [f"{kind} {number}: {one}" for one in problems(home / "new.db")]
        shutil.rmtree(home)
    salvage.PROGRAM = program
    expected = tally["files"] * marks
    saved = (tally["marks"] + tally["left out"]) / max(1, expected)
    return [
        Finding(
            f"{sum(tally[one] for one in ('files', 'refused')):,} damaged files recovered: "
            + ", ".join(DAMAGES),
            "each new file passes `annotui verify`, or it is said that nothing can be read",
            f"{len(faults)} faults; {tally['files']:,} recovered, "
            f"{tally['refused']:,} empty; {saved:.1%} of the marks saved"
            + "".join(f"; {one}" for one in faults[:3]),
            not faults,
        )
    ]


def worked_on(path: Path) -> Path:
    """A file with all kinds of changes, one of its texts of many pages."""
    amy, bob = Workspace(path, "amy"), Workspace(path, "bob")
    short, long = session_on(amy, SHORT), session_on(amy, LONG)
    for start in range(0, 160, 4):
        short.annotate([Span(start, start + 7)], "claim", note=f"note {start}")
        long.annotate([Span(start, start + 9), Span(start + 20, start + 25)], "denial")
    marks = short.annotations()
    short.relabel(marks[0], "denial")
    short.remove(marks[1])
    history.undo(amy)
    write_review(bob, marks[2], "accepted")
    upkeep.rename_annotator(amy, "amy", "Amy Winter")
    amy.close()
    bob.close()
    return path


def flipped(count: int, whole: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(whole)
    for _ in range(count):
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def wiped(whole: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(whole)
    for _ in range(chance.randrange(1, 8)):
        start = chance.randrange(len(damaged) // PAGE) * PAGE
        new = bytes(PAGE) if chance.random() < 0.5 else chance.randbytes(PAGE)
        damaged[start : start + PAGE] = new
    return bytes(damaged)


DAMAGES = {
    "one bit": lambda whole, chance: flipped(1, whole, chance),
    "30 bits": lambda whole, chance: flipped(30, whole, chance),
    "600 bits": lambda whole, chance: flipped(600, whole, chance),
    "wiped pages": wiped,
    "cut off": lambda whole, chance: whole[: chance.randrange(len(whole) // 4, len(whole))],
    "header gone": lambda whole, chance: chance.randbytes(100) + whole[100:],
}
