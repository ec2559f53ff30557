"""One annotator at work on one document: the only door to a mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from annotui.domain.annotation import Annotation
from annotui.domain.change import Change, ChangeKind
from annotui.domain.document import Document, with_lf
from annotui.domain.identifier import uuid7
from annotui.domain.label_scheme import LabelScheme
from annotui.domain.span import Span
from annotui.errors import AnnotationError
from annotui.services import blind
from annotui.services.workspace import Workspace, checked_text
from annotui.storage import annotations as stored_annotations
from annotui.storage import history, people

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

SUMMARY_LENGTH = 60
NOTE_LENGTH = 100_000
"""Code points of a note at most."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change did: the annotations it touched, as they were and as they are."""

    change: Change
    before: tuple[Annotation, ...] = ()
    after: tuple[Annotation, ...] = ()

    @property
    def changed_spans(self) -> tuple[Span, ...]:
        """Where the article looks different now."""
        return tuple(annotation.span for annotation in (*self.before, *self.after))


class Session:
    """Reads and writes the annotations of ``document`` for the workspace's annotator."""

    def __init__(self, workspace: Workspace, document: Document) -> None:
        self.workspace = workspace
        self.document = document
        self.scheme: LabelScheme = workspace.scheme()
        self.annotator = workspace.own_name()
        self._seen_seq = 0
        self._seen_data_version = -1
        self._newest_id = ""
        self.hides_others = False

    def annotations(self) -> list[Annotation]:
        """All annotations of the document, everybody's, in the order of the text.

        Those of others are left out while blind mode hides them; ``hides_others`` says so.
        """
        store = self.workspace.store()
        self._seen_data_version = store.data_version()
        with store.reading() as db:
            self._seen_seq = history.newest_seq(db)
            self._newest_id = history.newest_id(db)
            self._look_at_scheme(db)
            self.annotator = people.canonical(db, self.workspace.annotator)
            self.hides_others = self._hides_others(db)
            return self._shown(stored_annotations.of_document(db, self.document.document_id))

    def count(self) -> int:
        """How many annotations of the document there are to read, removed ones included."""
        with self.workspace.reading() as db:
            return stored_annotations.count_of_document(db, self.document.document_id)

    def news(self) -> list[Annotation] | None:
        """Annotations that other programs wrote since the last look, removed ones included.

        None where the file is another one now, which lacks what was seen or written here: then
        all has to be read anew.
        """
        store = self.workspace.store()
        data_version = store.data_version()
        if data_version == self._seen_data_version:
            return []
        with store.reading() as db:
            if self._newest_id and not history.has_change(db, self._newest_id):
                return None
            touched = stored_annotations.touched_since(
                db, self.document.document_id, self._seen_seq
            )
            self._seen_seq = history.newest_seq(db)
            self._newest_id = history.newest_id(db)
            self.annotator = people.canonical(db, self.workspace.annotator)
            self._look_at_scheme(db)
            hid, self.hides_others = self.hides_others, self._hides_others(db)
            if hid and not self.hides_others:
                touched = stored_annotations.of_document(db, self.document.document_id)
        self._seen_data_version = data_version
        return self._shown(touched)

    def _hides_others(self, db: Handle) -> bool:
        return blind.hides(self.workspace, db, self.document.document_id)

    def _shown(self, annotations: list[Annotation]) -> list[Annotation]:
        if not self.hides_others:
            return annotations
        return [one for one in annotations if one.annotator == self.annotator]

    def knows_annotator(self) -> tuple[bool, list[str]]:
        """Whether the file has the annotator's name, and the names it has."""
        with self.workspace.reading() as db:
            known = people.is_known(db, self.workspace.annotator)
            return known, [name for name, _ in people.with_marks(db)]

    def annotate(self, runs: Sequence[Span], label: str, note: str = "") -> Outcome:
        """Store a new annotation on one or more runs.

        Raises:
            LabelError: when the scheme does not have the label.
            SpanError: when a run is not in the text.
            StoreError: when it could not be stored; nothing was changed.
        """
        self.scheme.get(label)
        draft = Annotation(
            annotation_id=uuid7(),
            document_id=self.document.document_id,
            label=label,
            start=0,
            end=1,
            quote="",
            annotator=self.annotator,
            note=checked_note(note),
        ).on(self.document, runs)
        with self.workspace.writing() as db:
            self.workspace.scheme_in(db).get(label)
            change = self._begin(db, ChangeKind.ANNOTATE, summary_of(draft))
            stored = replace(
                draft,
                annotator=change.annotator,
                created_at=change.changed_at,
                updated_at=change.changed_at,
            )
            stored_annotations.insert(db, stored, change.change_id)
        self._newest_id = change.change_id
        return Outcome(change, after=(stored,))

    def relabel(self, annotation: Annotation, label: str) -> Outcome:
        """Give one's own annotation another label; note and span stay."""
        self.scheme.get(label)
        summary = f"{annotation.label} → {summary_of(replace(annotation, label=label))}"
        return self._edit(ChangeKind.RELABEL, annotation, replace(annotation, label=label), summary)

    def move(self, annotation: Annotation, runs: Sequence[Span]) -> Outcome:
        """Put one's own annotation on other runs; label and note stay."""
        moved = annotation.on(self.document, runs)
        return self._edit(ChangeKind.MOVE, annotation, moved, summary_of(moved))

    def set_note(self, annotation: Annotation, note: str) -> Outcome:
        """Write the note of one's own annotation; an empty one takes it away."""
        noted = replace(annotation, note=checked_note(note))
        return self._edit(ChangeKind.NOTE, annotation, noted, summary_of(annotation))

    def remove(self, annotation: Annotation) -> Outcome:
        """Take one's own annotation away; it stays in the file, marked as removed."""
        gone = replace(annotation, removed=True)
        return self._edit(ChangeKind.REMOVE, annotation, gone, summary_of(annotation))

    def _edit(
        self, kind: ChangeKind, seen: Annotation, wanted: Annotation, summary: str
    ) -> Outcome:
        if wanted == seen:
            raise AnnotationError(f"This {seen.label} is so already. Nothing was changed.")
        if seen.removed:
            raise AnnotationError(f"This {seen.label} was removed. Nothing was changed.")
        with self.workspace.writing() as db:
            own_name = people.canonical(db, self.workspace.annotator)
            if people.canonical(db, seen.annotator) != own_name:
                raise AnnotationError(
                    f"This {seen.label} is {seen.annotator}'s; only its own annotator edits it. "
                    "Nothing was changed."
                )
            if wanted.label != seen.label:
                self.workspace.scheme_in(db).get(wanted.label)
            change = self._begin(db, kind, summary)
            wanted = replace(wanted, updated_at=change.changed_at)
            stored = stored_annotations.update(db, seen, wanted, change.change_id)
        self._newest_id = change.change_id
        return Outcome(change, before=(seen,), after=(stored,))

    def _look_at_scheme(self, db: Handle) -> None:
        """Take in the labels, which another program may have changed."""
        scheme = self.workspace.scheme_in(db)
        if scheme != self.scheme:
            self.scheme = scheme

    def _begin(self, db: Handle, kind: ChangeKind, summary: str) -> Change:
        return self.workspace.begin(
            db, kind, document_id=self.document.document_id, summary=summary
        )


def summary_of(annotation: Annotation) -> str:
    """An annotation in a few words, for the log and for messages."""
    quote = " ".join(annotation.quote.split())
    if len(quote) > SUMMARY_LENGTH:
        quote = quote[: SUMMARY_LENGTH - 1].rstrip() + "…"
    return f"{annotation.label} “{quote}”"


def checked_note(note: str) -> str:
    """A note as it is stored: LF line ends, no spaces at its end.

    Raises:
        AnnotationError: when it is too long.
        ConfigError: when it cannot be stored.
    """
    note = with_lf(checked_text(note, "The note")).rstrip()
    if len(note) > NOTE_LENGTH:
        raise AnnotationError(
            f"The note has {len(note):,} characters; at most {NOTE_LENGTH:,} are kept. "
            "Nothing was changed."
        )
    return note
