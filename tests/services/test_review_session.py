"""A review session: what it goes through, where it stands, and what it keeps."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from annotui.domain.annotation import Annotation
from annotui.domain.review import Decision, Verdict
from annotui.domain.review_queue import Choice, ReviewOrder, Sample
from annotui.domain.span import Span
from annotui.errors import ConfigError, LabelError
from annotui.services import history, review, review_session
from annotui.services.review_session import ReviewSession
from annotui.services.session import Session
from annotui.services.workspace import Workspace
from stored_files import bytes_and_mtime, query, take_in

OpenAs = Callable[..., Workspace]
LABELS = ("claim", "denial", "statistic")


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def marks(open_as: OpenAs) -> list[Annotation]:
    """Twelve marks in two documents, six by ann and six by bob, in the order of the text."""
    made = []
    for title in ("B first", "A second"):
        for who in ("ann", "bob"):
            workspace = open_as(who)
            document = take_in(workspace, f"{title}: one two three four five six seven", title)
            session = Session(workspace, document)
            for at, word in enumerate(("one", "two", "three", "four", "five", "six")):
                if at % 2 == (who == "bob"):
                    start = document.text.index(word)
                    span = Span(start, start + len(word))
                    made.append((title, session.annotate([span], LABELS[at % 3]).after[0]))
    made.sort(key=lambda one: (one[0], one[1].start))
    return [one for _, one in made]


def left(session: ReviewSession, size: int = 5) -> list[str]:
    """Every id that is left, fetched in small pages."""
    found: list[str] = []
    while page := session.fetch(found, size):
        found += [one.annotation.annotation_id for one in page]
    return found


def ids(marks: list[Annotation]) -> list[str]:
    return [one.annotation_id for one in marks]


def decide(workspace: Workspace, mark: Annotation, decision: str = "accepted") -> None:
    review.decide(workspace, mark, Verdict(Decision(decision)))


def test_the_order_of_the_text_goes_by_title_and_place(
    open_as: OpenAs, marks: list[Annotation]
) -> None:
    session = review_session.begin(open_as("rev"), Choice())
    assert left(session) == ids(marks)
    assert session.total() == 12


def test_the_other_orders(open_as: OpenAs, marks: list[Annotation]) -> None:
    workspace = open_as("rev")
    by_label = review_session.begin(workspace, Choice(order=ReviewOrder.LABEL))
    assert left(by_label) == ids(sorted(marks, key=lambda one: LABELS.index(one.label)))
    newest = review_session.begin(workspace, Choice(order=ReviewOrder.NEWEST))
    assert left(newest) == sorted(ids(marks), reverse=True)
    mixed = left(review_session.begin(workspace, Choice(order=ReviewOrder.RANDOM, seed=3)))
    assert sorted(mixed) == sorted(ids(marks))
    assert mixed == left(review_session.begin(workspace, Choice(order=ReviewOrder.RANDOM, seed=3)))
    assert mixed != left(review_session.begin(workspace, Choice(order=ReviewOrder.RANDOM, seed=4)))


@pytest.mark.parametrize("order", list(ReviewOrder))
def test_every_order_goes_on_behind_the_mark_decided_last(
    open_as: OpenAs, marks: list[Annotation], order: ReviewOrder
) -> None:
    workspace = open_as("rev")
    whole = left(review_session.begin(workspace, Choice(order=order)))
    by_id = {one.annotation_id: one for one in marks}
    for one in whole[3:5]:
        decide(workspace, by_id[one])
    resumed = review_session.resume(open_as("rev"))
    assert resumed is not None
    assert list(resumed.done) == whole[4:2:-1]
    assert left(resumed) == whole[5:] + whole[:3]
    assert resumed.total() == 12


def test_each_filter_chooses(open_as: OpenAs, marks: list[Annotation]) -> None:
    workspace = open_as("rev")
    first = marks[0]
    decide(open_as("eve"), first, "rejected")

    def chosen(**choice: object) -> list[str]:
        return left(review_session.begin(workspace, Choice(**choice)))  # type: ignore[arg-type]

    assert chosen(document_ids=(first.document_id,), statuses=()) == ids(marks[:6])
    assert chosen(labels=("denial",), statuses=()) == ids(
        [one for one in marks if one.label == "denial"]
    )
    assert chosen(annotators=("bob",), statuses=()) == ids(
        [one for one in marks if one.annotator == "bob"]
    )
    assert chosen() == ids(marks[1:])
    assert chosen(statuses=("rejected",)) == [first.annotation_id]
    assert chosen(since="2999") == []
    assert chosen(since=first.created_at[:10], statuses=()) == ids(marks)
    with pytest.raises(LabelError):
        chosen(labels=("clam",))
    with pytest.raises(ConfigError, match="no annotator 'eva'"):
        chosen(annotators=("eva",))


def test_an_edit_after_a_decision_puts_the_mark_back(
    open_as: OpenAs, marks: list[Annotation]
) -> None:
    ann, workspace = open_as("ann"), open_as("rev")
    session = review_session.begin(workspace, Choice())
    mine = next(one for one in marks if one.annotator == "ann")
    for one in marks:
        decide(workspace, one)
    assert left(session) == []
    author = Session(ann, take_in(ann, "x"))
    author.set_note(mine, "Now with a note.")
    (card,) = session.fetch(())
    assert card.annotation.annotation_id == mine.annotation_id
    assert card.is_stale
    changed = review_session.begin(workspace, Choice(changed=True))
    assert left(changed) == [mine.annotation_id]
    decide(workspace, card.annotation)
    assert left(changed) == []
    assert changed.total() == 1


def test_marks_with_a_decision_are_gone_through_once_a_session(
    open_as: OpenAs, marks: list[Annotation]
) -> None:
    workspace = open_as("rev")
    for one in marks[:3]:
        decide(workspace, one)
    again = review_session.begin(workspace, Choice(statuses=("accepted",)))
    assert left(again) == ids(marks[:3])
    decide(workspace, marks[0])
    decide(workspace, marks[1], "rejected")
    resumed = review_session.resume(workspace)
    assert resumed is not None
    assert left(resumed) == [marks[2].annotation_id]
    assert (len(resumed.done), resumed.total()) == (2, 3)


def test_a_sample_stays_the_same_while_it_is_decided(
    open_as: OpenAs, marks: list[Annotation]
) -> None:
    workspace = open_as("rev")
    choice = Choice(sample=Sample(50, True), seed=5)
    session = review_session.begin(workspace, choice)
    sample = left(session)
    assert len(sample) == 6
    assert sample == [one for one in ids(marks) if one in sample]
    other = dataclasses.replace(choice, order=ReviewOrder.NEWEST)
    assert left(review_session.begin(workspace, other, keep=False)) == sorted(sample, reverse=True)
    by_id = {one.annotation_id: one for one in marks}
    decide(workspace, by_id[sample[0]])
    resumed = review_session.resume(workspace)
    assert resumed is not None
    assert left(resumed) == sample[1:]
    assert resumed.total() == 6


def test_what_was_put_off_comes_last_also_tomorrow(
    open_as: OpenAs, marks: list[Annotation]
) -> None:
    session = review_session.begin(open_as("rev"), Choice())
    whole = ids(marks)
    session.put_off([whole[2], whole[0]])
    assert left(session) == [whole[1], *whole[3:], whole[2], whole[0]]
    resumed = review_session.resume(open_as("rev"))
    assert resumed is not None
    assert left(resumed) == [whole[1], *whole[3:], whole[2], whole[0]]
    assert review_session.resume(open_as("ann")) is None


def test_a_decision_that_was_taken_back_is_left_again(
    open_as: OpenAs, marks: list[Annotation]
) -> None:
    workspace = open_as("rev")
    session = review_session.begin(workspace, Choice())
    decide(workspace, marks[0])
    history.undo(workspace)
    assert left(session)[0] == marks[0].annotation_id
    resumed = review_session.resume(workspace)
    assert resumed is not None
    assert not resumed.done


def test_two_reviewers_decide_on_the_same_marks_and_both_are_kept(
    open_as: OpenAs, database: Path, marks: list[Annotation]
) -> None:
    one, other = open_as("rev"), open_as("eve")
    first, second = review_session.begin(one, Choice()), review_session.begin(other, Choice())
    for card in first.fetch(()):
        decide(one, card.annotation)
        decide(other, card.annotation, "rejected")
    assert left(second) == []
    assert query(database, "SELECT reviewer, count(*) FROM review GROUP BY 1") == [
        ("eve", 12),
        ("rev", 12),
    ]
    assert query(database, "SELECT DISTINCT status, reviewer FROM annotations") == [
        ("rejected", "eve")
    ]


def test_looking_at_a_queue_writes_nothing(
    open_as: OpenAs, database: Path, marks: list[Annotation]
) -> None:
    before = bytes_and_mtime(database)
    session = review_session.begin(open_as("rev"), Choice(order=ReviewOrder.LABEL))
    left(session)
    session.put_off([marks[0].annotation_id])
    session.summary()
    assert bytes_and_mtime(database) == before


def test_the_summary_counts_decisions(open_as: OpenAs, marks: list[Annotation]) -> None:
    workspace = open_as("rev")
    decide(workspace, marks[11])
    session = review_session.begin(workspace, Choice())
    review.decide(workspace, marks[0], Verdict(Decision.ACCEPTED, label="attribution"))
    run = Span(marks[1].start, marks[1].end + 6)
    review.decide(workspace, marks[1], Verdict(Decision.ACCEPTED, runs=(run,)))
    for mark, reason in ((marks[2], "duplicate"), (marks[3], "other: a joke"), (marks[4], "")):
        review.decide(workspace, mark, Verdict(Decision.REJECTED, reason))
    decide(workspace, marks[5], "rejected")
    decide(workspace, marks[5], "unsure")
    found = session.summary()
    assert found.total.figures == (6, 2, 1, 1, 3, 1)
    assert found.left == 5
    reasons = {row.name: row.decided for row in found.rows if row.by == "reason"}
    assert reasons == {"duplicate": 1, "other": 1, "": 1}
    labels = [row.decided for row in found.rows if row.by == "label"]
    assert sum(labels) == 6
