"""import: annotations in, from other programs' files and from exports."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotui.cli import output
from annotui.cli.keys import check_first_labels
from annotui.cli.progress import progress
from annotui.cli.settings import Command, Settings, takes_settings
from annotui.errors import DocumentError, StoreError
from annotui.formats import registry

if TYPE_CHECKING:
    from annotui.services.importing import Outcome
    from annotui.services.record_check import How
    from annotui.services.workspace import Workspace

FAILED, LEFT_OUT = 1, 3

IMPORT_HELP = """Take annotations in from files of any format that can be read.

PATH is a file, or a folder of which the files with a fitting ending are taken. The format is found
out by content where that is unmistakable; `annotui formats` lists them.

Every record is checked against the text first. A file with records that disagree is refused, and
they are listed with what was expected and found; --skip-bad takes the others, --re-anchor also
those whose quote stands only once within 1,000 characters. Labels that the database lacks need
--map or --add-labels.

The same file a second time changes nothing. A mark that is here in another version is left as it
is. `annotui undo` takes back a document's marks; exit code 3 says that something was left out.

\b
Examples:
  annotui import marks.csv
  annotui import corpus/ --annotator "Amy Ito" --map Claim=claim --add-labels
  annotui import old.jsonl --re-anchor
"""


@dataclass(slots=True)
class Tally:
    """What became of the files so far."""

    files: int = 0
    refused: int = 0
    documents: int = 0
    added: int = 0
    there: int = 0
    restored: int = 0
    decisions: int = 0
    re_anchored: int = 0
    differing: int = 0
    problems: int = 0
    with_problems: int = 0
    unknown_labels: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)

    def count(self, outcome: Outcome) -> None:
        """Add what became of one file."""
        self.files += 1
        self.refused += outcome.is_refused
        self.unknown_labels += outcome.unknown_labels
        self.problems += len(outcome.problems)
        self.with_problems += bool(outcome.is_refused and outcome.problems)
        if outcome.is_refused:
            return
        stored = outcome.stored
        self.documents += stored.documents
        self.added += stored.added
        self.there += stored.there
        self.restored += stored.restored
        self.decisions += stored.decisions
        self.differing += stored.differing
        self.re_anchored += outcome.re_anchored
        self.left_out += outcome.left_out


@click.command("import", cls=Command, help=IMPORT_HELP)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--format", "form", type=click.Choice([one.name for one in registry.readable()]),
    help="What the files are; else found out.",
)  # fmt: skip
@click.option("--document", metavar="DOCUMENT", help="Which is meant where the file does not say.")
@click.option(
    "--map", "pairs", multiple=True, metavar="OLD=NEW", help="Give NEW for the label OLD."
)
@click.option("--add-labels", is_flag=True, help="Add the labels that the database lacks.")
@click.option("--skip-bad", is_flag=True, help="Leave out records that disagree with the text.")
@click.option("--re-anchor", is_flag=True, help="Find them by their quote; leave out the rest.")
@takes_settings
def import_(
    settings: Settings,
    paths: tuple[str, ...],
    form: str | None,
    document: str | None,
    pairs: tuple[str, ...],
    add_labels: bool,
    skip_bad: bool,
    re_anchor: bool,
) -> int | None:
    """Take annotations in."""
    from annotui.services import library
    from annotui.services.record_check import How
    from annotui.tui.key_table import free_label_keys

    tally = Tally()
    with settings.writing() as workspace:
        check_first_labels(settings, workspace)
        how = How(
            form=form or "",
            document_id=library.find(workspace, document) if document else "",
            mapping=dict(map(_pair, pairs)),
            add_labels=add_labels,
            skip_bad=skip_bad,
            re_anchor=re_anchor,
            free_keys=(
                tuple(free_label_keys(workspace.scheme(), settings.config().keys))
                if add_labels
                else ()
            ),
        )
        files = _files(paths, how)
        try:
            _run(workspace, how, files, tally)
        except StoreError as error:
            before = _came_in(tally)
            raise StoreError(f"{error} Before that: {before}" if tally.files else str(error)) from (
                error
            )
        except KeyboardInterrupt:
            output.words(f"Interrupted. {_came_in(tally)} The same command goes on from there.")
            raise
    _close(tally, how)
    if not (tally.refused or tally.problems or tally.left_out or tally.differing):
        return None
    return FAILED if tally.refused == tally.files else LEFT_OUT


def _pair(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not (old and equals and new):
        raise click.UsageError(f"--map needs OLD=NEW, not {text!r}. Nothing was imported.")
    return old, new


def _files(paths: Sequence[str], how: How) -> list[Path | DocumentError]:
    """The files that ``paths`` name; of a folder those with a fitting ending."""
    from annotui.services.article_reading import Selection, Walk

    forms = [registry.named(how.form)] if how.form else registry.readable()
    walk = Walk(Selection(tuple(f"*{one.suffix}" for one in forms)))
    files = list(walk.files([Path(path) for path in paths]))
    if not files:
        endings = ", ".join(sorted({one.suffix for one in forms}))
        raise DocumentError(
            f"There is no file ending in {endings} in {', '.join(paths)}. Nothing was imported."
        )
    return files


def _run(
    workspace: Workspace, how: How, files: Sequence[Path | DocumentError], tally: Tally
) -> None:
    from annotui.services.importing import Import

    job = Import(workspace, how)
    with ExitStack() as stack:
        gc.disable()  # what is read has no cycles, and looking for them takes a tenth of the time
        stack.callback(gc.enable)
        count_on = stack.enter_context(progress(len(files), "files"))
        watch = _Watch(stack) if len(files) == 1 else lambda _done, _total: None
        for outcome in job.run(files, watch):
            tally.count(outcome)
            _tell(outcome)
            count_on(1)


class _Watch:
    """Shows a bar for the documents of one large file."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack, self._done = stack, 0
        self._count_on: Callable[[int], None] | None = None

    def __call__(self, done: int, total: int) -> None:
        if self._count_on is None:
            self._count_on = self._stack.enter_context(progress(total, "documents"))
        self._count_on(done - self._done)
        self._done = done


def _tell(outcome: Outcome) -> None:
    """Say what is wrong with a file, line by line."""
    if outcome.reason:
        output.words(f"annotui: {outcome.reason}")
    for problem in outcome.problems:
        output.words(f"annotui: {problem}")


def _came_in(tally: Tally) -> str:
    added = output.counted(tally.added + tally.restored, "annotation")
    whole = output.counted(tally.files - tally.refused, "file")
    return f"{added} had come in, of {whole}."


def _close(tally: Tally, how: How) -> None:
    """Say in the end what became of them all, and what can be done."""
    if tally.unknown_labels:
        names = ", ".join(f"{name} ({count:,})" for name, count in tally.unknown_labels.items())
        output.words(
            f"annotui: labels that the database does not have: {names}. --add-labels adds them, "
            "--map OLD=NEW gives another for one."
        )
    parts = [f"{output.counted(tally.added, 'annotation')} imported"]
    for count, words in (
        (tally.restored, "{} brought back"),
        (tally.re_anchored, "{} of them found again by the quote"),
        (tally.decisions, "{} decided"),
        (tally.there, "{} there already"),
        (tally.differing, "{} left as they are here, in another version"),
    ):
        parts += [words.format(f"{count:,}")] if count else []
    if tally.documents:
        parts.append(f"{output.counted(tally.documents, 'document')} added")
    for kind, count in tally.left_out.items():
        parts.append(f"{count:,} {kind} left out")
    if tally.problems and how.leaves_out:
        parts.append(f"{output.counted(tally.problems, 'bad record')} left out")
    if tally.refused:
        parts.append(f"{output.counted(tally.refused, 'file')} refused")
    output.words(f"{', '.join(parts)}.")
    if tally.with_problems and not how.leaves_out:
        output.words(
            "Nothing of a refused file was imported: --skip-bad leaves out the records that are "
            "listed above, --re-anchor looks for them by their quote."
        )
