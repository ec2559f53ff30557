"""Tags over the text: letters that lead to any word, or to any mark, of the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from annotui.domain.span import Span
from annotui.tui.legend import Hints
from annotui.tui.modes.mode import Mode, ModeHost
from annotui.tui.widgets.bar import Part
from annotui.tui.widgets.overlays import Tag

LETTERS = "asdfjklghqweruiopzxcvbnmty"
"""The letters of tags, the easiest first."""


class Target(NamedTuple):
    """A place that a tag leads to: where its letters are drawn, its span, and a mark's id."""

    drawn_at: int
    span: Span
    annotation_id: str = ""


@cache
def _pairs() -> tuple[str, ...]:
    """All tags of two letters, the easiest first."""
    places = range(len(LETTERS))
    pairs = sorted(((a + b, a, b) for a in places for b in places), key=lambda one: one[0])
    return tuple(LETTERS[a] + LETTERS[b] for _, a, b in pairs)


def tag_letters(count: int) -> list[str]:
    """``count`` tags, the easiest first, of which none begins another.

    Two letters each; where that is too few, as many of three as are needed.
    """
    two = _pairs()
    if count <= len(two):
        return list(two[:count])
    kept = max(0, (len(two) * len(LETTERS) - count) // (len(LETTERS) - 1))
    three = [pair + letter for pair in two[kept:] for letter in LETTERS]
    return [*two[:kept], *three][:count]


class HintMode(Mode):
    """Shows a tag for each target until one is chosen; ``esc`` leaves all as it was."""

    hints: Hints = (("a–z", "the letters of a tag"), ("backspace", "one back"), ("esc", "leaves"))

    def __init__(
        self,
        reader: ModeHost,
        what: str,
        targets: Sequence[Target],
        chosen: Callable[[Target], bool],
    ) -> None:
        """``chosen`` is told the target; it answers whether another one is wanted."""
        super().__init__(reader)
        self._what, self._chosen = what, chosen
        caret = reader.view.caret
        nearest = sorted(range(len(targets)), key=lambda one: abs(targets[one].drawn_at - caret))
        letters = sorted(zip(nearest, tag_letters(len(nearest)), strict=True))
        self._tags = {tag: targets[one] for one, tag in letters}
        self._typed = ""
        self._show()

    async def press(self, key: str) -> bool:
        """Take a letter of a tag."""
        if key == "escape":
            self.reader.leave_mode()
        elif key == "backspace":
            self._typed = self._typed[:-1]
            self._show()
        else:
            self._take(key.lower())
        return True

    def _take(self, letter: str) -> None:
        typed = self._typed + letter
        if len(letter) != 1 or not any(tag.startswith(typed) for tag in self._tags):
            self.reader.say("No tag goes on like that; esc leaves.", "alert")
            return
        self._typed = typed
        target = self._tags.get(typed)
        if target is None:
            self._show()
        elif self._chosen(target):
            self._typed = ""
            self._what = "the other end"
            self._show()
        elif self.reader.mode is self:
            self.reader.leave_mode()

    def _show(self) -> None:
        typed = self._typed
        tags = tuple(
            Tag(target.drawn_at, letters, len(typed))
            for letters, target in self._tags.items()
            if letters.startswith(typed)
        )
        self.reader.view.overlays = replace(self.reader.view.overlays, tags=tags)

    def status(self) -> tuple[Part, ...]:
        """What the letters lead to."""
        return ((" TAGS ", "alert"), (f" {self._what}: {self._typed}…", ""))

    def left(self) -> None:
        """Take the tags away."""
        self.reader.view.overlays = replace(self.reader.view.overlays, tags=())
