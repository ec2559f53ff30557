"""completion: what the shell offers when tab is pressed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem, ShellComplete, get_completion_class

from annotui.cli import output
from annotui.cli.settings import Command, Settings, takes_settings
from annotui.domain.visible import visible
from annotui.errors import AnnotuiError

SHELLS = ("bash", "zsh", "fish")
ID_LENGTH = 8
"""Digits of a document's id that are offered."""

HELP = """Print a script that lets tab complete, for bash, zsh or fish.

It completes commands, options, files, documents, labels and annotators.

\b
bash
  annotui completion bash > ~/.annotui.bash
  echo '. ~/.annotui.bash' >> ~/.bashrc
zsh
  annotui completion zsh > ~/.annotui.zsh
  echo 'autoload -U compinit && compinit -i && . ~/.annotui.zsh' >> ~/.zshrc
fish
  mkdir -p ~/.config/fish/completions
  annotui completion fish > ~/.config/fish/completions/annotui.fish

Then open a new shell. For this one only: eval "$(annotui completion bash)" (or zsh), or
annotui completion fish | source.
"""


@click.command("completion", cls=Command, help=HELP)
@click.argument("shell", type=click.Choice(SHELLS))
@takes_settings
def completion(settings: Settings, shell: str) -> None:
    """Print the script for a shell."""
    known = get_completion_class(shell)
    root = click.get_current_context().find_root().command
    if known is None:  # click knows all three
        raise click.UsageError(f"There is no completion for {shell}.")
    script = known(root, {}, "annotui", "_ANNOTUI_COMPLETE")
    output.data(ShellComplete.source(script))  # BashComplete's own asks bash for its version


class _Stored(click.types.StringParamType):
    """Text of which the database knows some."""

    def __init__(self, offered: Callable[[Settings, str], Iterable[CompletionItem]]) -> None:
        self._offered = offered

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """What begins with ``incomplete``; nothing where the database cannot be read."""
        try:
            return list(self._offered(_settings(ctx), incomplete))
        except AnnotuiError:
            return []


def _settings(context: click.Context) -> Settings:
    """The settings, as far as they stand on the line that is being typed."""
    place: click.Context | None = context
    while place is not None and not place.params.get("db"):
        place = place.parent
    return Settings(Path(place.params["db"] if place else "annotations.db"), None)


def _documents(settings: Settings, beginning: str) -> Iterable[CompletionItem]:
    from annotui.services import library

    with settings.reading() as workspace:
        known = library.summaries(workspace) if workspace.exists else []
    for one in known:
        if one.document_id.startswith(beginning.lower()):
            yield CompletionItem(one.document_id[:ID_LENGTH], help=visible(one.title))


def _labels(settings: Settings, beginning: str) -> Iterable[CompletionItem]:
    with settings.reading() as workspace:
        scheme = workspace.scheme()
    return _names((label.name for label in scheme), beginning)


def _annotators(settings: Settings, beginning: str) -> Iterable[CompletionItem]:
    from annotui.services import upkeep

    with settings.reading() as workspace:
        known = upkeep.annotators(workspace) if workspace.exists else []
    return _names((name for name, _ in known), beginning)


def _names(names: Iterable[str], beginning: str) -> list[CompletionItem]:
    """Names that can be typed; a shell takes what it is offered as it is."""
    return [
        CompletionItem(name)
        for name in names
        if name.startswith(beginning) and visible(name) == name
    ]


_FILES = {"PATH", "FILE", "ARTICLE", "OTHER.db", "DAMAGED", "NEW"}
_STORED = {
    "document": _Stored(_documents),
    "documents": _Stored(_documents),
    "label": _Stored(_labels),
    "labels": _Stored(_labels),
    "annotator": _Stored(_annotators),
}


def teach(commands: Iterable[click.Command]) -> None:
    """Tell every parameter that names a file, a document, a label or an annotator what to offer."""
    for command in commands:
        for parameter in command.params:
            if not isinstance(parameter.type, click.types.StringParamType):
                continue
            if (parameter.metavar or "").strip("[].") in _FILES:
                parameter.type = click.Path(readable=False)
            elif parameter.name in _STORED:
                parameter.type = _STORED[parameter.name]
