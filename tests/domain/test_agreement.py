"""Agreement is what the sources say, to six places, and what other people's programs find."""

from __future__ import annotations

from collections.abc import Sequence

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotui.domain.agreement import Coded, Coding, alpha, coded, only, pair
from annotui.domain.annotation import Annotation
from annotui.domain.span import Span

LABELS = ("claim", "denial", "statistic", "attribution")
Spans = Sequence[tuple[str, int, int]]

A: Spans = (
    ("claim", 0, 10),
    ("denial", 20, 30),
    ("statistic", 40, 50),
    ("attribution", 60, 80),
    ("claim", 85, 95),
)
B: Spans = (("claim", 0, 10), ("denial", 22, 30), ("claim", 40, 50), ("attribution", 60, 70))


def marks(spans: Spans) -> tuple[Coded, ...]:
    return tuple(Coded(label, ((start, end),)) for label, start, end in spans)


def coding(*of_each: Spans, length: int = 100) -> Coding:
    return Coding(length, {str(rater): marks(spans) for rater, spans in enumerate(of_each)})


def test_the_reference_figures_come_out_to_six_places() -> None:
    found = pair([coding(A, B)], "0", "1")
    assert round(found.exact.f1 or 0, 6) == 0.222222
    assert round(found.exact_unlabelled.f1 or 0, 6) == 0.444444
    assert round(found.overlap.f1 or 0, 6) == 0.666667
    assert (found.overlap.precision, found.overlap.recall) == (0.75, 0.6)
    assert round(found.overlap_unlabelled.f1 or 0, 6) == 0.888889
    assert round(found.characters.f1 or 0, 6) == 0.571429
    assert round(found.kappa or 0, 6) == 0.532164
    assert round(alpha([coding(A, B)], "01") or 0, 6) == 0.522496
    by_label = {name: alpha(only([coding(A, B)], name), "01") for name in LABELS}
    assert {name: round(figure or 0, 6) for name, figure in by_label.items()} == {
        "claim": 0.378125,
        "denial": 0.878510,
        "statistic": -0.047368,
        "attribution": 0.609804,
    }


def test_nothing_on_both_sides_is_undefined_and_on_one_side_nothing() -> None:
    both = pair([coding((), ())], "0", "1")
    assert (both.exact.f1, both.overlap.f1, both.characters.f1, both.kappa) == (None,) * 4
    assert alpha([coding((), ())], "01") is None
    one = pair([coding(A, ())], "0", "1")
    assert (one.exact.f1, one.overlap.f1, one.characters.f1) == (0, 0, 0)
    assert (one.exact.precision, one.exact.recall) == (None, 0)
    assert alpha([coding(A)], "0") is None


def test_fragments_are_compared_by_their_runs() -> None:
    broken = Coded("claim", ((0, 5), (20, 25)))
    inside = Coded("claim", ((8, 12),))
    found = pair([Coding(50, {"a": (broken,), "b": (inside,)})], "a", "b")
    assert found.overlap.f1 == 0
    same = pair([Coding(50, {"a": (broken,), "b": (broken,)})], "a", "b")
    assert (same.exact.f1, same.characters.f1, same.kappa) == (1, 1, 1)


def test_white_space_at_edges_counts_or_not() -> None:
    text = " some words, \n"
    mark = Annotation("i", "d", "claim", 0, len(text), text, "ann")
    trimmed = coded(mark, text, ignores_edges=True)
    assert trimmed is not None
    assert trimmed.runs == ((1, 12),)
    whole = coded(mark, text, ignores_edges=False)
    assert whole is not None
    assert whole.runs == ((0, 14),)
    blank = Annotation("i", "d", "claim", 12, 14, " \n", "ann", fragments=(Span(12, 14),))
    assert coded(blank, text, ignores_edges=True) is None


spans = st.lists(
    st.tuples(st.sampled_from(LABELS), st.integers(0, 38), st.integers(1, 9)).map(
        lambda one: (one[0], one[1], min(40, one[1] + one[2]))
    ),
    max_size=8,
)


def sets_of(of_rater: Spans, length: int) -> list[frozenset[str]]:
    return [
        frozenset(label for label, start, end in of_rater if start <= at < end)
        for at in range(length)
    ]


@given(st.lists(spans, min_size=2, max_size=4))
def test_alpha_is_that_of_krippendorff_s_own_formula(raters: list[Spans]) -> None:
    columns = [sets_of(of_rater, 40) for of_rater in raters]
    values = sorted({value for column in columns for value in column}, key=sorted)
    found = alpha([coding(*raters, length=40)], [str(n) for n in range(len(raters))])
    if len(values) < 2:
        assert found is None
        return
    numbers = np.array([[values.index(value) for value in column] for column in columns])
    domain = list(range(len(values)))
    expected = krippendorff.alpha(
        reliability_data=numbers, level_of_measurement="nominal", value_domain=domain
    )
    assert found == pytest.approx(expected, abs=1e-9)


@given(spans, spans)
def test_figures_by_stretches_are_those_by_single_characters(first: Spans, second: Spans) -> None:
    found = pair([coding(first, second, length=40)], "0", "1")
    one, other = sets_of(first, 40), sets_of(second, 40)
    both = sum(len(a & b) for a, b in zip(one, other, strict=True))
    size = sum(map(len, one)) + sum(map(len, other))
    assert found.characters.f1 == (pytest.approx(2 * both / size) if size else None)
    agreed = sum(a == b for a, b in zip(one, other, strict=True)) / 40
    chance = sum(one.count(value) * other.count(value) for value in set(one)) / 40**2
    assert found.kappa == (pytest.approx((agreed - chance) / (1 - chance)) if chance < 1 else None)
    met = [
        sum(any(x[0] == y[0] and x[1] < y[2] and y[1] < x[2] for y in ys) for x in xs)
        for xs, ys in ((first, second), (second, first))
    ]
    assert found.overlap.recall == (pytest.approx(met[0] / len(first)) if first else None)
    assert found.overlap.precision == (pytest.approx(met[1] / len(second)) if second else None)


@given(spans, spans)
def test_f1_does_not_depend_on_who_is_the_reference(first: Spans, second: Spans) -> None:
    codings = [coding(first, second, length=40)]
    one, other = pair(codings, "0", "1"), pair(codings, "1", "0")
    for name in ("exact", "overlap", "characters"):
        assert getattr(one, name).f1 == pytest.approx(getattr(other, name).f1)
