"""What a review session goes through: which marks, in which order, and where it stands."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from annotui.errors import ConfigError

STATUSES = ("unreviewed", "accepted", "rejected", "unsure")


class ReviewOrder(StrEnum):
    """In which order marks are reviewed."""

    TEXT = "text"
    LABEL = "label"
    NEWEST = "newest"
    RANDOM = "random"


@dataclass(frozen=True, slots=True)
class Sample:
    """How many marks are drawn: ``number`` of them, or ``number`` per cent."""

    number: float
    is_share: bool = False

    @classmethod
    def parse(cls, typed: str) -> Sample:
        """The sample that ``typed`` means: ``200`` or ``5%``.

        Raises:
            ConfigError: when it is neither a count from 1 nor a share up to 100 %.
        """
        digits = typed.removesuffix("%").strip()
        is_share = typed.endswith("%")
        try:
            number = float(digits) if is_share else int(digits)
        except ValueError:
            number = 0
        if not (math.isfinite(number) and number > 0) or (is_share and number > 100):
            raise ConfigError(
                f"{typed!r} is no sample; write how many marks, as in 200, or a share, as in 5%. "
                "Nothing was done."
            )
        return cls(number, is_share)

    def __str__(self) -> str:
        return f"{self.number:g}%" if self.is_share else f"{self.number:g}"

    def size(self, population: int) -> int:
        """How many of so many; a share is rounded up, so that it is never nothing."""
        wanted = math.ceil(population * self.number / 100) if self.is_share else int(self.number)
        return min(population, wanted)


@dataclass(frozen=True, slots=True)
class Choice:
    """What to review, in which order, and whether blind; an empty filter lets all through.

    ``since`` is the beginning of a stored time (``2026-11`` or longer). ``changed`` asks for marks
    that were edited after somebody had decided on them. Blind hides who made a mark and what
    others decided on it.
    """

    document_ids: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    annotators: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ("unreviewed",)
    since: str = ""
    changed: bool = False
    sample: Sample | None = None
    seed: int = 0
    order: ReviewOrder = ReviewOrder.TEXT
    blind: bool = False

    @property
    def needs_all_ids(self) -> bool:
        """Whether the order is only known once all marks were looked at."""
        return self.sample is not None or self.order is ReviewOrder.RANDOM


def shuffled(ids: Iterable[str], seed: int) -> list[str]:
    """The ids in an order that the seed decides.

    The place of an id does not depend on the others, so a mark that comes later does not
    reshuffle those that were there (each id is ordered by its BLAKE2b hash, keyed by the seed).
    """
    key = str(seed).encode()[:64]
    return sorted(
        ids, key=lambda one: (blake2b(one.encode(), digest_size=8, key=key).digest(), one)
    )


def drawn(ids: Iterable[str], sample: Sample, seed: int) -> list[str]:
    """A random sample of the ids, the same for the same seed and marks."""
    mixed = shuffled(ids, seed)
    return mixed[: sample.size(len(mixed))]
