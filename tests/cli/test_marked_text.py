"""Brackets around marks: whatever nests, crosses or is broken, the text comes back."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from annotui.cli.marked_text import Mark, coloured_lines, marked, numbered
from annotui.domain.annotation import Annotation
from annotui.domain.document import Document
from annotui.domain.label_scheme import Label, LabelScheme
from annotui.domain.span import Span

SCHEME = LabelScheme(
    (
        Label("claim", "c", "!", "#ecd420"),
        Label("denial", "d", "¬", "#c8551e"),
        Label("x", "1", "x", "#000000"),
    )
)
TOKEN = re.compile(r"⟦⟦|⟧⟧|⟦[A-Za-z]?[0-9]+[|]|[|][A-Za-z]?[0-9]+⟧(?=(?:⟧⟧)*(?!⟧))")


def unmarked(text: str) -> str:
    return TOKEN.sub(lambda match: match[0][0] if match[0] in ("⟦⟦", "⟧⟧") else "", text)


def annotation(document: Document, number: int, label: str, *runs: Span) -> Annotation:
    blank = Annotation(f"{number:04}", document.document_id, label, 0, 1, "", "ann")
    return blank.on(document, runs)


def document(text: str) -> Document:
    return Document("d", "t", text)


@st.composite
def marked_documents(draw: st.DrawFn) -> tuple[Document, list[Mark]]:
    text = draw(st.text("⟦⟧|c1 2a\n\té👩\u200d\x1b", min_size=1, max_size=30))
    whole = document(text)
    edges = st.integers(0, len(text) - 1).flatmap(
        lambda start: st.builds(Span, st.just(start), st.integers(start + 1, len(text)))
    )
    runs = draw(st.lists(st.lists(edges, min_size=1, max_size=3), max_size=6))
    labels = draw(st.lists(st.sampled_from(["claim", "denial", "x"]), min_size=6, max_size=6))
    found = [annotation(whole, at, labels[at], *each) for at, each in enumerate(runs)]
    return whole, numbered(found, SCHEME)


@given(marked_documents())
def test_the_text_comes_back_exactly(case: tuple[Document, list[Mark]]) -> None:
    whole, marks = case
    assert unmarked(marked(whole.text, marks)) == whole.text


@given(marked_documents())
def test_every_run_has_its_two_brackets_where_it_starts_and_ends(
    case: tuple[Document, list[Mark]],
) -> None:
    whole, marks = case
    shown = marked(whole.text, marks)
    found: dict[str, list[int]] = {mark.code: [] for mark in marks}
    for token in TOKEN.finditer(shown):
        if token[0] not in ("⟦⟦", "⟧⟧"):
            found[token[0].strip("⟦⟧|")].append(len(unmarked(shown[: token.start()])))
    for mark in marks:
        edges = [edge for run in mark.annotation.runs for edge in (run.start, run.end)]
        assert found[mark.code] == edges


@given(marked_documents())
def test_coloured_lines_say_the_same(case: tuple[Document, list[Mark]]) -> None:
    whole, marks = case
    plain = "\n".join(line.plain for line in coloured_lines(whole.text, marks, SCHEME))
    assert plain == marked(whole.text, marks).replace("\x1b", "␛")


def test_nested_marks_open_outside_first_and_close_inside_first() -> None:
    whole = document("“No,” he said, “never.”")
    marks = numbered(
        [
            annotation(whole, 1, "claim", Span(1, 3)),
            annotation(whole, 2, "denial", Span(0, 5), Span(15, 23)),
            annotation(whole, 3, "claim", Span(0, 5)),
        ],
        SCHEME,
    )
    assert marked(whole.text, marks) == ("⟦d1|⟦c2|“⟦c3|No|c3⟧,”|c2⟧|d1⟧ he said, ⟦d1|“never.”|d1⟧")
