"""Agreement of annotators over the documents of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import TYPE_CHECKING

from annotui.domain import agreement
from annotui.domain.agreement import Coded, Coding, PairAgreement, Score
from annotui.domain.agreement_marks import Measure, judged
from annotui.domain.annotation import Annotation
from annotui.domain.document import Document
from annotui.domain.matching import Difference
from annotui.domain.progress import DocumentStatus
from annotui.errors import ConfigError
from annotui.services import blind
from annotui.services.workspace import Workspace, checked_text, unknown_annotator
from annotui.storage import adjudications, documents, people, progress
from annotui.storage import annotations as stored_annotations

if TYPE_CHECKING:
    from annotui.storage.handle import Handle


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose agreement on what; an empty filter lets all through.

    An annotator takes part in a document where she has a mark or said that it is done, whatever
    its labels; a document counts where at least two of the annotators take part. With
    ``with_silent`` all of them take part wherever one does.
    """

    annotators: Sequence[str] = ()
    document_ids: Sequence[str] = ()
    labels: Sequence[str] = ()
    ignores_edges: bool = True
    with_silent: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """The measures of one scope (overall, label, document or pair); None is undefined.

    ``marks`` counts those of each annotator. With more than two annotators F1 is the mean of all
    pairs in which it is defined, and κ, which is for two, is None. ``asked`` is what has this row
    as its overall.
    """

    scope: str
    name: str
    annotators: tuple[str, ...]
    marks: tuple[int, ...]
    pair: PairAgreement
    alpha: float | None
    asked: Asked

    @property
    def measures(self) -> dict[str, float | None]:
        """The single figures by name."""
        return {
            Measure.EXACT: self.pair.exact.f1,
            Measure.EXACT_UNLABELLED: self.pair.exact_unlabelled.f1,
            Measure.OVERLAP: self.pair.overlap.f1,
            Measure.OVERLAP_UNLABELLED: self.pair.overlap_unlabelled.f1,
            Measure.CHARACTERS: self.pair.characters.f1,
            Measure.KAPPA: self.pair.kappa,
            Measure.ALPHA: self.alpha,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """All rows, and how many of the file's documents count."""

    annotators: tuple[str, ...]
    documents: int
    left_out: int
    ignores_edges: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Behind:
    """One mark behind a figure, and whether the annotator ``against`` agrees.

    ``nearest`` is the likest mark of hers that shares a code point, if any.
    """

    document: str
    annotation: Annotation
    against: str
    agreed: bool
    differences: tuple[Difference, ...]
    nearest: Annotation | None


Taken = dict[str, list[tuple[Coded, Annotation]]]
"""By annotator who takes part, the marks that are compared."""


def report(workspace: Workspace, asked: Asked) -> Report:
    """The agreement of the annotators (by default all who have marks, less agreed sets).

    Raises:
        ConfigError: when there are fewer than two annotators, or one is not known.
        LabelError: when the scheme does not have a label.
    """
    asked = _checked(workspace, asked)
    codings: dict[str, Coding] = {}
    titles: dict[str, str] = {}
    left_out = 0
    with workspace.reading() as db:
        for document, taken in _compared(db, asked):
            if len(taken) < 2:
                left_out += 1
                continue
            marks = {name: tuple(mark for mark, _ in of_name) for name, of_name in taken.items()}
            codings[document.document_id] = Coding(len(document.text), marks)
            titles[document.document_id] = document.title
    rows = tuple(_rows(codings, titles, asked))
    return Report(tuple(asked.annotators), len(codings), left_out, asked.ignores_edges, rows)


def marks_behind(workspace: Workspace, asked: Asked, measure: Measure) -> list[Behind]:
    """Every mark that counts for the overall figure of what is asked, in the order of the texts.

    With more than two annotators a mark comes once for each other one who takes part.

    Raises:
        ConfigError: when there are fewer than two annotators, or one is not known.
        LabelError: when the scheme does not have a label.
    """
    asked = _checked(workspace, asked)
    found: list[Behind] = []
    with workspace.reading() as db:
        for document, taken in _compared(db, asked):
            of_document = [
                one
                for first, second in agreement.pairs(list(taken))
                for one in _behind(document, taken, (first, second), measure)
            ]
            found += sorted(of_document, key=lambda one: (one.annotation.sort_key, one.against))
    return found


def comparable(workspace: Workspace) -> tuple[str, ...]:
    """All who have marks; an agreed set is nobody's own."""
    with workspace.reading() as db:
        return _marking(db)


def seen(workspace: Workspace, asked: Asked) -> Asked:
    """What of it the annotator may see: in blind mode only documents that are done.

    Raises:
        ConfigError: when that is none.
    """
    with workspace.reading() as db:
        allowed = blind.seen(workspace, db)
        if allowed is None:
            return asked
        wanted = asked.document_ids or documents.ids_in_order(db)
    ids = tuple(document_id for document_id in wanted if document_id in allowed.done)
    if not ids:
        raise ConfigError(
            "Blind: others' marks are hidden until an article is done, so there is nothing to "
            "compare yet."
        )
    return replace(asked, document_ids=ids)


def _behind(
    document: Document, taken: Taken, two: tuple[str, str], measure: Measure
) -> Iterator[Behind]:
    sides = [taken[name] for name in two]
    coded = [[mark for mark, _ in side] for side in sides]
    for one in judged(coded[0], coded[1], measure):
        other = sides[1 - one.side]
        yield Behind(
            document.title,
            sides[one.side][one.place][1],
            two[1 - one.side],
            one.agreed,
            one.differences,
            None if one.nearest is None else other[one.nearest][1],
        )


def _checked(workspace: Workspace, asked: Asked) -> Asked:
    """What is asked, with the annotators by the names under which they go now."""
    scheme = workspace.scheme()
    for label in asked.labels:
        scheme.get(label, even_retired=True)
    with workspace.reading() as db:
        for name in asked.annotators:
            if not people.is_known(db, checked_text(name, "The annotator's name")):
                raise ConfigError(f"{unknown_annotator(workspace, db, name)} Nothing was compared.")
        names = [people.canonical(db, name) for name in asked.annotators]
        names = names or list(_marking(db))
    names = list(dict.fromkeys(names))
    if len(names) < 2:
        there = f"only {names[0]!r}" if names else "nobody"
        raise ConfigError(
            f"Agreement needs two annotators, and there is {there}. Nothing was compared; "
            "`annotui annotators` shows who has marked."
        )
    return replace(asked, annotators=tuple(names))


def _marking(db: Handle) -> tuple[str, ...]:
    sets = adjudications.gold_sets(db)
    return tuple(name for name, count in people.with_marks(db) if count and name not in sets)


def _compared(db: Handle, asked: Asked) -> Iterator[tuple[Document, Taken]]:
    """Each document with the marks of those who take part in it."""
    done = {
        (document_id, annotator)
        for document_id, annotator, status in progress.statuses(db)
        if status == DocumentStatus.DONE
    }
    for document_id in asked.document_ids or documents.ids_in_order(db):
        document = documents.get(db, document_id)
        if document is None:
            continue
        marks = stored_annotations.of_document(db, document_id)
        present = {one.annotator for one in marks}
        present |= {name for name in asked.annotators if (document_id, name) in done}
        if asked.with_silent and present.intersection(asked.annotators):
            present = set(asked.annotators)
        taken: Taken = {name: [] for name in asked.annotators if name in present}
        for one in marks:
            if one.annotator in taken and (not asked.labels or one.label in asked.labels):
                mark = agreement.coded(one, document.text, ignores_edges=asked.ignores_edges)
                taken[one.annotator] += [(mark, one)] if mark is not None else []
        yield document, taken


def _rows(codings: dict[str, Coding], titles: dict[str, str], asked: Asked) -> Iterable[Row]:
    everything, names = list(codings.values()), tuple(asked.annotators)
    yield _row("overall", "", everything, asked)
    used = {mark.label for one in everything for marks in one.marks.values() for mark in marks}
    for label in sorted(used):
        yield _row(
            "label", label, agreement.only(everything, label), replace(asked, labels=(label,))
        )
    if len(names) > 2:
        for two in agreement.pairs(names):
            yield _row("pair", " and ".join(two), everything, replace(asked, annotators=two))
    for document_id, coding in codings.items():
        of_document = replace(asked, document_ids=(document_id,))
        yield _row("document", titles[document_id], [coding], of_document)


def _row(scope: str, name: str, codings: list[Coding], asked: Asked) -> Row:
    names = tuple(asked.annotators)
    found = [agreement.pair(codings, *two) for two in agreement.pairs(names)]
    counted = [one for one in codings if sum(each in one.marks for each in names) > 1]
    return Row(
        scope,
        name,
        names,
        tuple(sum(len(one.marks.get(each, ())) for one in counted) for each in names),
        found[0] if len(found) == 1 else _mean_of(found),
        agreement.alpha(codings, names),
        asked,
    )


def _mean_of(found: Sequence[PairAgreement]) -> PairAgreement:
    """The mean F1 of all pairs; κ is for two."""
    parts = ("exact", "exact_unlabelled", "overlap", "overlap_unlabelled", "characters")
    scores = {part: _mean([getattr(one, part) for one in found]) for part in parts}
    return PairAgreement(**scores, kappa=None)


def _mean(scores: Sequence[Score]) -> Score:
    """The mean F1 of the scores in which it is defined."""
    defined = [score.f1 for score in scores if score.f1 is not None]
    return Score(None, None, fmean(defined) if defined else None)
