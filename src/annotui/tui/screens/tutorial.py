"""The reader with a coach: ten minutes on the seed article for the keys that matter."""

from __future__ import annotations

from concurrent.futures import Future

from textual.app import ComposeResult

from annotui.tui.actions import Action
from annotui.tui.lessons import LESSONS, Moment, with_keys
from annotui.tui.screens.document_actions import Opened
from annotui.tui.screens.reader import ReaderScreen
from annotui.tui.scribe import Scribe
from annotui.tui.widgets.coach import Coach

SKIP = "ctrl+n"


class TutorialScreen(ReaderScreen):
    """Everything that the reader does, and above the status line the next thing to learn."""

    invites = False

    def __init__(self, scribe: Scribe, first: Future[Opened | None]) -> None:
        super().__init__(scribe, first)
        self._rank = 0
        self._learnt = ""
        self._done: set[str] = set()
        self._began: Moment | None = None
        self.coach = Coach(id="coach")

    def compose(self) -> ComposeResult:
        """The reader's parts, with the coach between the article and the status line."""
        for part in super().compose():
            if part is self.status:
                yield self.coach
            yield part

    def _keep_place(self) -> None:
        """Leave no place behind: the file goes away."""

    def action_tutorial(self) -> None:
        """Begin it again."""
        self._rank = 0
        self._begin_step("", steps=0)

    async def press(self, key: str) -> None:
        """Skip a step, or do what the key means."""
        if key == SKIP:
            self._begin_step("")
            self.show_status()
        else:
            await super().press(key)

    async def perform(self, action: Action) -> None:
        """Do what ``action`` says, and remember that it was done."""
        self._done.add(action.action_id.partition(":")[0])
        await super().perform(action)

    def show_status(self) -> None:
        """See whether the goal is reached whenever something may have changed."""
        super().show_status()
        if self.session is None or self.is_saving or self.mode is not None:
            return
        now = self._moment()
        if self._began is None:
            self._begin_step("", steps=0)
        elif LESSONS[self._rank].reached(self._began, now):
            self._begin_step(LESSONS[self._rank].learnt)

    def _moment(self) -> Moment:
        return Moment(self.text, self.view.caret, tuple(self.marks.own), frozenset(self._done))

    def _begin_step(self, learnt: str, *, steps: int = 1) -> None:
        """Begin the next step; ``learnt`` is said of the one before."""
        self._rank = min(self._rank + steps, len(LESSONS) - 1)
        self._done.clear()
        self._began = self._moment()
        actions = self.keys.actions
        task = with_keys(LESSONS[self._rank].task, actions)
        self.coach.show(self._rank, len(LESSONS), with_keys(learnt, actions), task)
