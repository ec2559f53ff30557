"""Documents: texts that never change once they are taken in."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate

_BLOCK = 1 << 15
_CONTROLS = r"\s\x00-\x1f\x7f-\x9f"
_GAP = re.compile(f"[{_CONTROLS}]+")
_VISIBLE = re.compile(f"[^{_CONTROLS}]")

TITLE_LENGTH = 80
"""Code points of the first non-empty line that serve as a title when none is given."""

_TITLE_SOURCE_LENGTH = 50 * TITLE_LENGTH
"""Code points that are looked at for a title; a line may be as long as the text."""


class Newline(StrEnum):
    """How the lines of the original bytes ended."""

    NONE = "none"
    LF = "lf"
    CRLF = "crlf"
    CR = "cr"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Document:
    """A text and where it came from; two documents are equal when their ids are.

    ``document_id`` is the SHA-256 of ``text`` (UTF-8), 64 hexadecimal digits. ``metadata`` tells,
    where it is known, of format, extractor, author, site, published, address and language.
    """

    document_id: str
    title: str = field(compare=False)
    text: str = field(compare=False, repr=False)
    source: str = field(default="", compare=False)
    added_at: str = field(default="", compare=False)
    newline: Newline = field(default=Newline.LF, compare=False)
    encoding: str = field(default="utf-8", compare=False)
    original_sha256: str = field(default="", compare=False)
    metadata: Mapping[str, str] = field(default_factory=dict, compare=False)
    _lines_before: list[int] = field(default_factory=list, init=False, compare=False, repr=False)

    def line_of(self, offset: int) -> int:
        """The line, from 1, on which the code point at ``offset`` stands."""
        if not self._lines_before:
            self._lines_before.extend(_line_ends_before_blocks(self.text))
        block = min(max(offset, 0) // _BLOCK, len(self._lines_before) - 1)
        return self._lines_before[block] + self.text.count("\n", block * _BLOCK, offset) + 1


def _line_ends_before_blocks(text: str) -> list[int]:
    """How many line ends stand before each block of the text: counting to 10 MB takes 5 ms."""
    counts = (text.count("\n", start, start + _BLOCK) for start in range(0, len(text), _BLOCK))
    return list(accumulate(counts, initial=0))


def document_id_of(text: str) -> str:
    """The SHA-256 of ``text`` in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def title_of(text: str) -> str:
    """The first non-empty line, up to 80 code points; empty when there is none.

    White space and control characters in it become single spaces.
    """
    first = _VISIBLE.search(text)
    if first is None:
        return ""
    line, _, _ = text[first.start() : first.start() + _TITLE_SOURCE_LENGTH].partition("\n")
    return _GAP.sub(" ", line)[:TITLE_LENGTH].rstrip()


def newline_of(text: str) -> Newline:
    """Which line ends ``text`` has, before they are turned into LF."""
    crlf = text.count("\r\n")
    kinds = {
        Newline.CRLF: crlf,
        Newline.CR: text.count("\r") - crlf,
        Newline.LF: text.count("\n") - crlf,
    }
    found = [kind for kind, count in kinds.items() if count]
    if not found:
        return Newline.NONE
    return found[0] if len(found) == 1 else Newline.MIXED


def with_lf(text: str) -> str:
    """``text`` with CRLF and CR turned into LF; nothing else is touched."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
