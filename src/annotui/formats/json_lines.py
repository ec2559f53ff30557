"""Lines of JSON: one object a line, UTF-8, LF.

Source: https://jsonlines.org
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotui.errors import FormatError

_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
_LONGEST_FIRST = 200_000_000


def dump(value: dict[str, Any]) -> bytes:
    """One line, in which nothing but its end is a line end to anybody."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _LINE_ENDS.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode() + b"\n"


def entries(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Where each line stands, and the object on it; empty lines are passed over.

    Raises:
        FormatError: when a line is something else.
    """
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            where = f"{path} line {number}"
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if line.strip():
                yield where, _object(line, where)


def _object(line: bytes, where: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except UnicodeDecodeError:
        found = "bytes that are not UTF-8"
    except (ValueError, RecursionError) as error:
        found = str(error)
    else:
        if isinstance(value, dict):
            return value
        found = f"a {type(value).__name__}"
    raise FormatError(
        f"{where}: expected a JSON object on a line of its own, found {found}. Nothing of this "
        "file was imported."
    )


def first(head: bytes, path: Path) -> dict[str, Any]:
    """The object on the first line; empty where there is none."""
    if not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return {}
    try:
        with path.open("rb") as file:
            line = next(
                (line for line in iter(lambda: file.readline(_LONGEST_FIRST), b"") if line.strip()),
                b"",
            )
        return _object(line.removeprefix(b"\xef\xbb\xbf"), "")
    except (FormatError, OSError):
        return {}
