"""list with filters and --search."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from cli_program import SEED_ID, Annotui, rows

from annotui.storage.database import open_store


def test_a_search_prints_where_it_was_found(seeded: Annotui) -> None:
    seeded("annotate", SEED_ID[:6], "statistic", "--quote", "40 people", "--note", "Dubious é")
    (entry,) = json.loads(seeded("list", "--search", "dubious E", "--format", "json").out)
    mark = json.loads(seeded("export", "--format", "jsonl").text.splitlines()[0])
    assert entry["hits"] == [
        {
            "where": "note",
            "snippet": "Dubious é",
            "start": mark["start"],
            "annotation": mark["id"],
        }
    ]
    table = seeded("list", "--search", "dubious").lines
    assert table[-1] == f"{SEED_ID[:12]}  note {mark['id']}: Dubious é"
    found = list(
        csv.reader(io.StringIO(seeded("list", "--search", "dubious", "--format", "csv").text))
    )
    assert found[0][-4:] == ["where", "snippet", "start", "annotation"]
    assert found[1][-4:] == ["note", "Dubious é", str(mark["start"]), mark["id"]]


@pytest.mark.parametrize(
    ("options", "is_shown"),
    [
        (("--label", "claim"), True),
        (("--label", "denial"), False),
        (("--annotator-is", "nobody else"), False),
        (("--status", "unreviewed"), True),
        (("--status", "accepted"), False),
        (("--source", "1182b3f968"), True),
        (("--source", "reuters"), False),
        (("--since", "2020"), True),
        (("--since", "2999-01-01"), False),
    ],
)
def test_filters_choose_documents(
    seeded: Annotui, options: tuple[str, ...], is_shown: bool
) -> None:
    seeded("annotate", SEED_ID[:6], "claim", "--quote", "40 people")
    ran = seeded("list", *options, "--format", "json")
    assert [one["id"] for one in json.loads(ran.out)] == [SEED_ID] * is_shown
    assert ("no such document" in ran.err) is not is_shown


def test_a_limit_keeps_the_first_of_the_order(seeded: Annotui) -> None:
    Path("b.txt").write_text("Another article\n\nThe people said so, the people did.\n")
    seeded("add", "b.txt")
    all_of_it = json.loads(seeded("list", "--search", "people", "--format", "json").out)
    assert len(all_of_it) == 2
    limited = seeded("list", "--search", "people", "--limit", "1", "--format", "json")
    assert json.loads(limited.out) == all_of_it[:1]
    assert seeded("list", "--search", "people", "--limit", "0").code == 2
    assert json.loads(seeded("list", "--search", "qqq", "--format", "json").out) == []


def test_sorting_by_words_and_title(seeded: Annotui) -> None:
    Path("b.txt").write_text("Zebra\n\n" + "word " * 5000)
    Path("c.txt").write_text("aardvark")
    seeded("add", "b.txt", "c.txt")
    for sort, first in (("words", "Zebra"), ("title", "aardvark")):
        (one, *_) = json.loads(seeded("list", "--sort", sort, "--format", "json").out)
        assert one["title"] == first


def test_a_search_or_date_that_means_nothing_is_refused(seeded: Annotui) -> None:
    for options, word in (
        (("--search", "…"), "asks for no word"),
        (("--since", "soon"), "is not a date"),
        (("--since", "2026-13"), "is not a date"),
        (("--label", "climb"), "There is no label 'climb'"),
    ):
        ran = seeded("list", *options)
        assert (ran.code, ran.out) == (1, b"")
        assert word in ran.err


def test_an_index_out_of_step_is_made_anew(seeded: Annotui) -> None:
    store = open_store(Path("annotations.db"))
    with store.writing() as db:
        db.conn.execute("UPDATE catalogue SET title = 'another'")
    store.close()
    ran = seeded("verify")
    assert ran.code == 1
    assert "annotui verify --reindex" in ran.err
    assert seeded("verify", "--reindex").code == 0
    assert rows(Path("annotations.db"), "SELECT count(*) FROM catalogue") == [(1,)]
    assert len(json.loads(seeded("list", "--search", "chechen", "--format", "json").out)) == 1
