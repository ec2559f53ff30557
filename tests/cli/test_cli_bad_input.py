"""Whatever is given: one message, the right exit code, no traceback, nothing lost."""

from __future__ import annotations

import ctypes
import resource
import sqlite3
from pathlib import Path

import pytest
from cli_program import SEED, SEED_ID, Annotui, environment, rows, run

DB = Path("annotations.db")
READING = (
    ["list"],
    ["show", "abcdef"],
    ["export"],
    ["export", "-o", "new.csv"],
    ["log"],
    ["verify"],
    ["backup", "new.db"],
    ["annotators"],
)
WRITING = (
    ["annotate", "abcdef", "claim", "--quote", "x"],
    ["undo"],
    ["redo"],
    ["annotators", "--rename", "a", "b"],
)


def fails(annotui: Annotui, *arguments: str, says: str, code: int = 1) -> None:
    ran = annotui(*arguments)
    assert ran.code == code, (arguments, ran)
    assert ran.out == b""
    assert ran.err.startswith("annotui: ")
    assert ran.err.count("annotui: ") == 1
    assert says in ran.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["add", "nosuch.txt"], "There is no file nosuch.txt. Nothing was added."),
        (["add", "."], "There is no article in ."),
        (["add", "a" * 300], "File name too long. Nothing was added."),
        (["add", "loop"], "loop cannot be read"),
        (["add", "/dev/null"], "/dev/null is not a regular file"),
        (["add", "binary"], "binary is not a text: it holds binary data (NUL at byte 1)"),
        (["add", "nul"], "nul is not a text: there is a NUL character at 1"),
        (["add", "latin1"], "byte 0xe9 at 3"),
        (["add", "blank"], "blank is empty"),
        (["add", "--encoding", "klingon", "latin1"], "There is no encoding 'klingon'"),
        (["add", "--encoding", "rot13", "latin1"], "does not turn bytes into text"),
        (["add", "--encoding", "undefined", "latin1"], "Nothing was added"),
        (["annotate", "6f0c9d", "clam", "--quote", "x"], "Did you mean 'claim'?"),
        (["annotate", "6f0c9d", "claim", "--quote", "zzz"], "is not in the article"),
        (["annotate", "6f0c9d", "claim", "--quote", "the"], "is in the article 39 times"),
        (
            ["annotate", "6f0c9d", "claim", "--quote", "the", "--occurrence", "40"],
            "there is no occurrence 40",
        ),
        (["annotate", "6f0c9d", "claim", "--quote", ""], "The quote is empty"),
        (["annotate", "6f0c9d", "claim", "--start", "5", "--end", "3"], "5..3"),
        (["annotate", "6f0c9d", "claim", "--start", "5", "--end", "5"], "5..5"),
        (["annotate", "6f0c9d", "claim", "--start", "-1", "--end", "5"], "-1..5"),
        (["annotate", "6f0c9d", "claim", "--start", "0", "--end", "2273"], "2272 characters"),
        (["annotate", "abcdef", "claim", "--quote", "x"], "There is no document 'abcdef'"),
        (
            ["annotate", "6f0c9d", "claim", "--quote", "40 people", "--note", "a\0b"],
            "The note holds NUL",
        ),
        (
            ["annotate", "6f0c9d", "claim", "--quote", "40 people", "--annotator", " "],
            "The annotator's name is empty",
        ),
        (["show", "6f0c9"], "There is no document '6f0c9'"),
        (["export", "--label", "clam"], "Did you mean 'claim'?"),
        (["export", "--annotator", "zed"], "There is no annotator 'zed'"),
        (["export", "--document", "zed"], "There is no document 'zed'"),
        (["undo"], "There is nothing of yours to undo"),
        (["redo"], "There is nothing of yours to redo"),
        (["annotators", "--rename", "zed", "x"], "There is no annotator 'zed'"),
        (["annotators", "--rename", "ann", "ann"], "the same name twice"),
        (["show", ""], "The name of a document is empty"),
        (["export", "-o", "nowhere/"], "There is no folder nowhere/."),
        (["export", "-o", "blank/"], "There is no folder blank/."),
        (["backup", "nowhere/"], "There is no folder nowhere/."),
        (["--db", "nowhere/", "add", str(SEED)], "There is no folder nowhere/."),
        (["export", "-o", "annotations.db-journal"], "is where SQLite keeps"),
        (["backup", "annotations.db-wal"], "is where SQLite keeps"),
        (["backup", "annotations.db"], "exists already"),
        (["backup", "a" * 300], "Nothing was written"),
        (["export", "-o", "a" * 300], "cannot be written"),
        (["--db", "a" * 300, "list"], "File name too long"),
        (["--db", "a" * 300, "add", str(SEED)], "File name too long"),
    ],
)
def test_bad_input_is_one_message_and_changes_nothing(
    seeded: Annotui, arguments: list[str], says: str
) -> None:
    Path("loop").symlink_to("loop")
    Path("binary").write_bytes(b"\x7f\0\xff\xfe")
    Path("nul").write_bytes(b"x\0y")
    Path("latin1").write_bytes(b"caf\xe9")
    Path("blank").write_bytes(b" \n\t\n")
    before = DB.read_bytes()
    there = sorted(Path().iterdir())
    fails(seeded, *arguments, says=says)
    assert DB.read_bytes() == before
    assert sorted(Path().iterdir()) == there


@pytest.mark.parametrize(
    "arguments",
    [["--db", "", "list"], ["list", "--db", ""], ["export", "-o", ""], ["backup", ""]],
)
def test_an_empty_name_of_a_file_is_called_empty(annotui: Annotui, arguments: list[str]) -> None:
    ran = annotui(*arguments)
    assert (ran.code, ran.out) == (2, b"")
    assert "it is empty; name a file. Nothing was done." in ran.err
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "nosuch"], ["log", "--document", "nosuch"], ["export", "--label", "nosuch"],
        ["export", "--annotator", "nosuch"], ["list", "--annotator", "a\nb"],
    ],
)  # fmt: skip
def test_reading_does_not_say_that_nothing_was_changed(
    seeded: Annotui, arguments: list[str]
) -> None:
    ran = seeded(*arguments)
    assert ran.code == 1
    assert "Nothing was" in ran.err
    assert "changed" not in ran.err


@pytest.mark.parametrize("arguments", [*READING, *WRITING], ids=lambda each: each[0])
def test_a_missing_database_is_named_and_not_made(annotui: Annotui, arguments: list[str]) -> None:
    fails(annotui, *arguments, says="There is no database at annotations.db. `annotui add ARTICLE`")
    assert list(Path().iterdir()) == []


def not_sqlite() -> str:
    DB.write_text("My notes, not a database. " * 50)
    return "annotations.db is not an SQLite database"


def foreign() -> str:
    connection = sqlite3.connect(DB)
    connection.execute("CREATE TABLE mine (x)")
    connection.commit()
    connection.close()
    return "not one of annotui's"


def newer() -> str:
    connection = sqlite3.connect(DB)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    return "was written by a newer annotui"


def cut_off() -> str:
    DB.write_bytes(DB.read_bytes()[: DB.stat().st_size // 2])
    return "annotations.db is damaged"


def folder() -> str:
    DB.unlink()
    DB.mkdir()
    return "is a folder, not a database file"


def foreign_trigger() -> str:
    connection = sqlite3.connect(DB)
    connection.execute(
        "CREATE TRIGGER evil AFTER INSERT ON change BEGIN SELECT load_extension('x'); END"
    )
    connection.close()
    return "has a trigger that is not annotui's: 'evil'"


@pytest.mark.parametrize("trouble", [not_sqlite, foreign, newer, cut_off, folder, foreign_trigger])
def test_a_file_that_cannot_be_worked_on_is_left_as_it_is(seeded: Annotui, trouble: object) -> None:
    if trouble is foreign:
        DB.unlink()
    says = trouble()  # type: ignore[operator]
    before = DB.read_bytes() if DB.is_file() else None
    for arguments in (*READING, *WRITING, ["add", str(SEED)]):
        fails(seeded, *arguments, says=says)
        assert (DB.read_bytes() if DB.is_file() else None) == before
    assert list(Path().iterdir()) == [DB]


def test_a_page_of_rubbish_is_one_message(seeded: Annotui) -> None:
    whole = bytearray(DB.read_bytes())
    whole[4096:] = b"\xa5" * (len(whole) - 4096)
    DB.write_bytes(whole)
    for arguments in (*READING, ["undo"], ["add", str(SEED)]):
        ran = seeded(*arguments)
        assert ran.code == 1
        assert ran.err.startswith("annotui: ")
        assert "Traceback" not in ran.err
        assert DB.read_bytes() == whole


def test_a_locked_database_is_one_message(seeded: Annotui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotui.storage.database.BUSY_TIMEOUT_S", 0.05)
    Path("two.txt").write_text("Two.")
    holder = sqlite3.connect(DB, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    for arguments in (
        ["annotate", SEED_ID[:6], "claim", "--quote", "40 people"],
        ["add", "two.txt"],
        ["undo"],
        ["annotators", "--rename", "ann", "x"],
    ):
        fails(seeded, *arguments, says="another program holds the lock of annotations.db")
    assert seeded("list").code == 0
    holder.execute("ROLLBACK")
    holder.execute("BEGIN EXCLUSIVE")
    fails(seeded, "list", says="holds the lock of annotations.db. Try again when it is done.")
    holder.close()
    assert rows(DB, "SELECT count(*) FROM annotation") == [(0,)]


def no_override() -> None:
    """Give up root's right to write what is read-only."""
    libc = ctypes.CDLL(None)
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def test_read_only_files_and_folders_are_one_message(tmp_path: Path) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    assert run("add", str(SEED), cwd=folder).code == 0
    before = (folder / "annotations.db").read_bytes()
    secret = folder / "secret.txt"
    secret.write_text("Secret.")
    secret.chmod(0)
    (folder / "annotations.db").chmod(0o444)
    folder.chmod(0o555)
    mark = ("annotate", SEED_ID[:6], "claim", "--quote", "40 people")
    try:
        for arguments in (mark, ("undo",), ("add", "secret.txt"), ("export", "-o", "x.csv"),
                          ("backup", "x.db"), ("--db", "new.db", "add", str(SEED))):  # fmt: skip
            ran = run(*arguments, cwd=folder, before=no_override)
            assert (ran.code, ran.out) == (1, b""), (arguments, ran)
            assert ran.err.startswith("annotui: ")
            assert ran.err.count("\n") == 1
        assert run("list", cwd=folder, before=no_override).code == 0
        assert run("add", str(SEED), cwd=folder, before=no_override).code == 0
    finally:
        folder.chmod(0o755)
    assert (folder / "annotations.db").read_bytes() == before
    assert {path.name for path in folder.iterdir()} == {"annotations.db", "secret.txt"}


def test_a_disk_that_takes_no_more_is_one_message(tmp_path: Path) -> None:
    assert run("add", str(SEED), cwd=tmp_path).code == 0
    (tmp_path / "long.txt").write_text("A long text. " * 100_000)
    size = (tmp_path / "annotations.db").stat().st_size

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 4096, size + 4096))

    for arguments in (("add", "long.txt"),):
        ran = run(*arguments, cwd=tmp_path, before=small, env=environment())
        assert (ran.code, ran.out) == (1, b"")
        assert ran.err.startswith("annotui: long.txt: Not saved")
    assert run("verify", cwd=tmp_path).code == 0
    assert rows(tmp_path / "annotations.db", "SELECT id FROM document") == [(SEED_ID,)]
