"""Figures of the work in a file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from annotui.domain import stats
from annotui.domain.progress import DocumentStatus
from annotui.domain.stats import SentenceCount, Stats, StatusCount
from annotui.errors import ConfigError
from annotui.services import coverage as reading_coverage
from annotui.services.workspace import Workspace, checked_text, unknown_annotator
from annotui.storage import documents, people, progress
from annotui.storage import stats as stored
from annotui.storage.stats import Chosen

IDLE_MINUTES = 5.0
"""A pause that is longer is not counted as work, unless the command line says otherwise."""

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def report(
    workspace: Workspace,
    chosen: Chosen,
    *,
    idle_s: float = IDLE_MINUTES * 60,
    with_coverage: bool = True,
) -> Stats:
    """The figures of what is chosen.

    Labels narrow marks, lengths and decisions; a date these and the time. Coverage takes by far
    the longest.

    Raises:
        ConfigError: when an annotator is not known, or the date is none.
        LabelError: when the scheme does not have a label.
    """
    chosen = _checked(workspace, chosen)
    with workspace.reading() as db:
        marks = stored.marks(db, chosen)
        decisions = stored.decisions(db, chosen)
        acts = stored.acts(db, chosen.annotators)
        statuses = progress.statuses(db)
        ids = set(documents.ids_in_order(db))
    if chosen.document_ids:
        ids &= set(chosen.document_ids)
    wanted = [
        step
        for step in stats.steps(acts, idle_s)
        if step.act.changed_at >= chosen.since
        and (not chosen.document_ids or step.act.document_id in ids)
    ]
    return Stats(
        stats.mark_counts(marks),
        tuple(stats.lengths(marks)),
        tuple(decisions),
        _status_counts(statuses, ids, chosen.annotators),
        _coverage(workspace, chosen) if with_coverage else None,
        stats.activity(wanted),
        idle_s,
    )


def _checked(workspace: Workspace, chosen: Chosen) -> Chosen:
    """What is chosen, with the names under which the annotators go now."""
    scheme = workspace.scheme()
    for label in chosen.labels:
        scheme.get(label, even_retired=True)
    if chosen.since and not _DATE.fullmatch(chosen.since):
        raise ConfigError(
            f"{chosen.since!r} is not a date; write 2024, 2024-05 or 2024-05-31. Nothing was done."
        )
    with workspace.reading() as db:
        for name in chosen.annotators:
            if not people.is_known(db, checked_text(name, "The annotator's name")):
                raise ConfigError(f"{unknown_annotator(workspace, db, name)} Nothing was counted.")
        names = dict.fromkeys(people.canonical(db, name) for name in chosen.annotators)
    return replace(chosen, annotators=tuple(names))


def _status_counts(
    statuses: Sequence[tuple[str, str, str]], ids: set[str], annotators: Sequence[str]
) -> tuple[StatusCount, ...]:
    """Documents by annotator and status; all that somebody has not begun are new for them."""
    found = Counter(
        (annotator, status)
        for document_id, annotator, status in statuses
        if document_id in ids and (not annotators or annotator in annotators)
    )
    begun: Counter[str] = Counter()
    for (annotator, _), count in found.items():
        begun[annotator] += count
    new = {(name, str(DocumentStatus.NEW)): len(ids) - begun[name] for name in begun}
    return tuple(sorted(StatusCount(*key, count) for key, count in {**new, **found}.items()))


def _coverage(workspace: Workspace, chosen: Chosen) -> tuple[SentenceCount, ...]:
    totals: dict[str, Counter[str]] = {}
    for one in reading_coverage.covered(workspace, chosen.document_ids, chosen.annotators):
        found = one.coverage
        totals.setdefault(one.annotator, Counter()).update(
            marked=found.marked, nothing=found.nothing, unseen=found.unseen
        )
    return tuple(
        SentenceCount(name, of_name["marked"], of_name["nothing"], of_name["unseen"])
        for name, of_name in sorted(totals.items())
    )
