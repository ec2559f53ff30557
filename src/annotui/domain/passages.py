"""The paragraphs of one text as analysed passages, and the quotations that run over several."""

from __future__ import annotations

from collections import OrderedDict

from annotui.domain.edges import Bounds
from annotui.domain.graphemes import grapheme_ceiling
from annotui.domain.paragraphs import Paragraphs
from annotui.domain.passage import Passage, UnitEdges

_KEPT = 64
_LONGEST_CHAIN = 24
"""Paragraphs over which one quotation is followed; a longer one ends with each paragraph."""


class Passages:
    """Passages of one text, looked up by offset; the ones used last are kept.

    News lets a quotation run over paragraphs: each of them opens with a mark, only the last one
    closes. Such paragraphs form a chain here.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._paragraphs = Paragraphs(text)
        self._kept: OrderedDict[Bounds, Passage] = OrderedDict()

    def on_line(self, offset: int) -> Passage | None:
        """The passage around ``offset``, or one that ends before it on the same line."""
        following = self.first_from(offset)
        if following is not None and following.start <= offset:
            return following
        before = self.last_before(offset)
        if before is not None and "\n" not in self._text[before.end : offset]:
            return before
        return None

    def first_from(self, offset: int) -> Passage | None:
        """The first passage that ends after ``offset``."""
        return self._around(offset) or self._kept_at(self._paragraphs.first_from(offset))

    def last_before(self, offset: int) -> Passage | None:
        """The last passage that starts before ``offset``."""
        offset = grapheme_ceiling(self._text, offset)
        return self._around(offset - 1) or self._kept_at(self._paragraphs.last_before(offset))

    def quotations(self, passage: Passage) -> list[Bounds]:
        """Every quotation that has a part in the passage, whole."""
        if passage.quotations is None:
            passage.quotations = self._find_quotations(passage)
        return passage.quotations

    def quotation_edges(self, passage: Passage) -> UnitEdges:
        """Where quotations start in the passage, and where quotations end in it."""
        quotations = self.quotations(passage)
        return UnitEdges(
            sorted({start for start, _ in quotations if start >= passage.start}),
            sorted({end for _, end in quotations if end <= passage.end}),
        )

    def parts_of_chain(self, passage: Passage) -> list[Bounds]:
        """What the passage holds of the quotations that it takes over or leaves open."""
        parts = []
        if passage.unclosed is not None:
            parts.append((passage.unclosed, passage.end))
        closer = passage.closer_of_first_mark
        if closer is not None:
            parts.append((passage.start, closer + 1))
        return parts

    def is_matched(self, mark: int, start: int, end: int) -> bool:
        """Whether the partner of the quotation mark at ``mark`` is in ``start`` to ``end``.

        True also where no quotation mark stands.
        """
        passage = self.on_line(mark)
        if passage is None or not passage.is_mark(mark):
            return True
        partner = passage.partner(mark)
        if partner is None and mark == passage.unclosed:
            partner = self._closer_of_open(passage)
        return partner is not None and start <= partner < end

    def _find_quotations(self, passage: Passage) -> list[Bounds]:
        quotations = passage.closed_quotations()
        origin = self._origin_of_chain(passage)
        closer = self._closer_of_chain(origin) if origin else None
        if origin and origin.unclosed is not None and closer is not None:
            quotations.append((origin.unclosed, closer + 1))
            if passage.hands_on:
                return quotations
            quotations.remove((passage.start, closer + 1))
        if passage.unclosed is not None:
            closer = self._closer_of_open(passage)
            quotations.append((passage.unclosed, passage.end if closer is None else closer + 1))
        return quotations

    def _closer_of_open(self, passage: Passage) -> int | None:
        """The mark that closes, in a later passage, what ``passage`` leaves open."""
        if passage.hands_on and self._taken_over_from(passage) is not None:
            origin = self._origin_of_chain(passage)
            return self._closer_of_chain(origin) if origin else None
        return self._closer_of_chain(passage)

    def _origin_of_chain(self, passage: Passage) -> Passage | None:
        """The passage in which the quotation begins that ``passage`` goes on with, if it does."""
        origin = None
        for _ in range(_LONGEST_CHAIN):
            before = self._taken_over_from(passage)
            if before is None:
                return origin
            origin = passage = before
            if not before.hands_on:
                return origin
        return None

    def _closer_of_chain(self, passage: Passage) -> int | None:
        """The mark that closes the quotation which begins in ``passage`` and runs over it."""
        for _ in range(_LONGEST_CHAIN):
            following = self._kept_at(self._paragraphs.first_from(passage.end))
            if following is None or not self._takes_over(following, passage):
                return None
            if not following.hands_on:
                return following.closer_of_first_mark
            passage = following
        return None

    def _taken_over_from(self, passage: Passage) -> Passage | None:
        if passage.first_mark is None:
            return None
        before = self._kept_at(self._paragraphs.last_before(passage.start))
        if before is not None and self._takes_over(passage, before):
            return before
        return None

    def _takes_over(self, passage: Passage, before: Passage) -> bool:
        """Whether ``passage`` goes on with the quotation that ``before`` leaves open."""
        if before.unclosed is None or passage.first_mark is None:
            return False
        same_mark = self._text[before.unclosed] == self._text[passage.first_mark]
        return same_mark and "\n" in self._text[before.end : passage.start]

    def _around(self, offset: int) -> Passage | None:
        """The kept passage that holds ``offset``."""
        for bounds in reversed(self._kept):
            if bounds[0] <= offset < bounds[1]:
                return self._kept_at(bounds)
        return None

    def _kept_at(self, bounds: Bounds | None) -> Passage | None:
        if bounds is None:
            return None
        passage = self._kept.get(bounds)
        if passage is None:
            passage = self._kept[bounds] = Passage(self._text, bounds)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(bounds)
        return passage
