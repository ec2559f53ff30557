"""The application of an adjudication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from annotui.services.config import Config
from annotui.tui.app import ReaderApp, run
from annotui.tui.screens.adjudication import AdjudicationScreen
from annotui.tui.screens.adjudication_opening import Adjudicating, read_for_conflict
from annotui.tui.screens.frame import ReaderFrame


class AdjudicationApp(ReaderApp):
    """Decides on the conflicts of an adjudication that has some."""

    def __init__(
        self, path: Path, annotator: str, begun: Adjudicating, config: Config | None = None
    ) -> None:
        self._begun = begun
        super().__init__(path, annotator, (), replace(config or Config(), is_blind=False))

    def _begin(self, document_ids: Sequence[str]) -> None:
        document_id = self._begun.state.conflicts[0].document_id
        self._first = self.scribe.begin(lambda workspace: read_for_conflict(workspace, document_id))

    def first_screen(self) -> ReaderFrame:
        """The first conflict."""
        return AdjudicationScreen(self.scribe, self._begun, self._first)


def adjudicate(
    path: Path, annotator: str, begun: Adjudicating, config: Config | None = None
) -> int:
    """Run an adjudication until it is left; the answer is the exit code.

    Raises:
        AnnotuiError: as :func:`read`.
    """
    return run(AdjudicationApp(path, annotator, begun, config))
