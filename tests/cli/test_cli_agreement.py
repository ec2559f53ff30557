"""How far annotators agree, as a table, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from cli_program import Annotui

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
    ran = two("agreement", "--annotators", "cy,bob", "--label", "denial")
    assert ran.code == 0
    assert "undefined" in ran.text
    assert "nothing to divide by" in ran.err
