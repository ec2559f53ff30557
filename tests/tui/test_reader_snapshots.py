"""Whole screens as pictures. After a wanted change: ``pytest --snapshot-update``, and look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from reader_desk import build, eventually, mark
from textual.pilot import Pilot

from annotui.services.library import seed_article
from annotui.tui.app import ReaderApp
from annotui.tui.screens.reader import ReaderScreen
from annotui.tui.themes import LIGHT

CLAIM = (
    "European leaders and media outlets are using the reports to distract people away from "
    "their own social and political issues"
)
DENIED = "allegations that gay men are being detained and tortured in the region"
MARKS = (
    ("The Chechen president claimed", "attribution", "example", "Source and verb of saying."),
    (CLAIM, "claim", "example", ""),
    ("he said", "attribution", "example", ""),
    ("The Kremlin and Chechen government", "attribution", "example", ""),
    (DENIED, "denial", "example", ""),
    (DENIED.removeprefix("allegations that "), "claim", "example", ""),
    ("three deaths of gay and bisexual men", "statistic", "bob", ""),
    ("40 people", "statistic", "example", ""),
)

Compare = Callable[..., bool]


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReaderApp]:
    """The reader on the seed article with a few marks, at a time that stands still."""
    monkeypatch.setattr("annotui.storage.history.utc_now", lambda: "2026-01-31T09:05:07.123Z")
    path = tmp_path / "annotations.db"
    build(path, [seed_article().read_text("utf-8")], "example")
    for quote, label, annotator, note in MARKS:
        mark(path, quote, label, annotator, note)
    reader_app = ReaderApp(path, "example")
    yield reader_app
    reader_app.scribe.drain()


def keys(*wanted: str, theme: str = "") -> Callable[[Pilot[None]], object]:
    """Wait for the article, press keys, and wait for the end of it."""

    async def press(pilot: Pilot[None]) -> None:
        def reader() -> ReaderScreen | None:
            return next((x for x in pilot.app.screen_stack if isinstance(x, ReaderScreen)), None)

        await eventually(lambda: (shown := reader()) and shown.session, "the article")
        if theme:
            pilot.app.theme = theme
        for key in wanted:
            await pilot.press(key)
        await eventually(lambda: (shown := reader()) and not shown._is_writing, "the change")
        await pilot.pause()

    return press


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("theme", ["", LIGHT.name], ids=["dark", "light"])
def test_reading(app: ReaderApp, snap_compare: Compare, size: tuple[int, int], theme: str) -> None:
    before = keys("]", "]", theme=theme)
    assert snap_compare(app, run_before=before, terminal_size=size)


def test_selecting(app: ReaderApp, snap_compare: Compare) -> None:
    assert snap_compare(app, run_before=keys("}", "v", ")", "+"), terminal_size=(80, 24))


@pytest.fixture
def no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")


def test_without_colour(no_colour: None, app: ReaderApp, snap_compare: Compare) -> None:
    assert snap_compare(app, run_before=keys("]", "]"), terminal_size=(80, 24))


@pytest.mark.parametrize(
    ("name", "pressed"),
    [
        ("help", ("?",)), ("guideline", ("g", "?")), ("picker", ("]", "L", "j")),
        ("note", ("]", "i")), ("list", ("enter", "j", "j")),
    ],
)  # fmt: skip
def test_dialogs(
    app: ReaderApp, snap_compare: Compare, name: str, pressed: tuple[str, ...]
) -> None:
    assert snap_compare(app, run_before=keys(*pressed), terminal_size=(80, 24)), name
