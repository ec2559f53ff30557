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
