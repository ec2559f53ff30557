"""The one way in for every change, and the news of other programs' changes."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, Iterable
from inspect import isawaitable

from annotui.domain.annotation import Annotation
from annotui.domain.segment import Unit
from annotui.errors import AnnotuiError, BusyError, ConfigError, StaleError, UndoError
from annotui.services.history import BuiltOnError
from annotui.services.session import Outcome
from annotui.services.workspace import Workspace
from annotui.tui.key_table import reader_keys
from annotui.tui.screens.frame import Marks, ReaderFrame

PATIENCE_S = 0.5
"""How long a key waits for its change on a slow disk before the caret is let go on."""

GLANCE_S = 0.02
"""How often a key that waits looks whether another program's lock is the reason."""

LOOK_AGAIN_S = 0.5
"""How often the file is asked whether another program wrote to it."""

Then = Callable[[Outcome], Awaitable[None] | None]


class RecordingFrame(ReaderFrame):
    """Has changes stored and paints them once they are; nothing is painted before."""

    passing_over = ""
    """The change that undo or redo refused to reverse; a second press passes over it."""

    keys_pressed = 0
    _is_writing = False
    _is_looking = False
    _trouble = ""

    def warm_up(self) -> None:
        """Do before the first key what it would wait for; look for garbage from then on."""
        self.segmenter.at(Unit.CLAUSE, self.view.caret)
        gc.freeze()
        gc.enable()

    async def on_mount(self) -> None:
        """Look for other programs' changes from now on."""
        self.set_interval(LOOK_AGAIN_S, self._look_again)

    async def record(
        self,
        job: Callable[[Workspace], Outcome],
        change: str,
        then: Then | None = None,
        *,
        at_once: Callable[[Outcome], None] | None = None,
    ) -> None:
        """Have the scribe store a change, then paint it and do what comes ``then``.

        The write is done when this returns, so that the next key meets its outcome, unless
        another program holds the lock: then it goes on behind the keys that only move, and what
        comes then is left out if one was pressed; what is done ``at_once`` never is. ``change``
        names it in case it is not kept.
        """
        if self.refuses_while_saving():
            return
        self._is_writing = True
        afterwards = (then, at_once, self.keys_pressed)
        task = asyncio.ensure_future(self._record(job, change, *afterwards))
        began = time.monotonic()
        while self._is_writing and not (task.done() or self.scribe.is_waiting):
            if time.monotonic() - began > PATIENCE_S:
                break
            await asyncio.wait({task}, timeout=GLANCE_S)
        if self._is_writing and not task.done():
            self.is_saving = True
            self.show_status()
            # A bug in it must crash as loudly as it would have here.
            task.add_done_callback(lambda done: self.call_later(_end, done))
        else:
            await task

    def refuses_while_saving(self) -> bool:
        """Say that the change before is not stored yet, where that is so."""
        if self._is_writing:
            self.say("The change before this one is still being saved; esc gives it up.", "alert")
        return self._is_writing

    async def _record(
        self,
        job: Callable[[Workspace], Outcome],
        change: str,
        then: Then | None,
        at_once: Callable[[Outcome], None] | None,
        pressed: int,
    ) -> None:
        try:
            outcome = await self.scribe.write(job)
        except AnnotuiError as error:
            self._is_writing = self.is_saving = False
            await self._tell(error, change)
        else:
            if self.is_saving:
                self.message = ()
            self._is_writing = self.is_saving = False
            self.passing_over = ""
            self.take_in((*outcome.before, *outcome.after))
            if at_once is not None:
                at_once(outcome)
            if then is not None and pressed == self.keys_pressed:
                answer = then(outcome)
                if isawaitable(answer):
                    await answer
        self.show_status()

    async def _tell(self, error: AnnotuiError, change: str) -> None:
        """Say what was not kept; where a newer version is the reason, fetch it."""
        if isinstance(error, UndoError):
            self.passing_over = error.change_id if isinstance(error, BuiltOnError) else ""
            key = "u" if change == "undo" else "ctrl+r"
            hint = f" Press {key} once more to pass over it." if self.passing_over else ""
            self.say(f"{error}{hint}", "alert", whole=True)
            return
        if isinstance(error, StaleError):
            await self.look_for_news()
        self.say(f"{error} Not kept: {change}.", "error")

    def _look_again(self) -> None:
        # A worker, since a handler that waits for the scribe would hold up the keys.
        if not (self._is_looking or self._is_writing):
            self.run_worker(self.look_for_news(), group="news")
        if self.is_saving:
            self.show_status()

    async def look_for_news(self) -> None:
        """Show what other programs wrote since the last look."""
        session = self.session
        if session is None or self._is_looking:
            return
        self._is_looking = True
        try:
            news = await self.scribe.run(lambda _: session.news(), patience_s=0)
        except BusyError:
            return  # the next look will tell
        except AnnotuiError as error:
            if str(error) != self._trouble:
                self._trouble = str(error)
                self.say(self._trouble, "error")
            return
        finally:
            self._is_looking = False
        self._trouble = ""
        if news is None:
            await self.fetch_marks()
            self.say("The file was replaced by another one; all its marks were read anew.", "alert")
        elif session is self.session:
            self._take_scheme()
            self.take_in(news)
            if news:
                self.show_status()

    def newest_here(self, annotations: Iterable[Annotation]) -> dict[str, Annotation]:
        """Those of the open document by their ids, the last version given of each."""
        here = self.session.document.document_id if self.session is not None else ""
        return {one.annotation_id: one for one in annotations if one.document_id == here}

    def take_in(self, annotations: Iterable[Annotation]) -> None:
        """Put newer versions in the place of older ones and repaint just their rows."""
        newest = self.newest_here(annotations)
        if self.session is None or not newest:
            return
        self.marks, spans = self.marks.replaced(newest.values(), self.session.annotator)
        self.view.own_names = frozenset({self.session.annotator})
        self.view.show_annotations(self.index, spans)
        if self.view.focused_id and self.focused_mark is None:
            self.view.focused_id = ""
        self.show_headline()

    def _take_scheme(self) -> None:
        """Use the labels as another program or an undo has left them."""
        session = self.session
        if session is None or session.scheme is self.scheme:
            return
        self.scheme = session.scheme
        try:
            self.keys = reader_keys(self.scheme, self.config.keys)
        except ConfigError as error:
            self.say(f"The labels were changed. {error}", "error")
        else:
            self.say("The labels were changed; g ? shows what they mean.", "alert")
        self.show_all()

    async def fetch_marks(self) -> None:
        """Read all annotations of the open document anew."""
        session = self.session
        if session is not None:
            self.marks = await self.scribe.run(
                lambda _: Marks.of(session.annotations(), session.annotator)
            )
            self._take_scheme()
            self.show_all()


def _end(task: asyncio.Task[None]) -> None:
    if not task.cancelled():
        task.result()
