"""keys: the table of keys, and the config that may change it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from annotui.cli import output
from annotui.cli.settings import Command, Settings, takes_settings

if TYPE_CHECKING:
    from annotui.domain.label_scheme import LabelScheme
    from annotui.services.config import Config
    from annotui.services.workspace import Workspace
    from annotui.tui.actions import Action

KEYS_HELP = """Print the keys of the reader.

As they stand: with the labels of the database, and with what config.toml and annotui.toml set.
The id is what the table [keys] of those files names an action by. json is a list of objects with
id, keys, group and help.
"""

MARKDOWN_HEAD = """# Keys

All keys of the reader, as `annotui keys --format markdown` prints them. The help page (`?`), the
palette (`ctrl+p`) and the last row of the screen come from the same table.
[config.md](config.md) says how to give an action other keys by its id;
[labels.md](labels.md) has the keys of labels.
"""


@click.command("keys", cls=Command, help=KEYS_HELP)
@click.option(
    "--format", "form", type=click.Choice(["table", "markdown", "json"]), default="table",
    show_default=True, help="How to print them.",
)  # fmt: skip
@takes_settings
def keys(settings: Settings, form: str) -> None:
    """Print the table."""
    from annotui.tui.key_table import all_actions

    with settings.reading() as workspace:
        actions = all_actions(workspace.scheme(), checked_config(settings, workspace).keys)
    if form == "json":
        output.json_data(
            [
                {"id": one.action_id, "keys": one.keys, "group": one.group, "help": one.help}
                for one in actions
            ]
        )
    elif form == "markdown":
        output.data(as_markdown(actions))
    else:
        output.table(
            ["group", "keys", "what it does", "id"],
            [(one.group, one.shown_keys, one.help, one.action_id) for one in _in_groups(actions)],
            elastic=(2,),
        )


def checked_config(settings: Settings, workspace: Workspace) -> Config:
    """The config, once all of it was found to be usable; nothing is written before that.

    Raises:
        ConfigError: when something in it is not; the message names file and line.
    """
    config = settings.config()
    if config.keys:
        from annotui.tui.key_table import all_actions

        all_actions(workspace.scheme(), config.keys)
    if config.theme is not None:
        from annotui.tui.themes import check_theme

        check_theme(config.theme)
    if config.labels is not None:
        scheme = _checked_labels(config)
        if workspace.exists and scheme.labels != workspace.scheme().labels:
            output.words(
                f"{config.labels.where} names labels for a new database; {settings.db} has its "
                "own, and they hold. To change them: annotui labels --import "
                f"{shlex.quote(config.labels.value)}"
            )
    return config


def check_first_labels(settings: Settings, workspace: Workspace) -> None:
    """Before a database is made: refuse labels for it that the reader could not work with.

    Raises:
        ConfigError: when the config cannot be used.
        LabelError: when the scheme that it names cannot be used.
    """
    if not workspace.exists:
        _checked_labels(settings.config())


def _checked_labels(config: Config) -> LabelScheme:
    from annotui.services import config as configs

    scheme = configs.scheme_for_new(config)
    if config.labels is not None:
        from annotui.tui.key_table import check_label_keys

        check_label_keys(scheme, config.labels.value, config.keys)
    return scheme


def as_markdown(actions: Sequence[Action]) -> str:
    """The whole page of keys."""
    from annotui.tui.actions import GROUPS

    parts = [MARKDOWN_HEAD]
    for group, words in GROUPS.items():
        rows = [
            f"| {' '.join(map(_code, one.keys))} | {_cell(one.help)} | {_code(one.action_id)} |\n"
            for one in actions
            if one.group == group
        ]
        said = f"{words}\n\n" if words else ""
        parts.append(f"## {group}\n\n{said}| keys | what it does | id |\n|---|---|---|\n")
        parts[-1] += "".join(rows)
    return "\n".join(parts)


def _in_groups(actions: Sequence[Action]) -> list[Action]:
    from annotui.tui.actions import GROUPS

    order = list(GROUPS)
    return sorted(actions, key=lambda one: order.index(one.group))


def _code(text: str) -> str:
    """``text`` as code in a table's cell."""
    shown = _cell(text)
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
