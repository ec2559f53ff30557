"""What the keys do to marks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from annotui.domain.annotation import Annotation
from annotui.domain.segment import Unit
from annotui.domain.span import Span, normalise, quote_of
from annotui.errors import AnnotuiError
from annotui.services.session import SUMMARY_LENGTH, Outcome, Session, summary_of
from annotui.services.workspace import Workspace
from annotui.tui.screens.recording import RecordingFrame
from annotui.tui.scribe import Scribe
from annotui.tui.selecting import Selecting

WARNED_LENGTH = 2_000
"""Code points from which the clause at the caret is too long to be meant."""


class MarkActions(RecordingFrame):
    """Labels, removes, notes, and goes from mark to mark."""

    last_label = ""

    said_of_first_mark = ""
    """What somebody who is here for the first time is told of the next mark."""

    names_to_ask: tuple[str, ...] = ()
    """Whom the file knows, while it has not been asked whose the new marks are."""

    def __init__(self, scribe: Scribe) -> None:
        super().__init__(scribe)
        self._unsaved_notes: dict[str, str] = {}

    async def action_annotate(self, label: str) -> None:
        """Mark the selection; else relabel the focused mark; else mark the clause at the caret."""
        focused = self.focused_mark
        if self.view.selection is None and not self.kept and focused is not None:
            await self._relabel(focused, label)
            return
        same = self._same_mark(label)
        if same is None:
            await self.mark_anew(label)
        else:
            self.focus_mark(same)
            self.say(f"This is marked {label} already; L adds a second mark here.")

    def _same_mark(self, label: str) -> Annotation | None:
        """One's own mark with this label on the very runs that are meant, if there is one."""
        runs = self._runs_meant()
        if runs is None:
            return None
        here = self.index.overlapping(runs[0].start, runs[-1].end)
        same = (one for one in here if one.runs == runs and one.label == label)
        return next((one for one in same if self.is_own(one)), None)

    async def mark_anew(self, label: str) -> None:
        """Add a mark on the selection, on the focused mark's span, or on the clause here."""
        session = self.session
        runs = self._runs_meant()
        if session is None or runs is None:
            return
        if self._asks_whose(lambda: self.mark_anew(label)):
            return
        self.last_label = label
        change = f"{label} on “{_quoted(self.text, runs)}”"
        used = set(self.kept)
        await self.record(
            lambda _: session.annotate(runs, label),
            change,
            self._made,
            at_once=lambda _: self.keep(tuple(one for one in self.kept if one not in used)),
        )

    def _runs_meant(self) -> tuple[Span, ...] | None:
        focused = self.focused_mark
        if self.kept and self.view.selection is None:
            return self.kept
        if self.view.selection is None and focused is not None:
            return focused.runs
        run = self.run_here()
        return None if run is None else normalise((*self.kept, run))

    def run_here(self) -> Span | None:
        """What is selected, else the clause at the caret, trimmed; says why where there is none."""
        selection = self.view.selection
        if selection is not None:
            start, end = selection.start in self.by_hand, selection.end in self.by_hand
            trimmed = self.segmenter.trim(selection, keeps_start=start, keeps_end=end)
            if trimmed is None:
                self.say("Only white space is selected; there is nothing to mark.", "alert")
            return trimmed
        clause = self.segmenter.at(Unit.CLAUSE, self.view.caret)
        trimmed = None if clause is None else self.segmenter.trim(clause)
        if trimmed is None or len(trimmed) > WARNED_LENGTH:
            self.say("There is no clause here; select with v and a motion.", "alert")
            return None
        return trimmed

    def keep(self, kept: tuple[Span, ...]) -> None:
        """Keep these fragments for the next mark, and show them."""
        self.kept = kept
        self.view.overlays = replace(self.view.overlays, kept=kept)

    def _made(self, outcome: Outcome) -> None:
        """Focus the new mark and put the caret behind it, ready for the next."""
        made = outcome.after[0]
        self.selecting, self.by_hand = Selecting(), frozenset()
        if self.shown_other:
            self.show_marks_of("", all_of_them=True)
        self.view.move_caret(made.end, selection=None, focused_id=made.annotation_id)
        if self.said_of_first_mark:
            self.say(self.said_of_first_mark)
            self.said_of_first_mark = ""

    async def _relabel(self, annotation: Annotation, label: str) -> None:
        session = self.session
        if session is None:
            return
        if not self.is_own(annotation):
            owner = f"{annotation.annotator}'s {annotation.label}"
            self.say(f"This is {owner}; L adds a mark of your own here.", "alert")
            return
        if annotation.label == label:
            self.say(f"This is marked {label} already; L adds a second mark here.")
            return
        self.last_label = label
        change = f"{label} in place of {summary_of(annotation)}"
        await self.record(lambda _: session.relabel(annotation, label), change)

    def _asks_whose(self, then: Callable[[], Awaitable[None]]) -> bool:
        """Ask once whose marks these are, where the name is new to a file that knows others.

        Whether it was asked; ``then`` is done after the answer, unless there is none.
        """
        session, names = self.session, self.names_to_ask
        if session is None or not names:
            return False
        lines = [(session.annotator, "a new name in this file")]
        lines += [(name, "is known here") for name in names]

        async def answered(chosen: int | None) -> None:
            if chosen is None:
                self.say("Nothing was marked.")
                return
            try:
                if chosen:
                    await self._work_as(names[chosen - 1])
            except AnnotuiError as error:
                self.say(f"{error} Nothing was marked.", "error")
                return
            self.names_to_ask = ()
            await then()

        from annotui.tui.screens.dialogs import ChoiceScreen

        self.app.push_screen(ChoiceScreen("Whose marks are these?", lines), answered)
        return True

    async def _work_as(self, annotator: str) -> None:
        """Go on as somebody whom the file knows."""
        document = self.session.document if self.session else None
        if document is None:
            return
        self.scribe.work_as(annotator)
        self.session = await self.scribe.run(lambda workspace: Session(workspace, document))
        await self.fetch_marks()

    def action_picker(self) -> None:
        """Pick a label from a list that can be narrowed; it always adds a mark."""
        runs = self._runs_meant()
        if runs is None:
            return
        heading = f"A label for “{_quoted(self.text, runs)}”"
        labels = list(self.scheme)
        lines = [
            (f"{label.key} {label.glyph} {label.name}", label.guideline.split(". ")[0])
            for label in labels
        ]
        keys = [(label.key, str(rank)) for rank, label in enumerate(labels, 1)]

        async def picked(chosen: int | None) -> None:
            if chosen is not None:
                await self.mark_anew(labels[chosen].name)

        from annotui.tui.screens.dialogs import ChoiceScreen

        self.app.push_screen(ChoiceScreen(heading, lines, keys=keys, filters=True), picked)

    async def action_repeat(self) -> None:
        """Use the last label again."""
        if not self.last_label:
            self.say("No label was used yet.")
            return
        await self.action_annotate(self.last_label)

    async def action_remove(self) -> None:
        """Remove the focused mark, or the innermost of one's own at the caret."""
        session, mark = self.session, self.own_mark("remove")
        if session is None or mark is None:
            return
        await self.record(
            lambda _: session.remove(mark), f"removing {summary_of(mark)}", self._removed
        )

    def _removed(self, outcome: Outcome) -> None:
        """Say what is gone; in the list, go on to the one that stands in its place."""
        gone = outcome.before[0]
        rank = min(self.listed.rank(gone.sort_key), len(self.listed) - 1)
        if self.in_list and rank >= 0:
            self.focus_mark(self.listed[rank])
        self.say(f"Removed {summary_of(gone)}. u takes that back.")

    def action_note(self) -> None:
        """Write the note of the focused mark, or of the innermost of one's own at the caret."""
        session, mark = self.session, self.own_mark("write a note on")
        if session is None or mark is None or self.refuses_while_saving():
            return
        drafts, key = self._unsaved_notes, mark.annotation_id
        draft = drafts.get(key)

        async def written(note: str | None) -> None:
            if note is None or note.rstrip() == mark.note:
                drafts.pop(key, None)
                return
            drafts[key] = note

            def write(_: Workspace) -> Outcome:
                outcome = session.set_note(mark, note)
                drafts.pop(key, None)
                return outcome

            await self.record(write, f"the note on {summary_of(mark)} (i has it still)")

        heading = f"Note on {summary_of(mark)}"
        from annotui.tui.screens.dialogs import NoteScreen

        self.app.push_screen(NoteScreen(heading, mark.note if draft is None else draft), written)

    def own_mark(self, verb: str) -> Annotation | None:
        """The focused mark, else the innermost of one's own here; says why where there is none."""
        mark = self.focused_mark
        if mark is None:
            own = (one for one in self.index.at(self.view.caret) if self.is_own(one))
            mark = next(own, None)
        if mark is None:
            self.say(f"There is no mark of yours here to {verb}; ] and [ go to one.")
        elif not self.is_own(mark):
            self.say(f"This is {mark.annotator}'s mark; only they {verb} it.", "alert")
            return None
        return mark

    def focus_mark(self, mark: Annotation) -> None:
        """Focus a mark and bring its start into view."""
        self.selecting, self.by_hand = Selecting(), frozenset()
        self.view.move_caret(mark.start, selection=None, focused_id=mark.annotation_id)
        self.show_status()

    def action_next_mark(self) -> None:
        """Focus the next mark in the text."""
        self._step(1)

    def action_previous_mark(self) -> None:
        """Focus the mark before."""
        self._step(-1)

    def _step(self, direction: int) -> None:
        if self.says_there_are_none():
            return
        focused = self.focused_mark
        if focused is not None:
            rank = self.index.rank(focused.sort_key) + direction
        else:
            rank = self.index.rank((self.view.caret, 0, "")) - (direction < 0)
        if 0 <= rank < len(self.index):
            self.focus_mark(self.index[rank])
        else:
            self.say("No mark after this one." if direction > 0 else "No mark before this one.")

    def says_there_are_none(self) -> bool:
        """Say so where no mark is shown, and what to do; whether that is so."""
        if len(self.index):
            return False
        if len(self.marks.everybodys):
            self.say("There are only others' marks here, and they are hidden; O shows them.")
        else:
            self.say("There are no marks yet: select with v and a motion, then press a label.")
        return True

    def action_stacked(self) -> None:
        """Focus the next of the marks at the caret."""
        focused, place = self.focused_mark, self.view.caret
        if focused is not None and not focused.covers(place):
            place = focused.start
        here = self.index.at(place)
        if not here:
            self.say("There is no mark at the caret; ] and [ go to one.")
            return
        if len(here) == 1 and focused is here[0]:
            self.say("This is the only mark here.")
        ids = [one.annotation_id for one in here]
        at = ids.index(self.view.focused_id) + 1 if self.view.focused_id in ids else 0
        self.view.focused_id = ids[at % len(ids)]
        self.show_status()

    def action_others(self) -> None:
        """Show one's own marks, then those of each other annotator by themselves, then all."""
        own = self.session.annotator if self.session else ""
        names = sorted({one.annotator for one in self.marks.everybodys} - {own})
        if self.shown_other in names[:-1]:
            self.show_marks_of(names[names.index(self.shown_other) + 1])
        elif self.shown_other:
            self.show_marks_of("", all_of_them=True)
        elif self.shows_others:
            self.show_marks_of("")
        else:
            self.show_marks_of(names[0] if names else "", all_of_them=not names)
        count = len(self.marks.everybodys) - len(self.marks.own)
        if self.shown_other:
            self.say(f"Only the marks of {self.shown_other} are shown ({len(self.index):,}).")
        else:
            verb = "shown" if self.shows_others else "hidden"
            self.say(f"Others' marks are {verb} ({count:,} in this article).")

    def show_marks_of(self, other: str, *, all_of_them: bool = False) -> None:
        """Show the marks of one ``other``, else one's own, with ``all_of_them`` everybody's."""
        self.shown_other, self.shows_others = other, all_of_them
        if self.focused_mark is None:
            self.view.focused_id = ""
        self.show_all()


def _quoted(text: str, runs: Sequence[Span]) -> str:
    quote = " ".join(quote_of(text, runs).split())
    return quote if len(quote) <= SUMMARY_LENGTH else quote[: SUMMARY_LENGTH - 1].rstrip() + "…"
