"""What each annotator says in a conflict, with the key that takes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text
from textual.widgets import Static

from annotui.domain.visible import visible

NAME_CELLS = 14
LABEL_CELLS = 14
LEAST_CELLS = 40
"""Cells of a line at least; where there are fewer the screen says that it is too small."""


@dataclass(frozen=True, slots=True)
class Version:
    """One line: the key, whose it is, glyph, label, words and note; without a label no mark.

    ``has_focus`` marks the line of the mark that is focused in the article.
    """

    key: str
    who: str
    glyph: str = ""
    label: str = ""
    words: str = ""
    note: str = ""
    ink: str = ""
    has_focus: bool = False


class Versions(Static):
    """The lines of a conflict under a heading; as many rows as there are lines."""

    DEFAULT_CSS = """
    Versions { height: auto; padding: 0 1; color: $foreground; background: $background; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)
        self._heading = ""
        self._lines: tuple[Version, ...] = ()

    def show(self, heading: str, lines: Sequence[Version]) -> None:
        """Show these lines."""
        if (heading, tuple(lines)) != (self._heading, self._lines):
            self._heading, self._lines = heading, tuple(lines)
            self.update(self._page())

    def on_resize(self) -> None:
        """Cut the words anew."""
        self.update(self._page())

    @property
    def text(self) -> str:
        """All that it says, for a test or a screen reader."""
        return self._page().plain

    def _page(self) -> Text:
        room = max(LEAST_CELLS, self.size.width - 2)
        page = Text(no_wrap=True)
        page.append(_cut(visible(self._heading, newline=" "), room), "bold")
        who = _widest((line.who for line in self._lines), NAME_CELLS)
        label = _widest((f"{x.glyph} {x.label}" for x in self._lines if x.label), LABEL_CELLS)
        for line in self._lines:
            page.append("\n")
            page.append_text(versions_line(line, room, who, label))
        return page


def _widest(names: Iterable[str], most: int) -> int:
    """The cells of the longest name, and no more than ``most``."""
    return min(most, max((cell_len(visible(name, newline=" ")) for name in names), default=0))


def versions_line(line: Version, room: int, who_cells: int, label_cells: int) -> Text:
    """A line of ``room`` cells, with columns of so many for name and label."""
    text = Text(no_wrap=True)
    text.append(f"{visible(line.key):>1} ", "bold")
    who = _padded(visible(line.who, newline=" "), who_cells)
    text.append(f"{who} ", "reverse" if line.has_focus else "")
    words = visible(line.words, newline=" ") or "no mark"
    if not line.label:
        text.append(middle_cut(words, room - text.cell_len), "dim")
        return text
    label = _padded(f"{visible(line.glyph)} {visible(line.label)}", label_cells)
    text.append(f"{label} ", f"bold {line.ink}".strip())
    note = f"  {visible(line.note, newline=' ')}" if line.note else ""
    left = room - text.cell_len
    text.append(middle_cut(words, left - min(cell_len(note), left // 3)), "italic")
    text.append(_cut(note, max(0, room - text.cell_len)), "dim")
    return text


def middle_cut(words: str, room: int) -> str:
    """Words that fit ``room`` cells, the middle left out: what counts are the edges."""
    words = " ".join(words.split())
    if cell_len(words) <= room:
        return words
    half = max(1, (room - 3) // 2)
    first, last = words[:half], words[-half:]
    while cell_len(first) > half:
        first = first[:-1]
    while cell_len(last) > half:
        last = last[1:]
    return f"{first} … {last}"


def _padded(text: str, cells: int) -> str:
    text = _cut(text, cells)
    return text + " " * (cells - cell_len(text))


def _cut(text: str, cells: int) -> str:
    if cell_len(text) <= cells:
        return text
    while text and cell_len(text) >= cells:
        text = text[:-1]
    return f"{text}…" if cells > 0 else ""
