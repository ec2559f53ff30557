"""collection: named groups of articles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from annotui.cli import output
from annotui.cli.settings import Command, Settings, takes_settings

if TYPE_CHECKING:
    from annotui.services.workspace import Workspace

COLLECTION_HELP = """Group articles in collections; without a command list them.

An article can be in several. Nothing is deleted: `annotui undo` takes each of these back. The
library (ctrl+o in the reader) shows one with `c`, and `annotui list --collection NAME` prints it.

\b
Examples:
  annotui collection create "Budget 2024"
  annotui collection add "Budget 2024" 6f0c9d 'Tax plan denied'
  annotui collection add "Budget 2024" --search 'budget minist*'
  annotui list --collection "Budget 2024"
"""

FORMATS = click.Choice(["table", "json", "csv"])


class CollectionGroup(Command, click.Group):
    """Commands in the order of their use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which they were added."""
        return list(self.commands)


@click.group(
    "collection", cls=CollectionGroup, help=COLLECTION_HELP, invoke_without_command=True,
    subcommand_metavar="[COMMAND] [ARGS]...",
)  # fmt: skip
@click.option("--format", "form", type=FORMATS, default="table", show_default=True,
              help="How to print the list.")  # fmt: skip
@takes_settings
def collection(settings: Settings, form: str) -> None:
    """List the collections, where no command is given."""
    context = click.get_current_context()
    context.find_root().obj = settings
    if context.invoked_subcommand is None:
        _list(settings, form)


@collection.command(
    "list", cls=Command, help="List the collections and how many articles each has."
)
@click.option("--format", "form", type=FORMATS, default="table", show_default=True,
              help="How to print it.")  # fmt: skip
@takes_settings
def list_collections(settings: Settings, form: str) -> None:
    """Print the collections."""
    _list(settings, form)


def _list(settings: Settings, form: str) -> None:
    from annotui.services import collections

    heads = ["name", "documents", "created_at"]
    with settings.reading() as workspace:
        found = collections.listed(workspace)
    rows: list[list[str | int]] = [[one.name, one.documents, one.created_at] for one in found]
    if form == "json":
        output.json_data([dict(zip(heads, row, strict=True)) for row in rows])
    elif form == "csv":
        output.csv_data(heads, rows)
    elif rows:
        output.table(heads, rows, elastic=(0,))
    else:
        output.words(
            f"{settings.db} has no collection yet; `annotui collection create NAME` makes one."
        )


@collection.command("create", cls=Command, help="Make a collection, with DOCUMENTs in it if given.")
@click.argument("name")
@click.argument("documents", nargs=-1, metavar="[DOCUMENT]...")
@takes_settings
def create(settings: Settings, name: str, documents: tuple[str, ...]) -> None:
    """Make a collection."""
    from annotui.services import collections

    with settings.writing() as workspace:
        ids = _found(workspace, documents)
        change = collections.create(workspace, name).change
        if ids:
            change = collections.put_in(workspace, collections.checked(name), ids)[0].change
    output.data(f"{change.change_id}\n")


@collection.command("add", cls=Command, help="Put articles into a collection.")
@click.argument("name")
@click.argument("documents", nargs=-1, metavar="[DOCUMENT]...")
@click.option("--search", default="", metavar="WORDS", help="And all in which this is found.")
@click.option("--source", default="", metavar="TEXT", help="And all whose source has TEXT in it.")
@takes_settings
def put_in(
    settings: Settings, name: str, documents: tuple[str, ...], search: str, source: str
) -> None:
    """Put documents into a collection."""
    from annotui.services import collections

    with settings.writing() as workspace:
        ids = _chosen(workspace, documents, search, source)
        outcome, count = collections.put_in(workspace, name, ids)
    output.words(f"{output.counted(count, 'article')} put into {name!r}.")
    output.data(f"{outcome.change.change_id}\n")


@collection.command("remove", cls=Command, help="Take articles out of a collection.")
@click.argument("name")
@click.argument("documents", nargs=-1, required=True, metavar="DOCUMENT...")
@takes_settings
def take_out(settings: Settings, name: str, documents: tuple[str, ...]) -> None:
    """Take documents out of a collection."""
    from annotui.services import collections

    with settings.writing() as workspace:
        outcome, count = collections.take_out(workspace, name, _found(workspace, documents))
    output.words(f"{output.counted(count, 'article')} taken out of {name!r}.")
    output.data(f"{outcome.change.change_id}\n")


@collection.command("rename", cls=Command, help="Give a collection another name.")
@click.argument("old")
@click.argument("new")
@takes_settings
def rename(settings: Settings, old: str, new: str) -> None:
    """Rename a collection."""
    from annotui.services import collections

    with settings.writing() as workspace:
        outcome = collections.rename(workspace, old, new)
    output.data(f"{outcome.change.change_id}\n")


@collection.command("delete", cls=Command, help="Do away with a collection; its articles stay.")
@click.argument("name")
@takes_settings
def delete(settings: Settings, name: str) -> None:
    """Remove a collection."""
    from annotui.services import collections

    with settings.writing() as workspace:
        outcome = collections.delete(workspace, name)
    output.words(
        f"The collection {name!r} is gone, its articles stay; `annotui undo` brings it back."
    )
    output.data(f"{outcome.change.change_id}\n")


def _found(workspace: Workspace, documents: Sequence[str]) -> list[str]:
    from annotui.services import library

    return [library.find(workspace, document) for document in documents]


def _chosen(workspace: Workspace, documents: Sequence[str], search: str, source: str) -> list[str]:
    """The documents that are named, and those that a search or a source chooses."""
    if not (documents or search or source):
        raise click.UsageError("Name documents, or choose them with --search or --source.")
    ids = _found(workspace, documents)
    if search or source:
        from annotui.services import listing

        found = listing.entries(workspace, listing.Wanted(search=search, source=source))
        ids += [one.document.document_id for one in found]
    return ids
