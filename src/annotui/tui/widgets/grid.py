"""A grid of cells of which only those on the screen are made, with a cursor on a row or a cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from annotui.tui.widgets.bar import Part
from annotui.tui.widgets.library_columns import fitted

GAP = 1


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column: its head, its width in cells (0: a share of what is left), how it is set.

    The cursor can stand on a cell where ``is_choice``; then columns scroll from the first one.
    """

    head: str
    width_cells: int = 0
    is_number: bool = False
    is_choice: bool = False


class Grid(Widget):
    """Rows of cells below their heads."""

    DEFAULT_CSS = """
    Grid {
        height: 1fr;
        width: 1fr;
        background: $background;
        & > .grid--head { color: $text-muted; background: $panel; }
        & > .grid--head-here { color: $foreground; background: $panel; text-style: bold; }
        & > .grid--row { background: $primary 18%; }
        & > .grid--cursor { background: $primary 55%; text-style: bold; }
        & > .grid--dim { color: $text-muted; }
        & > .grid--strong { text-style: bold; }
        & > .grid--alert { color: $warning; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("grid--head", "grid--head-here", "grid--row", "grid--cursor"),
        *("grid--dim", "grid--strong", "grid--alert"),
    }

    class Chosen(Message):
        """A cell was clicked; ``opens`` where it was clicked twice."""

        def __init__(self, rank: int, column: int, opens: bool) -> None:
            self.rank, self.column, self.opens = rank, column, opens
            super().__init__()

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.columns: tuple[GridColumn, ...] = ()
        self.count = 0
        self.rank = 0
        self.column = 0
        self.top = 0
        self._cells: Callable[[int], Sequence[Part]] = lambda _: ()

    def show(
        self,
        columns: Sequence[GridColumn],
        count: int,
        cells: Callable[[int], Sequence[Part]],
    ) -> None:
        """Show ``count`` rows; ``cells`` gives those of one, each with the name of its style."""
        self.columns, self.count, self._cells = tuple(columns), count, cells
        self.go_to(self.rank, self.column)

    @property
    def rows_a_page(self) -> int:
        """How many rows the screen has room for."""
        return max(1, self.size.height - 1)

    def go_to(self, rank: int, column: int | None = None) -> None:
        """Put the cursor on a row, and on the nearest cell that can be chosen."""
        self.rank = max(0, min(rank, self.count - 1))
        choices = [at for at, one in enumerate(self.columns) if one.is_choice]
        wanted = self.column if column is None else column
        if choices:
            self.column = min(choices, key=lambda at: abs(at - wanted))
        page = self.rows_a_page
        if not self.top <= self.rank < self.top + page:
            self.top = self.rank if self.rank < self.top else self.rank - page + 1
        self.top = max(0, min(self.top, self.count - page))
        self.refresh()

    def on_resize(self, _: events.Resize) -> None:
        """Keep the cursor in view."""
        self.go_to(self.rank)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Go down by three rows."""
        event.stop()
        self.go_to(self.rank + 3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Go up by three rows."""
        event.stop()
        self.go_to(self.rank - 3)

    def on_click(self, event: events.Click) -> None:
        """Tell which cell was clicked."""
        rank = event.y - 1 + self.top
        if event.y and rank < self.count:
            column = next(
                (at for at, start, cells in self._places() if event.x < start + cells + GAP),
                self.column,
            )
            self.post_message(self.Chosen(rank, column, event.chain > 1))

    def _places(self) -> list[tuple[int, int, int]]:
        """Which columns are seen, where each starts, and how wide it is."""
        room = self.size.width - 1
        fixed = [at for at, one in enumerate(self.columns) if not one.is_choice]
        choices = [at for at, one in enumerate(self.columns) if one.is_choice]
        needed = sum(self.columns[at].width_cells + GAP for at in fixed)
        least = sum(NARROWEST for at in fixed if not self.columns[at].width_cells)
        while choices and needed + least + self._cells_of(choices) > room and len(choices) > 1:
            is_right = self.column - choices[0] > choices[-1] - self.column
            choices = choices[1:] if is_right else choices[:-1]
        seen = sorted([*fixed, *choices])
        elastic = [at for at in fixed if not self.columns[at].width_cells]
        left = max(0, room - needed - self._cells_of(choices))
        shares = {at: left // len(elastic) for at in elastic}
        if elastic:
            shares[elastic[-1]] += left % len(elastic)
        places, start = [], 1
        for at in seen:
            cells = self.columns[at].width_cells or shares[at]
            places.append((at, start, cells))
            start += cells + GAP
        return places

    def _cells_of(self, columns: Sequence[int]) -> int:
        return sum(self.columns[at].width_cells + GAP for at in columns)

    def render_line(self, y: int) -> Strip:
        """The heads, or one row."""
        width, base = self.size.width, self.rich_style
        if y == 0:
            return self._heads(width)
        rank = self.top + y - 1
        if rank >= self.count:
            return Strip.blank(width, base)
        ground = self._ground(base, "row") if rank == self.rank else base
        cells, segments, at = self._cells(rank), [], 0
        for column, start, wide in self._places():
            text, name = cells[column] if column < len(cells) else ("", "")
            is_here = rank == self.rank and column == self.column
            style = ground
            if is_here and self.columns[column].is_choice:
                style = self._ground(base, "cursor")
            style += self._ink(name)
            segments += [
                Segment(" " * (start - at), ground),
                Segment(fitted(text, wide, at_end=self.columns[column].is_number), style),
            ]
            at = start + wide
        return Strip(segments).adjust_cell_length(width, ground)

    def _heads(self, width: int) -> Strip:
        base = self.get_component_rich_style("grid--head")
        segments, at = [], 0
        places = self._places()
        choices = [rank for rank, one in enumerate(self.columns) if one.is_choice]
        seen = [column for column, _, _ in places if column in choices]
        for column, start, wide in places:
            one = self.columns[column]
            is_here = one.is_choice and column == self.column
            style = self.get_component_rich_style("grid--head-here") if is_here else base
            segments += [
                Segment("‹" if seen[:1] == [column] != choices[:1] else " " * (start - at), base),
                Segment(fitted(one.head, wide, at_end=one.is_number), style),
            ]
            at = start + wide
        if seen and seen[-1] != choices[-1]:
            segments.append(Segment("›", base))
        return Strip(segments).adjust_cell_length(width, base)

    def _ground(self, base: Style, name: str) -> Style:
        return base + self.get_component_rich_style(f"grid--{name}")

    def _ink(self, name: str) -> Style:
        if name.startswith("#"):
            return Style(color=name)
        if not name:
            return Style()
        found = self.get_component_rich_style(f"grid--{name}")
        return Style(color=None if name == "strong" else found.color, bold=found.bold)


NARROWEST = 20
"""Cells of a column without a width of its own, as long as other columns can be left out."""
