"""The columns of the library: which there is room for, and what stands in them."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

from annotui.domain.label_scheme import LabelScheme
from annotui.domain.visible import visible
from annotui.services.shelf import BY_LABEL, Entry

GAP = 2
LABEL_CELLS = 4
"""Cells of a column of marks, the gap before it included."""

TITLE_NEEDS = 24
"""Cells of the title's column at least, before a column is added."""

LABELS_AT_MOST = 8
"""Labels that have a column each; where there are more all marks are in one."""

_FIXED = {"date": 10, "words": 7, "status": 7}
_FIRST_TO_LAST = ("status", "labels", "words", "date")
"""What there is room for first."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what sorts by it, its head, where it begins and how wide it is, in cells."""

    sort: str
    head: str
    start: int
    cells: int
    is_number: bool = False
    label: str = ""


def columns_for(width: int, scheme: LabelScheme) -> tuple[Column, ...]:
    """The columns that fit ``width`` cells, from the left."""
    labels = list(scheme)
    has_each = 0 < len(labels) <= LABELS_AT_MOST
    label_cells = LABEL_CELLS * len(labels) if has_each else LABEL_CELLS + 3
    needed = {name: cells + GAP for name, cells in _FIXED.items()} | {"labels": label_cells}
    room, shown = width - 2, set()
    for name in _FIRST_TO_LAST:
        if room - needed[name] >= TITLE_NEEDS:
            room -= needed[name]
            shown.add(name)
    source = 0 if room < TITLE_NEEDS * 2 else min(28, room // 3)
    title = room - (source + GAP if source else 0)
    columns = [Column("title", "title", 1, title)]
    at = 1 + title
    if source:
        columns.append(Column("source", "source", at + GAP, source))
        at += GAP + source
    for name in ("date", "words", "labels", "status"):
        if name not in shown:
            continue
        if name == "labels":
            columns += _label_columns(at, scheme, has_each)
            at += label_cells
        else:
            cells = _FIXED[name]
            columns.append(Column(name, name, at + GAP, cells, name == "words"))
            at += GAP + cells
    return tuple(columns)


def _label_columns(at: int, scheme: LabelScheme, has_each: bool) -> list[Column]:
    if not has_each:
        return [Column("marks", "marks", at + GAP, LABEL_CELLS + 1, True)]
    return [
        Column(
            f"{BY_LABEL}{label.name}",
            visible(label.glyph),
            at + LABEL_CELLS * rank + 1,
            LABEL_CELLS - 1,
            True,
            label.name,
        )
        for rank, label in enumerate(scheme)
    ]


def cell_of(column: Column, entry: Entry) -> tuple[str, str]:
    """What stands in a cell, as wide as the column, and the name of its style."""
    document, style = entry.document, ""
    if column.sort == "title":
        text = document.title
    elif column.sort == "source":
        return fitted(end_of(document.source, column.cells), column.cells), "dim"
    elif column.sort == "date":
        text = (document.published or document.added_at)[:10]
        style = "" if document.published else "dim"
    elif column.sort == "words":
        text = f"{document.words:,}"
    elif column.sort == "status":
        text = entry.status
        style = {"done": "done", "in work": "work"}.get(text, "dim")
    else:
        marks = entry.annotations
        count = marks.get(column.label, 0) if column.label else sum(marks.values())
        text = f"{count}" if count else "·"
        style = "" if count else "dim"
    return fitted(text, column.cells, at_end=column.is_number), style


def end_of(text: str, cells: int) -> str:
    """The end of ``text`` that fits, which tells more of a path than its beginning."""
    shown = visible(text, tab=" ", newline=" ")
    while cell_len(shown) > cells > 0:
        shown = "…" + shown[2 + max(0, (cell_len(shown) - cells) // 2 - 1) :]
    return shown


def fitted(text: str, cells: int, *, at_end: bool = False) -> str:
    """``text`` on one row of ``cells`` cells, with a … where it is cut."""
    shown = visible(" ".join(text[: cells * 4].split()), tab=" ", newline=" ")
    room = cells - cell_len(shown)
    if room < 0:
        return set_cell_size(shown, cells - 1) + "…" if cells > 1 else set_cell_size(shown, cells)
    return " " * room + shown if at_end else shown + " " * room
