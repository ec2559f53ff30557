"""The units of one paragraph, worked out when they are first asked for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property

from annotui.domain.clauses import clause_bounds
from annotui.domain.edges import Bounds
from annotui.domain.quotations import QuoteMarks, quote_marks
from annotui.domain.sentences import sentence_bounds
from annotui.domain.words import word_bounds


@dataclass(frozen=True, slots=True)
class UnitEdges:
    """Starts and ends of the units of one kind in a paragraph, each in order."""

    starts: list[int]
    ends: list[int]

    def start_after(self, offset: int) -> int | None:
        index = bisect_right(self.starts, offset)
        return self.starts[index] if index < len(self.starts) else None

    def start_before(self, offset: int) -> int | None:
        index = bisect_left(self.starts, offset)
        return self.starts[index - 1] if index else None

    def end_after(self, offset: int) -> int | None:
        index = bisect_right(self.ends, offset)
        return self.ends[index] if index < len(self.ends) else None

    def end_before(self, offset: int) -> int | None:
        index = bisect_left(self.ends, offset)
        return self.ends[index - 1] if index else None

    def covering_or_before(self, offset: int) -> Bounds | None:
        """The unit that covers ``offset``, else the last one before (units that are apart)."""
        index = bisect_right(self.starts, offset) - 1
        return (self.starts[index], self.ends[index]) if index >= 0 else None


class Passage:
    """One paragraph, ``start`` to ``end``; offsets count from the start of the text."""

    def __init__(self, text: str, bounds: Bounds) -> None:
        self.start, self.end = bounds
        self._paragraph = text[self.start : self.end]
        self.quotations: list[Bounds] | None = None

    @cached_property
    def marks(self) -> QuoteMarks:
        """The quotation marks, counted from the start of the paragraph."""
        return quote_marks(self._paragraph)

    @cached_property
    def words(self) -> UnitEdges:
        return self._edges(self._words)

    @cached_property
    def sentences(self) -> UnitEdges:
        return self._edges(self._sentences)

    @cached_property
    def clauses(self) -> UnitEdges:
        marks = {mark: mark in self.marks.opening for mark in self.marks.partners}
        clauses: list[Bounds] = []
        index = 0
        for sentence in self._sentences:
            first = index
            while index < len(self._words) and self._words[index][1] <= sentence[1]:
                index += 1
            words = self._words[first:index]
            clauses.extend(clause_bounds(self._paragraph, sentence, words, marks))
        return self._edges(clauses)

    @cached_property
    def whole(self) -> UnitEdges:
        """The paragraph as its only unit."""
        return UnitEdges([self.start], [self.end])

    @property
    def first_mark(self) -> int | None:
        """The mark that the paragraph begins with, if it opens a quotation."""
        return self.start if 0 in self.marks.opening else None

    @property
    def unclosed(self) -> int | None:
        """The outermost mark whose quotation goes on to the paragraph's end, or beyond."""
        mark = self.marks.unclosed
        return None if mark is None else self.start + mark

    @property
    def hands_on(self) -> bool:
        """Whether the first mark stays open, so that a quotation passes through the paragraph."""
        return self.first_mark is not None and self.first_mark == self.unclosed

    @property
    def closer_of_first_mark(self) -> int | None:
        """The mark that closes the quotation with which the paragraph begins."""
        return None if self.first_mark is None else self.partner(self.first_mark)

    def partner(self, mark: int) -> int | None:
        """The other mark of the quotation, inside this paragraph."""
        partner = self.marks.partners.get(mark - self.start)
        return None if partner is None else self.start + partner

    def is_mark(self, offset: int) -> bool:
        """Whether a quotation mark stands at ``offset`` (an apostrophe is none)."""
        return offset - self.start in self.marks.partners

    def closed_quotations(self) -> list[Bounds]:
        """The quotations with both marks in this paragraph, marks included."""
        pairs = self.marks.pairs
        return [(self.start + opener, self.start + closer + 1) for opener, closer in pairs]

    @cached_property
    def _words(self) -> list[Bounds]:
        return word_bounds(self._paragraph, self.marks.partners.keys())

    @cached_property
    def _sentences(self) -> list[Bounds]:
        return sentence_bounds(self._paragraph, self._words)

    def _edges(self, units: list[Bounds]) -> UnitEdges:
        shift = self.start
        return UnitEdges([start + shift for start, _ in units], [end + shift for _, end in units])
