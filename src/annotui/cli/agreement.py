"""agreement: how far annotators agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from annotui.cli import output
from annotui.cli.settings import Command, Settings, takes_settings

if TYPE_CHECKING:
    from annotui.services.agreement import Behind, Report, Row

DOCUMENTS_SHOWN = 20
"""Documents up to which a table has a row for each."""

UNDEFINED = "undefined"

MEASURES = (
    *("exact_f1", "exact_f1_unlabelled", "overlap_f1", "overlap_f1_unlabelled"),
    *("character_f1", "kappa", "alpha"),
)

MARK_COLUMNS = (
    *("document_id", "document", "id", "annotator", "label", "start", "end", "quote"),
    *("against", "agreed", "differences"),
    *("nearest_id", "nearest_label", "nearest_start", "nearest_end"),
)

AGREEMENT_HELP = """Print how far annotators agree.

F1 of marks: exact (same runs) and overlap (a code point in common), with the label and without it;
F1 of code points, each label on each code point counted once; Cohen's kappa (two annotators) and
Krippendorff's alpha over code points, whose value is the set of labels on them. The first annotator
is the reference. With more than two, F1 is the mean of all pairs.

A document counts where at least two of the annotators have marked something or said that it is
done; with --with-silent where one has, so that nothing marked counts as a judgement. White space at
the edges of marks does not count unless --strict-edges.

--marks lists the marks behind the overall figure, and whether the other annotator agrees;
--differences only those where she does not. --measure says which figure.

\b
Examples:
  annotui agreement --annotators ann,bob
  annotui agreement --label claim --format csv > agreement.csv
  annotui agreement --label claim --differences --measure overlap_f1
"""


@click.command("agreement", cls=Command, help=AGREEMENT_HELP)
@click.option("--annotators", metavar="A,B…", help="Who; else all who have marks.")
@click.option("--document", "documents", multiple=True, metavar="DOCUMENT", help="Only this one.")
@click.option("--label", "labels", multiple=True, metavar="LABEL", help="Only this label.")
@click.option("--with-silent", is_flag=True, help="Count documents that only one has marked, too.")
@click.option("--strict-edges", is_flag=True, help="White space at edges counts.")
@click.option("--marks", is_flag=True, help="List the marks behind the figure instead.")
@click.option("--differences", is_flag=True, help="The same, less what is agreed on.")
@click.option(
    "--measure", type=click.Choice(MEASURES), default=MEASURES[0], show_default=True,
    help="Which figure.",
)  # fmt: skip
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
    marks: bool,
    differences: bool,
    measure: str,
    form: str,
) -> None:
    """Print the agreement of the annotators."""
    from annotui.domain.agreement_marks import Measure
    from annotui.services import agreement as service
    from annotui.services import library

    names = [name.strip() for name in (annotators or "").split(",") if name.strip()]
    with settings.reading() as workspace:
        ids = [library.find(workspace, document) for document in documents]
        asked = service.Asked(names, ids, labels, not strict_edges, with_silent)
        if marks or differences:
            behind = service.marks_behind(workspace, asked, Measure(measure))
        else:
            found = service.report(workspace, asked)
    if marks or differences:
        _print_marks(behind, form, differences=differences)
    else:
        _print_report(found, form)


def _print_report(found: Report, form: str) -> None:
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
            ["scope", "name", "annotators", "marks", *MEASURES],
            [
                [
                    *(row.scope, row.name, ",".join(row.annotators)),
                    ",".join(map(str, row.marks)),
                    *(_exactly(row.measures[name]) for name in MEASURES),
                ]
                for row in found.rows
            ],
        )
    else:
        _print_table(found)


def _entry(row: Row) -> dict[str, object]:
    """A row for programs: the single figures, and of each F1 precision and recall."""
    facts = asdict(row)
    facts.pop("asked")
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
        f"which fewer than two of {', '.join(found.annotators)} took part. "
        f"White space at edges is {edges}."
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


def _print_marks(behind: Sequence[Behind], form: str, *, differences: bool) -> None:
    shown = [one for one in behind if not (differences and one.agreed)]
    if form == "json":
        output.json_data([dict(zip(MARK_COLUMNS, _facts(one), strict=True)) for one in shown])
    elif form == "csv":
        output.csv_data(MARK_COLUMNS, [_csv_cells(one) for one in shown])
    else:
        heads = ["document", "annotator", "label", "start", "end", "quote", "against", "differs"]
        rows = [_mark_cells(one) for one in shown]
        if rows:
            output.table(heads, rows, elastic=(0, 5))
        agreed = sum(one.agreed for one in behind)
        output.words(f"{agreed:,} of {output.counted(len(behind), 'mark')} agreed on.")


def _facts(one: Behind) -> list[object]:
    mark, nearest = one.annotation, one.nearest
    of_nearest: list[object] = [None] * 4
    if nearest is not None:
        of_nearest = [nearest.annotation_id, nearest.label, nearest.start, nearest.end]
    return [
        *(mark.document_id, one.document, mark.annotation_id, mark.annotator, mark.label),
        *(mark.start, mark.end, mark.quote, one.against, one.agreed),
        list(one.differences),
        *of_nearest,
    ]


def _csv_cells(one: Behind) -> list[object]:
    facts = dict(zip(MARK_COLUMNS, _facts(one), strict=True))
    facts |= {"agreed": "yes" if one.agreed else "no", "differences": ",".join(one.differences)}
    return list(facts.values())


def _mark_cells(one: Behind) -> list[str | int]:
    mark = one.annotation
    quote = " ".join(mark.quote.split())
    differs = "agreed" if one.agreed else ", ".join(one.differences)
    if one.nearest is not None and "label" in one.differences:
        differs += f" ({one.nearest.label})"
    return [
        *(one.document, mark.annotator, mark.label, mark.start, mark.end),
        *(quote, one.against, differs),
    ]
