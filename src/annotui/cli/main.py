"""The command line's entry: parse, run one command, turn failures into one message."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from annotui import __version__
from annotui.cli import output
from annotui.cli.adjudication import adjudicate, resolve
from annotui.cli.agreement import agreement
from annotui.cli.articles import read, show, tutorial
from annotui.cli.collection import collection
from annotui.cli.comparison import compare
from annotui.cli.completion import completion, teach
from annotui.cli.exchange import export, formats
from annotui.cli.importing import import_
from annotui.cli.intake import add, info, remove
from annotui.cli.keys import keys
from annotui.cli.labels import labels
from annotui.cli.listing import list_documents
from annotui.cli.marks import annotate, log, redo, undo
from annotui.cli.merging import merge
from annotui.cli.progress import Terminated
from annotui.cli.queue import coverage, status
from annotui.cli.review import decide, decisions
from annotui.cli.review_queue import review
from annotui.cli.settings import (
    ANNOTATOR_HELP,
    DB_HELP,
    DEFAULT_DATABASE,
    Command,
    Settings,
    file_name,
)
from annotui.cli.stats import stats
from annotui.cli.upkeep import annotators, backup, recover, verify
from annotui.errors import AnnotuiError

DONE, FAILED, WRONG_USAGE = 0, 1, 2
INTERRUPTED = 130
READER_GONE, TERMINATED = 141, 143
"""What a shell reports of a program that SIGPIPE, or SIGTERM, ended."""

EXAMPLES = (
    ("annotui article.txt", "read an article and mark it"),
    ("annotui", "go on with the last one"),
    ("annotui tutorial", "learn the keys in ten minutes"),
    ("annotui add news/*.txt", "take articles in without reading"),
    ("annotui list", "what there is, and how much is marked"),
    ("annotui show 6f0c9d", "the article with its marks"),
    ("annotui export -o marks.csv", "every mark as CSV"),
)

GROUPS: dict[str, tuple[click.Command, ...]] = {
    "Articles": (read, add, list_documents, info, show, remove, collection),
    "The queue": (status, coverage),
    "Marks": (annotate, undo, redo, log),
    "Review and comparison": (
        review,
        decide,
        decisions,
        compare,
        adjudicate,
        resolve,
        agreement,
        stats,
    ),
    "In and out": (export, import_, merge, formats),
    "Labels, people, keys": (labels, annotators, keys, tutorial, completion),
    "Looking after the file": (verify, backup, recover),
}
"""The commands in the order of their use, under the headings of the help page."""

EPILOG = """In the reader ? shows the keys; `annotui keys` prints them. `annotui COMMAND --help`
tells more. A first word that is no command is an article; one that is called like a command is
opened with `annotui read list` or `annotui ./list`.

DOCUMENT is six or more digits of a document's id, its title, or the path it came from.

Data go to standard output, words to standard error. Exit codes: 0 done, 1 failed, 2 wrong usage,
3 done but something was left out.
"""


class AnnotuiGroup(Command, click.Group):
    """Commands in the order of their use; a first argument that is none of them is an article."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which they were added."""
        return list(self.commands)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Examples, the commands under their headings, and the options behind them."""
        with formatter.section("Examples"):
            formatter.write_dl(EXAMPLES)
        width = max(map(len, self.commands))
        for heading, commands in GROUPS.items():
            with formatter.section(heading):
                formatter.write_dl(
                    [
                        (one.name.ljust(width), one.get_short_help_str(80))
                        for one in commands
                        if one.name
                    ]
                )
        click.Command.format_options(self, ctx, formatter)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Articles, and before them commands and options."""
        return [CompletionItem(incomplete, type="file"), *super().shell_complete(ctx, incomplete)]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that ``args`` name, else ``read`` with all of them as articles.

        Raises:
            UsageError: when the first is neither a command nor anything like a path.
        """
        name = args[0]
        if name in self.commands:
            return super().resolve_command(ctx, args)
        if not os.path.lexists(name) and not set(name) & {os.sep, "."}:
            raise click.UsageError(self._unknown(name), ctx)
        return read.name, read, ["--", *args] if name.startswith("-") else args

    def _unknown(self, name: str) -> str:
        from difflib import get_close_matches

        near = get_close_matches(name.casefold(), self.commands, n=3)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        return f"{name!r} is neither a command nor a file.{hint} Nothing was done."


def _show_version(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        output.line(f"annotui {__version__}")
        context.exit()


@click.group(
    cls=AnnotuiGroup,
    invoke_without_command=True,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    subcommand_metavar="[COMMAND | ARTICLE...] ...",
)
@click.option(
    "--db",
    callback=file_name,
    metavar="PATH",
    envvar="ANNOTUI_DB",
    show_envvar=True,
    default=DEFAULT_DATABASE,
    show_default=True,
    help=DB_HELP,
)
@click.option(
    "--annotator",
    metavar="NAME",
    envvar="ANNOTUI_ANNOTATOR",
    show_envvar=True,
    help=f"{ANNOTATOR_HELP} Else git's user.name, else the login name.",
)
@click.option("--blind", is_flag=True, help="Hide others' marks until one's own article is done.")
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_show_version,
    help="Show the version and leave.",
)
@click.pass_context
def cli(context: click.Context, db: str, annotator: str | None, blind: bool) -> int | None:
    """Read news in the terminal, mark spans of it, and keep every mark in one SQLite file.

    Without a command: read the ARTICLEs, or go on with the last one.
    """
    given = {"db": db, "annotator": annotator}
    on_line = {name: value for name, value in given.items() if _is_on_line(context, name)}
    context.obj = Settings(Path(db), annotator, is_blind=blind).overridden(**on_line)
    if context.invoked_subcommand is None:
        answer: int | None = context.invoke(read)
        return answer
    return None


def _is_on_line(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is ParameterSource.COMMANDLINE


for _commands in GROUPS.values():
    for _command in _commands:
        cli.add_command(_command)
teach([cli, *cli.commands.values()])


def main(arguments: Sequence[str]) -> int:
    """Run the command that ``arguments`` name; the answer is the exit code."""
    try:
        answer = cli.main(list(arguments), prog_name="annotui", standalone_mode=False)
    except click.UsageError as error:
        output.words(_usage_words(error))
        return WRONG_USAGE
    except click.ClickException as error:
        output.words(f"annotui: {error.format_message()}")
        return FAILED
    except AnnotuiError as error:
        output.words(f"annotui: {error}")
        return FAILED
    except (click.Abort, KeyboardInterrupt) as error:
        return TERMINATED if isinstance(error.__cause__, Terminated) else INTERRUPTED
    except output.ReaderGoneError:
        return READER_GONE
    return answer if isinstance(answer, int) else DONE


def _usage_words(error: click.UsageError) -> str:
    if error.ctx is None:
        return f"annotui: {error.format_message()}"
    command = error.ctx.command_path
    return (
        f"{error.ctx.get_usage()}\n"
        f"annotui: {error.format_message()} (`{command} --help` shows how.)"
    )


def run() -> NoReturn:
    """The program ``annotui``."""
    sys.excepthook = output.crash
    sys.exit(main(sys.argv[1:]))
