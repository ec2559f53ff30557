"""Blind mode: others' marks in a document are hidden until the annotator's own work on it is done.

It keeps the annotator's eyes off them where articles are read and listed. It is no lock: what is
there to compare or to export is printed whoever asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotui.domain.annotation import Annotation
from annotui.domain.progress import DocumentStatus
from annotui.storage import people, progress

if TYPE_CHECKING:
    from annotui.services.workspace import Workspace
    from annotui.storage.handle import Handle


@dataclass(frozen=True, slots=True)
class Seen:
    """Whose marks the annotator may see: ``own_names`` in every document, all in those ``done``."""

    own_names: frozenset[str]
    done: frozenset[str]

    def shows(self, annotation: Annotation) -> bool:
        """Whether a mark may be shown."""
        return annotation.document_id in self.done or annotation.annotator in self.own_names


def hides(workspace: Workspace, db: Handle, document_id: str) -> bool:
    """Whether others' marks in a document are hidden from the annotator."""
    if not workspace.is_blind:
        return False
    names = _own_names(workspace, db)
    return progress.stored_status(db, document_id, names) is not DocumentStatus.DONE


def seen(workspace: Workspace, db: Handle) -> Seen | None:
    """What a blind annotator may see; None where all is shown."""
    if not workspace.is_blind:
        return None
    names = _own_names(workspace, db)
    return Seen(frozenset(names), frozenset(progress.done_documents(db, names)))


def _own_names(workspace: Workspace, db: Handle) -> list[str]:
    return people.names_of(db, people.canonical(db, workspace.annotator))
