"""What a real spreadsheet program makes of an export."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from marked_documents import bundle_of

from annotui.domain.label_scheme import default_scheme
from annotui.domain.offset_unit import OffsetUnit
from annotui.formats import csv_table
from annotui.formats.exchange import Record, WriteOptions

TEXT = (
    "=1+1 is one\n+3+4 two\n-5+6 three\n@SUM(1) four\n|calc five\n%x six\n=SUM(1;2) seven\n"
    "a;=1+2;b\t=3+4\tc,=5+6 eight\n＝1+1 nine\n\t=9+9 ten\n"
)
NOTE = "=cmd|' /C calc'!A0\r\n=2+3\n\t=4+4"


def cells(path: Path) -> list[tuple[str, str]]:
    """What Gnumeric has in each cell: its attributes and its content."""
    converted = path.with_suffix(".gnumeric")
    subprocess.run(["ssconvert", path, converted], check=True, capture_output=True, timeout=120)
    xml = gzip.decompress(converted.read_bytes()).decode()
    return re.findall(r"<gnm:Cell ([^>]*)>([^<]*)", xml)


def is_formula(attributes: str) -> bool:
    """An expression has no type of value of its own."""
    return "ValueType" not in attributes


@pytest.mark.skipif(shutil.which("ssconvert") is None, reason="Gnumeric is not installed")
@pytest.mark.parametrize("excel", [True, False])
def test_gnumeric_runs_no_formula_of_an_export_for_spreadsheets(
    tmp_path: Path, excel: bool
) -> None:
    lines = [line for line in TEXT.splitlines() if line]
    starts = [TEXT.index(line) for line in lines]
    records = [
        Record(((at, at + len(line)),), line[:20], note=NOTE, annotator="=1+40")
        for at, line in zip(starts, lines, strict=True)
    ]
    bundle = bundle_of(TEXT, records, title="=HYPERLINK(1)")
    path = tmp_path / "marks.csv"
    with path.open("wb") as file:
        options = WriteOptions(tuple(default_scheme()), OffsetUnit.CODEPOINT, excel)
        csv_table.write([bundle], file, options)
    found = cells(path)
    assert len(found) > 100
    formulas = [content for attributes, content in found if is_formula(attributes)]
    assert bool(formulas) is not excel
