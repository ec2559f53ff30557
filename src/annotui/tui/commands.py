"""What the palette offers: the reader's actions, and the themes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from annotui.domain.visible import visible
from annotui.tui.screens.pressing import Pressing


class ReaderCommands(Provider):
    """Finds actions by their words; names of labels are data, so nothing here is markup."""

    async def discover(self) -> Hits:
        """All commands, while nothing is typed."""
        for words, run in self._commands():
            yield DiscoveryHit(Content(words), run, text=words)

    async def search(self, query: str) -> Hits:
        """The commands that fit what is typed."""
        matcher = self.matcher(query)
        for words, run in self._commands():
            score = matcher.match(words)
            if score > 0:
                yield Hit(score, Content(words), run, text=words)

    def _commands(self) -> Iterator[tuple[str, Callable[[], object]]]:
        reader = self.screen
        if isinstance(reader, Pressing):
            for action in reader.keys.actions:
                if action.in_palette:
                    keys = f"  ({action.shown_keys})" if action.keys else ""
                    words = f"{action.help}{keys}"
                    run = partial(reader.perform_later, action)
                    yield visible(words), run
        yield "Change the theme: dark, light and others", self.app.action_change_theme
