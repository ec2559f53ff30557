"""Undo takes back one's own newest change, wherever it was, and is a change itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from annotui.domain import identifier
from annotui.domain.annotation import Annotation
from annotui.domain.change import ChangeKind
from annotui.domain.span import Span
from annotui.errors import UndoError
from annotui.services import history, upkeep
from annotui.services.history import BuiltOnError
from annotui.services.workspace import Workspace
from stored_files import dump, query, session_on, write_review

OpenAs = Callable[..., Workspace]


def test_undo_goes_through_documents_and_restarts(open_as: OpenAs) -> None:
    amy = open_as("amy")
    first = session_on(amy).annotate([Span(0, 8)], "claim").after[0]
    second = session_on(amy, "Another text.").annotate([Span(0, 7)], "denial").after[0]
    amy.close()
    amy = open_as("amy")
    outcome = history.undo(amy)
    assert outcome.before == (second,)
    assert outcome.after[0].removed
    assert outcome.change.document_id == second.document_id
    assert outcome.changed_spans == (Span(0, 7), Span(0, 7))
    amy.close()
    amy = open_as("amy")
    assert history.undo(amy).after[0].annotation_id == first.annotation_id
    with pytest.raises(UndoError, match="nothing of yours to undo"):
        history.undo(amy)
    assert history.redo(amy).after[0].annotation_id == first.annotation_id
    assert history.redo(amy).after[0].annotation_id == second.annotation_id
    with pytest.raises(UndoError, match="nothing of yours to redo"):
        history.redo(amy)


def test_undo_brings_back_label_span_note_and_removal(open_as: OpenAs) -> None:
    session = session_on(open_as("amy"))
    states = [session.annotate([Span(0, 8)], "claim", note="first").after[0]]
    states += session.relabel(states[-1], "denial").after
    states += session.move(states[-1], [Span(0, 8), Span(10, 14)]).after
    states += session.set_note(states[-1], "").after
    states += session.remove(states[-1]).after
    for expected in reversed(states[:-1]):
        (undone,) = history.undo(session.workspace).after
        assert content(undone) == content(expected)
    for expected in states[1:]:
        (redone,) = history.redo(session.workspace).after
        assert content(redone) == content(expected)
    assert [change.kind for change in history.log(session.workspace)][-8:] == [
        *[ChangeKind.UNDO] * 4,
        *[ChangeKind.REDO] * 4,
    ]


def content(annotation: Annotation) -> Annotation:
    return replace(annotation, version=0, updated_at="")


def test_another_persons_change_is_never_undone(open_as: OpenAs, database: Path) -> None:
    amy, bob = open_as("amy"), open_as("bob")
    session_on(amy).annotate([Span(0, 8)], "claim")
    before = dump(database)
    with pytest.raises(UndoError, match="nothing of yours"):
        history.undo(bob)
    assert dump(database) == before
    session_on(bob).annotate([Span(0, 8)], "denial")
    assert [a.label for a in history.undo(amy).after] == ["claim"]
    assert [a.label for a in session_on(bob).annotations()] == ["denial"]
    with pytest.raises(UndoError):
        history.redo(bob)


def test_redo_is_gone_after_a_new_change(open_as: OpenAs) -> None:
    session = session_on(open_as("amy"))
    session.annotate([Span(0, 8)], "claim")
    history.undo(session.workspace)
    session.annotate([Span(0, 8)], "denial")
    with pytest.raises(UndoError):
        history.redo(session.workspace)


def test_another_persons_change_leaves_ones_redo(open_as: OpenAs) -> None:
    session = session_on(open_as("amy"))
    session.annotate([Span(0, 8)], "claim")
    history.undo(session.workspace)
    session_on(open_as("bob")).annotate([Span(0, 8)], "denial")
    assert [a.label for a in history.redo(session.workspace).after] == ["claim"]


def test_what_a_reviewer_built_on_is_refused_and_changes_nothing(
    open_as: OpenAs, database: Path
) -> None:
    session = session_on(open_as("amy"))
    below = session.annotate([Span(10, 14)], "statistic").after[0]
    mark = session.annotate([Span(0, 8)], "claim").after[0]
    write_review(open_as("bob"), mark, "accepted")
    before = dump(database)
    for _ in range(2):
        with pytest.raises(BuiltOnError, match="bob has decided on it") as caught:
            history.undo(session.workspace)
        assert dump(database) == before
    outcome = history.undo(session.workspace, passing_over=caught.value.change_id)
    assert outcome.after[0].annotation_id == below.annotation_id
    assert [a.review_status for a in session.annotations()] == ["accepted"]
    assert "pass" not in str(caught.value)
    with pytest.raises(UndoError, match="nothing of yours to undo"):
        history.undo(session.workspace)
    assert history.redo(session.workspace).after[0].annotation_id == below.annotation_id
    assert upkeep.verify(session.workspace).problems == ()


def test_two_changes_that_were_built_on_are_passed_over_one_by_one(open_as: OpenAs) -> None:
    session = session_on(open_as("amy"))
    below = session.annotate([Span(10, 14)], "statistic").after[0]
    for start in (0, 20):
        mark = session.annotate([Span(start, start + 5)], "claim").after[0]
        write_review(open_as("bob"), mark, "accepted")
    refused = []
    passing_over = ""
    for _ in range(2):
        with pytest.raises(BuiltOnError) as caught:
            history.undo(session.workspace, passing_over=passing_over)
        passing_over = caught.value.change_id
        refused.append(passing_over)
    assert len(set(refused)) == 2
    outcome = history.undo(session.workspace, passing_over=passing_over)
    assert outcome.after[0].annotation_id == below.annotation_id


def test_a_decision_on_an_older_version_does_not_stand_in_the_way(open_as: OpenAs) -> None:
    session = session_on(open_as("amy"))
    mark = session.annotate([Span(0, 8)], "claim").after[0]
    write_review(open_as("bob"), mark, "accepted")
    session.relabel(mark, "denial")
    assert history.undo(session.workspace).after[0].label == "claim"


def test_ones_own_decision_is_undone_first(open_as: OpenAs, database: Path) -> None:
    session = session_on(open_as("amy"))
    mark = session.annotate([Span(0, 8)], "claim").after[0]
    write_review(session.workspace, mark, "unsure")
    history.undo(session.workspace)
    assert [a.review_status for a in session.annotations()] == ["unreviewed"]
    history.redo(session.workspace)
    assert [a.review_status for a in session.annotations()] == ["unsure"]
    history.undo(session.workspace)
    history.undo(session.workspace)
    assert session.annotations() == []
    assert query(database, "SELECT removed FROM review") == [(1,)]


def test_a_redo_that_a_reviewer_overtook_is_refused_and_can_be_passed_over(
    open_as: OpenAs,
) -> None:
    session = session_on(open_as("amy"))
    mark = session.annotate([Span(0, 8)], "claim").after[0]
    session.relabel(mark, "denial")
    back = history.undo(session.workspace).after[0]
    write_review(open_as("bob"), back, "accepted")
    with pytest.raises(BuiltOnError, match="Cannot redo") as caught:
        history.redo(session.workspace)
    with pytest.raises(UndoError, match="as it is; there is nothing before it to redo"):
        history.redo(session.workspace, passing_over=caught.value.change_id)


def test_a_renamed_person_keeps_the_history(open_as: OpenAs) -> None:
    session = session_on(open_as("amy"))
    session.annotate([Span(0, 8)], "claim")
    upkeep.rename_annotator(open_as("bob"), "amy", "Amy Winter")
    for name in ("Amy Winter", "amy"):
        outcome = history.undo(open_as(name))
        assert outcome.change.annotator == "Amy Winter"
        history.redo(open_as(name))


def test_a_renaming_can_be_undone_by_who_made_it(open_as: OpenAs) -> None:
    session_on(open_as("amy")).annotate([Span(0, 8)], "claim")
    bob = open_as("bob")
    assert upkeep.rename_annotator(bob, "amy", "anna") == 1
    assert upkeep.annotators(bob) == [("anna", 1), ("bob", 0)]
    history.undo(bob)
    assert upkeep.annotators(bob) == [("amy", 1), ("anna", 0), ("bob", 0)]
    history.redo(bob)
    assert [a.annotator for a in session_on(bob).annotations()] == ["anna"]
    assert upkeep.verify(bob).problems == ()


def test_a_clock_that_goes_back_keeps_the_order_of_changes(
    open_as: OpenAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = session_on(open_as("amy"))
    kinds = []
    for hour in (5, 4, 1, 3):
        monkeypatch.setattr(identifier.time, "time_ns", lambda h=hour: h * 3_600_000_000_000)
        kinds.append(session.annotate([Span(hour, hour + 4)], "claim").after[0].start)
    changes = history.log(session.workspace)
    assert [change.change_id for change in changes] == sorted(c.change_id for c in changes)
    assert [history.undo(session.workspace).before[0].start for _ in kinds] == kinds[::-1]
    assert [history.redo(session.workspace).after[0].start for _ in kinds] == kinds


def test_the_log_of_a_document_has_its_changes_only(open_as: OpenAs) -> None:
    amy = open_as("amy")
    session = session_on(amy)
    session.annotate([Span(0, 8)], "claim")
    session_on(amy, "Another text.").annotate([Span(0, 7)], "claim")
    history.undo(amy)
    changes = history.log(amy, session.document.document_id)
    assert [change.kind for change in changes] == [ChangeKind.ADD, ChangeKind.ANNOTATE]
    assert [change.kind for change in history.log(amy)] == [
        *(ChangeKind.CREATE, ChangeKind.ADD, ChangeKind.ANNOTATE),
        *(ChangeKind.ADD, ChangeKind.ANNOTATE, ChangeKind.UNDO),
    ]


def test_a_change_that_is_passed_over_is_named_where_nothing_is_left(open_as: OpenAs) -> None:
    session = session_on(open_as("amy"))
    mark = session.annotate([Span(0, 8)], "claim").after[0]
    write_review(open_as("bob"), mark, "accepted")
    with pytest.raises(BuiltOnError) as caught:
        history.undo(session.workspace)
    left = "Left annotate claim “Minister” as it is; there is nothing before it to undo."
    with pytest.raises(UndoError, match=left):
        history.undo(session.workspace, passing_over=caught.value.change_id)
    assert history.log(session.workspace)[-1].kind is ChangeKind.PASS
    with pytest.raises(UndoError, match="nothing of yours to undo"):
        history.undo(session.workspace)


def test_taking_in_an_article_is_not_undone_and_that_is_said(open_as: OpenAs) -> None:
    session = session_on(open_as("amy"))
    with pytest.raises(UndoError, match="taking in an article is not a change of marks"):
        history.undo(session.workspace)
    session.annotate([Span(0, 8)], "claim")
    history.undo(session.workspace)
    with pytest.raises(UndoError, match=r"nothing of yours to undo\.$"):
        history.undo(session.workspace)
