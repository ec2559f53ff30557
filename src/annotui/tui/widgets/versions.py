"""What each annotator says in a conflict, with the key that takes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text
from textual.widgets import Static

from annotui.domain.visible import visible

NAME_CELLS = 14
LABEL_CELLS = 14


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
        room = max(20, self.size.width - 2)
        page = Text(_cut(visible(self._heading, newline=" "), room), "bold", no_wrap=True)
        for line in self._lines:
            page.append("\n")
            page.append_text(_line(line, room))
        return page


def _line(line: Version, room: int) -> Text:
    text = Text(no_wrap=True, style="")
    text.append(f"{visible(line.key):>1} ", "bold")
    who = _padded(visible(line.who, newline=" "), NAME_CELLS)
    text.append(f"{who} ", "reverse" if line.has_focus else "")
    if not line.label:
        text.append(visible(line.words, newline=" ") or "no mark", "dim")
        return text
    label = _padded(f"{visible(line.glyph)} {visible(line.label)}", LABEL_CELLS)
    text.append(f"{label} ", f"bold {line.ink}".strip())
    note = f"  {visible(line.note, newline=' ')}" if line.note else ""
    left = room - text.cell_len - 2
    words = visible(line.words, newline=" ")
    text.append(f"“{middle_cut(words, left - min(cell_len(note), left // 3))}”", "italic")
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
