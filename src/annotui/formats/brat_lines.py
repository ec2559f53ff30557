"""What reading and writing of brat standoff have in common: names, values, and where runs are cut.

Source: https://brat.nlplab.org/standoff.html
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

ANNOTATOR, STATUS, REVIEWER, LABEL = "Annotator", "Status", "Reviewer", "Label"
"""Attributes that hold what brat itself has no place for; LABEL where a type cannot spell it."""

NOTE = "AnnotatorNotes"
"""The kind of a ``#`` line that brat's own editor writes."""

JOINT = " "
"""What stands between the fragments in the text of an annotation."""

LINE_ENDS = "\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
"""What ends a line to one reader or another: an annotation's line can hold none of them."""

TO_SPACES = str.maketrans(dict.fromkeys(f"\t{LINE_ENDS}", " "))
"""For what is written into a line all the same, and how older versions of brat wrote line ends."""

_CUT = re.compile(f"[^\t{LINE_ENDS}]+")
_BREAKS = re.compile(f"[\t{LINE_ENDS}]+")
_NOTE_ENDS = re.compile(f"\r\n|[\r{LINE_ENDS}]")
_NO_TYPE = re.compile("[^A-Za-z0-9_-]")
_NO_VALUE = re.compile(r"[^\w.-]")

Runs = tuple[tuple[int, int], ...]


def type_of(label: str) -> str:
    """The label as a type of brat: unaccented, of letters, digits, ``_`` and ``-``."""
    plain = unicodedata.normalize("NFD", label).encode("ascii", "ignore").decode()
    return _NO_TYPE.sub("_", plain) or "label"


def value_of(name: str) -> str:
    """A name as one word; what cannot be in it is written as ``%20`` and the like."""
    return _NO_VALUE.sub(lambda found: quote(found[0], safe=""), name)


def note_lines(note: str) -> list[str]:
    """The lines of a note, each of which is a ``#`` line of its own."""
    return _NOTE_ENDS.split(note) if note else []


def cut(text: str, runs: Runs) -> Runs:
    """The runs without the line ends and tabs in them; as they are where nothing else is left."""
    pieces = tuple(found.span() for run in runs for found in _CUT.finditer(text, *run))
    return pieces or runs


def joined(text: str, runs: Runs) -> Runs:
    """The runs that :func:`cut` was given: those between which only line ends and tabs stand."""
    whole = [runs[0]]
    for start, end in runs[1:]:
        behind = whole[-1][1]
        if start > behind and _BREAKS.fullmatch(text, behind, start):
            whole[-1] = (whole[-1][0], end)
        else:
            whole.append((start, end))
    return tuple(whole)


def shown_text(text: str, runs: Runs) -> str:
    """The text of an annotation as its line has it."""
    return JOINT.join(text[start:end] for start, end in runs)
