"""The marks behind one figure of agreement."""

from __future__ import annotations

from collections.abc import Sequence

from annotui.domain.agreement_marks import Measure
from annotui.domain.matching import Difference
from annotui.errors import AnnotuiError
from annotui.services import agreement
from annotui.services.agreement import Asked, Behind
from annotui.tui import legend
from annotui.tui.screens.grid_screen import GridScreen
from annotui.tui.screens.library_frame import Going
from annotui.tui.scribe import Scribe
from annotui.tui.widgets.bar import Part
from annotui.tui.widgets.grid import GridColumn

COLUMNS = (
    GridColumn("article", 0),
    GridColumn("line", 5, is_number=True),
    GridColumn("annotator", 10),
    GridColumn("label", 11),
    GridColumn("words", 0),
    GridColumn("the other", 22),
)

HELP = """\
enter          go to the mark in its article; the same key as before comes back here
j k ↓ ↑        next and previous;  space, PgUp, g, G as everywhere
a              only what the other annotator does not agree on, or all marks
esc q          back to the figures

boundary       the likest mark of the other annotator has other edges
label          it has another label
missing        the other annotator has none that shares a character with it

`annotui agreement --marks` and `--differences` print the same.
"""


class MarksBehindScreen(GridScreen):
    """Lists marks, at first those that are not agreed on; ``chosen`` is the one to go to."""

    HINTS: legend.Hints = (
        *(("enter", "goes there"), ("a", "all marks or differences"), ("esc", "back")),
        ("?", "keys"),
    )
    HELP = HELP

    def __init__(
        self,
        scribe: Scribe,
        asked: Asked,
        measure: Measure,
        heading: str,
        *,
        at: tuple[str, str] | None = None,
        shows_agreed: bool = False,
    ) -> None:
        super().__init__(scribe)
        self.chosen: tuple[str, str] | None = None
        self.shows_agreed = shows_agreed
        self._asked, self._measure, self._heading, self._at = asked, measure, heading, at
        self._all: list[Behind] = []
        self._shown: list[Behind] = []
        self._is_there = False

    def on_mount(self) -> None:
        """Look the marks up."""
        self.grid.show(COLUMNS, 0, lambda _: ())
        self.run_worker(self._look(), group="look", exclusive=True)

    async def _look(self) -> None:
        asked, measure = self._asked, self._measure
        self.say("Looking the marks up…")
        try:
            self._all = await self.scribe.run(
                lambda workspace: agreement.marks_behind(
                    workspace, agreement.seen(workspace, asked), measure
                )
            )
        except AnnotuiError as error:
            self.say(str(error), "error")
            return
        self._is_there, self.message = True, ()
        self._show_marks(self._at)

    def _show_marks(self, at: tuple[str, str] | None) -> None:
        """Show all, or what is not agreed on, with the cursor on the mark ``at``."""
        self._shown = [one for one in self._all if self.shows_agreed or not one.agreed]
        self.grid.show(COLUMNS, len(self._shown), self._cells)
        keys = [_key(one) for one in self._shown]
        self.grid.go_to(keys.index(at) if at in keys else 0)
        self.show_bars()

    def _cells(self, rank: int) -> Sequence[Part]:
        one = self._shown[rank]
        mark = one.annotation
        return [
            (one.document, "dim"),
            (f"{mark.line}", "dim"),
            (mark.annotator, ""),
            (mark.label, ""),
            (mark.quote, ""),
            (f"{one.against}: agreed", "dim")
            if one.agreed
            else (f"{one.against}: {', '.join(one.differences)}", "alert"),
        ]

    def press(self, key: str) -> bool:
        """Show all marks, or only differences."""
        if key != "a":
            return False
        at = _key(self._shown[self.grid.rank]) if self._shown else None
        self.shows_agreed = not self.shows_agreed
        self._show_marks(at)
        return True

    def open_here(self) -> None:
        """Go to the mark."""
        if self._shown:
            one = self._shown[self.grid.rank]
            mark, self.chosen = one.annotation, _key(one)
            self.dismiss(Going(mark.document_id, annotation_id=mark.annotation_id))

    def headline_parts(self) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
        """Which figure, and how many marks are agreed on."""
        left: tuple[Part, ...] = ((f" {self._heading} ", "strong"),)
        if not self._is_there:
            return left, ()
        agreed = sum(one.agreed for one in self._all)
        return left, ((f"{agreed:,} of {len(self._all):,} agreed on ", "dim"),)

    def status_parts(self) -> tuple[Part, ...]:
        """What the other annotator has instead."""
        if not self._is_there:
            return ()
        if not self._shown:
            words = "All of them are agreed on; a shows them." if self._all else "No marks here."
            return ((f" {words}", ""),)
        one = self._shown[self.grid.rank]
        if one.agreed:
            return ((f" {one.against} agrees.", ""),)
        if one.nearest is None or Difference.MISSING in one.differences:
            return ((f" {one.against} has nothing that stands for it.", ""),)
        other = one.nearest
        return ((f" {one.against}: {other.label} ", ""), (f"“{other.quote}”", "dim"))


def _key(one: Behind) -> tuple[str, str]:
    return one.annotation.annotation_id, one.against
