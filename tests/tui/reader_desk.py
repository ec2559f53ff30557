"""A reader that is driven by keys, and databases for it to read."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from annotui.domain.annotation import Annotation
from annotui.domain.span import Span
from annotui.formats.plain_text import decode
from annotui.services import library, upkeep
from annotui.services.config import Config
from annotui.services.session import Session
from annotui.services.workspace import Workspace
from annotui.tui.app import ReaderApp
from annotui.tui.screens.reader import ReaderScreen

ARTICLE = (
    "Mayor denies secret plan\n"
    "\n"
    "The mayor said that 40 people left the town in May, but the paper disagrees. "
    "“That is not true,” she said.\n"
    "\n"
    "Prices rose by 3 per cent, the agency reported. Nobody was asked.\n"
)
OTHER_ARTICLE = "A second article\n\nThe river rose by two metres, the council said.\n"
PATIENCE_S = 15.0


def build(path: Path, texts: Sequence[str] = (ARTICLE,), annotator: str = "ann") -> list[str]:
    """Make a database with these texts; the answer is their ids."""
    workspace = Workspace(path, annotator)
    ids = [
        library.add_text(workspace, decode(text.encode(), "test.txt")).document_id for text in texts
    ]
    workspace.close()
    return ids


def mark(
    path: Path, quote: str, label: str = "claim", annotator: str = "ann", note: str = ""
) -> Annotation:
    """Store a mark on the first place with this text in the first document that has it."""
    workspace = Workspace(path, annotator)
    try:
        for document_id in library.document_ids(workspace):
            session = Session(workspace, library.document(workspace, document_id))
            start = session.document.text.find(quote)
            if start >= 0:
                span = Span(start, start + len(quote))
                return session.annotate([span], label, note).after[0]
    finally:
        workspace.close()
    raise AssertionError(f"{quote!r} is in no document")


def rows(path: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    """What plain sqlite3 reads from the file."""
    with closing(sqlite3.connect(path)) as db:
        return db.execute(query, values).fetchall()


def marks(path: Path) -> list[tuple[str, str, str]]:
    """Label, quote and annotator of every mark in the file, in the order of the text."""
    return rows(
        path,
        "SELECT label, quote, annotator FROM annotations ORDER BY document_id, start, end, id",
    )


def labelled(path: Path) -> list[tuple[str, str]]:
    """Label and quote of every mark."""
    return [(label, quote) for label, quote, _ in marks(path)]


def problems(path: Path) -> tuple[str, ...]:
    """What `annotui verify` finds."""
    workspace = Workspace(path, "nobody")
    try:
        return upkeep.verify(workspace).problems
    finally:
        workspace.close()


async def eventually(condition: Callable[[], object], what: str = "it") -> None:
    """Wait until ``condition`` holds."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"waited too long for {what}"
        await asyncio.sleep(0.005)


def key_event(key: str) -> events.Key:
    """The event of a key that is named as Textual names it, or given as a character."""
    if len(key) == 1:
        return events.Key(_character_to_key(key), key)
    characters = {"space": " ", "tab": "\t", "enter": "\r", "escape": "\x1b"}
    return events.Key(key, characters.get(key))


class Desk:
    """A reader under test: keys in, what it shows and what it stored out."""

    def __init__(self, app: ReaderApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot

    @property
    def path(self) -> Path:
        return self.app.scribe.path

    @property
    def screen(self) -> ReaderScreen:
        return next(one for one in self.app.screen_stack if isinstance(one, ReaderScreen))

    @property
    def view(self) -> Any:
        return self.screen.view

    @property
    def said(self) -> str:
        """What the status line says."""
        return self.screen.status.text

    async def sees_marks(self, count: int) -> None:
        """Look for what others wrote until so many marks are known.

        One look does nothing where the reader's own is under way.
        """
        async with asyncio.timeout(PATIENCE_S):
            while len(self.screen.marks.everybodys) != count:
                await self.screen.look_for_news()
                await asyncio.sleep(0.005)

    @property
    def notified(self) -> list[str]:
        """The notifications that are still shown."""
        return [one.message for one in self.app._notifications]

    @property
    def text(self) -> str:
        return self.screen.text

    @property
    def painted(self) -> list[tuple[str, str]]:
        """Label and quote of every mark that the article view was given to paint."""
        return [(one.label, one.quote) for one in self.view._index]

    @property
    def stored(self) -> list[tuple[str, str]]:
        return labelled(self.path)

    @property
    def selected(self) -> str:
        selection = self.view.selection
        return "" if selection is None else selection.slice(self.text)

    @property
    def focused(self) -> tuple[str, str] | None:
        found = self.screen.focused_mark
        return None if found is None else (found.label, found.quote)

    async def press(self, *keys: str) -> None:
        """Press keys one after the other; wait until all that each asked for is done."""
        for key in keys:
            self.app.post_message(key_event(key))
            await self.idle()

    async def type(self, text: str) -> None:
        """Press the keys of a text."""
        await self.press(*text)

    async def idle(self) -> None:
        """Wait until every message is handled and no change is on its way to the file."""
        for _ in range(2):
            await self.pilot._wait_for_screen()
            await self._reader_has_time()
            await eventually(lambda: not self.screen._is_writing, "a change to be stored")
        await self.pilot._wait_for_screen()

    async def handled(self) -> None:
        """Wait until every message is handled, whatever is still being stored."""
        for _ in range(3):
            await self.pilot._wait_for_screen()
            await self._reader_has_time()

    async def _reader_has_time(self) -> None:
        done = asyncio.Event()
        if self.screen.is_running and self.screen.call_later(done.set):
            await asyncio.wait_for(done.wait(), PATIENCE_S)

    async def go_to(self, quote: str) -> None:
        """Put the caret on the first place with this text, as a click would."""
        self.view.move_caret(self.text.index(quote), selection=None, focused_id="")
        self.screen.selecting = type(self.screen.selecting)()
        await self.idle()

    async def shows(self, kind: type) -> Any:
        """Wait for a dialog of this kind and give it."""
        await eventually(lambda: isinstance(self.app.screen, kind), kind.__name__)
        await self.pilot._wait_for_screen()
        return self.app.screen


@asynccontextmanager
async def reader(
    path: Path,
    annotator: str = "ann",
    *,
    document_ids: Sequence[str] = (),
    size: tuple[int, int] = (80, 24),
    opens: bool = True,
    config: Config | None = None,
) -> AsyncIterator[Desk]:
    """Run the reader on a file; with ``opens``, wait until its first document is there."""
    app = ReaderApp(path, annotator, document_ids, config)
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            desk = Desk(app, pilot)
            if opens:
                await eventually(
                    lambda: len(app.screen_stack) > 1 and desk.screen.session is not None,
                    "the article",
                )
                await desk.idle()
            yield desk
    finally:
        app.scribe.drain()
