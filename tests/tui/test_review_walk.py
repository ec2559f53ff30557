"""Random keys in a review: nothing crashes, and what it says is done is what the file has."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from reader_desk import mark, problems, rows
from review_desk import reviewing, ten_marks

from annotui.domain.review_queue import Choice, ReviewOrder
from annotui.tui.screens.review import ReviewScreen

KEYS = (
    *("y", "enter", "x", "1", "2", "5", "?", "escape", "space", "c", "d", "s", "a", ">", "<", "m"),
    *("w", "b", ".", ",", "o", "+", "f", "alt+right", "alt+shift+left", "i", "u", "u", "]", "["),
    *("g", "?", "\\", "j", "ctrl+d", "G", "/", "n"),
)
DONE = """SELECT count(DISTINCT r.annotation_id) FROM review AS r JOIN annotation AS a
    ON a.id = r.annotation_id AND a.version = r.annotation_version WHERE r.removed = 0"""


@pytest.mark.parametrize("seed", range(4))
async def test_random_keys(database: Path, seed: int) -> None:
    ten_marks(database)
    mark(database, "Sentence 3 says that river 3", "attribution", annotator="bob")
    rng = random.Random(seed)
    order, statuses = list(ReviewOrder)[seed], rng.choice([(), ("unreviewed",)])
    choice = Choice(order=order, statuses=statuses, blind=seed == 2)
    size = rng.choice([(120, 40), (80, 24), (60, 12)])
    async with reviewing(database, choice=choice, size=size) as desk:
        for _ in range(80):
            await desk.press(rng.choice(KEYS))
            if not any(isinstance(one, ReviewScreen) for one in desk.app.screen_stack):
                break
            assert rows(database, DONE) == [(len(desk.screen.review.done),)]
    assert rows(database, "SELECT count(*) FROM annotation WHERE version > 1") == [(0,)]
    assert problems(database) == ()
