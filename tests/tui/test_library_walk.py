"""Random keys, clicks, pastes and sizes in the library: rows fit, counts are plain sqlite3's."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from reader_desk import Desk, build, eventually, mark, reader, rows
from rich.cells import cell_len
from textual import events

from annotui.domain.text_query import folded
from annotui.domain.visible import visible
from annotui.services import collections, queue
from annotui.services.workspace import Workspace
from annotui.tui.screens.dialogs import ChoiceScreen, PageScreen
from annotui.tui.screens.library import LibraryScreen
from annotui.tui.screens.reader import ReaderScreen

STEPS = 200
SIZES = ((80, 24), (120, 40), (60, 16), (41, 9), (200, 60), (3, 2), (100, 30))
WORDS = ("river", "plan", "Ärger", "東京", "tax", "qqq", "the")
MOVES = ("j", "k", "down", "up", "space", "pageup", "g", "G", "ctrl+d", "ctrl+u", "end")
OTHERS = (*"sS123456789oocCDWDW?", "ctrl+l", "x", *["escape"] * 4, "enter")


def library(path: Path) -> None:
    """Forty articles with marks, notes, statuses and a collection."""
    chance = random.Random(7)
    texts = [
        f"{chance.choice(WORDS)} {chance.choice(WORDS)} {number}\n\nThe {chance.choice(WORDS)} "
        f"{'👩‍👩‍👧 ' * (number % 3)}rose.\n\u202eNo {number}.\n"
        for number in range(40)
    ]
    ids = build(path, texts)
    mark(path, "No 3.", note="Tax doubts")
    mark(path, "No 17.", "denial", annotator="bob", note="the río")
    workspace = Workspace(path, "ann")
    collections.create(workspace, "River")
    collections.put_in(workspace, "River", ids[:12])
    for number, status in ((1, "done"), (2, "aside"), (5, "done")):
        queue.set_status(workspace, ids[number], next(s for s in queue.SETTABLE if s == status))
    workspace.close()


class Shelf:
    """What plain ``sqlite3`` says that a view of the library holds, for the annotator ``ann``."""

    def __init__(self, path: Path) -> None:
        self.documents = {
            one: (title, source, text)
            for one, title, source, text in rows(
                path, "SELECT id, title, source, text FROM document WHERE removed = 0"
            )
        }
        self.notes = rows(path, "SELECT document_id, note FROM annotations WHERE note <> ''")
        begun = rows(path, "SELECT DISTINCT document_id FROM annotations WHERE annotator = 'ann'")
        in_work = dict.fromkeys((one for (one,) in begun), "in work")
        said = dict(
            rows(
                path,
                "SELECT document_id, status FROM document_status WHERE removed = 0 ORDER BY id",
            )
        )
        self.status = {
            one: said[one] if said.get(one) in ("done", "aside") else in_work.get(one, "new")
            for one in self.documents
        }
        self.collected = {
            one
            for (one,) in rows(
                path, "SELECT document_id FROM collection_document WHERE removed = 0"
            )
        }

    def has(self, one: str, words: str, search: str) -> bool:
        """Whether a filter and a search let a document through."""
        title, source, text = self.documents[one]
        if not all(word in folded(f"{title}\n{source}") for word in folded(words).split()):
            return False
        *whole, last = folded(search).split() or [""]
        if search.endswith(" "):
            whole, last = [*whole, *last.split()], ""  # no word may still grow
        for told in (f"{title}\n{text}", *(note for of, note in self.notes if of == one)):
            tokens = re.findall(r"\w+", folded(told))
            if all(word in tokens for word in whole) and any(
                token.startswith(last) for token in tokens
            ):
                return True
        return False

    def told(self, screen: LibraryScreen) -> dict[str, str]:
        """The ids that a view lets through, and their statuses."""
        view = screen.shown_view
        statuses = {"left": {"new", "in work"}}.get(view.shown, {view.shown})
        return {
            one: self.status[one]
            for one in self.documents
            if self.has(one, view.words, view.search)
            and (not view.collection or one in self.collected)
            and (not view.shown or self.status[one] in statuses)
        }


def told(screen: LibraryScreen) -> dict[str, str]:
    """The ids and statuses that a library shows."""
    return {one.document.document_id: one.status for one in screen.table.entries.values()}


class Walk:
    """Does random things in the library of a desk and asserts after each that it is in order."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk, self.chance = desk, random.Random(seed)
        self.recent: list[str] = []
        self.counted = 0

    async def go(self, steps: int) -> None:
        for _ in range(steps):
            try:
                screen = await self._library()
                await self._do_something(screen)
                await self._check()
            except BaseException as error:
                error.add_note(f"the last ones: {self.recent[-25:]}")
                raise

    async def _library(self) -> LibraryScreen:
        """The library; opened again where a key led out of it."""
        while not isinstance(screen := self.desk.app.screen, LibraryScreen):
            await self.desk.press("ctrl+o" if isinstance(screen, ReaderScreen) else "escape")
        return screen

    async def _do_something(self, screen: LibraryScreen) -> None:
        chance, roll = self.chance, self.chance.random()
        if roll < 0.05 or (screen.has_class("too-small") and roll < 0.4):
            size = chance.choice(SIZES)
            self.recent.append(f"resize {size}")
            await self.desk.pilot.resize_terminal(*size)
        elif roll < 0.07:
            self.recent.append("paste")
            hostile = "" if screen.typing is not None else "\x1b[31m\u202e"
            self.desk.app.post_message(events.Paste(f"Pasted\r\nthe plan {hostile}\n"))
        elif roll < 0.12:
            width, height = self.desk.app.size
            where = chance.randrange(width), chance.randrange(height)
            self.recent.append(f"click {where}")
            await self.desk.pilot.click(offset=where, times=chance.choice((1, 1, 2)))
        else:
            await self._press(*self._keys(screen))

    def _keys(self, screen: LibraryScreen) -> tuple[str, ...]:
        chance = self.chance
        if screen.typing is not None:
            if screen.typing.what in ("filter", "search") and chance.random() < 0.5:
                return (*chance.choice(WORDS)[: chance.randint(1, 5)],)
            return (chance.choice(("backspace", "enter", "escape", "space", "down", "ctrl+w")),)
        if chance.random() < 0.15:
            return ("/",) if chance.random() < 0.5 else ("f",)
        return (chance.choice((*MOVES, *OTHERS)),)

    async def _press(self, *keys: str) -> None:
        for key in keys:
            self.recent.append(key)
            await self.desk.press(key)
            screen = self.desk.app.screen
            if isinstance(screen, ChoiceScreen | PageScreen):
                await self.desk.press(self.chance.choice(("j", "enter", "escape")))

    async def _check(self) -> None:
        desk = self.desk
        await desk.app.workers.wait_for_complete()
        screen = desk.app.screen
        if not isinstance(screen, LibraryScreen):
            return
        await desk.pilot._wait_for_screen()
        await eventually(lambda: screen._is_there.is_set(), "the library")
        table = screen.table
        await eventually(lambda: len(table.entries) == table.count, "its rows")
        for widget in (table, screen.head, screen.headline, screen.status, screen.legend):
            width, height = widget.size
            for y in range(height):
                strip = widget.render_line(y)
                drawn = sum(cell_len(segment.text) for segment in strip)
                assert (strip.cell_length, drawn) == (width, width), (widget, y, strip.text)
                assert visible(strip.text) == strip.text
        await eventually(lambda: told(screen) == Shelf(desk.path).told(screen), "what is stored")
        stored = Shelf(desk.path)
        wanted = stored.told(screen)
        assert table.count == len(wanted)
        of = "" if screen.shown_view.takes_all else f" of {len(stored.documents)}"
        count = "".join(text for text, _ in screen._count_words())
        assert count.startswith(f"{len(wanted)}{of} article")
        assert 0 <= table.current < max(1, table.count)
        self.counted += 0 < len(wanted) < len(stored.documents)


@pytest.mark.parametrize("seed", [1, 2])
async def test_random_keys_leave_the_library_in_order(database: Path, seed: int) -> None:
    library(database)
    async with reader(database) as desk:
        walk = Walk(desk, seed)
        await walk.go(STEPS)
        assert walk.counted > STEPS / 25
