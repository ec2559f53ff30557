"""brat standoff: a text in ``NAME.txt``, its annotations beside it in ``NAME.ann``.

Offsets are code points of the text as it is in the file. Runs are cut at line ends and tabs, which
a line cannot hold, and those between which nothing else stands are put together again.

Source: https://brat.nlplab.org/standoff.html
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from annotui.domain.offset_unit import LfText
from annotui.errors import FormatError
from annotui.formats import plain_text
from annotui.formats.brat_lines import (
    ANNOTATOR,
    JOINT,
    LABEL,
    NOTE,
    REVIEWER,
    STATUS,
    TO_SPACES,
    Runs,
    joined,
    shown_text,
    type_of,
)
from annotui.formats.brat_writing import write_folder
from annotui.formats.exchange import Bundle, Problem, Record

__all__ = ["detects", "read", "write_folder"]

_RECORD = re.compile(r"([TREAMN][0-9]+|#[0-9]*|\*)\t(.*)", re.DOTALL)
_TEXT_BOUND = re.compile(
    r"(\S+) ([0-9]{1,15} [0-9]{1,15}(?:;[0-9]{1,15} [0-9]{1,15})*)\t(.*)", re.DOTALL
)
_OFFSET = re.compile("[0-9]+")
_ATTRIBUTE = re.compile(r"(\S+) (\S+)(?: (.*))?", re.DOTALL)
_COMMENT = re.compile(r"(\S+) (\S+)\t(.*)", re.DOTALL)
_EVENT = re.compile(r"\S+?:(\S+)")
_FIRST_LINE = re.compile(rb"\s*T[0-9]+\t\S+ [0-9]+ [0-9]+[;\t]")
_STATUSES = ("accepted", "rejected", "unsure")
_KINDS = {"R": "relations", "E": "events", "N": "normalizations", "*": "equivalences"}
_SHOWN = 60


def detects(head: bytes, path: Path) -> bool:
    """Whether it begins with a text-bound annotation, or is an ``.ann`` file beside a text."""
    if path.suffix == ".ann" and path.with_suffix(".txt").is_file():
        return True
    return _FIRST_LINE.match(head) is not None


def read(path: Path) -> Iterator[Bundle]:
    """The document of an ``.ann`` file and the text beside it.

    Raises:
        FormatError: when there is no text beside it.
        DocumentError: when the text cannot be read.
    """
    beside = path.with_suffix(".txt")
    if beside == path or not beside.is_file():
        raise FormatError(
            f"{path} has no text: there is no {beside.name} beside it that is another file. "
            "Nothing of it was imported; put the text there."
        )
    data = beside.read_bytes()
    plain = plain_text.decode(data, str(beside))
    original = data.decode(plain.encoding).removeprefix("\ufeff") if b"\r" in data else plain.text
    reading = _Reading(str(path), LfText(original))
    for number, line in enumerate(_lines(path), 1):
        reading.take(number, line)
    records = tuple(reading.records())
    yield Bundle(
        text=plain.text,
        source=str(beside),
        newline=plain.newline,
        encoding=plain.encoding,
        original_sha256=plain.original_sha256,
        records=records,
        problems=tuple(reading.problems),
        left_out=reading.left_out,
        joint=JOINT,
        where=str(path),
    )


def _lines(path: Path) -> list[str]:
    """The lines, of a file with LF or with CRLF."""
    text = path.read_bytes().decode("utf-8-sig")
    lines = text.split("\n")
    if all(line.endswith("\r") for line in lines[:-1]):
        lines = [line.removesuffix("\r") for line in lines]
    return lines


@dataclass(slots=True)
class _Mark:
    """A text-bound annotation and what other lines say of it."""

    number: int
    label: str
    runs: Runs
    quote: str
    agrees: bool
    flaw: str = ""
    notes: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)

    def lacks(self, length: int) -> bool:
        """Whether its runs are so much longer than its text that this may belong to it."""
        wanted = sum(end - start + len(JOINT) for start, end in self.runs) - len(JOINT)
        return len(self.quote) + length <= wanted


@dataclass(slots=True)
class _Reading:
    """The lines of one file, on their way to records."""

    path: str
    lf: LfText
    problems: list[Problem] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    _marks: dict[str, _Mark] = field(default_factory=dict)
    _bad: set[str] = field(default_factory=set)
    _triggers: dict[str, str] = field(default_factory=dict)
    _about: list[tuple[int, str, str]] = field(default_factory=list)
    _last: _Mark | None = None
    _blank: int = 0

    def take(self, number: int, line: str) -> None:
        """Take a line; ``number`` counts from 1."""
        found = _RECORD.fullmatch(line)
        if found is None:
            self._take_strange(number, line)
            return
        name, rest = found.groups()
        self._last, self._blank = None, 0
        if name[0] == "T":
            self._take_text_bound(number, name, rest)
        elif name[0] in "AM#":
            self._about.append((number, name[0], rest))
        else:
            self.left_out[_KINDS[name[0]]] += 1
            trigger = _EVENT.match(rest) if name[0] == "E" else None
            if trigger is not None:
                self._triggers[name] = trigger[1]

    def _take_text_bound(self, number: int, name: str, rest: str) -> None:
        found = _TEXT_BOUND.fullmatch(rest)
        if found is None:
            self._bad.add(name)
            self._problem(number, f"{name}, a tab, label start end, a tab, text", _short(rest))
            return
        label, places, quote = found.groups()
        if name in self._marks:
            self._problem(number, "an id of its own", f"{name}, as in {self._line_of(name)}")
            return
        flat = [self.lf.offset(int(offset)) for offset in _OFFSET.findall(places)]
        runs = tuple(zip(flat[::2], flat[1::2], strict=True))
        if len(runs) > 1 and flat != sorted(flat):
            self._bad.add(name)
            self._problem(number, "fragments in the order of the text", places)
            return
        text = shown_text(self.lf.text, runs)
        if quote != text and quote == text.translate(TO_SPACES):
            quote = text
        mark = _Mark(number, label, runs, quote, quote == text)
        self._marks[name] = self._last = mark

    def _take_strange(self, number: int, line: str) -> None:
        """A line that is no record: what goes on from the text of the one before, or an error."""
        last = self._last
        if not line.strip():
            self._blank += 1
        elif last is not None and last.lacks(self._blank + 1 + len(line)):
            last.quote += "\n" * (self._blank + 1) + line
            last.flaw = last.flaw or f"a line end in its text, which goes on in line {number}"
            self._blank = 0
        else:
            self._problem(number, "an annotation (its id, a tab, …)", _short(line))

    def _problem(self, number: int, expected: str, found: str) -> None:
        self.problems.append(Problem(f"{self.path} line {number}", expected, found))

    def _line_of(self, name: str) -> str:
        return f"line {self._marks[name].number}"

    def records(self) -> Iterator[Record]:
        """The records in the order of their lines."""
        for number, kind, rest in self._about:
            take = self._take_note if kind == "#" else self._take_attribute
            take(number, rest)
        for mark in self._marks.values():
            yield self._record(mark)

    def _target(self, number: int, name: str, kind: str) -> _Mark | None:
        """The mark that a line is about: an event's is its trigger; None where there is none."""
        name = self._triggers.get(name, name)
        mark = self._marks.get(name)
        if mark is None and name not in self._bad:
            if name.startswith("T"):
                self._problem(number, f"an annotation {name}", "none in this file")
            else:
                self.left_out[kind] += 1
        return mark

    def _take_attribute(self, number: int, rest: str) -> None:
        found = _ATTRIBUTE.fullmatch(rest)
        if found is None:
            self._problem(number, "a name and an annotation", _short(rest))
            return
        name, target, value = found.groups()
        mark = self._target(number, target, "attributes")
        if mark is None:
            return
        told = unquote(value or "")
        is_ours = {
            ANNOTATOR: bool(told),
            STATUS: told in _STATUSES,
            REVIEWER: bool(told),
            LABEL: mark.label.startswith(type_of(told)),
        }.get(name, False)
        if is_ours and name not in mark.values:
            mark.values[name] = told
        else:
            self.left_out["attributes"] += 1

    def _take_note(self, number: int, rest: str) -> None:
        found = _COMMENT.fullmatch(rest)
        if found is None:
            self.left_out["comments"] += 1
            return
        kind, target, note = found.groups()
        mark = self._target(number, target, "notes on other lines than T and E")
        if mark is not None:
            mark.notes.append(note if kind == NOTE else f"{kind}: {note}")

    def _record(self, mark: _Mark) -> Record:
        runs, quote = mark.runs, mark.quote
        if mark.agrees and len(runs) > 1:
            runs = joined(self.lf.text, runs)
            quote = shown_text(self.lf.text, runs)
        return Record(
            runs=runs,
            label=mark.values.get(LABEL, mark.label),
            quote=quote,
            note="\n".join(mark.notes),
            annotator=mark.values.get(ANNOTATOR, ""),
            status=mark.values.get(STATUS, ""),
            reviewer=mark.values.get(REVIEWER, ""),
            where=f"{self.path} line {mark.number}",
            flaw=mark.flaw,
        )


def _short(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")
