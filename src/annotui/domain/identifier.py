"""Identifiers that sort by time, and the clock they are taken from."""

from __future__ import annotations

import os
import time
import uuid
from array import array
from datetime import UTC, datetime

_STEP_BITS = 32
_MAX = (1 << 122) - 1


def uuid7(after: str = "") -> str:
    """A new UUID of version 7 that sorts behind ``after``, even when the clock went back.

    Source: RFC 9562, sections 5.7 and 6.2 (method 2, monotonic random).
    """
    value = max(time.time_ns() // 1_000_000, 0) << 74 | _random_bits(74)
    if after:
        floor = _pack(uuid.UUID(after).int)
        if value <= floor:
            value = min(floor + 1 + _random_bits(_STEP_BITS), _MAX)
    return _spelt(value)


def uuid7s(count: int) -> list[str]:
    """As many new UUIDs of version 7 in order, in a fifth of the time that it takes singly."""
    value = max(time.time_ns() // 1_000_000, 0) << 74 | _random_bits(73)
    steps = array("I", os.urandom(count * array("I").itemsize))
    return [_spelt(value := value + 1 + step) for step in steps]


def _spelt(value: int) -> str:
    """The UUID with these 122 free bits."""
    high, rand_a, rand_b = value >> 74, value >> 62 & 0xFFF, value & ((1 << 62) - 1)
    digits = f"{high << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def first_uuid7(moment: datetime) -> str:
    """The lowest UUID of version 7 that is made at that millisecond."""
    milliseconds = max(0, int(moment.timestamp() * 1000))
    return str(uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | 0b10 << 62))


def _random_bits(count: int) -> int:
    """As many random bits, from the operating system."""
    octets = (count + 7) // 8
    return int.from_bytes(os.urandom(octets), "big") >> (octets * 8 - count)


def _pack(whole: int) -> int:
    """The 122 free bits of a UUID, without its version and variant."""
    high, rand_a, rand_b = whole >> 80, whole >> 64 & 0xFFF, whole & ((1 << 62) - 1)
    return high << 74 | rand_a << 62 | rand_b


def utc_now() -> str:
    """The time as UTC text, ISO 8601 with milliseconds and ``Z``."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
