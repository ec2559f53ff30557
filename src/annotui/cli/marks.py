"""annotate, undo, redo and log: marks made and taken back without the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from annotui.cli import output
from annotui.cli.settings import Command, Settings, takes_settings
from annotui.errors import UndoError

if TYPE_CHECKING:
    from annotui.domain.span import Span
    from annotui.services.workspace import Workspace

SHORT_ID = 12

ANNOTATE_HELP = """Mark a span and print the annotation's id.

The span is given by its offsets (--start and --end: code points from 0, the end not included) or
by its words (--quote, to the letter; where they are there more than once, --occurrence says
which one, from 1).

\b
Examples:
  annotui annotate 6f0c9d statistic --quote "40 people"
  annotui annotate 6f0c9d claim --start 24 --end 151 --note "Kadyrov's"
"""

UNDO_HELP = """Take back your newest change.

It may be in any document; the answer says in which. Changes of other annotators are never
touched, and neither is taking in an article, since that is no change of marks. Where somebody has
built on the change (reviewed the mark, say), nothing is done; --pass-over leaves that one as it
is and takes back the one before it.

Prints the id of the undo: it is a change of the log like any other, and `annotui redo` takes it
back.
"""

REDO_HELP = """Do again what you undid last.

That is possible until you make another change. --pass-over leaves an undo that somebody has
built on as it is. Prints the id of the redo, which is a change of the log too.
"""

LOG_HELP = """Print every change, oldest first.

json is a list of objects with id, kind, annotator, changed_at, document_id, target_id (the
change that an undo or redo is about) and summary.
"""


@click.command("annotate", cls=Command, help=ANNOTATE_HELP)
@click.argument("document")
@click.argument("label")
@click.option("--start", type=int, metavar="N", help="The offset of its first character.")
@click.option("--end", type=int, metavar="M", help="The offset behind its last character.")
@click.option("--quote", metavar="TEXT", help="Its words.")
@click.option(
    "--occurrence", type=click.IntRange(min=1), metavar="K", help="Which of several, from 1."
)
@click.option("--note", default="", metavar="TEXT", help="Why, in your own words.")
@takes_settings
def annotate(
    settings: Settings,
    document: str,
    label: str,
    start: int | None,
    end: int | None,
    quote: str | None,
    occurrence: int | None,
    note: str,
) -> None:
    """Store one annotation."""
    from annotui.services import library
    from annotui.services.session import Session

    _check_selectors(start, end, quote, occurrence)
    with settings.writing() as workspace:
        article = library.document(workspace, library.find(workspace, document))
        session = Session(workspace, article)
        session.scheme.get(label)
        span = _selected(article.text, start, end, quote, occurrence)
        is_known, others = session.knows_annotator()
        stored = session.annotate([span], label, note).after[0]
    output.line(stored.annotation_id)
    for offset in (span.start, span.end):
        _warn_of_cut(article.text, offset)
    if others and not is_known:
        output.words(
            f"{stored.annotator} is new in {settings.db}, which knows {', '.join(others)}. If "
            "that is a slip, `annotui annotators --rename` mends it."
        )


def _warn_of_cut(text: str, offset: int) -> None:
    from annotui.domain.graphemes import grapheme_ceiling, grapheme_floor

    first, behind = grapheme_floor(text, offset), grapheme_ceiling(text, offset)
    if first < offset < behind:
        output.words(
            f"Offset {offset} cuts a character in two: {text[first:behind]} is at {first} to "
            f"{behind}. The mark was made as you said."
        )


def _check_selectors(
    start: int | None, end: int | None, quote: str | None, occurrence: int | None
) -> None:
    by_offsets = start is not None or end is not None
    if by_offsets and quote is not None:
        problem = "--quote and --start/--end are two ways to say the same: give one of them."
    elif not by_offsets and quote is None:
        problem = "Which span? Give --start and --end, or --quote."
    elif by_offsets and (start is None or end is None):
        problem = "--start and --end go together."
    elif by_offsets and occurrence is not None:
        problem = "--occurrence goes with --quote."
    else:
        return
    raise click.UsageError(f"{problem} Nothing was changed.")


def _selected(
    text: str, start: int | None, end: int | None, quote: str | None, occurrence: int | None
) -> Span:
    from annotui.domain.document import with_lf
    from annotui.domain.selector import by_position, by_quote

    if quote is not None:
        return by_quote(text, with_lf(quote), occurrence)
    return by_position(text, start or 0, end or 0)


def _pass_over(function: click.decorators.FC) -> click.decorators.FC:
    return click.option(
        "--pass-over",
        is_flag=True,
        help="Leave a change that somebody has built on, and go to the one before it.",
    )(function)


@click.command("undo", cls=Command, help=UNDO_HELP)
@_pass_over
@takes_settings
def undo(settings: Settings, pass_over: bool) -> None:
    """Take back the annotator's newest change."""
    _step(settings, "undo", pass_over)


@click.command("redo", cls=Command, help=REDO_HELP)
@_pass_over
@takes_settings
def redo(settings: Settings, pass_over: bool) -> None:
    """Do again what was undone last."""
    _step(settings, "redo", pass_over)


def _step(settings: Settings, verb: str, pass_over: bool) -> None:
    from annotui.services import history

    step = history.undo if verb == "undo" else history.redo
    hint = f"`annotui {verb} --pass-over` passes over it."
    with settings.writing() as workspace:
        try:
            change = step(workspace).change
        except history.BuiltOnError as error:
            if not pass_over:
                raise UndoError(f"{error} {hint}") from error
            try:
                change = step(workspace, passing_over=error.change_id).change
                output.words(str(error))
            except history.BuiltOnError as next_error:
                raise UndoError(f"{next_error} {hint}") from next_error
            except UndoError as nothing_left:
                output.words(str(nothing_left))
                return
        where = _place(workspace, change.document_id)
    output.line(change.change_id)
    done = "Undone" if verb == "undo" else "Done again"
    output.words(f"{done}: {change.summary}{where}")


def _place(workspace: Workspace, document_id: str) -> str:
    from annotui.services import library

    if not document_id:
        return ""
    return f" in {document_id[:SHORT_ID]} {library.document(workspace, document_id).title}"


@click.command("log", cls=Command, help=LOG_HELP)
@click.option("--document", metavar="DOCUMENT", help="Only the changes of this document.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table",
    show_default=True, help="How to print it.",
)  # fmt: skip
@takes_settings
def log(settings: Settings, document: str | None, form: str) -> None:
    """Print the changes."""
    from annotui.services import history, library

    with settings.reading() as workspace:
        document_id = None if document is None else library.find(workspace, document)
        changes = history.log(workspace, document_id)
    if form == "json":
        output.json_data(
            [
                {
                    "id": change.change_id,
                    "kind": str(change.kind),
                    "annotator": change.annotator,
                    "changed_at": change.changed_at,
                    "document_id": change.document_id,
                    "target_id": change.target_id,
                    "summary": change.summary,
                }
                for change in changes
            ]
        )
        return
    output.table(
        ["time", "annotator", "change", "document", "what"],
        [
            (
                *(change.changed_at, change.annotator, str(change.kind)),
                *(change.document_id[:SHORT_ID], change.summary),
            )
            for change in changes
        ],
        elastic=(1, 4),
    )
