"""Clusters of code points and the cells that they take when drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len

from annotui.domain.visible import visible

TAB_WIDTH = 4
"""A tab goes on to the next multiple of this many cells."""

CLUSTER_LENGTH = 64
"""Code points of a cluster that are drawn; more (marks on marks) would only be a blot."""

TOO_WIDE = "…"
"""Drawn in one cell for a cluster that is wider than a whole row."""

_SINGLE = (
    "\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u0556\u0561-\u0587\u05d0-\u05ea"
    "\u0620-\u064a\u0660-\u066f\u0671-\u06d3\u06f0-\u06ff\u10d0-\u10ff\u1e00-\u1fff\u2010-\u2027"
    "\u2030-\u205e\u2070-\u209c\u20a0-\u20c0\u2100-\u218b\u2190-\u22ff\u2400-\u2426"
    "\u2500-\u25fc\ufffd"
)
"""Letters, digits and marks of print that are one cell each and join with nothing of their kind.

Rich's own set lacks curly quotes and dashes, which news is full of.
"""

_one_cell_each = re.compile(f"[{_SINGLE}]*").fullmatch
_one_cell_each_with_lines = re.compile(f"[{_SINGLE}\n]*").fullmatch

DISPUTED = re.compile(
    "[\u200d\ufe0e\ufe0f\u20e3\U0001f000-\U0001faff\U0001f1e6-\U0001f1ff\u2614-\u2b55"
    "\u0900-\u0dff\u0e33\u0eb3\u0f00-\u109f\u1100-\u11ff\u1700-\u17ff\u1a00-\u1bff\ua800-\uabff"
    "\U00011000-\U00011fff]"
)
"""In a cluster whose width terminals may disagree about (emoji, Indic, old Hangul)."""


def is_one_cell_each(text: str, start: int, end: int, *, newlines: bool = False) -> bool:
    """Whether all code points from ``start`` to ``end`` are one cell, each on its own.

    ``newlines`` lets line ends pass as well.
    """
    match = _one_cell_each_with_lines if newlines else _one_cell_each
    return match(text, start, end) is not None


def clusters(line: str, width: int) -> Iterator[tuple[str, int, int]]:
    """The clusters of ``line``: what is drawn, the cells it takes, the code points it stands for.

    The line holds no ``"\n"``; a tab comes as it is, with ``TAB_WIDTH`` cells. A cluster wider
    than ``width`` cells is drawn as ``TOO_WIDE``, one of too many code points without the last
    ones.
    """
    from wcwidth import iter_graphemes  # 15 ms that plain Latin text never needs

    for cluster in iter_graphemes(visible(line, tab="\t")):
        length = len(cluster)
        if cluster == "\t":
            yield cluster, TAB_WIDTH, 1
            continue
        drawn = cluster[:CLUSTER_LENGTH]
        cells = cell_len(drawn)
        yield (drawn, cells, length) if cells <= width else (TOO_WIDE, 1, length)
