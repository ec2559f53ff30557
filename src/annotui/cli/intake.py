"""add, info and remove: articles in, what is known of one, and out of sight again."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotui.cli import output
from annotui.cli.keys import check_first_labels
from annotui.cli.progress import progress
from annotui.cli.settings import Command, Settings, takes_settings
from annotui.errors import AnnotuiError, DocumentError, EncodingError, StoreError
from annotui.formats.article_file import KINDS

if TYPE_CHECKING:
    from annotui.services.article_reading import Reading, Walk
    from annotui.services.intake import Taken
    from annotui.services.workspace import Workspace

FAILED, LEFT_OUT = 1, 3
STANDARD_INPUT = "Standard input"
BAR_FROM = 20
"""Files from which a bar shows how far it is."""

ADD_HELP = """Take articles in without opening them.

PATH is a file, a folder with all that is in it, or - for standard input. Text, Markdown and HTML
are read as they are; PDF, Word and the main text of web pages need extras: `pip install
'annotui[html,pdf,docx]'`. Of a folder the files ending in .txt, .md, .html, .pdf or .docx are
taken, or those that --include names; patterns are the shell's, for names or for paths in the
folder.

Prints the id and the title of each document, a tab between. The same text a second time is no
error and adds nothing, so an intake that was interrupted goes on where it was. Line ends become
LF; the text is never changed again.

\b
Examples:
  annotui add news/*.txt
  annotui add news --exclude 'drafts/*' --encoding-fallback cp1252
  annotui add --encoding cp1252 --title "Budget 1998" old.txt
  curl https://example.org/a.html | annotui add --as html -
"""


@dataclass(slots=True)
class Tally:
    """What became of the articles so far."""

    added: int = 0
    there: int = 0
    refused: list[str] = field(default_factory=list)
    remarks: dict[str, int] = field(default_factory=dict)

    @property
    def taken(self) -> int:
        """How many are in the database now."""
        return self.added + self.there


@click.command("add", cls=Command, help=ADD_HELP)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--title", metavar="TEXT", help="Its title; else what the file says, or its start.")
@click.option("--as", "kind", type=click.Choice(KINDS), help="What it is; else found out.")
@click.option("--encoding", metavar="NAME", help="How the bytes are to be read; else UTF-8.")
@click.option(
    "--encoding-fallback", "fallback", metavar="NAME", help="For files that are not in UTF-8."
)
@click.option("--include", multiple=True, metavar="PATTERN", help="Of a folder only these files.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Of a folder not these files.")
@click.option("--dry-run", is_flag=True, help="Say what would be added, and add nothing.")
@takes_settings
def add(
    settings: Settings,
    paths: tuple[str, ...],
    title: str | None,
    kind: str | None,
    encoding: str | None,
    fallback: str | None,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    dry_run: bool,
) -> int | None:
    """Take articles in, and say which could not be."""
    from annotui.services.article_reading import Reading, Selection, Walk

    if title is not None and (len(paths) > 1 or _has_folder(paths)):
        raise click.UsageError("--title goes with one article. Nothing was added.")
    how = Reading(kind, encoding, fallback)
    walk = Walk(Selection(include, exclude))
    tally = Tally()
    with settings.writing() as workspace:
        check_first_labels(settings, workspace)
        files = list(_files(walk, paths))
        if not files:
            raise DocumentError(_no_article(paths, walk.passed_over))
        try:
            with progress(len(files), "articles", least=BAR_FROM) as count_on:
                for taken in _take_in(workspace, files, how, title, dry_run):
                    _tell(taken, settings, tally, is_many=len(files) >= BAR_FROM)
                    count_on(1)
        except StoreError as error:
            raise StoreError(_stopped(error, tally, len(files), paths)) from error
        except KeyboardInterrupt:
            if len(files) > 1:
                output.words(_interrupted(tally))
            raise
    _close(tally, walk.passed_over, len(files), dry_run, is_folder=_has_folder(paths))
    if not tally.refused:
        return None
    return LEFT_OUT if tally.taken else FAILED


def _has_folder(paths: Sequence[str]) -> bool:
    return any(path != "-" and os.path.isdir(path) for path in paths)  # noqa: PTH112


def _files(walk: Walk, paths: Sequence[str]) -> Iterator[Path | DocumentError | None]:
    """The files that ``paths`` name, in their order; None is standard input."""
    for path in paths:
        if path == "-":
            yield None
        else:
            yield from walk.files([Path(path)])


def _take_in(
    workspace: Workspace,
    files: Iterable[Path | DocumentError | None],
    how: Reading,
    title: str | None,
    dry_run: bool,
) -> Iterator[Taken]:
    from annotui.services import intake

    run: list[Path | DocumentError] = []
    for file in files:
        if file is not None:
            run.append(file)
            continue
        yield from intake.take_in(workspace, run, how, title=title, dry_run=dry_run)
        run = []
        yield _from_standard_input(workspace, how, title, dry_run)
    yield from intake.take_in(workspace, run, how, title=title, dry_run=dry_run)


def _from_standard_input(
    workspace: Workspace, how: Reading, title: str | None, dry_run: bool
) -> Taken:
    from annotui.services import intake
    from annotui.services.article_reading import SIZE_LIMIT, read_bytes

    try:
        plain = read_bytes(_standard_input(SIZE_LIMIT), STANDARD_INPUT, how)
        read = intake.Read(STANDARD_INPUT, plain, title, "")
        return intake.store(workspace, [read], dry_run=dry_run)[0]
    except StoreError:
        raise
    except AnnotuiError as error:
        return intake.Taken(STANDARD_INPUT, intake.State.REFUSED, reason=str(error), error=error)


def _tell(taken: Taken, settings: Settings, tally: Tally, *, is_many: bool) -> None:
    """Print what became of an article, and count it."""
    if taken.error is not None:
        message = taken.reason
        if isinstance(taken.error, EncodingError):
            path = "-" if taken.where == STANDARD_INPUT else taken.where
            message = with_ready_command(taken.error, settings, path)
        tally.refused.append(message)
        if not is_many:
            output.words(f"annotui: {message}")
        return
    if not (is_many and output.is_terminal(sys.stdout)):
        output.data(f"{taken.document_id}\t{taken.title}\n")
    if taken.state == "added":
        tally.added += 1
        if taken.reason:
            tally.remarks[taken.reason] = tally.remarks.get(taken.reason, 0) + 1
            if not is_many:
                output.words(f"{taken.where}: {taken.reason}")
        return
    tally.there += 1
    if not is_many:
        output.words(f"{taken.where} is in {settings.db} already; nothing was added.")


def _close(tally: Tally, passed_over: int, count: int, dry_run: bool, *, is_folder: bool) -> None:
    """Say in the end what became of them all."""
    if count >= BAR_FROM:
        for message in tally.refused:
            output.words(f"annotui: {message}")
        for remark, times in tally.remarks.items():
            output.words(f"Of {output.counted(times, 'article')}: {remark}.")
    _tell_all(tally, passed_over, count, dry_run, is_folder=is_folder)
    if tally.taken and not dry_run:
        output.hint("`annotui` opens the reader; in it ctrl+o lists all articles.")


def _tell_all(
    tally: Tally, passed_over: int, count: int, dry_run: bool, *, is_folder: bool
) -> None:
    if count < 2 and not is_folder and not dry_run:
        return
    verb = "would be added" if dry_run else "added"
    parts = [f"{output.counted(tally.added, 'article')} {verb}"]
    if tally.there:
        parts.append(f"{tally.there:,} already there")
    if tally.refused:
        parts.append(f"{len(tally.refused):,} refused")
    if passed_over:
        parts.append(f"{output.counted(passed_over, 'other file')} passed over")
    output.words(f"{', '.join(parts)}.")


def _no_article(paths: Sequence[str], passed_over: int) -> str:
    other = f" ({output.counted(passed_over, 'other file')})" if passed_over else ""
    return (
        f"There is no article in {', '.join(paths)}{other}. Nothing was added; --include '*' takes "
        "files with other endings."
    )


def _interrupted(tally: Tally) -> str:
    count = output.counted(tally.added, "article")
    return f"Interrupted. {count} had been added whole; the same command goes on from there."


def _stopped(error: StoreError, tally: Tally, count: int, paths: Sequence[str]) -> str:
    where = f"{STANDARD_INPUT if paths[0] == '-' else paths[0]}: " if len(paths) == 1 else ""
    before = f" {tally.added:,} of {count:,} articles had been added before." if tally.added else ""
    return f"{where}{error}{before}"


def with_ready_command(error: EncodingError, settings: Settings, path: str) -> str:
    """The message with the command that takes the article in, as it was asked for."""
    words = [word for option in settings.as_given.items() for word in option]
    ends_options = ["--"] if path.startswith("-") and path != "-" else []
    given = [*words, *_title_given(), "--encoding", error.fitting, *ends_options, path]
    return f"{error} If it is, run:\n{shlex.join(['annotui', 'add', *given])}"


def _title_given() -> list[str]:
    """The title as it is on the command line of now."""
    context = click.get_current_context(silent=True)
    title = context.params.get("title") if context is not None else None
    return ["--title", title] if title is not None else []


def _standard_input(size_limit: int) -> bytes:
    if sys.stdin is None or sys.stdin.closed:
        raise DocumentError("Standard input is closed. Nothing was added.")
    if output.is_terminal(sys.stdin):
        output.words("Type or paste the article; ctrl+d on a line of its own ends it.")
    try:
        data = sys.stdin.buffer.read(size_limit + 1)
    except OSError as error:
        raise DocumentError(
            f"Standard input cannot be read: {error.strerror or error}. Nothing was added."
        ) from error
    if len(data) > size_limit:
        raise DocumentError(
            f"Standard input holds more than {size_limit:,} bytes, the most an article may have. "
            "Nothing was added; split it."
        )
    return data


INFO_HELP = """Show what is known of a document.

Title, where it came from, how its text was made (format, extractor and its version, encoding,
line ends), author, site, date, language and address where they are known, words, marks by label
and annotator.
"""


@click.command("info", cls=Command, help=INFO_HELP)
@click.argument("document")
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table",
    show_default=True, help="How to print it.",
)  # fmt: skip
@takes_settings
def info(settings: Settings, document: str, form: str) -> None:
    """Print what is known of a document."""
    from annotui.services import library

    with settings.looking() as workspace:
        facts = library.info(workspace, library.find(workspace, document))
    if form == "json":
        output.json_data(facts)
        return
    rows: list[tuple[str, str]] = []
    for name, value in facts.items():
        if isinstance(value, dict):
            rows += [
                (f"{name}: {key}", f"{count:,}" if isinstance(count, int) else str(count))
                for key, count in value.items()
            ]
        elif isinstance(value, list):
            rows += [(name, ", ".join(map(str, value)))] if value else []
        elif value not in ("", None):
            rows.append((name, f"{value:,}" if isinstance(value, int) else str(value)))
    output.table(["", ""], rows, elastic=(1,))


REMOVE_HELP = """Take a document out of sight, its marks with it.

Nothing is deleted: `annotui undo` brings both back, and so does adding the same text again.
Asks first; --yes goes ahead.
"""


@click.command("remove", cls=Command, help=REMOVE_HELP)
@click.argument("document")
@click.option("--yes", is_flag=True, help="Do not ask.")
@takes_settings
def remove(settings: Settings, document: str, yes: bool) -> int | None:
    """Mark a document as removed."""
    from annotui.services import library

    with settings.writing() as workspace:
        document_id = library.find(workspace, document)
        facts = library.info(workspace, document_id)
        marks = output.counted(int(str(facts["marks"])), "mark")
        if not yes:
            if not output.is_terminal(sys.stdin):
                raise DocumentError(
                    f"{facts['title']!r} has {marks}. Nothing was changed; --yes removes it "
                    "without asking."
                )
            output.words(
                f"Remove {facts['title']!r} with {marks}? y removes it, all else leaves it"
            )
            if sys.stdin.readline().strip().lower() not in ("y", "yes"):
                output.words("Nothing was changed.")
                return FAILED
        outcome = library.remove(workspace, document_id)
    output.words(f"Removed {facts['title']!r} with {marks}; `annotui undo` brings it back.")
    output.data(f"{outcome.change.change_id}\n")
    return None
