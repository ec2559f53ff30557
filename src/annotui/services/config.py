"""What an analyst has set: her own config.toml and, stronger, annotui.toml beside the database."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotui.domain.label_scheme import LabelScheme, default_scheme
from annotui.domain.progress import QueueOrder
from annotui.domain.review import DEFAULT_REASONS
from annotui.errors import ConfigError
from annotui.services import text_file

if TYPE_CHECKING:
    from annotui.formats.toml_text import Lines

BESIDE_DATABASE = "annotui.toml"
MEASURES = range(20, 201)
"""Cells that a row of text may have at most."""

SIDE_PANES: dict[object, bool | None] = {True: True, False: False, "auto": None}
MOST_REASONS = 8
"""Reasons that a project can name, since ``other`` has a key behind them."""

COPIES = {"quote": False, "quote and source": True}


@dataclass(frozen=True, slots=True)
class KeySetting:
    """The keys, as typed, that an action has instead of its own; ``where`` is file and line."""

    action_id: str
    keys: tuple[str, ...]
    where: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that something else has to check, and where it was set."""

    value: str
    where: str


@dataclass(frozen=True, slots=True)
class Config:
    """The settings in force.

    ``measure`` is in cells; ``side_pane`` None lets the width decide; ``labels`` is the path of
    the label scheme for a new database; ``is_blind`` hides others' marks until one's own are done;
    ``queue_order`` is the one in which ``U`` goes on; ``reasons`` are those for rejecting a mark,
    in order.
    """

    theme: Setting | None = None
    measure: int | None = None
    side_pane: bool | None = None
    copies_source: bool = False
    labels: Setting | None = None
    is_blind: bool = False
    queue_order: QueueOrder = QueueOrder.ADDED
    keys: tuple[KeySetting, ...] = ()
    reasons: tuple[str, ...] = DEFAULT_REASONS


def load(database: Path) -> Config:
    """The config for a database.

    Raises:
        ConfigError: when one of the files cannot be used; the message names file and line.
    """
    config = Config()
    for path in paths(database):
        if not os.path.isfile(path):  # noqa: PTH113 (no error where a folder cannot be entered)
            if os.path.lexists(path):
                raise ConfigError(f"{path} is not a regular file. Nothing was done.")
            continue
        text = text_file.read(path, ConfigError)
        if text is not None:
            config = _with_file(config, path, text)
    return config


def paths(database: Path) -> tuple[Path, Path]:
    """Where the two files are looked for, the weaker one first."""
    from platformdirs import user_config_path

    own = user_config_path("annotui", appauthor=False) / "config.toml"
    return own, Path(os.path.abspath(database)).parent / BESIDE_DATABASE  # noqa: PTH100


def first_scheme(database: Path) -> LabelScheme:
    """The labels that a new database begins with.

    Raises:
        ConfigError: when the config cannot be used.
        LabelError: when the scheme that it names cannot be used.
    """
    return scheme_for_new(load(database))


def scheme_for_new(config: Config) -> LabelScheme:
    """The labels that the config names for a new database, else the default ones.

    Raises:
        ConfigError: when there is no such file.
        LabelError: when it cannot be used.
    """
    if config.labels is None:
        return default_scheme()
    from annotui.services import scheme_file

    scheme = scheme_file.read(Path(config.labels.value))
    if scheme is None:
        raise ConfigError(
            f"{config.labels.where}: there is no file {config.labels.value}. Nothing was done; "
            "correct the path."
        )
    return scheme


def _with_file(config: Config, path: Path, text: str) -> Config:
    """``config`` with what one file says over it."""
    from annotui.formats.toml_text import near, parsed

    content, lines = parsed(text, str(path), ConfigError)
    for name, value in content.items():
        if name not in _READERS:
            known = ", ".join(_READERS)
            raise lines.error(
                (name,), f"{name!r} is not known.{near(name, _READERS)} There are {known}."
            )
        config = _READERS[name](config, value, lines)
    return config


def _toml(value: object) -> str:
    """A value as the file has it."""
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _theme(config: Config, value: object, lines: Lines) -> Config:
    if not isinstance(value, str):
        raise lines.error(("theme",), 'theme is the name of one, as in theme = "annotui-dark".')
    return replace(config, theme=Setting(value, lines.where(("theme",))))


def _measure(config: Config, value: object, lines: Lines) -> Config:
    if not isinstance(value, int) or isinstance(value, bool) or value not in MEASURES:
        raise lines.error(
            ("measure",),
            f"measure is {_toml(value)}; it is a number of cells from {MEASURES[0]} to "
            f"{MEASURES[-1]}.",
        )
    return replace(config, measure=value)


def _side_pane(config: Config, value: object, lines: Lines) -> Config:
    if not isinstance(value, bool | str) or value not in SIDE_PANES:
        raise lines.error(
            ("side_pane",), f'side_pane is {_toml(value)}; it is true, false or "auto".'
        )
    return replace(config, side_pane=SIDE_PANES[value])


def _copy(config: Config, value: object, lines: Lines) -> Config:
    if not isinstance(value, str) or value not in COPIES:
        raise lines.error(
            ("copy",), f'copy is {_toml(value)}; it is "quote" or "quote and source".'
        )
    return replace(config, copies_source=COPIES[value])


def _labels(config: Config, value: object, lines: Lines) -> Config:
    if not isinstance(value, str) or not value:
        raise lines.error(
            ("labels",), 'labels is the path of a label scheme, as in labels = "scheme.toml".'
        )
    folder = Path(lines.file_name).parent
    path = folder / Path(value).expanduser()
    return replace(config, labels=Setting(str(path), lines.where(("labels",))))


def _blind(config: Config, value: object, lines: Lines) -> Config:
    if not isinstance(value, bool):
        raise lines.error(("blind",), f"blind is {_toml(value)}; it is true or false.")
    return replace(config, is_blind=value)


def _reasons(config: Config, value: object, lines: Lines) -> Config:
    is_list = isinstance(value, list) and 0 < len(value) <= MOST_REASONS
    reasons = [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
    told = [" ".join(one.split()) for one in reasons]
    if not is_list or len(told) < len(value or ()) or not all(told) or len({*told}) < len(told):  # type: ignore[arg-type]
        raise lines.error(
            ("review_reasons",),
            f"review_reasons is a list of one to {MOST_REASONS} different texts, as in "
            'review_reasons = ["wrong label", "too long"].',
        )
    return replace(config, reasons=tuple(told))


def _queue(config: Config, value: object, lines: Lines) -> Config:
    if not isinstance(value, str) or value not in set(QueueOrder):
        raise lines.error(
            ("queue",), f"queue is {value!r}; it is {', '.join(map(repr, map(str, QueueOrder)))}."
        )
    return replace(config, queue_order=QueueOrder(value))


def _keys(config: Config, value: object, lines: Lines) -> Config:
    if not isinstance(value, dict):
        raise lines.error(("keys",), "keys is a table: [keys], and an action and its keys a line.")
    settings = {one.action_id: one for one in config.keys}
    for action_id, keys in value.items():
        path = ("keys", action_id)
        if not (isinstance(keys, list) and all(isinstance(key, str) for key in keys)):
            raise lines.error(
                path,
                f'{action_id} needs a list of keys as typed, as in {action_id} = ["z", "g z"].',
            )
        settings[action_id] = KeySetting(action_id, tuple(keys), lines.where(path))
    return replace(config, keys=tuple(settings.values()))


_READERS: dict[str, Callable[[Config, Any, Lines], Config]] = {
    "theme": _theme,
    "measure": _measure,
    "side_pane": _side_pane,
    "copy": _copy,
    "labels": _labels,
    "blind": _blind,
    "queue": _queue,
    "keys": _keys,
    "review_reasons": _reasons,
}
