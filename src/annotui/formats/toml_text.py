"""TOML whose mistakes can be named by line: ``tomllib`` does that for syntax errors only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from annotui.errors import AnnotuiError

Path = tuple[str | int, ...]
"""Where a value is: names of tables and keys, and numbers (from 0) in arrays of tables."""

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"\n]*"|'[^'\n]*')(?:\s*\.\s*[\w-]+)*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"\n]*"|'[^'\n]*'""")
_LONG_STRING = re.compile(r"\"\"\"|'''")


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines (from 1) of a file's tables and keys; ``kind`` is the error for what is wrong."""

    file_name: str
    kind: type[AnnotuiError]
    by_path: dict[Path, int]

    def where(self, path: Path) -> str:
        """The file, and the line of ``path`` or of the nearest table around it."""
        while path:
            if path in self.by_path:
                return f"{self.file_name} line {self.by_path[path]}"
            path = path[:-1]
        return self.file_name

    def error(self, path: Path, problem: str) -> AnnotuiError:
        """The error to raise for a problem at ``path``."""
        return self.kind(f"{self.where(path)}: {problem} Nothing was done.")


def parsed(text: str, file_name: str, kind: type[AnnotuiError]) -> tuple[dict[str, Any], Lines]:
    """What the text says, and on which lines.

    Raises:
        AnnotuiError: of this kind, when it is not TOML.
    """
    import tomllib

    try:
        content = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        count = len(text.splitlines())
        problem = str(error).replace("at end of document", f"at the end, line {count}")
        raise kind(f"{file_name} is not TOML: {problem}. Nothing was done.") from error
    return content, Lines(file_name, kind, lines_of(text))


def lines_of(text: str) -> dict[Path, int]:
    """The lines of all tables and keys that stand on a line of their own."""
    lines: dict[Path, int] = {}
    table: Path = ()
    counted: Counter[str] = Counter()
    inside = ""
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if not inside:
            if header := _HEADER.match(line):
                table = _names(header[2])
                if header[1] == "[[":
                    lines.setdefault(table, number)
                    table = (*table, counted[header[2]])
                    counted[header[2]] += 1
                lines.setdefault(table, number)
            elif key := _KEY.match(line):
                lines.setdefault((*table, *_names(key[1])), number)
        for quotes in _LONG_STRING.findall(line):
            if not inside:
                inside = quotes
            elif quotes == inside:
                inside = ""
    return lines


def near(name: str, known: Iterable[str]) -> str:
    """The question whether the nearest of ``known`` was meant; empty when none is near."""
    found = get_close_matches(name.casefold(), known, n=1)
    return f" Did you mean {found[0]!r}?" if found else ""


def _names(written: str) -> Path:
    return tuple(part.strip("\"'") for part in _PART.findall(written))
