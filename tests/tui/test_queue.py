"""Done, set aside, next, and “read, nothing here”, by their keys."""

from __future__ import annotations

from pathlib import Path

from reader_desk import ARTICLE, OTHER_ARTICLE, build, eventually, mark, problems, reader, rows

from annotui.domain.progress import QueueOrder
from annotui.services.config import Config

STATUSES = "SELECT status, annotator, removed FROM document_status ORDER BY id"
READ = "SELECT start, end, removed FROM reading ORDER BY id"


async def test_done_and_aside_are_stored_and_taken_back(database: Path) -> None:
    build(database, (ARTICLE, OTHER_ARTICLE))
    async with reader(database) as desk:
        await desk.press("D")
        assert "Done." in desk.said
        await desk.press("D", "W", "u")
    found = rows(database, STATUSES)
    assert found == [("done", "ann", 0), ("new", "ann", 0), ("aside", "ann", 1)]
    assert problems(database) == ()


async def test_the_status_line_counts_the_day(database: Path) -> None:
    build(database, (ARTICLE, OTHER_ARTICLE))
    async with reader(database) as desk:
        await desk.press("j")
        await eventually(lambda: "today 0 marks, 0 done · 2 of 2 left" in desk.said)
        await desk.go_to("Mayor")
        await desk.press("c", "G")
        await eventually(lambda: "today 1 mark, 0 done · 2 of 2 left" in desk.said)
        assert "in work · 1 mark" in desk.screen.headline.text
        await desk.press("D", "k")
        await eventually(lambda: "today 1 mark, 1 done · 1 of 2 left" in desk.said)
        assert "1 of 2 · done · 1 mark" in desk.screen.headline.text
        await desk.press("u", "k")
        await eventually(lambda: "today 1 mark, 0 done · 2 of 2 left" in desk.said)
        assert "1 of 2 · in work · 1 mark" in desk.screen.headline.text
        await desk.press("D")
        assert desk.said.rstrip().endswith("D takes it back.")


async def test_the_order_of_u_is_that_of_the_config(database: Path) -> None:
    texts = (ARTICLE, "Short\n", OTHER_ARTICLE)
    ids = build(database, texts)
    config = Config(queue_order=QueueOrder.SHORTEST)
    async with reader(database, document_ids=ids[:1], config=config) as desk:
        await desk.press("U")
        assert desk.text == "Short\n"
        await desk.press("U")
        assert desk.text == OTHER_ARTICLE


async def test_u_opens_the_next_that_is_left(database: Path) -> None:
    ids = build(database, (ARTICLE, OTHER_ARTICLE))
    async with reader(database, document_ids=ids[:1]) as desk:
        await desk.press("D", "U")
        assert desk.text == OTHER_ARTICLE
        await desk.press("U")
        assert desk.text == OTHER_ARTICLE
        assert "No other article" in desk.said


async def test_e_says_read_and_takes_it_back(database: Path) -> None:
    build(database)
    async with reader(database) as desk:
        await desk.go_to("The mayor said")
        await desk.press("E")
        ((start, end, removed),) = rows(database, READ)
        assert ARTICLE[start:end].startswith("The mayor said")
        assert not removed
        assert desk.view._reading.spans
        await desk.press("u")
        assert not desk.view._reading.spans
        await desk.press("E", "E")
    assert [row[2] for row in rows(database, READ)] == [1, 1]
    assert problems(database) == ()


async def test_g_u_passes_marks_and_read_sentences(database: Path) -> None:
    build(database)
    mark(database, "40 people", "statistic")
    async with reader(database) as desk:
        await desk.go_to("Mayor denies")
        await desk.press("E", "g", "u")
        assert desk.view.caret == ARTICLE.index("“That is")
        assert rows(database, "SELECT count(*) FROM reading") == [(1,)]


async def test_reading_alone_writes_nothing(database: Path) -> None:
    build(database, (ARTICLE, OTHER_ARTICLE))
    before = database.read_bytes()
    async with reader(database) as desk:
        await desk.press("j", ")", "g", "u", "g", "o", "U", "K")
    assert database.read_bytes() == before


async def test_o_shows_own_then_each_other_then_all(database: Path) -> None:
    build(database)
    for quote, who in (("Mayor", "ann"), ("40 people", "bob"), ("Prices", "cy")):
        mark(database, quote, annotator=who)
    async with reader(database) as desk:
        shown = []
        for _ in range(4):
            await desk.press("O")
            shown.append([quote for _, quote in desk.painted])
        assert shown == [["Mayor"], ["40 people"], ["Prices"], ["Mayor", "40 people", "Prices"]]
        await desk.press("O", "O")
        await desk.go_to("That is not")
        await desk.press("d")
        assert len(desk.painted) == 4
