"""An annotation's quote, context and line follow from the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotui.domain.annotation import CONTEXT_LENGTH, Annotation
from annotui.domain.document import Document
from annotui.domain.span import Span, normalise, quote_of
from annotui.errors import SpanError

BLANK = Annotation("id", "", "claim", 0, 1, "", "amy", note="a note", version=3)


@given(
    st.text(alphabet="ab \n\t\u2028é漢👩\u200d🇫", min_size=1, max_size=120),
    st.lists(st.tuples(st.integers(0, 119), st.integers(1, 40)), min_size=1, max_size=4),
)
def test_all_that_is_derived_equals_the_text(text: str, pairs: list[tuple[int, int]]) -> None:
    document = Document("doc", "title", text)
    spans = [Span(s % len(text), min(len(text), s % len(text) + n)) for s, n in pairs]
    mark = BLANK.on(document, spans)
    assert mark.runs == normalise(spans)
    assert (mark.fragments == ()) == (len(mark.runs) == 1)
    assert mark.quote == quote_of(text, mark.runs)
    assert mark.span == Span(mark.runs[0].start, mark.runs[-1].end)
    assert text.startswith(
        mark.prefix + text[mark.start : mark.end] + mark.suffix, mark.start - len(mark.prefix)
    )
    assert len(mark.prefix) == min(CONTEXT_LENGTH, mark.start)
    assert len(mark.suffix) == min(CONTEXT_LENGTH, len(text) - mark.end)
    assert mark.line == text[: mark.start].count("\n") + 1
    assert (mark.document_id, mark.label, mark.note, mark.version) == ("doc", "claim", "a note", 3)
    covered = {offset for run in mark.runs for offset in range(run.start, run.end)}
    assert {offset for offset in range(len(text)) if mark.covers(offset)} == covered


def test_fragments_that_touch_are_one_run() -> None:
    mark = BLANK.on(Document("doc", "title", "abcdef"), [Span(3, 5), Span(1, 3)])
    assert (mark.fragments, mark.quote) == ((), "bcde")


@pytest.mark.parametrize("runs", [[], [Span(0, 7)], [Span(0, 1), Span(6, 7)]])
def test_runs_that_are_not_in_the_text_are_refused(runs: list[Span]) -> None:
    with pytest.raises(SpanError):
        BLANK.on(Document("doc", "title", "abcdef"), runs)


def test_marks_sort_by_start_end_and_id() -> None:
    document = Document("doc", "title", "abcdef")
    marks = [BLANK.on(document, [Span(*pair)]) for pair in ((1, 3), (0, 4), (0, 2))]
    assert [m.span for m in sorted(marks, key=lambda mark: mark.sort_key)] == [
        *(Span(0, 2), Span(0, 4), Span(1, 3)),
    ]
