"""How far annotators agree: every figure of overall, labels, pairs and articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from annotui.domain import agreement as rules
from annotui.domain.agreement import Score
from annotui.domain.agreement_marks import Measure
from annotui.errors import AnnotuiError
from annotui.services import agreement
from annotui.services.agreement import Asked, Report, Row
from annotui.tui import legend
from annotui.tui.screens.agreement_marks import MarksBehindScreen
from annotui.tui.screens.grid_screen import GridScreen
from annotui.tui.screens.library_frame import Going
from annotui.tui.scribe import Scribe
from annotui.tui.widgets.bar import Part
from annotui.tui.widgets.grid import GridColumn

UNDEFINED = "undefined"
FIRST_FIGURE = 3
"""The column of the first figure."""

COLUMNS = (
    GridColumn("of", 9),
    GridColumn(""),
    GridColumn("marks", 11, is_number=True),
    *(
        GridColumn(head, 9, is_number=True, is_choice=True)
        for head in ("exact", "no label", "overlap", "no label", "chars", "kappa", "alpha")
    ),
)

NAMES = {
    Measure.EXACT: "Exact F1, same label",
    Measure.EXACT_UNLABELLED: "Exact F1, label ignored",
    Measure.OVERLAP: "Overlap F1, same label",
    Measure.OVERLAP_UNLABELLED: "Overlap F1, label ignored",
    Measure.CHARACTERS: "Character F1",
    Measure.KAPPA: "Cohen's kappa",
    Measure.ALPHA: "Krippendorff's alpha",
}

HELP = """\
enter          the marks behind the figure at the cursor
h j k l ← ↓ ↑ →  from figure to figure;  space, PgUp, g, G as everywhere
} {            next and previous part: labels, pairs, articles
s              sort the articles by the figure's column, lowest first; again: as in the file
w              white space at the edges of marks counts or not
p              who takes part: in articles they marked or called done; or in all that one of them
               did, so that nothing marked counts as a judgement
a              whose agreement: all, or two of them
esc q          back to the article

exact          F1 of marks with the same runs (and label)
overlap        F1 of marks that share a character with one of the other's
no label       the same whatever the labels
chars          F1 of characters, each label on each counted once
kappa          Cohen's kappa of characters; for two annotators
alpha          Krippendorff's alpha of characters, nominal

With more than two annotators F1 is the mean of all pairs. `annotui agreement` prints the same.
"""


@dataclass(slots=True)
class AgreementState:
    """What the screen showed last: what was asked, where the cursor was, which list was open."""

    asked: Asked = field(default_factory=Asked)
    here: tuple[str, str] = ("overall", "")
    column: int = FIRST_FIGURE
    is_sorted: bool = False
    mark: tuple[str, str] | None = None
    shows_agreed: bool = False


class AgreementScreen(GridScreen):
    """Goes from figure to figure, and from each to the marks behind it."""

    HINTS: legend.Hints = (
        *(("enter", "the marks behind it"), ("esc", "back"), ("s", "sort articles")),
        *(("?", "keys"), ("w", "white space"), ("p", "who takes part"), ("a", "whose")),
        ("} {", "parts"),
    )
    HELP = HELP

    def __init__(self, scribe: Scribe, state: AgreementState) -> None:
        super().__init__(scribe)
        self.state = state
        self.report: Report | None = None
        self.failure = ""
        self._rows: list[Row] = []

    def on_mount(self) -> None:
        """Compare; where a list of marks was left for one of them, open that again."""
        self.grid.show(COLUMNS, 0, lambda _: ())
        self.look(then_marks=self.state.mark is not None)

    def look(self, *, then_marks: bool = False) -> None:
        """Compare anew."""
        self.run_worker(self._look(then_marks), group="look", exclusive=True)

    async def _look(self, then_marks: bool) -> None:
        asked = self.state.asked
        self.say("Comparing…")
        try:
            found = await self.scribe.run(
                lambda workspace: agreement.report(workspace, agreement.seen(workspace, asked))
            )
        except AnnotuiError as error:
            if self.report is None:
                self.failure = str(error)
                self.dismiss(None)
            else:
                self.say(str(error), "error")
            return
        self.report, self.message = found, ()
        self._show_rows()
        if then_marks:
            self.open_here()

    def _show_rows(self) -> None:
        """Show the rows in the order that is wanted, with the cursor where it was."""
        rows = list(self.report.rows) if self.report is not None else []
        if self.state.is_sorted:
            measure = list(Measure)[self.state.column - FIRST_FIGURE]
            first = next((at for at, row in enumerate(rows) if row.scope == "document"), len(rows))
            rows[first:] = sorted(rows[first:], key=lambda row: _order(row.measures[measure]))
        self._rows = rows
        keys = [_key(row) for row in rows]
        self.grid.show(COLUMNS, len(rows), self._cells)
        rank = keys.index(self.state.here) if self.state.here in keys else 0
        self.grid.go_to(rank, self.state.column)
        self.show_bars()

    def _cells(self, rank: int) -> Sequence[Part]:
        row = self._rows[rank]
        scope = "article" if row.scope == "document" else row.scope
        name = row.name or "all that was compared"
        marks = " / ".join(f"{count:,}" for count in row.marks)
        cells: list[Part] = [(scope, "dim"), (name, "strong" if not row.name else "")]
        cells.append((marks, "dim"))
        for figure in row.measures.values():
            cells.append((UNDEFINED, "dim") if figure is None else (f"{figure:.3f}", ""))
        return cells

    # --- keys --------------------------------------------------------------------------------

    def press(self, key: str) -> bool:
        """Sort, count otherwise, or choose whose agreement."""
        asked = self.state.asked
        if key == "s":
            self._keep_place()
            self.state.is_sorted = not self.state.is_sorted
            self._show_rows()
        elif key == "w":
            self._ask(replace(asked, ignores_edges=not asked.ignores_edges))
        elif key == "p":
            self._ask(replace(asked, with_silent=not asked.with_silent))
        elif key == "a":
            self.run_worker(self._choose_annotators(), group="look", exclusive=True)
        elif key in ("}", "{"):
            self._go_part(1 if key == "}" else -1)
        else:
            return False
        return True

    def _ask(self, asked: Asked) -> None:
        self._keep_place()
        self.state.asked = asked
        self.look()

    def _keep_place(self) -> None:
        if self._rows:
            self.state.here = _key(self._rows[self.grid.rank])
        self.state.column = self.grid.column

    def _go_part(self, step: int) -> None:
        """Go to the first row of the next part, or of the part before."""
        starts = [
            at
            for at, row in enumerate(self._rows)
            if not at or self._rows[at - 1].scope != row.scope
        ]
        here = self.grid.rank
        wanted = [at for at in starts if (at > here if step > 0 else at < here)]
        if wanted:
            self.grid.go_to(wanted[0 if step > 0 else -1])

    async def _choose_annotators(self) -> None:
        from annotui.tui.screens.dialogs import ChoiceScreen

        names = await self.scribe.run(agreement.comparable)
        pairs = list(rules.pairs(names))
        lines = [("Everybody", ", ".join(names)), *((" and ".join(two), "") for two in pairs)]

        def chosen(rank: int | None) -> None:
            if rank is not None:
                two = pairs[rank - 1] if rank else ()
                self._ask(replace(self.state.asked, annotators=two))

        self.app.push_screen(ChoiceScreen("Whose agreement", lines, filters=True), chosen)

    def open_here(self) -> None:
        """List the marks behind the figure at the cursor."""
        if not self._rows:
            return
        self._keep_place()
        row, measure = self._rows[self.grid.rank], self._measure
        figure = row.measures[measure]
        words = f"{row.name or 'all'}: {UNDEFINED if figure is None else f'{figure:.3f}'}"
        screen = MarksBehindScreen(
            self.scribe,
            row.asked,
            measure,
            f"{NAMES[measure]} of {words}",
            at=self.state.mark,
            shows_agreed=self.state.shows_agreed,
        )

        def left(going: Going | None) -> None:
            self.state.shows_agreed, self.state.mark = screen.shows_agreed, screen.chosen
            if going is not None:
                self.dismiss(going)

        self.app.push_screen(screen, left)

    # --- bars --------------------------------------------------------------------------------

    @property
    def _measure(self) -> Measure:
        return list(Measure)[self.grid.column - FIRST_FIGURE]

    def headline_parts(self) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
        """Whose agreement, and what was compared."""
        if self.report is None:
            return ((" Agreement ", "strong"),), ()
        found, asked = self.report, self.state.asked
        edges = "ignored" if found.ignores_edges else "counted"
        silent = ", silence counts" if asked.with_silent else ""
        left: tuple[Part, ...] = (
            (" Agreement ", "strong"),
            (", ".join(found.annotators), ""),
            (f" · white space at edges {edges}{silent}", "dim"),
        )
        articles = f"{found.documents:,} article{'' if found.documents == 1 else 's'}"
        out = f", {found.left_out:,} left out" if found.left_out else ""
        return left, ((f"{articles}{out} ", "dim"),)

    def status_parts(self) -> tuple[Part, ...]:
        """The figure at the cursor in full, or why it is undefined."""
        if not self._rows:
            return ()
        row, measure = self._rows[self.grid.rank], self._measure
        figure = row.measures[measure]
        if figure is None:
            return ((f" {NAMES[measure]} is undefined: {_why(row, measure)}.", ""),)
        words = f" {NAMES[measure]}: {figure:.6f}"
        score = _score(row, measure)
        if score is not None and len(row.annotators) == 2:
            first, _ = row.annotators
            parts = [
                f"{name} {UNDEFINED if share is None else f'{share:.3f}'}"
                for name, share in (("precision", score.precision), ("recall", score.recall))
            ]
            return ((words, ""), (f" · {', '.join(parts)} ({first} is the reference)", "dim"))
        if score is not None:
            words += ", the mean of all pairs"
        return ((words, ""),)


def _key(row: Row) -> tuple[str, str]:
    """What says that a row is the same one after it was compared anew."""
    return row.scope, row.asked.document_ids[0] if row.scope == "document" else row.name


def _order(figure: float | None) -> tuple[bool, float]:
    return figure is None, figure or 0.0


def _score(row: Row, measure: Measure) -> Score | None:
    scores = {
        Measure.EXACT: row.pair.exact,
        Measure.EXACT_UNLABELLED: row.pair.exact_unlabelled,
        Measure.OVERLAP: row.pair.overlap,
        Measure.OVERLAP_UNLABELLED: row.pair.overlap_unlabelled,
        Measure.CHARACTERS: row.pair.characters,
    }
    return scores.get(measure)


def _why(row: Row, measure: Measure) -> str:
    if measure is Measure.KAPPA and len(row.annotators) > 2:
        return "it is for two annotators; a chooses two"
    if not any(row.marks):
        return "nobody marked anything here"
    if measure in (Measure.KAPPA, Measure.ALPHA):
        return "all use one value only, or no two of them take part"
    return "no two of them take part here"
