"""Every key of the reader: one table makes the bindings, the palette, the help and the docs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from textual import events

from annotui.domain.label_scheme import LabelScheme
from annotui.errors import ConfigError

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
}
"""Keys that have a name instead of a character, as the table shows them and as they arrive."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a key does.

    ``keys`` are written as typed (``"g g"`` is a chord); ``name`` is the method of the reader
    screen without ``action_``, with its argument behind a colon where it has one.
    """

    action_id: str
    keys: tuple[str, ...]
    label: str
    help: str
    group: str
    in_palette: bool = True

    @property
    def shown_keys(self) -> str:
        """The keys for a person to read."""
        return "  ".join(self.keys)


def _moves() -> Iterator[Action]:
    rows = (
        ("left", "h ←", "Character back"),
        ("right", "l →", "Character on"),
        ("word_next", "w ctrl+→", "Next word"),
        ("word_previous", "b ctrl+←", "Previous word"),
        ("word_end", "e", "End of the word"),
        ("down", "j ↓", "Row down"),
        ("up", "k ↑", "Row up"),
        ("row_start", "home", "Start of the row"),
        ("row_end", "end", "End of the row"),
        ("clause_next", ".", "Next clause"),
        ("clause_previous", ",", "Previous clause"),
        ("sentence_next", ")", "Next sentence"),
        ("sentence_previous", "(", "Previous sentence"),
        ("paragraph_next", "}", "Next paragraph"),
        ("paragraph_previous", "{", "Previous paragraph"),
        ("half_down", "ctrl+d", "Half a screen down"),
        ("half_up", "ctrl+u", "Half a screen up"),
        ("screen_down", "PgDn space", "Screen down"),
        ("screen_up", "PgUp", "Screen up"),
        ("bottom", "G ctrl+end", "End of the article"),
        ("centre", "ctrl+l", "Centre the caret"),
    )
    for action_id, keys, words in rows:
        yield Action(action_id, tuple(keys.split()), words, words, "Move", in_palette=False)
    yield Action("top", ("g g", "ctrl+home"), "Top", "Start of the article", "Move", False)


def _selects() -> Iterator[Action]:
    group = "Select"
    yield Action("select", ("v",), "select", "Select from here; any motion extends it", group)
    for name, typed, words in (
        ("left", "shift+←", "character back"),
        ("right", "shift+→", "character on"),
        ("up", "shift+↑", "row up"),
        ("down", "shift+↓", "row down"),
        ("home", "shift+home", "start of the row"),
        ("end", "shift+end", "end of the row"),
        ("word_previous", "ctrl+shift+←", "previous word"),
        ("word_next", "ctrl+shift+→", "next word"),
    ):
        yield Action(f"extend_{name}", (typed,), "extend", f"Select: {words}", group, False)
    yield Action("swap", ("o",), "other edge", "Other edge: swap the one that moves", group)
    yield Action(
        "grow", ("+",), "grow", "Grow to word, clause, quotation, sentence, paragraph", group
    )
    yield Action("shrink", ("-",), "shrink", "Shrink by a step", group)
    yield Action(
        "cancel", ("esc",), "clear", "Clear the selection or the focus; go back", group, False
    )


def _marks() -> Iterator[Action]:
    group = "Marks"
    yield Action("next_mark", ("]",), "next mark", "Focus the next mark", group)
    yield Action("previous_mark", ("[",), "previous mark", "Focus the previous mark", group)
    yield Action("stacked", ("t",), "next here", "Focus the next of the marks at the caret", group)
    yield Action("remove", ("x",), "remove", "Remove the focused mark", group)
    yield Action("note", ("i",), "note", "Write the note of the focused mark", group)
    yield Action("others", ("O",), "others", "Show or hide other annotators' marks", group)
    yield Action("list", ("enter",), "list", "Go to the list of marks (esc: back)", group)
    yield Action("side_pane", ("\\",), "side pane", "Show or hide the side pane", group)
    yield Action("undo", ("u", "ctrl+z"), "undo", "Undo your newest change, wherever it was", group)
    yield Action("redo", ("ctrl+r", "ctrl+y"), "redo", "Redo what was undone", group)


def _rest() -> Iterator[Action]:
    yield Action("picker", ("L",), "label…", "Pick a label; adds a further mark here", "Label")
    yield Action("repeat", (";",), "repeat", "Repeat the last label", "Label")
    group = "Article"
    yield Action("next_document", ("J",), "next article", "Go to the next article", group)
    yield Action(
        "previous_document", ("K",), "previous article", "Go to the previous article", group
    )
    yield Action("export", ("X",), "export", "Export the marks to a CSV file", group)
    yield Action("copy", ("ctrl+c",), "copy", "Copy the selection or the focused mark", group)
    yield Action("guideline", ("g ?",), "guideline", "What each label means", "Help")
    yield Action("help", ("?",), "keys", "All keys", "Help")
    yield Action("commands", ("ctrl+p",), "commands", "Find a command by its name", "Help", False)
    yield Action("quit", ("q",), "quit", "Quit; everything is saved already", "Help")


ACTIONS: tuple[Action, ...] = (*_moves(), *_selects(), *_rest(), *_marks())
GROUPS = {
    "Label": "Marks what is selected; else relabels the focused mark; else marks the clause.",
    "Select": "",
    "Marks": "A mark is focused by going to it, by a click, or by having just been made.",
    "Article": "",
    "Move": "",
    "Help": "Esc leaves whatever is open, selected or focused. The mouse selects, too.",
}
"""The groups in the order of the help page, and what is said of each as a whole."""


def label_actions(scheme: LabelScheme) -> Iterator[Action]:
    """One action for each label: its letter, and its number where it has one of 1 to 9."""
    for number, label in enumerate(scheme, 1):
        keys = (
            (label.key, str(number)) if number <= 9 and label.key != str(number) else (label.key,)
        )
        yield Action(f"annotate:{label.name}", keys, label.name, f"Mark as {label.name}", "Label")


class KeyTable:
    """Finds the action of a key; the keys of a chord come one after the other."""

    def __init__(self, actions: Iterable[Action]) -> None:
        self.actions = tuple(actions)
        self._by_keys: dict[tuple[str, ...], Action] = {}
        for action in self.actions:
            for typed in action.keys:
                keys = tuple(arrival(part) for part in typed.split(" "))
                self._check(typed, keys, action)
                self._by_keys[keys] = action

    def _check(self, typed: str, keys: tuple[str, ...], action: Action) -> None:
        """Refuse a key that is taken, or that could never be reached."""
        wanted_for = f"The key {typed!r} is wanted for {action.action_id}"
        if taken := self._by_keys.get(keys):
            raise ConfigError(
                f"{wanted_for}, but {taken.action_id} has it. Give one of them another key."
            )
        if not all(keys) or len(keys) > 2:
            raise ConfigError(f"{wanted_for}, but that is not a key. Give it another.")
        if (len(keys) == 2) != (keys[0] == PREFIX):
            raise ConfigError(
                f"{wanted_for}, but {PREFIX!r} and only {PREFIX!r} waits for a second key. "
                "Give it another key."
            )

    def find(self, pending: str, key: str) -> Action | None:
        """The action of ``key``, or of the chord that ``pending`` began."""
        return self._by_keys.get((pending, key) if pending else (key,))

    def is_prefix(self, key: str) -> bool:
        """Whether ``key`` waits for another."""
        return key == PREFIX


def arrival(typed: str) -> str:
    """How a key that is written as typed arrives: special keys by Textual's name."""
    *modifiers, last = typed.split("+") if len(typed) > 1 else [typed]
    return "+".join([*modifiers, SPECIAL.get(last, last)])


def typed(event: events.Key) -> str:
    """The key of an event: the character where it has one, else Textual's name of it."""
    key = event.character if event.is_printable and event.character else event.key
    return "space" if key == " " else key


def reader_keys(scheme: LabelScheme) -> KeyTable:
    """The table of the reader with the labels of ``scheme``.

    Raises:
        ConfigError: when a label's key is taken.
    """
    return KeyTable((*label_actions(scheme), *ACTIONS))
