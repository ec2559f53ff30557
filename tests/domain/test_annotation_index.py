"""``AnnotationIndex`` against a plain list."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotui.domain import annotation_index
from annotui.domain.annotation import Annotation
from annotui.domain.annotation_index import AnnotationIndex
from annotui.domain.span import Span, hull

LENGTH = 60


def annotation(number: int, runs: list[Span]) -> Annotation:
    whole = hull(runs)
    fragments = tuple(runs) if len(runs) > 1 else ()
    return Annotation(
        f"a{number:04d}", "d", "claim", whole.start, whole.end, "", "me", fragments=fragments
    )


@st.composite
def run_lists(draw: st.DrawFn) -> list[Span]:
    edges = draw(st.lists(st.integers(0, LENGTH), min_size=2, max_size=6, unique=True))
    edges = sorted(edges)[: len(edges) // 2 * 2]
    return [Span(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True)]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotation_index, "BLOCK_LENGTH", 3)


many = st.lists(run_lists(), max_size=30).map(
    lambda runs: [annotation(number, run) for number, run in enumerate(runs)]
)
plain = settings(max_examples=200, deadline=None)


def by_key(annotations: list[Annotation]) -> list[Annotation]:
    return sorted(annotations, key=lambda one: one.sort_key)


def check(index: AnnotationIndex, expected: list[Annotation]) -> None:
    """The index answers as a sorted list does."""
    ordered = by_key(expected)
    assert list(index) == ordered
    assert len(index) == len(ordered)
    assert [index[rank] for rank in range(len(ordered))] == ordered
    for rank, one in enumerate(ordered):
        assert index.rank(one.sort_key) == rank
        assert index.get(one.annotation_id) == one
        assert index.next_after(one.sort_key) == [*ordered, None][rank + 1]
        assert index.previous_before(one.sort_key) == [None, *ordered][rank]
    for start in range(0, LENGTH + 1, 7):
        for end in range(start, LENGTH + 1, 5):
            hits = [one for one in ordered if one.start < end and start < one.end]
            assert index.overlapping(start, end) == hits
        behind = [one for one in ordered if one.start >= start]
        assert index.next_from(start) == (behind[0] if behind else None)


@plain
@given(many)
def test_it_answers_as_a_sorted_list_does(annotations: list[Annotation]) -> None:
    check(AnnotationIndex(annotations), annotations)


@plain
@given(many, st.data())
def test_replacing_changes_one_and_leaves_the_old_index_alone(
    annotations: list[Annotation], data: st.DataObject
) -> None:
    index, left = AnnotationIndex(annotations), list(annotations)
    for number in range(8):
        old_index, old = index, by_key(left)
        before = data.draw(st.sampled_from(left)) if left and data.draw(st.booleans()) else None
        after = (
            annotation(900 + number, data.draw(run_lists())) if data.draw(st.booleans()) else None
        )
        index = index.replaced(before, after)
        if before:
            left.remove(before)
        if after:
            left.append(after)
        assert list(old_index) == old
    check(index, left)


@plain
@given(many)
def test_at_gives_the_shortest_run_first(annotations: list[Annotation]) -> None:
    index = AnnotationIndex(annotations)
    for offset in range(LENGTH + 1):
        expected = []
        for one in annotations:
            for run in one.runs:
                if run.covers(offset):
                    expected.append((len(run), -run.start, one))
        expected.sort(key=lambda entry: entry[2].annotation_id, reverse=True)
        expected.sort(key=lambda entry: entry[:2])
        assert index.at(offset) == [one for *_, one in expected]


def test_an_empty_index_is_empty() -> None:
    index = AnnotationIndex()
    assert not index
    assert index.get("a") is None
    assert index.next_from(0) is None
    assert index.overlapping(0, 10) == index.at(0) == []
    with pytest.raises(IndexError):
        index[0]


def test_taking_out_what_is_not_there_is_an_error() -> None:
    one = annotation(1, [Span(0, 3)])
    with pytest.raises(KeyError):
        AnnotationIndex().replaced(one, None)
    with pytest.raises(KeyError):
        AnnotationIndex([one]).replaced(annotation(2, [Span(0, 3)]), None)


def test_a_change_among_a_hundred_thousand_makes_one_block_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    chance = random.Random(7)
    starts = [chance.randrange(10_000_000) for _ in range(100_000)]
    annotations = [annotation(number, [Span(s, s + 99)]) for number, s in enumerate(starts)]
    index = AnnotationIndex(annotations)
    for one in annotations[:100]:
        newer = index.replaced(one, one)
        blocks = {id(block) for block in index._blocks}
        assert len(blocks) > 100
        assert sum(id(block) not in blocks for block in newer._blocks) <= 2
        assert one in newer.overlapping(one.start, one.end)
        assert one in newer.at(one.start)
        index = newer
    assert len(index) == len(annotations)
