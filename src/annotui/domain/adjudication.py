"""Adjudication: from several annotators' marks to one agreed set, asking only about what is new.

A decision keeps the marks that it was about as they were then. It stays in force until a later one
about the same marks supersedes it, so new work never throws one away: a group of marks is asked
about again only where a mark is in it that no decision has seen as it is now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from annotui.domain.annotation import Annotation
from annotui.domain.matching import Group, Member, common_runs, matched
from annotui.domain.span import Span, normalise
from annotui.errors import AnnotationError

ANNOTATOR_KEYS = "1256789"
"""The keys that take what the first, second, third … annotator says; 3 and 4 are for all."""

UNION_KEY, INTERSECTION_KEY = "3", "4"

Said = tuple[str, tuple[Span, ...]]
"""A label and where."""


class Choice(StrEnum):
    """How a decision came to its result."""

    AGREED = "agreed"
    ANNOTATOR = "annotator"
    UNION = "union"
    INTERSECTION = "intersection"
    LABEL = "label"
    ANEW = "anew"
    KEPT = "kept"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Source:
    """A mark as a decision saw it; ``is_standing`` is whether its annotator still has it."""

    annotation_id: str
    said: Said
    annotator: str = ""
    is_standing: bool = True


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision in force: what it was about, and the mark of the gold set, where it made one."""

    adjudication_id: str
    choice: Choice
    sources: tuple[Source, ...]
    gold: Annotation | None = None

    @property
    def is_by_itself(self) -> bool:
        """Whether nobody was asked, since all agreed."""
        return self.choice is Choice.AGREED


@dataclass(frozen=True, slots=True)
class Question:
    """A group of marks, and the decisions that were made about marks of it before."""

    group: Group
    earlier: tuple[Decided, ...] = ()

    @property
    def marks(self) -> frozenset[tuple[str, Said]]:
        """What is asked about: the same marks as they are now make the same question."""
        return frozenset(map(_as_seen, self.group.members))


@dataclass(frozen=True, slots=True)
class Plan:
    """What an adjudication of one document has to do.

    ``agreed`` is to be taken in, ``open`` to be asked, ``lapsed`` was taken in and has no mark
    left that it came from. ``settled`` groups have a decision that holds. A
    document that ``is_waiting`` has fewer than two annotators so far.
    """

    agreed: tuple[Question, ...] = ()
    open: tuple[Question, ...] = ()
    lapsed: tuple[Decided, ...] = ()
    settled: tuple[Question, ...] = ()
    is_waiting: bool = False


@dataclass(frozen=True, slots=True)
class Ruling:
    """The result of a decision: label, runs and note, from which marks; no runs: no mark at all."""

    choice: Choice
    label: str = ""
    runs: tuple[Span, ...] = ()
    note: str = ""
    taken: frozenset[str] = frozenset()


Ruler = Callable[[Group, str], Ruling]
"""Gives a ruling for a group, with this label where one is given."""


def plan(
    marks: Iterable[Annotation], annotators: Sequence[str], text: str, decided: Iterable[Decided]
) -> Plan:
    """Match the marks of a document and sort the groups by what is to be done about them.

    With fewer than two annotators nothing is: the document waits for the others.
    """
    decided = list(decided)
    lapsed = tuple(
        one
        for one in decided
        if one.is_by_itself and not any(source.is_standing for source in one.sources)
    )
    if len(annotators) < 2:
        return Plan(lapsed=lapsed, is_waiting=True)
    groups = matched(marks, annotators, text)
    homes = _homes(groups, decided)
    seen = {(source.annotation_id, source.said) for one in decided for source in one.sources}
    agreed, open_, settled = [], [], []
    for rank, group in enumerate(groups):
        question = Question(group, tuple(homes.get(rank, ())))
        if _is_settled(question, seen):
            settled.append(question)
        elif group.is_agreed and all(one.is_by_itself for one in question.earlier):
            agreed.append(question)
        else:
            open_.append(question)
    return Plan(tuple(agreed), tuple(open_), lapsed, tuple(settled))


def _homes(groups: Sequence[Group], decided: Iterable[Decided]) -> dict[int, list[Decided]]:
    """By the rank of a group its decisions: those most of whose marks it has, best as they were."""
    place = {
        member.annotation.annotation_id: (rank, _as_seen(member))
        for rank, group in enumerate(groups)
        for member in group.members
    }
    homes: dict[int, list[Decided]] = {}
    for one in decided:
        votes: dict[int, int] = {}
        for source in one.sources:
            rank, now = place.get(source.annotation_id, (-1, None))
            if now is not None:
                is_as_seen = now == (source.annotation_id, source.said)
                votes[rank] = votes.get(rank, 0) + 1 + is_as_seen * len(one.sources)
        if votes:
            home = max(votes, key=lambda rank: (votes[rank], -rank))
            homes.setdefault(home, []).append(one)
    return homes


def _is_settled(question: Question, seen: set[tuple[str, Said]]) -> bool:
    """Whether decisions hold for all marks of a group."""
    group, earlier = question.group, question.earlier
    golden = {(one.gold.label, one.gold.runs) for one in earlier if one.gold is not None}
    now = {_as_seen(member) for member in group.members}
    if any(mark not in seen and mark[1] not in golden for mark in now):
        return False
    if len(earlier) > 1:
        return False
    for one in earlier:
        before = {(source.annotation_id, source.said) for source in one.sources}
        if one.is_by_itself and not before <= now:
            return False  # somebody took back, or moved elsewhere, what all agreed on
    return True


def _as_seen(member: Member) -> tuple[str, Said]:
    annotation = member.annotation
    return annotation.annotation_id, (annotation.label, annotation.runs)


def agreed(group: Group) -> Ruling:
    """What all of a group say."""
    first = group.members[0]
    return Ruling(
        *(Choice.AGREED, first.annotation.label, first.runs, _notes(group.members)),
        _ids(group.members),
    )


def of_annotator(group: Group, annotator: str, label: str = "") -> Ruling:
    """What one annotator says, with another ``label`` where one is given; nothing is no mark.

    Raises:
        AnnotationError: when a label is given and there is no mark to give it to.
    """
    member = group.of(annotator)
    if member is None:
        if label:
            raise AnnotationError(f"{annotator} has no mark here. Nothing was decided.")
        return NEITHER
    choice = Choice.LABEL if label and label != member.annotation.label else Choice.ANNOTATOR
    note = member.annotation.note
    label = label or member.annotation.label
    return Ruling(choice, label, member.runs, note, _ids([member]))


def union(group: Group, label: str = "") -> Ruling:
    """All that one of them marked.

    Raises:
        AnnotationError: when they have more than one label and none is given.
    """
    runs = normalise(run for member in group.members for run in member.runs)
    return _of_all(group, Choice.UNION, runs, label)


def intersection(group: Group, label: str = "") -> Ruling:
    """What all who have a mark marked.

    Raises:
        AnnotationError: when nothing is, or they have more than one label and none is given.
    """
    first, *others = group.members
    if not others:
        name = first.annotation.annotator
        raise AnnotationError(f"Only {name} has a mark here. Nothing was decided.")
    runs = first.runs
    for member in others:
        runs = common_runs(runs, member.runs)
    if not runs:
        raise AnnotationError("They have no character in common. Nothing was decided.")
    return _of_all(group, Choice.INTERSECTION, runs, label)


def relabelled(group: Group, label: str) -> Ruling:
    """The same words as they all marked, with this label.

    Raises:
        AnnotationError: when they marked different words.
    """
    if len({member.runs for member in group.members}) > 1:
        raise AnnotationError(
            "They marked different words; say whose, or the union or intersection. Nothing was "
            "decided."
        )
    having = [one for one in group.members if one.annotation.label == label]
    if having:
        first = having[0]
        return Ruling(Choice.ANNOTATOR, label, first.runs, _notes(having), _ids(having))
    return _of_all(group, Choice.LABEL, group.members[0].runs, label)


def anew(label: str, runs: Sequence[Span]) -> Ruling:
    """A mark that nobody has made so."""
    return Ruling(Choice.ANEW, label, normalise(runs))


def kept(earlier: Sequence[Decided]) -> Ruling:
    """What was decided before."""
    gold = next((one.gold for one in reversed(earlier) if one.gold is not None), None)
    if gold is None:
        return Ruling(Choice.KEPT)
    return Ruling(Choice.KEPT, gold.label, gold.runs, gold.note)


NEITHER = Ruling(Choice.NEITHER)


def _of_all(group: Group, choice: Choice, runs: tuple[Span, ...], label: str) -> Ruling:
    labels = {member.annotation.label for member in group.members}
    if not label and len(labels) > 1:
        names = " or ".join(sorted(labels))
        raise AnnotationError(f"They have different labels; say which: {names}. Nothing was done.")
    return Ruling(choice, label or min(labels), runs, _notes(group.members), _ids(group.members))


def _notes(members: Iterable[Member]) -> str:
    """All their notes, each once."""
    notes = dict.fromkeys(one.annotation.note for one in members if one.annotation.note)
    return "\n".join(notes)


def _ids(members: Iterable[Member]) -> frozenset[str]:
    return frozenset(member.annotation.annotation_id for member in members)
