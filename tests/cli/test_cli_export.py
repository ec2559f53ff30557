"""export: the CSV comes back exactly, whoever reads it."""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest
from cli_program import SEED, SEED_ID, Annotui, decide, environment, program, rows, run
from hypothesis import given
from hypothesis import strategies as st

from annotui.cli import exchange
from annotui.formats.csv_table import guard, unguard
from annotui.services import interchange

COLUMNS = (
    "id,document_id,document,label,start,end,quote,note,annotator,status,reviewer,line,"
    "fragments,created_at,updated_at"
)
HARD = (
    '=1+1 "quoted", semi; tab\there\r\nCRLF \u2028 \x1b[31m [bold] NULL NA '
    "👩‍👩‍👧 🇫🇷 e\u0301 漢字 עברית 0012"
)


@pytest.fixture
def hard(annotui: Annotui) -> Annotui:
    """A database whose text, title and notes try every reader."""
    Path("hard.txt").write_bytes(HARD.encode("utf-8"))
    length = len(HARD.replace("\r\n", "\n"))
    annotui("add", "hard.txt", "--title", '=cmd|"x", NA; [b]')
    for start, end, note in (
        *((0, length, "NULL"), (0, 4, "+1\n-2\r\n'3"), (5, 13, ""), (30, 40, 'a"b,c;d\te')),
        *((length - 4, length, "NA"), (60, 70, "null "), (0, 4, "'=x")),
    ):
        ran = annotui(
            *("annotate", "hard.txt", "claim", "--start", str(start), "--end", str(end)),
            *("--note", note),
        )
        assert ran.code == 0, ran.err
    return annotui


def stored() -> list[list[str]]:
    return [
        ["" if value is None else str(value) for value in row]
        for row in rows(Path("annotations.db"), "SELECT * FROM annotations")
    ]


def test_the_bytes_are_rfc_4180_and_come_back_through_csv(hard: Annotui) -> None:
    out = hard("export").out
    assert out.startswith(COLUMNS.encode() + b"\r\n")
    assert out.endswith(b"\r\n")
    header, *body = csv.reader(io.StringIO(out.decode("utf-8"), newline=""), strict=True)
    assert header == COLUMNS.split(",")
    assert body == stored()


def test_it_comes_back_through_pandas(hard: Annotui) -> None:
    pandas = pytest.importorskip("pandas")
    hard("export", "-o", "marks.csv")
    frame = pandas.read_csv("marks.csv", keep_default_na=False, dtype=str)
    assert list(frame.columns) == COLUMNS.split(",")
    assert frame.values.tolist() == stored()


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="needs the sqlite3 program")
def test_it_comes_back_through_sqlite3_import(hard: Annotui) -> None:
    hard("export", "-o", "marks.csv")
    subprocess.run(
        ["sqlite3", "back.db", ".mode csv", ".import marks.csv marks"], check=True, timeout=60
    )
    assert [list(row) for row in rows(Path("back.db"), "SELECT * FROM marks")] == stored()


def test_the_real_program_writes_exact_bytes_to_pipe_file_and_target(tmp_path: Path) -> None:
    run("add", str(SEED), cwd=tmp_path)
    run(
        "annotate", SEED_ID[:6], "statistic", "--quote", "40 people", "--note", "a\nb", cwd=tmp_path
    )
    piped = run("export", cwd=tmp_path)
    with (tmp_path / "redirected.csv").open("wb") as target:
        subprocess.run(
            program("export"), cwd=tmp_path, stdout=target, env=environment(LC_ALL="C"), check=True,
            stderr=subprocess.DEVNULL, timeout=60,
        )  # fmt: skip
    named = run("export", "-o", "named.csv", cwd=tmp_path)
    assert piped.out.count(b"\r\n") == 2
    assert b'"a\nb"' in piped.out
    assert (tmp_path / "redirected.csv").read_bytes() == piped.out
    assert (tmp_path / "named.csv").read_bytes() == piped.out
    assert piped.err == "Wrote 1 annotation to standard output, 0 of them rejected.\n"
    assert named.err == "Wrote 1 annotation to named.csv, 0 of them rejected.\n"


def test_filters_and_statuses(seeded: Annotui) -> None:
    Path("two.txt").write_text("Two people.")
    seeded("add", "two.txt")
    ids = [
        seeded("annotate", document, label, "--quote", quote, "--annotator", who).text.strip()
        for document, label, quote, who in (
            (SEED_ID[:6], "claim", "40 people", "ann"),
            (SEED_ID[:6], "statistic", "40 people", "ann"),
            ("two.txt", "statistic", "Two", "bo"),
        )
    ]
    decide(Path("annotations.db"), ids[1], "rev", "rejected")

    def exported(*arguments: str) -> set[str]:
        ran = seeded("export", *arguments)
        assert ran.code == 0, ran.err
        return {line.split(",")[0] for line in ran.lines[1:]}

    assert exported() == set(ids)
    assert seeded("export").err.endswith("3 annotations to standard output, 1 of them rejected.\n")
    assert exported("--status", "rejected") == {ids[1]}
    assert "rejected" not in seeded("export", "--status", "unreviewed").err
    assert exported("--status", "unreviewed", "--status", "rejected") == set(ids)
    assert exported("--label", "statistic") == set(ids[1:])
    assert exported("--annotator", "bo") == {ids[2]}
    assert exported("--document", "two.txt", "--document", SEED_ID[:6]) == set(ids)
    assert exported("--document", "two.txt", "--label", "claim") == set()


def test_who_exports_is_no_filter(seeded: Annotui, monkeypatch: pytest.MonkeyPatch) -> None:
    seeded("annotate", SEED_ID[:6], "claim", "--quote", "40 people")
    monkeypatch.setenv("ANNOTUI_ANNOTATOR", "somebody else")
    assert len(seeded("--annotator", "another", "export").lines) == 2


def test_an_export_writes_nothing_to_the_database(seeded: Annotui) -> None:
    before = Path("annotations.db").read_bytes()
    seeded("export", "-o", "x.csv", "--excel")
    assert Path("annotations.db").read_bytes() == before


@pytest.mark.parametrize("target", ["annotations.db", "link.db", "folder", "nowhere/x.csv", "loop"])
def test_a_target_that_must_not_be_written_is_left_alone(seeded: Annotui, target: str) -> None:
    Path("folder").mkdir()
    Path("link.db").symlink_to("annotations.db")
    Path("loop").symlink_to("loop")
    before = Path("annotations.db").read_bytes()
    ran = seeded("export", "-o", target)
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert Path("annotations.db").read_bytes() == before


def test_an_interrupted_export_leaves_the_old_file(
    seeded: Annotui, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("x.csv").write_text("old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    ran = seeded("export", "-o", "x.csv")
    assert (ran.code, Path("x.csv").read_text()) == (1, "old")
    assert sorted(path.name for path in Path().iterdir()) == ["annotations.db", "x.csv"]


def test_excel_has_a_mark_and_guards_that_come_off_again(hard: Annotui) -> None:
    plain = hard("export").text
    guarded = hard("export", "--excel").text
    assert guarded.startswith("\ufeff" + COLUMNS)
    cells = list(csv.reader(io.StringIO(guarded.removeprefix("\ufeff"), newline="")))
    undone = [[unguard(cell) for cell in row] for row in cells]
    assert undone == list(csv.reader(io.StringIO(plain, newline="")))
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in cells for cell in row)


DANGEROUS = "'=+-@\t\r\n＝＋－＠|%"
cells = st.text(st.sampled_from(DANGEROUS + ';," ax1\u2028'), max_size=20) | st.text(max_size=20)


@given(cells)
def test_the_guard_is_lossless(text: str) -> None:
    assert unguard(guard(text)) == text


@given(st.lists(cells, min_size=1, max_size=4), st.sampled_from(",;\t"))
def test_no_cell_starts_with_a_formula_whatever_separates_the_columns(
    row: list[str], separator: str
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow([guard(cell) for cell in row])
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        read = csv.reader(
            io.StringIO(out.getvalue(), newline=""), delimiter=separator, quoting=quoting
        )
        for found in read:
            for cell in found:
                shown = cell.lstrip('"')
                assert not shown.startswith(tuple("=+-@＝＋－＠|%")), (row, cell)


def test_the_statuses_are_the_services_own() -> None:
    assert exchange.STATUSES == interchange.STATUSES


def test_the_view_and_the_export_have_the_same_columns(seeded: Annotui) -> None:
    connection = sqlite3.connect("annotations.db")
    names = [one[0] for one in connection.execute("SELECT * FROM annotations").description]
    connection.close()
    assert names == COLUMNS.split(",")
