"""Moving the edges of a mark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from annotui.domain.annotation import Annotation
from annotui.domain.edges import stripped
from annotui.domain.segment import Unit, previous_grapheme
from annotui.domain.span import Span, normalise
from annotui.services.session import Outcome, summary_of
from annotui.tui.modes.edge import EdgeMode
from annotui.tui.screens.selection_actions import SelectionActions
from annotui.tui.selecting import Selecting


class HeldEdge(NamedTuple):
    """An edge that the mouse holds: the mark, its run, and the offset of the other edge."""

    mark: Annotation
    rank: int
    fixed: int


class EdgeActions(SelectionActions):
    """Moves the end of a mark by a clause, either edge by a word, or an edge by any motion."""

    async def action_end_later(self) -> None:
        """Move the end of the focused mark on by a clause."""
        mark = self.own_mark("move")
        if mark is None:
            return
        last = mark.runs[-1]
        end = trimmed = last.end
        while trimmed <= last.end and end < len(self.text):
            end = self.segmenter.next_end(Unit.CLAUSE, end)
            shown = self.segmenter.trim(Span(last.start, end))
            trimmed = shown.end if shown is not None else trimmed
        if trimmed <= last.end:
            self.say("The mark reaches to the end of the article already.")
        else:
            await self.move_runs(mark, (*mark.runs[:-1], Span(last.start, trimmed)))

    async def action_end_earlier(self) -> None:
        """Move the end of the focused mark back by a clause."""
        mark = self.own_mark("move")
        if mark is None:
            return
        last = mark.runs[-1]
        end = trimmed = last.end
        while trimmed >= last.end and end > last.start:
            end = self.segmenter.previous_end(Unit.CLAUSE, end)
            shown = self.segmenter.trim(Span(last.start, end)) if end > last.start else None
            trimmed = shown.end if shown is not None else trimmed
        if trimmed >= last.end:
            self.say("The mark ends in the clause where it starts; m moves an edge by less.")
        else:
            await self.move_runs(mark, (*mark.runs[:-1], Span(last.start, trimmed)))

    async def action_end_word_later(self) -> None:
        """Move the end of the focused mark on by a word."""
        await self._move_end(self.segmenter.next_end)

    async def action_end_word_earlier(self) -> None:
        """Move the end of the focused mark back by a word."""
        await self._move_end(self.segmenter.previous_end)

    async def action_start_word_later(self) -> None:
        """Move the start of the focused mark on by a word."""
        await self._move_start(self.segmenter.next_start)

    async def action_start_word_earlier(self) -> None:
        """Move the start of the focused mark back by a word."""
        await self._move_start(self.segmenter.previous_start)

    async def _move_end(self, step: Callable[[Unit, int], int]) -> None:
        mark = self.own_mark("move")
        if mark is not None:
            last = mark.runs[-1]
            end = step(Unit.WORD, last.end)
            word = self.segmenter.at(Unit.WORD, end - 1) if end > 0 else None
            if word is None or word.end != end:
                self.say("There is no word behind the mark.")
            elif end > last.start:
                await self.move_runs(mark, (*mark.runs[:-1], Span(last.start, end)))
            else:
                self.say("The mark has one word only; x removes it.")

    async def _move_start(self, step: Callable[[Unit, int], int]) -> None:
        mark = self.own_mark("move")
        if mark is not None:
            first = mark.runs[0]
            start = step(Unit.WORD, first.start)
            word = self.segmenter.at(Unit.WORD, start)
            if word is None or word.start != start:
                self.say("There is no word before the mark.")
            elif start < first.end:
                await self.move_runs(mark, (Span(start, first.end), *mark.runs[1:]))
            else:
                self.say("The mark has one word only; x removes it.")

    def action_edge(self) -> None:
        """Give the motions to an edge of the focused mark until enter or esc."""
        mark = self.own_mark("move")
        if mark is not None and not self.refuses_while_saving():
            self.enter_mode(EdgeMode(self, mark))

    def held_edge(self, offset: int) -> HeldEdge | None:
        """The edge of one's own focused mark whose outermost character is at ``offset``."""
        mark = self.focused_mark
        if mark is None or not self.is_own(mark) or self.view.selection is not None:
            return None
        for rank, run in enumerate(mark.runs):
            if offset == previous_grapheme(self.text, run.end):
                return HeldEdge(mark, rank, run.start)
            if offset == run.start:
                return HeldEdge(mark, rank, run.end)
        return None

    async def let_go(self, held: HeldEdge) -> None:
        """Store the mark with the edge where the mouse let it go."""
        selected = self.view.selection
        self.select(Selecting(), self.view.caret)
        self.view.focused_id = held.mark.annotation_id
        if selected is not None:
            runs = held.mark.runs
            await self.move_runs(held.mark, (*runs[: held.rank], selected, *runs[held.rank + 1 :]))

    async def move_runs(self, mark: Annotation, runs: Sequence[Span]) -> None:
        """Store one's own mark on other runs; it is focused then, with its end in view."""
        session = self.session
        wanted = [self._inside(run) for run in runs]
        moved = normalise(run for run in wanted if run is not None)
        if session is None or not moved:
            self.say("Only white space would be left of the mark; it is as it was.", "alert")
        elif moved == mark.runs:
            self.say("The mark is as it was.")
        else:
            change = f"moving {summary_of(mark)}"
            await self.record(lambda _: session.move(mark, moved), change, self._moved)

    def _inside(self, run: Span) -> Span | None:
        """The run without white space at its edges."""
        bounds = stripped(self.text, run.start, min(run.end, len(self.text)))
        return None if bounds is None else Span(*bounds)

    def _moved(self, outcome: Outcome) -> None:
        moved = outcome.after[0]
        self.selecting = Selecting()
        caret = moved.start if moved.end == outcome.before[0].end else moved.end
        self.view.move_caret(caret, selection=None, focused_id=moved.annotation_id)
