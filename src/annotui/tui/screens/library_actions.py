"""From the reader to the library, and back to where something was found."""

from __future__ import annotations

from annotui.domain.text_query import TextQuery
from annotui.errors import AnnotuiError
from annotui.services.shelf import View
from annotui.tui.screens.library_frame import Going
from annotui.tui.screens.queue_actions import QueueActions


class LibraryActions(QueueActions):
    """Opens the library; what it showed last it shows again."""

    library_view = View()

    def action_library(self) -> None:
        """Show all articles, to choose one."""
        if self.refuses_while_saving():
            return
        from annotui.tui.screens.library import LibraryScreen

        here = self.session.document.document_id if self.session else ""
        screen = LibraryScreen(self.scribe, self.scheme, here, self.library_view)

        async def left(going: Going | None) -> None:
            self.library_view = screen.shown_view
            if going is not None:
                await self._go_there(going)
            elif self.session is None:
                self._offer_seed()

        self.app.push_screen(screen, left)

    async def _go_there(self, going: Going) -> None:
        here = self.session.document.document_id if self.session else ""
        try:
            if going.document_id != here:
                await self.open_document(going.document_id)
        except AnnotuiError as error:
            self.say(str(error), "error")
            return
        if self.reading_marks is not None and going.annotation_id:
            await self.reading_marks.wait()
        mark = self.marks.everybodys.get(going.annotation_id) if going.annotation_id else None
        pattern = TextQuery.parse(going.search, is_growing=True).pattern()
        if mark is not None:
            self.shows_others = True
            self.focus_mark(mark)
        elif pattern is not None:
            self.light(going.search, pattern, going.place or 0)
        self.show_status()
