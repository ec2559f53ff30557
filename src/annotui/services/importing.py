"""Taking annotations in: each file is read and checked whole before anything of it is stored."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from annotui.domain.document import Document, document_id_of
from annotui.errors import AnnotuiError, DocumentError, FormatError, LabelError, StoreError
from annotui.formats import registry
from annotui.formats.exchange import Bundle, Problem
from annotui.formats.plain_text import PlainText
from annotui.services import library
from annotui.services.import_store import Ready, Stored, store
from annotui.services.new_labels import with_labels
from annotui.services.record_check import How, RecordCheck
from annotui.services.workspace import Workspace

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

BATCH_S = 1.0
"""Files are stored in one transaction as long as it was begun so many seconds ago at most."""

KEPT_AT_MOST = 20_000
"""Annotations of a file that are kept after the check; a file with more is read again."""

Watch = Callable[[int, int], None]
"""Is told how many documents of a large file are stored, and how many it has."""


@dataclass(slots=True)
class Outcome:
    """What became of a file.

    ``problems`` are records that were left out, or for which the file ``is_refused``; ``reason``
    says why where it could not even be read. ``left_out`` counts by kind what annotui cannot
    hold, ``unknown_labels`` the marks by label.
    """

    where: str
    is_refused: bool = False
    reason: str = ""
    documents: int = 0
    stored: Stored = field(default_factory=Stored)
    re_anchored: int = 0
    problems: list[Problem] = field(default_factory=list)
    unknown_labels: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    format_name: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether all that is in the file is in the database now."""
        return not (self.is_refused or self.problems or self.left_out or self.stored.differing)


@dataclass(slots=True)
class _File:
    """A file that was checked; ``ready`` is None where it is too large to be kept."""

    outcome: Outcome
    path: Path
    ready: list[Ready] | None


class Import:
    """An import of files by one annotator."""

    def __init__(self, workspace: Workspace, how: How) -> None:
        self.workspace = workspace
        self._how = how
        self._scheme = workspace.scheme()
        self._check_mapping()

    def _check_mapping(self) -> None:
        for new in self._how.mapping.values():
            if new not in self._scheme and not self._how.add_labels:
                raise LabelError(
                    f"There is no label {new!r} to map to. Nothing was imported; the labels are "
                    f"{', '.join(label.name for label in self._scheme)}, and --add-labels adds one."
                )

    def run(self, files: Iterable[Path | DocumentError], watch: Watch) -> Iterator[Outcome]:
        """Import ``files`` and tell of each what became of it, once that is on the disk.

        What was told of stays where the rest is interrupted.

        Raises:
            StoreError: when something could not be stored; of that file and those behind it
                nothing was.
        """
        batch: list[_File] = []
        since = time.monotonic()
        for path in files:
            checked = self._checked(path)
            if checked.outcome.is_refused:
                yield checked.outcome
            elif checked.ready is None:
                yield from self._store(batch)
                batch = []
                yield self._store_large(checked, watch)
            else:
                batch.append(checked)
            if time.monotonic() - since >= BATCH_S:
                yield from self._store(batch)
                batch, since = [], time.monotonic()
        yield from self._store(batch)

    def _checked(self, path: Path | DocumentError) -> _File:
        if isinstance(path, DocumentError):
            return _File(Outcome("", is_refused=True, reason=str(path)), Path(), None)
        outcome = Outcome(str(path))
        ready: list[Ready] | None = []
        count = 0
        try:
            for one in self._ready(path, outcome):
                count += len(one.annotations)
                ready = None if ready is None or count > KEPT_AT_MOST else [*ready, one]
        except StoreError:
            raise
        except AnnotuiError as error:
            outcome.is_refused, outcome.reason = True, str(error)
        if outcome.unknown_labels or (outcome.problems and not self._how.leaves_out):
            outcome.is_refused = True
        return _File(outcome, path, ready)

    def _ready(self, path: Path, outcome: Outcome) -> Iterator[Ready]:
        """The documents of a file, checked; what is wrong goes into ``outcome``."""
        if path.exists() and not path.is_file():
            raise FormatError(f"{path} is not a regular file. Nothing of it was imported.")
        form = registry.named(self._how.form) if self._how.form else registry.detect(path)
        if not form.reads:
            raise FormatError(f"The format {form.name} can only be written. Nothing was imported.")
        outcome.format_name = form.name
        check = RecordCheck(self._how, self._scheme, self.workspace.annotator)
        try:
            for bundle in registry.reader(form).read(path):
                outcome.documents += 1
                outcome.left_out.update(bundle.left_out)
                document = self._document(bundle, outcome)
                if document is None:
                    continue
                checked = check.check(bundle, document)
                outcome.problems += checked.problems
                outcome.unknown_labels += checked.unknown_labels
                outcome.re_anchored += checked.re_anchored
                plain = None if bundle.text is None else _plain(bundle)
                yield Ready(
                    document, checked.annotations, plain, bundle.source, _storable(path.name)
                )
        except UnicodeDecodeError as error:
            raise FormatError(
                f"{path} is not UTF-8 (byte {error.start:,} of what was being read). Nothing of it "
                "was imported."
            ) from error
        except OSError as error:
            raise FormatError(
                f"{path} cannot be read: {error.strerror or error}. Nothing was imported."
            ) from error

    def _document(self, bundle: Bundle, outcome: Outcome) -> Document | None:
        """The document that is meant; None, with a problem for each record, where there is none."""
        expected, found = "", ""
        if bundle.text is not None:
            document = _from_bundle(bundle)
            told = (bundle.title, bundle.source, bundle.encoding, bundle.original_sha256)
            found = _unfit(bundle.text) or _unstorable(
                "\n".join((*told, *bundle.metadata.values()))
            )
            expected = "a text that can be stored"
            if not found and bundle.document_id not in ("", document.document_id):
                expected = f"the text whose SHA-256 is {bundle.document_id[:12]}…"
                found = f"another ({document.document_id[:12]}…)"
            if not found:
                return document
        else:
            reference = bundle.document_id or bundle.title or self._how.document_id
            expected = f"the document {reference!r}" if reference else "a document's id or title"
            found = (
                f"none in {self.workspace.path}" if reference else "neither (--document names it)"
            )
            if reference and self.workspace.exists:
                try:
                    return library.document(self.workspace, library.find(self.workspace, reference))
                except DocumentError as error:
                    found = str(error)
        places = [one.where for one in bundle.records] or [bundle.where]
        outcome.problems += [*bundle.problems, *(Problem(at, expected, found) for at in places)]
        return None

    def _store(self, batch: list[_File]) -> Iterator[Outcome]:
        """Store files in one transaction."""
        if not batch:
            return
        with self.workspace.writing(create=True) as db:
            self._add_labels(db, (one for file in batch for one in file.ready or ()))
            for file in batch:
                for ready in file.ready or ():
                    file.outcome.stored += store(self.workspace, db, ready)
        yield from (file.outcome for file in batch)

    def _store_large(self, file: _File, watch: Watch) -> Outcome:
        """Store a large file, which was found good: read it again, some documents at a time."""
        again = Outcome(file.outcome.where)
        total, done = file.outcome.documents, 0
        some: list[Ready] = []
        since = time.monotonic()
        for ready in self._ready(file.path, again):
            some.append(ready)
            if time.monotonic() - since >= BATCH_S:
                file.outcome.stored += self._store_some(some)
                done += len(some)
                watch(done, total)
                some, since = [], time.monotonic()
        file.outcome.stored += self._store_some(some)
        watch(total, total)
        return file.outcome

    def _store_some(self, some: list[Ready]) -> Stored:
        stored = Stored()
        with self.workspace.writing(create=True) as db:
            self._add_labels(db, some)
            for ready in some:
                stored += store(self.workspace, db, ready)
        return stored

    def _add_labels(self, db: Handle, some: Iterable[Ready]) -> None:
        """Give the database the labels that these marks bear and it lacks, as one change."""
        if not self._how.add_labels:
            return
        names = dict.fromkeys(mark.label for one in some for mark in one.annotations)
        self._scheme = with_labels(self.workspace, db, list(names), self._how.free_keys)


def _from_bundle(bundle: Bundle) -> Document:
    text = bundle.text or ""
    return Document(_id_of(text), bundle.title, text)


def _id_of(text: str) -> str:
    """The id of a text, even of one that cannot be stored."""
    return document_id_of(text.encode("utf-8", "replace").decode("utf-8"))


def _plain(bundle: Bundle) -> PlainText:
    text = bundle.text or ""
    return PlainText(
        text=text,
        newline=bundle.newline,
        encoding=bundle.encoding,
        original_sha256=bundle.original_sha256 or document_id_of(text),
        title=bundle.title,
        metadata=bundle.metadata,
    )


def _unfit(text: str) -> str:
    """Why a text cannot be stored; empty where it can."""
    if not text.strip():
        return "none"
    return _unstorable(text)


def _unstorable(text: str) -> str:
    if "\0" in text:
        return f"a NUL character at {text.index(chr(0)):,}"
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        return f"half a character (a lone surrogate) at {error.start:,}"
    return ""


def _storable(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
