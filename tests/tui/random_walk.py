"""Random keys, clicks, pastes and sizes on a reader, and what must hold after each of them."""

from __future__ import annotations

import random
from collections import Counter
from functools import cache

from reader_desk import Desk, rows
from rich.cells import cell_len
from textual import events
from wcwidth import iter_graphemes

from annotui.tui.actions import ACTIONS
from annotui.tui.key_table import arrival

LEAVES_OR_WRITES_FILES = {"quit", "export", "copy", "copy_source", "commands"}
SIZES = ((70, 20), (3, 2), (120, 40), (60, 16), (33, 9), (300, 100), (1, 1), (80, 24))
PASTES = ("words", "\x1b[31mred\x1b[0m", "👩‍👩‍👧\u0301\n", "\u202ex" * 9, "a" * 300)
LABELS = "cdsa1234"
PLAIN = ("escape", "enter", "backspace", "tab", "up", "down", "space", "ctrl+u", "ctrl+w", "]")


def every_key() -> list[str]:
    """The keys of the table, special ones as they arrive, chords as their parts."""
    return [
        arrival(part)
        for action in ACTIONS
        if action.action_id not in LEAVES_OR_WRITES_FILES
        for keys in action.keys
        for part in keys.split(" ")
    ]


@cache
def grapheme_edges(text: str) -> frozenset[int]:
    """Every offset (code points) at which a caret may stand."""
    edges, end = {0}, 0
    for grapheme in iter_graphemes(text):
        end += len(grapheme)
        edges.add(end)
    return frozenset(edges)


class Walk:
    """Presses random keys on a desk and asserts, after each, that the reader is in order."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk = desk
        self.chance = random.Random(seed)
        self.typed: Counter[str] = Counter()
        self.recent: list[str] = []
        self._keys = every_key()
        self._letters = "asdfjklghqwertyuiop"

    async def go(self, steps: int) -> None:
        """Do ``steps`` random things."""
        for step in range(steps):
            try:
                await self._do_something()
                self.check_caret()
                if step % 10 == 0:
                    self.check_rows()
                if step % 50 == 49:
                    self.check_stored()
            except Exception as error:
                error.add_note(f"after {step} steps; the last ones: {self.recent[-25:]}")
                raise

    async def _do_something(self) -> None:
        chance, roll = self.chance, self.chance.random()
        if roll < (0.2 if self.desk.screen.is_too_small else 0.01):
            size = chance.choice(SIZES)
            self._note(f"resize {size}")
            await self.desk.pilot.resize_terminal(*size)
        elif roll < 0.015:
            pasted = chance.choice(PASTES)
            self._note(f"paste {pasted!r}")
            self.desk.app.post_message(events.Paste(pasted))
        elif roll < 0.03:
            await self._use_mouse()
        else:
            await self._press(self._key())
        await self.desk.idle()

    def _key(self) -> str:
        """A key; mostly letters while a mode or a dialog wants them."""
        chance, screen = self.chance, self.desk.screen
        is_asking = screen.mode is not None or self.desk.app.screen is not screen
        if is_asking and chance.random() < 0.6:
            return chance.choice(self._letters)
        if is_asking and chance.random() < 0.5:
            return chance.choice(("escape", "enter"))
        return chance.choice([*self._keys, *LABELS * 3, *PLAIN, *"v+-&fm/"])

    async def _press(self, key: str) -> None:
        if key == "q" and self.desk.app.screen is self.desk.screen:
            return
        self._note(key)
        await self.desk.press(key)

    async def _use_mouse(self) -> None:
        width, height = self.desk.app.size
        where = (self.chance.randrange(width), self.chance.randrange(height))
        self._note(f"mouse {where}")
        if self.chance.random() < 0.5:
            await self.desk.pilot.click(offset=where, times=self.chance.choice((1, 1, 2, 3)))
        else:
            to = (self.chance.randrange(width), self.chance.randrange(height))
            await self.desk.pilot.mouse_down(offset=where)
            await self.desk.pilot.hover(offset=to)
            await self.desk.pilot.mouse_up(offset=to)

    def _note(self, what: str) -> None:
        self.typed[what] += 1
        self.recent.append(what)

    def check_caret(self) -> None:
        """The caret and the selection's edges stand between graphemes of the text."""
        view, text = self.desk.view, self.desk.text
        edges = grapheme_edges(text)
        assert view.caret in edges, (view.caret, text[max(0, view.caret - 9) : view.caret + 9])
        if view.selection is not None:
            assert view.selection.end <= len(text)

    def check_rows(self) -> None:
        """No row is wider, or narrower, than the view; what is handed out is what is drawn."""
        view, marks = self.desk.view, self.desk.screen.list
        for shown in (view, marks):
            width, height = shown.size
            lines = shown.render_lines(shown.outer_size.region)[:height]
            drawn_now = [shown.render_line(y).text for y in range(height)]
            assert [strip.crop(0, width).text for strip in lines] == drawn_now
        width, height = view.size
        for y in range(height):
            strip = view.render_line(y)
            assert strip.cell_length == width, (y, strip.cell_length, width)
            drawn = sum(cell_len(segment.text) for segment in strip)
            assert drawn == width, (y, drawn, strip.text)

    def check_stored(self) -> None:
        """What is painted is what plain ``sqlite3`` finds in the file, with quotes that fit."""
        desk = self.desk
        here = desk.screen.session.document.document_id
        shown = desk.screen.shown_other or desk.screen.session.annotator
        found = rows(
            desk.path,
            "SELECT label, quote, start, end, fragments FROM annotations WHERE document_id = ? "
            "AND (? OR annotator = ?)",
            here,
            desk.screen.shows_others,
            shown,
        )
        assert sorted((label, quote) for label, quote, *_ in found) == sorted(desk.painted)
        for _, quote, start, end, fragments in found:
            if not fragments or fragments == "[]":
                assert desk.text[start:end] == quote
