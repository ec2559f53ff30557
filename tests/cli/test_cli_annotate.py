"""annotate, undo, redo and log."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_program import SEED, SEED_ID, Annotui, decide, rows

DB = Path("annotations.db")


def live() -> list[tuple[object, ...]]:
    return rows(DB, 'SELECT label, start, "end", quote, note, annotator FROM annotations')


def test_annotate_by_quote_and_by_offsets_store_the_same(seeded: Annotui) -> None:
    by_quote = seeded(
        "annotate", SEED_ID[:6], "statistic", "--quote", "40 people", "--note", "so far\r\n"
    )
    by_offsets = seeded(
        "annotate", str(SEED), "claim", "--start", "1892", "--end", "1901", "--annotator", "ann"
    )
    assert live() == [
        ("statistic", 1892, 1901, "40 people", "so far", "ann"),
        ("claim", 1892, 1901, "40 people", "", "ann"),
    ]
    stored = {row[0] for row in rows(DB, "SELECT id FROM annotation")}
    assert {by_quote.text.strip(), by_offsets.text.strip()} == stored
    assert (by_quote.err, by_offsets.err) == ("", "")


def test_occurrence_counts_from_1(seeded: Annotui) -> None:
    seeded("annotate", SEED_ID[:6], "claim", "--quote", "Chech", "--occurrence", "2")
    text = SEED.read_bytes().decode("utf-8")
    assert live()[0][1] == text.index("Chech", text.index("Chech") + 1)


def test_a_new_name_in_a_file_that_knows_others_is_said_in_one_line(seeded: Annotui) -> None:
    first = seeded("annotate", SEED_ID[:6], "claim", "--quote", "40 people", "--annotator", "bo")
    assert first.code == 0
    assert first.err == (
        "bo is new in annotations.db, which knows ann. If that is a slip, "
        "`annotui annotators --rename` mends it.\n"
    )
    again = seeded("annotate", SEED_ID[:6], "claim", "--quote", "40 people", "--annotator", "bo")
    assert again.err == ""


@pytest.mark.parametrize(
    "selectors",
    [
        [],
        ["--start", "1"],
        ["--end", "1"],
        ["--start", "1", "--end", "2", "--quote", "The"],
        ["--start", "1", "--end", "2", "--occurrence", "1"],
        ["--quote", "The", "--end", "2"],
        ["--quote", "The", "--occurrence", "0"],
        ["--start", "one", "--end", "2"],
    ],
)
def test_wrong_selectors_are_wrong_usage(seeded: Annotui, selectors: list[str]) -> None:
    before = DB.read_bytes()
    ran = seeded("annotate", SEED_ID[:6], "claim", *selectors)
    assert (ran.code, ran.out) == (2, b"")
    assert DB.read_bytes() == before


def newest_change() -> list[object]:
    return [rows(DB, "SELECT id FROM change ORDER BY seq DESC LIMIT 1")[0][0]]


def test_undo_and_redo_say_what_and_where(seeded: Annotui) -> None:
    seeded("annotate", SEED_ID[:6], "statistic", "--quote", "40 people")
    undone = seeded("undo")
    place = f"in {SEED_ID[:12]} The Chechen president claimed"
    assert undone.err.startswith(f"Undone: annotate: statistic “40 people” {place}")
    assert undone.lines == newest_change()
    assert live() == []
    again = seeded("redo")
    assert again.err.startswith(f"Done again: annotate: statistic “40 people” {place}")
    assert again.lines == newest_change()
    assert len(live()) == 1
    for _ in range(2):
        last = seeded("undo")
    assert (last.code, last.err) == (1, "annotui: There is nothing of yours to undo.\n")


def test_another_annotators_change_is_never_undone(seeded: Annotui) -> None:
    seeded("annotate", SEED_ID[:6], "claim", "--quote", "40 people", "--annotator", "bo")
    assert seeded("undo").code == 1
    assert len(live()) == 1
    assert seeded("undo", "--annotator", "bo").code == 0
    assert live() == []


def test_undo_passes_over_changes_that_somebody_has_built_on(seeded: Annotui) -> None:
    ids = [
        seeded("annotate", SEED_ID[:6], label, "--quote", "40 people").text.strip()
        for label in ("claim", "denial", "statistic")
    ]
    decide(DB, ids[1], "rev", "accepted")
    decide(DB, ids[2], "rev", "rejected")
    before = DB.read_bytes()
    refused = seeded("undo")
    assert refused.code == 1
    assert refused.err.startswith("annotui: Cannot undo annotate statistic “40 people”: rev has")
    assert refused.err.endswith("`annotui undo --pass-over` passes over it.\n")
    assert DB.read_bytes() == before
    refused = seeded("undo", "--pass-over")
    assert refused.code == 1
    assert refused.err.startswith("annotui: Left annotate statistic “40 people” as it is. Cannot")
    last = seeded("undo", "--pass-over")
    assert last.code == 0
    said = last.err.splitlines()
    assert said[0].startswith("Cannot undo annotate denial “40 people”: rev has decided on it")
    assert said[1].startswith("Undone: annotate: claim")
    assert {row[0] for row in live()} == {"denial", "statistic"}


def test_passing_over_the_only_change_is_something_done(seeded: Annotui) -> None:
    mark = seeded("annotate", SEED_ID[:6], "claim", "--quote", "40 people").text.strip()
    decide(DB, mark, "rev", "accepted")
    ran = seeded("undo", "--pass-over")
    assert (ran.code, ran.out) == (0, b"")
    assert ran.err == (
        "Left annotate claim “40 people” as it is; there is nothing before it to undo.\n"
    )
    assert rows(DB, "SELECT kind FROM change ORDER BY seq DESC LIMIT 1") == [("pass",)]


def test_undo_right_after_add_says_that_an_article_stays(seeded: Annotui) -> None:
    ran = seeded("undo")
    assert ran.code == 1
    assert "taking in an article is not a change of marks and is not undone" in ran.err
    assert "taking in an article" in " ".join(seeded("undo", "--help").text.split())


def test_an_edge_inside_a_character_is_taken_with_a_warning(annotui: Annotui) -> None:
    Path("one.txt").write_text("A 👩‍👩‍👧 b")
    annotui("add", "one.txt")
    ran = annotui("annotate", "one.txt", "claim", "--start", "3", "--end", "7")
    assert ran.code == 0
    assert ran.err == (
        "Offset 3 cuts a character in two: 👩‍👩‍👧 is at 2 to 7. The mark was made as you said.\n"
    )
    assert annotui("annotate", "one.txt", "claim", "--start", "2", "--end", "7").err == ""
    assert len(live()) == 2


def test_log_tells_every_change_oldest_first(seeded: Annotui) -> None:
    seeded("annotate", SEED_ID[:6], "statistic", "--quote", "40 people")
    seeded("undo")
    Path("two.txt").write_text("Two.")
    seeded("add", "two.txt")
    entries = json.loads(seeded("log", "--format", "json").out)
    assert [entry["kind"] for entry in entries] == ["create", "add", "annotate", "undo", "add"]
    assert entries[3]["target_id"] == entries[2]["id"]
    assert list(entries[0]) == [
        *("id", "kind", "annotator", "changed_at", "document_id", "target_id", "summary"),
    ]
    table = seeded("log", "--document", SEED_ID[:6]).lines
    assert [line.split()[2] for line in table] == ["change", "add", "annotate", "undo"]
