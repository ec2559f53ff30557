"""verify, backup, labels and annotators."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from cli_program import SEED_ID, Annotui, rows

DB = Path("annotations.db")


def test_verify_says_how_much_was_checked(seeded: Annotui) -> None:
    seeded("annotate", SEED_ID[:6], "claim", "--quote", "40 people")
    ran = seeded("verify")
    assert (ran.code, ran.err) == (0, "")
    assert ran.text.startswith("All in order: 1 document, 1 annotation, ")


def test_verify_names_what_is_wrong_and_exits_1(seeded: Annotui) -> None:
    seeded("annotate", SEED_ID[:6], "claim", "--quote", "40 people")
    connection = sqlite3.connect("annotations.db", isolation_level=None)
    (trigger,) = connection.execute(
        "SELECT sql FROM sqlite_master WHERE name = 'annotation_fixed'"
    ).fetchone()
    connection.execute("DROP TRIGGER annotation_fixed")
    connection.execute("UPDATE annotation SET quote = '41 people'")
    connection.execute(trigger)
    connection.close()
    before = DB.read_bytes()
    ran = seeded("verify")
    assert ran.code == 1
    assert any("the quote is '41 people'" in line for line in ran.lines)
    assert ran.err.startswith("annotui: annotations.db is not sound: 2 problems found.")
    assert DB.read_bytes() == before


def test_a_backup_is_a_whole_copy_and_goes_over_nothing(seeded: Annotui) -> None:
    ran = seeded("backup", "copy.db")
    assert (ran.code, ran.out) == (0, b"")
    assert ran.err.startswith("Wrote copy.db: 1 document, 0 annotations, ")
    assert rows(Path("copy.db"), "SELECT id FROM document") == [(SEED_ID,)]
    assert seeded("--db", "copy.db", "verify").code == 0
    for target in ("copy.db", "annotations.db", "nowhere/x.db"):
        before = DB.read_bytes()
        assert seeded("backup", target).code == 1
        assert DB.read_bytes() == before


def test_labels_come_from_the_file_or_are_the_default_ones(annotui: Annotui) -> None:
    default = json.loads(annotui("labels", "--format", "json").out)
    assert [label["name"] for label in default] == ["claim", "denial", "statistic", "attribution"]
    assert list(default[0]) == ["name", "key", "glyph", "colour", "guideline", "example"]
    assert not DB.exists()
    table = annotui("labels").text
    for label in default:
        assert f"{label['key']}  {label['glyph']}  {label['name']}  {label['colour']}\n" in table
        assert label["guideline"] in " ".join(table.split())
    assert max(map(len, table.splitlines())) <= 88


def test_annotators_are_listed_and_renamed_and_the_renaming_is_undone(seeded: Annotui) -> None:
    seeded("annotate", SEED_ID[:6], "claim", "--quote", "40 people")
    assert seeded("annotators").lines[1].split() == ["ann", "1"]
    ran = seeded("annotators", "--rename", "ann", "Anna Maria")
    assert (ran.code, ran.out) == (0, b"")
    assert ran.err == "ann goes under Anna Maria from now on, with 1 annotation.\n"
    assert rows(DB, "SELECT annotator FROM annotations") == [("Anna Maria",)]
    assert seeded("undo").err == "Undone: rename: ann → Anna Maria\n"
    assert rows(DB, "SELECT annotator FROM annotations") == [("ann",)]
    assert seeded("annotators", "--rename", "nobody", "x").code == 1


def test_recover_saves_a_file_without_its_beginning_and_says_what_is_lost(
    seeded: Annotui,
) -> None:
    seeded("annotate", SEED_ID[:6], "claim", "--quote", "40 people", "--note", "the count")
    with DB.open("r+b") as file:
        file.write(b"damaged!" * 20)
    before = DB.read_bytes()
    refused = seeded("list")
    assert refused.code == 1
    assert "`annotui recover DAMAGED NEW` saves" in refused.err
    ran = seeded("recover", "annotations.db", "new.db")
    assert (ran.code, ran.out) == (0, b"")
    assert ran.err.startswith("Wrote new.db: 1 document, 1 annotation, ")
    assert "annotations.db was left as it is" in ran.err
    assert DB.read_bytes() == before
    assert rows(Path("new.db"), "SELECT quote, note FROM annotations") == [
        ("40 people", "the count")
    ]
    assert seeded("--db", "new.db", "verify").code == 0
    assert seeded("recover", "annotations.db", "new.db").code == 1


def test_recover_names_a_lost_document_and_keeps_its_marks_for_import(annotui: Annotui) -> None:
    text = "A title\n\n" + "Forty people came to the square. " * 400
    Path("long.txt").write_text(text)
    annotui("add", "long.txt")
    annotui("annotate", "long.txt", "claim", "--start", "9", "--end", "21")
    whole = DB.read_bytes()
    place = whole.rindex(b"to the square. Forty people came")
    DB.write_bytes(whole[:place] + b"#" + whole[place + 1 :])
    ran = annotui("recover", "annotations.db", "new.db")
    assert ran.code == 3
    assert ran.lines[0].startswith("lost: document ")
    assert ran.lines[0].endswith(" A title")
    assert ran.lines[1] == "lost: 1 annotation of a lost document"
    assert "`annotui import --db new.db new.db.left-out.csv`" in ran.err
    assert annotui("--db", "new.db", "add", "long.txt").code == 0
    assert annotui("--db", "new.db", "import", "new.db.left-out.csv").code == 0
    assert rows(Path("new.db"), "SELECT quote FROM annotations") == [("Forty people",)]
    assert annotui("--db", "new.db", "verify").code == 0
