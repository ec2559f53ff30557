"""What the tutorial teaches: one step after another, each with a goal that can be seen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from annotui.domain.annotation import Annotation
from annotui.tui.actions import Action

STEPS_UP_OR_DOWN = {"down", "up"}
QUOTATION, COUNTED = "“The media, both Russian and foreign, are confused,”", "40 people"
WORD_STEPS = {"word_next", "word_previous", "word_end"}


@dataclass(frozen=True, slots=True)
class Moment:
    """What a goal is seen by: the caret, the annotator's own marks, the actions of this step.

    ``text`` is the article's; ``done`` are ids of actions without their arguments.
    """

    text: str
    caret: int
    marks: tuple[Annotation, ...] = ()
    done: frozenset[str] = frozenset()

    def new_since(self, before: Moment) -> list[Annotation]:
        """The marks that were made since ``before``."""
        known = {one.annotation_id for one in before.marks}
        return [one for one in self.marks if one.annotation_id not in known]

    def changed_since(self, before: Moment) -> list[tuple[Annotation, Annotation]]:
        """The marks that are other ones than at ``before``: as they were, and as they are."""
        known = {one.annotation_id: one for one in before.marks}
        pairs = ((known.get(one.annotation_id), one) for one in self.marks)
        return [(old, new) for old, new in pairs if old is not None and old != new]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One step: what to do (``{action_id}`` stands for its key), and how it shows that it is done.

    ``reached`` is asked with the moment at which the step began and the one that is now;
    ``learnt`` is said when it is.
    """

    task: str
    reached: Callable[[Moment, Moment], bool]
    learnt: str


def with_keys(words: str, actions: Iterable[Action]) -> str:
    """The words with an action's key for each ``{action_id}``."""
    keys = {one.action_id: one.keys for one in actions}

    def shown(place: re.Match[str]) -> str:
        return next(iter(keys.get(place[1], ())), "(no key)")

    return re.sub(r"\{([a-z_:]+)\}", shown, words)


def _stepped(_: Moment, now: Moment) -> bool:
    return bool(now.done & STEPS_UP_OR_DOWN) and bool(now.done & WORD_STEPS)


def _in_paragraph(beginning: str) -> Callable[[Moment, Moment], bool]:
    def reached(_: Moment, now: Moment) -> bool:
        start = now.text.find(beginning)
        end = now.text.find("\n", start)
        return start <= now.caret < end

    return reached


def _marked(*needed: str, label: str = "", quote: str = "") -> Callable[[Moment, Moment], bool]:
    """A new mark, made with the actions ``needed``; of this ``label`` and ``quote`` where given."""

    def reached(before: Moment, now: Moment) -> bool:
        found = [
            one
            for one in now.new_since(before)
            if label in ("", one.label) and quote in ("", one.quote)
        ]
        return bool(found) and now.done.issuperset(needed)

    return reached


def _taken_back(before: Moment, now: Moment) -> bool:
    return "undo" in now.done and len(now.marks) < len(before.marks)


def _jumped(before: Moment, now: Moment) -> bool:
    return "hint_jump" in now.done and now.caret != before.caret


def _found(words: str) -> Callable[[Moment, Moment], bool]:
    def reached(_: Moment, now: Moment) -> bool:
        start = now.text.find(words)
        return "search" in now.done and start <= now.caret <= start + len(words)

    return reached


def _went_to_mark(_: Moment, now: Moment) -> bool:
    return bool(now.done & {"previous_mark", "next_mark", "hint_mark"})


def _relabelled(before: Moment, now: Moment) -> bool:
    return any(old.label != new.label for old, new in now.changed_since(before))


def _moved_edge(before: Moment, now: Moment) -> bool:
    return any(old.span != new.span for old, new in now.changed_since(before))


def _noted(before: Moment, now: Moment) -> bool:
    return any(old.note != new.note for old, new in now.changed_since(before))


def _removed_and_back(before: Moment, now: Moment) -> bool:
    return now.done.issuperset({"remove", "undo"}) and len(now.marks) == len(before.marks)


def _fragments(before: Moment, now: Moment) -> bool:
    return any(one.fragments for one in now.new_since(before))


def _article_done(_: Moment, now: Moment) -> bool:
    return "done" in now.done


LESSONS: tuple[Lesson, ...] = (
    Lesson(
        "The caret stands on the first letter. Go down a row with {down} and up with {up}, on by "
        "a word with {word_next} and back with {word_previous}. The arrows work as well.",
        _stepped,
        "Keys stay under your hands: no mouse is needed anywhere.",
    ),
    Lesson(
        "Bigger steps: {clause_next} goes on by a clause, {sentence_next} by a sentence, "
        "{paragraph_next} by a paragraph; {clause_previous} {sentence_previous} "
        "{paragraph_previous} go back. Go to the paragraph that begins “The media, both Russian”.",
        _in_paragraph("“The media, both Russian"),
        "Marks mostly begin and end at such edges, so these are the steps that save keys.",
    ),
    Lesson(
        "Press {annotate:claim}. Nothing is selected, so the clause at the caret is marked as a "
        "claim.",
        _marked(),
        "It is in the file already: there is no saving. The keys of the labels are always below.",
    ),
    Lesson(
        "Take it back with {undo}.",
        _taken_back,
        "Undo goes on over other articles and restarts; {redo} does it again.",
    ),
    Lesson(
        "Now the whole quotation: go back to its “ with {clause_previous}. {select} begins a "
        "selection and every motion extends it: press {select}, {clause_next} three times up to "
        "“he added”, then {annotate:claim}. ({undo} takes a wrong one back.)",
        _marked("select", label="claim", quote=QUOTATION),
        "The space at its end was left out by itself.",
    ),
    Lesson(
        "Quicker still: {grow} selects the word at the caret, again the clause, the quotation, "
        "the sentence; {shrink} goes back. Go on to “he added” with {clause_next}, press {grow} "
        "twice, and then {annotate:attribution}: these words say who is the source.",
        _marked("grow", label="attribution", quote="he added"),
        "Marks may lie over one another: the gutter and the line below the article name all.",
    ),
    Lesson(
        "Jump: {hint_jump} puts two letters on every word you see. Press {hint_jump} and type the "
        "letters of some word far away.",
        _jumped,
        "{hint_select} selects from one word to another in the same way.",
    ),
    Lesson(
        "Search: press {search}, type 40 people and enter.",
        _found(COUNTED),
        "{search_next} would go on to the next place; small letters find capitals too.",
    ),
    Lesson(
        "A number with what it counts is a statistic: press {select}, then {word_end} twice, so "
        "that 40 people is selected, then {annotate:statistic}.",
        _marked("select", label="statistic", quote=COUNTED),
        "A mark that was just made has the focus: the next keys act on it.",
    ),
    Lesson(
        "Go from mark to mark with {previous_mark} and {next_mark}.",
        _went_to_mark,
        "The mark you go to has the focus until the caret moves on.",
    ),
    Lesson(
        "A label's key now changes the label of the focused mark. Go to a claim and make it a "
        "denial: {annotate:denial}.",
        _relabelled,
        "The mark keeps its note and its history; both labels are in `annotui log`.",
    ),
    Lesson(
        "Move its end by a clause with {end_earlier} or {end_later}. ({edge} and any motion moves "
        "an edge freely, enter keeps it.)",
        _moved_edge,
        "No mark has to be made anew because one edge was wrong.",
    ),
    Lesson(
        "Write why: {note} opens the note of the focused mark. Type a few words; enter keeps them.",
        _noted,
        "Notes are exported, and the search finds them.",
    ),
    Lesson(
        "Remove the focused mark with {remove}, and bring it back with {undo}.",
        _removed_and_back,
        "Nothing is ever deleted from the file, so everything can be brought back.",
    ),
    Lesson(
        "A source often stands in the middle: “X,” he added, “Y”. Select X ({select} and motions), "
        "keep it with {fragment}, select Y, and press {annotate:claim}: one mark in two fragments.",
        _fragments,
        "One row in the file and in the export, with both fragments.",
    ),
    Lesson(
        "Enough read? {nothing_here} says “nothing here” of a sentence and {next_unseen} goes to "
        "the next that is unseen. Press {done}: the article is done.",
        _article_done,
        "{next_open} goes to the next article that is left.",
    ),
    Lesson(
        "That is all you need. {help} shows every key, {export} exports, {library} is the library. "
        "{quit} leaves; then `annotui YOUR-ARTICLE.txt` opens your own.",
        lambda _before, _now: False,
        "",
    ),
)
