"""From the reader to the figures of agreement, and back to a mark behind one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotui.tui.screens.library_actions import LibraryActions
from annotui.tui.screens.library_frame import Going

if TYPE_CHECKING:
    from annotui.tui.screens.agreement import AgreementState


class AgreementActions(LibraryActions):
    """Opens the figures; where they were left for a mark they go on."""

    agreement_state: AgreementState | None = None

    def action_agreement(self) -> None:
        """Show how far annotators agree."""
        if self.refuses_while_saving():
            return
        from annotui.tui.screens.agreement import AgreementScreen, AgreementState

        self.agreement_state = self.agreement_state or AgreementState()
        screen = AgreementScreen(self.scribe, self.agreement_state)

        async def left(going: Going | None) -> None:
            if screen.failure:
                self.say(screen.failure, "alert")
            elif going is not None:
                if self.shown_other or not self.shows_others:
                    self.show_marks_of("", all_of_them=True)
                await self._go_there(going)

        self.app.push_screen(screen, left)
