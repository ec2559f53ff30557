"""agreement: how far annotators agree."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from annotui.cli import output
from annotui.cli.settings import Command, Settings, takes_settings

if TYPE_CHECKING:
    from annotui.services.agreement import Report, Row

DOCUMENTS_SHOWN = 20
"""Documents up to which a table has a row for each."""

UNDEFINED = "undefined"

AGREEMENT_HELP = """Print how far annotators agree.

F1 of marks: exact (same runs) and overlap (a code point in common), with the label and without it;
F1 of code points, each label on each code point counted once; Cohen's kappa (two annotators) and
Krippendorff's alpha over code points, whose value is the set of labels on them. The first annotator
is the reference. With more than two, F1 is the mean of all pairs.

A document counts where at least two of the annotators have marked something; with --with-silent
where one has, so that nothing marked counts as a judgement. White space at the edges of marks does
not count unless --strict-edges.

\b
Examples:
  annotui agreement --annotators ann,bob
  annotui agreement --label claim --format csv > agreement.csv
"""


@click.command("agreement", cls=Command, help=AGREEMENT_HELP)
@click.option("--annotators", metavar="A,B…", help="Who; else all who have marks.")
@click.option("--document", "documents", multiple=True, metavar="DOCUMENT", help="Only this one.")
@click.option("--label", "labels", multiple=True, metavar="LABEL", help="Only this label.")
@click.option("--with-silent", is_flag=True, help="Count documents that only one has marked, too.")
@click.option("--strict-edges", is_flag=True, help="White space at edges counts.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table",
    show_default=True, help="How to print it.",
)  # fmt: skip
@takes_settings
def agreement(
    settings: Settings,
    annotators: str | None,
    documents: tuple[str, ...],
    labels: tuple[str, ...],
    with_silent: bool,
    strict_edges: bool,
    form: str,
) -> None:
    """Print the agreement of the annotators."""
    from annotui.services import agreement as service
    from annotui.services import library

    names = [name.strip() for name in (annotators or "").split(",") if name.strip()]
    with settings.reading() as workspace:
        found = service.report(
            workspace,
            annotators=names,
            document_ids=[library.find(workspace, document) for document in documents],
            labels=labels,
            ignores_edges=not strict_edges,
            with_silent=with_silent,
        )
    if form == "json":
        output.json_data(
            {
                "annotators": list(found.annotators),
                "documents": found.documents,
                "documents_left_out": found.left_out,
                "white_space_at_edges": "ignored" if found.ignores_edges else "counted",
                "rows": [_entry(row) for row in found.rows],
            }
        )
    elif form == "csv":
        output.csv_data(
            ["scope", "name", "annotators", "marks", *service.MEASURES],
            [
                [
                    *(row.scope, row.name, ",".join(row.annotators)),
                    ",".join(map(str, row.marks)),
                    *(_exactly(row.measures[name]) for name in service.MEASURES),
                ]
                for row in found.rows
            ],
        )
    else:
        _print_table(found)


def _entry(row: Row) -> dict[str, object]:
    """A row for programs: the single figures, and of each F1 precision and recall."""
    facts = asdict(row)
    of_pair = facts.pop("pair")
    return {**facts, **of_pair, **row.measures}


def _exactly(figure: float | None) -> str:
    return UNDEFINED if figure is None else f"{figure:.6f}"


def _print_table(found: Report) -> None:
    per_document = [row for row in found.rows if row.scope == "document"]
    shown = [
        row
        for row in found.rows
        if row.scope != "document" or 1 < len(per_document) <= DOCUMENTS_SHOWN
    ]
    headings = ["", "marks", "exact", "no label", "overlap", "no label", "chars", "kappa", "alpha"]
    output.table(headings, [_cells(row) for row in shown], elastic=(0,))
    edges = "ignored" if found.ignores_edges else "counted"
    output.words(
        f"{output.counted(found.documents, 'document')} compared, {found.left_out:,} left out in "
        f"which fewer of {', '.join(found.annotators)} have marks. White space at edges is {edges}."
    )
    if any(None in row.measures.values() for row in shown):
        output.words(
            f"{UNDEFINED}: there is nothing to divide by, as where nobody marked anything, or all "
            "use one value only; kappa is for two annotators."
        )
    if len(per_document) > DOCUMENTS_SHOWN:
        output.words("--format csv has a row for each document.")


def _cells(row: Row) -> list[str]:
    figures = [UNDEFINED if f is None else f"{f:.3f}" for f in row.measures.values()]
    return [row.name or row.scope, " / ".join(f"{n:,}" for n in row.marks), *figures]
