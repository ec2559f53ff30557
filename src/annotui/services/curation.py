"""Adjudication: many annotators' marks become one set, the gold set, with links to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from annotui.domain import adjudication
from annotui.domain.adjudication import Choice, Plan, Question, Ruling
from annotui.domain.annotation import Annotation
from annotui.domain.change import Change, ChangeKind
from annotui.domain.document import Document
from annotui.domain.identifier import uuid7
from annotui.domain.progress import DocumentStatus
from annotui.errors import AnnotationError, ConfigError, DocumentError, StaleError, UndoError
from annotui.services import history
from annotui.services.comparison import known_names
from annotui.services.session import Outcome, summary_of
from annotui.services.workspace import Workspace, checked_name
from annotui.storage import adjudications, documents, people, progress
from annotui.storage import annotations as stored_annotations
from annotui.storage import history as stored_history

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

GOLD = "gold"
"""The name of the gold set where no other is given."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which adjudication: of whom (all who have marks), into which set, in which documents."""

    annotators: tuple[str, ...] = ()
    gold: str = GOLD
    document_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A question about one document."""

    document_id: str
    title: str
    question: Question


@dataclass(slots=True)
class State:
    """How far an adjudication has come; counts are of groups of marks.

    ``waiting`` documents have marks of fewer than two annotators so far. ``agreed`` groups were
    taken in by themselves, ``decided`` by somebody; ``to_take_in`` are agreed and not in yet, and
    ``lapsed`` ones were taken in and have no mark left.
    """

    gold: str
    annotators: tuple[str, ...]
    documents: int = 0
    waiting: int = 0
    agreed: int = 0
    decided: int = 0
    to_take_in: int = 0
    lapsed: int = 0
    conflicts: list[Conflict] = field(default_factory=list)


def look(workspace: Workspace, wanted: Wanted) -> State:
    """Where the adjudication stands.

    Raises:
        ConfigError: when there are fewer than two annotators, one is not known, or the gold set's
            name is that of one of them.
    """
    with workspace.reading() as db:
        names = _annotators(workspace, db, wanted)
        ids = list(wanted.document_ids) or adjudications.documents_with_marks(db)
    state = State(wanted.gold, names)
    for document_id in ids:
        with workspace.reading() as db:  # a look for each: a long one would hold writers up
            document, plan = _planned(db, document_id, names, wanted.gold)
        state.to_take_in += len(plan.agreed)
        state.lapsed += len(plan.lapsed)
        if plan.is_waiting:
            state.waiting += 1
            continue
        state.documents += 1
        by_itself = [all(one.is_by_itself for one in x.earlier) for x in plan.settled if x.earlier]
        state.agreed += sum(by_itself)
        state.decided += len(by_itself) - sum(by_itself)
        state.conflicts += [
            Conflict(document_id, document.title, question) for question in plan.open
        ]
    return state


def look_at(workspace: Workspace, wanted: Wanted, document_id: str) -> list[Conflict]:
    """The conflicts of one document, in the order of the text."""
    return look(workspace, replace(wanted, document_ids=(document_id,))).conflicts


def take_in(workspace: Workspace, wanted: Wanted) -> Outcome | None:
    """Take in all that all agree on, as one change; None where there is nothing to take in.

    Raises:
        ConfigError: as :func:`look` does.
        StoreError: when it could not be stored.
    """
    state = look(workspace, wanted)
    if not (state.to_take_in or state.lapsed):
        return None
    ids = list(wanted.document_ids)
    with workspace.writing() as db:
        names = _annotators(workspace, db, wanted)
        ids = ids or adjudications.documents_with_marks(db)
        found = [_planned(db, one, names, wanted.gold) for one in ids]
        plans = [(document, plan) for document, plan in found if plan.agreed or plan.lapsed]
        count = sum(len(plan.agreed) for _, plan in plans)
        if not plans:
            return None
        words = f"took in {count:,} mark{'' if count == 1 else 's'} on which all agree"
        about = plans[0][0].document_id if len(plans) == 1 else ""
        change = _begin(workspace, db, wanted, about, words)
        before: list[Annotation] = []
        after: list[Annotation] = []
        for document, plan in plans:
            for question in plan.agreed:
                ruling = adjudication.agreed(question.group)
                stood, stands = _store(db, document, wanted.gold, question, ruling, change)
                before += stood
                after += stands
            for lapsed in plan.lapsed:
                adjudications.remove(db, lapsed.adjudication_id, change)
                if lapsed.gold is not None:
                    before.append(lapsed.gold)
                    after.append(_removed(db, lapsed.gold, change))
    return Outcome(change, tuple(before), tuple(after))


def decide(workspace: Workspace, wanted: Wanted, conflict: Conflict, ruling: Ruling) -> Outcome:
    """Store a decision on a conflict as it was seen.

    Raises:
        StaleError: when its marks are other ones now; nothing was stored.
        LabelError: when the scheme does not have the label.
        StoreError: when it could not be stored.
    """
    with workspace.writing() as db:
        names = _annotators(workspace, db, wanted)
        document, plan = _planned(db, conflict.document_id, names, wanted.gold)
        same = (one for one in plan.open if one.marks == conflict.question.marks)
        question = next(same, None)
        if question is None:
            raise StaleError(
                "Not saved: somebody changed these marks, or decided on them, in the meantime. "
                "Look at the conflicts as they are now."
            )
        if ruling.label:
            workspace.scheme_in(db).get(ruling.label, even_retired=_is_said(question, ruling.label))
        first = question.group.members[0].annotation
        words = f"{_WORDS[ruling.choice]}: {summary_of(first)}"
        change = _begin(workspace, db, wanted, document.document_id, words)
        before, after = _store(db, document, wanted.gold, question, ruling, change)
    return Outcome(change, tuple(before), tuple(after))


def take_back(workspace: Workspace) -> Outcome:
    """Take back the adjudicator's newest decision, or all that was taken in at once.

    Raises:
        UndoError: when her newest change is another one; nothing was changed.
        BuiltOnError: when somebody has built on it; nothing was changed.
    """
    with workspace.reading() as db:
        names = people.names_of(db, people.canonical(db, workspace.annotator))
        newest = stored_history.newest_to_undo(db, names)
    if newest is None or newest.kind is not ChangeKind.ADJUDICATE:
        other = "" if newest is None else f"; your newest change is {newest.kind} {newest.summary}"
        raise UndoError(f"There is no decision of yours to take back here{other}.")
    return history.undo(workspace)


_WORDS = {
    Choice.AGREED: "agreed",
    Choice.ANNOTATOR: "one annotator's",
    Choice.UNION: "union",
    Choice.INTERSECTION: "intersection",
    Choice.LABEL: "another label",
    Choice.ANEW: "marked anew",
    Choice.KEPT: "kept as decided",
    Choice.NEITHER: "neither",
}


def find(state: State, ending: str) -> Conflict:
    """The conflict that has a mark whose id is ``ending`` or ends so.

    Raises:
        AnnotationError: when there is none, or more than one.
    """
    wanted = ending.strip().lower()
    found = [
        conflict
        for conflict in state.conflicts
        if any(
            wanted and member.annotation.annotation_id.endswith(wanted)
            for member in conflict.question.group.members
        )
    ]
    if len(found) == 1:
        return found[0]
    how_many = f"{len(found)} conflicts have" if found else "No open conflict has"
    raise AnnotationError(
        f"{how_many} a mark {ending!r}. Nothing was decided; `annotui adjudicate --format json` "
        "lists the conflicts and the ids of their marks."
    )


def _is_said(question: Question, label: str) -> bool:
    return any(member.annotation.label == label for member in question.group.members)


def _annotators(workspace: Workspace, db: Handle, wanted: Wanted) -> tuple[str, ...]:
    """Who is compared, once it is sure that there are two and that the gold set is none of them."""
    gold = people.canonical(db, checked_name(wanted.gold))
    sets = adjudications.gold_sets(db)
    names = known_names(workspace, db, wanted.annotators)
    if not names:
        marking = people.with_marks(db)
        known = adjudications.annotators(db, people.names_of(db, gold))
        names = [name for name, count in marking if (count or name in known) and name not in sets]
    if len(names) < 2:
        there = f"only {names[0]!r}" if names else "nobody"
        raise ConfigError(
            f"Adjudication needs two annotators, and there is {there}. Nothing was done; "
            "`annotui annotators` shows who has marked."
        )
    if gold in names or (gold not in sets and people.has_marks(db, people.names_of(db, gold))):
        raise ConfigError(
            f"{gold!r} has marks that no adjudication made, so the agreed set cannot have that "
            "name. Nothing was done; give it another with --name."
        )
    return tuple(names)


def _planned(
    db: Handle, document_id: str, names: Sequence[str], gold: str
) -> tuple[Document, Plan]:
    """A document and its plan.

    Those take part who have marks in it, had some when it was decided on, or said that it is done.
    """
    document = documents.get(db, document_id)
    if document is None:
        raise DocumentError(f"The document {document_id[:12]} is not in the file any more.")
    everybodys = stored_annotations.of_document(db, document_id)
    marks = [one for one in everybodys if one.annotator in names]
    gold_names = people.names_of(db, people.canonical(db, gold))
    decided = adjudications.in_force(db, document_id, gold_names, everybodys)
    marking = {one.annotator for one in marks}
    marking |= {source.annotator for one in decided for source in one.sources}
    taking_part = [
        name
        for name in names
        if name in marking
        or progress.stored_status(db, document_id, people.names_of(db, name)) is DocumentStatus.DONE
    ]
    return document, adjudication.plan(marks, taking_part, document.text, decided)


def _begin(
    workspace: Workspace, db: Handle, wanted: Wanted, document_id: str, words: str
) -> Change:
    summary = f"{wanted.gold}: {words}"
    change = workspace.begin(db, ChangeKind.ADJUDICATE, document_id=document_id, summary=summary)
    people.register(db, wanted.gold, change.change_id)
    return change


def _store(
    db: Handle,
    document: Document,
    gold: str,
    question: Question,
    ruling: Ruling,
    change: Change,
) -> tuple[list[Annotation], list[Annotation]]:
    """Store a decision, its result and its sources; the gold marks before and after."""
    standing = [one.gold for one in question.earlier if one.gold is not None]
    before, after = list(standing), []
    result_id = ""
    if ruling.runs:
        name = people.canonical(db, gold)
        result = _result(db, document, name, ruling, standing[-1] if standing else None, change)
        result_id = result.annotation_id
        after.append(result)
    for one in standing:
        if one.annotation_id != result_id:
            after.append(_removed(db, one, change))
    adjudication_id = adjudications.insert(
        db,
        change,
        document_id=document.document_id,
        gold=gold,
        choice=ruling.choice,
        result_id=result_id,
        marks=[member.annotation for member in question.group.members],
        taken=ruling.taken,
    )
    for earlier in question.earlier:
        adjudications.supersede(db, earlier.adjudication_id, adjudication_id, change)
    return before, after


def _result(
    db: Handle,
    document: Document,
    name: str,
    ruling: Ruling,
    standing: Annotation | None,
    change: Change,
) -> Annotation:
    """The mark of the gold set: the one that stands, changed where it differs, or a new one."""
    if standing is not None:
        wanted = replace(standing, label=ruling.label, note=ruling.note).on(document, ruling.runs)
        if wanted == standing:
            return standing
        wanted = replace(wanted, updated_at=change.changed_at)
        return stored_annotations.update(db, standing, wanted, change.change_id)
    made = Annotation(
        annotation_id=uuid7(),
        document_id=document.document_id,
        label=ruling.label,
        start=0,
        end=1,
        quote="",
        annotator=name,
        note=ruling.note,
        created_at=change.changed_at,
        updated_at=change.changed_at,
    ).on(document, ruling.runs)
    stored_annotations.insert(db, made, change.change_id)
    return made


def _removed(db: Handle, annotation: Annotation, change: Change) -> Annotation:
    gone = replace(annotation, removed=True, updated_at=change.changed_at)
    return stored_annotations.update(db, annotation, gone, change.change_id)
