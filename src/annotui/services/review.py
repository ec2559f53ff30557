"""Deciding on annotations."""

from __future__ import annotations

from dataclasses import dataclass, replace

from annotui.domain.annotation import Annotation
from annotui.domain.change import ChangeKind
from annotui.domain.review import Decision, PastDecision, Verdict
from annotui.errors import AnnotationError, StaleError, UndoError
from annotui.services import history
from annotui.services.session import Outcome, checked_note, summary_of
from annotui.services.workspace import Workspace, checked_text
from annotui.storage import annotations as stored_annotations
from annotui.storage import documents, people, reviews
from annotui.storage import history as stored_history

ENDING_LENGTH = 4
"""Digits of the end of an annotation's id that are enough, where they are unambiguous."""

BORDERLINE = 6
"""Decisions that the guideline of a label shows."""

REASON_LENGTH = 200
"""Code points of a reason at most."""


@dataclass(frozen=True, slots=True)
class Decided(Outcome):
    """What a decision did; ``review_id`` is the decision's own id."""

    review_id: str = ""


def find(workspace: Workspace, ending: str) -> Annotation:
    """The annotation whose id is ``ending`` or ends so.

    Raises:
        AnnotationError: when there is none, or more than one.
    """
    wanted = ending.strip().lower()
    is_id = len(wanted) >= ENDING_LENGTH and not set(wanted) - set("0123456789abcdef-")
    with workspace.reading() as db:
        ids = reviews.annotation_ids(db, wanted) if is_id else []
        found = stored_annotations.get(db, ids[0]) if len(ids) == 1 else None
    if found is not None:
        return found
    if ids:
        raise AnnotationError(
            f"{ending!r} is the end of {len(ids)} ids: {', '.join(ids)}. Nothing was done; give "
            "more of it."
        )
    raise AnnotationError(
        f"There is no mark {ending!r} in {workspace.path}. Nothing was done; give its id or the "
        f"last {ENDING_LENGTH} or more digits of it (`annotui export` lists the ids)."
    )


def decide(workspace: Workspace, seen: Annotation, verdict: Verdict) -> Decided:
    """Store a decision on the version of an annotation that was ``seen``.

    A label or span that is the annotator's own is no other one, and is left out.

    Raises:
        StaleError: when the annotation was changed since; nothing was stored.
        LabelError: when the scheme does not have the label.
        SpanError: when a run is not in the text.
        AnnotationError: when the verdict cannot be meant so.
    """
    verdict = _checked(workspace, seen, verdict)
    words = {Decision.ACCEPTED: "accepted", Decision.REJECTED: "rejected"}
    summary = f"{words.get(verdict.decision, 'unsure of')} {summary_of(seen)}"
    with workspace.writing() as db:
        now = stored_annotations.get(db, seen.annotation_id)
        if now is None or now.version != seen.version or now.removed:
            raise StaleError(
                f"Not saved: this {seen.label} was changed by {seen.annotator} in the meantime. "
                "Look at the new version and decide again."
            )
        if verdict.label:
            workspace.scheme_in(db).get(verdict.label)
        about = seen.document_id
        change = workspace.begin(db, ChangeKind.REVIEW, document_id=about, summary=summary)
        review_id = reviews.insert(db, now, verdict, change)
    decided = replace(now, review_status=str(verdict.decision), reviewer=change.annotator)
    return Decided(change, (now,), (decided,), review_id)


def take_back(workspace: Workspace) -> Decided:
    """Take the annotator's last decision back, where that is the newest change of theirs.

    Raises:
        UndoError: when it is not, or there is none; nothing was changed.
    """
    with workspace.reading() as db:
        names = people.names_of(db, people.canonical(db, workspace.annotator))
        newest = stored_history.newest_to_undo(db, names)
        items = stored_history.items_of(db, newest.change_id) if newest is not None else []
    if newest is None or newest.kind is not ChangeKind.REVIEW:
        other = "" if newest is None else f"; your newest change is {newest.kind} {newest.summary}"
        raise UndoError(f"There is no decision of yours to take back here{other}.")
    outcome = history.undo(workspace)
    (review_id, row) = next((key, row) for item, key, _, row in items if item == "review")
    with workspace.reading() as db:
        now = stored_annotations.get(db, row["annotation_id"])
    return Decided(outcome.change, after=() if now is None else (now,), review_id=review_id)


def borderline(workspace: Workspace, label: str) -> list[tuple[Annotation, PastDecision]]:
    """The last marks about a label that were rejected, unsure, or accepted as something else."""
    with workspace.reading() as db:
        decided = reviews.borderline(db, label, BORDERLINE)
        marks = stored_annotations.with_ids(db, [one.annotation_id for one in decided])
    by_id = {one.annotation_id: one for one in marks}
    return [(by_id[one.annotation_id], one) for one in decided if one.annotation_id in by_id]


def _checked(workspace: Workspace, seen: Annotation, verdict: Verdict) -> Verdict:
    if verdict.decision is not Decision.ACCEPTED and (verdict.label or verdict.runs):
        raise AnnotationError(
            "Another label or span goes with accepting a mark, not with rejecting it. Nothing was "
            "done."
        )
    reason = " ".join(checked_text(verdict.reason, "The reason").split())
    if len(reason) > REASON_LENGTH:
        raise AnnotationError(
            f"The reason has {len(reason):,} characters; at most {REASON_LENGTH} are kept. Nothing "
            "was done; the note has room for more."
        )
    runs = verdict.runs
    if runs:
        with workspace.reading() as db:
            document = documents.get(db, seen.document_id)
        if document is not None:
            runs = seen.on(document, runs).runs
    return replace(
        verdict,
        reason=reason,
        note=checked_note(verdict.note),
        label="" if verdict.label == seen.label else verdict.label,
        runs=() if runs == seen.runs else runs,
    )
