"""Says what to do next in the tutorial."""

from __future__ import annotations

from rich.style import Style
from rich.text import Text
from textual.widgets import Static

PLAIN, STRONG, DIM = Style(), Style(bold=True), Style(dim=True)


class Coach(Static):
    """A few rows above the status line: which step this is, what was learnt, what to do."""

    DEFAULT_CSS = """
    Coach {
        height: auto;
        max-height: 7;
        padding: 0 1;
        background: $surface;
        color: $foreground;
        border-top: solid $accent;
        border-title-color: $accent;
        border-title-style: bold;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self.said = ""

    def show(self, rank: int, count: int, learnt: str, task: str) -> None:
        """Show step ``rank`` (from 0) of ``count``."""
        skips = " · ctrl+n skips this step" if rank + 1 < count else ""
        self.border_title = f"Tutorial {rank + 1} of {count}{skips}"
        words = Text()
        if learnt:
            words.append(f"✓ {learnt}\n", DIM)
        words.append(task, STRONG if not learnt else PLAIN)
        self.said = words.plain
        self.update(words)
