"""From a row of text, its marks, selection and caret to a strip of the terminal."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from annotui.tui.widgets.alignment import DISPUTED_STYLES
from annotui.tui.widgets.clusters import DISPUTED
from annotui.tui.widgets.lanes import RowMarks, RunMark
from annotui.tui.widgets.overlays import NO_OVERLAY, RowOverlay
from annotui.tui.widgets.palette import Ink, Palette
from annotui.tui.widgets.rows import DrawnRow

_DIM = Style(dim=True)


class Frame(NamedTuple):
    """How the width of the view is shared out, in cells."""

    width: int
    left: int
    lanes: int
    measure: int

    @property
    def text_column(self) -> int:
        """The column at which the text starts."""
        return self.left + self.lanes + (1 if self.lanes else 0)

    @classmethod
    def of(cls, width: int, measure: int) -> Frame:
        """The frame for a view of ``width`` cells and a text of at most ``measure``."""
        lanes = 4 if width >= 40 else 2 if width >= 20 else 0
        gutter = lanes + 1 if lanes else 0
        text = max(1, min(measure, width - gutter - 1))
        return cls(width, max(0, (width - text) // 2 - gutter), lanes, text)


class RowLook(NamedTuple):
    """Everything that the look of a row depends on besides the palette and the frame.

    ``caret`` is -1 where it is on another row; ``selection`` holds the offsets of the part on
    the row, ``focused_id`` is empty where the focused mark is on other rows only.
    """

    start: int
    end: int
    marks: RowMarks
    caret: int = -1
    selection: tuple[int, int] | None = None
    focused_id: str = ""
    headline: bool = False
    over: RowOverlay = NO_OVERLAY
    read: bool = False


def paint(row: DrawnRow, look: RowLook, palette: Palette, frame: Frame) -> Strip:
    """The strip of a row, exactly as wide as the view."""
    base = palette.base
    parts = _gutter(look, palette, frame)
    used = frame.text_column + row.width_cells
    if look.over.tags:
        text: list[tuple[str, Style]] = []
        _paint_text(text, row, look, palette)
        tagged = _tagged(text, row, look, palette)
        used = frame.text_column + sum(cell_len(shown) for shown, _ in tagged)
        parts += tagged
    else:
        _paint_text(parts, row, look, palette)
    if (tail := _tail_style(row, look, palette)) is not None:
        parts.append((" ", tail))
        used += 1
    if used < frame.width:
        parts.append((" " * (frame.width - used), base))
    strip = Strip(_joined(parts), max(used, frame.width))
    return strip.adjust_cell_length(frame.width)


def _joined(parts: list[tuple[str, Style]]) -> list[Segment]:
    """Segments of ``parts``, of which neighbours in one style become one."""
    segments: list[Segment] = []
    held, held_style = "", None
    for text, style in parts:
        if style is held_style and not held.endswith("\u200d"):
            held += text
            continue
        if held:
            segments.append(Segment(held, held_style))
        held, held_style = text, style
    if held:
        segments.append(Segment(held, held_style))
    return segments


def _gutter(look: RowLook, palette: Palette, frame: Frame) -> list[tuple[str, Style]]:
    """The left margin, the lanes, and the space before the text."""
    base, lanes = palette.base, look.marks.lanes
    last = ("·", base + _DIM) if look.read else (" ", base)
    if not lanes and look.read and frame.lanes:
        return [(" " * (frame.text_column - 1), base), last]
    if not lanes:
        return [(" " * frame.text_column, base)]
    parts = [(" " * (frame.left + frame.lanes - len(lanes)), base)]
    for lane in lanes:
        if lane is None:
            parts.append((" ", base))
        else:
            held = (lane.annotation_id,) if lane.annotation_id else look.marks.hidden
            focused = bool(look.focused_id) and look.focused_id in held
            parts.append((palette.glyph(lane, focused), palette.lane_style(lane, focused)))
    parts.append(last)
    return parts


def _paint_text(
    parts: list[tuple[str, Style]], row: DrawnRow, look: RowLook, palette: Palette
) -> None:
    """Append the text of a row, cut wherever its style changes."""
    edges = row.edges
    count = len(edges) - 1
    if (
        not look.marks.runs
        and look.selection is None
        and look.caret < 0
        and look.over is NO_OVERLAY
    ):
        _append_clusters(parts, row, 0, count, palette.style(Ink(headline=look.headline)))
        return
    inked = row.inked
    runs = [
        (row.cluster_of(run.start), min(inked, bisect_left(edges, run.end)), run)
        for run in look.marks.runs
    ]
    cuts = {0, count}
    for first, last, _ in runs:
        cuts.add(first)
        cuts.add(last)
    selected = [
        (row.cluster_of(start), min(inked, bisect_left(edges, end)))
        for start, end in (*((look.selection,) if look.selection else ()), *look.over.kept)
    ]
    lit = [
        (row.cluster_of(start), min(inked, bisect_left(edges, end))) for start, end in look.over.lit
    ]
    for bounds in (*selected, *lit):
        cuts.update(bounds)
    caret = -1
    if look.caret >= 0:
        caret = row.cluster_of(look.caret)
        cuts.update((caret, min(caret + 1, count)))
    if seams := _seams(runs):
        cuts.update(seams)
        cuts.update(min(seam + 1, count) for seam in seams)
    for first, last in pairwise(sorted(cuts)):
        covering = [run for low, high, run in runs if low <= first < high]
        is_selected = any(low <= first < high for low, high in selected)
        ink = _ink(covering, look, is_selected, first == caret)
        if any(low <= first < high for low, high in lit):
            hit = look.over.hit
            ink = ink._replace(lit=True, hit=bool(hit and hit[0] <= edges[first] < hit[1]))
        if first in seams:
            ink = ink._replace(seam=True)
        _append_clusters(parts, row, first, last, palette.style(ink))


def _tagged(
    text: list[tuple[str, Style]], row: DrawnRow, look: RowLook, palette: Palette
) -> list[tuple[str, Style]]:
    """The text with the tags drawn over it, cell for cell, so that nothing moves."""
    tags = [(row.column_of(tag.start), tag) for tag in look.over.tags]
    parts: list[tuple[str, Style]] = []
    column, pending = 0, iter(tags)
    at, tag = next(pending, (-1, None))
    for cluster, style in _by_cluster(text):
        cells = cell_len(cluster)
        if tag is not None and at <= column < at + len(tag.letters):
            for cell in range(column, column + cells):
                place = cell - at
                shown = tag.letters[place : place + 1]
                ink = palette.tag_style(typed=place < tag.typed) if shown else style
                parts.append((shown or " ", ink))
        else:
            parts.append((cluster, style))
        column += cells
        while tag is not None and column >= at + len(tag.letters):
            at, tag = next(pending, (-1, None))
    if tag is not None:
        rest = tag.letters[max(0, column - at) :]
        parts.append((" " * max(0, at - column), palette.base))
        parts.append((rest, palette.tag_style(typed=False)))
    return parts


def _by_cluster(parts: list[tuple[str, Style]]) -> Iterator[tuple[str, Style]]:
    """The same parts, a cluster each."""
    for text, style in parts:
        if text.isascii():
            yield from ((character, style) for character in text)
        else:
            from wcwidth import iter_graphemes  # not for the first paint

            yield from ((cluster, style) for cluster in iter_graphemes(text))


def _seams(runs: list[tuple[int, int, RunMark]]) -> frozenset[int]:
    """The clusters at which one mark ends and another one with its label begins."""
    if len(runs) < 2:
        return frozenset()
    ends = {(high, run.label, run.own) for _, high, run in runs if not run.gap}
    return frozenset(
        low for low, _, run in runs if not run.gap and (low, run.label, run.own) in ends
    )


def _ink(covering: list[RunMark], look: RowLook, selected: bool, caret: bool) -> Ink:
    """The ink where the runs ``covering`` (outermost first) lie over one another."""
    top: RunMark | None = None
    gap: RunMark | None = None
    count, focused, others = 0, False, False
    for run in covering:
        if run.gap:
            if run.own and (gap is None or gap.annotation_id != look.focused_id):
                gap = run
            continue
        count += 1
        if run.annotation_id == look.focused_id:
            top, focused = run, True
        elif run.own and not focused:
            top = run
        others = others or not run.own
    if top is None and gap is not None and not others:
        focused = gap.annotation_id == look.focused_id
        ink = Ink(gap.label, focused, gap=True)
    else:
        ink = Ink(top.label if top else None, focused, min(2, max(0, count - 1)), others)
    return ink._replace(selected=selected, caret=caret, headline=look.headline)


def _append_clusters(
    parts: list[tuple[str, Style]], row: DrawnRow, first: int, last: int, style: Style
) -> None:
    """Append clusters, those of disputed width each on its own."""
    text = row.drawn(first, last)
    if text.isascii() or (
        not DISPUTED.search(text) and cell_len(text) == row.columns[last] - row.columns[first]
    ):
        parts.append((text, style))
        return
    for cluster in range(first, last):
        shown = row.drawn(cluster, cluster + 1)
        disputed = DISPUTED.search(shown) is not None
        parts.append((shown, style + DISPUTED_STYLES[cluster % 2] if disputed else style))


def _tail_style(row: DrawnRow, look: RowLook, palette: Palette) -> Style | None:
    """The style of the cell behind the text, where the caret or the selection reaches it."""
    behind = row.edges[bisect_left(row.columns, row.columns[-1])]
    caret = look.caret >= behind and look.caret >= 0
    selected = bool(
        look.selection
        and row.content_end < row.end
        and look.selection[0] <= row.content_end < look.selection[1]
    )
    if caret or selected:
        return palette.style(Ink(caret=caret, selected=selected))
    return None
