"""Whatever annotators do after an adjudication, only what they did is asked about."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from annotui.domain import adjudication
from annotui.domain.adjudication import Choice, Decided, Plan, Question, Ruling, Source
from annotui.domain.annotation import Annotation
from annotui.domain.document import Document
from annotui.domain.span import Span

TEXT = "one two three four five six seven eight"
DOCUMENT = Document("doc", "title", TEXT)
NAMES = ("amy", "bob", "cy")
PLACE = st.tuples(
    st.sampled_from(NAMES),
    st.sampled_from(("claim", "denial")),
    st.integers(0, 30),
    st.integers(1, 9),
)
WORK = st.lists(PLACE, max_size=8)


class Desk:
    """The rules at work without a database."""

    def __init__(self) -> None:
        self.marks: dict[str, Annotation] = {}
        self.decided: list[Decided] = []
        self.made = 0

    def mark(self, who: str, label: str, start: int, length: int) -> str:
        self.made += 1
        blank = Annotation(f"{self.made:04}", "doc", label, 0, 1, "", who)
        self.marks[blank.annotation_id] = blank.on(DOCUMENT, [Span(start, start + length)])
        return blank.annotation_id

    def plan(self) -> Plan:
        decided = [
            replace(one, sources=tuple(
                replace(source, is_standing=source.annotation_id in self.marks)
                for source in one.sources
            )) for one in self.decided
        ]  # fmt: skip
        return adjudication.plan(self.marks.values(), NAMES, TEXT, decided)

    def decide(self, question: Question, ruling: Ruling) -> None:
        gold = None
        if ruling.runs:
            self.made += 1
            blank = Annotation(f"gold{self.made}", "doc", ruling.label, 0, 1, "", "gold")
            gold = blank.on(DOCUMENT, ruling.runs)
        sources = tuple(
            Source(m.annotation.annotation_id, (m.annotation.label, m.annotation.runs))
            for m in question.group.members
        )
        gone = {one.adjudication_id for one in question.earlier}
        self.decided = [one for one in self.decided if one.adjudication_id not in gone]
        self.decided.append(
            Decided(f"d{len(self.decided)}-{self.made}", ruling.choice, sources, gold)
        )

    def take_in(self) -> None:
        plan = self.plan()
        lapsed = {one.adjudication_id for one in plan.lapsed}
        self.decided = [one for one in self.decided if one.adjudication_id not in lapsed]
        for question in plan.agreed:
            self.decide(question, adjudication.agreed(question.group))

    def settle(self, draw_neither: bool) -> None:
        self.take_in()
        for question in self.plan().open:
            first = question.group.members[0].annotation.annotator
            chosen = adjudication.of_annotator(question.group, first)
            self.decide(question, adjudication.NEITHER if draw_neither else chosen)


@given(WORK, WORK, st.booleans())
def test_only_new_marks_are_asked_about(first: list, second: list, neither: bool) -> None:  # type: ignore[type-arg]
    desk = Desk()
    for place in first:
        desk.mark(*place)
    desk.settle(neither)
    before = list(desk.decided)
    plan = desk.plan()
    assert (plan.open, plan.agreed, plan.lapsed) == ((), (), ())
    assert len(plan.settled) == len(desk.decided)
    new = {desk.mark(*place) for place in second}
    plan = desk.plan()
    regrouped = [
        one for one in before
        if one.is_by_itself and not any(
            {s.annotation_id for s in one.sources}
            <= {m.annotation.annotation_id for m in question.group.members}
            for question in (*plan.settled, *plan.open, *plan.agreed)
        )
    ]  # fmt: skip
    for question in (*plan.open, *plan.agreed):
        ids = {member.annotation.annotation_id for member in question.group.members}
        assert ids & new or len(question.earlier) > 1 or set(question.earlier) & set(regrouped)
    assert desk.decided == before


@given(WORK, WORK, st.lists(st.integers(0, 7), max_size=4), st.booleans())
def test_asking_comes_to_an_end_whatever_is_added_and_removed(
    first: list, second: list, gone: list[int], neither: bool,  # type: ignore[type-arg]
) -> None:  # fmt: skip
    desk = Desk()
    for place in first:
        desk.mark(*place)
    desk.settle(neither)
    for number in gone:
        desk.marks.pop(f"{number:04}", None)
    for place in second:
        desk.mark(*place)
    for _ in range(3):
        desk.settle(neither)
    plan = desk.plan()
    assert (plan.open, plan.agreed, plan.lapsed) == ((), (), ())
    golds = [one.gold.annotation_id for one in desk.decided if one.gold is not None]
    assert len(golds) == len(set(golds))


@given(WORK)
def test_what_all_agree_on_is_never_asked(first: list) -> None:  # type: ignore[type-arg]
    desk = Desk()
    for _, label, start, length in first:
        for who in NAMES:
            desk.mark(who, label, start, length)
    assert desk.plan().open == ()
    desk.take_in()
    assert {one.choice for one in desk.decided} <= {Choice.AGREED}
    assert len(desk.decided) == len(first)


def test_one_annotator_alone_waits() -> None:
    plan = adjudication.plan([], ["amy"], TEXT, [])
    assert plan == Plan(is_waiting=True)
