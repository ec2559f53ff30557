"""annotui stats counts what plain sqlite3 finds."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from cli_program import Annotui, rows

from annotui.services import library
from annotui.services.session import Session
from annotui.services.workspace import Workspace

DB = Path("annotations.db")


@pytest.fixture
def worked(annotui: Annotui) -> Annotui:
    """Two articles with marks by two, of which a third has decided some."""
    Path("a.txt").write_text("Alpha beta gamma. Delta epsilon zeta eta.\n")
    Path("b.txt").write_text("Theta iota kappa.\n")
    annotui("add", "a.txt", "b.txt")
    ids = []
    for name, document, label, start, end in (
        ("ann", "a.txt", "claim", 0, 16),
        ("ann", "a.txt", "denial", 18, 40),
        ("bob", "a.txt", "claim", 0, 5),
        ("bob", "b.txt", "claim", 0, 5),
    ):
        span = ("--start", str(start), "--end", str(end))
        ids.append(annotui("--annotator", name, "annotate", document, label, *span).text.strip())
    rita = ("--annotator", "rita", "decide")
    annotui(*rita, ids[0], "reject", "--reason", "wrong span")
    annotui(*rita, ids[0], "accept", "--label", "denial")
    annotui(*rita, ids[2], "reject", "--reason", "duplicate")
    annotui("--annotator", "bob", "status", "b.txt", "done")
    return annotui


def found(ran: Any) -> dict[str, Any]:
    assert ran.code == 0, ran
    answer: dict[str, Any] = json.loads(ran.text)
    return answer


def test_json_has_every_figure(worked: Annotui) -> None:
    told = found(worked("stats", "--format", "json", "--idle", "0.5"))
    assert told["idle_minutes"] == 0.5
    counted = [(one["label"], one["annotator"], one["marks"]) for one in told["marks"]]
    sql = "SELECT label, annotator, count(*) FROM annotations GROUP BY 1, 2 ORDER BY 1, 2"
    assert counted == rows(DB, sql)
    lengths = {(one["label"], one["unit"]): one for one in told["lengths"]}
    assert lengths["", "characters"]["most"] == 22
    assert lengths["claim", "words"]["median"] == 1
    kinds = [
        (one["annotator"], one["decision"], one["reason"], one["changed"], one["counting"])
        for one in told["decisions"]
    ]
    assert kinds == [
        ("ann", "accepted", "", True, 1),
        ("ann", "rejected", "wrong span", False, 0),
        ("bob", "rejected", "duplicate", False, 1),
    ]
    statuses = {(one["annotator"], one["status"]): one["documents"] for one in told["documents"]}
    assert statuses == {
        ("ann", "in work"): 1,
        ("ann", "new"): 1,
        ("bob", "in work"): 1,
        ("bob", "done"): 1,
        ("bob", "new"): 0,
    }
    assert told["coverage"] == [
        {"annotator": "ann", "marked": 2, "nothing": 0, "unseen": 0},
        {"annotator": "bob", "marked": 2, "nothing": 0, "unseen": 1},
    ]
    assert {one["person"]: one["changes"] for one in told["time"]} == {
        "ann": 2,
        "bob": 3,
        "rita": 3,
    }


def test_filters_narrow_what_they_say(worked: Annotui) -> None:
    told = found(worked("stats", "--format", "json", "--annotators", "ann", "--no-coverage"))
    assert {one["annotator"] for one in told["marks"]} == {"ann"}
    assert sum(one["made"] for one in told["decisions"]) == 2
    assert {one["person"] for one in told["time"]} == {"ann"}
    assert told["coverage"] is None
    told = found(worked("stats", "--format", "json", "--label", "denial"))
    assert [one["label"] for one in told["marks"]] == ["denial"]
    assert told["decisions"] == []
    told = found(worked("stats", "--format", "json", "--document", "b.txt"))
    assert [(one["annotator"], one["marks"]) for one in told["marks"]] == [("bob", 1)]
    assert [(one["person"], one["changes"]) for one in told["time"]] == [("bob", 2)]
    told = found(worked("stats", "--format", "json", "--since", "2999"))
    assert (told["marks"], told["lengths"], told["decisions"], told["time"]) == ([], [], [], [])


def test_an_edit_takes_the_decision_out_of_those_that_count(worked: Annotui) -> None:
    workspace = Workspace(DB, "bob")
    session = Session(workspace, library.document(workspace, library.find(workspace, "a.txt")))
    (mark,) = [one for one in session.annotations() if one.annotator == "bob"]
    session.relabel(mark, "statistic")
    workspace.close()
    told = found(worked("stats", "--format", "json", "--annotators", "bob"))
    kept = [(one["label"], one["made"], one["counting"]) for one in told["decisions"]]
    assert kept == [("statistic", 1, 0)]


def test_csv_and_the_table_have_the_same(worked: Annotui) -> None:
    told = list(csv.DictReader(io.StringIO(worked("stats", "--format", "csv").text)))
    marks = [row for row in told if row["figure"] == "marks"]
    assert sum(int(row["value"]) for row in marks) == 4
    (reason,) = [
        row for row in told if row["reason"] == "duplicate" and row["figure"] == "decisions_made"
    ]
    assert (reason["reviewer"], reason["label"], reason["value"]) == ("rita", "claim", "1")
    ran = worked("stats", "--idle", "12")
    assert [line for line in ran.lines if line.startswith("rita")]
    assert "a pause over 12 min" in ran.err


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--annotators", "zoe"], 1, "There is no annotator 'zoe'"),
        (["--label", "clam"], 1, "clam"),
        (["--since", "yesterday"], 1, "is not a date"),
        (["--idle", "-1"], 2, "--idle"),
        (["--document", "zzz"], 1, "There is no document 'zzz'"),
    ],
)
def test_what_cannot_be_counted_is_said(
    worked: Annotui, arguments: list[str], code: int, says: str
) -> None:
    ran = worked("stats", *arguments)
    assert (ran.code, ran.out) == (code, b"")
    assert says in ran.err
