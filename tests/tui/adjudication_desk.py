"""An adjudication that is driven by keys, and marks for it to be about."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from reader_desk import Desk, eventually, rows

from annotui.services.config import Config
from annotui.services.curation import Wanted
from annotui.services.workspace import Workspace
from annotui.tui.adjudication_app import AdjudicationApp
from annotui.tui.screens.adjudication import AdjudicationScreen
from annotui.tui.screens.adjudication_opening import begin

GOLD = "SELECT label, quote FROM annotations WHERE annotator = 'gold' ORDER BY document_id, start"


class AdjudicationDesk(Desk):
    """An adjudication under test."""

    @property
    def screen(self) -> Any:
        return next(one for one in self.app.screen_stack if isinstance(one, AdjudicationScreen))

    @property
    def versions(self) -> str:
        """What the lines below the article say."""
        text: str = self.screen.versions.text
        return text

    @property
    def headline(self) -> str:
        text: str = self.screen.headline.text
        return text

    @property
    def gold(self) -> list[tuple[str, str]]:
        """Label and quote of every mark of the agreed set."""
        return rows(self.path, GOLD)


@asynccontextmanager
async def adjudicating(
    path: Path, *, size: tuple[int, int] = (120, 40), wanted: Wanted | None = None
) -> AsyncIterator[AdjudicationDesk]:
    """Run an adjudication on a file; wait until its first conflict is there."""
    wanted = wanted or Wanted()
    workspace = Workspace(path, "judge")
    begun = begin(workspace, wanted)
    workspace.close()
    app = AdjudicationApp(path, "judge", begun, Config())
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            desk = AdjudicationDesk(app, pilot)
            await eventually(
                lambda: len(app.screen_stack) > 1 and desk.screen.session is not None, "a conflict"
            )
            await desk.idle()
            yield desk
    finally:
        app.scribe.drain()
