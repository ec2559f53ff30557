"""Articles: opening, going from one to the next, exporting, undo that finds its way to another."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from annotui.domain.segment import Segmenter
from annotui.errors import AnnotuiError
from annotui.services import history, interchange, library, place
from annotui.services.session import Outcome, Session
from annotui.services.workspace import Workspace
from annotui.tui.actions import reader_keys
from annotui.tui.screens.dialogs import ChoiceScreen
from annotui.tui.screens.frame import Marks
from annotui.tui.screens.mark_actions import MarkActions
from annotui.tui.scribe import Scribe
from annotui.tui.selecting import Selecting

STEM_LENGTH = 40
"""Code points of a title at most that name the file of its export."""


class DocumentActions(MarkActions):
    """Opens documents, remembers the place in them, and takes changes back wherever they were."""

    def __init__(self, scribe: Scribe, document_ids: tuple[str, ...] = ()) -> None:
        super().__init__(scribe, document_ids)
        self._place = place.load(scribe.path)

    def on_mount(self) -> None:
        """Open what was asked for, or the last one read."""
        self.run_worker(self._begin())

    def on_unmount(self) -> None:
        """Keep the place for tomorrow."""
        if self.session is not None:
            self._place.remember(self.session.document.document_id, self.view.caret)
            place.save(self.scribe.path, self._place)

    async def _begin(self) -> None:
        try:
            ids = await self.scribe.run(library.document_ids)
            wanted = (*self.wanted_ids, self._place.document_id, *ids)
            first = next((one for one in wanted if one in ids), "")
            if first:
                await self.open_document(first)
            else:
                self._offer_seed()
        except AnnotuiError as error:
            self.failed(error)

    def _offer_seed(self) -> None:
        lines = [
            ("Read the article that comes with annotui", "to try it on"),
            ("Leave", "annotui PATH… adds articles of your own and opens the first"),
        ]

        async def answered(chosen: int | None) -> None:
            if chosen != 0:
                self.app.exit()
                return
            try:
                added = await self.scribe.run(library.add_seed)
                await self.open_document(added.document_id)
            except AnnotuiError as error:
                self.failed(error)

        heading = f"{self.scribe.path.name} has no article yet"
        hint = "enter chooses · esc leaves"
        self.app.push_screen(ChoiceScreen(heading, lines, hint=hint), answered)

    async def open_document(self, document_id: str) -> None:
        """Show another document of the file, with the caret where it was left.

        Raises:
            AnnotuiError: when it cannot be read; what was open stays open.
        """

        def opened(workspace: Workspace) -> tuple[Session, list[str], tuple[str, ...], Marks]:
            session = Session(workspace, library.document(workspace, document_id))
            known, names = session.knows_annotator()
            marks = Marks.of(session.annotations(), session.annotator)
            ids = library.document_ids(workspace)
            return session, ids, () if known else tuple(names), marks

        session, ids, self.names_to_ask, marks = await self.scribe.run(opened)
        keys = reader_keys(session.scheme)
        if self.session is not None:
            self._place.remember(self.session.document.document_id, self.view.caret)
        self.session, self.scheme, self.keys, self.marks = session, session.scheme, keys, marks
        self.segmenter = Segmenter(session.document.text)
        self.selecting = Selecting()
        self.position = f"{ids.index(document_id) + 1} of {len(ids)} · " if len(ids) > 1 else ""
        caret = min(self._place.carets.get(document_id, 0), len(session.document.text))
        self._place.remember(document_id, caret)
        self.view.load(session.document, caret)
        self.show_all()

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
            ids = await self.scribe.run(library.document_ids)
            if here in ids and 0 <= ids.index(here) + step < len(ids):
                await self.open_document(ids[ids.index(here) + step])
                return
        except AnnotuiError as error:
            self.say(str(error), "error")
            return
        if len(ids) == 1:
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

    # --- export ------------------------------------------------------------------------------

    def action_export(self) -> None:
        """Write the open article's marks, or all, to a CSV file in the working directory."""
        if self.session is None:
            return
        try:
            folder = Path.cwd()
        except OSError as error:
            self.say(f"The folder you are in is gone ({error}). Nothing was written.", "error")
            return
        document = self.session.document
        stem = re.sub(r"[^\w]+", "-", document.title).strip("-")[:STEM_LENGTH]
        targets = [folder / f"{stem or document.document_id[:12]}.csv", folder / "annotations.csv"]
        lines = [
            (what, f"{path.name}{' (replaces the file there)' if path.exists() else ''}")
            for what, path in zip(("This article →", "Everything →"), targets, strict=True)
        ]

        def chosen(rank: int | None) -> None:
            if rank is not None:
                ids = (document.document_id,) if rank == 0 else ()
                self._perform(lambda workspace: _export(workspace, targets[rank], ids))

        self.app.push_screen(ChoiceScreen(f"Export as CSV to {folder}", lines), chosen)

    def _perform(self, job: Callable[[Workspace], str]) -> None:
        """Run a job that writes no mark behind the keys; say what it answers, or why it failed."""

        async def performed() -> None:
            try:
                answer = await self.scribe.run(job)
            except AnnotuiError as error:
                self.say(str(error), "error")
            else:
                self.say(answer, whole=True)

        self.run_worker(performed())


def _export(workspace: Workspace, target: Path, document_ids: tuple[str, ...]) -> str:
    exported = interchange.export(workspace, document_ids=document_ids)
    interchange.write_file(target, exported.text)
    rejected = f" ({exported.rejected:,} of them rejected)" if exported.rejected else ""
    plural = "" if exported.rows == 1 else "s"
    return f"{exported.rows:,} mark{plural}{rejected} written to {target}"
