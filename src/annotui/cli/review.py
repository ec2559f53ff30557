"""decide: a decision on one mark."""

from __future__ import annotations

import click

from annotui.cli import output
from annotui.cli.settings import Command, Settings, takes_settings

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
