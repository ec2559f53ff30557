"""Adjudication asks about what is new and never throws a decision away."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from annotui.domain import adjudication
from annotui.domain.adjudication import Ruling
from annotui.domain.annotation import Annotation
from annotui.domain.progress import DocumentStatus
from annotui.domain.span import Span
from annotui.errors import AnnotationError, ConfigError, StaleError
from annotui.services import curation, history, queue, upkeep
from annotui.services.curation import Conflict, Wanted
from annotui.services.session import Session
from annotui.services.workspace import Workspace
from merged_files import merge
from stored_files import query, session_on

NAMES = ("amy", "bob", "cy")
TEXT = "One two three four five six seven eight nine ten eleven twelve.\n"
GOLD = """SELECT label, quote FROM annotations WHERE annotator = 'gold'
    ORDER BY document, document_id, start"""


class Desk:
    """Several people at work on one file, and an adjudicator."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.adjudicator = Workspace(path, "judge")

    def session(self, who: str, number: int = 0) -> Session:
        return session_on(Workspace(self.path, who), f"Article {number}\n{TEXT}")

    def mark(self, who: str, quote: str, label: str = "claim", number: int = 0) -> Annotation:
        session = self.session(who, number)
        start = session.document.text.index(quote)
        made = session.annotate([Span(start, start + len(quote))], label).after[0]
        session.workspace.close()
        return made

    def edit(
        self, mark: Annotation, *, label: str = "", quote: str = "", gone: bool = False
    ) -> None:
        session = session_on(Workspace(self.path, mark.annotator), self.text_of(mark.document_id))
        (now,) = [x for x in session.annotations() if x.annotation_id == mark.annotation_id]
        if label:
            session.relabel(now, label)
        elif quote:
            start = session.document.text.index(quote)
            session.move(now, [Span(start, start + len(quote))])
        elif gone:
            session.remove(now)
        session.workspace.close()

    def text_of(self, document_id: str) -> str:
        return query(self.path, "SELECT text FROM document WHERE id = ?", document_id)[0][0]

    def conflicts(self, **wanted: object) -> list[Conflict]:
        return curation.look(self.adjudicator, Wanted(**wanted)).conflicts  # type: ignore[arg-type]

    def quotes(self) -> list[list[str]]:
        """The words of the marks of each conflict."""
        return [
            [member.annotation.quote for member in conflict.question.group.members]
            for conflict in self.conflicts()
        ]

    def take_in(self) -> int:
        outcome = curation.take_in(self.adjudicator, Wanted())
        return 0 if outcome is None else len(outcome.after)

    def decide(self, ruling: Ruling, at: int = 0) -> None:
        curation.decide(self.adjudicator, Wanted(), self.conflicts()[at], ruling)

    def first(self, *, of: str) -> Ruling:
        return adjudication.of_annotator(self.conflicts()[0].question.group, of)

    @property
    def gold(self) -> list[tuple[str, str]]:
        return query(self.path, GOLD)


@pytest.fixture
def desk(database: Path) -> Desk:
    return Desk(database)


def is_sound(desk: Desk) -> bool:
    desk.adjudicator.close()
    return upkeep.verify(desk.adjudicator).problems == ()


def test_three_annotators_over_ten_articles_are_asked_about_new_marks_only(desk: Desk) -> None:
    for number in range(10):
        for who in NAMES:
            desk.mark(who, "One two", number=number)  # all agree
        for who, quote in zip(NAMES, ("four five", "four", "four five six"), strict=True):
            desk.mark(who, quote, number=number)  # a boundary
        desk.mark("amy", "eight nine", "denial", number)  # only amy
    assert desk.take_in() == 10
    assert desk.gold == [("claim", "One two")] * 10
    conflicts = desk.conflicts()
    assert len(conflicts) == 20
    for conflict in conflicts:
        curation.decide(
            desk.adjudicator, Wanted(), conflict, adjudication.of_annotator(
                conflict.question.group, "amy"
            )
        )  # fmt: skip
    assert desk.conflicts() == []
    decided = desk.gold
    assert len(decided) == 30

    desk.adjudicator.close()
    for number in (2, 5, 7):
        desk.mark("cy", "twelve", "statistic", number)
    again = Desk(desk.path)
    assert again.take_in() == 0
    assert again.quotes() == [["twelve"]] * 3
    assert {conflict.title for conflict in again.conflicts()} == {
        f"Article {number}" for number in (2, 5, 7)
    }
    assert again.gold == decided
    state = curation.look(again.adjudicator, Wanted())
    assert (state.agreed, state.decided, state.documents) == (10, 20, 10)
    for _ in range(3):
        again.decide(adjudication.NEITHER)
    assert again.conflicts() == []
    assert again.gold == decided
    assert is_sound(again)


def test_the_gold_set_says_what_each_of_its_marks_came_from(desk: Desk) -> None:
    first, second = desk.mark("amy", "four five"), desk.mark("bob", "four")
    desk.decide(desk.first(of="bob"))
    rows = query(
        desk.path,
        """SELECT j.choice, j.adjudicator, a.quote, s.annotation_id, s.annotation_version, s.taken
        FROM adjudication AS j JOIN annotation AS a ON a.id = j.annotation_id
        JOIN adjudication_source AS s ON s.adjudication_id = j.id ORDER BY s.taken""",
    )
    assert rows == [
        ("annotator", "judge", "four", first.annotation_id, 1, 0),
        ("annotator", "judge", "four", second.annotation_id, 1, 1),
    ]
    assert desk.gold == [("claim", "four")]


@pytest.mark.parametrize(
    ("ruling", "gold"),
    [
        (lambda group: adjudication.union(group, "claim"), [("claim", "four five six")]),
        (lambda group: adjudication.intersection(group, "denial"), [("denial", "five")]),
        (lambda group: adjudication.of_annotator(group, "amy", "statistic"),
         [("statistic", "four five")]),
        (lambda group: adjudication.of_annotator(group, "cy"), []),
        (lambda group: adjudication.anew("attribution", [Span(14, 21)]),
         [("attribution", "two thr")]),
        (lambda group: adjudication.NEITHER, []),
    ],
)  # fmt: skip
def test_every_way_to_decide_makes_its_mark(desk: Desk, ruling: object, gold: object) -> None:
    desk.mark("amy", "four five")
    desk.mark("bob", "five six", "claim")
    desk.mark("cy", "twelve")
    desk.decide(ruling(desk.conflicts()[0].question.group))  # type: ignore[operator]
    assert desk.gold == gold
    assert desk.quotes() == [["twelve"]]
    assert is_sound(desk)


def test_undo_brings_the_question_back_and_redo_the_answer(desk: Desk) -> None:
    desk.mark("amy", "four five")
    desk.mark("bob", "four")
    desk.decide(desk.first(of="amy"))
    history.undo(desk.adjudicator)
    assert (desk.gold, len(desk.conflicts())) == ([], 1)
    history.redo(desk.adjudicator)
    assert (desk.gold, len(desk.conflicts())) == ([("claim", "four five")], 0)
    assert is_sound(desk)


def test_what_all_agree_on_is_one_change_over_all_documents(desk: Desk) -> None:
    for number in range(3):
        for who in NAMES:
            desk.mark(who, "One two", number=number)
    assert desk.take_in() == 3
    assert desk.take_in() == 0
    history.undo(desk.adjudicator)
    assert desk.gold == []
    assert is_sound(desk)
    assert desk.take_in() == 3
    assert desk.gold == [("claim", "One two")] * 3


def test_a_changed_mark_is_asked_about_again_and_the_result_replaces_the_old(desk: Desk) -> None:
    mark = desk.mark("amy", "four five")
    desk.mark("bob", "four")
    desk.mark("amy", "ten", number=1)
    desk.mark("bob", "ten", number=1)
    desk.decide(desk.first(of="bob"))
    desk.take_in()
    desk.edit(mark, quote="four five six")
    (conflict,) = desk.conflicts()
    (earlier,) = conflict.question.earlier
    assert earlier.gold is not None
    assert earlier.gold.quote == "four"
    desk.decide(adjudication.union(conflict.question.group))
    assert desk.gold == [("claim", "four five six"), ("claim", "ten")]
    rows = query(desk.path, "SELECT choice, superseded_by IS NULL FROM adjudication ORDER BY id")
    assert rows == [("annotator", 0), ("agreed", 1), ("union", 1)]
    history.undo(desk.adjudicator)
    assert desk.gold == [("claim", "four"), ("claim", "ten")]
    assert is_sound(desk)


def test_keeping_what_was_decided_settles_new_work(desk: Desk) -> None:
    desk.mark("amy", "four five")
    desk.mark("bob", "four")
    desk.decide(desk.first(of="bob"))
    desk.mark("cy", "four five six")
    (conflict,) = desk.conflicts()
    desk.decide(adjudication.kept(conflict.question.earlier))
    assert (desk.gold, desk.conflicts()) == ([("claim", "four")], [])


def test_a_new_mark_that_says_what_was_decided_asks_nothing(desk: Desk) -> None:
    desk.mark("amy", "four five")
    desk.mark("bob", "four")
    desk.decide(desk.first(of="bob"))
    desk.mark("cy", "four")
    assert (desk.conflicts(), desk.take_in()) == ([], 0)


def test_a_note_or_a_label_put_back_asks_nothing(desk: Desk) -> None:
    mark = desk.mark("amy", "four five")
    desk.mark("bob", "four")
    desk.decide(desk.first(of="bob"))
    desk.edit(mark, label="denial")
    assert len(desk.conflicts()) == 1
    desk.edit(mark, label="claim")
    session = desk.session("amy")
    (now,) = [x for x in session.annotations() if x.annotator == "amy"]
    session.set_note(now, "a thought")
    session.workspace.close()
    assert desk.conflicts() == []


def test_what_all_agreed_on_follows_them(desk: Desk) -> None:
    marks = [desk.mark(who, "four five") for who in NAMES]
    desk.take_in()
    for mark in marks:
        desk.edit(mark, label="denial")
    assert desk.conflicts() == []
    desk.take_in()
    assert desk.gold == [("denial", "four five")]
    desk.edit(marks[0], gone=True)
    assert desk.quotes() == [["four five"] * 2]
    for mark in marks[1:]:
        desk.edit(mark, gone=True)
    assert desk.conflicts() == []
    desk.take_in()
    assert desk.gold == []
    assert is_sound(desk)


def test_a_decision_stays_when_its_marks_are_taken_back(desk: Desk) -> None:
    marks = [desk.mark("amy", "four five"), desk.mark("bob", "four")]
    desk.decide(desk.first(of="amy"))
    for mark in marks:
        desk.edit(mark, gone=True)
    assert (desk.conflicts(), desk.take_in()) == ([], 0)
    assert desk.gold == [("claim", "four five")]


def test_an_article_waits_until_two_have_worked_on_it(desk: Desk) -> None:
    desk.mark("amy", "four five")
    desk.mark("amy", "ten", number=1)
    desk.mark("bob", "ten", number=1)
    state = curation.look(desk.adjudicator, Wanted())
    assert (state.documents, state.waiting, state.conflicts) == (1, 1, [])
    bob = desk.session("bob")
    queue.set_status(bob.workspace, bob.document.document_id, DocumentStatus.DONE)
    bob.workspace.close()
    assert desk.quotes() == [["four five"]]


def test_a_conflict_that_changed_meanwhile_is_refused(desk: Desk) -> None:
    mark = desk.mark("amy", "four five")
    desk.mark("bob", "four")
    (seen,) = desk.conflicts()
    desk.edit(mark, label="denial")
    with pytest.raises(StaleError, match="Not saved"):
        curation.decide(desk.adjudicator, Wanted(), seen, adjudication.NEITHER)
    assert query(desk.path, "SELECT count(*) FROM adjudication") == [(0,)]


def test_two_adjudicators_do_not_decide_one_conflict_twice(desk: Desk) -> None:
    desk.mark("amy", "four five")
    desk.mark("bob", "four")
    (seen,) = desk.conflicts()
    other = Workspace(desk.path, "second")
    curation.decide(other, Wanted(), seen, adjudication.NEITHER)
    with pytest.raises(StaleError):
        curation.decide(desk.adjudicator, Wanted(), seen, desk.session("amy") and Ruling(
            adjudication.Choice.ANEW, "claim", (Span(0, 3),)
        ))  # fmt: skip
    other.close()


def test_two_sets_are_apart_and_neither_is_an_annotator_of_the_other(desk: Desk) -> None:
    desk.mark("amy", "four five")
    desk.mark("bob", "four")
    desk.decide(desk.first(of="amy"))
    second = Wanted(gold="second")
    state = curation.look(desk.adjudicator, second)
    assert state.annotators == ("amy", "bob")
    curation.decide(desk.adjudicator, second, state.conflicts[0], adjudication.NEITHER)
    assert curation.look(desk.adjudicator, Wanted()).annotators == ("amy", "bob")
    assert desk.gold == [("claim", "four five")]


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (Wanted(annotators=("amy",)), "needs two annotators"),
        (Wanted(annotators=("amy", "zoe")), "no annotator 'zoe'"),
        (Wanted(gold="amy"), "cannot have that name"),
        (Wanted(gold=" "), "empty"),
    ],
)
def test_what_cannot_be_adjudicated_is_said(desk: Desk, wanted: Wanted, says: str) -> None:
    desk.mark("amy", "four five")
    desk.mark("bob", "four")
    with pytest.raises(ConfigError, match=says):
        curation.look(desk.adjudicator, wanted)


def test_a_renamed_gold_set_goes_on(desk: Desk) -> None:
    desk.mark("amy", "four five")
    desk.mark("bob", "four")
    desk.decide(desk.first(of="amy"))
    upkeep.rename_annotator(desk.adjudicator, "gold", "final")
    desk.mark("cy", "twelve")
    wanted = Wanted(gold="final")
    state = curation.look(desk.adjudicator, wanted)
    assert (state.decided, state.annotators) == (1, NAMES)
    curation.decide(
        desk.adjudicator, wanted, state.conflicts[0],
        adjudication.of_annotator(state.conflicts[0].question.group, "cy"),
    )  # fmt: skip
    names = "SELECT DISTINCT annotator FROM annotations ORDER BY 1"
    assert query(desk.path, names) == [("amy",), ("bob",), ("cy",), ("final",)]


def test_rulings_that_have_no_answer_say_why(desk: Desk) -> None:
    desk.mark("amy", "four five six")
    desk.mark("bob", "four five", "denial")
    desk.mark("amy", "eleven")
    both, alone = (conflict.question.group for conflict in desk.conflicts())
    for ruling in (adjudication.union, adjudication.intersection):
        with pytest.raises(AnnotationError, match="claim or denial"):
            ruling(both)
    with pytest.raises(AnnotationError, match="different words"):
        adjudication.relabelled(both, "claim")
    with pytest.raises(AnnotationError, match="Only amy"):
        adjudication.intersection(alone)
    assert adjudication.relabelled(alone, "denial").label == "denial"
    assert adjudication.of_annotator(alone, "bob") == adjudication.NEITHER


def test_adjudications_of_two_files_merge_and_a_double_decision_is_asked_once(
    desk: Desk, tmp_path: Path
) -> None:
    desk.mark("amy", "four five")
    desk.mark("bob", "four")
    for who in NAMES[:2]:
        desk.mark(who, "ten")
    desk.adjudicator.close()
    other = tmp_path / "other.db"
    shutil.copy(desk.path, other)
    theirs = Desk(other)
    for one, of in ((desk, "amy"), (theirs, "bob")):
        one.take_in()
        one.decide(one.first(of=of))
        one.adjudicator.close()
    merge(desk.path, other)
    merged = Desk(desk.path)
    assert sorted(merged.gold) == [
        ("claim", "four"), ("claim", "four five"), ("claim", "ten"), ("claim", "ten"),
    ]  # fmt: skip
    assert merged.take_in() == 2  # one of the two stays and one goes
    (conflict,) = merged.conflicts()
    assert {one.gold.quote for one in conflict.question.earlier if one.gold} == {
        "four", "four five",
    }  # fmt: skip
    merged.decide(merged.first(of="bob"))
    assert merged.gold == [("claim", "four"), ("claim", "ten")]
    assert (merged.conflicts(), merged.take_in()) == ([], 0)
    assert is_sound(merged)
