"""Blind mode: nobody sees others' marks, or how many there are, before her own work is done."""

from __future__ import annotations

from pathlib import Path

from reader_desk import Desk, build, eventually, mark, reader

from annotui.domain.progress import DocumentStatus
from annotui.services import queue
from annotui.services.config import Config
from annotui.services.workspace import Workspace

BLIND = Config(is_blind=True, side_pane=True)
OTHERS = ("bob", "a note of", "3 marks", "2 by others", "by others")


def shown(desk: Desk) -> str:
    """Every word on the screen."""
    return "\n".join(
        "".join(segment.text for segment in strip)
        for strip in desk.app.screen._compositor.render_strips()
    )


def two_at_work(path: Path) -> None:
    build(path)
    mark(path, "Mayor", "denial", annotator="ann")
    mark(path, "40 people", "statistic", annotator="bob", note="a note of bob's")
    mark(path, "Mayor denies", "claim", annotator="bob")


async def test_nothing_of_others_is_shown_until_done(database: Path) -> None:
    two_at_work(database)
    async with reader(database, config=BLIND, size=(120, 30)) as desk:
        assert desk.painted == [("denial", "Mayor")]
        assert "blind · " in desk.screen.headline.text
        assert "1 mark " in desk.screen.headline.text
        await desk.press("O")
        assert "until this article is done" in desk.said
        await desk.press("g", "d")
        assert "until this article is done" in desk.said
        for keys in ("]", "]", "g g", "t", "'", "enter", "/", "@", "b", "escape", "escape"):
            await desk.press(*keys.split())
            assert not [word for word in OTHERS if word in shown(desk)], keys
        await desk.press("D")
        assert len(desk.painted) == 3
        assert "blind" not in desk.screen.headline.text
        assert "2 by others" in desk.screen.headline.text
        await desk.press("O")
        assert desk.painted == [("denial", "Mayor")]


async def test_taking_done_back_hides_them_again(database: Path) -> None:
    two_at_work(database)
    async with reader(database, config=BLIND) as desk:
        await desk.press("D", "u")
        assert desk.painted == [("denial", "Mayor")]
        assert desk.said.startswith(" Undone")
        await desk.press("D", "D")
        assert desk.painted == [("denial", "Mayor")]


async def test_news_of_others_stay_hidden_until_done_elsewhere(database: Path) -> None:
    two_at_work(database)
    async with reader(database, config=BLIND) as desk:
        mark(database, "Prices rose", annotator="cy")
        await desk.screen.look_for_news()
        assert desk.painted == [("denial", "Mayor")]
        other = Workspace(database, "ann")
        here = desk.screen.session.document.document_id  # type: ignore[union-attr]
        queue.set_status(other, here, DocumentStatus.DONE)
        other.close()
        await eventually(lambda: len(desk.painted) == 4, "the marks of others")
        assert "blind" not in desk.screen.headline.text


async def test_without_blind_mode_all_is_shown(database: Path) -> None:
    two_at_work(database)
    async with reader(database) as desk:
        assert len(desk.painted) == 3
