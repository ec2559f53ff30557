"""annotui's targets, and whether these figures meet them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from figures import (
    Case,
    Figures,
    KeyFigures,
    LabelFigures,
    OpenFigures,
    StartFigures,
    table,
)

SUBJECT = "annotui"
WHOLE_SCREEN_KINDS = ("tags", "search", "search, nothing")
"""Kinds that paint the whole screen anew, as the floor's page key does."""

FOLLOWED = ("down, pane open",)
"""Kinds whose answer is the caret; what follows later, when the keys rest, is not waited for."""

SEARCH_MS = 250.0
SAME_SIZE_KINDS = ("right", "down", "word", "selection")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One target: what was found against the most that it may be, both in ``unit``."""

    what: str
    found: float
    most: float
    unit: str
    rule: str

    @property
    def met(self) -> bool:
        return self.found <= self.most

    @property
    def row(self) -> list[str]:
        digits = 2 if self.unit == "s" else 1
        return [
            self.what,
            f"{self.found:.{digits}f} {self.unit}",
            f"{self.most:.{digits}f} {self.unit}",
            f"{self.found / self.most:.2f}" if self.most else "–",
            self.rule,
            "pass" if self.met else "**FAIL**",
        ]


class Board:
    """All figures of a benchmark, to be looked up."""

    def __init__(self, figures: Iterable[Figures]) -> None:
        figures = list(figures)
        keys = [line for line in figures if isinstance(line, KeyFigures)]
        opens = [line for line in figures if isinstance(line, OpenFigures)]
        starts = [line for line in figures if isinstance(line, StartFigures)]
        self.keys = {
            (line.case, line.kind): line.first_p50_ms if line.kind in FOLLOWED else line.p50_ms
            for line in keys
        }
        self.opens = {(line.case, line.how): line.answered_s for line in opens}
        self.starts = {line.program: line.first_paint_s for line in starts}
        self.labels = [line for line in figures if isinstance(line, LabelFigures)]

    def peer_key(self, program: str, size: str, kind: str) -> float | None:
        """A peer's time for this kind of key, or for its caret key where it has no such kind."""
        case = Case(program, size)
        return self.keys.get((case, kind), self.keys.get((case, "right")))


def verdicts(figures: Iterable[Figures]) -> list[Verdict]:
    """Every target for which there are figures."""
    board = Board(figures)
    parts = (_key_verdicts, _size_verdicts, _label_verdicts, _start_verdicts, _open_verdicts)
    return [verdict for part in parts for verdict in part(board)]


def _key_verdicts(board: Board) -> Iterator[Verdict]:
    for (case, kind), found in board.keys.items():
        if case.program != SUBJECT:
            continue
        what = f"{kind}, {_named(case)}"
        like = "page" if kind in WHOLE_SCREEN_KINDS else kind
        like = "down" if kind in FOLLOWED else like
        floor = board.peer_key("floor", case.size, like)
        if kind.startswith("search") and case.size == "10MB":
            yield Verdict(what, found, SEARCH_MS, "ms", "250 ms")
            continue
        slate = board.peer_key("slate", case.size, kind)
        if floor is not None:
            yield Verdict(what, found, 1.5 * floor, "ms", "1.5 × floor")
        if slate is not None and kind in SAME_SIZE_KINDS:
            yield Verdict(what, found, 0.7 * slate, "ms", "0.7 × slate")


def _size_verdicts(board: Board) -> Iterator[Verdict]:
    small, large = Case(SUBJECT, "10kB"), Case(SUBJECT, "10MB", 100_000)
    for kind in ("right", "down"):
        if (small, kind) in board.keys and (large, kind) in board.keys:
            most = 1.5 * board.keys[small, kind]
            what = f"{kind}, {_named(large)}"
            yield Verdict(what, board.keys[large, kind], most, "ms", "1.5 × its 10 kB, no marks")


def _label_verdicts(board: Board) -> Iterator[Verdict]:
    for line in board.labels:
        what = f"label, {_named(line.case)}"
        lost = line.pressed - line.stored
        yield Verdict(f"{what}: keys less marks stored", abs(lost), 0, "", "all stored")
        floor = board.peer_key("floor", line.case.size, "right")
        if floor is not None:
            most = 2 * floor + 2 * line.commit_p50_ms
            yield Verdict(what, line.p50_ms, most, "ms", "2 × floor + 2 × bare commit")


def _start_verdicts(board: Board) -> Iterator[Verdict]:
    if SUBJECT in board.starts and "minimal" in board.starts:
        most = 1.3 * board.starts["minimal"]
        yield Verdict("first paint", board.starts[SUBJECT], most, "s", "1.3 × minimal")


def _open_verdicts(board: Board) -> Iterator[Verdict]:
    floor = board.opens.get((Case("floor", "10MB"), "open"))
    for marks, slack in ((0, 0.5), (100_000, 1.5)):
        case = Case(SUBJECT, "10MB", marks)
        found = board.opens.get((case, "open"))
        if floor is not None and found is not None:
            rule = f"floor + {slack} s"
            yield Verdict(f"open, {_named(case)}", found, floor + slack, "s", rule)


def _named(case: Case) -> str:
    marks = f" with {case.annotations:,} marks" if case.annotations else ""
    return f"{case.size}{marks}"


def target_table(found: Sequence[Verdict]) -> str:
    """The targets as Markdown."""
    headings = ["what", "found", "at most", "ratio", "rule", ""]
    return table(headings, [verdict.row for verdict in found])
