"""A review session by its keys: one key a decision, and every decision in the database at once."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from reader_desk import (
    ARTICLE,
    OTHER_ARTICLE,
    build,
    eventually,
    key_event,
    mark,
    problems,
    reader,
    rows,
)
from review_desk import TEN, ReviewDesk, reviewing, ten_marks
from textual.containers import VerticalScroll

from annotui.domain.review import Decision, Verdict
from annotui.domain.review_queue import Choice, Sample
from annotui.services import review
from annotui.services.config import Config
from annotui.services.workspace import Workspace
from annotui.tui.screens.dialogs import NoteScreen, PageScreen
from annotui.tui.screens.review import ReviewScreen
from annotui.tui.screens.review_choice import ReviewChoiceScreen
from annotui.tui.screens.review_end import EndScreen, page


async def test_ten_marks_in_thirteen_keys(database: Path) -> None:
    marks = ten_marks(database)
    keys = ["y", "y", "x", "1", "y", "y", "s", "y", "x", "4", "y", ">", "y"]
    assert len(keys) == 13
    async with reviewing(database) as desk:
        assert "0 done · 10 left" in desk.headline
        await desk.press(*keys)
        await desk.shows(EndScreen)
        assert "10 done · 0 left" in desk.headline
    found = rows(database, "SELECT status, count(*) FROM annotations GROUP BY 1 ORDER BY 1")
    assert found == [("accepted", 8), ("rejected", 2)]
    assert rows(database, "SELECT reason FROM review WHERE decision = 'rejected' ORDER BY id") == [
        ("wrong label",),
        ("duplicate",),
    ]
    assert rows(database, "SELECT label FROM review WHERE label IS NOT NULL") == [("statistic",)]
    ((start, end),) = rows(database, "SELECT start, end FROM review WHERE start IS NOT NULL")
    assert start == marks[9].start
    assert TEN[start:end].endswith("10 metres, and nobody was asked.")
    assert rows(database, "SELECT count(*) FROM annotation WHERE version > 1") == [(0,)]
    assert problems(database) == ()


async def test_the_mark_is_in_the_middle_of_the_screen_with_its_fields(database: Path) -> None:
    ten_marks(database)
    async with reviewing(database, size=(120, 12)) as desk:
        await desk.press("y", "y", "y", "y")
        view = desk.view
        assert view.scroll_offset.y > 0
        row, height = view._rows.row_of(view.caret) - view.scroll_offset.y, view.size.height
        assert height // 4 <= row < height - height // 4
        assert view.focused_id == desk.screen.card.annotation.annotation_id
        for words in ("claim", "ann", "river 5 rose by 5 metres", "6 words"):
            assert words in desk.card


async def test_unsure_not_yet_and_a_reason_in_words(database: Path) -> None:
    ten_marks(database)
    async with reviewing(database) as desk:
        await desk.press("x")
        assert "wrong label" in desk.card
        assert "not yet" in desk.screen.legend.text
        await desk.press("z")
        assert "says why" in desk.said
        await desk.press("escape")
        assert desk.decided == []
        assert "wrong label" not in desk.card
        await desk.press("x", "?", "x", "5")
        await desk.shows(NoteScreen)
        await desk.type("a joke")
        await desk.press("enter")
        await desk.press("x", "5", "escape")
        assert [row[1:3] for row in desk.decided] == [("unsure", ""), ("rejected", "other: a joke")]
        assert desk.under_review.startswith("river 3")


async def test_a_project_has_reasons_of_its_own(database: Path) -> None:
    ten_marks(database)
    async with reviewing(database, config=Config(reasons=("too long", "a quote"))) as desk:
        await desk.press("x", "9")
        assert desk.decided == []
        await desk.press("2")
        assert desk.decided[0][1:3] == ("rejected", "a quote")


async def test_space_puts_off_and_records_nothing(database: Path) -> None:
    ten_marks(database)
    async with reviewing(database) as desk:
        before = database.read_bytes()
        await desk.press("space", "space")
        assert database.read_bytes() == before
        assert desk.under_review.startswith("river 3")
        assert "0 done · 10 left" in desk.headline
        await desk.press(*"yyyyyyyy")
        assert desk.under_review.startswith("river 1 ")
        await desk.press("y", "y")
        await desk.shows(EndScreen)


async def test_the_edge_keys_move_what_would_be_accepted_and_store_nothing(database: Path) -> None:
    marks = ten_marks(database)
    async with reviewing(database) as desk:
        before = database.read_bytes()
        await desk.press("alt+right", "alt+shift+left")
        assert desk.screen.shown.quote == "that river 1 rose by 1 metres, and"
        await desk.press("escape")
        assert desk.screen.shown == desk.screen.card.annotation
        await desk.press("m", "w", "w")
        assert desk.selected == "river 1 rose by 1 metres, and "
        assert database.read_bytes() == before
        await desk.press("y")
        await desk.press("m", "o", "b", "enter", "d")
        await desk.press("y")
    decided = [(row[1], row[3], row[4], row[5]) for row in desk.decided]
    first, second, third = decided
    assert TEN[first[2] : first[3]] == "river 1 rose by 1 metres, and"
    assert (second[1], TEN[second[2] : second[3]]) == ("denial", "that river 2 rose by 2 metres")
    assert third == ("accepted", "", None, None)
    assert rows(database, "SELECT quote FROM annotations LIMIT 1") == [(marks[0].quote,)]


async def test_a_label_of_its_own_is_a_plain_accept(database: Path) -> None:
    ten_marks(database)
    async with reviewing(database) as desk:
        await desk.press("c", "a")
        assert [row[1:4] for row in desk.decided] == [
            ("accepted", "", ""),
            ("accepted", "", "attribution"),
        ]


async def test_a_note_goes_with_the_decision(database: Path) -> None:
    ten_marks(database)
    async with reviewing(database) as desk:
        await desk.press("i")
        await desk.type("Ask ann.")
        await desk.press("enter")
        assert "note: Ask ann." in desk.card
        assert desk.decided == []
        await desk.press("x", "2", "y")
        assert [(row[2], row[6]) for row in desk.decided] == [("wrong span", "Ask ann."), ("", "")]


async def test_u_takes_the_last_decision_back_and_goes_there(database: Path) -> None:
    ten_marks(database)
    async with reviewing(database) as desk:
        await desk.press("y", "y", "u")
        assert desk.under_review.startswith("river 2")
        assert len(desk.decided) == 1
        assert "1 done · 9 left" in desk.headline
        await desk.press("u", "u")
        assert "no decision of yours" in desk.said
        assert desk.decided == []
        await desk.press("x", "1")
        assert desk.under_review.startswith("river 2")


async def test_u_after_a_second_decision_leaves_the_first_in_force(database: Path) -> None:
    ten_marks(database)
    async with reviewing(database) as desk:
        await desk.press("y", "[", "x", "1", "u")
        assert desk.under_review.startswith("river 1 ")
        assert "Accepted by you" in desk.card
        assert "1 done · 9 left" in desk.headline
        await desk.press("u")
        assert "0 done · 10 left" in desk.headline


async def test_keys_of_the_reader_alone_do_nothing_while_an_edge_moves(database: Path) -> None:
    ten_marks(database)
    async with reviewing(database) as desk:
        await desk.press("m", "g", "c")
        assert "does nothing in a review" in desk.said
        await desk.press("w", "escape", "y")
        assert len(desk.decided) == 1


async def test_looking_ahead_and_back_records_nothing(database: Path) -> None:
    ten_marks(database)
    async with reviewing(database) as desk:
        await desk.press("y")
        before = database.read_bytes()
        await desk.press("]", "]")
        assert desk.under_review.startswith("river 4")
        await desk.press("[", "[", "[")
        assert desk.under_review.startswith("river 1 ")
        assert "Accepted by you" in desk.card
        await desk.press("[")
        assert "No mark before" in desk.said
        assert database.read_bytes() == before
        await desk.press("x", "1")
        assert desk.under_review.startswith("river 2")
        assert [row[1] for row in desk.decided] == ["accepted", "rejected"]
        await desk.press("]", *"yyyyyyyy")
        assert desk.under_review.startswith("river 2")


async def test_quitting_and_coming_back_goes_on_at_the_same_place(database: Path) -> None:
    ten_marks(database)
    async with reviewing(database, choice=Choice(labels=("claim",))) as desk:
        await desk.press("y", "space", "y", "q")
    async with reviewing(database) as desk:
        assert desk.screen.review.choice.labels == ("claim",)
        assert desk.under_review.startswith("river 4")
        assert "2 done · 8 left" in desk.headline
        await desk.press("[")
        assert desk.under_review.startswith("river 3")
        await desk.press("]", *"yyyyyyy")
        assert desk.under_review.startswith("river 2")


async def test_a_blind_review_hides_who_and_what_others_decided(database: Path) -> None:
    ten_marks(database)
    mark(database, "Sentence 1 says", "denial", annotator="bob")
    async with reviewing(database, "eve", Choice(labels=("claim",))) as desk:
        await desk.press("x", "1")
    choice = Choice(labels=("claim",), statuses=(), blind=True)
    async with reviewing(database, choice=choice) as desk:
        shown = f"{desk.card}{desk.said}{desk.headline}"
        assert "blind" in desk.headline
        assert not {"ann", "eve", "Rejected"} & set(shown.replace("·", " ").split())
        assert [label for label, _ in desk.painted] == ["claim"] * 10


async def test_the_guideline_comes_with_borderline_marks(database: Path) -> None:
    ten_marks(database)
    async with reviewing(database) as desk:
        await desk.press("y", "x", "3", "s", "g", "?")
        page = await desk.shows(PageScreen)
        text = str(page._page)
        assert "not in guideline" in text
        assert "river 2" in text
        assert "Accepted as statistic" in text
        assert "river 1 " not in text


async def test_an_edit_meanwhile_is_shown_and_decided_on(database: Path) -> None:
    marks = ten_marks(database)
    async with reviewing(database) as desk:
        async with reader(database) as other:
            await other.go_to("river 1 ")
            await other.press("]", "[", "d")
            assert other.focused == ("denial", marks[0].quote)
        await desk.press("y")
        if not desk.decided:
            assert "changed by ann" in desk.said
            await desk.press("y")
        found = rows(database, "SELECT annotation_version, decision FROM review WHERE removed = 0")
        assert found == [(2, "accepted")]


async def test_two_reviewers_at_once_lose_nothing(database: Path) -> None:
    ten_marks(database)
    async with reviewing(database, "rev") as one, reviewing(database, "eve") as other:
        for _ in range(5):
            await one.press("y")
            await other.press("x", "1")
        found = rows(database, "SELECT reviewer, decision, count(*) FROM review GROUP BY 1, 2")
        assert found == [("eve", "rejected", 5), ("rev", "accepted", 5)]
    assert problems(database) == ()


async def test_a_decision_waits_for_another_programs_lock(database: Path) -> None:
    ten_marks(database)
    async with reviewing(database) as desk:
        with closing(sqlite3.connect(database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            desk.app.post_message(key_event("y"))
            await eventually(lambda: "saving" in desk.said, "the wait")
            desk.app.post_message(key_event("]"))
            await eventually(lambda: desk.under_review.startswith("river 2"), "the next mark")
            desk.app.post_message(key_event("y"))
            await desk.handled()
            other.execute("ROLLBACK")
        await desk.idle()
        await desk.idle()
        assert [row[0][:8] for row in desk.decided] == ["river 1 "]
        assert desk.under_review.startswith("river 2")
        assert "1 done · 9 left" in desk.headline
        await desk.press("y")
        assert len(desk.decided) == 2


async def test_it_goes_from_article_to_article(database: Path) -> None:
    build(database, (ARTICLE, OTHER_ARTICLE))
    for quote in ("Mayor", "40 people", "The river rose"):
        mark(database, quote)
    async with reviewing(database) as desk:
        seen = []
        for _ in range(3):
            seen.append((desk.under_review, desk.text.startswith("A second")))
            await desk.press("y")
        assert seen == [("The river rose", True), ("Mayor", False), ("40 people", False)]
        await desk.press("u")
        await desk.press("u", "u")
        assert desk.under_review == "The river rose"
        assert desk.text == OTHER_ARTICLE


async def test_r_in_the_reader_chooses_and_comes_back(database: Path) -> None:
    ten_marks(database)
    async with reader(database, size=(120, 40)) as desk:
        await desk.press("r")
        await desk.shows(ReviewChoiceScreen)
        await desk.press("j", "l", "j", "j", "j", "j", "j", "j", "l", "enter")
        review = await desk.shows(ReviewScreen)
        review_desk = ReviewDesk(desk.app, desk.pilot)
        assert review.review.choice.labels == ("claim",)
        assert str(review.review.choice.order) == "label"
        await review_desk.press("x", "1")
        await desk.press("q")
        assert desk.app.screen is desk.screen
        statuses = [one.review_status for one in desk.view._index]
        assert statuses == ["rejected"] + ["unreviewed"] * 9
        await desk.press("r", "enter")
        review = await desk.shows(ReviewScreen)
        assert len(review.review.done) == 1


async def test_tab_in_the_reader_goes_to_the_next_mark_to_decide_on(database: Path) -> None:
    marks = ten_marks(database)
    workspace = Workspace(database, "rev")
    for one in marks[1:8]:
        review.decide(workspace, one, Verdict(Decision.ACCEPTED))
    review.decide(workspace, marks[8], Verdict(Decision.UNSURE))
    workspace.close()
    async with reader(database) as desk:
        found = []
        for _ in range(4):
            await desk.press("tab")
            found.append(desk.focused)
        assert found == [("claim", marks[rank].quote) for rank in (0, 8, 9, 0)]


async def test_leaving_at_the_end_leaves_whatever_is_still_looked_up(database: Path) -> None:
    ten_marks(database)
    async with reader(database) as desk:
        await desk.press("r", "enter")
        review = next(one for one in desk.app.screen_stack if isinstance(one, ReviewScreen))
        await desk.press(*"y" * 10)
        await desk.shows(EndScreen)

        async def slowly(*, at_end: bool = False) -> None:
            await asyncio.sleep(0.1)

        review.fetch = slowly
        review.call_later(review.go_on)
        desk.app.post_message(key_event("escape"))
        await eventually(lambda: desk.app.screen is desk.screen, "the reader")
        await asyncio.sleep(0.2)
        await desk.idle()
        assert desk.app.screen is desk.screen
        assert review not in desk.app.screen_stack


async def test_the_end_writes_the_summary(database: Path, tmp_path: Path) -> None:
    ten_marks(database)
    async with reviewing(database, choice=Choice(sample=Sample(2))) as desk:
        await desk.press("y", "x", "4")
        await desk.shows(EndScreen)
        await desk.press("m", "m", "c", "u")
        assert len(desk.decided) == 1
        assert desk.under_review
    written = sorted(one.name for one in tmp_path.glob("review-*"))
    assert [name.partition("-")[2][10:] for name in written] == ["-2.md", ".csv", ".md"]
    text = (tmp_path / written[2]).read_text()
    assert "| all |  | 2 | 1 | 0 | 0 | 1 | 0 |" in text
    assert "| reason | duplicate | 1 |" in text


async def test_nothing_to_review_is_said_and_leaves(database: Path) -> None:
    build(database)
    from annotui.tui.app import ReviewApp

    app = ReviewApp(database, "rev", None)
    async with app.run_test() as pilot:
        await pilot.pause()
    app.scribe.drain()
    assert app.failure is not None
    assert "has no mark to review" in str(app.failure)


@pytest.mark.parametrize("size", [(80, 24), (60, 10), (40, 6), (3, 2)])
async def test_every_key_at_every_size(database: Path, size: tuple[int, int]) -> None:
    ten_marks(database)
    async with reviewing(database, size=size) as desk:
        for action in desk.screen._review_keys.actions:
            if action.action_id in ("quit", "commands"):
                continue
            await desk.screen.perform(action)
            await desk.idle()
            desk.screen.leave_modes()
            if len(desk.app.screen_stack) > 2:
                await desk.press("escape")
    assert problems(database) == ()


async def test_what_another_reviewer_decides_is_said_and_not_asked_again(database: Path) -> None:
    marks = ten_marks(database)
    async with reviewing(database, "rev") as desk:
        workspace = Workspace(database, "eve")
        for one in marks[:3]:
            review.decide(workspace, one, Verdict(Decision.REJECTED, "duplicate"))
        workspace.close()
        await desk.screen.look_for_news()
        await eventually(lambda: "Rejected, duplicate by eve" in desk.card, "the card")
        assert "eve has just decided on it" in desk.said
        await desk.press("y")
        assert desk.under_review == marks[3].quote
        assert [row[1] for row in desk.decided] == ["rejected"] * 3 + ["accepted"]


async def test_the_figures_at_the_end_have_a_line_each(database: Path) -> None:
    ten_marks(database)
    async with reviewing(database, size=(80, 24)) as desk:
        await desk.press(*"x3", *("y" * 9))
        screen = await desk.shows(EndScreen)
        lines = [str(line) for line in page(screen._summary).plain.split("\n")]
        room = screen.query_one(VerticalScroll).scrollable_content_region.width
        assert max(map(len, lines)) <= room
        assert any(
            line.split() == ["not", "in", "guideline", "1", "·", "·", "·", "1", "·"]
            for line in lines
        )
