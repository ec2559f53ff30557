"""Marks of several annotators find each other, whoever is named first."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotui.domain.annotation import Annotation
from annotui.domain.document import Document
from annotui.domain.matching import Difference, Group, common_runs, matched
from annotui.domain.span import Span

TEXT = "one two three four five six seven eight nine ten"
DOCUMENT = Document("doc", "title", TEXT)
NAMES = ("amy", "bob", "cy")
LABELS = ("claim", "denial")

MARK = st.tuples(
    st.sampled_from(NAMES),
    st.sampled_from(LABELS),
    st.lists(st.tuples(st.integers(0, len(TEXT) - 8), st.integers(1, 8)), min_size=1, max_size=2),
    st.sampled_from(("", "a note")),
)


def mark(
    who: str, label: str, *runs: tuple[int, int], note: str = "", number: int = 0
) -> Annotation:
    blank = Annotation(f"{who}-{number:03}", "doc", label, 0, 1, "", who, note=note)
    return blank.on(DOCUMENT, [Span(*run) for run in runs])


@st.composite
def marks(draw: st.DrawFn) -> list[Annotation]:
    found = draw(st.lists(MARK, max_size=12))
    return [
        mark(who, label, *((s, s + n) for s, n in runs), note=note, number=number)
        for number, (who, label, runs, note) in enumerate(found)
    ]


def as_sets(groups: list[Group]) -> set[frozenset[str]]:
    return {
        frozenset(member.annotation.annotation_id for member in group.members) for group in groups
    }


@given(marks())
def test_every_mark_is_in_one_group_and_a_group_has_one_of_each(found: list[Annotation]) -> None:
    groups = matched(found, NAMES, TEXT)
    counted = Counter(m.annotation.annotation_id for group in groups for m in group.members)
    assert counted == Counter(one.annotation_id for one in found)
    for group in groups:
        names = [member.annotation.annotator for member in group.members]
        assert names == [name for name in NAMES if name in names]
        assert set(group.missing) == {*NAMES} - {*names}
    assert [(g.start, g.end) for g in groups] == sorted((g.start, g.end) for g in groups)


@given(marks(), st.randoms(use_true_random=False), st.permutations(NAMES))
def test_order_does_not_matter(found: list[Annotation], random: object, names: list[str]) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert as_sets(matched(shuffled, names, TEXT)) == as_sets(matched(found, NAMES, TEXT))


@given(marks())
def test_the_same_marks_by_two_agree_but_for_who_made_them(found: list[Annotation]) -> None:
    amy = [mark("amy", x.label, *((r.start, r.end) for r in x.runs), number=n)
           for n, x in enumerate(found)]  # fmt: skip
    bob = [mark("bob", x.label, *((r.start, r.end) for r in x.runs), number=n)
           for n, x in enumerate(found)]  # fmt: skip
    groups = matched([*amy, *bob], ("amy", "bob"), TEXT)
    assert all(group.is_agreed and not group.differences for group in groups)
    assert len(groups) == len(found)


@given(marks())
def test_no_same_label_pair_that_overlaps_is_left_with_both_alone(found: list[Annotation]) -> None:
    alone = [group.members[0] for group in matched(found, NAMES, TEXT) if len(group.members) == 1]
    for one, other in combinations(alone, 2):
        is_pair = one.annotation.annotator != other.annotation.annotator
        if is_pair and one.annotation.label == other.annotation.label:
            assert not common_runs(one.runs, other.runs)


@given(marks())
def test_common_runs_are_the_code_points_in_both(found: list[Annotation]) -> None:
    for one, other in combinations(found, 2):
        inside = {at for run in one.runs for at in range(run.start, run.end)}
        inside &= {at for run in other.runs for at in range(run.start, run.end)}
        runs = common_runs(one.runs, other.runs)
        assert [at for run in runs for at in range(run.start, run.end)] == sorted(inside)


@pytest.mark.parametrize(
    ("amy", "bob", "differences"),
    [
        (("claim", (0, 7)), ("claim", (0, 7)), ()),
        (("claim", (0, 8)), ("claim", (0, 7)), ()),
        (("claim", (0, 7)), ("claim", (4, 13)), (Difference.BOUNDARY,)),
        (("claim", (0, 7)), ("denial", (0, 7)), (Difference.LABEL,)),
        (("claim", (0, 7)), ("denial", (0, 13)), (Difference.BOUNDARY, Difference.LABEL)),
        (("claim", (0, 3), (8, 13)), ("claim", (0, 13)), (Difference.BOUNDARY,)),
    ],
)
def test_differences_are_told_apart(
    amy: tuple[str, tuple[int, int]],
    bob: tuple[str, tuple[int, int]],
    differences: tuple[Difference, ...],
) -> None:
    (group,) = matched([mark("amy", *amy), mark("bob", *bob)], ("amy", "bob"), TEXT)
    assert group.differences == differences


def test_another_label_on_a_small_part_is_missing_on_both_sides() -> None:
    whole, part = mark("amy", "claim", (0, 40)), mark("bob", "denial", (4, 7))
    groups = matched([whole, part], ("amy", "bob"), TEXT)
    assert [group.missing for group in groups] == [("bob",), ("amy",)]


def test_a_mark_inside_another_finds_the_one_that_is_like_it() -> None:
    outer = [mark(who, "claim", (0, 40), number=1) for who in ("amy", "bob")]
    inner = [mark("amy", "claim", (4, 13), number=2), mark("bob", "claim", (8, 13), number=2)]
    groups = matched([*outer, *inner], ("amy", "bob"), TEXT)
    assert [group.differences for group in groups] == [(), (Difference.BOUNDARY,)]


def test_a_note_is_a_difference_on_which_nobody_has_to_decide() -> None:
    pair = [mark("amy", "claim", (0, 7), note="Why?"), mark("bob", "claim", (0, 7))]
    (group,) = matched(pair, ("amy", "bob"), TEXT)
    assert group.differences == (Difference.NOTE,)
    assert group.is_agreed


def test_a_third_annotator_who_has_nothing_is_missing() -> None:
    pair = [mark("amy", "claim", (0, 7)), mark("cy", "claim", (4, 9))]
    (group,) = matched(pair, NAMES, TEXT)
    assert (group.missing, group.of("bob")) == (("bob",), None)
    assert group.differences == (Difference.MISSING, Difference.BOUNDARY)
