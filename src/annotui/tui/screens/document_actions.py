"""Articles: opening, going from one to the next, undo that finds its way to another."""

from __future__ import annotations

import gc
from abc import abstractmethod
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from textual.message import Message

from annotui.domain.segment import Segmenter
from annotui.errors import AnnotuiError
from annotui.services import history, library, place
from annotui.services.session import Outcome, Session
from annotui.services.workspace import Workspace
from annotui.tui.key_table import reader_keys
from annotui.tui.screens.finding import Finding
from annotui.tui.screens.frame import Marks
from annotui.tui.scribe import Scribe
from annotui.tui.selecting import Selecting
from annotui.tui.widgets.too_small import notice

MARKS_AT_ONCE = 3_000
"""Annotations up to which an article is shown together with its marks; more come after it."""

FIRST_MARK = "Stored. u undo, r review, X export."
"""What is said of the very first mark; it fits beside the name of the file."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A document read for the reader; ``marks`` is None where there are too many to wait for.

    It is number ``place`` of ``count``, as added. ``names_to_ask`` are the names that the file
    knows while it does not know the annotator's.
    """

    session: Session
    place: int
    count: int
    names_to_ask: tuple[str, ...]
    marks: Marks | None


def read_document(workspace: Workspace, document_id: str) -> Opened:
    """Read a document, and its marks where they are few.

    Raises:
        AnnotuiError: when it cannot be read.
    """
    session = Session(workspace, library.document(workspace, document_id))
    known, names = session.knows_annotator()
    place, count = library.place_of(workspace, document_id)
    marks = None
    if session.count() <= MARKS_AT_ONCE:
        marks = Marks.of(session.annotations(), session.annotator)
    return Opened(session, place, count, () if known else tuple(names), marks)


def read_first(workspace: Workspace, wanted_ids: Sequence[str]) -> Opened | None:
    """Read the first of ``wanted_ids``, else the last document read, else the first of the file.

    None where the file has no document, or there is no file.

    Raises:
        AnnotuiError: when it cannot be read.
    """
    last = place.load(workspace.path).document_id
    first = library.first_of(workspace, (*wanted_ids[:1], *([last] if last else ())))
    return read_document(workspace, first) if first else None


class DocumentActions(Finding):
    """Opens documents, remembers the place in them, and takes changes back wherever they were."""

    class TutorialWanted(Message):
        """The reader is to make room for the tutorial."""

    offers_library = False
    """Whether the library is shown where there are articles and none was ever read."""

    invites = True
    """Whether somebody who is here for the first time is told of the tutorial."""

    def __init__(self, scribe: Scribe, first: Future[Opened | None]) -> None:
        super().__init__(scribe)
        self._first = first
        self._place = place.load(scribe.path)

    async def on_mount(self) -> None:
        """Show the first document before anything is painted; it was asked for long ago."""
        try:
            opened = await self.scribe.answer(self._first)
            has_place = bool(self._place.document_id)
            if opened is not None:
                await self.show_document(opened)
        except AnnotuiError as error:
            self.failed(error)
            return
        if opened is None:
            self._offer_seed()
        elif self.offers_library and opened.count > 1 and not has_place:
            self.action_library()
        else:
            self._welcome()
        if self.invites and place.is_first_time() and not notice(self.size):
            self.said_of_first_mark = FIRST_MARK
        self.call_after_refresh(self.warm_up)

    def _welcome(self) -> None:
        if self.invites and place.is_first_time() and not notice(self.size):
            self.say("New here? ctrl+p, tutorial. ? shows the keys.")

    def on_unmount(self) -> None:
        """Keep the place for tomorrow."""
        self._keep_place()

    def _keep_place(self) -> None:
        if self.session is not None:
            self._place.remember(self.session.document.document_id, self.view.caret)
            place.save(self.scribe.path, self._place)

    @abstractmethod
    def action_library(self) -> None:
        """Show all articles."""

    def action_tutorial(self) -> None:
        """Go to the tutorial; the reader comes back after it."""
        if not self.refuses_while_saving():
            self.post_message(self.TutorialWanted())

    def _offer_seed(self) -> None:
        lines = [
            ("Read the article that comes with annotui", "to try it on"),
            ("Learn the keys in the tutorial", "ten minutes, on a file of its own"),
            ("Open the library", "a adds a file or a folder, what you paste is added"),
            ("Leave", "annotui PATH… adds articles of your own and opens the first"),
        ]

        async def answered(chosen: int | None) -> None:
            if chosen == 1:
                self.action_tutorial()
                return
            if chosen == 2:
                self.action_library()
                return
            if chosen != 0:
                self.app.exit()
                return
            try:
                added = await self.scribe.run(library.add_seed)
                await self.open_document(added.document_id)
                self._welcome()
            except AnnotuiError as error:
                self.failed(error)

        heading = f"{self.scribe.path.name} has no article yet"
        hint = "enter chooses · esc leaves"
        from annotui.tui.screens.dialogs import ChoiceScreen

        self.app.push_screen(ChoiceScreen(heading, lines, hint=hint), answered)

    async def open_document(self, document_id: str) -> None:
        """Show another document of the file, with the caret where it was left.

        Raises:
            AnnotuiError: when it cannot be read; what was open stays open.
        """

        await self.show_document(
            await self.scribe.run(lambda workspace: read_document(workspace, document_id))
        )

    async def show_document(self, opened: Opened) -> None:
        """Show a document that was read; where its marks are many they come after it."""
        session = opened.session
        document = session.document
        keys = reader_keys(session.scheme, self.config.keys)
        if self.session is not None:
            self._place.remember(self.session.document.document_id, self.view.caret)
        self.session, self.scheme, self.keys = session, session.scheme, keys
        self.names_to_ask = opened.names_to_ask
        self.marks = opened.marks or Marks()
        if self.shown_other:
            self.shown_other, self.shows_others = "", True
        self.segmenter = Segmenter(document.text)
        self.leave_modes()
        self.selecting, self.kept = Selecting(), ()
        self.position = f"{opened.place:,} of {opened.count:,} · " if opened.count > 1 else ""
        caret = min(self._place.carets.get(document.document_id, 0), len(document.text))
        self._place.remember(document.document_id, caret)
        self.view.load(document, caret)
        self.show_all()
        self.reading_marks = None
        if opened.marks is None:
            self.reading_marks = self.run_worker(self._read_marks(), group="marks")

    async def _read_marks(self) -> None:
        try:
            await self.fetch_marks()
        except AnnotuiError as error:
            self.say(str(error), "error")
        self.reading_marks = None
        # What was read stays until it is left: the collector need not look at it again and again.
        gc.collect()
        gc.freeze()

    async def action_next_document(self) -> None:
        """Go to the article after this one."""
        await self._go_document(1)

    async def action_previous_document(self) -> None:
        """Go to the article before this one."""
        await self._go_document(-1)

    async def _go_document(self, step: int) -> None:
        if self.session is None or self.refuses_while_saving():
            return
        here = self.session.document.document_id
        try:
            found, count = await self.scribe.run(lambda ws: library.beside(ws, here, step))
            if found:
                await self.open_document(found)
                return
        except AnnotuiError as error:
            self.say(str(error), "error")
            return
        if count == 1:
            self.say("This is the only article; annotui PATH… adds more.")
        else:
            self.say("This is the last article." if step > 0 else "This is the first article.")

    # --- undo and redo -----------------------------------------------------------------------

    async def action_undo(self) -> None:
        """Take back the annotator's newest change, wherever it was."""
        passing_over = self.passing_over
        await self.record(
            lambda workspace: history.undo(workspace, passing_over=passing_over),
            "undo",
            self._reversed,
        )

    async def action_redo(self) -> None:
        """Do again what was undone."""
        passing_over = self.passing_over
        await self.record(
            lambda workspace: history.redo(workspace, passing_over=passing_over),
            "redo",
            self._reversed,
        )

    async def _reversed(self, outcome: Outcome) -> None:
        """Show what was taken back or done again, where it is, and say so."""
        verb = "Undone" if outcome.change.kind == "undo" else "Done again"
        try:
            await self._go_to_change(outcome)
        except AnnotuiError as error:
            self.say(f"{verb}, but it cannot be shown: {error}", "error")
            return
        self.say(f"{verb}: {outcome.change.summary}")

    async def _go_to_change(self, outcome: Outcome) -> None:
        here = self.session.document.document_id if self.session else ""
        if not outcome.change.document_id:
            await self.fetch_marks()
        elif outcome.change.document_id != here:
            await self.open_document(outcome.change.document_id)
        standing = [one for one in outcome.after if not one.removed]
        if standing:
            self.focus_mark(standing[0])
        elif outcome.after:
            self.selecting = Selecting()
            self.view.move_caret(outcome.after[0].start, selection=None, focused_id="")
