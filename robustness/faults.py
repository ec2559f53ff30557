"""Everything that can be wrong with a file, met by the reader and by the command line.

Needs root, to mount small and read-only disks and to take rights away; what cannot be set up is
said to be left out.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from kills import painted
from proof import Finding, Wanted, problems, rows, run
from pty_reader import Terminal

ARTICLE = "Fault text\n\n" + " ".join(f"word{number}," for number in range(900)) + "\n"
WITHOUT_RIGHTS = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--")
"""Root that has to keep to the permissions of files, as everybody else has."""

LONGEST_ANSWER_S = 20.0
"""A command that meets a lock tries for some seconds; everything else is said at once."""

HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
"""

Undo = Callable[[], None]


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, how it comes about, and what helps.

    ``make`` does it to a database and answers how to take it back. ``words`` are looked for in
    what is said; empty where there is nothing to say, since all of it works. ``way_out`` is a
    command that has to work while the fault is there.
    """

    name: str
    make: Callable[[Path], Undo]
    words: tuple[str, ...]
    way_out: tuple[str, ...] = ()
    reads_on: bool = False
    before_start: bool = True
    while_open: bool = True


def prove(wanted: Wanted) -> list[Finding]:
    """Each fault, before the reader starts and while it is open."""
    findings: list[Finding] = []
    for number, fault in enumerate(FAULTS):
        for surface in (commands, reader_after, reader_open):
            if not (fault.while_open if surface is reader_open else fault.before_start):
                continue
            home = wanted.folder / f"{number}-{surface.__name__}"
            with prepared(home, fault) as db:
                try:
                    faults = surface(db, fault)
                except (OSError, subprocess.SubprocessError, sqlite3.Error) as error:
                    faults = [f"{type(error).__name__}: {error}"]
            findings.append(finding(fault, surface.__name__, faults))
    return together(findings)


def finding(fault: Fault, surface: str, faults: list[str]) -> Finding:
    return Finding(
        f"{fault.name}, {surface.replace('_', ', ')}",
        "",
        "; ".join(faults) or "as it should be",
        not faults,
    )


def together(findings: list[Finding]) -> list[Finding]:
    """One line for all that held, and one for each that did not."""
    held = [one for one in findings if one.held]
    names = dict.fromkeys(one.done.split(",")[0] for one in held)
    target = (
        "one clear message, the caret moves, nothing painted that is not stored, the file byte for "
        "byte as it was, and a way out that works"
    )
    line = Finding(", ".join(names), target, f"{len(held)} of {len(findings)} held", True)
    return [line, *(one for one in findings if not one.held)]


@contextmanager
def prepared(home: Path, fault: Fault) -> Iterator[Path]:
    """A folder, on a disk of its own where the fault is of the disk, with a marked article."""
    home.mkdir()
    is_small = fault.make in (fill_disk, make_disk_read_only)
    if is_small:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=900k", "tmpfs", home], check=True)
    try:
        (home / "article.txt").write_text(ARTICLE)
        run("add", "article.txt", home=home)
        document_id = rows(home / "annotations.db", "SELECT id FROM document")[0][0]
        run("annotate", document_id, "claim", "--start", "12", "--end", "30", home=home)
        yield home / "annotations.db"
    finally:
        if is_small:
            subprocess.run(["umount", "-l", home], check=True)


def fingerprint(db: Path) -> str:
    """What is at the path, byte for byte."""
    if db.is_dir():
        return "folder"
    return hashlib.sha256(db.read_bytes()).hexdigest() if db.exists() else "missing"


def commands(db: Path, fault: Fault) -> list[str]:
    """A command that reads and one that writes."""
    document_id = rows(db, "SELECT id FROM document")[0][0]
    back = fault.make(db)
    faults: list[str] = []
    try:
        before = fingerprint(db)
        mark = ("annotate", document_id, "claim", "--start", "40", "--end", "50")
        for arguments in (("list",), mark):
            began = time.monotonic()
            done = run(*arguments, home=db.parent, before=WITHOUT_RIGHTS)
            took = time.monotonic() - began
            works = not fault.words or (fault.reads_on and arguments == ("list",))
            faults += judged(done, fault, works=works)
            faults += [f"{arguments[0]} took {took:.0f} s"] if took > LONGEST_ANSWER_S else []
        if fault.words and fingerprint(db) != before:
            faults.append("the file was changed")
        faults += way_out(db, fault)
    finally:
        back()
    return faults


def judged(done: subprocess.CompletedProcess[str], fault: Fault, *, works: bool) -> list[str]:
    """What is wrong with an answer of the command line."""
    said = done.stderr.strip()
    if "Traceback" in said:
        return [f"a traceback: {said[-200:]}"]
    if works:
        return [] if done.returncode == 0 else [f"code {done.returncode}: {said[:200]}"]
    faults = [] if done.returncode == 1 else [f"code {done.returncode}"]
    if said.count("\n") or not said.startswith("annotui: "):
        faults.append(f"not one message: {said[:200]}")
    if not any(word in said for word in fault.words):
        faults.append(f"unclear: {said[:200]}")
    return faults


def way_out(db: Path, fault: Fault) -> list[str]:
    """Whether the command that helps does."""
    if not fault.way_out:
        return []
    target = db.parent.parent / f"rescued-{db.parent.name}.db"
    line = [part.format(db=db, target=target) for part in fault.way_out]
    done = run(*line, home=db.parent.parent)
    if done.returncode not in (0, 3):
        return [f"no way out: {done.stderr[:200]}"]
    return [f"rescued: {one}" for one in problems(target)]


def reader_after(db: Path, fault: Fault) -> list[str]:
    """The reader is started when the fault is there."""
    back = fault.make(db)
    before = fingerprint(db)
    terminal = Terminal(["--annotator", "ann"], db.parent, before=WITHOUT_RIGHTS)
    try:
        if not fault.words or fault.reads_on:
            terminal.until_shown("1 mark")
            faults = marks_in(terminal, db, fault)
            return faults + (["the file was changed"] if changed(db, before, fault) else [])
        code = terminal.wait()
        said = " ".join(terminal.shown.split())
        faults = [] if code == 1 else [f"code {code}"]
        faults += [] if any(word in said for word in fault.words) else [f"unclear: {said[:200]}"]
        faults += ["a traceback"] if "Traceback" in said else []
        return faults + (["the file was changed"] if fingerprint(db) != before else [])
    except AssertionError as error:
        return [str(error)[:300]]
    finally:
        terminal.close()
        back()


def reader_open(db: Path, fault: Fault) -> list[str]:
    """The fault comes while the reader is open."""
    terminal = Terminal(["--annotator", "ann"], db.parent, before=WITHOUT_RIGHTS)
    back: Undo = lambda: None  # noqa: E731
    try:
        terminal.until_shown("1 mark")
        back = fault.make(db)
        before = fingerprint(db)
        faults = marks_in(terminal, db, fault)
        return faults + (["the file was changed"] if changed(db, before, fault) else [])
    except AssertionError as error:
        return [str(error)[:300]]
    finally:
        terminal.close()
        back()


def changed(db: Path, before: str, fault: Fault) -> bool:
    return bool(fault.words) and fingerprint(db) != before


def marks_in(terminal: Terminal, db: Path, fault: Fault) -> list[str]:
    """Mark a word: it is stored and painted, or refused in words and not painted."""
    terminal.press("}wwwvec")
    if not fault.words:
        terminal.until_shown("2 marks")
        return leaves(terminal)
    words = (*fault.words, "Not saved", "saving…")
    terminal.until(lambda: any(word in joined(terminal) for word in words), "a message")
    faults = [] if painted(terminal) == 1 else [f"{painted(terminal)} marks are painted"]
    faults += ["a traceback"] if "Traceback" in terminal.shown else []
    terminal.press("\x1b")
    seen = len(terminal.raw)
    terminal.press("jjj")
    terminal.until(lambda: len(terminal.raw) > seen, "the caret to move")
    return faults + leaves(terminal)


def leaves(terminal: Terminal) -> list[str]:
    terminal.press("\x1b")
    terminal.read(0.2)
    terminal.press("q")
    code = terminal.wait()
    faults = [] if code in (0, 1) else [f"left with code {code}"]
    return faults + ([] if terminal.is_restored else ["the terminal is not as it was"])


def joined(terminal: Terminal) -> str:
    """The screen without line ends and the borders of notifications, so that words are found."""
    return " ".join(terminal.shown.replace("▌", " ").split())


# --- the faults ------------------------------------------------------------------------------


def fill_disk(db: Path) -> Undo:
    filler = db.with_name("filler")
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
    return lambda: filler.unlink(missing_ok=True)


def make_disk_read_only(db: Path) -> Undo:
    def remount(how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", db.parent], check=True)

    remount("ro")
    return lambda: remount("rw")


def with_mode(path_of: Callable[[Path], Path], mode: int) -> Callable[[Path], Undo]:
    def make(db: Path) -> Undo:
        path = path_of(db)
        old = path.stat().st_mode
        path.chmod(mode)
        return lambda: path.chmod(old)

    return make


def take_rights(db: Path) -> Undo:
    db.chmod(0)
    db.parent.chmod(0o555)

    def back() -> None:
        db.parent.chmod(0o755)
        db.chmod(0o644)

    return back


def vanish(db: Path) -> Undo:
    db.rename(db.with_name("elsewhere.db"))
    return lambda: None


def replace(db: Path) -> Undo:
    copy = db.with_name("copy.db")
    shutil.copy(db, copy)
    copy.replace(db)
    return lambda: None


def hold_lock(db: Path) -> Undo:
    """In another process: reading the file here would drop the locks of this one (POSIX)."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, db], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    holder.stdout.readline()

    def back() -> None:
        holder.communicate(b"\n")

    return back


def written_over(place: Callable[[int], int], new: bytes) -> Callable[[Path], Undo]:
    def make(db: Path) -> Undo:
        with db.open("r+b") as file:
            file.seek(place(db.stat().st_size))
            file.write(new)
        return lambda: None

    return make


def truncate(db: Path) -> Undo:
    os.truncate(db, db.stat().st_size // 2 // 4096 * 4096)
    return lambda: None


def flip_bits(db: Path) -> Undo:
    """In the heads of a third of the pages, as a bad disk might."""
    whole = bytearray(db.read_bytes())
    for start in range(4096, len(whole), 3 * 4096):
        whole[start] ^= 0x40
        whole[start + 5] ^= 0x10
    with db.open("r+b") as file:
        file.write(whole)
    return lambda: None


def write_foreign(db: Path) -> Undo:
    db.write_bytes(b"id,label\n1,claim\n" * 4000)
    return lambda: None


def make_newer(db: Path) -> Undo:
    connection = sqlite3.connect(db)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    return lambda: None


def put_folder(db: Path) -> Undo:
    db.unlink()
    db.mkdir()
    return lambda: None


def foreign_wal(db: Path) -> Undo:
    other = db.with_name("other.db")
    connection = sqlite3.connect(other)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE t AS SELECT 1 AS a")
    connection.commit()
    shutil.copy(other.with_name("other.db-wal"), db.with_name(db.name + "-wal"))
    connection.close()
    return lambda: None


def missing_wal(db: Path) -> Undo:
    connection = sqlite3.connect(db)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    for end in ("-wal", "-shm"):
        db.with_name(db.name + end).unlink(missing_ok=True)
    return lambda: None


RECOVER = ("recover", "{db}", "{target}")
BACKUP = ("--db", "{db}", "backup", "{target}")
DAMAGED = ("damaged", "recover", "not an SQLite database")

FAULTS = (
    Fault("full disk", fill_disk, ("the disk is full", "Not saved"), BACKUP, reads_on=True),
    Fault(
        *("read-only disk", make_disk_read_only, ("read-only",), BACKUP),
        reads_on=True,
        while_open=False,
    ),
    Fault(
        *("read-only file", with_mode(lambda db: db, 0o444), ("read-only",), BACKUP),
        reads_on=True,
        while_open=False,
    ),
    Fault(
        *("read-only folder", with_mode(lambda db: db.parent, 0o555), ("folder",), BACKUP),
        reads_on=True,
    ),
    Fault("permission taken away", take_rights, ("ermission", "folder")),
    Fault("vanished file", vanish, ("moved, replaced or deleted",), before_start=False),
    Fault("replaced file", replace, ("moved, replaced or deleted",), before_start=False),
    Fault(*("held lock", hold_lock, ("another program holds the lock", "saving…")), reads_on=True),
    Fault("damaged header", written_over(lambda _: 0, b"\xa5" * 100), DAMAGED, RECOVER),
    Fault("truncated file", truncate, DAMAGED, RECOVER),
    Fault("bit flips in pages", flip_bits, DAMAGED, RECOVER, while_open=False),
    Fault("foreign -wal", foreign_wal, ("does not belong to it",), while_open=False),
    Fault("missing -wal", missing_wal, ()),
    Fault("not a database", write_foreign, DAMAGED),
    Fault("newer schema", make_newer, ("newer annotui",), while_open=False),
    Fault("folder in its place", put_folder, ("is a folder", "moved, replaced or deleted")),
)
