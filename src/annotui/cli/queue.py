"""status and coverage: what is done, and what was read."""

from __future__ import annotations

import click

from annotui.cli import output
from annotui.cli.settings import Command, Settings, takes_settings

STATUS_HELP = """Say that a document is done or set aside; print the queue.

With a DOCUMENT and a STATUS sets it for the annotator (new takes done and aside back;
`annotui undo` takes back the newest change). With a DOCUMENT only prints its status. Without prints
all documents in the order of the queue; json and csv have document_id, title, length, status.
"""

COVERAGE_HELP = """Print how much of each document was marked or read.

Counts sentences, by document and annotator: marked (a mark touches it), nothing (E in the reader
said so) and unseen (neither). Documents that nobody has begun are left out. --sentences prints
each sentence with start, end (code points) and state.
"""

FORMATS = click.Choice(["table", "json", "csv"])


@click.command("status", cls=Command, help=STATUS_HELP)
@click.argument("document", required=False)
@click.argument("wanted", required=False, metavar="[STATUS]",
                type=click.Choice(["done", "aside", "new"]))  # fmt: skip
@click.option("--order", type=click.Choice(["added", "newest", "shortest", "title"]),
              default=None, help="The order of the queue; else as set, else added.")  # fmt: skip
@click.option("--format", "form", type=FORMATS, default="table", show_default=True,
              help="How to print the queue.")  # fmt: skip
@takes_settings
def status(
    settings: Settings, document: str | None, wanted: str | None, order: str | None, form: str
) -> None:
    """Set or print the status of documents."""
    from annotui.domain.progress import DocumentStatus, QueueOrder
    from annotui.services import library, queue

    with settings.writing() as workspace:
        if document is not None:
            document_id = library.find(workspace, document)
            if wanted is not None:
                queue.set_status(workspace, document_id, DocumentStatus(wanted))
            output.data(f"{queue.status_of(workspace, document_id)}\n")
            return
        chosen = QueueOrder(order) if order else settings.config().queue_order
        queued = queue.queued(workspace, chosen)
    heads = ["document_id", "title", "length", "status"]
    rows: list[list[str | int]] = [
        [one.document_id, one.title, one.length, one.status] for one in queued
    ]
    if form == "json":
        output.json_data([dict(zip(heads, row, strict=True)) for row in rows])
    elif form == "csv":
        output.csv_data(heads, rows)
    else:
        output.table(heads, [_short(row) for row in rows], elastic=(1,))


@click.command("coverage", cls=Command, help=COVERAGE_HELP)
@click.option("--document", "wanted", multiple=True, metavar="DOCUMENT",
              help="This document only; again for more.")  # fmt: skip
@click.option("--sentences", is_flag=True, help="A row for each sentence.")
@click.option("--format", "form", type=FORMATS, default="table", show_default=True,
              help="How to print it.")  # fmt: skip
@takes_settings
def coverage(settings: Settings, wanted: tuple[str, ...], sentences: bool, form: str) -> None:
    """Print the coverage."""
    from annotui.services import coverage as service
    from annotui.services import library

    heads = ["document_id", "title", "annotator", "status"]
    heads += ["start", "end", "state"] if sentences else ["marked", "nothing", "unseen"]
    rows: list[list[str | int]] = []
    with settings.looking() as workspace:
        ids = [library.find(workspace, one) for one in wanted]
        for one in service.covered(workspace, ids, with_sentences=sentences):
            about: list[str | int] = [one.document_id, one.title, one.annotator, one.status]
            found = one.coverage
            if sentences:
                rows += [
                    [*about, sentence.span.start, sentence.span.end, str(sentence.state)]
                    for sentence in one.sentences
                ]
            else:
                rows.append([*about, found.marked, found.nothing, found.unseen])
    if form == "json":
        output.json_data([dict(zip(heads, row, strict=True)) for row in rows])
    elif form == "csv":
        output.csv_data(heads, rows)
    else:
        output.table(heads, [_short(row) for row in rows], elastic=(1,))


def _short(row: list[str | int]) -> list[str | int]:
    """A row with the beginning of the document's id."""
    return [str(row[0])[:12], *row[1:]]
