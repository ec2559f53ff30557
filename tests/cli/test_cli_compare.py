"""Where annotators differ in one document, as a table, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from cli_program import TWO_TEXT as TEXT
from cli_program import Annotui


def test_json_has_each_group_with_its_differences(two: Annotui) -> None:
    found = json.loads(two("compare", "Article", "--format", "json").text)
    assert found["annotators"] == ["ann", "bob"]
    assert [group["differences"] for group in found["groups"]] == [
        ["note"],
        ["boundary"],
        ["missing"],
        ["label", "note"],
    ]
    assert found["groups"][2]["missing"] == ["bob"]
    assert [mark["quote"] for mark in found["groups"][1]["marks"]] == [
        "Prices rose by 3 per cent",
        "3 per cent",
    ]


def test_kinds_are_chosen_and_agreed_ones_are_asked_for(two: Annotui) -> None:
    def kinds(*arguments: str) -> list[list[str]]:
        found = json.loads(two("compare", "Article", "--format", "json", *arguments).text)
        return [group["differences"] for group in found["groups"]]

    assert kinds("--kind", "boundary", "--kind", "missing") == [["boundary"], ["missing"]]
    two("--annotator", "cy", "annotate", "Article", "denial", "--quote", "The mayor denied it")
    assert kinds("--annotators", "ann,cy")[0] == ["missing"]
    assert kinds("--annotators", "ann,cy", "--all")[0] == []


def test_csv_has_a_row_for_each_annotator_of_each_group(two: Annotui) -> None:
    rows = list(csv.DictReader(io.StringIO(two("compare", "Article", "--format", "csv").text)))
    assert [row["annotator"] for row in rows] == ["ann", "bob"] * 4
    assert {row["label"] for row in rows if row["group"] == "3"} == {"attribution", ""}
    for row in rows:
        if row["label"]:
            assert TEXT[int(row["start"]) : int(row["end"])] == row["quote"]


def test_the_table_counts_the_differences(two: Annotui) -> None:
    ran = two("compare", "Article")
    assert "3 per cent" in ran.text
    assert "4 groups of marks by ann, bob: 0 the same; 1 missing, 1 boundary, 1 label" in ran.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["Article", "--annotators", "ann"], "needs two annotators"),
        (["Article", "--annotators", "ann,zoe"], "There is no annotator 'zoe'"),
        (["zzz"], "There is no document 'zzz'"),
    ],
)
def test_what_cannot_be_compared_is_said(two: Annotui, arguments: list[str], says: str) -> None:
    ran = two("compare", *arguments)
    assert (ran.code, ran.out) == (1, b"")
    assert says in ran.err


def test_comparing_writes_nothing(two: Annotui) -> None:
    before = Path("annotations.db").read_bytes()
    two("compare", "Article")
    assert Path("annotations.db").read_bytes() == before
