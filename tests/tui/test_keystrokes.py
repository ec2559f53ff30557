"""What the keystroke benchmark counts is what the reader does."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from reader_desk import Desk, build, reader, rows

from annotui.domain.span import Span
from annotui.tui.key_table import arrival
from keystrokes_graph import MEASURE, PAGE_ROWS
from keystrokes_ours import Annotui
from keystrokes_texts import Article, read_article

MARKED = """Harbour bridge will close

[a The city’s chief engineer] said on Monday that [c the Harbour Bridge must close until April
because its main cables have rusted through], a step that will send [s 38,000 vehicles a day]
onto other streets.

[c1 “We have looked at every option,”] [a Maria Stokes] told a packed meeting at Trinity Hall,
[c1 “and none of them is safe.”] She added that [c the repairs would cost at least $90 million],
nearly [s three times what the council set aside in 2021].

[a Mayor Alan Whitby] denied [d that his office had sat on the report]. [d “The idea that I
gambled with people’s lives is grotesque,”] he said. [c “Nobody knew. Nobody asked.”]
"""
ARTICLE = read_article(MARKED)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "annotations.db"


async def played(desk: Desk, typed: list[str]) -> None:
    await desk.press(*(arrival(part) for key in typed for part in key.split(" ")))


def quotes(article: Article, runs: tuple[Span, ...]) -> str:
    return " … ".join(run.slice(article.text) for run in runs)


async def test_the_keys_that_were_found_make_the_marks_one_after_the_other(path: Path) -> None:
    build(path, [ARTICLE.text])
    ours, ends, start = Annotui(ARTICLE.text), list[int](), 0
    async with reader(path, size=(120, 40)) as desk:
        assert desk.view._rows.width == MEASURE
        for target in ARTICLE.targets:
            await played(desk, ours.typed(start, sorted(ends), target.runs, target.key))
            start = target.runs[-1].end
            ends.append(start)
    stored = {quote for (quote,) in rows(path, "SELECT quote FROM annotations")}
    assert stored == {quotes(ARTICLE, target.runs) for target in ARTICLE.targets}


async def test_the_keys_that_were_found_from_the_top_make_the_mark(path: Path) -> None:
    build(path, [ARTICLE.text])
    ours = Annotui(ARTICLE.text)
    async with reader(path, size=(120, 40)) as desk:
        assert desk.view.size.height == PAGE_ROWS
        for target in ARTICLE.targets:
            await played(desk, ours.typed(0, [], target.runs, target.key))
            assert [quote for _, quote in desk.stored] == [quotes(ARTICLE, target.runs)]
            await desk.press("u", "escape", "g", "g")
