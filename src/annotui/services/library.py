"""Taking articles in, and finding them again."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import resources
from itertools import islice
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from annotui.domain.change import Change, ChangeKind
from annotui.domain.document import Document, document_id_of, title_of
from annotui.errors import DocumentError
from annotui.formats.plain_text import PlainText
from annotui.services import blind
from annotui.services.article_reading import Reading, read_file
from annotui.services.listing import complete
from annotui.services.session import Outcome
from annotui.services.workspace import Workspace, checked_text
from annotui.storage import collections, documents, people, progress, shelf
from annotui.storage.documents import DocumentSummary

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

PREFIX_LENGTH = 6
"""Digits of a document's id that are enough to name it, where they are unambiguous."""

NEAR_AT_MOST = 3
"""Documents that are named where the one that was asked for is not there."""

COMPARED_AT_MOST = 3_000
"""Names that a misspelt one is compared with at most."""

ALIKE = 3
"""Code points with which a misspelt name begins as it should, where there are many."""

TITLE_LIMIT = 500
"""Code points of a title at most."""

UNTITLED = "untitled"
"""The title of an article of control characters only."""

SEED_NAME = "000_1182b3f968a00b82.txt"


@dataclass(frozen=True, slots=True)
class Added:
    """A document and whether it was new to the file."""

    document_id: str
    title: str
    is_new: bool


def add_file(
    workspace: Workspace, path: Path, *, title: str | None = None, encoding: str | None = None
) -> Added:
    """Take in the article at ``path``; the same text a second time adds nothing.

    Raises:
        EncodingError: when its bytes are not text in that encoding.
        DocumentError: when the file cannot be read as an article.
        StoreError: when it could not be stored.
    """
    source = source_of(workspace, path)
    plain = read_file(path, Reading(encoding=encoding))
    return add_text(workspace, plain, title=title, source=source)


def add_text(
    workspace: Workspace, plain: PlainText, *, title: str | None = None, source: str = ""
) -> Added:
    """Take in a text that was read already; one that was removed comes back with its marks."""
    document_id = document_id_of(plain.text)
    if workspace.exists:
        with workspace.reading() as db:
            known = documents.title_of(db, document_id)
        if known is not None:
            return Added(document_id, known, is_new=False)
    name = title_for(plain, title)
    with workspace.writing(create=True) as db:
        known = documents.title_of(db, document_id)
        if known is not None:
            return Added(document_id, known, is_new=False)
        change = workspace.begin(db, ChangeKind.ADD, document_id=document_id, summary=name)
        insert(db, plain, name, source, change)
    return Added(document_id, name, is_new=True)


def title_for(plain: PlainText, title: str | None) -> str:
    """The title of a new document: as given, as its file says, or its first line.

    Raises:
        ConfigError: when it cannot be stored.
    """
    name = checked_text(" ".join((title or plain.title).split()), "The title")
    return name[:TITLE_LIMIT] or title_of(plain.text) or UNTITLED


def insert(db: Handle, plain: PlainText, title: str, source: str, change: Change) -> None:
    """Store a document that is not shown yet, with the change that was begun for it."""
    document_id = change.document_id
    if documents.exists(db, document_id):
        documents.set_removed(db, document_id, False, change.change_id)
        return
    document = Document(
        document_id=document_id,
        title=title,
        text=plain.text,
        source=source,
        added_at=change.changed_at,
        newline=plain.newline,
        encoding=plain.encoding,
        original_sha256=plain.original_sha256,
        metadata=plain.metadata,
    )
    documents.insert(db, document, change.change_id)


def remove(workspace: Workspace, document_id: str) -> Outcome:
    """Mark a document as removed, its marks with it; undo brings all of it back.

    Raises:
        DocumentError: when the file does not have it.
        StoreError: when that could not be stored.
    """
    with workspace.writing() as db:
        title = documents.title_of(db, document_id)
        if title is None:
            raise DocumentError(
                f"The document {document_id[:12]} is not in {workspace.path}. Nothing was changed."
            )
        change = workspace.begin(
            db, ChangeKind.REMOVE_DOCUMENT, document_id=document_id, summary=title
        )
        documents.set_removed(db, document_id, True, change.change_id)
    return Outcome(change)


def seed_article() -> Path:
    """The article that comes with annotui, to try it on."""
    packaged = Path(str(resources.files("annotui"))) / "seeds" / SEED_NAME
    in_checkout = Path(__file__).resolve().parents[3] / "seeds" / SEED_NAME
    return packaged if packaged.is_file() else in_checkout


def add_seed(workspace: Workspace) -> Added:
    """Take in the article that comes with annotui."""
    return add_text(workspace, read_file(seed_article()), source=SEED_NAME)


def source_of(workspace: Workspace, path: Path) -> str:
    """How a path is kept: from the database's folder where it lies in it, else absolute."""
    absolute = os.path.abspath(path)  # noqa: PTH100 (links are kept as they are named)
    folder = os.path.abspath(workspace.path).rpartition(os.sep)[0]  # noqa: PTH100
    return _storable(absolute.removeprefix(f"{folder}{os.sep}"))


def _storable(text: str) -> str:
    """``text`` with bytes that are not UTF-8, as a path can have them, written out."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def document(workspace: Workspace, document_id: str) -> Document:
    """The document with its text.

    Raises:
        DocumentError: when the file does not have it.
    """
    with workspace.reading() as db:
        found = documents.get(db, document_id)
    if found is None:
        raise DocumentError(
            f"The document {document_id[:12]} is not in {workspace.path}. `annotui list` shows "
            "what is there."
        )
    return found


def info(workspace: Workspace, document_id: str) -> dict[str, object]:
    """What is known of a document, by name; its marks by label and by annotator.

    Raises:
        DocumentError: when the file does not have it.
    """
    article = document(workspace, document_id)
    with workspace.reading() as db:
        only_by = ""
        if blind.hides(workspace, db, document_id):
            only_by = people.canonical(db, workspace.annotator)
        by_label, by_annotator = documents.marks_of(db, document_id, only_by)
        names = collections.names_of(db, document_id)
        statuses = progress.statuses_by_document(db).get(document_id, {})
    known: dict[str, object] = {
        "id": article.document_id,
        "title": article.title,
        "source": article.source,
        "added_at": article.added_at,
        "encoding": article.encoding,
        "newline": str(article.newline),
        "original_sha256": article.original_sha256,
        "characters": len(article.text),
        "words": len(article.text.split()),
        "marks": sum(by_label.values()),
        "annotations": by_label,
        "annotators": by_annotator,
        "collections": names,
        "status": statuses,
    }
    told = {name: value for name, value in article.metadata.items() if name not in known}
    return {**known, **told}


def find(workspace: Workspace, reference: str) -> str:
    """The id that ``reference`` means: an id prefix of six or more, a title, or a path.

    Raises:
        DocumentError: when nothing fits, or more than one does.
    """
    if not reference.strip():
        raise DocumentError(
            "The name of a document is empty. Nothing was done; give its title, the path it came "
            "from, or six or more digits of its id."
        )
    given, reference = reference, _storable(reference)
    complete(workspace)
    with workspace.reading() as db:
        lowered = reference.lower()
        found: list[str] = []
        if len(lowered) >= PREFIX_LENGTH and not set(lowered) - set("0123456789abcdef"):
            found = documents.ids_with_prefix(db, lowered)
        found = found or documents.ids_with_title(db, reference)
        for source in (source_of(workspace, Path(given)), reference):
            found = found or documents.ids_with_source(db, source)
        names = documents.names(db) if not found else []
    if len(found) == 1:
        return found[0]
    if found:
        shown = ", ".join(document_id[:12] for document_id in found[:8])
        raise DocumentError(
            f"{reference!r} means {len(found)} documents: {shown}. Nothing was done; "
            "give more of the id."
        )
    raise DocumentError(_not_found(workspace, reference, names))


def _not_found(workspace: Workspace, reference: str, names: list[tuple[str, str, str]]) -> str:
    near = _near(reference, names)
    hint = f" Near: {', '.join(map(repr, near))}." if near else ""
    begun = [one for one, _, _ in names if one.startswith(reference.lower())]
    if begun and len(reference) < PREFIX_LENGTH:
        shown = ", ".join(one[:12] for one in begun[:NEAR_AT_MOST])
        hint += f" {reference!r} is too short for an id; so begin {shown}."
    return (
        f"There is no document {reference!r} in {workspace.path}.{hint} Nothing was done; "
        "name one by its title, the path it came from, or six or more digits of its id "
        "(`annotui list` shows them)."
    )


def _near(reference: str, names: list[tuple[str, str, str]]) -> list[str]:
    """Titles and sources that are like ``reference``: the same file name first."""
    wanted = reference.casefold()
    file_name = PurePath(wanted).name
    titles = {title.casefold(): title for _, title, _ in names}
    sources = {source.casefold(): source for _, _, source in names if source}
    near = [key for key in sources if PurePath(key).name == file_name]
    near += get_close_matches(wanted, _some(titles, wanted), n=NEAR_AT_MOST, cutoff=0.5)
    near += get_close_matches(wanted, _some(sources, wanted), n=NEAR_AT_MOST)
    files = {PurePath(key).name for key in sources}
    like = set(get_close_matches(file_name, _some(files, file_name)))
    near += [key for key in sources if PurePath(key).name in like]
    near += [key for key in titles if wanted in key]
    shown = {**sources, **titles}
    return [shown[key] for key in dict.fromkeys(near)][:NEAR_AT_MOST]


def _some(keys: Collection[str], wanted: str) -> list[str]:
    """All of few ``keys``; of many some that begin alike, since comparing takes 0.1 ms each."""
    if len(keys) <= COMPARED_AT_MOST:
        return list(keys)
    alike = (key for key in keys if key[:ALIKE] == wanted[:ALIKE])
    return list(islice(alike, COMPARED_AT_MOST))


def summaries(workspace: Workspace) -> list[DocumentSummary]:
    """All documents with their counts by label, in the order in which they were added."""
    with workspace.reading() as db:
        return documents.summaries(db)


def place_of(workspace: Workspace, document_id: str) -> tuple[int, int]:
    """The place of a document, from 1, in the order in which all were added, and their number."""
    with workspace.reading() as db:
        return shelf.rank_of(db, document_id) + 1, shelf.count(db)


def beside(workspace: Workspace, document_id: str, step: int) -> tuple[str, int]:
    """The document added next (``step`` 1) or before (-1), empty at the end; how many there are."""
    with workspace.reading() as db:
        return shelf.beside(db, document_id, step), shelf.count(db)


def first_of(workspace: Workspace, wanted: Sequence[str]) -> str:
    """The first of ``wanted`` that the file has, else what was added first; empty for none."""
    if not workspace.exists:
        return ""
    complete(workspace)
    with workspace.reading() as db:
        known = (one for one in wanted if documents.title_of(db, one) is not None)
        return next(known, "") or shelf.first_id(db)


def document_ids(workspace: Workspace) -> list[str]:
    """Ids of all documents, in the order in which they were added; none without a file."""
    if not workspace.exists:
        return []
    with workspace.reading() as db:
        return documents.ids_in_order(db)
