"""The articles of the keystroke benchmark, and the spans that an analyst would mark in them.

Written and marked for this, by meaning, before any search was run. In the files a span stands in
square brackets behind the letter of its label; fragments of one mark share a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from annotui.domain.span import Span

FOLDER = Path(__file__).parent / "keystroke_texts"
_BRACKET = re.compile(r"\[([acds])(\d*) |\]")
_ARTICLE_GAP = re.compile(r"\n\n(?=[^\n.!?”]+\n\n)(?![^\n]*\[)")
"""A headline has no full stop and no mark: an article begins there."""
CLASSES = ((1, 3), (4, 9), (10, 14), (15, 35))


@dataclass(frozen=True, slots=True)
class Target:
    """A mark to be made: its label's key and its runs in order."""

    key: str
    runs: tuple[Span, ...]
    words: int

    @property
    def length_class(self) -> str:
        """Which class of lengths (in words) it counts in; ``longer`` for the rest."""
        if len(self.runs) > 1:
            return "fragments"
        found = next((pair for pair in CLASSES if pair[0] <= self.words <= pair[1]), None)
        return "longer" if found is None else f"{found[0]}–{found[1]}"


@dataclass(frozen=True, slots=True)
class Article:
    """A text without the brackets, and its targets in the order of their ends."""

    text: str
    targets: tuple[Target, ...]


def articles() -> Iterator[Article]:
    """Every article of the folder."""
    for path in sorted(FOLDER.glob("*.txt")):
        for piece in _ARTICLE_GAP.split(path.read_text("utf-8").strip()):
            yield read_article(piece)


def read_article(marked: str) -> Article:
    """Take the brackets out of a text and keep where they stood."""
    text, position = "", 0
    open_spans: list[tuple[str, str, int]] = []
    runs: dict[tuple[str, str], list[Span]] = {}
    for match in _BRACKET.finditer(marked):
        text += marked[position : match.start()]
        position = match.end()
        if match[0] != "]":
            open_spans.append((match[1], match[2], len(text)))
            continue
        key, number, start = open_spans.pop()
        name = (key, number or f"at {start} to {len(text)}")
        runs.setdefault(name, []).append(Span(start, len(text)))
    text += marked[position:]
    targets = [
        Target(key, tuple(spans), sum(len(span.slice(text).split()) for span in spans))
        for (key, _), spans in runs.items()
    ]
    return Article(text + "\n", tuple(sorted(targets, key=lambda one: one.runs[-1].end)))
