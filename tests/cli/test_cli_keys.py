"""keys: the table as it stands, and a config that cannot be used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_program import Annotui

import annotui.tui.app
from annotui.cli import output

ROOT = Path(__file__).resolve().parents[2]
CONFIG = Path("annotui.toml")
SCHEME = '[[label]]\nname = "question"\nkey = "z"\nglyph = "?"\ncolour = "#336699"\n'


def test_the_page_of_keys_in_the_docs_is_what_the_program_prints(annotui: Annotui) -> None:
    printed = annotui("keys", "--format", "markdown").text
    assert (ROOT / "docs" / "keys.md").read_text("utf-8") == printed


def test_the_table_has_the_keys_of_labels_and_of_the_config(annotui: Annotui) -> None:
    Path("scheme.toml").write_text(SCHEME)
    annotui("labels", "--import", "scheme.toml")
    CONFIG.write_text('[keys]\nclause_next = [".", "g ."]\nexport = []\n')
    found = {one["id"]: one for one in json.loads(annotui("keys", "--format", "json").text)}
    assert found["annotate:question"]["keys"] == ["z", "1"]
    assert found["clause_next"]["keys"] == [".", "g ."]
    assert found["export"]["keys"] == []
    assert found["down"] == {"id": "down", "keys": ["j", "↓"], "group": "Move", "help": "Row down"}
    table = annotui("keys").text
    assert "Mark as question" in table
    assert ".  g ." in table


def test_a_key_that_would_break_a_markdown_table_does_not(annotui: Annotui) -> None:
    CONFIG.write_text('[keys]\nhelp = ["|", "`"]\n')
    printed = annotui("keys", "--format", "markdown").text
    assert "| `\\|` `` ` `` | All keys | `help` |" in printed


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('theme = "nrod"', "annotui.toml line 1: there is no theme 'nrod'."),
        ("measure = 1", "annotui.toml line 1: measure is 1"),
        ('[keys]\nhlep = ["H"]', "line 2: there is no action 'hlep'. Did you mean help"),
        ('[keys]\nhelp = ["j"]', "annotui.toml line 2: the key 'j' is wanted for"),
        ('[keys]\nhelp = ["c"]', "line 2: the key 'c' is wanted for help, but the label 'claim'"),
        ('[keys]\nclaim = ["z"]', "line 2: the keys of labels are in the label scheme"),
        ('[keys]\n"annotate:claim" = ["z"]', "the keys of labels are in the label scheme"),
        ('measure = 90\n[[keys]]\nquit = ["Q"]', "annotui.toml line 2: keys is a table"),
        ("[keys]\nquit = []", "annotui.toml line 2: quit needs a key."),
        ('labels = "none.toml"', "annotui.toml line 1: there is no file"),
    ],
)  # fmt: skip
def test_the_reader_does_not_start_with_a_wrong_config_and_writes_nothing(
    lines: str, words: str, annotui: Annotui, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []
    monkeypatch.setattr(annotui_app(), "read", lambda *given: started.append(given) or 0)
    monkeypatch.setattr(output, "is_terminal", lambda stream: True)
    CONFIG.write_text(lines + "\n")
    Path("one.txt").write_text("One.")
    ran = annotui("one.txt")
    assert (ran.code, started) == (1, [])
    assert words in ran.err
    assert not Path("annotations.db").exists()
    CONFIG.unlink()
    assert annotui("one.txt").code == 0
    assert len(started) == 1


@pytest.mark.parametrize("arguments", [["add", "one.txt"], ["labels"], ["keys"]])
def test_labels_that_the_reader_could_not_use_make_no_database(
    arguments: list[str], annotui: Annotui
) -> None:
    Path("one.txt").write_text("One.")
    Path("scheme.toml").write_text(SCHEME.replace('"z"', '"j"'))
    CONFIG.write_text('labels = "scheme.toml"\n')
    ran = annotui(*arguments)
    assert not Path("annotations.db").exists()
    if arguments != ["labels"]:
        assert ran.code == 1
        assert "scheme.toml: the key 'j' of the label 'question' is down in the reader" in ran.err


def test_a_new_database_has_the_labels_that_are_set(annotui: Annotui) -> None:
    Path("one.txt").write_text("One.")
    Path("scheme.toml").write_text(SCHEME)
    CONFIG.write_text('labels = "scheme.toml"\n')
    assert annotui("add", "one.txt").code == 0
    CONFIG.unlink()
    assert [one["name"] for one in json.loads(annotui("labels", "--format", "json").text)] == [
        "question"
    ]


def annotui_app() -> object:
    return annotui.tui.app


def test_labels_for_a_new_database_do_not_touch_one_that_has_its_own(seeded: Annotui) -> None:
    Path("scheme.toml").write_text(SCHEME)
    CONFIG.write_text('labels = "scheme.toml"\n')
    ran = seeded("keys", "--format", "json")
    assert "annotui.toml line 1 names labels for a new database" in ran.err
    assert "annotui labels --import" in ran.err
    assert "annotate:claim" in ran.text
    assert "annotate:question" not in ran.text
