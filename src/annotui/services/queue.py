"""The queue: what is done, what is set aside, and which document is next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from annotui.domain.change import ChangeKind
from annotui.domain.identifier import first_uuid7
from annotui.domain.progress import Day, DocumentStatus, Progress, QueueOrder
from annotui.errors import DocumentError
from annotui.services.session import Outcome
from annotui.services.workspace import Workspace
from annotui.storage import documents, people, progress, shelf

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

SETTABLE = (DocumentStatus.DONE, DocumentStatus.ASIDE, DocumentStatus.NEW)
"""What can be said of a document; that it is in work follows from its marks."""


@dataclass(frozen=True, slots=True)
class Queued:
    """A document of the queue with its status for one annotator; ``length`` is in characters."""

    document_id: str
    title: str
    length: int
    status: str


def set_status(workspace: Workspace, document_id: str, status: DocumentStatus) -> Outcome:
    """Say that a document is done, set aside, or neither any more.

    Raises:
        DocumentError: when the file does not have it, or it is so already; nothing was changed.
        StoreError: when it could not be stored.
    """
    with workspace.writing() as db:
        title = documents.title_of(db, document_id)
        if title is None:
            raise DocumentError(
                f"The document {document_id[:12]} is not in {workspace.path}. Nothing was changed."
            )
        if progress.stored_status(db, document_id, own_names(workspace, db)) == status:
            raise DocumentError(f"{title!r} is {_IS[status]} already. Nothing was changed.")
        change = workspace.begin(
            db, ChangeKind.STATUS, document_id=document_id, summary=f"{_IS[status]}: {title}"
        )
        progress.set_status(db, document_id, status, change)
    return Outcome(change)


_IS = {
    DocumentStatus.DONE: "done",
    DocumentStatus.ASIDE: "set aside",
    DocumentStatus.NEW: "neither done nor set aside",
}


def own_names(workspace: Workspace, db: Handle) -> list[str]:
    """All names of the workspace's annotator, old ones included."""
    return people.names_of(db, people.canonical(db, workspace.annotator))


def progress_in(workspace: Workspace, db: Handle, document_id: str) -> Progress:
    """The annotator's progress in a document, inside a look at the file."""
    names = own_names(workspace, db)
    stored = status = progress.stored_status(db, document_id, names)
    if status is DocumentStatus.NEW and progress.has_begun(db, document_id, names):
        status = DocumentStatus.IN_WORK
    return Progress(status, stored, progress.reading_of(db, document_id, names))


def progress_of(workspace: Workspace, document_id: str) -> Progress:
    """The annotator's progress in a document."""
    with workspace.reading() as db:
        return progress_in(workspace, db, document_id)


def status_of(workspace: Workspace, document_id: str) -> DocumentStatus:
    """The annotator's status of a document."""
    with workspace.reading() as db:
        return progress_in(workspace, db, document_id).status


def queued(workspace: Workspace, order: QueueOrder) -> list[Queued]:
    """All documents in the order of the queue, with the annotator's status of each."""
    with workspace.reading() as db:
        own = people.canonical(db, workspace.annotator)
        known = {one: status for one, who, status in progress.statuses(db) if who == own}
        rows = progress.in_order(db, order)
    return [Queued(*row, known.get(row[0], str(DocumentStatus.NEW))) for row in rows]


def next_document(workspace: Workspace, order: QueueOrder, after: str = "") -> str | None:
    """The next document that is neither done nor set aside, from the start again at the end.

    None where there is none but ``after``.
    """
    with workspace.reading() as db:
        names = own_names(workspace, db)
        found = progress.next_open(db, names, order, after)
        if found is None and after:
            found = progress.next_open(db, names, order)
    return None if found == after else found


def day(workspace: Workspace, now: datetime | None = None) -> Day:
    """The annotator's work since midnight, local time, and what the queue has left."""
    midnight = (now or datetime.now().astimezone()).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    since = midnight.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    with workspace.reading() as db:
        names = own_names(workspace, db)
        done, done_today, aside = progress.counts(db, names, since)
        marks = progress.marks_since(db, names, first_uuid7(midnight))
        return Day(marks, done_today, done, aside, shelf.count(db))
