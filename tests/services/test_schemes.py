"""Replacing the labels: one change, with its history, and no mark lost."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotui.domain.label_scheme import Label, LabelScheme, default_scheme
from annotui.domain.span import Span
from annotui.errors import LabelError, StoreError, UndoError
from annotui.services import history, interchange, upkeep
from annotui.services.history import BuiltOnError
from annotui.services.schemes import replace_scheme
from annotui.services.session import Session
from annotui.services.workspace import Workspace
from stored_files import dump, query, session_on, write_review

OpenAs = Callable[..., Workspace]
CLAIM, DENIAL, STATISTIC, ATTRIBUTION = default_scheme().labels
ASSERTION = Label("assertion", "z", "!", "#ecd420", "What is asserted.")
QUESTION = Label("question", "Q", "?", "#336699")


def scheme(*labels: Label) -> LabelScheme:
    return LabelScheme(labels)


def labels_of(workspace: Workspace) -> list[str]:
    return [label.name for label in workspace.scheme()]


def sound(workspace: Workspace) -> bool:
    return upkeep.verify(workspace).problems == ()


def test_the_labels_are_replaced_in_one_change_that_undo_takes_back(open_as: OpenAs) -> None:
    amy = open_as("amy")
    session_on(amy)
    done = replace_scheme(amy, scheme(QUESTION, CLAIM))
    assert amy.scheme().labels == (QUESTION, CLAIM)
    assert {one.name for one in amy.scheme().retired} == {"denial", "statistic", "attribution"}
    assert query(amy.path, "SELECT kind, id FROM change ORDER BY seq DESC LIMIT 1") == [
        ("scheme", done.change_id)
    ]
    assert history.undo(amy).change.summary == "scheme: question, claim"
    assert amy.scheme().labels == default_scheme().labels
    history.redo(amy)
    assert amy.scheme().labels == (QUESTION, CLAIM)
    assert sound(amy)


def test_a_new_database_can_begin_with_an_import(open_as: OpenAs) -> None:
    amy = open_as("amy")
    replace_scheme(amy, scheme(QUESTION))
    assert labels_of(open_as("bob")) == ["question"]
    assert sound(amy)


def test_the_same_labels_again_change_nothing(open_as: OpenAs) -> None:
    amy = open_as("amy")
    session_on(amy)
    before = dump(amy.path)
    assert replace_scheme(amy, default_scheme()).change_id == ""
    assert dump(amy.path) == before


def test_a_label_in_use_is_not_taken_away_without_a_word(open_as: OpenAs) -> None:
    amy, bob = open_as("amy"), open_as("bob")
    session_on(amy).annotate([Span(0, 8)], "claim")
    session_on(bob).annotate([Span(0, 8)], "claim")
    gone = session_on(bob).annotate([Span(9, 12)], "statistic").after[0]
    session_on(bob).remove(gone)
    session_on(bob).annotate([Span(9, 12)], "denial")
    before = dump(amy.path)
    with pytest.raises(LabelError) as caught:
        replace_scheme(amy, scheme(QUESTION))
    message = str(caught.value)
    assert "not in the new scheme: claim (2 marks), denial (1 mark). Nothing was" in message
    assert "--carry 'claim=question'" in message
    assert "--retire 'claim'" in message
    assert dump(amy.path) == before


def test_marks_are_carried_over_in_every_document_for_everybody(open_as: OpenAs) -> None:
    amy, bob = open_as("amy"), open_as("bob")
    first = session_on(amy).annotate([Span(0, 8)], "claim", "why").after[0]
    second = session_on(bob, "Another text.").annotate([Span(0, 7)], "claim").after[0]
    removed = session_on(amy).annotate([Span(9, 15)], "claim").after[0]
    session_on(amy).remove(removed)
    done = replace_scheme(amy, scheme(ASSERTION, DENIAL), carry={"claim": "assertion"})
    assert done.carried == {"claim": 2}
    marks = "SELECT label, annotator, note FROM annotations ORDER BY annotator"
    assert query(amy.path, marks) == [
        ("assertion", "amy", "why"), ("assertion", "bob", ""),
    ]  # fmt: skip
    assert query(amy.path, "SELECT label FROM annotation WHERE removed = 1") == [("claim",)]
    assert {version for (version,) in query(
        amy.path, "SELECT version FROM annotation WHERE removed = 0"
    )} == {2}  # fmt: skip
    assert sound(amy)
    outcome = history.undo(amy)
    assert {one.annotation_id for one in outcome.after} == {
        first.annotation_id, second.annotation_id,
    }  # fmt: skip
    assert query(amy.path, "SELECT DISTINCT label FROM annotations") == [("claim",)]
    assert amy.scheme().labels == default_scheme().labels
    history.redo(amy)
    assert query(amy.path, "SELECT DISTINCT label FROM annotations") == [("assertion",)]
    assert sound(amy)


def test_carried_marks_that_were_reviewed_are_counted_and_unreviewed(open_as: OpenAs) -> None:
    amy, rae = open_as("amy"), open_as("rae")
    mark = session_on(amy).annotate([Span(0, 8)], "claim").after[0]
    write_review(rae, mark, "accepted")
    done = replace_scheme(amy, scheme(ASSERTION), carry={"claim": "assertion"})
    assert done.undecided == 1
    assert query(amy.path, "SELECT status FROM annotations") == [("unreviewed",)]


def test_a_retired_label_keeps_its_marks_and_makes_no_new_ones(open_as: OpenAs) -> None:
    amy = open_as("amy")
    session = session_on(amy)
    mark = session.annotate([Span(0, 8)], "claim").after[0]
    other = session.annotate([Span(9, 15)], "denial").after[0]
    done = replace_scheme(amy, scheme(DENIAL), retire=["claim"])
    assert done.retired == {"claim": 1}
    assert query(amy.path, "SELECT label, version FROM annotation ORDER BY start") == [
        ("claim", 1), ("denial", 1),
    ]  # fmt: skip
    assert CLAIM in amy.scheme().shown
    assert interchange.export(amy, labels=["claim"]).rows == 1
    session = session_on(amy)
    with pytest.raises(LabelError, match="'claim' is retired"):
        session.annotate([Span(0, 3)], "claim")
    with pytest.raises(LabelError, match="'claim' is retired"):
        session.relabel(other, "claim")
    noted = session.set_note(mark, "still mine").after[0]
    assert session.relabel(noted, "denial").after[0].label == "denial"
    history.undo(amy)
    assert query(amy.path, "SELECT label FROM annotation ORDER BY start") == [
        ("claim",), ("denial",),
    ]  # fmt: skip
    assert sound(amy)


def test_marks_of_a_retired_label_can_be_carried_later_and_it_can_come_back(
    open_as: OpenAs,
) -> None:
    amy = open_as("amy")
    session_on(amy).annotate([Span(0, 8)], "claim")
    replace_scheme(amy, scheme(DENIAL), retire=["claim"])
    replace_scheme(amy, scheme(CLAIM, DENIAL))
    assert labels_of(amy) == ["claim", "denial"]
    history.undo(amy)
    assert labels_of(amy) == ["denial"]
    assert replace_scheme(amy, scheme(DENIAL), carry={"claim": "denial"}).carried == {"claim": 1}
    assert query(amy.path, "SELECT label FROM annotations") == [("denial",)]
    assert sound(amy)


@pytest.mark.parametrize(
    ("carry", "retire", "words"),
    [
        ({"clam": "denial"}, [], "There is no label 'clam' in the database"),
        ({}, ["clam"], "There is no label 'clam' in the database"),
        ({"denial": "question"}, [], "'denial' is in the new scheme"),
        ({}, ["denial"], "'denial' is in the new scheme"),
        ({"claim": "zzz"}, [], "no label 'zzz' that marks could be carried to"),
        ({"claim": "denial"}, ["claim"], "'claim' is both to be carried and to be retired"),
    ],
)
def test_a_carry_or_retirement_that_makes_no_sense_is_refused(
    carry: dict[str, str], retire: list[str], words: str, open_as: OpenAs
) -> None:
    amy = open_as("amy")
    session_on(amy).annotate([Span(0, 8)], "claim")
    before = dump(amy.path)
    with pytest.raises(LabelError, match=words):
        replace_scheme(amy, scheme(DENIAL, QUESTION), carry=carry, retire=retire)
    assert dump(amy.path) == before


def test_undo_of_an_import_is_refused_once_its_label_has_marks(open_as: OpenAs) -> None:
    amy, bob = open_as("amy"), open_as("bob")
    session_on(amy)
    replace_scheme(amy, scheme(QUESTION, CLAIM))
    mark = session_on(bob).annotate([Span(0, 8)], "question").after[0]
    before = dump(amy.path)
    with pytest.raises(BuiltOnError, match="the label 'question', which came with it, has 1 mark"):
        history.undo(amy)
    assert dump(amy.path) == before
    session_on(bob).remove(mark)
    history.undo(amy)
    assert labels_of(amy)[0] == "claim"
    assert sound(amy)


def test_undo_of_an_import_is_refused_once_its_marks_were_changed(open_as: OpenAs) -> None:
    amy, bob = open_as("amy"), open_as("bob")
    session_on(bob).annotate([Span(0, 8)], "claim")
    replace_scheme(amy, scheme(ASSERTION), carry={"claim": "assertion"})
    carried = session_on(bob).annotations()[0]
    session_on(bob).set_note(carried, "mine")
    before = dump(amy.path)
    with pytest.raises(BuiltOnError, match="changed since"):
        history.undo(amy)
    assert dump(amy.path) == before


def test_undo_is_refused_where_two_labels_would_have_one_key(open_as: OpenAs) -> None:
    amy, bob = open_as("amy"), open_as("bob")
    session_on(amy)
    moved = Label("claim", "z", "!", "#ecd420")
    replace_scheme(amy, scheme(moved, DENIAL))
    replace_scheme(bob, scheme(moved, DENIAL, Label("cause", "c", "<", "#336699")))
    before = dump(amy.path)
    with pytest.raises(BuiltOnError, match="the labels were changed since"):
        history.undo(amy)
    assert dump(amy.path) == before
    with pytest.raises(UndoError):
        history.undo(amy, passing_over=query(
            amy.path, "SELECT id FROM change WHERE kind = 'scheme' ORDER BY seq LIMIT 1"
        )[0][0])  # fmt: skip
    assert labels_of(amy) == ["claim", "denial", "cause"]


def test_a_session_that_is_open_meanwhile_learns_of_the_labels(open_as: OpenAs) -> None:
    amy, bob = open_as("amy"), open_as("bob")
    session: Session = session_on(amy)
    mark = session.annotate([Span(0, 8)], "claim").after[0]
    session.annotations()
    replace_scheme(bob, scheme(ASSERTION), carry={"claim": "assertion"})
    with pytest.raises(LabelError, match="'claim' is retired"):
        session.annotate([Span(0, 3)], "claim")
    with pytest.raises(LabelError, match="'denial' is retired"):
        session.relabel(mark, "denial")
    news = session.news()
    assert news is not None
    assert [(one.annotation_id, one.label) for one in news] == [(mark.annotation_id, "assertion")]
    assert [label.name for label in session.scheme] == ["assertion"]
    assert sound(amy)


def test_a_change_of_marks_in_many_documents_is_still_found_by_verify(
    open_as: OpenAs, tmp_path: Path
) -> None:
    amy = open_as("amy")
    session_on(amy).annotate([Span(0, 8)], "claim")
    session_on(amy, "Another text.").annotate([Span(0, 7)], "claim")
    replace_scheme(amy, scheme(ASSERTION), carry={"claim": "assertion"})
    assert sound(amy)
    upkeep.backup(amy, tmp_path / "copy.db")
    assert sound(open_as("amy", tmp_path / "copy.db"))


@given(st.data())
def test_no_mark_is_ever_lost_whatever_is_imported_and_undone(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        people = [Workspace(Path(folder) / "a.db", name) for name in ("amy", "bob")]
        pool = [*default_scheme(), ASSERTION, QUESTION]
        marks = 0
        for _ in range(data.draw(st.integers(1, 8))):
            workspace = data.draw(st.sampled_from(people))
            step = data.draw(st.sampled_from(["mark", "import", "undo", "redo"]))
            if step == "mark":
                session = session_on(workspace, data.draw(st.sampled_from(["One two.", "Three."])))
                label = data.draw(st.sampled_from(list(session.scheme))).name
                session.annotate([Span(0, 3)], label)
            elif step == "import":
                wanted = data.draw(st.lists(st.sampled_from(pool), min_size=1, unique=True))
                gone = [one.name for one in workspace.scheme().shown if one not in wanted]
                carried = data.draw(st.lists(st.sampled_from(gone), unique=True)) if gone else []
                replace_scheme(
                    workspace,
                    LabelScheme(tuple(wanted)),
                    carry=dict.fromkeys(carried, wanted[0].name),
                    retire=[name for name in gone if name not in carried],
                )
            else:
                with contextlib.suppress(UndoError, StoreError):
                    (history.undo if step == "undo" else history.redo)(workspace)
            if not workspace.exists:
                continue
            found = query(workspace.path, "SELECT label FROM annotation")
            assert len(found) >= marks
            marks = len(found)
            scheme_now = workspace.scheme()
            assert {label for (label,) in found} <= {one.name for one in scheme_now.shown}
            assert len({one.key for one in scheme_now}) == len(scheme_now) > 0
            assert sound(workspace)
        for workspace in people:
            workspace.close()
