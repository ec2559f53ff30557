"""verify, backup and annotators: looking after the file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotui.cli import output
from annotui.cli.settings import Command, Settings, file_name, takes_settings

if TYPE_CHECKING:
    from annotui.services.upkeep import Verification

FAILED = 1

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
            else "Keep a copy of the file and go back to a backup."
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
