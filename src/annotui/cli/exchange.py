"""export: annotations out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotui.cli import output
from annotui.cli.settings import Command, Settings, file_name, takes_database, takes_settings
from annotui.domain.offset_unit import OffsetUnit
from annotui.formats import registry

if TYPE_CHECKING:
    from rich.console import RenderableType

STATUSES = ("unreviewed", "accepted", "rejected", "unsure")

EXPORT_HELP = """Write annotations as CSV or in another format.

CSV has one annotation a row, offsets in code points (start from 0, end not included). RFC 4180,
UTF-8, CRLF. The columns are id, document_id, document, label, start, end, quote, note, annotator,
status, reviewer, line, fragments, created_at and updated_at; rows are in the order of document
title, document id, start, end, id. Each option that selects may be repeated.

--as decided gives each mark the label and span that its newest decision says, in every format;
--label then means that label. Rejected marks are there too, with their status and reviewer.

-o writes beside the file and renames, so an interrupted export leaves the old one whole. --excel
adds a byte order mark and an apostrophe wherever a spreadsheet could take text for a formula, in
a way that can be undone; without it nothing is altered.

\b
Examples:
  annotui export -o marks.csv
  annotui export --as decided --status accepted -o reviewed.csv
  annotui export --label claim --label denial --document 6f0c9d > claims.csv
  annotui export --format brat -o corpus
"""


@click.command("export", cls=Command, help=EXPORT_HELP)
@click.option(
    "--format", "form", type=click.Choice([one.name for one in registry.writable()]),
    default="csv", show_default=True, help="What to write; `annotui formats` says more.",
)  # fmt: skip
@click.option(
    "--offsets", "unit", type=click.Choice(list(map(str, OffsetUnit))), default="codepoint",
    show_default=True, help="What offsets count; the columns are then called utf16_start …",
)  # fmt: skip
@click.option(
    "-o",
    "--output",
    "target",
    callback=file_name,
    metavar="PATH",
    help="The file or folder; else standard output.",
)
@click.option("--document", "documents", multiple=True, metavar="DOCUMENT", help="Only this one.")
@click.option("--label", "labels", multiple=True, metavar="LABEL", help="Only this label.")
@click.option(
    "--annotator", "annotators", multiple=True, metavar="NAME", help="Only this annotator's."
)
@click.option(
    "--status", "statuses", multiple=True, type=click.Choice(STATUSES),
    help="Only with this decision; without --status rejected ones are included.",
)  # fmt: skip
@click.option(
    "--as", "version", type=click.Choice(["marked", "decided"]), default="marked",
    show_default=True, help="The annotator's label and span, or the reviewer's.",
)  # fmt: skip
@click.option("--excel", is_flag=True, help="Make it safe and readable for spreadsheets.")
@takes_database
def export(
    settings: Settings,
    form: str,
    unit: str,
    target: str | None,
    documents: tuple[str, ...],
    labels: tuple[str, ...],
    annotators: tuple[str, ...],
    statuses: tuple[str, ...],
    version: str,
    excel: bool,
) -> None:
    """Write the annotations that pass every filter."""
    from annotui.services import interchange, library

    with settings.reading() as workspace:
        wanted: interchange.Wanted = {
            "form": form,
            "document_ids": [library.find(workspace, document) for document in documents],
            "labels": labels,
            "annotators": annotators,
            "statuses": statuses,
            "excel": excel,
            "unit": OffsetUnit(unit),
            "as_decided": version == "decided",
        }
        if target is None or target == "-":
            written = interchange.export(workspace, **wanted)
            output.copy(written.file)
            counts = written.counts
            where = "" if output.is_terminal(sys.stdout) else " to standard output"
        else:
            counts = interchange.export_to(workspace, Path(target), **wanted)
            where = f" to {target}"
    rejected = "" if statuses else f", {counts.rejected:,} of them rejected"
    output.words(f"Wrote {output.counted(counts.rows, 'annotation')}{where}{rejected}.")


FORMATS_HELP = """List the formats and what each one loses.

An import of an export brings back all but what its line says is lost; the last line is what no
format holds. json is a list of objects with name, title, suffix, reads, writes, folder, offsets,
extra, loses and remark.
"""


@click.command("formats", cls=Command, help=FORMATS_HELP)
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "markdown"]), default="table",
    show_default=True, help="How to print them.",
)  # fmt: skip
@takes_settings
def formats(_settings: Settings, form: str) -> None:
    """Print the table of formats."""
    if form == "json":
        output.json_data([_entry(one) for one in registry.FORMATS])
        return
    if form == "markdown":
        output.data(formats_as_markdown())
        return
    output.styled(_described())


def _described() -> Iterator[RenderableType]:
    """Each format as a line of its name, suffix and use, and what it is and loses below."""
    from rich.padding import Padding
    from rich.text import Text

    for one in registry.FORMATS:
        able = [word for word, can in (("export", one.writes), ("import", one.reads)) if can]
        suffix = f"a folder with {one.suffix} files" if one.is_folder else one.suffix
        yield Text.assemble((one.name, "bold"), f"  {suffix}  {', '.join(able)}")
        lost = "; ".join(one.loses) or "nothing"
        needs = f" Needs `pip install 'annotui[{one.extra}]'`." if one.extra else ""
        remark = f" {one.remark}" if one.remark else ""
        yield Padding(Text(f"{one.title}.{remark}{needs}"), (0, 0, 0, 6))
        yield Padding(Text(f"Loses: {lost}."), (0, 0, 1, 6))
    yield Text(registry.LOST_EVERYWHERE)


def formats_as_markdown() -> str:
    """The table of docs/formats.md."""
    lines = ["| format | suffix | export | import | offsets | loses |", "|---|---|---|---|---|---|"]
    for one in registry.FORMATS:
        suffix = f"folder of `{one.suffix}`" if one.is_folder else f"`{one.suffix}`"
        units = ", ".join(one.units) or "–"
        lost = "; ".join(one.loses) or "nothing"
        able = ["yes" if can else "no" for can in (one.writes, one.reads)]
        lines.append(f"| `{one.name}` | {suffix} | {' | '.join(able)} | {units} | {lost} |")
    return "\n".join((*lines, "", registry.LOST_EVERYWHERE, ""))


def _entry(one: registry.Format) -> dict[str, object]:
    return {
        "name": one.name,
        "title": one.title,
        "suffix": one.suffix,
        "reads": one.reads,
        "writes": one.writes,
        "folder": one.is_folder,
        "offsets": [str(unit) for unit in one.units],
        "extra": one.extra,
        "loses": [str(loss) for loss in one.loses],
        "remark": one.remark,
    }
