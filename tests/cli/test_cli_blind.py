"""What lists and prints marks hides others' ones in blind mode until one's own work is done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_program import Annotui

TEXT = "The mayor denied it. Prices rose by 3 per cent.\n"


@pytest.fixture
def two(annotui: Annotui) -> Annotui:
    Path("a.txt").write_text(TEXT)
    annotui("add", "--title", "Article", "a.txt")
    annotui("annotate", "Article", "denial", "--quote", "The mayor denied it")
    for quote in ("3 per cent", "Prices rose"):
        ran = annotui(
            *("--annotator", "bob", "annotate", "Article", "statistic", "--quote", quote),
            *("--note", "zebra"),
        )
        assert ran.code == 0
    return annotui


def counts(annotui: Annotui, *options: str) -> dict[str, int]:
    ((entry),) = json.loads(annotui(*options, "list", "--format", "json").text)
    found: dict[str, int] = entry["annotations"]
    return {label: count for label, count in found.items() if count}


@pytest.mark.parametrize("how", ["option", "config"])
def test_list_show_info_and_coverage_hide_others_until_done(two: Annotui, how: str) -> None:
    options = ["--blind"] if how == "option" else []
    if how == "config":
        Path("annotui.toml").write_text("blind = true\n")
    assert counts(two, *options) == {"denial": 1}
    assert json.loads(two(*options, "list", "--search", "zebra", "--format", "json").text) == []
    shown = two(*options, "show", "Article")
    assert "3 per cent" in shown.text
    assert "statistic" not in shown.text
    assert "bob" not in shown.text
    assert "Blind: others' marks are hidden" in shown.err
    info = json.loads(two(*options, "info", "Article", "--format", "json").text)
    assert (info["marks"], info["annotators"]) == (1, {"ann": 1})
    assert "bob" not in two(*options, "coverage").text
    assert "bob" not in two(*options, "list", "--annotator-is", "bob").text
    two("status", "Article", "done")
    assert counts(two, *options) == {"denial": 1, "statistic": 2}
    assert "bob" in two(*options, "show", "Article").text
    assert len(json.loads(two(*options, "list", "--search", "zebra", "--format", "json").text)) == 1


def test_everybody_is_blind_by_himself(two: Annotui) -> None:
    two("status", "Article", "done")
    assert counts(two, "--blind", "--annotator", "bob") == {"statistic": 2}


def test_a_blind_that_is_neither_true_nor_false_is_refused(two: Annotui) -> None:
    Path("annotui.toml").write_text('theme = "annotui-dark"\nblind = "yes"\n')
    ran = two("list")
    assert (ran.code, ran.out) == (1, b"")
    assert "line 2" in ran.err
    assert "blind is 'yes'; it is true or false" in ran.err
