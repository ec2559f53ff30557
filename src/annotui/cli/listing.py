"""list: which articles there are, and which have what is searched for."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

import click

from annotui.cli import output
from annotui.cli.settings import Command, Settings, takes_settings
from annotui.domain.visible import visible

if TYPE_CHECKING:
    from rich.text import Text

    from annotui.services.listing import Entry
    from annotui.storage.search import Hit

SHORT_ID = 12
"""Digits of a document's id in tables; six are enough to name it."""

LINES_AT_ONCE = 1_000

WIDE_CELLS = 100
"""Cells of a terminal from which the table has when and whence an article came, too."""

SORTS = ("added", "title", "source", "words", "marks", "relevance")

LIST_HELP = """List the documents and their marks by label.

--label, --annotator-is and --status choose documents with such marks, and only these are counted;
each may be repeated. --search finds words in titles, texts and notes, whatever their case and
accents: all words must be there, "some words" is a phrase, begin* the beginning of a word, -word
must lack. Below the table stands where it was found, and for a note the id of its mark; --limit
keeps the list of a frequent word short.

json is a list of objects with id, title, source, added_at, annotations (label: count) and status
(annotator: done, aside or in work); csv
has the columns id, title, source, added_at and one for each label. With --search json has hits
too, objects with where (title, text or note), snippet, start (an offset in the text) and
annotation (the mark's id); csv has the columns where, snippet, start and annotation, and a row
for each hit.

\b
Examples:
  annotui list --search '"tax plan" minist*'
  annotui list --label claim --status unreviewed --sort marks
  annotui list --source reuters --since 2024-05
"""


@click.command("list", cls=Command, help=LIST_HELP)
@click.option("--search", default="", metavar="WORDS", help="Documents in which this is found.")
@click.option("--label", "labels", multiple=True, metavar="NAME", help="With marks of this label.")
@click.option(
    "--annotator-is", "annotators", multiple=True, metavar="NAME", help="With marks by NAME.",
)  # fmt: skip
@click.option(
    "--status", "statuses", multiple=True,
    type=click.Choice(["unreviewed", "accepted", "rejected", "unsure"]),
    help="With marks of this review status.",
)  # fmt: skip
@click.option("--collection", default="", metavar="NAME", help="In this collection.")
@click.option("--source", default="", metavar="TEXT", help="Whose source has TEXT in it.")
@click.option("--since", default="", metavar="DATE", help="Added on this day (UTC) or later.")
@click.option(
    "--sort", type=click.Choice(SORTS), default=None,
    help="In which order; by default as added, and by relevance with --search.",
)  # fmt: skip
@click.option(
    "--limit", type=click.IntRange(min=1), default=None, metavar="N",
    help="At most N documents, the first of the order.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json"]), default="table",
    show_default=True, help="How to print it.",
)  # fmt: skip
@takes_settings
def list_documents(
    settings: Settings,
    search: str,
    labels: tuple[str, ...],
    annotators: tuple[str, ...],
    statuses: tuple[str, ...],
    collection: str,
    source: str,
    since: str,
    sort: str | None,
    limit: int | None,
    form: str,
) -> None:
    """Print documents."""
    from annotui.services import listing

    wanted = listing.Wanted(
        *(labels, annotators, statuses, collection, source, since, search, sort or "", limit)
    )
    with settings.looking() as workspace:
        entries = listing.entries(workspace, wanted)
        names = [label.name for label in workspace.scheme()]
        names += sorted({name for one in entries for name in one.annotations} - set(names))
        if not entries:
            is_chosen = wanted.chooses_marks or collection or source or since or search
            none = (
                "no such document"
                if is_chosen
                else "no documents yet; `annotui add PATH` takes one"
            )
            output.words(f"{settings.db} has {none}{'.' if is_chosen else ' in.'}")
        found = listing.hits(workspace, wanted, entries) if search else None
        if form == "json":
            told = ((one, None) for one in entries) if found is None else found
            output.json_list(_entry(one, names, hits) for one, hits in told)
        elif form == "csv":
            _print_csv(entries, names, found)
        elif entries:
            _print_table(entries, names)
            if found is not None:
                _print_hits(found)


def _facts(one: Entry) -> tuple[str, str, str, str]:
    document = one.document
    return document.document_id, document.title, document.source, document.added_at


def _entry(one: Entry, names: list[str], hits: list[Hit] | None) -> dict[str, object]:
    told: dict[str, object] = dict(
        zip(("id", "title", "source", "added_at"), _facts(one), strict=True)
    )
    told["annotations"] = {name: one.annotations.get(name, 0) for name in names}
    told["status"] = one.statuses
    if hits is not None:
        told["hits"] = [
            {
                "where": hit.where,
                "snippet": _plain(hit),
                "start": hit.place,
                "annotation": hit.annotation_id or None,
            }
            for hit in hits
        ]
    return told


def _print_csv(
    entries: list[Entry], names: list[str], found: Iterator[tuple[Entry, list[Hit]]] | None
) -> None:
    def row(one: Entry) -> list[object]:
        return [*_facts(one), *(one.annotations.get(name, 0) for name in names)]

    header = ["id", "title", "source", "added_at", *names]
    if found is None:
        output.csv_data(header, map(row, entries))
        return
    output.csv_data(
        [*header, "where", "snippet", "start", "annotation"],
        (
            [*row(one), hit.where, _plain(hit), hit.place, hit.annotation_id]
            for one, hits in found
            for hit in hits
        ),
    )


def _print_table(entries: list[Entry], names: list[str]) -> None:
    rows: list[list[str | int]] = []
    is_alone = len({name for one in entries for name in one.statuses}) < 2
    for one in entries:
        document_id, title, source, added_at = _facts(one)
        counts = [one.annotations.get(name, 0) for name in names]
        status = ", ".join(
            status if is_alone else f"{name} {status}" for name, status in one.statuses.items()
        )
        rows.append([document_id[:SHORT_ID], title, *counts, status, added_at[:10], source])
    heads = ["id", "title", *names, "status", "added", "source"]
    if output.is_terminal(sys.stdout) and output.width_cells() < WIDE_CELLS:
        heads, rows = heads[:-2], [row[:-2] for row in rows]
    elastic = [at for at in (1, len(names) + 2, len(names) + 4) if at < len(heads)]
    output.table(heads, rows, elastic=elastic)


def _print_hits(found: Iterator[tuple[Entry, list[Hit]]]) -> None:
    """Where it was found, with what was found lit on a terminal."""
    output.data("\n")
    lines = (_line_of(one, hit) for one, hits in found for hit in hits)
    if output.is_terminal(sys.stdout):
        output.styled(lines)
        return
    while some := list(islice(lines, LINES_AT_ONCE)):
        output.data("".join(f"{line.plain}\n" for line in some))


def _line_of(one: Entry, hit: Hit) -> Text:
    from rich.text import Text

    from annotui.domain.text_query import LIT, UNLIT

    line = Text(f"{one.document.document_id[:SHORT_ID]}  ", "dim")
    line.append(f"{hit.where}{f' {hit.annotation_id}' if hit.annotation_id else ''}: ")
    for number, part in enumerate(hit.snippet.split(LIT)):
        lit, _, rest = part.partition(UNLIT) if number else ("", "", part)
        line.append(visible(lit, newline=" "), "bold reverse")
        line.append(visible(rest, newline=" "))
    return line


def _plain(hit: Hit) -> str:
    from annotui.domain.text_query import LIT, UNLIT

    return hit.snippet.replace(LIT, "").replace(UNLIT, "")
