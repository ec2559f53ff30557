"""What lies over the text for a while and is no mark: kept fragments, what was found, tags."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from annotui.domain.span import Span

Bounds = tuple[int, int]
"""Start and end of a stretch of text, in code points."""


class Tag(NamedTuple):
    """Letters drawn over the text from ``start`` on, of which ``typed`` were typed already."""

    start: int
    letters: str
    typed: int = 0


class RowOverlay(NamedTuple):
    """The parts of the overlays that lie on one row."""

    kept: tuple[Bounds, ...] = ()
    lit: tuple[Bounds, ...] = ()
    hit: Bounds | None = None
    tags: tuple[Tag, ...] = ()


NO_OVERLAY = RowOverlay()


@dataclass(frozen=True, slots=True)
class Overlays:
    """Fragments that are kept, what a search found, and tags.

    ``lit`` gives the places found between two offsets; ``hit`` is the one that the caret went to;
    ``tags`` are in the order of the text.
    """

    kept: tuple[Span, ...] = ()
    lit: Callable[[int, int], Iterable[Bounds]] | None = None
    hit: Span | None = None
    tags: tuple[Tag, ...] = ()

    def on_row(self, start: int, end: int) -> RowOverlay:
        """What of it lies between ``start`` and ``end``."""
        kept = tuple(
            (max(start, one.start), min(end, one.end))
            for one in self.kept
            if one.start < end and start < one.end
        )
        lit = tuple(self.lit(start, end)) if self.lit is not None else ()
        hit = self.hit
        on_row = hit is not None and hit.start < end and start < hit.end
        first = bisect_left(self.tags, (start,))
        return RowOverlay(
            kept,
            lit,
            (hit.start, hit.end) if hit is not None and on_row else None,
            self.tags[first : bisect_left(self.tags, (end,), first)],
        )


NO_OVERLAYS = Overlays()
