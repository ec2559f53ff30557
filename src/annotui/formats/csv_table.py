"""CSV: one annotation a row, offsets in code points.

Source: RFC 4180 (CRLF line ends, quoting), UTF-8 without a byte order mark.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

COLUMNS = (
    *("id", "document_id", "document", "label", "start", "end", "quote", "note", "annotator"),
    *("status", "reviewer", "line", "fragments", "created_at", "updated_at"),
)
"""The columns in their order; other people's scripts depend on it."""

_FORMULA = r"['=+\-@\t\r\n＝＋－＠|%]"
_TO_GUARD = re.compile(rf"(\A|[;,\t\r\n|])(?={_FORMULA})")
_GUARDED = re.compile(rf"(\A|[;,\t\r\n|])'(?={_FORMULA})")
_MARK = "\ufeff"


def dumps(rows: Iterable[Sequence[Any]], *, excel: bool = False) -> str:
    """The rows as CSV text with a header; line ends are CRLF.

    With ``excel`` a byte order mark comes first and text that a spreadsheet could take for a
    formula is guarded by an apostrophe, which :func:`unguard` takes away again.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    if excel:
        rows = (
            [guard(value) if isinstance(value, str) else value for value in row] for row in rows
        )
    writer.writerows(rows)
    return (_MARK if excel else "") + out.getvalue()


def guard(text: str) -> str:
    """``text`` so that no spreadsheet runs it, whether it splits at ``,``, ``;`` or tab."""
    return _TO_GUARD.sub(r"\1'", text)


def unguard(text: str) -> str:
    """The text that :func:`guard` was given."""
    return _GUARDED.sub(r"\1", text)
