"""A decision on a mark is data of its own; the annotator's version stays."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from cli_program import Annotui, rows

DB = Path("annotations.db")


@pytest.fixture
def mark_id(annotui: Annotui) -> str:
    Path("a.txt").write_text("The dam holds, the mayor said.")
    annotui("add", "--title", "Dam", "a.txt")
    made = annotui("--annotator", "ann", "annotate", "Dam", "claim", "--quote", "The dam holds")
    return made.lines[0]


def decisions() -> list[tuple[object, ...]]:
    return rows(
        DB,
        'SELECT decision, reason, note, label, start, "end", reviewer FROM review '
        "WHERE removed = 0 ORDER BY id",
    )


def test_a_mark_is_accepted_rejected_and_left_open(annotui: Annotui, mark_id: str) -> None:
    said = annotui("--annotator", "rev", "decide", mark_id[-6:], "accept")
    assert said.code == 0
    assert said.err == "Accepted: claim “The dam holds”.\n"
    annotui("--annotator", "rev", "decide", mark_id, "reject", "--reason", "wrong  span")
    annotui("--annotator", "rev", "decide", mark_id, "unsure", "--note", "Ask.")
    assert decisions() == [
        ("accepted", "", "", None, None, None, "rev"),
        ("rejected", "wrong span", "", None, None, None, "rev"),
        ("unsure", "", "Ask.", None, None, None, "rev"),
    ]
    assert rows(DB, "SELECT status, reviewer FROM annotations") == [("unsure", "rev")]
    annotui("--annotator", "rev", "undo")
    assert len(annotui("export", "--status", "rejected").lines) == 2
    assert annotui("verify").code == 0


def test_another_label_and_span_are_part_of_the_decision(annotui: Annotui, mark_id: str) -> None:
    annotui(
        "--annotator", "rev", "decide", mark_id, "accept", "--label", "denial",
        "--start", "4", "--end", "13",
    )  # fmt: skip
    annotui(
        "--annotator", "rev", "decide", mark_id, "accept", "--label", "claim",
        "--start", "0", "--end", "13",
    )  # fmt: skip
    assert decisions() == [
        ("accepted", "", "", "denial", 4, 13, "rev"),
        ("accepted", "", "", None, None, None, "rev"),
    ]
    assert rows(DB, "SELECT label, start, quote FROM annotations") == [
        ("claim", 0, "The dam holds")
    ]
    assert annotui("verify").code == 0


@pytest.mark.parametrize(
    ("arguments", "says", "code"),
    [
        (["0000", "accept"], "There is no mark '0000'", 1),
        (["zz", "accept"], "There is no mark 'zz'", 1),
        (["MARK", "maybe"], "maybe", 2),
        (["MARK", "accept", "--start", "3"], "go together", 2),
        (["MARK", "accept", "--start", "3", "--end", "99"], "99", 1),
        (["MARK", "accept", "--label", "clam"], "clam", 1),
        (["MARK", "reject", "--label", "denial"], "goes with accepting", 1),
        (["MARK", "reject", "--reason", "x" * 201], "The reason has 201", 1),
    ],
)
def test_what_cannot_be_decided_is_said(
    annotui: Annotui, mark_id: str, arguments: list[str], says: str, code: int
) -> None:
    given = [mark_id if one == "MARK" else one for one in arguments]
    ran = annotui("decide", *given)
    assert ran.code == code, ran
    assert says in ran.err
    assert decisions() == []


def test_the_decided_label_and_span_are_exported(annotui: Annotui, mark_id: str) -> None:
    other = annotui("annotate", "Dam", "claim", "--quote", "the mayor said").lines[0]
    annotui(
        "--annotator", "rev", "decide", mark_id, "accept", "--label", "denial",
        "--start", "4", "--end", "29",
    )  # fmt: skip
    annotui("--annotator", "rev", "decide", other, "reject")

    def exported(*options: str) -> list[tuple[str, ...]]:
        printed = annotui("export", *options).text
        rows = csv.DictReader(io.StringIO(printed))
        names = ("label", "start", "end", "quote", "annotator", "status", "reviewer")
        return [tuple(row[name] for name in names) for row in rows]

    decided = ("denial", "4", "29", "dam holds, the mayor said", "ann", "accepted", "rev")
    rejected = ("claim", "15", "29", "the mayor said", "ann", "rejected", "rev")
    assert exported("--as", "decided") == [decided, rejected]
    assert exported("--as", "decided", "--status", "accepted") == [decided]
    assert exported("--as", "decided", "--label", "denial") == [decided]
    assert exported("--as", "decided", "--label", "claim") == [rejected]
    assert exported("--status", "rejected") == [rejected]
    assert exported()[0][:4] == ("claim", "0", "13", "The dam holds")
    lines = annotui("export", "--as", "decided", "--format", "jsonl").lines
    assert json.loads(lines[0])["quote"] == "dam holds, the mayor said"
    report = annotui("export", "--as", "decided", "--status", "accepted", "--format", "markdown")
    assert "dam holds, the mayor said" in report.text


def test_only_the_newest_decision_of_the_newest_version_is_exported(
    annotui: Annotui, mark_id: str
) -> None:
    annotui("--annotator", "rev", "decide", mark_id, "accept", "--label", "denial")
    annotui("--annotator", "eve", "decide", mark_id, "accept", "--start", "4", "--end", "13")
    lines = annotui("export", "--as", "decided", "--format", "jsonl").lines
    assert [(json.loads(one)["label"], json.loads(one)["quote"]) for one in lines] == [
        ("claim", "dam holds")
    ]


def test_decisions_are_printed_with_all_that_goes_with_them(annotui: Annotui, mark_id: str) -> None:
    annotui("annotate", "Dam", "claim", "--quote", "the mayor said")
    annotui("--annotator", "rev", "decide", mark_id, "reject", "--reason", "duplicate")
    annotui(
        "--annotator", "eve", "decide", mark_id, "accept", "--label", "denial",
        "--start", "4", "--end", "13", "--note", "A refusal.",
    )  # fmt: skip
    annotui("--annotator", "eve", "decide", mark_id, "unsure")
    annotui("--annotator", "eve", "undo")

    def printed(*options: str) -> list[dict[str, object]]:
        ran = annotui("decisions", "--format", "json", *options)
        assert ran.code == 0, ran
        return list(json.loads(ran.text))

    first, second = printed()
    assert (first["decision"], first["reason"], first["reviewer"]) == (
        "rejected",
        "duplicate",
        "rev",
    )
    names = ("decided_label", "decided_start", "decided_end", "note", "label", "start", "stale")
    assert [second[name] for name in names] == ["denial", 4, 13, "A refusal.", "claim", 0, 0]
    assert second["annotation_id"] == mark_id
    assert printed("--reviewer", "rev", "--label", "claim") == [first]
    assert printed("--status", "accepted", "--document", "Dam", "--annotator-is", "ann") == [second]
    assert printed("--since", "2999") == []
    assert printed("--label", "denial") == []
    rows = list(csv.DictReader(io.StringIO(annotui("decisions", "--format", "csv").text)))
    assert [row["note"] for row in rows] == ["", "A refusal."]
    assert "duplicate" in annotui("decisions").text
    assert annotui("decisions", "--reviewer", "eva").code == 1
    assert annotui("decisions", "--since", "soon").code == 1
