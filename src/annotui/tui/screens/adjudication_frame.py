"""The frame of an adjudication: a conflict in its article, what each says of it, what is left."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future

from textual.app import ComposeResult

from annotui.domain import adjudication
from annotui.domain.adjudication import ANNOTATOR_KEYS, INTERSECTION_KEY, UNION_KEY, Ruler
from annotui.domain.annotation import Annotation
from annotui.domain.annotation_index import AnnotationIndex
from annotui.domain.segment import Segmenter
from annotui.domain.span import Span, quote_of
from annotui.errors import AnnotationError, AnnotuiError
from annotui.services import curation
from annotui.services.curation import Conflict, Wanted
from annotui.services.session import Session
from annotui.tui import legend
from annotui.tui.key_table import PREFIX, adjudication_keys
from annotui.tui.screens.adjudication_opening import Adjudicating, read_for_conflict
from annotui.tui.screens.finding import Finding
from annotui.tui.screens.pressing import Pressing
from annotui.tui.scribe import Scribe
from annotui.tui.selecting import Selecting
from annotui.tui.widgets.article_view import ArticleView
from annotui.tui.widgets.bar import Bar, Part, shortened
from annotui.tui.widgets.too_small import TooSmall
from annotui.tui.widgets.versions import Version, Versions

HINTS_NEEDED = 4


class AdjudicationFrame(Finding, Pressing):
    """Shows one conflict after another; a subclass says what the keys decide."""

    is_on_reader = False
    """Whether the reader waits below."""

    _is_ended = False
    """Whether it was said that nothing is left, and nobody went on from there."""

    def __init__(self, scribe: Scribe, begun: Adjudicating, first: Future[Session]) -> None:
        super().__init__(scribe)
        self._first, self._taken_in = first, begun.taken_in
        self.state = begun.state
        self.wanted = Wanted(begun.state.annotators, begun.wanted.gold, begun.wanted.document_ids)
        self.conflicts = list(begun.state.conflicts)
        self.decided = begun.state.decided
        self.at = 0
        self.conflict: Conflict | None = None
        self.waiting_label = ""
        self.waiting_for_label: Ruler | None = None
        self._index = AnnotationIndex()

    def compose(self) -> ComposeResult:
        """Headline, article, what each says, status, keys."""
        self._fit(self.app.size)
        self.headline, self.status, self.legend = (
            Bar(id=name) for name in ("headline", "status", "legend")
        )
        self.view, self.versions = ArticleView(id="article"), Versions(id="versions")
        self.view.measure = self.config.measure or self.view.measure
        yield self.headline
        yield self.view
        yield self.versions
        yield self.status
        yield self.legend
        yield TooSmall(id="too-small", markup=False)

    async def on_mount(self) -> None:
        """Show the first conflict before anything is painted; its article was asked for."""
        try:
            self._load(await self.scribe.answer(self._first))
        except AnnotuiError as error:
            self.failed(error)
            return
        await self.go_on()
        if self._taken_in:
            self.say(self._taken_in)
        await self.press_early_keys()

    @property
    def index(self) -> AnnotationIndex:
        """The annotations on the screen: those of the conflict."""
        return self._index

    def is_own(self, annotation: Annotation) -> bool:
        """No mark of a conflict is edited here."""
        return False

    # --- going on ----------------------------------------------------------------------------

    async def go_on(self) -> None:
        """Show the conflict that is due, where none is shown; say so where none is left."""
        if self.conflict is not None:
            return
        if self.at >= len(self.conflicts):
            self.at = 0
        if self.conflicts:
            await self.go_to(self.conflicts[self.at])
        else:
            self._index = AnnotationIndex()
            self.view.show_annotations(self._index)
            self.show_headline()
            self.show_versions()
            self._end()

    async def go_to(self, conflict: Conflict | None) -> None:
        """Show this conflict in the middle of its article."""
        if conflict is None or conflict not in self.conflicts:
            return
        document_id = conflict.document_id
        if self.session is None or self.session.document.document_id != document_id:
            try:
                session = await self.scribe.run(
                    lambda workspace: read_for_conflict(workspace, document_id)
                )
            except AnnotuiError as error:
                self.say(str(error), "error")
                return
            self._load(session)
        self.at, self.conflict = self.conflicts.index(conflict), conflict
        self.waiting_label, self.waiting_for_label = "", None
        self.selecting, self.kept = Selecting(), ()
        group = conflict.question.group
        self.view.own_names = frozenset(group.annotators)
        self._index = AnnotationIndex(member.annotation for member in group.members)
        self.view.show_annotations(self._index)
        self.show_headline()
        self.centre_conflict()
        self.show_status()
        self.show_versions()

    def centre_conflict(self) -> None:
        """Put the conflict in the middle of the screen."""
        conflict = self.conflict
        if conflict is not None:
            start = conflict.question.group.start
            self.view.move_caret(start, centre=True, selection=None, focused_id="")

    def _load(self, session: Session) -> None:
        """Show another article."""
        self.session, self.scheme = session, session.scheme
        self.keys = adjudication_keys(self.scheme, self.config.keys)
        self.segmenter = Segmenter(session.document.text)
        self.leave_modes()
        self.view.load(session.document, 0)
        self.view.set_scheme(self.scheme)

    def _end(self) -> None:
        """Say that nothing is left, and ask what to do."""
        if self._is_ended or self.app.screen is not self:
            return
        self._is_ended = True
        from annotui.tui.screens.dialogs import ChoiceScreen

        lines = [
            ("q  Leave", f"the agreed set is in the file as {self.wanted.gold}"),
            ("u  Take the last decision back", "and go on there"),
        ]

        async def answered(chosen: int | None) -> None:
            self._is_ended = False
            if chosen == 1:
                await self.press("u")
                if not self.conflicts:
                    self._end()
            else:
                self._is_ended = True
                self.leave()

        heading = f"Nothing is left to decide: {self.decided:,} decided"
        keys = [("q",), ("u",)]
        self.app.push_screen(ChoiceScreen(heading, lines, keys=keys, hint="esc leaves"), answered)

    def leave(self) -> None:
        """Go back to the reader where it waits below, else leave the program."""
        if self.is_on_reader:
            self.dismiss(None)
        else:
            self.app.exit()

    # --- news --------------------------------------------------------------------------------

    def take_in(self, annotations: Iterable[Annotation]) -> None:
        """Look at the conflicts again where one of the annotators changed a mark."""
        if any(one.annotator in self.state.annotators for one in annotations):
            here = self.session.document.document_id if self.session else ""
            self.run_worker(self._look_at_news(here), group="again", exclusive=True)

    async def _look_at_news(self, document_id: str) -> None:
        shown = self.conflict
        await self.look_again(document_id)
        same = [x for x in self.conflicts if shown and x.question.marks == shown.question.marks]
        if shown is not None and same:
            self.at, self.conflict = self.conflicts.index(same[0]), same[0]
            self.show_headline()
        else:
            self.conflict = None
            await self.go_on()
            self.say("An annotator changed marks here; these are the conflicts now.", "alert")

    async def look_again(self, document_id: str = "") -> None:
        """Find the conflicts of one document anew, by default of all."""
        wanted = self.wanted
        try:
            if document_id:
                found = await self.scribe.run(
                    lambda workspace: curation.look_at(workspace, wanted, document_id)
                )
                before = [x for x in self.conflicts if x.document_id != document_id]
                known = [x.document_id for x in self.conflicts]
                at = known.index(document_id) if document_id in known else self.at
                self.conflicts = [*before[:at], *found, *before[at:]]
            else:
                state = await self.scribe.run(lambda workspace: curation.look(workspace, wanted))
                self.conflicts, self.decided = list(state.conflicts), state.decided
        except AnnotuiError as error:
            self.say(str(error), "error")

    async def fetch_marks(self) -> None:
        """Find all conflicts anew, as where the file was replaced."""
        await self.look_again()
        self.conflict = None
        await self.go_on()

    # --- what it says ------------------------------------------------------------------------

    def show_all(self) -> None:
        """Show everything anew, as in another theme."""
        if self.session is not None:
            self.view.set_scheme(self.scheme)
            self.view.show_annotations(self._index)
            self.show_headline()
            self.show_status()
            self.show_versions()

    def show_headline(self) -> None:
        """Say which article this is, how much is decided and how much is left."""
        if self.session is None:
            return
        left = len(self.conflicts)
        self.headline.show(
            ((f" {self.session.document.title}", "strong"),),
            (
                (f"{shortened(self.wanted.gold)} · {self.decided:,} decided · ", "dim"),
                (f"{left:,} left ", "strong"),
            ),
        )

    def show_side(self) -> None:
        """There is no side pane here."""

    def show_versions(self) -> None:
        """Show what each annotator says, and what union, intersection and earlier decisions are."""
        conflict = self.conflict
        if conflict is None:
            self.versions.show("Nothing is left to decide.", ())
            return
        group = conflict.question.group
        place = f"Conflict {self.at + 1:,} of {len(self.conflicts):,}"
        lines = [self._of_annotator(conflict, name) for name in group.annotators]
        if len(group.members) > 1:
            label = group.members[0].annotation.label
            union = adjudication.union(group, label).runs
            lines.append(self._of_runs(UNION_KEY, "union", union))
            try:
                common = adjudication.intersection(group, label).runs
                lines.append(self._of_runs(INTERSECTION_KEY, "intersection", common))
            except AnnotationError:
                lines.append(Version(INTERSECTION_KEY, "intersection", words="nothing in common"))
        if conflict.question.earlier:
            kept = adjudication.kept(conflict.question.earlier)
            lines.append(self._of_runs("y", "decided before", kept.runs, kept.label, kept.note))
        self.versions.show(f"{place} · {', '.join(group.differences)}", lines)

    def _of_annotator(self, conflict: Conflict, name: str) -> Version:
        rank = self.state.annotators.index(name)
        key = ANNOTATOR_KEYS[rank] if rank < len(ANNOTATOR_KEYS) else ""
        member = conflict.question.group.of(name)
        if member is None:
            return Version(key, name)
        one = member.annotation
        line = self._of_runs(key, name, one.runs, one.label, one.note)
        has_focus = self.view.focused_id == one.annotation_id
        return Version(
            *(line.key, line.who, line.glyph, line.label, line.words, line.note, line.ink),
            has_focus,
        )

    def _of_runs(
        self, key: str, who: str, runs: tuple[Span, ...], label: str = "", note: str = ""
    ) -> Version:
        glyph = next((one.glyph for one in self.scheme.shown if one.name == label), "")
        words = quote_of(self.text, runs) if runs else ""
        return Version(key, who, glyph, label, words, note, self.inks.get(label, ""))

    def _status_left(self, here: list[Annotation]) -> tuple[Part, ...]:
        if self.waiting_label and not self.message:
            words = f"{self._whose} whose, 3 union, 4 intersection; esc not yet"
            return ((f" {self.waiting_label}, and where? {words}", "alert"),)
        if self.waiting_for_label is not None and not self.message:
            return ((" And which label? Press its letter; esc not yet", "alert"),)
        return super()._status_left(here)

    @property
    def _whose(self) -> str:
        """The keys of the annotators."""
        return " ".join(ANNOTATOR_KEYS[: len(self.state.annotators)])

    def _legend(self) -> tuple[Part, ...]:
        width = self.size.width
        if self.pending and self.mode is None:
            return legend.only_hints(self.keys.as_bound(legend.PENDING_IN_REVIEW, PREFIX), width)
        if self.is_saving or self.mode is not None:
            return super()._legend()
        is_selecting = self.selecting.anchor is not None or bool(self.kept)
        hints = legend.ADJUDICATION
        hints = legend.MARKING_ANEW if is_selecting else ((self._whose, "whose"), *hints)
        return legend.legend(self.scheme, self.inks, self.keys.as_bound(hints), width, HINTS_NEEDED)
