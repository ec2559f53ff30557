"""review: a session of decisions, its queue and its summary."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING, Any

import click

from annotui.cli import output
from annotui.cli.settings import Command, Settings, takes_settings
from annotui.domain.review_queue import STATUSES, Choice, ReviewOrder, Sample
from annotui.errors import AnnotuiError, ConfigError

if TYPE_CHECKING:
    from annotui.services.review_session import Card, ReviewSession
    from annotui.services.workspace import Workspace

REVIEW_HELP = """Decide on marks, one after the other, with one key each.

Without options it goes on where the annotator (the reviewer) left the last session; with any that
choose it begins a new one. By default all marks are chosen that nobody has decided on, or that were
edited since. Options that choose may be repeated. The place is kept for each reviewer; every
decision is in the database at once.

--list prints the marks that are left instead, --summary what the session has decided: rows of all,
each label, annotator and reason with the counts decided, accepted (of these relabelled and moved),
rejected and unsure. Neither writes anything.

\b
Examples:
  annotui review --label claim --order newest
  annotui review --sample 5% --seed 7 --blind
  annotui review --changed
  annotui review --summary --format markdown > review.md
"""


@click.command("review", cls=Command, help=REVIEW_HELP)
@click.option("--document", "documents", multiple=True, metavar="DOCUMENT", help="Only this one.")
@click.option("--label", "labels", multiple=True, metavar="LABEL", help="Only this label.")
@click.option(
    "--annotator-is", "annotators", multiple=True, metavar="NAME", help="Only marks by NAME.",
)  # fmt: skip
@click.option(
    "--status", "statuses", multiple=True, type=click.Choice(STATUSES),
    help="Only with this decision; by default unreviewed.",
)  # fmt: skip
@click.option("--since", default="", metavar="DATE", help="Made on this day (UTC) or later.")
@click.option("--changed", is_flag=True, help="Edited since somebody decided on them.")
@click.option("--sample", metavar="N|P%", help="A random sample: so many, or so many per cent.")
@click.option("--seed", type=click.IntRange(min=0), help="Which sample and random order; else 0.")
@click.option(
    "--order", type=click.Choice(list(map(str, ReviewOrder))),
    help="By text (the default), label, newest first, or random.",
)  # fmt: skip
@click.option("--blind", is_flag=True, help="Hide who marked, and what others decided.")
@click.option("--new", is_flag=True, help="Begin anew, with everything unreviewed.")
@click.option("--list", "lists", is_flag=True, help="Print the marks that are left.")
@click.option("--summary", "sums", is_flag=True, help="Print what was decided.")
@click.option(
    "--format", "form", type=click.Choice(["table", "markdown", "csv", "json"]), default="table",
    show_default=True, help="How to print it.",
)  # fmt: skip
@takes_settings
def review(
    settings: Settings, /, lists: bool, sums: bool, new: bool, form: str, **chosen: Any
) -> int:
    """Open the review, or print its queue or summary."""
    if lists and sums:
        raise click.UsageError("--list and --summary do not go together. Nothing was done.")
    if form != "table" and not (lists or sums):
        raise click.UsageError("--format goes with --list or --summary. Nothing was done.")
    if form == "markdown" and not sums:
        raise click.UsageError("--format markdown goes with --summary. Nothing was done.")
    begins = new or any(chosen.values()) or chosen["seed"] is not None
    if lists or sums:
        with settings.writing() as workspace:
            choice = _choice(workspace, chosen) if begins else None
            (_print_summary if sums else _print_list)(settings, workspace, choice, form)
        return 0
    return _open(settings, chosen, begins)


def _choice(workspace: Workspace, chosen: dict[str, Any]) -> Choice:
    """What the options choose.

    Raises:
        ConfigError: when the sample is none.
        DocumentError: when a document is not there.
    """
    from annotui.services import library

    return Choice(
        document_ids=tuple(library.find(workspace, one) for one in chosen["documents"]),
        labels=chosen["labels"],
        annotators=chosen["annotators"],
        statuses=chosen["statuses"] or ("unreviewed",),
        since=chosen["since"],
        changed=chosen["changed"],
        sample=Sample.parse(chosen["sample"]) if chosen["sample"] else None,
        seed=chosen["seed"] or 0,
        order=ReviewOrder(chosen["order"] or "text"),
        blind=chosen["blind"],
    )


def _open(settings: Settings, chosen: dict[str, Any], begins: bool) -> int:
    """Open the screen."""
    from annotui.cli.keys import checked_config

    if not all(map(output.is_terminal, (sys.stdin, sys.stdout, sys.stderr))):
        raise AnnotuiError(
            "A review needs a terminal for both keyboard and screen, and there is none. Nothing "
            "was done; `annotui review --list` prints the queue and `annotui decide` decides."
        )
    # Nothing that starting makes becomes garbage; the screen looks for some from its first key on.
    gc.disable()
    annotator = settings.annotator_name()
    with settings.writing() as workspace:
        config = checked_config(settings, workspace)
        choice = _choice(workspace, chosen) if begins else None
    from annotui.tui.app import review as open_review

    return open_review(settings.db, annotator, choice, config)


def _session(workspace: Workspace, choice: Choice | None) -> ReviewSession | None:
    """The session of these options, not kept; else the one that was begun."""
    from annotui.services import review_session

    if choice is not None:
        return review_session.begin(workspace, choice, keep=False)
    return review_session.resume(workspace)


COLUMNS = ("id", "document_id", "document", "label", "start", "end", "quote", "annotator", "status")


def _print_list(settings: Settings, workspace: Workspace, choice: Choice | None, form: str) -> None:
    from annotui.services import review_session

    session = _session(workspace, choice) or review_session.begin(workspace, Choice(), keep=False)
    cards: list[Card] = []
    known: set[str] = set()
    while page := session.fetch(known, 1_000):
        cards += page
        known.update(one.annotation.annotation_id for one in page)
    titles = review_session.titles(workspace)
    rows = [_row(one, titles, session.choice.blind) for one in cards]
    if not rows:
        output.words(f"{settings.db} has no mark that is left to review.")
    if form == "json":
        output.json_data([dict(zip(COLUMNS, row, strict=True)) for row in rows])
    elif form == "csv":
        output.csv_data(COLUMNS, rows)
    elif rows:
        shown = [(row[0][-8:], row[1][:12], *row[2:]) for row in rows]
        output.table(COLUMNS, shown, elastic=(2, 6, 7))


def _row(card: Card, titles: dict[str, str], blind: bool) -> tuple[Any, ...]:
    one = card.annotation
    who = ("", "") if blind else (one.annotator, one.review_status)
    title = titles.get(one.document_id, "")
    return (
        *(one.annotation_id, one.document_id, title, one.label, one.start, one.end, one.quote),
        *who,
    )


def _print_summary(
    settings: Settings, workspace: Workspace, choice: Choice | None, form: str
) -> None:
    from dataclasses import asdict

    from annotui.formats import review_summary

    if choice is not None:
        raise click.UsageError(
            "--summary is of the session that was begun, so nothing can be chosen. Nothing was "
            "done."
        )
    session = _session(workspace, None)
    if session is None:
        raise ConfigError(
            f"{workspace.annotator} has begun no review of {settings.db}. Nothing was done; "
            "`annotui review` begins one."
        )
    summary = session.summary()
    if form == "markdown":
        output.data(review_summary.as_markdown(summary))
    elif form == "csv":
        output.data(review_summary.as_csv(summary))
    elif form == "json":
        output.json_data(asdict(summary))
    else:
        output.table(review_summary.HEADER, review_summary.rows(summary), elastic=(1,))
        output.words(f"{output.counted(summary.left, 'mark')} left.")
