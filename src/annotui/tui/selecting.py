"""A selection in the making."""

from __future__ import annotations

from dataclasses import dataclass

from annotui.domain.segment import Segmenter, Unit
from annotui.domain.span import Span


@dataclass(frozen=True, slots=True)
class Selecting:
    """From where the selection runs, whether plain motions extend it, and the steps it grew by.

    ``anchor`` is an offset in code points, or None while nothing is selected; ``origin`` is where
    the caret stood when growing began with nothing selected.
    """

    anchor: int | None = None
    is_sticky: bool = False
    steps: tuple[Span, ...] = ()
    origin: int | None = None

    def span_to(self, caret: int) -> Span | None:
        """What is selected with the caret at ``caret``; None while that is nothing."""
        if self.anchor is None or self.anchor == caret:
            return None
        return Span(min(self.anchor, caret), max(self.anchor, caret))

    def begun(self, anchor: int, *, is_sticky: bool) -> Selecting:
        """The same selection where there is one, else a new one from ``anchor``."""
        if self.anchor is not None:
            return Selecting(self.anchor, self.is_sticky or is_sticky)
        return Selecting(anchor, is_sticky)

    def extended(self) -> Selecting:
        """The same selection once a motion has moved its edge: there is no way back down."""
        return Selecting(self.anchor, self.is_sticky) if self.anchor is not None else self

    def grown(
        self, segmenter: Segmenter, caret: int, after: int | None = None
    ) -> tuple[Selecting, int] | None:
        """One step up from what is selected, or the word at the caret; None at the top.

        The second value, here and below, is where the caret goes. ``after`` is the end of the
        mark before the caret: the gap from there to the end of the clause is a step, too.
        """
        current = self.span_to(caret)
        if current is None:
            # Right behind a mark the word that follows is meant, not the one that is marked.
            here = segmenter.next_start(Unit.WORD, caret - 1) if after == caret else caret
            word = segmenter.at(Unit.WORD, here)
            return (Selecting(word.start, True, (), caret), word.end) if word else None
        larger = list(segmenter.ladder(current)[:1])
        gap = None if after is None else segmenter.gap(after, current.start)
        if gap is not None and gap != current and gap.contains(current):
            larger.append(gap)
        if not larger:
            return None
        wanted = min(larger, key=len)
        steps = (*self.steps, current)
        return Selecting(wanted.start, True, steps, self.origin), wanted.end

    def shrunk(self, segmenter: Segmenter, caret: int) -> tuple[Selecting, int] | None:
        """One step back down, else to the next smaller unit; None at the bottom.

        Where growing began with nothing selected, ``origin`` is the step below the first one.
        """
        current = self.span_to(caret)
        if current is None:
            return None
        if self.steps:
            wanted = self.steps[-1]
            return Selecting(wanted.start, True, self.steps[:-1], self.origin), wanted.end
        if self.origin is not None:
            return Selecting(), self.origin
        word = segmenter.at(Unit.WORD, current.start)
        if word is None or not current.contains(word) or word == current:
            return None
        inside = [word, *segmenter.ladder(word)]
        smaller = [span for span in inside if current.contains(span) and span != current]
        return Selecting(smaller[-1].start, True), smaller[-1].end
