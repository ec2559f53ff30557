"""compare: what several annotators say of one document."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from annotui.cli import output
from annotui.cli.settings import Command, Settings, takes_settings

if TYPE_CHECKING:
    from annotui.domain.annotation import Annotation
    from annotui.domain.matching import Group
    from annotui.services.comparison import Comparison

KINDS = ("missing", "boundary", "label", "note")
QUOTE_LENGTH = 40
"""Code points of a quote that a table shows; its middle is left out."""

COMPARE_HELP = """Print where annotators differ in one document.

Marks that are about one thing are put into one group: with the same label they share a character,
with another at least half of all their characters. A group differs by what is missing (somebody
has no mark), boundary, label, note, or several of them. White space at edges does not count.

csv has a row for each annotator of each group: group, differences, annotator, label, start, end,
quote, note, id; label and what follows is empty where the annotator has no mark. json has the
groups with their marks.

\b
Examples:
  annotui compare 6f0c9d --annotators ann,bob
  annotui compare 6f0c9d --kind boundary --format csv > boundaries.csv
"""


@click.command("compare", cls=Command, help=COMPARE_HELP)
@click.argument("document")
@click.option("--annotators", metavar="A,B…", help="Who; else all who have marks in it.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only such.")
@click.option("--all", "with_agreed", is_flag=True, help="Groups without a difference, too.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table",
    show_default=True, help="How to print it.",
)  # fmt: skip
@takes_settings
def compare(
    settings: Settings,
    document: str,
    annotators: str | None,
    kinds: tuple[str, ...],
    with_agreed: bool,
    form: str,
) -> None:
    """Print the differences."""
    from annotui.services import comparison, library

    with settings.reading() as workspace:
        document_id = library.find(workspace, document)
        found = comparison.compare(workspace, document_id, names_in(annotators))
    shown = [
        group
        for group in found.groups
        if (set(kinds) & set(group.differences) if kinds else group.differences or with_agreed)
    ]
    if form == "json":
        output.json_data(
            {
                "document_id": document_id,
                "document": found.document.title,
                "annotators": list(found.annotators),
                "groups": [_entry(group) for group in shown],
            }
        )
    elif form == "csv":
        heads = ["group", "differences", "annotator", "label", "start", "end", "quote", "note"]
        output.csv_data([*heads, "id"], _csv_rows(shown))
    else:
        _print_table(found, shown)


def names_in(annotators: str | None) -> list[str]:
    """The names of an option ``A,B…``."""
    return [name.strip() for name in (annotators or "").split(",") if name.strip()]


def shortened(quote: str) -> str:
    """A quote in one line, its middle left out where it is long: what counts are its edges."""
    flat = " ".join(quote.split())
    half = QUOTE_LENGTH // 2
    return flat if len(flat) <= QUOTE_LENGTH else f"{flat[:half]}…{flat[1 - half :]}"


def _entry(group: Group) -> dict[str, object]:
    return {
        "differences": [str(difference) for difference in group.differences],
        "start": group.start,
        "end": group.end,
        "missing": list(group.missing),
        "marks": [mark_entry(member.annotation) for member in group.members],
    }


def mark_entry(annotation: Annotation) -> dict[str, object]:
    """A mark for programs."""
    return {
        "id": annotation.annotation_id,
        "annotator": annotation.annotator,
        "label": annotation.label,
        "start": annotation.start,
        "end": annotation.end,
        "fragments": [[run.start, run.end] for run in annotation.fragments],
        "quote": annotation.quote,
        "note": annotation.note,
    }


def _csv_rows(groups: list[Group]) -> list[list[object]]:
    rows: list[list[object]] = []
    for number, group in enumerate(groups, 1):
        for name in group.annotators:
            row: list[object] = [number, " ".join(group.differences), name]
            member = group.of(name)
            if member is None:
                rows.append([*row, *[""] * 6])
            else:
                one = member.annotation
                places = (one.label, one.start, one.end, one.quote, one.note, one.annotation_id)
                rows.append([*row, *places])
    return rows


def _print_table(found: Comparison, shown: list[Group]) -> None:
    rows: list[list[str | int]] = []
    for group in shown:
        differences = ", ".join(group.differences) or "none"
        for name in group.annotators:
            member = group.of(name)
            if member is None:
                rows.append([differences, "", name, "–", "", "", ""])
            else:
                one = member.annotation
                place = f"{one.start}–{one.end}"
                quote = f"“{shortened(one.quote)}”"
                rows.append([differences, one.line, name, one.label, place, quote, one.note])
            differences = ""
    heads = ["differences", "line", "annotator", "label", "place", "quote", "note"]
    if rows:
        output.table(heads, rows, elastic=(2, 5, 6))
    counts = Counter(str(kind) for group in found.groups for kind in group.differences)
    agreed = sum(not group.differences for group in found.groups)
    told = ", ".join(f"{counts[kind]:,} {kind}" for kind in KINDS if counts[kind])
    output.words(
        f"{output.counted(len(found.groups), 'group')} of marks by {', '.join(found.annotators)}: "
        f"{agreed:,} the same{f'; {told}' if told else ''}."
    )
