"""What two or more annotators say of one document, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotui.domain.document import Document
from annotui.domain.matching import Group, matched
from annotui.errors import ConfigError
from annotui.services import library
from annotui.services.workspace import Workspace, checked_text, unknown_annotator
from annotui.storage import adjudications, people
from annotui.storage import annotations as stored_annotations

if TYPE_CHECKING:
    from annotui.storage.handle import Handle


@dataclass(frozen=True, slots=True)
class Comparison:
    """The groups of a document's marks, in the order of the text."""

    document: Document
    annotators: tuple[str, ...]
    groups: tuple[Group, ...]


def compare(workspace: Workspace, document_id: str, annotators: Sequence[str] = ()) -> Comparison:
    """Compare ``annotators``, by default all who have marks in the document, no agreed sets.

    Raises:
        ConfigError: when there are fewer than two, or one is not known.
        DocumentError: when the file does not have the document.
    """
    document = library.document(workspace, document_id)
    with workspace.reading() as db:
        marks = stored_annotations.of_document(db, document_id)
        having = sorted({one.annotator for one in marks} - {*adjudications.gold_sets(db)})
        names = known_names(workspace, db, annotators) or having
    if len(names) < 2:
        there = f"only {names[0]!r}" if names else "nobody"
        raise ConfigError(
            f"A comparison needs two annotators, and there is {there} with marks in "
            f"{document.title!r}. Nothing was compared; `annotui annotators` shows who has marked."
        )
    return Comparison(document, tuple(names), tuple(matched(marks, names, document.text)))


def agreed_sets(workspace: Workspace) -> list[str]:
    """The names of the sets that adjudications made."""
    with workspace.reading() as db:
        return adjudications.gold_sets(db)


def known_names(workspace: Workspace, db: Handle, wanted: Sequence[str]) -> list[str]:
    """The annotators ``wanted`` by the names under which they go now, each once.

    Raises:
        ConfigError: when the file does not know one.
    """
    for name in wanted:
        if not people.is_known(db, checked_text(name, "The annotator's name")):
            raise ConfigError(f"{unknown_annotator(workspace, db, name)} Nothing was compared.")
    return list(dict.fromkeys(people.canonical(db, name) for name in wanted))
