"""XLSX: one annotation a row, every text a string cell, the header frozen, filters on.

Source: Office Open XML limits, https://support.microsoft.com/office/excel-specifications-and-limits
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import IO, Any

import xlsxwriter

from annotui.formats import rows
from annotui.formats.exchange import Bundle, WriteOptions

LONGEST_CELL = 32_767
"""UTF-16 units of a cell; what is longer is cut and ends in an ellipsis."""

ROWS_OF_A_SHEET = 1_048_576
WIDTHS = {"document": 30, "quote": 60, "note": 40, "label": 14, "annotator": 14}
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write(bundles: Iterable[Bundle], out: IO[bytes], options: WriteOptions) -> None:
    """Write the annotations; rows beyond what a sheet can hold go to a further one."""
    names = rows.columns(options.unit)
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        bold = book.add_format({"bold": True})
        sheet, number = None, 0
        for row in chain.from_iterable(map(rows.of_bundle, bundles)):
            if sheet is None or number == ROWS_OF_A_SHEET - 1:
                _finish(sheet, number, len(names))
                sheet, number = _sheet(book, names, bold), 0
            number += 1
            _write_row(sheet, number, row)
        _finish(sheet or _sheet(book, names, bold), number, len(names))


def _sheet(book: Any, names: tuple[str, ...], bold: Any) -> Any:
    count = len(book.worksheets())
    sheet = book.add_worksheet("annotations" if not count else f"annotations {count + 1}")
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(names):
        sheet.set_column(column, column, WIDTHS.get(name, 11))
        sheet.write_string(0, column, name, bold)
    return sheet


def _finish(sheet: Any, number: int, width: int) -> None:
    if sheet is not None:
        sheet.autofilter(0, 0, number, width - 1)


def _write_row(sheet: Any, number: int, row: rows.Row) -> None:
    for column, value in enumerate(row):
        if isinstance(value, int):
            sheet.write_number(number, column, value)
        elif value:
            sheet.write_string(number, column, _cut(value))


def _cut(text: str) -> str:
    """``text``, or as much as a cell can hold and an ellipsis."""
    if len(text) <= LONGEST_CELL // 2 or len(text.encode("utf-16-le")) <= 2 * LONGEST_CELL:
        return text
    kept = text.encode("utf-16-le")[: 2 * (LONGEST_CELL - 1)].decode("utf-16-le", "ignore")
    return kept + "…"
