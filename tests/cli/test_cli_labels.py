"""labels: the scheme out, and another one in."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from cli_program import SEED_ID, Annotui, rows

from annotui.domain.label_scheme import default_scheme
from annotui.formats import label_toml

DB = Path("annotations.db")
OWN = """[[label]]
name = "question"
key = "z"
glyph = "?"
colour = "#336699"
guideline = "What is asked."

[[label]]
name = "claim"
key = "c"
glyph = "!"
colour = "#ecd420"
"""


@pytest.fixture
def marked(seeded: Annotui) -> Annotui:
    """The seed article with a claim and a denial, and a scheme without the denial in own.toml."""
    for label, end in (("claim", "5"), ("denial", "9")):
        assert seeded("annotate", SEED_ID, label, "--start", "0", "--end", end).code == 0
    Path("own.toml").write_text(OWN)
    return seeded


def test_the_scheme_is_printed_and_written_as_toml(annotui: Annotui) -> None:
    ran = annotui("labels", "--export")
    assert label_toml.loads(ran.text, "out") == default_scheme()
    written = annotui("labels", "--export", "scheme.toml")
    assert (written.code, written.out) == (0, b"")
    assert "annotui labels --import scheme.toml" in written.err
    assert Path("scheme.toml").read_text("utf-8") == ran.text
    again = annotui("labels", "--export", "scheme.toml")
    assert again.code == 1
    assert "exists already" in again.err
    assert not DB.exists()


def test_an_exported_scheme_can_be_brought_back_and_changes_nothing(seeded: Annotui) -> None:
    seeded("labels", "--export", "scheme.toml")
    before = DB.read_bytes()
    ran = seeded("labels", "--import", "scheme.toml")
    assert (ran.code, ran.out) == (0, b"")
    assert "has these labels already" in ran.err
    assert DB.read_bytes() == before


def test_an_import_is_one_change_in_the_log_that_undo_takes_back(seeded: Annotui) -> None:
    Path("own.toml").write_text(OWN)
    ran = seeded("labels", "--import", "own.toml")
    assert (ran.code, len(ran.lines)) == (0, 1)
    assert "The labels of annotations.db are now: question, claim." in ran.err
    found = json.loads(seeded("labels", "--format", "json").text)
    assert [(one["name"], one["key"]) for one in found] == [("question", "z"), ("claim", "c")]
    assert "Retired (marks stay, no key makes new ones): denial" in seeded("labels").text
    log = json.loads(seeded("log", "--format", "json").text)
    assert (log[-1]["kind"], log[-1]["id"]) == ("scheme", ran.lines[0])
    assert "Undone: scheme: question, claim" in seeded("undo").err
    assert [one["name"] for one in json.loads(seeded("labels", "--format", "json").text)] == [
        "claim", "denial", "statistic", "attribution",
    ]  # fmt: skip
    assert seeded("verify").code == 0


def test_a_label_in_use_is_named_with_its_marks_and_both_ways_out_work(marked: Annotui) -> None:
    before = DB.read_bytes()
    refused = marked("labels", "--import", "own.toml")
    assert refused.code == 1
    assert "denial (1 mark)" in refused.err
    assert "--carry 'denial=question'" in refused.err
    assert "--retire 'denial'" in refused.err
    assert DB.read_bytes() == before
    carried = marked("labels", "--import", "own.toml", "--carry", "denial=question")
    assert "1 mark carried from denial to question." in carried.err
    assert rows(DB, "SELECT label FROM annotations ORDER BY end") == [("claim",), ("question",)]
    assert marked("undo").code == 0
    retired = marked("labels", "--import", "own.toml", "--retire", "denial")
    assert "denial is retired and its 1 mark kept" in retired.err
    assert rows(DB, "SELECT label FROM annotations ORDER BY end") == [("claim",), ("denial",)]
    assert "denial" in marked("show", SEED_ID).text
    assert "denial" in marked("export", "--label", "denial").text
    assert "1" in marked("list", "--format", "csv").lines[1].split(",")
    refused = marked("annotate", SEED_ID, "denial", "--start", "1", "--end", "2")
    assert "is retired" in refused.err
    assert marked("verify").code == 0


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("j", "own.toml: the key 'j' of the label 'question' is down in the reader (Row down)."),
        ("g", "own.toml: the key 'g' of the label 'question' begins chords such as g g."),
        ("y", "own.toml: the key 'y' of the label 'question' accepts a mark in a review."),
        ("r", "own.toml: the key 'r' of the label 'question' is review in the reader"),
    ],
)
def test_a_key_of_the_reader_is_refused_and_the_free_ones_named(
    key: str, words: str, seeded: Annotui
) -> None:
    Path("own.toml").write_text(OWN.replace('"z"', f'"{key}"'))
    before = DB.read_bytes()
    ran = seeded("labels", "--import", "own.toml")
    assert ran.code == 1
    assert words in ran.err
    free = ran.err.split("these are free:")[1].split()
    assert {"z", "p", "Q"} <= set(free)
    assert not {"c", "j", "g", "y", "U", "w"} & set(free)
    assert DB.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--import", "none.toml"], 1, "There is no file none.toml."),
        (["--import", "bad.toml"], 1, "bad.toml line 2: the name is empty."),
        (["--carry", "a=b"], 2, "--carry and --retire go with --import."),
        (["--retire", "a"], 2, "--carry and --retire go with --import."),
        (["--import", "own.toml", "--export", "x"], 2, "two commands"),
        (["--import", "own.toml", "--carry", "a"], 2, "OLD=NEW"),
        (["--import", "own.toml", "--carry", "a=b", "--carry", "a=c"], 2, "choose one of them"),
        (["--import", "pipe"], 1, "pipe is not a regular file"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_made(
    arguments: list[str], code: int, words: str, annotui: Annotui
) -> None:
    Path("own.toml").write_text(OWN)
    Path("bad.toml").write_text('[[label]]\nname = ""\n')
    os.mkfifo("pipe")
    ran = annotui("labels", *arguments)
    assert ran.code == code
    assert words in ran.err
    assert not DB.exists()


def test_names_that_hold_an_equals_sign_can_be_carried(marked: Annotui) -> None:
    Path("odd.toml").write_text(OWN.replace("question", "a=b"))
    assert marked("labels", "--import", "odd.toml", "--carry", "denial=a=b").code == 0
    assert rows(DB, "SELECT label FROM annotations ORDER BY end") == [("claim",), ("a=b",)]
    plain = OWN.replace("question", "b")
    Path("plain.toml").write_text(plain)
    assert marked("labels", "--import", "plain.toml", "--carry", "a=b=b").code == 0
    assert rows(DB, "SELECT label FROM annotations ORDER BY end") == [("claim",), ("b",)]


def test_a_label_leaves_the_keys_that_were_set_to_their_actions(annotui: Annotui) -> None:
    Path("annotui.toml").write_text('[keys]\nexport = ["C"]\nword_next = ["B"]\n')
    label = '[[label]]\nname = "q"\nkey = "{}"\nglyph = "!"\ncolour = "#123456"\n'
    Path("taken.toml").write_text(label.format("C"))
    Path("freed.toml").write_text(label.format("w"))
    refused = annotui("labels", "--import", "taken.toml")
    assert refused.code == 1
    assert "the key 'C' of the label 'q' is export in the reader" in refused.err
    assert " w " in refused.err.partition("free:")[2]
    assert not DB.exists()
    assert annotui("labels", "--import", "freed.toml").code == 0
    assert annotui("keys").code == 0
