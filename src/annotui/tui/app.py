"""The application: a theme, a net against controls, a scribe, and one reader."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from textual import events
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.screen import Screen
from textual.widget import Widget

from annotui.domain.label_scheme import default_scheme
from annotui.domain.review_queue import Choice
from annotui.errors import AnnotuiError, ConfigError
from annotui.services import chosen_theme
from annotui.services.config import Config
from annotui.tui import typed_bytes
from annotui.tui.commands import ReaderCommands
from annotui.tui.key_table import reader_keys
from annotui.tui.safety import ControlFilter
from annotui.tui.screens.document_actions import read_first
from annotui.tui.screens.frame import ReaderFrame
from annotui.tui.screens.reader import ReaderScreen
from annotui.tui.screens.review import ReviewScreen
from annotui.tui.screens.review_opening import open_review
from annotui.tui.scribe import Scribe
from annotui.tui.themes import DARK, LIGHT, check_theme

LEFT_BY_SIGNAL = 128
"""Added to a signal's number, as shells do, for the exit code."""


ALT_KEY = re.compile(r"alt\+(?!(?:shift\+)?(?:left|right|up|down)$).+")
"""Keys that arrive as alt with a key and mostly are esc and a key."""

CRASHED = 1
"""The exit code of a reader that ended without being left."""

ENDS_WITHIN_S = 5.0
"""How long the app has to end by itself after an error."""

UPGRADE_TOLD_S = 20.0
"""How long the reader shows where an older file is kept."""

LEAVING_S = 6.0
"""How long leaving by a signal may take before the process ends itself."""


class ReaderApp(App[None]):
    """Reads the documents of one database file as one annotator."""

    TITLE = "annotui"
    CSS_PATH = "app.tcss"
    COMMANDS: ClassVar[set[Any]] = {ReaderCommands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "leave", "Quit", show=False, priority=True)
    ]

    def __init__(
        self,
        path: Path,
        annotator: str,
        document_ids: Sequence[str] = (),
        config: Config | None = None,
        *,
        reader: type[ReaderScreen] = ReaderScreen,
    ) -> None:
        super().__init__()
        self._reader = reader
        self.wants_tutorial = False
        self.config = config or Config()
        self.scribe = Scribe(path, annotator, is_blind=self.config.is_blind)
        self._begin(document_ids)
        self.failure: AnnotuiError | None = None
        self.offers_library = False
        self._control_filter = ControlFilter()
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        # Assigning the theme would parse all CSS a second time before the first paint.
        self.set_reactive(App.theme, self._first_theme())
        self._theme_at_start = self.theme
        self.stylesheet.set_variables(self.get_css_variables())

    def _begin(self, document_ids: Sequence[str]) -> None:
        """Ask for what the first screen shows while there is no event loop yet."""
        self._first: Future[Any] = self.scribe.begin(
            lambda workspace: read_first(workspace, document_ids)
        )

    def first_screen(self) -> ReaderFrame:
        """The screen that is shown first."""
        screen = self._reader(self.scribe, self._first)
        screen.offers_library = self.offers_library
        screen.queue_order = self.config.queue_order
        return screen

    def _first_theme(self) -> str:
        """The theme that was chosen in the reader, else the one that is set, else the dark one."""
        wanted = self.config.theme
        if wanted is not None:
            check_theme(wanted)
        set_theme = wanted.value if wanted is not None else ""
        chosen = chosen_theme.load(set_theme)
        return chosen if chosen in self.available_themes else set_theme or DARK.name

    def on_unmount(self) -> None:
        """Keep the theme for tomorrow, where another one was chosen."""
        if self.theme != self._theme_at_start:
            chosen_theme.save(self.theme, self.config.theme.value if self.config.theme else "")

    @property
    def _background_screens(self) -> list[Screen[Any]]:
        """The screens that show through the one on top: none where that covers them."""
        is_over = bool(self._screen_stack) and self.screen.is_modal
        return super()._background_screens if is_over else []

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters, with the net against controls first."""
        return [self._control_filter, *super().get_line_filters()]

    async def on_event(self, event: events.Event) -> None:
        """Take alt with a key for what it mostly is: esc, and another key soon after.

        A terminal sends both alike, and Textual tells them apart by time only. Alt with an arrow
        has bytes of its own.
        """
        if isinstance(event, events.Key) and ALT_KEY.fullmatch(event.key):
            await super().on_event(events.Key("escape", "\x1b"))
            event = events.Key(event.key.removeprefix("alt+"), event.character)
        await super().on_event(event)

    def on_mount(self) -> None:
        """Show the reader, and leave in good order when the terminal goes away."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            loop.add_signal_handler(number, self._leave_by_signal, number)
        loop.set_exception_handler(self._end_by_error)
        screen = self.first_screen()
        screen.config = self.config
        screen.side_pane = self.config.side_pane
        self.push_screen(screen)
        self.run_worker(self._tell_of_upgrade())

    def _end_by_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """End as with any other error where a callback of the loop fails.

        asyncio itself would note it where nobody looks, and go on.
        """
        error = context.get("exception")
        if "handle" not in context or not isinstance(error, Exception):
            loop.default_exception_handler(context)
            return

        def fail() -> None:
            raise error

        self.call_later(fail)

    def _handle_exception(self, error: Exception) -> None:
        """Begin the end, and see to it that it comes.

        A widget whose own loop was broken may never answer the screen that waits for it.
        """
        asyncio.get_running_loop().call_later(ENDS_WITHIN_S, self._end_by_force)
        super()._handle_exception(error)

    def _end_by_force(self) -> None:
        """Give the terminal back and leave at once, where the app has not ended by itself."""
        error = self._exception
        if self._driver is None or error is None or self.is_headless:
            return
        self._driver.stop_application_mode()
        self._driver.close()
        self.scribe.drain()
        sys.excepthook(type(error), error, error.__traceback__)
        sys.stderr.flush()
        os._exit(CRASHED)

    async def _tell_of_upgrade(self) -> None:
        with suppress(AnnotuiError):  # the reader tells of it
            await self.scribe.answer(self._first)
        if self.scribe.upgrade_told:
            self.notify(self.scribe.upgrade_told, timeout=UPGRADE_TOLD_S, markup=False)

    def pop_screen(self) -> AwaitComplete:
        """Close the screen on top and let go of it.

        Textual would keep the screen for its theme, and all that its widgets have painted.
        """
        closed = self.screen
        answer = super().pop_screen()
        self.theme_changed_signal.unsubscribe(closed)
        for widget in closed.walk_children(Widget, with_self=True):
            widget.refresh()
            if widget.show_vertical_scrollbar:
                widget.vertical_scrollbar.refresh()
        return answer

    def on_reader_frame_failed(self, message: ReaderFrame.Failed) -> None:
        """Leave because of an error that the reader cannot go on with; :func:`read` raises it."""
        self.failure = message.error
        self.exit(return_code=1)

    def on_document_actions_tutorial_wanted(self) -> None:
        """Leave for the tutorial; :func:`read` opens the reader again after it."""
        self.wants_tutorial = True
        self.exit(return_code=0)

    async def action_leave(self) -> None:
        """Quit from wherever the reader is."""
        self.exit()

    def _leave_by_signal(self, number: int) -> None:
        # A terminal that is gone can block Textual's last words for ever; all changes are stored.
        last_resort = threading.Timer(LEAVING_S, os._exit, (LEFT_BY_SIGNAL + number,))
        last_resort.daemon = True
        last_resort.start()
        self.exit(return_code=LEFT_BY_SIGNAL + number)


class ReviewApp(ReaderApp):
    """Reviews marks: those that were chosen, else where the session before was left."""

    def __init__(
        self, path: Path, annotator: str, choice: Choice | None, config: Config | None = None
    ) -> None:
        self._choice = choice
        super().__init__(path, annotator, (), config)

    def _begin(self, document_ids: Sequence[str]) -> None:
        choice = self._choice
        self._first = self.scribe.begin(lambda workspace: open_review(workspace, choice))

    def first_screen(self) -> ReaderFrame:
        """The review."""
        return ReviewScreen(self.scribe, self._first)


def review(path: Path, annotator: str, choice: Choice | None, config: Config | None = None) -> int:
    """Run a review until it is left; the answer is the exit code.

    Raises:
        AnnotuiError: as :func:`read`, or when there is nothing to review.
    """
    return run(ReviewApp(path, annotator, choice, config))


def read(
    path: Path, annotator: str, document_ids: Sequence[str] = (), config: Config | None = None
) -> int:
    """Run the reader until it is left, and the tutorial in between where that is asked for.

    Returns:
        The exit code.

    Raises:
        AnnotuiError: when the file could not be opened, or the last change could not be stored;
            the terminal is as it was before.
    """
    while True:
        app = ReaderApp(path, annotator, document_ids, config)
        app.offers_library = not document_ids
        answer = run(app)
        if not app.wants_tutorial:
            return answer
        answer = learn(annotator, config)
        if answer:
            return answer


def learn(annotator: str, config: Config | None = None) -> int:
    """Run the tutorial on a file of its own, which is gone afterwards; the exit code.

    Raises:
        AnnotuiError: when that file cannot be made or written.
    """
    from annotui.services.tutorial import practice_file
    from annotui.tui.screens.tutorial import TutorialScreen

    config = _fitting(config or Config())
    with tempfile.TemporaryDirectory(prefix="annotui-") as folder:
        path = practice_file(Path(folder), annotator)
        return run(ReaderApp(path, annotator, (), config, reader=TutorialScreen))


def _fitting(config: Config) -> Config:
    """The config with its keys where they leave those of the tutorial's labels alone."""
    try:
        reader_keys(default_scheme(), config.keys)
    except ConfigError:
        return replace(config, keys=())
    return config


def run(app: ReaderApp) -> int:
    """Run an app until it is left; the answer is the exit code.

    Raises:
        AnnotuiError: as :func:`read`.
    """
    typed_bytes.use()
    try:
        app.run()
    finally:
        unsaved = app.scribe.drain()
    failure = app.failure or unsaved
    if failure is not None:
        raise failure
    if app.return_code is None:
        return CRASHED
    return app.return_code
