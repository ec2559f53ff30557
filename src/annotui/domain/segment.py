"""Units of a text for the caret and for spans: from grapheme to paragraph, around an offset."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from enum import Enum

from annotui.domain.edges import Bounds, stripped
from annotui.domain.graphemes import grapheme_floor, next_grapheme, previous_grapheme
from annotui.domain.passage import Passage, UnitEdges
from annotui.domain.passages import Passages
from annotui.domain.quotations import LIKELY_MARKS, MARK
from annotui.domain.span import Span

__all__ = ["Segmenter", "Unit", "grapheme_floor", "next_grapheme", "previous_grapheme"]

_STOPS = ".!?…"
_TRAILING = ",;:—–―，；：、،؛"
_WORDLIKE = re.compile(r"\w")
_GAP_BEGINS = re.compile(rf"\w|{MARK.pattern}|[$€£¥#@]")
"""Where what is between two marks may begin."""
_VISIBLE = re.compile(r"\S")
_STEP = 1_024


class Unit(Enum):
    """What the caret moves by and what a span grows to."""

    GRAPHEME = "grapheme"
    WORD = "word"
    CLAUSE = "clause"
    QUOTATION = "quotation"
    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"


_NEEDED = {Unit.WORD: _WORDLIKE, Unit.QUOTATION: LIKELY_MARKS}
"""What a passage must have for such a unit to be in it; any visible character by default."""


class Segmenter:
    """Finds the units of one text around an offset.

    Only the paragraph at hand is analysed; the last few are kept. Units begin and end between
    graphemes and have no white space at their edges. Sentences hold every visible character of
    their paragraph, clauses those of their sentence; quotations may nest, and may run over
    paragraphs of which each opens with a mark and only the last one closes.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._passages = Passages(text)

    def at(self, unit: Unit, offset: int) -> Span | None:
        """The unit that covers ``offset``.

        Between two units, the one that ends nearest before on the same paragraph, else the next
        one, else None. A quotation is the innermost one that covers ``offset``, marks included.
        """
        offset = min(max(offset, 0), len(self._text))
        if unit is Unit.GRAPHEME:
            return self._grapheme_at(offset)
        passage = self._passages.on_line(offset)
        if unit is Unit.QUOTATION:
            return self._innermost_quotation(passage, offset) if passage else None
        unit_bounds = passage and self._edges(passage, unit).covering_or_before(offset)
        if unit_bounds:
            return Span(*unit_bounds)
        start = self.next_start(unit, offset - 1)
        if start == len(self._text):
            return None
        return Span(start, self.next_end(unit, start))

    def next_start(self, unit: Unit, offset: int) -> int:
        """The start of the first unit that starts after ``offset``; ``len(text)`` if none."""
        if unit is Unit.GRAPHEME:
            return next_grapheme(self._text, offset) if offset >= 0 else 0
        for passage in self._passages_from(unit, offset):
            start = self._edges(passage, unit).start_after(offset)
            if start is not None:
                return start
        return len(self._text)

    def starting_in(self, unit: Unit, span: Span) -> Iterator[Bounds]:
        """The words, clauses or sentences that start inside ``span``, in order."""
        for passage in self._passages_from(unit, span.start - 1):
            edges = self._edges(passage, unit)
            first = bisect_left(edges.starts, span.start)
            for place in range(first, len(edges.starts)):
                if edges.starts[place] >= span.end:
                    return
                yield edges.starts[place], edges.ends[place]

    def previous_start(self, unit: Unit, offset: int) -> int:
        """The start of the last unit that starts before ``offset``; 0 if none."""
        if unit is Unit.GRAPHEME:
            return previous_grapheme(self._text, offset)
        for passage in self._passages_before(unit, offset):
            start = self._edges(passage, unit).start_before(offset)
            if start is not None:
                return start
        return 0

    def next_end(self, unit: Unit, offset: int) -> int:
        """The end of the first unit that ends after ``offset``; ``len(text)`` if none."""
        if unit is Unit.GRAPHEME:
            return next_grapheme(self._text, offset)
        for passage in self._passages_from(unit, offset):
            end = self._edges(passage, unit).end_after(offset)
            if end is not None:
                return end
        return len(self._text)

    def previous_end(self, unit: Unit, offset: int) -> int:
        """The end of the last unit that ends before ``offset``; 0 if none."""
        if unit is Unit.GRAPHEME:
            return previous_grapheme(self._text, offset)
        for passage in self._passages_before(unit, offset):
            end = self._edges(passage, unit).end_before(offset)
            if end is not None:
                return end
        return 0

    def trim(
        self, span: Span, *, keeps_start: bool = False, keeps_end: bool = False
    ) -> Span | None:
        """The span without what a unit leaves at its edges; None if only white space is left.

        An edge that is kept, since somebody put it there by the character, loses white space only.

        Taken away: white space, quotation marks whose partner is outside, and commas, semicolons,
        colons and dashes at the end; a full stop goes with such a mark that stands before it
        (``the truth is”.``). A span of nothing but punctuation keeps it.
        """
        bounds = stripped(self._text, span.start, min(span.end, len(self._text)))
        if bounds is None:
            return None
        if _WORDLIKE.search(self._text, *bounds) is None:
            return Span(*bounds)
        while (shorter := self._trimmed_once(*bounds, keeps_start, keeps_end)) != bounds:
            bounds = stripped(self._text, *shorter) or bounds
        return Span(*bounds)

    def gap(self, after: int, offset: int) -> Span | None:
        """What no mark has yet: from ``after``, an end, to the end of the clause at ``offset``.

        Spaces, commas and the like are left out at both edges. None where nothing else is
        between, or ``after`` is on another paragraph or behind ``offset``.
        """
        clause, paragraph = self.at(Unit.CLAUSE, offset), self.at(Unit.PARAGRAPH, offset)
        if clause is None or paragraph is None:
            return None
        if not paragraph.start <= after <= offset or after >= clause.end:
            return None
        start = after
        while begin := _GAP_BEGINS.search(self._text, start, clause.end):
            first = grapheme_floor(self._text, begin.start())
            gap = self.trim(Span(first, clause.end)) if first >= after else None
            if gap is not None and gap.start == first:
                return gap
            start = begin.end() if gap is None else gap.start
        return None

    def ladder(self, span: Span) -> tuple[Span, ...]:
        """The units that ``span`` grows to: each holds the one before it and is larger.

        Word, clause, quotation, sentence, quotation over sentences, these sentences with what
        stands around it in them (``“It rained. It snowed,” he said.``), paragraph, each trimmed.
        """
        passage = self._passages.on_line(span.start)
        if passage is None:
            return ()
        steps: list[Span] = []
        holding = [
            (start, end)
            for start, end in self._units_around(passage, span)
            if start <= span.start and span.end <= end
        ]
        for unit_bounds in sorted(holding, key=_length):
            unit = self.trim(Span(*unit_bounds))
            inner = steps[-1] if steps else span
            if unit is not None and unit != inner and unit.contains(inner):
                steps.append(unit)
        return tuple(steps)

    def _units_around(self, passage: Passage, span: Span) -> Iterator[Bounds]:
        for unit in (Unit.WORD, Unit.CLAUSE, Unit.SENTENCE, Unit.PARAGRAPH):
            unit_bounds = self._edges(passage, unit).covering_or_before(span.start)
            if unit_bounds:
                yield unit_bounds
        for quotation in self._passages.quotations(passage):
            yield quotation
            yield _with_their_rest(quotation, passage.sentences)
        yield from self._passages.parts_of_chain(passage)

    def _trimmed_once(self, start: int, end: int, keeps_start: bool, keeps_end: bool) -> Bounds:
        text, last = self._text, end - 1
        is_unmatched = not keeps_start and self._is_unmatched(start, start, end)
        if is_unmatched and next_grapheme(text, start) == start + 1:
            return start + 1, end
        if keeps_end or grapheme_floor(text, last) != last:
            return start, end
        spaced_hyphen = text[last] == "-" and text[last - 1].isspace()
        if text[last] in _TRAILING or spaced_hyphen or self._is_unmatched(last, start, end):
            return start, last
        if text[last] in _STOPS and self._is_unmatched(last - 1, start, end):
            return start, last - 1
        return start, end

    def _is_unmatched(self, offset: int, start: int, end: int) -> bool:
        """Whether a quotation mark stands at ``offset`` without its partner in the bounds."""
        if MARK.match(self._text, offset) is None:
            return False
        return not self._passages.is_matched(offset, start, end)

    def _grapheme_at(self, offset: int) -> Span | None:
        if not self._text:
            return None
        start = grapheme_floor(self._text, min(offset, len(self._text) - 1))
        return Span(start, next_grapheme(self._text, start))

    def _innermost_quotation(self, passage: Passage, offset: int) -> Span | None:
        quotations = self._passages.quotations(passage)
        covering = [(start, end) for start, end in quotations if start <= offset < end]
        return Span(*min(covering, key=_length)) if covering else None

    def _edges(self, passage: Passage, unit: Unit) -> UnitEdges:
        match unit:
            case Unit.WORD:
                return passage.words
            case Unit.CLAUSE:
                return passage.clauses
            case Unit.SENTENCE:
                return passage.sentences
            case Unit.QUOTATION:
                return self._passages.quotation_edges(passage)
        return passage.whole

    def _passages_from(self, unit: Unit, offset: int) -> Iterator[Passage]:
        """The passages that end after ``offset`` and may hold such a unit, in order."""
        passage = self._passages.first_from(offset)
        while passage is not None:
            yield passage
            likely = _NEEDED.get(unit, _VISIBLE).search(self._text, passage.end)
            passage = self._passages.first_from(likely.start()) if likely else None

    def _passages_before(self, unit: Unit, offset: int) -> Iterator[Passage]:
        """The passages that start before ``offset`` and may hold such a unit, last one first."""
        passage = self._passages.last_before(offset)
        while passage is not None:
            yield passage
            position = self._last_likely(unit, passage.start)
            passage = None if position is None else self._passages.last_before(position + 1)

    def _last_likely(self, unit: Unit, end: int) -> int | None:
        """The last offset before ``end`` where a character stands that such a unit needs."""
        while end > 0:
            start = max(0, end - _STEP)
            likely = list(_NEEDED.get(unit, _VISIBLE).finditer(self._text, start, end))
            if likely:
                return likely[-1].start()
            end = start
        return None


def _with_their_rest(quotation: Bounds, sentences: UnitEdges) -> Bounds:
    """From the start of the sentence in which a quotation begins to the end of its last one."""
    first = sentences.covering_or_before(quotation[0]) or quotation
    last = sentences.covering_or_before(quotation[1] - 1) or quotation
    return min(first[0], quotation[0]), max(last[1], quotation[1])


def _length(bounds: Bounds) -> int:
    return bounds[1] - bounds[0]
