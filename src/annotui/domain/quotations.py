"""Quotation marks of one paragraph: which are marks, which belong together, which are left over.

A mark may stand for more than one thing: ``’`` closes a quotation or is an apostrophe, ``"`` opens
or closes, ``“`` opens in English and closes in German. What stands on either side decides, and
what is open at that point. Single marks without a partner count as apostrophes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_CLOSERS = {
    "“": '”“"',
    "„": '“”‟"',
    "‟": "”‟",
    "”": "”",
    '"': '"”',
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    "‘": "’'",
    "‚": "‘’",
    "‛": "’",
    "'": "'’",
    "「": "」",
    "『": "』",
    "｢": "｣",
    "《": "》",
    "〝": "〞〟",
}
"""For every mark that may open a quotation, the marks that may close it."""

_SINGLES = "‘’‚‛'"
_ALWAYS_OPEN = "„「『｢〝‚《"
_OPEN_BY_DEFAULT = "“‟«‹"
_CLOSE_UNSEEN_CONTEXT = "»«›‹」』｣〞〟》"
"""Marks that close whatever stands around them (French sets spaces inside its marks)."""

MARK = re.compile("[\"'“”„‟«»‹›‘’‚‛「」『』｢｣《》〝〞〟]")
_OPENING_BEFORE = " \t\r\n([{（［—–―-/=*|" + _ALWAYS_OPEN + _OPEN_BY_DEFAULT + "\"'‘"
_ELISION = re.compile(r".(?:\d\ds?\b|(?:em|til|tis|twas|n)\b)", re.IGNORECASE)

_PLURAL = re.compile(r"['’] [a-z](?:[^'’‘“”\"\n]|(?<=\w)['’](?=\w)){0,200}?[.,!?…]['’](?!\w)")
"""A single mark, then a word in small letters, and behind it a mark that surely closes."""

LIKELY_MARKS = re.compile("[\"“”„‟«»‹›‚「」『』｢｣《》〝〞〟]|(?<!\\w)['‘’‛]|['’](?!\\w)")
"""Finds every mark that ``quote_marks`` could take for one, and some apostrophes."""


@dataclass(frozen=True, slots=True)
class QuoteMarks:
    """The quotation marks of one paragraph, by offset.

    ``partners`` leads from each mark of a pair to the other one and from a mark that is left
    over to None; ``opening`` holds the marks that open. ``unclosed`` is the outermost mark that
    opens a quotation which the paragraph does not close.
    """

    partners: Mapping[int, int | None]
    opening: frozenset[int]
    unclosed: int | None

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Opening and closing mark of each quotation, in the order of the opening ones."""
        return sorted(
            (mark, partner)
            for mark, partner in self.partners.items()
            if partner is not None and mark < partner
        )


def quote_marks(paragraph: str) -> QuoteMarks:
    """Sort out the quotation marks of ``paragraph``."""
    scan = _Scan(paragraph)
    for match in MARK.finditer(paragraph):
        scan.take(match.start())
    return scan.finish()


class _Scan:
    """One pass over the marks of a paragraph, with the quotations that are open so far."""

    def __init__(self, paragraph: str) -> None:
        self._paragraph = paragraph
        self._open: list[int] = []
        self._partners: dict[int, int | None] = {}
        self._opening: set[int] = set()

    def take(self, mark: int) -> None:
        """Let the mark at ``mark`` close, open, or be left over."""
        level = self._closes(mark)
        if level is not None:
            self._drop_above(level + 1)
            opener = self._open.pop()
            self._partners[opener], self._partners[mark] = mark, opener
        elif self._opens(mark):
            if self._paragraph[mark] == '"':
                self._drop_straight()
            self._open.append(mark)
            self._opening.add(mark)
        elif self._paragraph[mark] not in _SINGLES and not self._is_inch(mark):
            self._partners[mark] = None

    def finish(self) -> QuoteMarks:
        """The marks, once all have been taken."""
        left_open = [mark for mark in self._open if self._paragraph[mark] not in _SINGLES]
        self._drop_above(0)
        return QuoteMarks(
            self._partners,
            frozenset(self._opening & self._partners.keys()),
            min(left_open, default=None),
        )

    def _closes(self, mark: int) -> int | None:
        """The level of the open quotation that this mark closes."""
        character = self._paragraph[mark]
        level = next(
            (
                level
                for level in range(len(self._open) - 1, -1, -1)
                if character in _CLOSERS.get(self._paragraph[self._open[level]], "")
            ),
            None,
        )
        if level is None or self._may_close(mark, self._paragraph[self._open[level]]):
            return level
        return None

    def _may_close(self, mark: int, opener: str) -> bool:
        character = self._paragraph[mark]
        if character in _CLOSE_UNSEEN_CONTEXT:
            opens = self._looks_opening(mark) and self._after(mark).isalnum()
            return character != "«" or not opens
        follower = self._after(mark)
        if character in _SINGLES:
            ends = not self._before(mark).isspace() and not follower.isalnum()
            return ends and not self._ends_plural(mark)
        if character in "“‟":
            return opener == "„" or not self._looks_opening(mark)
        return character == "”" or not self._looks_opening(mark)

    def _ends_plural(self, mark: int) -> bool:
        """Whether this is the apostrophe of ``the dogs’ fault.’``, the closing mark to come."""
        if self._before(mark) not in "sxz":
            return False
        return _PLURAL.match(self._paragraph, mark) is not None

    def _opens(self, mark: int) -> bool:
        character = self._paragraph[mark]
        if character in _ALWAYS_OPEN:
            return True
        if character in _OPEN_BY_DEFAULT:
            return not self._looks_closing(mark) or not self._open
        if character in _SINGLES:
            elided = _ELISION.match(self._paragraph, mark) is not None
            return character != "’" and self._looks_opening(mark) and not elided
        return character in '"”»›' and self._looks_opening(mark)

    def _looks_opening(self, mark: int) -> bool:
        return self._before(mark) in _OPENING_BEFORE and not self._after(mark).isspace()

    def _looks_closing(self, mark: int) -> bool:
        follower = self._after(mark)
        return not self._before(mark).isspace() and (
            follower.isspace() or (not follower.isalnum() and MARK.match(follower) is None)
        )

    def _is_inch(self, mark: int) -> bool:
        return self._paragraph[mark] == '"' and self._before(mark).isdigit()

    def _before(self, mark: int) -> str:
        return self._paragraph[mark - 1] if mark else " "

    def _after(self, mark: int) -> str:
        return self._paragraph[mark + 1] if mark + 1 < len(self._paragraph) else " "

    def _drop_straight(self) -> None:
        """Give up an open straight mark: the next one that looks as if it opens comes first."""
        for level, opener in enumerate(self._open):
            if self._paragraph[opener] == '"':
                self._drop_above(level)
                return

    def _drop_above(self, level: int) -> None:
        for opener in self._open[level:]:
            if self._paragraph[opener] not in _SINGLES:
                self._partners[opener] = None
        del self._open[level:]
