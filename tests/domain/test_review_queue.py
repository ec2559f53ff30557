"""Samples, random orders, and the trail of a session."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotui.domain.review_queue import Sample, drawn, shuffled
from annotui.domain.review_trail import Trail
from annotui.errors import ConfigError

IDS = st.lists(st.text(st.characters(codec="ascii"), min_size=1, max_size=6), unique=True)


@given(IDS, st.integers(0, 99))
def test_the_same_seed_gives_the_same_order_and_more_marks_do_not_reshuffle(
    ids: list[str], seed: int
) -> None:
    mixed = shuffled(ids, seed)
    assert sorted(mixed) == sorted(ids)
    assert shuffled(reversed(ids), seed) == mixed
    fewer = set(ids[::2])
    assert shuffled(fewer, seed) == [one for one in mixed if one in fewer]


@given(IDS, st.integers(1, 9), st.integers(1, 100))
def test_a_sample_has_the_size_that_was_asked_for(ids: list[str], count: int, share: int) -> None:
    assert len(drawn(ids, Sample(count), 1)) == min(count, len(ids))
    found = len(drawn(ids, Sample(share, True), 1))
    assert found == -(-len(ids) * share // 100)


def test_other_seeds_give_other_samples() -> None:
    ids = [str(one) for one in range(200)]
    samples = {tuple(drawn(ids, Sample(20), seed)) for seed in range(5)}
    assert len(samples) == 5
    chosen = [int(one) for one in drawn(ids, Sample(50, True), 7)]
    assert 70 < sum(chosen) / len(chosen) < 130


@pytest.mark.parametrize(("typed", "shown"), [("200", "200"), ("5%", "5%"), ("2.5 %", "2.5%")])
def test_a_sample_is_typed_as_a_count_or_a_share(typed: str, shown: str) -> None:
    assert str(Sample.parse(typed)) == shown


@pytest.mark.parametrize("typed", ["", "0", "-3", "1.5", "101%", "0%", "nan%", "inf%", "many"])
def test_what_is_no_sample_is_said(typed: str) -> None:
    with pytest.raises(ConfigError, match="no sample"):
        Sample.parse(typed)


def test_what_is_put_off_is_not_ahead_until_it_is_added_again() -> None:
    trail = Trail()
    trail.add("abc")
    trail.put_here_off()
    assert (trail.here, trail.ahead, trail.put_off) == ("b", ["c"], ("a",))
    trail.decide(trail.here)
    trail.decide(trail.here)
    assert trail.here == ""
    trail.add("a")
    assert (trail.here, trail.put_off) == ("a", ())


def test_looking_back_and_ahead_records_nothing() -> None:
    trail = Trail()
    trail.add("abc")
    trail.decide(trail.here)
    assert trail.step(-1)
    assert (trail.here, trail.is_decided("a")) == ("a", True)
    assert not trail.step(-1)
    trail.decide(trail.here)
    assert trail.here == "b"
    assert trail.step(1)
    trail.decide(trail.here)
    assert trail.here == ""
    trail.add("b")
    assert trail.here == "b"


def test_a_decision_that_was_taken_back_is_gone_to() -> None:
    trail = Trail()
    trail.add("ab")
    trail.decide(trail.here)
    trail.take_back("a")
    assert (trail.here, trail.is_decided("a"), trail.ahead) == ("a", False, ["b"])
    trail.decide(trail.here)
    trail.take_back("z")
    assert (trail.here, trail.ahead) == ("z", ["b"])


def test_a_mark_that_is_gone_is_dropped() -> None:
    trail = Trail(["c"])
    trail.add("ab")
    trail.decide(trail.here)
    trail.drop("a")
    trail.drop("c")
    assert (trail.here, trail.put_off) == ("b", ())
    trail.drop("b")
    assert trail.here == ""
