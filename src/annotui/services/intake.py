"""Taking many articles in: read one by one, stored in batches, each whole or not at all."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from annotui.domain.change import Change, ChangeKind
from annotui.domain.document import document_id_of
from annotui.errors import AnnotuiError, DocumentError
from annotui.formats.plain_text import PlainText
from annotui.services import library
from annotui.services.article_reading import Reading, Selection, Walk, read_bytes, read_file
from annotui.services.workspace import Workspace
from annotui.storage import documents

BATCH_CHARACTERS = 4_000_000
BATCH_ARTICLES = 500
BATCH_S = 1.0
"""A batch is stored when it has so many characters or articles, or began so long ago."""

PASTED = "clipboard"
"""The source of a text that was pasted."""


class State(StrEnum):
    """What became of an article."""

    ADDED = "added"
    THERE = "already there"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Taken:
    """One article and what became of it; ``reason`` says why not, or how it was read."""

    where: str
    state: State
    document_id: str = ""
    title: str = ""
    reason: str = ""
    error: AnnotuiError | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """An article that was read, on its way into the database."""

    where: str
    plain: PlainText
    title: str | None
    source: str


def take_in(
    workspace: Workspace,
    files: Iterable[Path | DocumentError],
    how: Reading | None = None,
    *,
    title: str | None = None,
    dry_run: bool = False,
) -> Iterator[Taken]:
    """Take in ``files`` and tell of each what became of it, once that is on the disk.

    Articles are stored in batches, each in one transaction; what was told of stays where the
    rest is interrupted.

    Raises:
        StoreError: when a batch could not be stored; of it nothing was.
    """
    batch: list[Read] = []
    characters, since = 0, time.monotonic()
    for path in files:
        if isinstance(path, DocumentError):
            yield Taken("", State.REFUSED, reason=str(path), error=path)
            continue
        try:
            plain = read_file(path, how)
            source = library.source_of(workspace, path)
        except AnnotuiError as error:
            yield Taken(str(path), State.REFUSED, reason=str(error), error=error)
            continue
        batch.append(Read(str(path), plain, title, source))
        characters += len(plain.text)
        is_full = characters >= BATCH_CHARACTERS or len(batch) >= BATCH_ARTICLES
        if is_full or time.monotonic() - since >= BATCH_S:
            yield from store(workspace, batch, dry_run=dry_run)
            batch, characters, since = [], 0, time.monotonic()
    yield from store(workspace, batch, dry_run=dry_run)


def store(workspace: Workspace, batch: Sequence[Read], *, dry_run: bool = False) -> list[Taken]:
    """Store a batch in one transaction; a text that is there already is left as it is.

    Raises:
        StoreError: when it could not be stored; then nothing of it was.
        ConfigError: when a title cannot be stored.
    """
    if not batch:
        return []
    ids = [document_id_of(one.plain.text) for one in batch]
    known: dict[str, str] = {}
    if workspace.exists:
        with workspace.reading() as db:
            known = documents.titles_of(db, ids)
    if dry_run or all(document_id in known for document_id in ids):
        return _told(batch, ids, known)
    with workspace.writing(create=True) as db:
        known = documents.titles_of(db, ids)
        told = _told(batch, ids, known)
        change: Change | None = None
        for one, taken in zip(batch, told, strict=True):
            if taken.state is not State.ADDED:
                continue
            about = {"document_id": taken.document_id, "summary": taken.title}
            if change is None:
                change = workspace.begin(db, ChangeKind.ADD, **about)
            else:
                change = workspace.begin_next(db, change, **about)
            library.insert(db, one.plain, taken.title, one.source, change)
    return told


def files_of(path: Path) -> list[Path | DocumentError]:
    """The article at ``path``, or those in the folder there.

    Raises:
        DocumentError: when there is none.
    """
    walk = Walk(Selection())
    found = list(walk.files([path]))
    if not found:
        raise DocumentError(f"There is no article in {path}. Nothing was added.")
    return found


def take_pasted(workspace: Workspace, text: str, title: str) -> Taken:
    """Take in a text from the clipboard under a title; an empty one is made of its first line.

    Raises:
        DocumentError: when it is no text.
        StoreError: when it could not be stored.
    """
    plain = read_bytes(text.encode("utf-8", "replace"), PASTED, Reading(kind="text"))
    (taken,) = store(workspace, [Read(PASTED, plain, title.strip() or None, PASTED)])
    return taken


def _told(batch: Sequence[Read], ids: Sequence[str], known: dict[str, str]) -> list[Taken]:
    told: list[Taken] = []
    titles = dict(known)
    for one, document_id in zip(batch, ids, strict=True):
        state = State.THERE if document_id in titles else State.ADDED
        title = titles.setdefault(document_id, library.title_for(one.plain, one.title))
        told.append(Taken(one.where, state, document_id, title, one.plain.remark))
    return told
