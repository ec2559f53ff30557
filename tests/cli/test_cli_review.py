"""The queue and the summary of a review on the command line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from cli_program import Annotui, Ran

TEXT = "The dam holds, the mayor said. It broke in May. Nobody was asked."


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def ids(annotui: Annotui) -> list[str]:
    """Three marks in the order of the text: ann's claim and denial, bob's statistic."""
    Path("a.txt").write_text(TEXT)
    annotui("add", "--title", "Dam", "a.txt")
    made = []
    for who, label, quote in (
        ("ann", "claim", "The dam holds"),
        ("ann", "denial", "It broke in May"),
        ("bob", "statistic", "Nobody was asked"),
    ):
        ran = annotui("--annotator", who, "annotate", "Dam", label, "--quote", quote)
        made.append(ran.lines[0])
    return made


def listed(ran: Ran) -> list[str]:
    assert ran.code == 0, ran
    return [one["id"] for one in json.loads(ran.text)]


def test_the_list_is_the_queue(annotui: Annotui, ids: list[str]) -> None:
    before = Path("annotations.db").read_bytes()

    def queue(*options: str) -> list[str]:
        return listed(
            annotui("--annotator", "rev", "review", "--list", "--format", "json", *options)
        )

    assert queue() == ids
    assert queue("--order", "newest") == ids[::-1]
    assert queue("--label", "denial", "--label", "claim") == ids[:2]
    assert queue("--annotator-is", "bob") == ids[2:]
    assert queue("--since", "2999-01") == []
    assert len(queue("--sample", "2", "--seed", "4")) == 2
    assert queue("--sample", "50%", "--seed", "4") == queue("--sample", "2", "--seed", "4")
    assert queue("--document", "Dam", "--changed") == []
    assert Path("annotations.db").read_bytes() == before
    annotui("--annotator", "rev", "decide", ids[0], "reject")
    assert queue() == ids[1:]
    assert queue("--status", "rejected") == ids[:1]


def test_the_other_formats_and_blind(annotui: Annotui, ids: list[str]) -> None:
    printed = annotui("review", "--list", "--format", "csv", "--blind").text
    rows = list(csv.DictReader(io.StringIO(printed)))
    assert [(row["id"], row["annotator"], row["status"]) for row in rows] == [
        (one, "", "") for one in ids
    ]
    table = annotui("review", "--list")
    assert "It broke in May" in table.text
    assert ids[0][-8:] in table.text


def test_a_summary_needs_a_session(annotui: Annotui, ids: list[str]) -> None:
    ran = annotui("--annotator", "rev", "review", "--summary")
    assert ran.code == 1
    assert "rev has begun no review" in ran.err


@pytest.mark.parametrize(
    ("options", "says", "code"),
    [
        (("--list", "--summary"), "do not go together", 2),
        (("--format", "json"), "goes with --list or --summary", 2),
        (("--list", "--format", "markdown"), "goes with --summary", 2),
        (("--summary", "--label", "claim"), "nothing can be chosen", 2),
        (("--list", "--since", "yesterday"), "is not a date", 1),
        (("--list", "--sample", "0"), "is no sample", 1),
        (("--list", "--label", "clam"), "clam", 1),
        (("--list", "--annotator-is", "eva"), "no annotator 'eva'", 1),
        ((), "needs a terminal", 1),
    ],
)
def test_what_cannot_be_done_is_said(
    annotui: Annotui, ids: list[str], options: tuple[str, ...], says: str, code: int
) -> None:
    ran = annotui("review", *options)
    assert ran.code == code, ran
    assert says in ran.err
