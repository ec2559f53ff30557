"""What an adjudication begins with."""

from __future__ import annotations

from dataclasses import dataclass

from annotui.services import curation, library
from annotui.services.curation import State, Wanted
from annotui.services.session import Session
from annotui.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Adjudicating:
    """What a screen begins with: which adjudication, where it stands, and what was taken in."""

    wanted: Wanted
    state: State
    taken_in: str = ""


def begin(workspace: Workspace, wanted: Wanted) -> Adjudicating:
    """Take in what all agree on, and look where the adjudication stands.

    Raises:
        ConfigError: as :func:`annotui.services.curation.look`.
        StoreError: when it could not be stored.
    """
    taken = curation.take_in(workspace, wanted)
    state = curation.look(workspace, wanted)
    said = f"{taken.change.summary.partition(': ')[2].capitalize()}." if taken else ""
    return Adjudicating(wanted, state, said)


def read_for_conflict(workspace: Workspace, document_id: str) -> Session:
    """Read a document for the screen.

    Raises:
        AnnotuiError: when it cannot be read.
    """
    session = Session(workspace, library.document(workspace, document_id))
    session.annotations()  # from here on there are news
    return session
