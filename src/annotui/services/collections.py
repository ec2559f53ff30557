"""Collections: named groups of documents."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotui.domain.change import Change, ChangeKind
from annotui.errors import ConfigError, DocumentError
from annotui.services.session import Outcome
from annotui.services.workspace import Workspace, checked_text
from annotui.storage import collections as stored

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

NAME_LENGTH = 100
"""Code points of a collection's name at most."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection and how many documents are in it."""

    name: str
    documents: int
    created_at: str


def listed(workspace: Workspace) -> list[Collection]:
    """All collections, by name."""
    if not workspace.exists:
        return []
    with workspace.reading() as db:
        return [Collection(*row) for row in stored.listed(db)]


def of_document(workspace: Workspace, document_id: str) -> list[str]:
    """The names of the collections that a document is in."""
    with workspace.reading() as db:
        return stored.names_of(db, document_id)


def create(workspace: Workspace, name: str) -> Outcome:
    """Make an empty collection.

    Raises:
        ConfigError: when the name cannot be stored.
        DocumentError: when there is one of this name; nothing was changed.
    """
    name = checked(name)
    with workspace.writing(create=True) as db:
        _check_free(workspace, db, name)
        change = _begin(workspace, db, f"new: {name}")
        stored.create(db, name, change)
    return Outcome(change)


def put_in(workspace: Workspace, name: str, document_ids: Sequence[str]) -> tuple[Outcome, int]:
    """Put documents into a collection; how many were not in it.

    Raises:
        DocumentError: when there is no such collection, or all are in it; nothing was changed.
    """
    with workspace.writing() as db:
        collection_ids = _known(workspace, db, name)
        there = {document_id for document_id, _ in stored.members(db, name)}
        new = [one for one in stored.present(db, document_ids) if one not in there]
        if not new:
            raise DocumentError(f"All of that is in {name!r} already. Nothing was changed.")
        change = _begin(workspace, db, f"{_counted(len(new))} into {name}")
        stored.put_in(db, collection_ids[0], new, change)
    return Outcome(change), len(new)


def take_out(workspace: Workspace, name: str, document_ids: Sequence[str]) -> tuple[Outcome, int]:
    """Take documents out of a collection; how many were in it.

    Raises:
        DocumentError: when there is no such collection, or none is in it; nothing was changed.
    """
    wanted = set(document_ids)
    with workspace.writing() as db:
        _known(workspace, db, name)
        found = [row for row in stored.members(db, name) if row[0] in wanted]
        if not found:
            raise DocumentError(f"Nothing of that is in {name!r}. Nothing was changed.")
        count = len({document_id for document_id, _ in found})
        change = _begin(workspace, db, f"{_counted(count)} out of {name}")
        stored.take_out(db, [member_id for _, member_id in found], change)
    return Outcome(change), count


def rename(workspace: Workspace, old: str, new: str) -> Outcome:
    """Give a collection another name.

    Raises:
        ConfigError: when the name cannot be stored.
        DocumentError: when there is no such collection, or one of the new name.
    """
    new = checked(new)
    with workspace.writing() as db:
        collection_ids = _known(workspace, db, old)
        _check_free(workspace, db, new)
        change = _begin(workspace, db, f"{old} → {new}")
        stored.rename(db, collection_ids, new, change)
    return Outcome(change)


def delete(workspace: Workspace, name: str) -> Outcome:
    """Do away with a collection; its documents stay.

    Raises:
        DocumentError: when there is no such collection.
    """
    with workspace.writing() as db:
        collection_ids = _known(workspace, db, name)
        change = _begin(workspace, db, f"deleted: {name}")
        stored.remove(db, collection_ids, change)
    return Outcome(change)


def members(workspace: Workspace, name: str) -> list[str]:
    """The ids of the documents in a collection.

    Raises:
        DocumentError: when there is no such collection.
    """
    with workspace.reading() as db:
        _known(workspace, db, name)
        return list(dict.fromkeys(document_id for document_id, _ in stored.members(db, name)))


def checked(name: str) -> str:
    """A collection's name as it is stored, without spaces around it.

    Raises:
        ConfigError: when it is empty, too long, or cannot be stored.
    """
    name = " ".join(checked_text(name, "The collection's name").split())
    if not name:
        raise ConfigError("The collection's name is empty. Nothing was changed.")
    if len(name) > NAME_LENGTH:
        raise ConfigError(
            f"The collection's name has {len(name)} characters; at most {NAME_LENGTH} are kept. "
            "Nothing was changed."
        )
    if any(unicodedata.category(char) == "Cc" for char in name):
        raise ConfigError(
            f"The collection's name {name!r} holds a control character. Nothing was changed."
        )
    return name


def _known(workspace: Workspace, db: Handle, name: str) -> list[str]:
    found = stored.ids_of(db, name)
    if found:
        return found
    from difflib import get_close_matches

    names = [row[0] for row in stored.listed(db)]
    near = get_close_matches(name, names, n=3, cutoff=0.5) or names[:3]
    there = f" There is {', '.join(map(repr, near))}." if near else " There is none yet."
    raise DocumentError(
        f"There is no collection {name!r} in {workspace.path}.{there} Nothing was changed; "
        "`annotui collection create NAME` makes one."
    )


def _check_free(workspace: Workspace, db: Handle, name: str) -> None:
    if stored.ids_of(db, name):
        raise DocumentError(
            f"There is a collection {name!r} in {workspace.path} already. Nothing was changed."
        )


def _begin(workspace: Workspace, db: Handle, summary: str) -> Change:
    return workspace.begin(db, ChangeKind.COLLECTION, summary=summary)


def _counted(count: int) -> str:
    return f"{count:,} article{'' if count == 1 else 's'}"
