"""The marks behind a figure add up to the figure."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotui.domain.agreement import Coded, Coding, Score, pair
from annotui.domain.agreement_marks import Judged, Measure, judged
from annotui.domain.matching import Difference


@st.composite
def a_mark(draw: st.DrawFn) -> Coded:
    edges = sorted(draw(st.sets(st.integers(0, 30), min_size=4, max_size=4)))
    is_split = draw(st.booleans())
    runs = ((edges[0], edges[1]), (edges[2], edges[3])) if is_split else ((edges[0], edges[2]),)
    return Coded(draw(st.sampled_from(("claim", "denial"))), runs)


some_marks = st.lists(a_mark(), max_size=7)


def share(found: Sequence[Judged], side: int) -> float | None:
    of_side = [one.agreed for one in found if one.side == side]
    return sum(of_side) / len(of_side) if of_side else None


@given(some_marks, some_marks)
def test_what_is_agreed_is_precision_and_recall(first: list[Coded], second: list[Coded]) -> None:
    figures = pair([Coding(40, {"a": tuple(first), "b": tuple(second)})], "a", "b")
    scores: dict[Measure, Score] = {
        Measure.EXACT: figures.exact,
        Measure.EXACT_UNLABELLED: figures.exact_unlabelled,
        Measure.OVERLAP: figures.overlap,
        Measure.OVERLAP_UNLABELLED: figures.overlap_unlabelled,
    }
    for measure, score in scores.items():
        found = judged(first, second, measure)
        assert len(found) == len(first) + len(second)
        assert share(found, 0) == score.recall, measure
        assert share(found, 1) == score.precision, measure


@given(some_marks, some_marks)
def test_all_characters_are_agreed_where_their_f1_is_one(
    first: list[Coded], second: list[Coded]
) -> None:
    figure = pair([Coding(40, {"a": tuple(first), "b": tuple(second)})], "a", "b").characters.f1
    found = judged(first, second, Measure.CHARACTERS)
    assert (figure == 1) == (bool(found) and all(one.agreed for one in found))


@given(some_marks, some_marks, st.sampled_from(Measure))
def test_only_what_is_not_agreed_differs(
    first: list[Coded], second: list[Coded], measure: Measure
) -> None:
    for one in judged(first, second, measure):
        assert bool(one.differences) != one.agreed
        if Difference.LABEL in one.differences:
            assert measure.is_labelled


@pytest.mark.parametrize(
    ("other", "differences"),
    [
        (Coded("claim", ((2, 9),)), ("boundary",)),
        (Coded("denial", ((0, 9),)), ("label",)),
        (Coded("denial", ((3, 20),)), ("boundary", "label")),
        (Coded("claim", ((9, 20),)), ("missing",)),
    ],
)
def test_a_difference_has_its_name(other: Coded, differences: tuple[str, ...]) -> None:
    mark = Coded("claim", ((0, 9),))
    one, _ = judged([mark], [other], Measure.EXACT)
    assert one.differences == differences


def test_a_mark_that_stands_twice_has_one_partner() -> None:
    mark = Coded("claim", ((0, 9),))
    found = judged([mark, mark], [mark], Measure.EXACT)
    assert [(one.agreed, one.differences) for one in found] == [
        (True, ()),
        (False, ("missing",)),
        (True, ()),
    ]
