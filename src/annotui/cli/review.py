"""decide and decisions: a decision on one mark, and all that were taken."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from annotui.cli import output
from annotui.cli.settings import Command, Settings, takes_settings
from annotui.domain.review_queue import Choice

if TYPE_CHECKING:
    from annotui.domain.annotation import Annotation
    from annotui.domain.review import PastDecision

DECISIONS = {"accept": "accepted", "reject": "rejected", "unsure": "unsure"}

DECIDE_HELP = """Decide on a mark, and print the decision's id.

ID is the mark's id or the last four or more digits of it. The decision holds for the mark as it is
now: when its annotator edits it, it has to be decided anew. The annotator's own version stays;
another --label or span (--start and --end, code points) is part of accepting it. The newest
decision counts, and `annotui undo` takes yours back.

\b
Examples:
  annotui decide 3f9a1c accept
  annotui decide 3f9a1c reject --reason "wrong span"
  annotui decide 3f9a1c accept --label denial --note "He refuses it."
"""


@click.command("decide", cls=Command, help=DECIDE_HELP)
@click.argument("mark", metavar="ID")
@click.argument("decision", type=click.Choice(list(DECISIONS)))
@click.option("--reason", default="", metavar="TEXT", help="Why, in a few words.")
@click.option("--note", default="", metavar="TEXT", help="More about it.")
@click.option("--label", default="", metavar="LABEL", help="Accept it as this label.")
@click.option("--start", type=int, metavar="N", help="Accept it from this offset.")
@click.option("--end", type=int, metavar="M", help="Accept it to this offset.")
@takes_settings
def decide(
    settings: Settings,
    mark: str,
    decision: str,
    reason: str,
    note: str,
    label: str,
    start: int | None,
    end: int | None,
) -> None:
    """Store a decision."""
    from annotui.domain.review import Decision, Verdict
    from annotui.domain.span import Span
    from annotui.services import review
    from annotui.services.session import summary_of

    if (start is None) != (end is None):
        raise click.UsageError("--start and --end go together. Nothing was done.")
    runs = () if start is None or end is None else (Span(start, end),)
    with settings.writing() as workspace:
        found = review.find(workspace, mark)
        verdict = Verdict(Decision(DECISIONS[decision]), reason, note, label, runs)
        decided = review.decide(workspace, found, verdict)
    output.data(f"{decided.review_id}\n")
    output.words(f"{decided.after[0].review_status.capitalize()}: {summary_of(found)}.")


DECISIONS_HELP = """Print every decision, oldest first.

All that were not taken back, by anybody; where several people decided on a mark, the newest one
counts. A decision is stale once the mark was edited. json and csv have id, annotation_id,
annotation_version, document_id, document, label, start, end, quote, annotator (the mark as it is
now), decision, reason, note, decided_label, decided_start, decided_end, decided_fragments (empty
where they do not differ), reviewer, decided_at and stale (0 or 1).

\b
Examples:
  annotui decisions --status rejected --format csv > rejected.csv
  annotui decisions --label claim --reviewer rev --since 2026-11
"""

COLUMNS = (
    *("id", "annotation_id", "annotation_version", "document_id", "document", "label", "start"),
    *("end", "quote", "annotator", "decision", "reason", "note", "decided_label"),
    *("decided_start", "decided_end", "decided_fragments", "reviewer", "decided_at", "stale"),
)
SHOWN = ("decided_at", "reviewer", "decision", "reason", "label", "quote", "annotation_id")


@click.command("decisions", cls=Command, help=DECISIONS_HELP)
@click.option(
    "--document", "documents", multiple=True, metavar="DOCUMENT", help="Only in this one."
)
@click.option("--label", "labels", multiple=True, metavar="LABEL", help="Only on this label.")
@click.option(
    "--annotator-is", "annotators", multiple=True, metavar="NAME", help="Only on marks by NAME.",
)  # fmt: skip
@click.option("--reviewer", "reviewers", multiple=True, metavar="NAME", help="Only by NAME.")
@click.option(
    "--status", "statuses", multiple=True, type=click.Choice(list(DECISIONS.values())),
    help="Only with this outcome.",
)  # fmt: skip
@click.option("--since", default="", metavar="DATE", help="Decided on this day (UTC) or later.")
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json"]), default="table",
    show_default=True, help="How to print them.",
)  # fmt: skip
@takes_settings
def decisions(
    settings: Settings, /, documents: tuple[str, ...], reviewers: tuple[str, ...],
    form: str, **chosen: Any,
) -> None:  # fmt: skip
    """Print decisions."""
    from annotui.services import library, review_session

    with settings.reading() as workspace:
        ids = tuple(library.find(workspace, one) for one in documents)
        choice = Choice(document_ids=ids, **chosen)
        found = review_session.decisions(workspace, choice, reviewers)
        titles = review_session.titles(workspace)
    rows = [_row(mark, past, titles) for mark, past in found]
    if form == "json":
        output.json_data(rows)
    elif form == "csv":
        output.csv_data(COLUMNS, [list(row.values()) for row in rows])
    elif rows:
        short = [[_short(name, row[name]) for name in SHOWN] for row in rows]
        output.table(SHOWN, short, elastic=(3, 5))
    if not rows:
        output.words(f"{settings.db} has no such decision; `annotui review` makes them.")


def _row(mark: Annotation, past: PastDecision, titles: dict[str, str]) -> dict[str, Any]:
    verdict = past.verdict
    runs = [[run.start, run.end] for run in verdict.runs]
    values = (
        *(past.review_id, mark.annotation_id, past.annotation_version, mark.document_id),
        *(titles.get(mark.document_id, ""), mark.label, mark.start, mark.end, mark.quote),
        *(mark.annotator, str(verdict.decision), verdict.reason, verdict.note, verdict.label),
        *((runs[0][0], runs[-1][1]) if runs else ("", "")),
        json.dumps(runs, separators=(",", ":")) if len(runs) > 1 else "",
        *(past.reviewer, past.decided_at, int(past.annotation_version < mark.version)),
    )
    return dict(zip(COLUMNS, values, strict=True))


def _short(name: str, value: Any) -> str:
    """A value as the table has it."""
    text = str(value)
    if name == "annotation_id":
        return text[-8:]
    return text[:16].replace("T", " ") if name == "decided_at" else text
