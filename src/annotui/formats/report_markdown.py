"""The marked article as Markdown: numbered brackets in the text, and a table of the marks.

Whatever could be markup in the data is escaped; controls are made visible.
Source: CommonMark 0.31, 2.4 (any ASCII punctuation may be escaped).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import IO

from annotui.domain.visible import visible
from annotui.formats.exchange import Bundle, WriteOptions
from annotui.formats.report import Counts, Mark, numbered, pieces

_MARKUP = re.compile(
    r"([\\`*_\[\]<>&|~$@]|:(?=//)|(?<=www)\.|^[ \xa0]*[#+=-]|^[ \xa0]*\d+[.)])", re.MULTILINE
)
"""What starts markup: anywhere, in a bare address, or at the start of a line."""

_BLANK_LINES = re.compile(r"\n{2,}")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_EDGES = re.compile(r"^ +| +$", re.MULTILINE)


def write(bundles: Iterable[Bundle], out: IO[bytes], options: WriteOptions) -> None:
    """Write the documents, then what they hold together."""
    total, documents = Counts(), 0
    for bundle in bundles:
        documents += 1
        out.write("".join(_article(bundle)).encode("utf-8"))
        total.add(bundle.records)
    plural = "" if documents == 1 else "s"
    lines = ["## Altogether", "", f"{documents:,} article{plural}, {_told(total)}", ""]
    lines += ["| label | marks | what it is |", "|---|---|---|"]
    for label in options.labels:
        name = f"{_cell(label.glyph)} {_cell(label.name)}"
        lines.append(f"| {name} | {total.labels[label.name]:,} | {_cell(label.guideline)} |")
    out.write(("\n".join(lines) + "\n").encode("utf-8"))


def _article(bundle: Bundle) -> Iterator[str]:
    marks = numbered(bundle)
    counts = Counts()
    counts.add(bundle.records)
    yield f"# {_cell(bundle.title)}\n\n"
    told = [bundle.source, *(f"{name}: {value}" for name, value in bundle.metadata.items())]
    yield " · ".join([*(_cell(one) for one in told if one), _told(counts)]) + "\n\n"
    text = "".join(_marked(bundle.text or "", marks))
    paragraphs = _BLANK_LINES.split(text.strip("\n"))
    yield "\n\n".join(one.replace("\n", "\\\n") for one in paragraphs) + "\n\n"
    if marks:
        yield "| | label | words | note | by | review |\n|---|---|---|---|---|---|\n"
        yield from map(_row, marks)
        yield "\n"


def _marked(text: str, marks: list[Mark]) -> Iterator[str]:
    shown = _EDGES.sub(_kept, visible(text, tab=" ", newline="\n"))  # as long as the text
    for piece in pieces(shown, marks):
        yield "".join(f"{_number(mark)}⟧" for mark in piece.closing)
        yield "".join(f"⟦{_number(mark)}" for mark in piece.opening)
        yield _escaped(piece.text)


def _number(mark: Mark) -> str:
    return str(mark.number).translate(_RAISED)


def _kept(match: re.Match[str]) -> str:
    """Space at the edge of a line, which Markdown would drop or take for code."""
    return match[0].replace(" ", "\N{NO-BREAK SPACE}")


def _row(mark: Mark) -> str:
    one = mark.record
    review = one.status if one.status != "unreviewed" else ""
    review += f", {one.reviewer}" if one.reviewer else ""
    cells = (one.label, one.quote or "", one.note, one.annotator, review)
    return f"| {mark.number} | {' | '.join(map(_cell, cells))} |\n"


def _told(counts: Counts) -> str:
    parts = [f"{counts.marks:,} mark{'' if counts.marks == 1 else 's'}"]
    parts += [f"{count:,} by {_cell(name)}" for name, count in sorted(counts.annotators.items())]
    parts += [f"{count:,} {_cell(name)}" for name, count in sorted(counts.statuses.items())]
    return ", ".join(parts)


def _cell(text: str) -> str:
    """Text of one line; its line ends are spaces."""
    return _escaped(" ".join(visible(text, tab=" ", newline="\n").split()))


def _escaped(text: str) -> str:
    return _MARKUP.sub(lambda match: f"{match[0][:-1]}\\{match[0][-1]}", text)
