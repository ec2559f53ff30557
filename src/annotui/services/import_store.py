"""Storing the annotations of one imported document, inside a transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from annotui.domain.annotation import Annotation
from annotui.domain.change import ChangeKind
from annotui.domain.document import Document
from annotui.domain.identifier import uuid7s
from annotui.formats.plain_text import PlainText
from annotui.services import library
from annotui.services.workspace import Workspace
from annotui.storage import annotations as stored_annotations
from annotui.storage import documents, importing, people

if TYPE_CHECKING:
    from annotui.storage.handle import Handle


@dataclass(frozen=True, slots=True)
class Ready:
    """A document and its annotations, checked; ``plain`` is there where the file has the text."""

    document: Document
    annotations: list[Annotation]
    plain: PlainText | None
    source: str
    file_name: str


@dataclass(slots=True)
class Stored:
    """How many marks came in, were there already, came back, or are there in another version."""

    documents: int = 0
    added: int = 0
    there: int = 0
    restored: int = 0
    differing: int = 0
    decisions: int = 0

    def __iadd__(self, other: Stored) -> Stored:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))
        return self


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be written: new marks, removed ones that come back, decisions on those there."""

    new: list[Annotation]
    back: list[Annotation]
    decided: list[Annotation]


def store(workspace: Workspace, db: Handle, ready: Ready) -> Stored:
    """Store what the database lacks of ``ready``, as one change; nothing where it lacks nothing.

    A mark is the same as one that is there when it has its id, or for want of an id the same
    runs, label, annotator and note. One that is there in another version is left as it is.

    Raises:
        StoreError: when it could not be stored.
    """
    stored = Stored()
    document_id = ready.document.document_id
    if ready.plain is not None and documents.title_of(db, document_id) is None:
        title = library.title_for(ready.plain, None)
        added = workspace.begin(db, ChangeKind.ADD, document_id=document_id, summary=title)
        library.insert(db, ready.plain, title, ready.source, added)
        stored.documents = 1
    wanted = _under_own_names(db, ready.annotations)
    plan = _compared(db, document_id, wanted, stored)
    decided = sum(one.review_status != "unreviewed" for one in plan.new) + len(plan.decided)
    if not (plan.new or plan.back or decided):
        return stored
    count = len(plan.new) + len(plan.back)
    summary = f"{count:,} mark{'' if count == 1 else 's'} from {ready.file_name}"
    change = workspace.begin(db, ChangeKind.IMPORT, document_id=document_id, summary=summary)
    for name in dict.fromkeys(name for one in wanted for name in (one.annotator, one.reviewer)):
        if name:
            people.register(db, name, change.change_id)
    new = _with_ids(plan.new, change.changed_at)
    stored_annotations.insert_many(db, new, change.change_id)
    importing.restore(db, plan.back, change)
    decisions = [one for one in new if one.review_status != "unreviewed"] + plan.decided
    importing.insert_decisions(db, decisions, change)
    stored.added, stored.restored, stored.decisions = len(new), len(plan.back), len(decisions)
    return stored


def _with_ids(annotations: Sequence[Annotation], now: str) -> list[Annotation]:
    """The annotations with ids, new ones in the order of the file, and with times."""
    new = iter(uuid7s(sum(not one.annotation_id for one in annotations)))
    return [one.born(one.annotation_id or next(new), now) for one in annotations]


def _under_own_names(db: Handle, annotations: Sequence[Annotation]) -> list[Annotation]:
    """The annotations with the names that their annotators and reviewers have here."""
    names = {name for one in annotations for name in (one.annotator, one.reviewer)}
    here = {name: people.canonical(db, name) for name in names}
    if all(old == new for old, new in here.items()):
        return list(annotations)
    return [
        replace(one, annotator=here[one.annotator], reviewer=here[one.reviewer])
        for one in annotations
    ]


def _compared(db: Handle, document_id: str, wanted: Sequence[Annotation], stored: Stored) -> _Plan:
    """What of ``wanted`` is to be written; what is there already is counted in ``stored``."""
    here = importing.of_document(db, document_id)
    by_id = {one.annotation_id: one for one in here}
    strange = [one.annotation_id for one in wanted if one.annotation_id not in by_id]
    by_id |= importing.with_ids(db, [one for one in strange if one])
    named = {one.annotation_id for one in wanted}
    alike: dict[tuple[object, ...], list[Annotation]] = defaultdict(list)
    for one in sorted(here, key=lambda one: one.removed, reverse=True):
        if one.annotation_id not in named:
            alike[_content(one)].append(one)
    plan = _Plan([], [], [])
    for one in wanted:
        known = by_id.get(one.annotation_id)
        if known is None and not one.annotation_id:
            same = alike[_content(one)]
            known = same.pop() if same else None
        if known is None:
            plan.new.append(one)
        elif _content(known) != _content(one):
            stored.differing += 1
        else:
            version = known.version + known.removed
            if known.removed:
                plan.back.append(known)
            else:
                stored.there += 1
            if one.review_status != "unreviewed" and (known.removed or not known.reviewer):
                decision = replace(one, annotation_id=known.annotation_id, version=version)
                plan.decided.append(decision)
    return plan


def _content(one: Annotation) -> tuple[object, ...]:
    """What makes two marks the same but for their ids."""
    return (one.document_id, one.runs, one.label, one.annotator, one.note)
