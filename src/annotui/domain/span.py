"""Spans: half-open stretches of one text, counted in code points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from annotui.errors import SpanError

FRAGMENT_JOINT = " … "
"""What stands between the slices of a discontinuous annotation in its quote."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Code points ``start`` (first in) to ``end`` (first out) of one text.

    Raises:
        SpanError: unless ``0 <= start < end``.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise SpanError(f"Span {self.start}..{self.end} is empty or backwards.")

    def __len__(self) -> int:
        return self.end - self.start

    def slice(self, text: str) -> str:
        """The code points of ``text`` that the span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Whether the two have at least one code point in common."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Whether ``other`` lies inside this one (equal spans contain each other)."""
        return self.start <= other.start and other.end <= self.end

    def covers(self, offset: int) -> bool:
        """Whether the code point at ``offset`` is in the span."""
        return self.start <= offset < self.end


def hull(fragments: Sequence[Span]) -> Span:
    """The smallest span that contains all of ``fragments``."""
    return Span(min(f.start for f in fragments), max(f.end for f in fragments))


def normalise(fragments: Iterable[Span]) -> tuple[Span, ...]:
    """The fragments in order; those that touch or overlap become one."""
    joined: list[Span] = []
    for fragment in sorted(fragments):
        if joined and fragment.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, fragment.end))
        else:
            joined.append(fragment)
    return tuple(joined)


def quote_of(text: str, fragments: Sequence[Span]) -> str:
    """The slices of ``text``, joined by `` … `` where there are more than one.

    Raises:
        SpanError: when a fragment ends behind the text.
    """
    length = len(text)
    for fragment in fragments:
        if fragment.end > length:
            raise SpanError(
                f"Span {fragment.start}..{fragment.end} ends behind the text, "
                f"which has {length} characters."
            )
    if len(fragments) == 1:
        return fragments[0].slice(text)
    return FRAGMENT_JOINT.join(fragment.slice(text) for fragment in fragments)
