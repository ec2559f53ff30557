"""verify, backup, recover and annotators: looking after the file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotui.cli import output
from annotui.cli.settings import Command, Settings, file_name, takes_settings

if TYPE_CHECKING:
    from annotui.services.recovery import Recovery
    from annotui.services.upkeep import Verification

FAILED, INCOMPLETE = 1, 3

DERIVED = ("search index: ", "catalogue: ")
"""How findings begin that are about what can be made anew."""

VERIFY_HELP = """Check the whole file against itself.

Derives every document's id, every quote, fragment, line and context, and every row of the
history again from the texts, and runs SQLite's own checks. Prints what is wrong, one finding a
line, and exits 1; or says how much was checked. Nothing is changed.

Where only search index or catalogue are out of step, --reindex makes both anew from the documents
and notes first; it changes nothing else.
"""

BACKUP_HELP = """Write a compact copy of the database to PATH and check it.

PATH must not exist. The copy is called a backup only when it was found to be whole.
"""

RECOVER_HELP = """Make a sound file NEW out of what DAMAGED still holds.

DAMAGED is only read. Rows are taken with the recovery of the sqlite3 program where that is
installed, and page by page; a row that is damaged is made anew from its history where it can be.
NEW must not exist; it is checked as `annotui verify` does before it gets its name. What is lost is
counted. Marks that can be read, of a document that cannot, go into NEW.left-out.csv: take the
document in again, and `annotui import` brings them back. Exits 3 when something is missing.
"""

ANNOTATORS_HELP = """Print who has made how many annotations.

--rename shows what OLD made as NEW's from now on, for a name that slipped in. The history keeps
who made what under which name, and `annotui undo` takes a renaming back.
"""


@click.command("verify", cls=Command, help=VERIFY_HELP)
@click.option("--reindex", is_flag=True, help="Make the search index anew first.")
@takes_settings
def verify(settings: Settings, reindex: bool) -> int | None:
    """Check everything."""
    from annotui.services import listing, upkeep

    with settings.reading() as workspace:
        if reindex:
            listing.rebuild(workspace)
        report = upkeep.verify(workspace)
    for problem in report.problems:
        output.line(problem)
    if report.problems:
        found = output.counted(len(report.problems), "problem")
        is_derived = all(one.startswith(DERIVED) for one in report.problems)
        cure = (
            "No document or mark is touched by it; `annotui verify --reindex` mends it."
            if is_derived
            else "Go back to a backup, or let `annotui recover DAMAGED NEW` save what can be read."
        )
        output.words(f"annotui: {settings.db} is not sound: {found} found. {cure}")
        return FAILED
    output.line(f"All in order: {_extent(report)} checked.")
    return None


@click.command("backup", cls=Command, help=BACKUP_HELP)
@click.argument("target", metavar="PATH", callback=file_name)
@takes_settings
def backup(settings: Settings, target: str) -> None:
    """Copy the database."""
    from annotui.services import upkeep

    with settings.reading() as workspace:
        report = upkeep.backup(workspace, Path(target))
    output.words(f"Wrote {target}: {_extent(report)}, all checked.")


@click.command("recover", cls=Command, help=RECOVER_HELP)
@click.argument("damaged", metavar="DAMAGED", callback=file_name)
@click.argument("new", metavar="NEW", callback=file_name)
@takes_settings
def recover(settings: Settings, damaged: str, new: str) -> int | None:
    """Save what can be saved."""
    from annotui.services import recovery

    found = recovery.recover(Path(damaged), Path(new), settings.annotator_name())
    lost = _lost(found)
    for line in lost:
        output.line(line)
    output.words(f"Wrote {new}: {_extent(found.kept)}, all checked. {damaged} was left as it is.")
    if found.left_out is not None:
        output.words(
            f"Marks of lost documents are in {found.left_out}: add the documents again, then "
            f"`annotui import --db {new} {found.left_out}`."
        )
    if not lost:
        output.words("Nothing is known to be missing.")
        return None
    return INCOMPLETE


def _lost(found: Recovery) -> list[str]:
    """What is missing, a line for each kind of thing."""
    losses = found.losses
    lines = [
        f"lost: document {document_id[:12]} {title}".rstrip()
        for document_id, title in losses.documents.items()
    ]
    counts = {
        "annotation of a lost document": len(losses.marks),
        "change of the log": losses.changes,
        "history that begins with the recovery": losses.histories,
        "unreadable record": found.unreadable,
    } | {f"row of {table}": count for table, count in losses.rows.items()}
    plurals = {
        "annotation of a lost document": "annotations of lost documents",
        "change of the log": "changes of the log",
        "history that begins with the recovery": "histories that begin with the recovery",
        "unreadable record": "unreadable records",
    }
    for noun, count in counts.items():
        if count:
            plural = plurals.get(noun, noun.replace("row of", "rows of"))
            lines.append(f"lost: {count:,} {noun if count == 1 else plural}")
    return lines


def _extent(report: Verification) -> str:
    return ", ".join(
        (
            output.counted(report.documents, "document"),
            output.counted(report.annotations, "annotation"),
            output.counted(report.history_rows, "history row"),
        )
    )


@click.command("annotators", cls=Command, help=ANNOTATORS_HELP)
@click.option(
    "--rename", nargs=2, metavar="OLD NEW", help="Show the marks of OLD as NEW's from now on."
)
@takes_settings
def annotators(settings: Settings, rename: tuple[str, str] | None) -> None:
    """List or rename annotators."""
    from annotui.services import upkeep

    if rename is not None:
        old, new = rename
        with settings.writing() as workspace:
            moved = upkeep.rename_annotator(workspace, old, new)
        counted = output.counted(moved, "annotation")
        output.words(f"{old} goes under {new.strip()} from now on, with {counted}.")
        return
    with settings.reading() as workspace:
        names = upkeep.annotators(workspace)
    output.table(["annotator", "annotations"], names, elastic=(0,))
