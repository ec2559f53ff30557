"""Decisions on annotations: what a reviewer says of one version of one mark."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from annotui.domain.span import Span


class Decision(StrEnum):
    """What a reviewer decided."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision with its reason and note.

    ``label`` and ``runs`` are those that were decided, where they differ from the annotator's,
    whose own version stays; empty where they do not.
    """

    decision: Decision
    reason: str = ""
    note: str = ""
    label: str = ""
    runs: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class PastDecision:
    """A decision as it is stored, with who took it, when, and on which version of the mark."""

    annotation_id: str
    annotation_version: int
    verdict: Verdict
    reviewer: str
    decided_at: str
    review_id: str = ""


DEFAULT_REASONS = ("wrong label", "wrong span", "not in guideline", "duplicate")
"""Why a mark is rejected, in the order of their keys from 1; ``other`` comes behind them."""

OTHER = "other"
"""The last reason, which is followed by a text of its own: ``other: …``."""


def kind_of_reason(reason: str) -> str:
    """A reason as summaries count it: every ``other: …`` is one kind."""
    return OTHER if reason.startswith(f"{OTHER}:") else reason
