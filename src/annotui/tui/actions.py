"""Every key of the reader: one table makes the bindings, the palette, the help and the docs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from annotui.domain.label_scheme import LabelScheme


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
    yield Action("fragment", ("&",), "fragment", "Keep this fragment and pick the next", group)
    yield Action(
        "cancel", ("esc",), "clear", "Clear the selection or the focus; go back", group, False
    )


def _marks() -> Iterator[Action]:
    group = "Marks"
    yield Action("next_mark", ("]",), "next mark", "Focus the next mark", group)
    yield Action("previous_mark", ("[",), "previous mark", "Focus the previous mark", group)
    yield Action(
        "next_undecided", ("tab",), "next undecided", "Focus the next mark to decide on", group
    )
    yield Action("stacked", ("t",), "next here", "Focus the next of the marks at the caret", group)
    yield Action("hint_mark", ("'",), "to a mark", "Focus a mark by its tag", group)
    yield Action(
        "end_later", (">",), "end later", "Move the end of the focused mark on by a clause", group
    )
    yield Action(
        "end_earlier", ("<",), "end earlier", "Move the end of the focused mark back", group
    )
    yield Action("edge", ("m",), "edge", "Move an edge by any motion (o: the other edge)", group)
    for name, typed, words in (
        ("end_word_later", "alt+→", "end on"),
        ("end_word_earlier", "alt+←", "end back"),
        ("start_word_later", "alt+shift+→", "start on"),
        ("start_word_earlier", "alt+shift+←", "start back"),
    ):
        yield Action(name, (typed,), words, f"Move the {words} by a word", group, False)
    yield Action("remove", ("x",), "remove", "Remove the focused mark", group)
    yield Action("note", ("i",), "note", "Write the note of the focused mark", group)
    yield Action(
        "others", ("O",), "others", "Show your own marks, each other annotator's, all", group
    )
    yield Action(
        "differences", ("g d",), "differences", "Where the annotators of this article differ", group
    )
    yield Action("agreement", ("g a",), "agreement", "How far annotators agree", group)
    yield Action(
        "list",
        ("enter",),
        "list",
        "Go to the list of marks: j k move, / narrows it, esc goes back",
        group,
    )
    yield Action("side_pane", ("\\",), "side pane", "Show or hide the side pane", group)
    yield Action("undo", ("u", "ctrl+z"), "undo", "Undo your newest change, wherever it was", group)
    yield Action("redo", ("ctrl+r", "ctrl+y"), "redo", "Redo what was undone", group)


def _rest() -> Iterator[Action]:
    yield Action("picker", ("L",), "label…", "Pick a label; adds a further mark here", "Label")
    yield Action("repeat", (";",), "repeat", "Repeat the last label", "Label")
    group = "Find"
    yield Action("hint_jump", ("f",), "jump", "Jump to a word by its tag", group)
    yield Action("hint_select", ("F",), "select", "Select from tag to tag", group)
    yield Action("search", ("/",), "search", "Search in the article", group)
    yield Action("search_next", ("n",), "next", "Next place that was searched for", group)
    yield Action("search_previous", ("N",), "previous", "The place before", group)
    yield Action("everywhere", ("*",), "same text", "Every other place with this text", group)
    group = "Article"
    yield Action("next_document", ("J",), "next article", "Go to the next article", group)
    yield Action(
        "previous_document", ("K",), "previous article", "Go to the previous article", group
    )
    yield Action("library", ("ctrl+o",), "library", "All articles: find, sort, add, open", group)
    yield Action("next_open", ("U",), "next open", "Go to the next article that is left", group)
    yield Action("queue_order", ("g o",), "order of U", "Change the order in which U goes", group)
    yield Action("done", ("D",), "done", "This article is done; again takes it back", group)
    yield Action("aside", ("W",), "aside", "Set this article aside; again takes it back", group)
    yield Action(
        "nothing_here", ("E",), "nothing", "Read, nothing in this sentence; again: not so", group
    )
    yield Action(
        "next_unseen", ("g u",), "unseen", "Next sentence with neither a mark nor an E", group
    )
    yield Action("review", ("r",), "review", "Review marks: choose which, then a key each", group)
    yield Action(
        "adjudicate", (), "adjudicate", "Adjudicate: all annotators' marks to one agreed set", group
    )
    yield Action("export", ("X",), "export", "Export the marks as CSV or in another format", group)
    yield Action("import", ("g i",), "import", "Import marks from a file of this folder", group)
    yield Action("copy", ("ctrl+c",), "copy", "Copy the selection or the focused mark", group)
    yield Action("copy_source", ("g c",), "copy, source", "Copy with quote and source", group)
    yield Action("guideline", ("g ?",), "guideline", "What each label means", "Help")
    yield Action("help", ("?",), "keys", "All keys", "Help")
    yield Action(
        "tutorial", (), "tutorial", "Tutorial: ten minutes for the keys that matter", "Help"
    )
    yield Action("commands", ("ctrl+p",), "commands", "Find a command by its name", "Help", False)
    yield Action("quit", ("q",), "quit", "Quit; everything is saved already", "Help")


def _review() -> Iterator[Action]:
    rows = (
        ("accept", "y enter", "accept", "Accept the mark as it is shown"),
        ("reject", "x", "reject…", "Reject it: 1–9 says why, ? is unsure, esc not yet"),
        ("put_off", "space", "later", "Put it off to the end of the queue; records nothing"),
        ("decision_note", "i", "note", "Write a note that goes with the decision"),
        ("take_back", "u ctrl+z", "undo", "Take the last decision back and go there"),
        ("look_ahead", "]", "ahead", "Look at the next mark; records nothing"),
        ("look_back", "[", "back", "Look at the mark before; records nothing"),
    )
    for action_id, keys, label, words in rows:
        yield Action(action_id, tuple(keys.split()), label, words, "Review")


def _adjudication() -> Iterator[Action]:
    group = "Adjudication"
    for key, which in (("1", "first"), ("2", "second")):
        yield Action(f"take:{key}", (key,), which, f"Take what the {which} annotator says", group)
    yield Action("union", ("3",), "union", "Take the union: all that one of them marked", group)
    yield Action(
        "intersection", ("4",), "intersection", "Take the intersection: what all who mark it share",
        group,
    )  # fmt: skip
    for key, which in zip("56789", ("third", "fourth", "fifth", "sixth", "seventh"), strict=True):
        yield Action(f"take:{key}", (key,), which, f"Take what the {which} annotator says", group)
    yield Action("neither", ("x",), "neither", "Take neither: no mark", group)
    yield Action(
        "keep_earlier", ("y", "enter"), "keep", "Keep what was decided before the new work", group
    )


LABEL_ACTION = "annotate:"
"""Before a label's name, the id of the action that marks with it."""

ACTIONS: tuple[Action, ...] = (*_moves(), *_selects(), *_rest(), *_marks())
REVIEW_ACTIONS: tuple[Action, ...] = tuple(_review())
"""What only a review session has."""

ALSO_IN_REVIEW = {
    *("end_later", "end_earlier", "edge", "end_word_later", "end_word_earlier"),
    *("start_word_later", "start_word_earlier", "side_pane", "guideline", "help", "quit", "cancel"),
    "commands",
}
"""Actions that a review session has, too, besides the motions; there space is no motion."""

ADJUDICATION_ACTIONS: tuple[Action, ...] = tuple(_adjudication())
"""What only an adjudication has."""

ALSO_IN_ADJUDICATION = {
    *("stacked", "hint_jump", "hint_select", "search", "search_next", "search_previous"),
    *("guideline", "help", "commands", "quit", "take_back", "look_ahead", "look_back"),
}
"""Actions that an adjudication has, too, besides motions and what selects."""

GROUPS = {
    "Label": "Marks what is selected; else relabels the focused mark; else marks the clause.",
    "Select": "",
    "Find": "Tags and a search extend the selection while v is on.",
    "Marks": "A mark is focused by going to it, by a click, or by having just been made.",
    "Article": "",
    "Review": "In a review session (r, or `annotui review`): a label's letter accepts as that "
    "label; y after keys that move an edge accepts with that span. It goes on by itself.",
    "Adjudication": "In `annotui adjudicate`: a label's letter gives the same words that label, or "
    "marks anew what is selected; `u`, `]` and `[` are those of a review.",
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
        yield Action(
            f"{LABEL_ACTION}{label.name}", keys, label.name, f"Mark as {label.name}", "Label"
        )
