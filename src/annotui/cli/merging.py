"""merge: other people's files into one's own."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotui.cli import output
from annotui.cli.conflicts import ask_about, told
from annotui.cli.keys import check_first_labels
from annotui.cli.progress import progress
from annotui.cli.settings import Command, Settings, takes_settings
from annotui.domain.merging import Prefer
from annotui.errors import StoreError

if TYPE_CHECKING:
    from annotui.services.merging import How, Merged
    from annotui.services.workspace import Workspace

FAILED, LEFT_OUT = 1, 3
SHOWN_AT_MOST = 20
"""Conflicts that are listed where nobody can be asked."""

MERGE_HELP = """Bring other people's files in: articles, marks, decisions, log.

What is here stays, what OTHER.db has besides comes in under the same ids, and OTHER.db itself is
only read. Merging again, in another order, or a merged file back gives the same.

A row that was changed here and there since the files parted is a conflict: both versions are
shown, and a key decides. --prefer decides all of them: mine, theirs, or the newest edit. Where
nobody can be asked and there is no --prefer, the conflicts are listed and nothing is merged.
Labels that differ stay as they are here.

All files come in together or none does. A merge is not undone: what others did is not yours to
take back. --dry-run tells what would happen; `annotui backup` keeps the file as it is.

\b
Examples:
  annotui merge amy.db bob.db --dry-run
  annotui merge amy.db --prefer newest
"""


@click.command("merge", cls=Command, help=MERGE_HELP)
@click.argument("paths", nargs=-1, required=True, metavar="OTHER.db...")
@click.option("--dry-run", is_flag=True, help="Tell what would come in; change nothing.")
@click.option(
    "--prefer", type=click.Choice([str(one) for one in Prefer]),
    help="Whose version stands where a row was changed on both sides.",
)  # fmt: skip
@takes_settings
def merge(
    settings: Settings, paths: tuple[str, ...], dry_run: bool, prefer: str | None
) -> int | None:
    """Bring other files in."""
    from annotui.services.merging import How
    from annotui.tui.key_table import free_label_keys

    for path in paths:
        if not Path(path).exists():
            raise StoreError(f"There is no file {path}. Nothing was merged.")
    with settings.writing() as workspace:
        check_first_labels(settings, workspace)
        how = How(
            prefer=Prefer(prefer) if prefer else None,
            dry_run=dry_run,
            free_keys=tuple(free_label_keys(workspace.scheme(), settings.config().keys)),
        )
        merged = _merged(workspace, [Path(path) for path in paths], how)
    if merged is None:
        return FAILED
    for one in merged:
        _tell(one, dry_run=dry_run)
    return LEFT_OUT if any(one.left_out for one in merged) else None


def _merged(workspace: Workspace, paths: Sequence[Path], how: How) -> list[Merged] | None:
    """What came in; None where conflicts are left open. Each answer is used in a new attempt."""
    from annotui.services.merging import UndecidedError
    from annotui.services.merging import merge as bring_in

    while True:
        try:
            with ExitStack() as stack:
                return bring_in(workspace, paths, how, _Watch(stack))
        except UndecidedError as error:
            if not _can_ask():
                output.words(f"annotui: {error} --prefer mine, theirs or newest decides:")
                for conflict in error.conflicts[:SHOWN_AT_MOST]:
                    output.words(told(conflict))
                if len(error.conflicts) > SHOWN_AT_MOST:
                    output.words(f"and {len(error.conflicts) - SHOWN_AT_MOST:,} more.")
                return None
            answers = ask_about(error.path, error.conflicts)
            if answers is None:
                output.words("Left as it was: nothing was merged.")
                return None
            how = replace(how, decisions={**how.decisions, **answers})


def _can_ask() -> bool:
    return output.is_terminal(sys.stdin) and output.is_terminal(sys.stderr)


class _Watch:
    """Shows a bar for the rows of each file."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack, self._done, self._total = stack, 0, 0

    def __call__(self, done: int, total: int) -> None:
        if self._done == 0 or done < self._done:
            self._stack.close()
            self._count_on = self._stack.enter_context(progress(total, "rows"))
            self._done = 0
        self._count_on(done - self._done)
        self._done = done


def _tell(one: Merged, *, dry_run: bool) -> None:
    """Say what one file brought."""
    from annotui.services.merging import summary

    if one.is_nothing:
        output.line(f"{one.path.name}: nothing that is not here.")
        return
    output.line(summary(one) + (" would come in." if dry_run else "."))
    if one.labels.added:
        output.words(f"New labels: {', '.join(one.labels.added)}.")
    if one.labels.kept:
        output.words(
            f"Labels that differ in {one.path.name} stay as they are here: "
            f"{', '.join(one.labels.kept)}."
        )
    if one.unseen:
        marks = output.counted(one.unseen, "annotation")
        output.words(f"{marks} came into documents that are removed here.")
    if one.left_out:
        rows = output.counted(len(one.left_out), "row")
        output.words(
            f"annotui: {rows} of {one.path.name} left out: the id is here for another mark or "
            f"another person: {', '.join(f'{table} {key}' for table, key in one.left_out[:5])}."
        )
