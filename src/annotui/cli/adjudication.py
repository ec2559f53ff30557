"""adjudicate and resolve: from several annotators' marks to one agreed set."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from annotui.cli import output
from annotui.cli.comparison import mark_entry, names_in, shortened
from annotui.cli.settings import Command, Settings, takes_settings
from annotui.errors import AnnotationError, AnnotuiError

if TYPE_CHECKING:
    from annotui.domain.adjudication import Ruling
    from annotui.domain.span import Span
    from annotui.services.curation import Conflict, State, Wanted
    from annotui.services.workspace import Workspace

ADJUDICATE_HELP = """Bring several annotators' marks to one agreed set.

Opens a screen that takes in all on which they agree and shows one conflict after the other: 1
takes what the first annotator says, 2 the second (5 to 9 further ones), 3 the union, 4 the
intersection, a label's letter that label, x neither; v and a motion, then a label, marks anew.
The result is an annotation set of its own, `gold` or --name, whose marks are like all others and
have links to what they came from. Started again it asks only about marks that are new or changed.

Those take part in a document who have marks in it or said that it is done; with fewer than two it
waits. --format lists the open conflicts and opens no screen (csv has a row for each annotator of
each), --take-in takes in without one, `annotui resolve` decides one conflict.

\b
Examples:
  annotui adjudicate --annotators ann,bob,cy
  annotui adjudicate --format json
  annotui adjudicate --take-in --format csv > conflicts.csv
"""

RESOLVE_HELP = """Decide one conflict of an adjudication.

ID is the id of one of the conflict's marks, or the last digits of it. CHOICE is the name or the key
(1, 2, 5 to 9) of an annotator, union, intersection, neither, keep (what was decided before), or
anew with --label, --start and --end. --label gives the mark another label. Prints the id of the
agreed set's mark; nothing where there is none. `annotui undo` takes it back.

\b
Examples:
  annotui resolve 3f9a1c bob
  annotui resolve 3f9a1c union --label denial
  annotui resolve 3f9a1c anew --label claim --start 120 --end 164
"""

HEADS = ("conflict", "document_id", "document", "differences", "annotator", "key", "label")
SHORT_ID = 8
"""Digits of the end of an id that a table shows."""

PLACES = ("start", "end", "quote", "note", "id")


@click.command("adjudicate", cls=Command, help=ADJUDICATE_HELP)
@click.option("--annotators", metavar="A,B…", help="Whose marks; else of all who have some.")
@click.option("--name", default="gold", show_default=True, help="The agreed set's name.")
@click.option("--document", "documents", multiple=True, metavar="DOCUMENT", help="Only this one.")
@click.option("--take-in", "takes_in", is_flag=True, help="Take in all on which they agree.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default=None,
    help="List the conflicts and open no screen.",
)  # fmt: skip
@takes_settings
def adjudicate(
    settings: Settings,
    annotators: str | None,
    name: str,
    documents: tuple[str, ...],
    takes_in: bool,
    form: str | None,
) -> int | None:
    """Open the screen, or list conflicts."""
    from annotui.services import curation

    if form is None and not takes_in:
        return _open(settings, annotators, name, documents)
    with settings.writing() if takes_in else settings.reading() as workspace:
        wanted = _wanted(workspace, annotators, name, documents)
        if takes_in:
            taken = curation.take_in(workspace, wanted)
            output.words(taken.change.summary if taken else "There was nothing to take in.")
        state = curation.look(workspace, wanted)
    if form == "json":
        output.json_data(_as_json(state))
    elif form == "csv":
        output.csv_data([*HEADS, *PLACES], _csv_rows(state))
    else:
        _print_table(state)
    return None


def _open(settings: Settings, annotators: str | None, name: str, documents: tuple[str, ...]) -> int:
    """Take in what all agree on, and open the screen where conflicts are left."""
    from annotui.cli.keys import checked_config
    from annotui.tui.screens.adjudication_opening import begin

    if not all(map(output.is_terminal, (sys.stdin, sys.stdout, sys.stderr))):
        raise AnnotuiError(
            "Adjudication needs a terminal for both keyboard and screen, and there is none. "
            "Nothing was done; --format lists the conflicts and `annotui resolve` decides one."
        )
    annotator = settings.annotator_name()
    with settings.writing() as workspace:
        config = checked_config(settings, workspace)
        wanted = _wanted(workspace, annotators, name, documents)
        begun = begin(workspace, wanted)
    if not begun.state.conflicts:
        output.words(f"{begun.taken_in} {told(begun.state)}".strip())
        return 0
    from annotui.tui.adjudication_app import adjudicate as open_adjudication

    return open_adjudication(settings.db, annotator, begun, config)


@click.command("resolve", cls=Command, help=RESOLVE_HELP)
@click.argument("conflict", metavar="ID")
@click.argument("choice")
@click.option("--annotators", metavar="A,B…", help="Whose marks; else of all who have some.")
@click.option("--name", default="gold", show_default=True, help="The agreed set's name.")
@click.option("--label", default="", metavar="LABEL", help="With this label.")
@click.option("--start", type=int, metavar="N", help="For anew: from this offset.")
@click.option("--end", type=int, metavar="M", help="For anew: to this offset.")
@click.option("--note", default=None, metavar="TEXT", help="The note of the agreed mark.")
@takes_settings
def resolve(
    settings: Settings,
    conflict: str,
    choice: str,
    annotators: str | None,
    name: str,
    label: str,
    start: int | None,
    end: int | None,
    note: str | None,
) -> None:
    """Store a decision on a conflict."""
    from dataclasses import replace

    from annotui.domain.span import Span
    from annotui.services import curation

    is_anew = choice == "anew"
    if is_anew != (start is not None) or is_anew != (end is not None) or (is_anew and not label):
        raise click.UsageError("anew goes with --label, --start and --end. Nothing was decided.")
    span = None if start is None or end is None else Span(start, end)
    with settings.writing() as workspace:
        wanted = _wanted(workspace, annotators, name, ())
        state = curation.look(workspace, wanted)
        found = curation.find(state, conflict)
        ruling = _ruling(found, choice, label, span, state)
        if note is not None:
            ruling = replace(ruling, note=note)
        outcome = curation.decide(workspace, wanted, found, ruling)
    made = [one.annotation_id for one in outcome.after if not one.removed]
    output.data("".join(f"{annotation_id}\n" for annotation_id in made))
    left = len(state.conflicts) - 1
    output.words(f"{outcome.change.summary}. {output.counted(left, 'conflict')} left.")


def _wanted(
    workspace: Workspace, annotators: str | None, name: str, documents: tuple[str, ...]
) -> Wanted:
    from annotui.services import curation, library
    from annotui.services.workspace import checked_name

    ids = tuple(library.find(workspace, document) for document in documents)
    return curation.Wanted(tuple(names_in(annotators)), checked_name(name), ids)


def _ruling(conflict: Conflict, choice: str, label: str, span: Span | None, state: State) -> Ruling:
    """What a choice from the command line means.

    Raises:
        AnnotationError: when it means nothing here.
    """
    from annotui.domain import adjudication

    question = conflict.question
    if span is not None:
        return adjudication.anew(label, [span])
    if choice == "neither":
        return adjudication.NEITHER
    if choice == "keep":
        if not question.earlier:
            raise AnnotationError("Nothing was decided on this before. Nothing was decided.")
        return adjudication.kept(question.earlier)
    if choice == "union":
        return adjudication.union(question.group, label)
    if choice == "intersection":
        return adjudication.intersection(question.group, label)
    by_key = dict(zip(adjudication.ANNOTATOR_KEYS, state.annotators, strict=False))
    name = by_key.get(choice, choice)
    if name not in state.annotators:
        raise AnnotationError(
            f"{choice!r} is no choice. Nothing was decided; there are "
            f"{', '.join(state.annotators)}, union, intersection, neither, keep and anew."
        )
    return adjudication.of_annotator(question.group, name, label)


def _as_json(state: State) -> dict[str, object]:
    return {
        "name": state.gold,
        "annotators": list(state.annotators),
        "documents": state.documents,
        "documents_waiting": state.waiting,
        "agreed": state.agreed,
        "decided": state.decided,
        "to_take_in": state.to_take_in,
        "open": len(state.conflicts),
        "conflicts": [_conflict(one) for one in state.conflicts],
    }


def _conflict(conflict: Conflict) -> dict[str, object]:
    group = conflict.question.group
    return {
        "id": group.members[0].annotation.annotation_id,
        "document_id": conflict.document_id,
        "document": conflict.title,
        "differences": [str(difference) for difference in group.differences],
        "missing": list(group.missing),
        "marks": [mark_entry(member.annotation) for member in group.members],
        "earlier": [
            {
                "id": one.adjudication_id,
                "choice": str(one.choice),
                "mark": mark_entry(one.gold) if one.gold is not None else None,
            }
            for one in conflict.question.earlier
        ],
    }


def _csv_rows(state: State) -> list[list[object]]:
    rows: list[list[object]] = []
    for conflict in state.conflicts:
        group = conflict.question.group
        about = [group.members[0].annotation.annotation_id, conflict.document_id, conflict.title]
        for name in group.annotators:
            member = group.of(name)
            row = [*about, " ".join(group.differences), name, _key(state, name)]
            if member is None:
                rows.append([*row, *[""] * 6])
            else:
                one = member.annotation
                place = (one.start, one.end, one.quote, one.note, one.annotation_id)
                rows.append([*row, one.label, *place])
    return rows


def _key(state: State, name: str) -> str:
    from annotui.domain.adjudication import ANNOTATOR_KEYS

    rank = state.annotators.index(name)
    return ANNOTATOR_KEYS[rank] if rank < len(ANNOTATOR_KEYS) else ""


def _print_table(state: State) -> None:
    rows: list[list[str | int]] = []
    for conflict in state.conflicts:
        group = conflict.question.group
        about = [group.members[0].annotation.annotation_id[-SHORT_ID:], conflict.title]
        about.append(", ".join(group.differences))
        for name in group.annotators:
            member = group.of(name)
            said = ["–", ""] if member is None else [
                member.annotation.label, f"“{shortened(member.annotation.quote)}”"
            ]  # fmt: skip
            rows.append([*about, _key(state, name), name, *said])
            about = ["", "", ""]
    heads = ["conflict", "document", "differences", "key", "annotator", "label", "quote"]
    if rows:
        output.table(heads, rows, elastic=(1, 4, 6))
    output.words(told(state))


def told(state: State) -> str:
    """Where an adjudication stands, in a line or two."""
    words = (
        f"{state.gold}: {output.counted(len(state.conflicts), 'conflict')} open, "
        f"{state.decided:,} decided, {state.agreed:,} agreed by {', '.join(state.annotators)} in "
        f"{output.counted(state.documents, 'document')}."
    )
    if state.to_take_in:
        words += f" {state.to_take_in:,} more are agreed; --take-in takes them in."
    if state.waiting:
        words += f" {output.counted(state.waiting, 'document')} wait for a second annotator."
    return words
