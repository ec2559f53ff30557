"""Offsets in other units than code points, and in texts with other line ends than LF."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from enum import StrEnum
from itertools import accumulate

from annotui.domain.document import with_lf

_CRLF = re.compile("\r\n")


class OffsetUnit(StrEnum):
    """What offsets count: code points, UTF-16 units (JavaScript, Java) or UTF-8 bytes."""

    CODEPOINT = "codepoint"
    UTF16 = "utf16"
    BYTE = "byte"


_WIDE = {
    OffsetUnit.CODEPOINT: re.compile(r"(?!)"),
    OffsetUnit.UTF16: re.compile("[\U00010000-\U0010ffff]"),
    OffsetUnit.BYTE: re.compile("[^\x00-\x7f]"),
}
"""Characters that take more than one unit."""

_CODECS = {OffsetUnit.UTF16: ("utf-16-le", 2), OffsetUnit.BYTE: ("utf-8", 1)}


class UnitOffsets:
    """Offsets of one text in one unit, there and back.

    Source: The Unicode Standard, chapter 3.9 (lengths in UTF-8 and UTF-16).
    """

    def __init__(self, text: str, unit: OffsetUnit) -> None:
        self._text, self._unit = text, unit
        self._encoded = b""
        wide = [] if text.isascii() else [found.start() for found in _WIDE[unit].finditer(text)]
        self._wide = wide
        self._more = list(accumulate((self._width(at) - 1 for at in wide), initial=0))
        self._starts = [at + more for at, more in zip(wide, self._more, strict=False)]

    def _width(self, at: int) -> int:
        if self._unit is OffsetUnit.UTF16:
            return 2
        return len(self._text[at].encode("utf-8", "surrogatepass"))

    def of(self, offset: int) -> int:
        """The code-point ``offset`` in the unit."""
        return offset + self._more[bisect_left(self._wide, offset)]

    def back(self, units: int) -> int | None:
        """The code-point offset at ``units``; None inside a character or outside the text."""
        begun = bisect_right(self._starts, units)
        if begun:
            into = units - self._starts[begun - 1]
            width = self._more[begun] - self._more[begun - 1] + 1
            if into < width:
                return self._wide[begun - 1] if into == 0 else None
        offset = units - self._more[begun]
        return offset if 0 <= offset <= len(self._text) else None

    def slice(self, start: int, end: int) -> str:
        """The text between two offsets in the unit, cut from the encoded text itself."""
        if self._unit is OffsetUnit.CODEPOINT:
            return self._text[start:end]
        codec, size = _CODECS[self._unit]
        self._encoded = self._encoded or self._text.encode(codec)
        return self._encoded[start * size : end * size].decode(codec, "replace")


class LfText:
    """A text with CRLF and CR turned into LF, and where its old offsets are now."""

    def __init__(self, original: str) -> None:
        self.text = with_lf(original)
        self._ends = [found.end() for found in _CRLF.finditer(original)]

    def offset(self, original: int) -> int:
        """The offset in :attr:`text` of an offset in the text as it was."""
        return original - bisect_right(self._ends, original) if self._ends else original
