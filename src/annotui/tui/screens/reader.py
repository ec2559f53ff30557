"""The reader: keys, selection, mouse."""

from __future__ import annotations

from concurrent.futures import Future
from inspect import isawaitable

from annotui.domain.segment import Unit, next_grapheme
from annotui.domain.span import normalise, quote_of
from annotui.tui.actions import Action
from annotui.tui.motions import EXTENDING, MOTIONS
from annotui.tui.pages import guideline_page
from annotui.tui.screens.agreement_actions import AgreementActions
from annotui.tui.screens.beneath import Beneath
from annotui.tui.screens.difference_actions import DifferenceActions
from annotui.tui.screens.document_actions import Opened
from annotui.tui.screens.edge_actions import HeldEdge
from annotui.tui.screens.frame import NARROWEST_WITH_PANE
from annotui.tui.screens.pressing import Pressing
from annotui.tui.screens.review_door import ReviewDoor
from annotui.tui.scribe import Scribe
from annotui.tui.selecting import Selecting
from annotui.tui.widgets.article_view import ArticleView

CLIPBOARD_BYTES = 74_994
"""What fits into the 100,000 bytes that many terminals take at once (OSC 52, base64)."""

IN_LIST = {"down": 1, "up": -1}
"""By how many lines the row motions step while the side list has the keys."""

SELECTS = {
    *("select", "grow", "shrink", "swap", "fragment", "edge", "next_document", "previous_document"),
    *("hint_jump", "hint_select", "hint_mark"),
    *("search", "search_next", "search_previous", "everywhere"),
}
"""Actions that, like every motion, give the keys back to the article."""


class ReaderScreen(Beneath, AgreementActions, DifferenceActions, ReviewDoor, Pressing):
    """Reads one document at a time; everything is done from the keyboard."""

    def __init__(self, scribe: Scribe, first: Future[Opened | None]) -> None:
        super().__init__(scribe, first)
        self._drag_began: int | None = None
        self._held: HeldEdge | None = None

    async def show_document(self, opened: Opened) -> None:
        """Show a document that was read, and do what was typed before it was there."""
        await super().show_document(opened)
        await self.press_early_keys()

    async def perform(self, action: Action) -> None:
        """Do what ``action`` says."""
        name, _, argument = action.action_id.partition(":")
        if self.in_list and name in IN_LIST:
            self.step_in_list(IN_LIST[name])
            self.show_status()
            return
        if self.in_list and name == "search":
            name = "filter"
        elif self.in_list and name in MOTIONS.keys() | EXTENDING.keys() | SELECTS:
            self.leave_list()
        if name in MOTIONS:
            self.move(name)
        elif name in EXTENDING:
            self.selecting = self.selecting.begun(self.view.caret, is_sticky=False)
            self.move(EXTENDING[name], extends=True)
        else:
            if self.reading_marks is not None:
                await self.reading_marks.wait()
            method = getattr(self, f"action_{name}")
            answer = method(argument) if argument else method()
            if isawaitable(answer):
                await answer
            self.show_status()

    def action_cancel(self) -> None:
        """Leave what is going on: a write that waits, the list, the selection, the focus."""
        if self.is_saving:
            self.scribe.give_up()
        elif self._held is not None:
            focused_id, self._held, self._drag_began = self._held.mark.annotation_id, None, None
            self.view.forget_drag()
            self.select(Selecting(), self.view.caret)
            self.view.focused_id = focused_id
        elif self.in_list:
            if self.filter_typed:
                self.narrow("")
                self.say("The list shows all marks again; esc goes back to the article.")
            else:
                self.back_from_list()
        elif self.selecting.anchor is not None:
            self.select(Selecting(), self.view.caret)
        elif self.kept:
            self.keep(())
            self.say("The kept fragments are dropped.")
        elif self.unlight():
            pass
        elif self.view.focused_id:
            self.view.focused_id = ""
        else:
            self.say("Nothing is selected or focused; q leaves the reader.")

    # --- mouse -------------------------------------------------------------------------------

    def on_article_mouse_clicked(self, event: ArticleView.Clicked) -> None:
        """A click moves the caret, extends while v is on, or focuses the mark there."""
        self.touched()
        unit = {2: Unit.WORD, 3: Unit.SENTENCE}.get(event.chain)
        wanted = self.segmenter.at(unit, event.offset) if unit else None
        if wanted is not None:
            self.select(Selecting(wanted.start), wanted.end)
        elif self.selecting.is_sticky or event.shift:
            selecting = self.selecting.begun(self.view.caret, is_sticky=False)
            self.select(selecting, event.offset)
        else:
            here = self.index.at(event.offset)
            self.selecting, self.by_hand = Selecting(), frozenset()
            focused_id = here[0].annotation_id if here else ""
            self.view.move_caret(event.offset, selection=None, focused_id=focused_id)
        self.show_status()

    async def on_article_mouse_dragged(self, event: ArticleView.Dragged) -> None:
        """A drag selects; one that begins on an edge of the focused mark moves that edge."""
        self.touched()
        if self._drag_began != event.anchor:
            self._drag_began, self._held = event.anchor, self.held_edge(event.anchor)
        held = self._held
        if held is None:
            self.select(Selecting(event.anchor), event.offset)
            self.by_hand = frozenset((event.anchor, event.offset))
        else:
            is_end = event.offset >= held.fixed
            caret = next_grapheme(self.text, event.offset) if is_end else event.offset
            self.select(Selecting(held.fixed), caret)
        if event.ended:
            self._drag_began, self._held = None, None
            if held is not None:
                await self.let_go(held)
        self.show_status()

    # --- side pane, help ---------------------------------------------------------------------

    def action_side_pane(self) -> None:
        """Show or hide the side pane."""
        if self.size.width < NARROWEST_WITH_PANE:
            self.say(f"The side pane needs {NARROWEST_WITH_PANE} columns.")
            return
        if self.in_list:
            self.leave_list()
        self.side_pane = not self.side_shows
        self.place_side_pane(self.size.width)

    def action_copy(self) -> None:
        """Copy the selection, or the focused mark's quote, to the terminal's clipboard."""
        if self.config.copies_source:
            self.action_copy_source()
        else:
            self._copy(self._quote_here())

    def action_copy_source(self) -> None:
        """Copy the same with title and line."""
        quote, document = self._quote_here(), self.session.document if self.session else None
        if quote and document is not None:
            mark, selection = self.focused_mark, self.view.selection
            start = selection.start if selection else mark.start if mark else self.kept[0].start
            quote = f"{_in_quotes(quote)} — {document.title}, line {document.line_of(start)}"
        self._copy(quote)

    def _quote_here(self) -> str:
        """The words of the selection and of kept fragments, else of the focused mark."""
        mark, selection = self.focused_mark, self.view.selection
        runs = normalise((*self.kept, *((selection,) if selection else ())))
        return quote_of(self.text, runs) if runs else mark.quote if mark else ""

    def _copy(self, text: str) -> None:
        if not text:
            self.say("Nothing is selected to copy; q leaves.")
            return
        self.app.copy_to_clipboard(text)
        too_long = len(text.encode("utf-8", "replace")) > CLIPBOARD_BYTES
        doubt = " Many terminals refuse that much." if too_long else ""
        self.say(f"Copied {len(text):,} characters.{doubt}")

    def action_guideline(self) -> None:
        """Show what each label means."""
        from annotui.tui.screens.dialogs import PageScreen

        self.app.push_screen(
            PageScreen("What the labels mean", guideline_page(self.scheme, self.inks))
        )

    def action_quit(self) -> None:
        """Leave; all changes are stored already."""
        if self.is_saving:
            self.say("A change is still being saved; esc gives it up, ctrl+q leaves without it.")
        else:
            self.app.exit()


def _in_quotes(quote: str) -> str:
    """A quote on one line in quotation marks; single ones inside where it has double ones."""
    words = " ".join(quote.split())
    whole = words[:1] + words[-1:] in ("“”", '""') and not set(words[1:-1]) & set('“”"')
    if whole:
        words = words[1:-1]
    return f"“{words.translate(_SINGLE)}”"


_SINGLE = str.maketrans({"“": "‘", "”": "’", '"': "'"})
