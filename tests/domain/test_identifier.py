"""Identifiers are UUIDs of version 7 and sort by time, whatever the clock does."""

from __future__ import annotations

import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotui.domain import identifier
from annotui.domain.identifier import utc_now, uuid7


def test_it_is_a_uuid_of_version_7() -> None:
    for _ in range(200):
        made = uuid.UUID(uuid7())
        assert (made.version, made.variant) == (7, uuid.RFC_4122)
        assert str(made) == str(made).lower()


def test_the_first_48_bits_are_the_milliseconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identifier.time, "time_ns", lambda: 1_645_557_742_000_000_000)
    assert uuid7().startswith("017f22e2-79b0-7")  # RFC 9562, appendix A.6


def test_a_chain_sorts_by_itself() -> None:
    chain = [uuid7()]
    for _ in range(1000):
        chain.append(uuid7(after=chain[-1]))
    assert chain == sorted(set(chain))


def test_many_at_once_are_in_order_and_of_version_7(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identifier.time, "time_ns", lambda: 1_645_557_742_000_000_000)
    made = identifier.uuid7s(3000)
    assert made == sorted(set(made))
    assert all(one.startswith("017f22e2-79b0-7") and uuid.UUID(one).version == 7 for one in made)
    assert all(str(uuid.UUID(one)) == one and one[19] in "89ab" for one in made)
    assert identifier.uuid7s(0) == []


@given(st.integers(0, (1 << 48) - 1), st.integers(0, (1 << 40)))
def test_it_sorts_behind_the_one_before_even_when_the_clock_went_back(
    ahead_ms: int, now_ms: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identifier.time, "time_ns", lambda: ahead_ms * 1_000_000)
        before = uuid7()
        patch.setattr(identifier.time, "time_ns", lambda: now_ms * 1_000_000)
        for _ in range(3):
            after = uuid7(after=before)
            assert after > before
            assert uuid.UUID(after).version == 7
            assert uuid.UUID(after).variant == uuid.RFC_4122
            before = after


def test_all_random_bits_full_carry_into_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identifier.time, "time_ns", lambda: 0)
    before = "017f22e2-79b0-7fff-bfff-ffffffffffff"
    assert uuid7(after=before).startswith("017f22e2-79b1-7")


@pytest.mark.parametrize("nanoseconds", [-1, -(10**18), 0, 4_102_444_800 * 10**9])
def test_a_clock_before_1970_or_far_ahead_is_no_trouble(
    nanoseconds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identifier.time, "time_ns", lambda: nanoseconds)
    assert uuid.UUID(uuid7()).version == 7


def test_times_are_utc_with_milliseconds(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    utc = time.gmtime()
    for zone in ("UTC", "Asia/Kolkata", "America/St_Johns"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        now = utc_now()
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", now)
        assert abs(int(now[11:13]) - utc.tm_hour) in (0, 1, 23)
    monkeypatch.undo()
    time.tzset()
