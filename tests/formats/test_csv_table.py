"""The CSV comes back exactly, and the guard against formulas can be taken away again."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from annotui.formats.csv_table import COLUMNS, guard, unguard, write_rows
from annotui.formats.exchange import WriteOptions

NASTY = st.text(
    alphabet=st.sampled_from("ab=+-@|%'\";, \t\r\n＝＋－＠\ufeff\u2028\x1b\x0c漢é👩")
    | st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    max_size=20,
)
ROW = st.tuples(*[NASTY for _ in COLUMNS])


def dumps(rows: Iterable[Sequence[object]], *, excel: bool = False) -> str:
    out = io.BytesIO()
    write_rows(rows, out, WriteOptions(excel=excel))
    return out.getvalue().decode()


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_the_columns_are_as_promised() -> None:
    assert ",".join(COLUMNS) == (
        "id,document_id,document,label,start,end,quote,note,annotator,status,reviewer,line,"
        "fragments,created_at,updated_at"
    )
    assert dumps([]) == ",".join(COLUMNS) + "\r\n"


@given(st.lists(ROW, max_size=5))
def test_every_cell_comes_back_as_it_was(rows: list[tuple[str, ...]]) -> None:
    assert read(dumps(rows)) == [list(COLUMNS), *map(list, rows)]


@given(st.lists(ROW, max_size=5))
def test_every_cell_comes_back_out_of_a_guarded_export(rows: list[tuple[str, ...]]) -> None:
    text = dumps(rows, excel=True)
    assert text.startswith("\ufeff")
    found = read(text[1:])
    assert found[0] == list(COLUMNS)
    assert [[unguard(cell) for cell in row] for row in found[1:]] == list(map(list, rows))


def test_lines_end_with_crlf_and_only_what_must_be_is_quoted() -> None:
    row = ["plain", 'with "quotes"', "a,b", "a\nb", "a\rb", "'", " ", 7, "", *[""] * 6]
    assert dumps([row]).split("\r\n", 1)[1] == (
        'plain,"with ""quotes""","a,b","a\nb","a\rb",\', ,7,,,,,,,\r\n'
    )


def test_without_excel_nothing_is_altered() -> None:
    assert "=1+1" in dumps([["=1+1", *[""] * 14]])
    assert "'" not in dumps([["=1+1", *[""] * 14]])


def test_numbers_are_not_guarded() -> None:
    assert "'" not in dumps([[-5, 0, *[""] * 13]], excel=True)


@given(NASTY)
def test_the_guard_is_lossless(text: str) -> None:
    assert unguard(guard(text)) == text


@given(NASTY)
def test_a_text_that_needs_no_guard_has_none(text: str) -> None:
    if not re.search(r"(\A|[;,\t\r\n|])['=+\-@\t\r\n＝＋－＠|%]", text):
        assert guard(text) == text


@given(NASTY)
def test_no_cell_starts_a_formula_however_the_text_is_split(text: str) -> None:
    for separators in (",", ";", "\t", ",;\t|\r\n"):
        for cell in re.split(f"[{separators}]", guard(text)):
            assert not cell.startswith(tuple("=+-@＝＋－＠%"))
