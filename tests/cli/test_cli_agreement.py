"""How far annotators agree, as a table, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from cli_program import Annotui, Ran

TEXT = "x" * 100


@pytest.fixture
def two(annotui: Annotui) -> Annotui:
    Path("a.txt").write_text(TEXT)
    annotui("add", "--title", "Article", "a.txt")
    for name, spans in (
        ("ann", "claim 0 10,denial 20 30,statistic 40 50,attribution 60 80,claim 85 95"),
        ("bob", "claim 0 10,denial 22 30,claim 40 50,attribution 60 70"),
    ):
        for span in spans.split(","):
            label, start, end = span.split()
            ran = annotui(
                "--annotator", name, "annotate", "Article", label, "--start", start, "--end", end
            )
            assert ran.code == 0, ran
    return annotui


def test_the_figures_are_those_of_the_reference(two: Annotui) -> None:
    found = json.loads(two("agreement", "--annotators", "ann,bob", "--format", "json").text)
    rows = {(row["scope"], row["name"]): row for row in found["rows"]}
    overall = rows["overall", ""]
    assert round(overall["kappa"], 6) == 0.532164
    assert round(overall["alpha"], 6) == 0.522496
    assert overall["overlap"] == {"precision": 0.75, "recall": 0.6, "f1": pytest.approx(2 / 3)}
    assert round(rows["label", "statistic"]["alpha"], 6) == -0.047368
    assert (found["documents"], found["white_space_at_edges"]) == (1, "ignored")


def test_csv_has_six_places_and_says_what_is_undefined(two: Annotui) -> None:
    two("--annotator", "cy", "annotate", "Article", "claim", "--start", "0", "--end", "10")
    ran = two("agreement", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(ran.text)))
    assert [row["scope"] for row in rows].count("pair") == 3
    assert rows[0]["kappa"] == "undefined"
    pair = next(row for row in rows if row["name"] == "ann and bob")
    assert (pair["kappa"], pair["character_f1"]) == ("0.532164", "0.571429")


def test_the_table_says_what_was_compared(two: Annotui) -> None:
    Path("b.txt").write_text("Nobody marked this.")
    two("add", "b.txt")
    ran = two("agreement")
    assert "0.532" in ran.text
    assert "1 document compared, 1 left out" in ran.err
    assert "1 document compared" in two("agreement", "--label", "claim").err
    assert two("agreement", "--document", "Article", "--strict-edges").code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--annotators", "ann"], "needs two annotators"),
        (["--annotators", "ann,zoe"], "There is no annotator 'zoe'"),
        (["--label", "clam"], "clam"),
        (["--document", "zzz"], "There is no document 'zzz'"),
    ],
)
def test_what_cannot_be_compared_is_said(two: Annotui, arguments: list[str], says: str) -> None:
    ran = two("agreement", *arguments)
    assert (ran.code, ran.out) == (1, b"")
    assert says in ran.err


def test_nothing_that_counts_is_undefined_in_words(two: Annotui) -> None:
    two("--annotator", "cy", "annotate", "Article", "claim", "--start", "0", "--end", "10")
    ran = two("agreement", "--annotators", "cy,bob", "--label", "statistic")
    assert ran.code == 0
    assert "undefined" in ran.text
    assert "nothing to divide by" in ran.err


def figures(ran: Ran) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["scope"], row["name"]): row for row in json.loads(ran.text)["rows"]}


def test_a_label_alone_is_the_row_of_that_label(two: Annotui) -> None:
    Path("b.txt").write_text("y" * 50)
    two("add", "--title", "Second", "b.txt")
    for name, label in (("ann", "statistic"), ("bob", "claim")):
        span = ("Second", label, "--start", "3", "--end", "9")
        assert two("--annotator", name, "annotate", *span).code == 0
    every = figures(two("agreement", "--format", "json"))
    for label in ("statistic", "claim"):
        alone = figures(two("agreement", "--label", label, "--format", "json"))
        for name in ("exact_f1", "character_f1", "kappa", "alpha", "marks"):
            assert alone["overall", ""][name] == every["label", label][name], (label, name)
    assert every["label", "statistic"]["marks"] == [2, 0]


def test_who_took_no_part_in_an_article_says_nothing_of_it(two: Annotui) -> None:
    Path("b.txt").write_text("y" * 50)
    two("add", "--title", "Second", "b.txt")
    span = ("Second", "claim", "--start", "3", "--end", "9")
    for name in ("ann", "cy"):
        assert two("--annotator", name, "annotate", *span).code == 0
    before = figures(two("agreement", "--format", "json", "--annotators", "ann,bob,cy"))
    assert before["pair", "ann and cy"]["exact_f1"] == 1
    assert before["pair", "bob and cy"]["exact_f1"] is None
    assert round(before["pair", "ann and bob"]["kappa"], 6) == 0.532164
    alone = figures(two("agreement", "--format", "json", "--annotators", "ann,bob"))
    assert alone["overall", ""]["alpha"] == before["pair", "ann and bob"]["alpha"]
    assert two("--annotator", "bob", "status", "Second", "done").code == 0
    after = figures(two("agreement", "--format", "json", "--annotators", "ann,bob,cy"))
    assert after["pair", "bob and cy"]["exact_f1"] == 0


def test_the_marks_behind_a_figure_are_listed(two: Annotui) -> None:
    told = json.loads(two("agreement", "--marks", "--format", "json").text)
    assert len(told) == 9
    agreed = [(one["annotator"], one["label"]) for one in told if one["agreed"]]
    assert agreed == [("ann", "claim"), ("bob", "claim")]
    ran = two("agreement", "--differences", "--measure", "overlap_f1", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(ran.text)))
    found = [
        (row["annotator"], row["label"], row["differences"], row["nearest_label"]) for row in rows
    ]
    assert found == [
        ("ann", "statistic", "label", "claim"),
        ("bob", "claim", "label", "statistic"),
        ("ann", "claim", "missing", ""),
    ]
    assert {row["id"] for row in rows} <= {
        row["id"] for row in csv.DictReader(io.StringIO(two("export").text))
    }
    ran = two("agreement", "--differences", "--label", "claim")
    assert "2 of 4 marks agreed on." in ran.err
    assert len(ran.lines) == 3


def test_an_agreed_set_is_no_annotator_unless_it_is_named(two: Annotui) -> None:
    assert two("adjudicate", "--take-in").code == 0
    found = json.loads(two("agreement", "--format", "json").text)
    assert found["annotators"] == ["ann", "bob"]
    ran = two("agreement", "--annotators", "gold,ann", "--label", "claim", "--format", "json")
    assert json.loads(ran.text)["rows"][0]["marks"] == [1, 2]
