"""Which database, and whose marks: the two options that every command takes."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click

from annotui.cli import output
from annotui.errors import ConfigError

if TYPE_CHECKING:
    from annotui.services.config import Config
    from annotui.services.workspace import Workspace

DEFAULT_DATABASE = "annotations.db"
GIT_TIMEOUT_S = 2.0

DB_HELP = "The database file."
ANNOTATOR_HELP = "Whose marks to make."

_P = ParamSpec("_P")
_R = TypeVar("_R")


@dataclass(frozen=True, slots=True)
class Settings:
    """The database file, and the annotator if one was named.

    ``as_given`` holds what of it was on the command line, by option; ``is_blind`` is whether
    blind mode was asked for there.
    """

    db: Path
    annotator: str | None
    as_given: Mapping[str, str] = field(default_factory=dict)
    is_blind: bool = False

    def overridden(self, *, db: str | None = None, annotator: str | None = None) -> Settings:
        """The same, but for what is given here, on the command line."""
        settings = self
        if db is not None:
            given = {**settings.as_given, "--db": db}
            settings = replace(settings, db=Path(db), as_given=given)
        if annotator is not None:
            given = {**settings.as_given, "--annotator": annotator}
            settings = replace(settings, annotator=annotator, as_given=given)
        return settings

    def annotator_name(self) -> str:
        """The annotator: as named, else git's ``user.name``, else the login name.

        Raises:
            ConfigError: when nothing tells.
        """
        if self.annotator is not None:
            return self.annotator
        name = _git_name() or _login_name()
        if not name:
            raise ConfigError(
                "Nothing tells who you are: git has no user.name and there is no login name. "
                "Nothing was changed; name yourself with --annotator or ANNOTUI_ANNOTATOR."
            )
        return name

    def config(self) -> Config:
        """What the config files say for this database.

        Raises:
            ConfigError: when one of them cannot be used.
        """
        from annotui.services import config

        _check_working_directory()
        found = config.load(self.db)
        return replace(found, is_blind=found.is_blind or self.is_blind)

    @contextmanager
    def writing(self) -> Iterator[Workspace]:
        """The database as the annotator works on it; closed at the end."""
        with self._workspace(self.annotator_name()) as workspace:
            yield workspace

    @contextmanager
    def reading(self) -> Iterator[Workspace]:
        """The database for a command that changes nothing, so nobody needs to be known."""
        name = "nobody" if self.annotator is None else self.annotator
        with self._workspace(name) as workspace:
            yield workspace

    @contextmanager
    def looking(self) -> Iterator[Workspace]:
        """The same for a command that shows marks, of which blind mode hides some.

        Raises:
            ConfigError: when the config cannot be used, or, in blind mode, nothing tells who looks.
        """
        if not self.config().is_blind:
            with self.reading() as workspace:
                yield workspace
        else:
            with self.writing() as workspace:
                workspace.is_blind = True
                yield workspace

    @contextmanager
    def _workspace(self, annotator: str) -> Iterator[Workspace]:
        from annotui.services.workspace import Workspace

        _check_working_directory()
        workspace = Workspace(self.db, annotator)
        try:
            yield workspace
        finally:
            workspace.close()
            if workspace.upgrade_told:
                output.words(f"annotui: {workspace.upgrade_told}")


def file_name(_context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """The callback of an option that names a file.

    Raises:
        BadParameter: when the name is empty.
        ConfigError: when it ends in a slash, as a folder's may, and there is no such folder.
    """
    if value == "":
        raise click.BadParameter("it is empty; name a file. Nothing was done.", param=parameter)
    if value is not None and value.endswith(os.sep) and not Path(value).is_dir():
        raise ConfigError(f"There is no folder {value}. Nothing was done; name a file.")
    return value


def takes_settings(function: Callable[Concatenate[Settings, _P], _R]) -> Callable[..., _R]:
    """Give a command ``--db`` and ``--annotator``, and hand it the settings that follow."""

    @click.option("--annotator", metavar="NAME", help=ANNOTATOR_HELP)
    @takes_database
    @functools.wraps(function)
    def with_annotator(
        settings: Settings, /, *args: Any, annotator: str | None, **kwargs: Any
    ) -> _R:
        return function(settings.overridden(annotator=annotator), *args, **kwargs)

    return with_annotator


def takes_database(function: Callable[Concatenate[Settings, _P], _R]) -> Callable[..., _R]:
    """The same with ``--db`` only, where ``--annotator`` means something else."""

    @click.option("--db", callback=file_name, metavar="PATH", help=DB_HELP)
    @click.pass_context
    @functools.wraps(function)
    def with_database(context: click.Context, /, *args: Any, db: str | None, **kwargs: Any) -> _R:
        before: Settings = context.find_root().obj
        return function(before.overridden(db=db), *args, **kwargs)

    return with_database


class Command(click.Command):
    """A command whose help goes through the one printer."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The help option, printing with :mod:`annotui.cli.output`."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.callback = show_help
        return option


def show_help(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    """Print the help of a command and leave."""
    if value and not context.resilient_parsing:
        output.paragraphs(context.get_help())
        context.exit()


def _git_name() -> str:
    import subprocess

    try:
        found = subprocess.run(
            ["git", "config", "user.name"],  # noqa: S607 (whichever git the user works with)
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=GIT_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return found.stdout.decode("utf-8", "replace").strip() if found.returncode == 0 else ""


def _login_name() -> str:
    import getpass

    try:
        return getpass.getuser().strip()
    except (KeyError, ImportError, OSError):
        return ""


def _check_working_directory() -> None:
    try:
        os.getcwd()  # noqa: PTH109
    except OSError as error:
        raise ConfigError(
            "The folder you are in was deleted or renamed. Nothing was done; change to "
            "another one and try again."
        ) from error
