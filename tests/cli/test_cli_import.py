"""import: what is right comes in once, what is wrong is named by file and line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_program import SEED, SEED_ID, Annotui, decide, rows

from annotui.formats import csv_table
from annotui.formats.exchange import Bundle

VIEW = "SELECT * FROM annotations ORDER BY id"


@pytest.fixture
def marked(seeded: Annotui) -> Annotui:
    """The seed article with three marks in ``annotations.db`` and an export in ``marks.csv``."""
    first = seeded(
        "annotate", SEED_ID[:6], "statistic", "--quote", "40 people", "--note", "=1, a\nb"
    )
    seeded(
        *("annotate", SEED_ID[:6], "claim", "--start", "0", "--end", "20"),
        *("--start", "30", "--end", "40", "--annotator", "bo"),
    )
    seeded("annotate", SEED_ID[:6], "denial", "--start", "5", "--end", "30", "--annotator", "bo")
    decide(Path("annotations.db"), first.text.strip(), "rev", "rejected")
    assert seeded("export", "-o", "marks.csv").code == 0
    return seeded


def in_new(annotui: Annotui, *arguments: str, database: str = "new.db") -> tuple[int, str]:
    """Import into a database that has the seed article and nothing else."""
    annotui("--db", database, "add", str(SEED))
    ran = annotui("--db", database, "import", *arguments)
    return ran.code, ran.err


def edited(name: str, **changes: str) -> str:
    """``marks.csv`` with other values in its first row, under another name."""
    table = list(csv.DictReader(io.StringIO(Path("marks.csv").read_bytes().decode(), newline="")))
    table[0] |= changes
    with Path(name).open("w", newline="") as file:
        writer = csv.DictWriter(file, list(table[0]))
        writer.writeheader()
        writer.writerows(table)
    return name


@pytest.mark.parametrize(
    "options", [(), ("--excel",), ("--offsets", "utf16"), ("--offsets", "byte")]
)
def test_an_export_comes_back_row_for_row(marked: Annotui, options: tuple[str, ...]) -> None:
    marked("export", "-o", "out.csv", *options)
    assert in_new(marked, "out.csv") == (0, "3 annotations imported, 1 decided.\n")
    assert rows(Path("new.db"), VIEW) == rows(Path("annotations.db"), VIEW)
    assert marked("--db", "new.db", "verify").code == 0


def test_a_second_time_changes_nothing(marked: Annotui) -> None:
    in_new(marked, "marks.csv")
    before = Path("new.db").read_bytes()
    ran = marked("--db", "new.db", "import", "marks.csv")
    assert (ran.code, ran.err) == (0, "0 annotations imported, 3 there already.\n")
    assert Path("new.db").read_bytes() == before


def test_without_ids_the_same_mark_is_known_by_what_it_says(marked: Annotui) -> None:
    in_new(marked, edited("a.csv", id=""))
    before = Path("new.db").read_bytes()
    assert marked("--db", "new.db", "import", "a.csv").code == 0
    assert Path("new.db").read_bytes() == before


def test_undo_takes_an_import_back_and_a_further_one_brings_it_again(marked: Annotui) -> None:
    in_new(marked, "marks.csv")
    content = rows(Path("new.db"), "SELECT id, label, start, quote FROM annotations")
    assert marked("--db", "new.db", "undo").code == 0
    assert rows(Path("new.db"), VIEW) == []
    assert marked("--db", "new.db", "redo").code == 0
    assert rows(Path("new.db"), "SELECT id, label, start, quote FROM annotations") == content
    assert marked("--db", "new.db", "undo").code == 0
    assert "3 brought back" in marked("--db", "new.db", "import", "marks.csv").err
    statuses = "SELECT status FROM annotations ORDER BY id"
    assert rows(Path("new.db"), statuses) == rows(Path("annotations.db"), statuses)
    assert marked("--db", "new.db", "verify").code == 0


def test_a_record_that_disagrees_is_named_and_the_file_refused(marked: Annotui) -> None:
    code, err = in_new(marked, edited("bad.csv", start="1"))
    assert code == 1
    assert "annotui: bad.csv line 2: expected '" in err
    assert ", found '" in err
    assert "1 file refused" in err
    assert rows(Path("new.db"), VIEW) == []


def test_skip_bad_takes_the_others(marked: Annotui) -> None:
    code, err = in_new(marked, edited("bad.csv", quote="not this"), "--skip-bad")
    assert (code, len(rows(Path("new.db"), VIEW))) == (3, 2)
    assert "2 annotations imported" in err
    assert "1 bad record left out" in err


def test_re_anchor_finds_a_quote_that_moved(marked: Annotui) -> None:
    place = rows(
        Path("annotations.db"), "SELECT start, \"end\" FROM annotations WHERE label='denial'"
    )
    name = edited("moved.csv")
    text = Path(name).read_text().replace(f"denial,{place[0][0]},", "denial,7,")
    Path(name).write_bytes(text.replace("\n", "\r\n").encode())
    assert in_new(marked, name)[0] == 1
    assert marked("--db", "new.db", "import", name, "--re-anchor").code == 0
    found = "SELECT start, \"end\" FROM annotations WHERE label='denial'"
    assert rows(Path("new.db"), found) == place


def test_re_anchor_leaves_out_what_is_not_unmistakable(marked: Annotui) -> None:
    code, _ = in_new(marked, edited("bad.csv", quote="e", fragments="", end="20"), "--re-anchor")
    assert (code, len(rows(Path("new.db"), VIEW))) == (3, 2)


def test_unknown_labels_are_refused_mapped_or_added(marked: Annotui) -> None:
    name = edited("labels.csv", label="Rumour")
    code, err = in_new(marked, name)
    assert code == 1
    assert "Rumour (1)" in err
    assert marked("--db", "new.db", "import", name, "--map", "Rumour=rumor").code == 1
    assert marked("--db", "new.db", "import", name, "--map", "Rumour=claim").code == 0
    assert in_new(marked, name, "--add-labels", database="more.db")[0] == 0
    entries = json.loads(marked("--db", "more.db", "labels", "--format", "json").text)
    assert [one["name"] for one in entries][-1] == "Rumour"
    assert len({one["key"] for one in entries}) == len({one["glyph"] for one in entries}) == 5
    assert marked("--db", "more.db", "verify").code == 0


def test_a_mark_that_was_changed_here_is_left_as_it_is(marked: Annotui) -> None:
    in_new(marked, "marks.csv")
    ran = marked("--db", "new.db", "import", edited("other.csv", note="another note"))
    assert ran.code == 3
    assert "1 left as they are here, in another version" in ran.err
    assert rows(Path("new.db"), VIEW) == rows(Path("annotations.db"), VIEW)


def test_columns_that_are_missing_are_done_without(seeded: Annotui) -> None:
    text = SEED.read_bytes().decode()
    start = text.index("40 people")
    Path("few.csv").write_text(f"Label;Start;End\nstatistic;{start};{start + 9}\n")
    assert seeded("import", "few.csv").code == 1
    assert seeded("import", "few.csv", "--document", SEED_ID[:6]).code == 0
    Path("quote.csv").write_text(f"document_id,label,quote\n{SEED_ID},claim,40 people\n")
    assert seeded("import", "quote.csv", "--annotator", "cy").code == 0
    assert rows(Path("annotations.db"), "SELECT label, quote, annotator FROM annotations") == [
        ("statistic", "40 people", "ann"),
        ("claim", "40 people", "cy"),
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "of no format that annotui knows"),
        (b"\x89PNG\r\n", "--format (csv"),
        (b"a,b\r\n1,2\r\n", "of no format"),
        (b"label,start,end,document_id\r\nclaim,1,2,nowhere\r\n", "line 2: expected the document"),
        (b"label,start,end\r\nclaim,1,2\r\n", "--document names it"),
        (b"label,start,end,document_id\r\nclaim,x,2,6f0c9d\r\n", "whole numbers"),
        (b"label,start,end,document_id\r\nclaim,9,2,6f0c9d\r\n", "9..2"),
        (b"label,start,end,document_id\r\nclaim,1,99999,6f0c9d\r\n", "a text of"),
        (b'label,start,end,document_id\r\n"claim,1,2,6f0c9d\r\n', "not CSV"),
        (b"label,start,end,document_id\r\ncl\xe9im,1,2,6f0c9d\r\n", "not UTF-8"),
        (b"label,start,end,document_id\r\ncl\x1bim,1,2,6f0c9d\r\n", "control character"),
        (b"label,start,end,document_id,status\r\nclaim,1,2,6f0c9d,done\r\n", "a status"),
        (b"label,start,end,document_id,annotator\r\nclaim,1,2,6f0c9d,a\x07\r\n", "a name"),
    ],
)
def test_bad_files_are_refused_in_words(seeded: Annotui, content: bytes, says: str) -> None:
    Path("bad.csv").write_bytes(content)
    before = Path("annotations.db").read_bytes()
    ran = seeded("import", "bad.csv")
    assert (ran.code, ran.out) == (1, b"")
    assert says in ran.err
    assert "\x1b" not in ran.err
    assert Path("annotations.db").read_bytes() == before


def test_wrong_usage_is_said_before_anything_is_read(seeded: Annotui) -> None:
    assert seeded("import").code == 2
    assert seeded("import", "x.csv", "--map", "a").code == 2
    assert seeded("import", "x.csv", "--format", "pdf").code == 2
    Path("empty").mkdir()
    ran = seeded("import", "empty")
    assert (ran.code, "There is no file ending in" in ran.err) == (1, True)


def test_a_folder_is_walked_and_each_file_is_whole_or_refused(marked: Annotui) -> None:
    Path("in/deep").mkdir(parents=True)
    Path("marks.csv").rename("in/deep/good.csv")
    Path("in/notes.txt").write_text("no marks")
    Path("in/bad.csv").write_text(f"label,start,end,document_id\nclaim,1,1,{SEED_ID}\n")
    code, err = in_new(marked, "in")
    assert (code, len(rows(Path("new.db"), VIEW))) == (3, 3)
    assert "annotui: in/bad.csv line 2: expected" in err
    assert "1 file refused" in err


def test_an_interrupted_import_is_whole_or_not_there(
    annotui: Annotui, monkeypatch: pytest.MonkeyPatch
) -> None:
    annotui("add", str(SEED))
    for name in ("a.csv", "b.csv"):
        Path(name).write_text(f"document_id,label,start,end\n{SEED_ID},claim,1,9\n")
    read = csv_table.read

    def interrupted(path: Path) -> Iterator[Bundle]:
        if path.name == "b.csv":
            raise KeyboardInterrupt
        return read(path)

    with monkeypatch.context() as patched:
        patched.setattr(csv_table, "read", interrupted)
        ran = annotui("import", "a.csv", "b.csv")
    assert (ran.code, "Interrupted." in ran.err) == (130, True)
    assert annotui("verify").code == 0
    assert annotui("import", "a.csv", "b.csv").code == 0


def test_formats_are_listed_with_what_each_one_loses(annotui: Annotui) -> None:
    table = annotui("formats").text
    for one in json.loads(annotui("formats", "--format", "json").text):
        assert f"{one['name']}  " in table
        assert all(" ".join(loss.split()) in " ".join(table.split()) for loss in one["loses"])
