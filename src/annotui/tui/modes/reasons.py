"""A mark is being rejected: one more key says why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from annotui.domain.review import OTHER
from annotui.tui.modes.mode import Mode, ModeHost
from annotui.tui.widgets.bar import Part

UNSURE = "?"


class ReasonHost(ModeHost, Protocol):
    """What the reasons ask of the review."""

    async def reject(self, reason: str) -> None:
        """Reject the mark for this reason."""

    async def decide_unsure(self) -> None:
        """Say that one is not sure of the mark."""

    def ask_reason(self) -> None:
        """Ask for a reason in words."""

    def show_reasons(self, lines: Sequence[tuple[str, str]]) -> None:
        """Show keys and reasons beside the mark; none take them away."""


class ReasonMode(Mode):
    """Takes the key of a reason; ``?`` is unsure, esc not yet."""

    def __init__(self, review: ReasonHost, reasons: Sequence[str]) -> None:
        super().__init__(review)
        self._review = review
        self._reasons = (*reasons, OTHER)
        keyed = [(str(number), reason) for number, reason in enumerate(self._reasons, 1)]
        keyed[-1] = (keyed[-1][0], f"{OTHER}…")
        self.hints = (*keyed, (UNSURE, "unsure"), ("esc", "not yet"))
        review.show_reasons(self.hints)

    async def press(self, key: str) -> bool:
        """Reject for the reason of the key."""
        review = self._review
        if key == "escape":
            review.leave_mode()
        elif key == UNSURE:
            review.leave_mode()
            await review.decide_unsure()
        elif key in "123456789" and 0 < int(key) <= len(self._reasons):
            reason = self._reasons[int(key) - 1]
            review.leave_mode()
            if reason == OTHER:
                review.ask_reason()
            else:
                await review.reject(reason)
        else:
            review.say(f"1–{len(self._reasons)} says why; ? is unsure, esc not yet.")
        return True

    def status(self) -> tuple[Part, ...]:
        """That a reason is waited for."""
        return ((" REJECT ", "alert"), (" why? One more key", ""))

    def left(self) -> None:
        """Take the reasons away."""
        self._review.show_reasons(())
