"""The end of a review session: what came out of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from annotui.domain.review_summary import FIGURES, ReviewSummary
from annotui.domain.visible import visible
from annotui.errors import AnnotuiError
from annotui.formats import review_summary
from annotui.services import interchange
from annotui.tui.screens.dialogs import SCROLLS, Dialog

HINT = "m Markdown · c CSV · u takes back · [ looks back · q leaves"
NAME_CELLS = 19
"""Cells of a row's name at most, so that the figures fit beside it."""

WRITERS: dict[str, tuple[str, Callable[[ReviewSummary], str]]] = {
    "m": (".md", review_summary.as_markdown),
    "c": (".csv", review_summary.as_csv),
}
"""Keys that write the summary to a file of the working directory, its suffix and text."""


class EndScreen(Dialog[str | None]):
    """The summary; the answer is ``undo``, ``back``, or none for leaving."""

    def __init__(self, summary: ReviewSummary, database: Path) -> None:
        super().__init__()
        self._summary, self._database = summary, database

    def compose(self) -> ComposeResult:
        """The box."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content("Nothing is left to review")
            box.border_subtitle = Content(HINT)
            with VerticalScroll(can_focus=False):
                yield Static(page(self._summary), markup=False)

    def press(self, key: str) -> None:
        """Write it, go back, or leave."""
        if key in ("escape", "q", "enter"):
            self.dismiss(None)
        elif key in ("u", "["):
            self.dismiss("undo" if key == "u" else "back")
        elif key in WRITERS:
            self._write(*WRITERS[key])
        elif key in SCROLLS:
            box = self.query_one(VerticalScroll)
            box.scroll_to(y=box.scroll_offset.y + SCROLLS[key], animate=False, immediate=True)

    def _write(self, suffix: str, text_of: Callable[[ReviewSummary], str]) -> None:
        target = _free(f"review-{self._summary.started_at[:10]}", suffix)
        try:
            interchange.write_file(target, text_of(self._summary), self._database)
        except AnnotuiError as error:
            self.notify(visible(str(error)), severity="error", markup=False)
        else:
            self.notify(f"Wrote {visible(str(target))}.", markup=False)


def _free(stem: str, suffix: str) -> Path:
    """A name of the working directory that no file has."""
    target, number = Path(f"{stem}{suffix}"), 1
    while target.exists():
        number += 1
        target = Path(f"{stem}-{number}{suffix}")
    return target


def page(summary: ReviewSummary) -> Text:
    """The figures in columns."""
    widths = [max(len(name), 5) for name in FIGURES]
    names = [_short(row.name) or row.by for row in summary.rows]
    first = max(map(cell_len, names))
    text = Text()
    day = summary.started_at[:16].replace("T", " ")
    text.append(f"{visible(summary.reviewer)}, since {day} UTC\n\n", style="dim")
    heads = " ".join(f"{name:>{width}}" for name, width in zip(FIGURES, widths, strict=True))
    text.append(f"{'':<{first}} {heads}\n", style="bold")
    by = ""
    for row, name in zip(summary.rows, names, strict=True):
        if row.by != by:
            by = row.by
            text.append("" if by == "all" else f"\nby {by}\n", style="dim")
        cells = " ".join(
            f"{figure or '·':>{width}}" for figure, width in zip(row.figures, widths, strict=True)
        )
        room = " " * (first - cell_len(name))
        text.append(f"{name}{room} {cells}\n", style="bold" if by == "all" else "")
    if summary.left:
        text.append(f"\n{summary.left:,} left.\n")
    text.rstrip()
    return text


def _short(name: str) -> str:
    """A name that leaves room for the figures."""
    shown = visible(name, newline=" ")
    too_long = cell_len(shown) > NAME_CELLS
    return set_cell_size(shown, NAME_CELLS - 1).rstrip() + "…" if too_long else shown
