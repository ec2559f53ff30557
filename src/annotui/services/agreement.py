"""Agreement of annotators over the documents of a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from annotui.domain import agreement
from annotui.domain.agreement import Coded, Coding, PairAgreement, Score
from annotui.errors import ConfigError
from annotui.services.workspace import Workspace, checked_text, unknown_annotator
from annotui.storage import annotations as stored_annotations
from annotui.storage import documents, people

MEASURES = (
    *("exact_f1", "exact_f1_unlabelled", "overlap_f1", "overlap_f1_unlabelled"),
    *("character_f1", "kappa", "alpha"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """The measures of one scope (overall, label, document or pair); None is undefined.

    ``marks`` counts those of each annotator. With more than two annotators F1 is the mean of all
    pairs in which it is defined, and κ, which is for two, is None.
    """

    scope: str
    name: str
    annotators: tuple[str, ...]
    marks: tuple[int, ...]
    pair: PairAgreement
    alpha: float | None

    @property
    def measures(self) -> dict[str, float | None]:
        """The single figures by name."""
        return {
            "exact_f1": self.pair.exact.f1,
            "exact_f1_unlabelled": self.pair.exact_unlabelled.f1,
            "overlap_f1": self.pair.overlap.f1,
            "overlap_f1_unlabelled": self.pair.overlap_unlabelled.f1,
            "character_f1": self.pair.characters.f1,
            "kappa": self.pair.kappa,
            "alpha": self.alpha,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """All rows, and how many of the file's documents count."""

    annotators: tuple[str, ...]
    documents: int
    left_out: int
    ignores_edges: bool
    rows: tuple[Row, ...]


def report(
    workspace: Workspace,
    *,
    annotators: Sequence[str] = (),
    document_ids: Sequence[str] = (),
    labels: Sequence[str] = (),
    ignores_edges: bool = True,
    with_silent: bool = False,
) -> Report:
    """The agreement of ``annotators`` (all who have marks by default).

    A document counts where at least two of them have a mark in it; with ``with_silent`` where one
    of them has. ``labels`` leaves all other marks out.

    Raises:
        ConfigError: when there are fewer than two annotators, or one is not known.
        LabelError: when the scheme does not have a label.
    """
    scheme = workspace.scheme()
    for label in labels:
        scheme.get(label, even_retired=True)
    names = _annotators(workspace, annotators)
    least = 1 if with_silent else 2
    codings: dict[str, Coding] = {}
    left_out = 0
    with workspace.reading() as db:
        ids = list(document_ids) or documents.ids_in_order(db)
        titles = documents.titles_of(db, ids)
        for document_id in ids:
            found = documents.get(db, document_id)
            if found is None:
                continue
            marks: dict[str, list[Coded]] = {name: [] for name in names}
            for one in stored_annotations.of_document(db, document_id):
                if one.annotator in marks and (not labels or one.label in labels):
                    mark = agreement.coded(one, found.text, ignores_edges=ignores_edges)
                    marks[one.annotator] += [mark] if mark is not None else []
            if sum(map(bool, marks.values())) < least:
                left_out += 1
                continue
            frozen = {name: tuple(of_name) for name, of_name in marks.items()}
            codings[document_id] = Coding(len(found.text), frozen)
    rows = _rows(codings, titles, names)
    return Report(names, len(codings), left_out, ignores_edges, tuple(rows))


def _annotators(workspace: Workspace, wanted: Sequence[str]) -> tuple[str, ...]:
    with workspace.reading() as db:
        for name in wanted:
            if not people.is_known(db, checked_text(name, "The annotator's name")):
                raise ConfigError(f"{unknown_annotator(workspace, db, name)} Nothing was compared.")
        names = [people.canonical(db, name) for name in wanted]
        names = names or [name for name, count in people.with_marks(db) if count]
    names = list(dict.fromkeys(names))
    if len(names) < 2:
        there = f"only {names[0]!r}" if names else "nobody"
        raise ConfigError(
            f"Agreement needs two annotators, and there is {there}. Nothing was compared; "
            "`annotui annotators` shows who has marked."
        )
    return tuple(names)


def _rows(
    codings: dict[str, Coding], titles: dict[str, str], names: tuple[str, ...]
) -> Iterable[Row]:
    everything = list(codings.values())
    yield _row("overall", "", everything, names)
    used = {mark.label for one in everything for marks in one.marks.values() for mark in marks}
    for label in sorted(used):
        yield _row("label", label, agreement.only(everything, label), names)
    if len(names) > 2:
        for two in agreement.pairs(names):
            yield _row("pair", " and ".join(two), everything, two)
    for document_id, coding in codings.items():
        yield _row("document", titles.get(document_id, document_id), [coding], names)


def _row(scope: str, name: str, codings: list[Coding], names: tuple[str, ...]) -> Row:
    found = [agreement.pair(codings, *two) for two in agreement.pairs(names)]
    return Row(
        scope,
        name,
        names,
        tuple(sum(len(one.marks.get(each, ())) for one in codings) for each in names),
        found[0] if len(found) == 1 else _mean_of(found),
        agreement.alpha(codings, names),
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
