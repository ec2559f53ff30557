"""Annotations: a label on a span of a document, by an annotator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from annotui.domain.document import Document
from annotui.domain.span import Span, hull, normalise, quote_of
from annotui.errors import SpanError

CONTEXT_LENGTH = 32
"""Code points kept on either side of an annotation, so that it can be found again."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """One version of a label on one or more runs of a document's text.

    ``start`` and ``end`` are the hull; ``fragments`` is empty for one run, else the runs in
    order. ``quote`` is the text of the runs, ``prefix`` and ``suffix`` 32 code points around
    the hull, ``line`` (from 1) the line of ``start``. ``version`` counts edits from 1.
    ``review_status`` is ``unreviewed``, ``accepted``, ``rejected`` or ``unsure``.
    """

    annotation_id: str
    document_id: str
    label: str
    start: int
    end: int
    quote: str
    annotator: str
    fragments: tuple[Span, ...] = ()
    prefix: str = ""
    suffix: str = ""
    line: int = 1
    note: str = ""
    version: int = 1
    removed: bool = False
    created_at: str = ""
    updated_at: str = ""
    review_status: str = "unreviewed"
    reviewer: str = ""

    @property
    def span(self) -> Span:
        """The hull."""
        return Span(self.start, self.end)

    @property
    def runs(self) -> tuple[Span, ...]:
        """The fragments, or the whole span where there is one run."""
        return self.fragments or (Span(self.start, self.end),)

    @property
    def sort_key(self) -> tuple[int, int, str]:
        """Order in the text: start, end, id."""
        return (self.start, self.end, self.annotation_id)

    def covers(self, offset: int) -> bool:
        """Whether the code point at ``offset`` is in one of the runs."""
        return any(run.covers(offset) for run in self.runs)

    def on(self, document: Document, runs: Sequence[Span]) -> Annotation:
        """The same annotation on other runs of ``document``, with quote, context and line.

        Raises:
            SpanError: when there is no run, or one ends behind the text.
        """
        if not runs:
            raise SpanError("An annotation needs at least one span.")
        ordered = normalise(runs) if len(runs) > 1 else tuple(runs)
        whole = hull(ordered) if len(ordered) > 1 else ordered[0]
        start, end, text = whole.start, whole.end, document.text
        return Annotation(  # spelled out: dataclasses.replace takes three times as long
            self.annotation_id,
            document.document_id,
            self.label,
            start,
            end,
            quote_of(text, ordered),
            self.annotator,
            ordered if len(ordered) > 1 else (),
            text[max(0, start - CONTEXT_LENGTH) : start],
            text[end : end + CONTEXT_LENGTH],
            document.line_of(start),
            self.note,
            self.version,
            self.removed,
            self.created_at,
            self.updated_at,
            self.review_status,
            self.reviewer,
        )

    def born(self, annotation_id: str, now: str) -> Annotation:
        """The same with an id, and with the times that it has or else ``now``."""
        return Annotation(  # as above
            annotation_id,
            self.document_id,
            self.label,
            self.start,
            self.end,
            self.quote,
            self.annotator,
            self.fragments,
            self.prefix,
            self.suffix,
            self.line,
            self.note,
            self.version,
            self.removed,
            self.created_at or now,
            self.updated_at or now,
            self.review_status,
            self.reviewer,
        )
