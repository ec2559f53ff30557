"""Which action a key means: single keys, and chords behind one prefix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from annotui.domain.label_scheme import LabelScheme
from annotui.errors import ConfigError, LabelError
from annotui.tui.actions import (
    ACTIONS,
    ADJUDICATION_ACTIONS,
    ALSO_IN_ADJUDICATION,
    ALSO_IN_REVIEW,
    LABEL_ACTION,
    REVIEW_ACTIONS,
    Action,
    label_actions,
)

if TYPE_CHECKING:
    from textual import events

    from annotui.services.config import KeySetting

PREFIX = "g"
"""The only key that waits for another."""

SPECIAL = {
    "←": "left",
    "→": "right",
    "↑": "up",
    "↓": "down",
    "esc": "escape",
    "enter": "enter",
    "tab": "tab",
    "space": "space",
    "PgUp": "pageup",
    "PgDn": "pagedown",
    "home": "home",
    "end": "end",
    "backspace": "backspace",
    "delete": "delete",
    "insert": "insert",
    **{f"F{number}": f"f{number}" for number in range(1, 13)},
}
"""Keys that have a name instead of a character, as the table shows them and as they arrive."""

NEVER_UNBOUND = ("quit", "cancel")
REVIEW_KEYS = "y"
"""Keys that no label may take since a review session has them, besides those of the reader."""

_SAME_AS = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+[": "esc", "ctrl+h": "backspace"}
_LABEL_KEYS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0!"#$%:=@^_`|~'

Hints = tuple[tuple[str, str], ...]
"""Keys, a space between, and what they do."""


class KeyTable:
    """Finds the action of a key; the keys of a chord come one after the other.

    ``where`` says of an action in which file and line it was given its keys; ``as_made`` are the
    actions with the keys that hints name them by.
    """

    def __init__(
        self,
        actions: Iterable[Action],
        where: Mapping[str, str] | None = None,
        as_made: Iterable[Action] = ACTIONS,
    ) -> None:
        self.actions = tuple(actions)
        self._owners = {key: action.action_id for action in as_made for key in action.keys}
        self._where = where or {}
        self._by_keys: dict[tuple[str, ...], Action] = {}
        for action in self.actions:
            for typed in action.keys:
                keys = tuple(arrival(part) for part in typed.split(" "))
                self._check(typed, keys, action)
                self._by_keys[keys] = action

    def _check(self, typed: str, keys: tuple[str, ...], action: Action) -> None:
        """Refuse a key that is taken, or that could never be reached."""
        where = self._where.get(action.action_id, "")
        if (taken := self._by_keys.get(keys)) is action:
            place = f"{where}: the" if where else "The"
            raise ConfigError(f"{place} key {typed!r} is named twice. Name it once.")
        if taken is not None:
            where = where or self._where.get(taken.action_id, "")
            problem = f"{_called(taken)} has it. Give one of them another key."
        elif why := next(filter(None, map(_problem, typed.split(" "))), ""):
            problem = f"{why} Give it another."
        elif len(keys) > 2 or (len(keys) == 2) != (keys[0] == PREFIX):
            problem = f"{PREFIX!r} and only {PREFIX!r} waits for a second key. Give it another key."
        else:
            return
        place = f"{where}: the" if where else "The"
        raise ConfigError(f"{place} key {typed!r} is wanted for {_called(action)}, but {problem}")

    def find(self, pending: str, key: str) -> Action | None:
        """The action of ``key``, or of the chord that ``pending`` began."""
        return self._by_keys.get((pending, key) if pending else (key,))

    def as_bound(self, hints: Hints, pending: str = "") -> Hints:
        """Hints that name an action's own key, with the key that it has now in its place."""
        if not self._where:
            return hints
        shown = []
        for keys, words in hints:
            now = [self._key_now(key, pending) for key in keys.split(" ")]
            if all(now):
                shown.append((" ".join(now), words))
        return tuple(shown)

    def _key_now(self, key: str, pending: str) -> str:
        """The key of the action that has ``key`` by itself; empty when it has none now."""
        before = f"{pending} " if pending else ""
        action_id = self._owners.get(before + key)
        if action_id is None:
            return key
        keys = next(one.keys for one in self.actions if one.action_id == action_id)
        fitting = (one for one in keys if one.startswith(before) and one.count(" ") == bool(before))
        return next(fitting, "").removeprefix(before)

    def is_prefix(self, key: str) -> bool:
        """Whether ``key`` waits for another."""
        return key == PREFIX


def arrival(typed: str) -> str:
    """How a key that is written as typed arrives: special keys by Textual's name."""
    *modifiers, last = typed.split("+") if len(typed) > 1 else [typed]
    return "+".join([*sorted(modifiers), SPECIAL.get(last, last)])


def typed(event: events.Key) -> str:
    """The key of an event: the character where it has one, else Textual's name of it."""
    key = event.character if event.is_printable and event.character else event.key
    return "space" if key == " " else key


def reader_keys(scheme: LabelScheme, settings: Sequence[KeySetting] = ()) -> KeyTable:
    """The table of the reader with the labels of ``scheme``, and the keys that were set.

    Raises:
        ConfigError: when a key is taken or is none, or an action is not known.
    """
    _check_settings(settings, scheme)
    actions, where = _with_settings(ACTIONS, settings)
    return KeyTable((*label_actions(scheme), *actions), where)


def review_keys(scheme: LabelScheme, settings: Sequence[KeySetting] = ()) -> KeyTable:
    """The table of a review session: labels by their letters, decisions, edges, motions.

    Raises:
        ConfigError: as :func:`reader_keys`.
    """
    _check_settings(settings, scheme)
    shared = [one for one in ACTIONS if one.group == "Move" or one.action_id in ALSO_IN_REVIEW]
    labels = [replace(one, keys=one.keys[:1]) for one in label_actions(scheme)]
    actions, where = _with_settings((*REVIEW_ACTIONS, *shared), settings)
    moves = {one.action_id for one in shared if one.group == "Move"}
    actions = [
        replace(one, keys=tuple(key for key in one.keys if key != "space"))
        if one.action_id in moves
        else one
        for one in actions
    ]
    return KeyTable((*labels, *actions), where, (*shared, *REVIEW_ACTIONS))


def adjudication_keys(scheme: LabelScheme, settings: Sequence[KeySetting] = ()) -> KeyTable:
    """The table of an adjudication: labels by their letters, choices, selecting, motions.

    Raises:
        ConfigError: as :func:`reader_keys`.
    """
    _check_settings(settings, scheme)
    shared = [
        one
        for one in (*ACTIONS, *REVIEW_ACTIONS)
        if one.group in ("Move", "Select") or one.action_id in ALSO_IN_ADJUDICATION
    ]
    labels = [
        replace(one, keys=tuple(key for key in one.keys[:1] if not key.isdecimal()))
        for one in label_actions(scheme)
    ]
    actions, where = _with_settings((*ADJUDICATION_ACTIONS, *shared), settings)
    return KeyTable((*labels, *actions), where, (*shared, *ADJUDICATION_ACTIONS))


def all_actions(scheme: LabelScheme, settings: Sequence[KeySetting] = ()) -> tuple[Action, ...]:
    """Everything that a key does, in the reader, in a review session and in an adjudication.

    Raises:
        ConfigError: as :func:`reader_keys`.
    """
    found = list(reader_keys(scheme, settings).actions)
    for table, made in ((review_keys, REVIEW_ACTIONS), (adjudication_keys, ADJUDICATION_ACTIONS)):
        ours = {action.action_id for action in made}
        found += [one for one in table(scheme, settings).actions if one.action_id in ours]
    return tuple(found)


def _with_settings(
    actions: Iterable[Action], settings: Sequence[KeySetting]
) -> tuple[list[Action], dict[str, str]]:
    """The actions with the keys that they were given, and where they were."""
    given = {one.action_id: one for one in settings}
    rebound = [
        replace(action, keys=given[action.action_id].keys) if action.action_id in given else action
        for action in actions
    ]
    return rebound, {one.action_id: one.where for one in settings}


def _check_settings(settings: Sequence[KeySetting], scheme: LabelScheme) -> None:
    for one in settings:
        _check_setting(one, scheme)


def check_label_keys(
    scheme: LabelScheme, file_name: str, settings: Sequence[KeySetting] = ()
) -> None:
    """Refuse a label's key, in a scheme from this file, that means something else in the reader.

    ``settings`` are the keys that actions were given in its place.

    Raises:
        LabelError: then; the message names the keys that are free.
        ConfigError: as :func:`reader_keys`.
    """
    table = KeyTable(*_with_settings(ACTIONS, settings))
    for label in scheme:
        action = table.find("", label.key)
        if action is not None:
            problem = f"is {action.action_id} in the reader ({action.help})"
        elif label.key == PREFIX:
            problem = "begins chords such as g g"
        elif label.key in REVIEW_KEYS:
            problem = "accepts a mark in a review"
        else:
            continue
        raise LabelError(
            f"{file_name}: the key {label.key!r} of the label {label.name!r} {problem}. Nothing "
            f"was changed; these are free: {' '.join(free_label_keys(scheme, settings))}"
        )
    all_actions(scheme, settings)


def free_label_keys(scheme: LabelScheme, settings: Sequence[KeySetting] = ()) -> list[str]:
    """The keys that a further label of ``scheme`` may have."""
    table = KeyTable(*_with_settings(ACTIONS, settings))
    taken = {label.key for label in scheme} | {PREFIX, *REVIEW_KEYS}
    return [key for key in _LABEL_KEYS if key not in taken and table.find("", key) is None]


def _check_setting(setting: KeySetting, scheme: LabelScheme) -> None:
    ids = [action.action_id for action in (*ACTIONS, *REVIEW_ACTIONS, *ADJUDICATION_ACTIONS)]
    name = setting.action_id.removeprefix(LABEL_ACTION)
    if setting.action_id not in ids:
        if name in scheme or name != setting.action_id:
            problem = (
                "the keys of labels are in the label scheme, not here; `annotui labels --export` "
                "and `--import` change them."
            )
        else:
            from difflib import get_close_matches

            near = get_close_matches(name, ids, n=3)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            problem = f"there is no action {name!r}.{hint} `annotui keys` shows all."
    elif not setting.keys and setting.action_id in NEVER_UNBOUND:
        problem = f"{setting.action_id} needs a key."
    else:
        return
    raise ConfigError(f"{setting.where}: {problem} Nothing was done.")


def _problem(typed: str) -> str:
    """Why a key as typed can never arrive; empty when it can."""
    *modifiers, last = typed.split("+") if len(typed) > 1 else [typed]
    if typed == "ctrl+q":
        return "ctrl+q always leaves."
    if typed in _SAME_AS:
        return f"to a terminal it is {_SAME_AS[typed]}."
    is_character = len(last) == 1 and last.isprintable() and last not in SPECIAL and last != " "
    if not (is_character or last in SPECIAL) or set(modifiers) - {"ctrl", "shift", "alt"}:
        return "that is not a key."
    if is_character and "alt" in modifiers:
        return "a terminal sends alt with a character as esc and the character."
    if is_character and "shift" in modifiers:
        return "shift with a character is another character; write that."
    if is_character and modifiers and not ("a" <= last <= "z"):
        return "ctrl goes with a small letter."
    return ""


def _called(action: Action) -> str:
    """An action for a message; a label as a label."""
    if action.action_id.startswith(LABEL_ACTION):
        return f"the label {action.action_id.removeprefix(LABEL_ACTION)!r}"
    return action.action_id
