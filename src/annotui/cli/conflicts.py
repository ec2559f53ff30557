"""Conflicts of a merge: how each is shown, and the key that decides it."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from annotui.cli import output
from annotui.domain.merging import Conflict, Side, Version
from annotui.domain.visible import visible

_KEYS = {"m": Side.MINE, "t": Side.THEIRS}
_SHORT = 60
"""Characters of a quote, title or id that are shown at most in a heading."""

_FROM_THE_QUOTE = ("prefix", "suffix", "start", "end", "line", "fragments")
"""Columns that nobody has to read where the quotes differ."""


def ask_about(path: Path, conflicts: Sequence[Conflict]) -> dict[str, Side] | None:
    """Show one conflict after the other and take a key for each; None where that is given up."""
    answers: dict[str, Side] = {}
    for number, conflict in enumerate(conflicts, 1):
        place = f"Conflict {number:,} of {len(conflicts):,} with {path.name}"
        output.words(f"\n{place}: {told(conflict)}\n")
        side = _key(conflict)
        if side is None:
            return None
        answers[conflict.identity] = side
    return answers


def told(conflict: Conflict) -> str:
    """A conflict in some lines: what it is about, and both versions side by side."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    def cell(text: str) -> Text:
        return Text(visible(text, newline="\n"))

    sides = (conflict.mine, conflict.theirs)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    table.add_column(ratio=1)
    table.add_row("", "mine", "theirs")
    table.add_row("  made", *(cell(_made(one)) for one in sides))
    for name in differing(conflict):
        table.add_row(f"  {name}", *(cell(_shown(one.state[name], name)) for one in sides))
    width = output.width_cells() if output.is_terminal(sys.stderr) else output.MEASURE_CELLS
    out = io.StringIO()
    Console(
        file=out, width=min(width, output.MEASURE_CELLS), color_system=None, legacy_windows=False
    ).print(table)
    rows = "\n".join(row.rstrip() for row in out.getvalue().rstrip("\n").split("\n"))
    return f"{_heading(conflict)}\n{rows}"


def _key(conflict: Conflict) -> Side | None:
    """The side that the user's key means; None for neither."""
    output.words(
        f"m keeps mine · t takes theirs · n the newest ({conflict.newest}) · q merges nothing"
    )
    while True:
        key = click.getchar().lower()
        if key == "\x03":
            raise KeyboardInterrupt
        if key in ("q", "\x1b", "\x04"):
            return None
        side = conflict.newest if key == "n" else _KEYS.get(key)
        if side is not None:
            output.words(f"→ {side}")
            return side


def differing(conflict: Conflict) -> list[str]:
    """The columns that tell the two versions apart, but for times and what follows from a quote."""
    mine, theirs = conflict.mine.state, conflict.theirs.state
    names = [
        name
        for name in mine
        if mine[name] != theirs[name] and name != "version" and not name.endswith("_at")
    ]
    return [name for name in names if "quote" not in names or name not in _FROM_THE_QUOTE]


def _heading(conflict: Conflict) -> str:
    line = f", line {conflict.mine.state['line']}" if conflict.mine.state.get("line") else ""
    quote, title = (f"“{_cut(text)}”" if text else "" for text in (conflict.quote, conflict.title))
    if conflict.item == "document":
        quote, title = title, ""
    words = [conflict.item.replace("_", " "), quote or ("" if title else _cut(conflict.item_id))]
    words += ["in", title] if title else []
    return " ".join(word for word in words if word) + line


def _made(version: Version) -> str:
    return f"{version.kind} by {version.annotator}, {version.changed_at[:16].replace('T', ' ')} UTC"


def _shown(value: Any, name: str) -> str:
    if name == "removed":
        return "removed" if value else "there"
    return "–" if value in (None, "") else str(value)


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"
