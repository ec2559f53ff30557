"""The marked article as a page to read and print: one file, no scripts, nothing from elsewhere.

The text of an article is the text content of its ``<pre class="text">``, exactly; numbers and
glyphs of marks are made by the style sheet. A control that would turn the order of what follows
stands in a ``<bdi>`` of its own, which shows its name and ends what it begins.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from annotui.domain.label_scheme import Label
from annotui.domain.visible import visible
from annotui.formats.exchange import Bundle, WriteOptions
from annotui.formats.report import Counts, Mark, Piece, numbered, pieces

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_NO_COLOUR = "#808080"
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Embeddings, overrides and isolates. Source: Unicode Standard Annex 9, 2."""

_LANES = 6
"""Underlines that are told apart; a mark in a further lane shares the last."""

_HEAD = """<!DOCTYPE html>
<html lang="und">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Marked articles</title>
<style>
:root { --ground: #fdfcf9; --ink: #22211e; --quiet: #6b675f; --rule: #d9d4c7; %(colours)s }
@media (prefers-color-scheme: dark) {
:root { --ground: #1b1b1d; --ink: #e4e1da; --quiet: #9a958b; --rule: #3b3a38; %(lighter)s } }
body { background: var(--ground); color: var(--ink); margin: 0 auto; padding: 2rem 1.25rem 4rem;
  max-width: 44rem; font: 1.05rem/1.5 Georgia, "Noto Serif", serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 3rem 0 .3rem; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 2rem 0 .5rem; }
article + article { border-top: 1px solid var(--rule); }
.quiet, th { color: var(--quiet); font-size: .85rem; }
pre.text { font: inherit; line-height: 2.1; white-space: pre-wrap; overflow-wrap: anywhere;
  unicode-bidi: isolate; margin: 1.5rem 0; }
.m { border-bottom: 2px solid; -webkit-box-decoration-break: clone; box-decoration-break: clone;
  print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.m.rejected { border-bottom-style: dotted; }
.o, .e { text-decoration: none; color: inherit; white-space: nowrap; }
.o::before, .e::before { content: attr(data-n); font: .65rem/1 system-ui, sans-serif;
  vertical-align: super; color: var(--quiet); padding: 0 .1em; }
bdi.turn::before { content: attr(data-n); font: .65rem/1 system-ui, sans-serif;
  color: var(--quiet); border: 1px solid; border-radius: .2em; padding: 0 .2em; margin: 0 .1em; }
tr[id] td:nth-child(2) { min-width: 8rem; }
.k { display: inline-block; min-width: 1.3em; text-align: center; border-bottom: 3px solid; }
table { border-collapse: collapse; width: 100%%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem .35rem 0;
  border-bottom: 1px solid var(--rule); overflow-wrap: break-word; }
td { white-space: pre-wrap; unicode-bidi: isolate; }
td a { color: inherit; }
:target { outline: 2px solid var(--quiet); outline-offset: 2px; }
@media print { :root { --ground: #fff; --ink: #000; --quiet: #444; --rule: #bbb; %(colours)s }
body { max-width: none; padding: 0; font-size: 11pt; } tr { break-inside: avoid; }
article + article { break-before: page; border: 0; } }
</style>
</head>
<body>
"""


def write(bundles: Iterable[Bundle], out: IO[bytes], options: WriteOptions) -> None:
    """Write the documents, then what they hold together."""
    labels = {label.name: (number, label) for number, label in enumerate(options.labels)}
    colours = " ".join(f"--l{number}: {_colour(one)};" for number, one in labels.values())
    lighter = " ".join(
        f"--l{number}: color-mix(in srgb, {_colour(one)} 70%, white);"
        for number, one in labels.values()
    )
    _put(out, _HEAD % {"colours": colours, "lighter": lighter})
    total, documents = Counts(), 0
    for bundle in bundles:
        documents += 1
        _put(out, *_article(bundle, documents, labels))
        total.add(bundle.records)
    _put(out, '<footer>\n<h2>Altogether</h2>\n<p class="quiet">')
    _put(out, f"{documents:,} article{'' if documents == 1 else 's'}, {_told(total)}</p>\n")
    _put(out, *_legend(options.labels, total), "</footer>\n</body>\n</html>\n")


def _put(out: IO[bytes], *parts: str) -> None:
    for part in parts:
        out.write(part.encode("utf-8"))


_Labels = dict[str, tuple[int, Label]]


def _article(bundle: Bundle, number: int, labels: _Labels) -> Iterator[str]:
    marks = numbered(bundle)
    counts = Counts()
    counts.add(bundle.records)
    yield f'<article>\n<h1>{_shown(bundle.title)}</h1>\n<p class="quiet">'
    told = [bundle.source, *(f"{name}: {value}" for name, value in bundle.metadata.items())]
    yield " · ".join([*(_shown(one) for one in told if one), _told(counts)]) + "</p>\n"
    yield '<pre class="text">\n'  # a reader of HTML drops the first line end
    for piece in pieces(bundle.text or "", marks):
        yield from _piece(piece, number, labels)
    yield "</pre>\n"
    if marks:
        yield "<h2>Marks</h2>\n<table>\n<tr><th></th><th>label</th><th>words</th><th>note</th>"
        yield "<th>by</th><th>review</th></tr>\n"
        yield from (_row(mark, number, labels) for mark in marks)
        yield "</table>\n"
    yield "</article>\n"


def _piece(piece: Piece, document: int, labels: _Labels) -> Iterator[str]:
    """A stretch of text between two edges, with the numbers of the marks that end and begin."""
    for mark in piece.closing:
        yield f'<i class="e" data-n="{mark.number}⌟"></i>'
    for mark in piece.opening:
        place = f"{document}-{mark.number}"
        first = f' id="t{place}"' if mark.record.runs[0][0] == piece.first else ""
        name = _exact(f"{_glyph(mark, labels)}{mark.number}")
        yield f'<a class="o"{first} href="#m{place}" data-n="{name}"></a>'
    if not piece.text:
        return
    text = _TURNING.sub(_held, _exact(piece.text))
    if not piece.marks:
        yield text
        return
    ordered = sorted(piece.marks, key=lambda mark: mark.lane, reverse=True)
    for mark in ordered:  # a line below the text each, the first lane next to it
        kind = "m rejected" if mark.record.status == "rejected" else "m"
        lane = min(mark.lane, _LANES - 1)
        style = f"border-color: {_variable(mark, labels)}; padding-bottom: {3 * lane}px"
        if mark is ordered[-1]:
            innermost = _variable(piece.marks[-1], labels)
            style += f"; background-color: color-mix(in srgb, {innermost} 18%, transparent)"
        yield f'<span class="{kind}" style="{style}">'
    yield text + "</span>" * len(ordered)


def _row(mark: Mark, document: int, labels: _Labels) -> str:
    one, place = mark.record, f"{document}-{mark.number}"
    review = one.status if one.status != "unreviewed" else ""
    review += f", {one.reviewer}" if one.reviewer else ""
    key = f'<span class="k" style="border-color: {_variable(mark, labels)}">'
    cells = (
        f'<a href="#t{place}">{mark.number}</a>',
        f"{key}{_shown(_glyph(mark, labels))}</span> {_shown(one.label)}",
        *(_shown(text) for text in (one.quote or "", one.note, one.annotator, review)),
    )
    return f'<tr id="m{place}">{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>\n'


def _legend(labels: Sequence[Label], counts: Counts) -> Iterator[str]:
    yield "<table>\n<tr><th>label</th><th>marks</th><th>what it is</th></tr>\n"
    for number, label in enumerate(labels):
        key = f'<span class="k" style="border-color: var(--l{number})">{_shown(label.glyph)}</span>'
        yield (
            f"<tr><td>{key} {_shown(label.name)}</td><td>{counts.labels[label.name]:,}</td>"
            f"<td>{_shown(label.guideline)}</td></tr>\n"
        )
    yield "</table>\n"


def _told(counts: Counts) -> str:
    parts = [f"{counts.marks:,} mark{'' if counts.marks == 1 else 's'}"]
    parts += [f"{count:,} by {name}" for name, count in sorted(counts.annotators.items())]
    parts += [f"{count:,} {name}" for name, count in sorted(counts.statuses.items())]
    return ", ".join(_shown(part) for part in parts)


def _glyph(mark: Mark, labels: _Labels) -> str:
    found = labels.get(mark.record.label)
    return found[1].glyph if found else ""


def _variable(mark: Mark, labels: _Labels) -> str:
    found = labels.get(mark.record.label)
    return f"var(--l{found[0]})" if found else _NO_COLOUR


def _colour(label: Label) -> str:
    return label.colour if _COLOUR.fullmatch(label.colour) else _NO_COLOUR


def _exact(text: str) -> str:
    """Text that a reader of HTML gives back as it is."""
    return html.escape(text).replace("\r", "&#13;")


def _held(match: re.Match[str]) -> str:
    """A control that turns the order, with its name, where it turns nothing but itself."""
    return f'<bdi class="turn" data-n="U+{ord(match[0]):04X}">{match[0]}</bdi>'


def _shown(text: str) -> str:
    """Text beside the article, its controls made visible."""
    return html.escape(visible(text, tab="\t", newline="\n"))
