"""An adjudication from the command line, from the first look to the agreed set."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cli_program import TWO_TEXT as TEXT
from cli_program import Annotui, in_terminal


def state(annotui: Annotui, *arguments: str) -> dict[str, Any]:
    ran = annotui("adjudicate", "--format", "json", *arguments)
    assert ran.code == 0, ran
    found: dict[str, Any] = json.loads(ran.text)
    return found


def gold(name: str = "gold") -> list[tuple[str, str]]:
    with closing(sqlite3.connect("annotations.db")) as db:
        return db.execute(
            "SELECT label, quote FROM annotations WHERE annotator = ? ORDER BY start", (name,)
        ).fetchall()


def test_looking_writes_nothing_and_says_what_there_is_to_do(two: Annotui) -> None:
    before = Path("annotations.db").read_bytes()
    found = state(two)
    counts = {name: found[name] for name in ("agreed", "decided", "to_take_in", "open")}
    assert counts == {"agreed": 0, "decided": 0, "to_take_in": 1, "open": 3}
    assert found["annotators"] == ["ann", "bob"]
    assert [one["differences"] for one in found["conflicts"]] == [
        ["boundary"],
        ["missing"],
        ["label", "note"],
    ]
    assert "1 more are agreed" in two("adjudicate", "--format", "table").err
    assert Path("annotations.db").read_bytes() == before


def test_conflicts_are_resolved_one_by_one(two: Annotui) -> None:
    ids = [one["id"] for one in state(two, "--take-in")["conflicts"]]
    ran = two("resolve", ids[0][-6:], "intersection")
    assert ran.code == 0
    assert "intersection: statistic" in ran.err
    assert "2 conflicts left" in ran.err
    assert two("resolve", ids[1], "2").text == ""
    made = two("resolve", ids[2], "ann", "--label", "statistic", "--note", "why").text.strip()
    assert gold() == [
        ("denial", "The mayor denied it"),
        ("statistic", "3 per cent"),
        ("statistic", "Nobody was asked"),
    ]
    found = state(two)
    assert (found["agreed"], found["decided"], found["open"]) == (1, 3, 0)
    exported = list(csv.DictReader(io.StringIO(two("export", "--annotator", "gold").text)))
    assert [row["note"] for row in exported if row["id"] == made] == ["why"]
    assert two("verify").code == 0
    two("undo")
    assert state(two)["open"] == 1


def test_csv_has_a_row_for_each_annotator_of_each_conflict(two: Annotui) -> None:
    rows = list(csv.DictReader(io.StringIO(two("adjudicate", "--format", "csv").text)))
    assert [(row["annotator"], row["key"]) for row in rows] == [("ann", "1"), ("bob", "2")] * 3
    assert rows[3]["label"] == ""


def test_marking_anew_and_keeping_what_was_decided(two: Annotui) -> None:
    ids = [one["id"] for one in state(two)["conflicts"]]
    start = TEXT.index("rose")
    where = ("--start", str(start), "--end", str(start + 4))
    assert two("resolve", ids[0], "anew", "--label", "claim", *where).code == 0
    two("--annotator", "cy", "annotate", "Article", "statistic", "--quote", "by 3 per cent")
    (conflict,) = [one for one in state(two)["conflicts"] if one["earlier"]]
    assert conflict["earlier"][0]["mark"]["quote"] == "rose"
    assert two("resolve", conflict["id"], "keep").code == 0
    assert gold() == [("claim", "rose")]
    assert not [one for one in state(two)["conflicts"] if one["earlier"]]


def test_a_set_has_its_own_name_and_documents_are_chosen(two: Annotui) -> None:
    assert state(two, "--name", "agreed", "--take-in", "--document", "Article")["to_take_in"] == 0
    assert gold("agreed") == [("denial", "The mayor denied it")]
    assert gold() == []
    assert state(two)["annotators"] == ["ann", "bob"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["adjudicate"], 1, "needs a terminal"),
        (["adjudicate", "--format", "csv", "--annotators", "ann"], 1, "needs two annotators"),
        (["adjudicate", "--take-in", "--name", "bob"], 1, "cannot have that name"),
        (["resolve", "zzzz", "ann"], 1, "No open conflict has a mark 'zzzz'"),
        (["resolve", "LAST", "zoe"], 1, "'zoe' is no choice"),
        (["resolve", "LAST", "keep"], 1, "Nothing was decided on this before"),
        (["resolve", "LAST", "union"], 1, "claim or denial"),
        (["resolve", "LAST", "ann", "--label", "clam"], 1, "clam"),
        (["resolve", "LAST", "anew", "--label", "claim"], 2, "anew goes with"),
        (["resolve", "LAST", "ann", "--start", "1", "--end", "2"], 2, "anew goes with"),
        (
            ["resolve", "LAST", "anew", "--label", "claim", "--start", "1", "--end", "999"],
            1,
            "ends behind the text",
        ),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_written(
    two: Annotui, arguments: list[str], code: int, says: str
) -> None:
    last = state(two)["conflicts"][-1]["id"]
    before = Path("annotations.db").read_bytes()
    ran = two(*(last if argument == "LAST" else argument for argument in arguments))
    assert (ran.code, ran.out) == (code, b"")
    assert says in ran.err
    assert Path("annotations.db").read_bytes() == before


def test_the_screen_opens_decides_and_leaves(two: Annotui, tmp_path: Path) -> None:
    code, sent = in_terminal(
        *("--annotator", "judge", "adjudicate"),
        cwd=tmp_path,
        typed=b"1xsq",
        typed_after=b"3 left",
    )
    assert code == 0
    assert b"Nothing is left to decide" in sent
    assert gold() == [
        ("denial", "The mayor denied it"),
        ("statistic", "Prices rose by 3 per cent"),
        ("statistic", "Nobody was asked"),
    ]
    code, sent = in_terminal("--annotator", "judge", "adjudicate", cwd=tmp_path)
    assert code == 0
    assert b"0 conflicts open, 3 decided, 1 agreed by ann, bob in 1 document." in sent
