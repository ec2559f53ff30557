"""Reading coverage: which sentences are marked, read without a mark, or never seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from annotui.domain.change import ChangeKind
from annotui.domain.document import Document
from annotui.domain.progress import Coverage, Reading, ReadSpan, SentenceState
from annotui.domain.segment import Segmenter, Unit
from annotui.domain.span import Span
from annotui.errors import AnnotationError, ConfigError
from annotui.services import blind
from annotui.services.session import SUMMARY_LENGTH, Outcome
from annotui.services.workspace import Workspace, unknown_annotator
from annotui.storage import documents, people, progress


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a document and what one annotator's work says of it."""

    span: Span
    state: SentenceState


@dataclass(frozen=True, slots=True)
class Covered:
    """How much of a document one annotator has covered."""

    document_id: str
    title: str
    annotator: str
    status: str
    coverage: Coverage
    sentences: tuple[Sentence, ...] = ()


def mark_read(workspace: Workspace, document: Document, spans: Sequence[Span]) -> Outcome:
    """Say of spans of a document: read, nothing here.

    Raises:
        SpanError: when one is not in the text.
        AnnotationError: when there is none.
        StoreError: when that could not be stored.
    """
    if not spans:
        raise AnnotationError("There is no sentence here that is left. Nothing was changed.")
    quotes = [span.slice(document.text) for span in spans]
    about = quotes[0] if len(quotes) == 1 else f"{len(quotes):,} sentences"
    with workspace.writing() as db:
        change = workspace.begin(
            db,
            ChangeKind.READ,
            document_id=document.document_id,
            summary=f"nothing in {_short(about) if len(quotes) == 1 else about}",
        )
        progress.add_read(db, document.document_id, spans, change)
    return Outcome(change)


def take_back(workspace: Workspace, document: Document, spans: Sequence[ReadSpan]) -> Outcome:
    """Take back that spans were read.

    Raises:
        StaleError: when that was changed since; nothing was stored.
    """
    about = _short(document.text[spans[0].start : spans[-1].end])
    with workspace.writing() as db:
        change = workspace.begin(
            db, ChangeKind.READ, document_id=document.document_id, summary=f"not read: {about}"
        )
        progress.remove_read(db, spans, change)
    return Outcome(change)


def _short(text: str) -> str:
    quote = " ".join(text.split())
    return f"“{quote if len(quote) <= SUMMARY_LENGTH else quote[: SUMMARY_LENGTH - 1] + '…'}”"


def states(
    segmenter: Segmenter, length: int, marked: Sequence[Span], reading: Reading
) -> Iterator[Sentence]:
    """Every sentence of a text of ``length`` with its state; ``marked`` are one's own marks."""
    marks = Reading(ReadSpan(span.start, span.end, "") for span in marked)
    if not length:
        return
    for start, end in segmenter.starting_in(Unit.SENTENCE, Span(0, length)):
        span = Span(start, end)
        state = SentenceState.UNSEEN
        if marks.overlapping(start, end):
            state = SentenceState.MARKED
        elif reading.holds(span):
            state = SentenceState.NOTHING
        yield Sentence(span, state)


def covered(
    workspace: Workspace,
    document_ids: Sequence[str] = (),
    annotators: Sequence[str] = (),
    *,
    with_sentences: bool = False,
) -> Iterator[Covered]:
    """The coverage of documents by every annotator who has begun on them, or by those named.

    Documents without a name that was asked for, or that nobody has begun, are left out.

    Raises:
        ConfigError: when the file does not have an annotator.
    """
    with workspace.reading() as db:
        wanted = {_known(workspace, name, dict(people.all_names(db))) for name in annotators}
        begun: dict[str, dict[str, str]] = {}
        seen = blind.seen(workspace, db)
        for document_id, annotator, status in progress.statuses(db):
            may_see = seen is None or document_id in seen.done or annotator in seen.own_names
            if may_see and (annotator in wanted or not wanted):
                begun.setdefault(document_id, {})[annotator] = status
        ids = [one for one in documents.ids_in_order(db) if one in begun]
    for document_id in ids:
        if document_ids and document_id not in document_ids:
            continue
        with workspace.reading() as db:  # a look for each: a long one would hold writers up
            document = documents.get(db, document_id)
            runs = progress.runs_of(db, document_id)
            read = {
                name: progress.reading_of(db, document_id, people.names_of(db, name))
                for name in begun[document_id]
            }
        if document is None:
            continue
        segmenter = Segmenter(document.text)
        for name, status in begun[document_id].items():
            own = [Span(start, end) for who, start, end in runs if who == name]
            found = tuple(states(segmenter, len(document.text), own, read[name]))
            coverage = Coverage.of(one.state for one in found)
            sentences = found if with_sentences else ()
            yield Covered(document_id, document.title, name, status, coverage, sentences)


def _known(workspace: Workspace, name: str, names: dict[str, str]) -> str:
    if name not in names:
        with workspace.reading() as db:
            raise ConfigError(f"{unknown_annotator(workspace, db, name)} Nothing was done.")
    return names[name]
