"""Figures and what is made of them: percentiles, medians of runs, Markdown tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from statistics import median
from typing import Any, TypeVar

from terminal import Answer


@dataclass(frozen=True, slots=True)
class Case:
    """What is opened: a program, the size of its text, the number of its annotations."""

    program: str
    size: str
    annotations: int = 0


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """One kind of key in one case; times in milliseconds from the key.

    ``late_bytes`` came after the answers were thought over; ``unanswered`` keys painted nothing.
    """

    case: Case
    kind: str
    keys: int
    first_p50_ms: float
    p50_ms: float
    p95_ms: float
    bytes_p50: float
    quiet_ms: float
    late_bytes: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class OpenFigures:
    """One start: seconds from before the fork, megabytes of resident memory once open.

    ``how`` tells an opening from one that has to take the text in first.
    """

    case: Case
    how: str
    first_row_s: float
    answered_s: float
    memory_mb: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class MemoryFigures:
    """Resident memory of a program and its children after its keys, and its peak."""

    case: Case
    memory_mb: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """Label keys in one case; ``stored`` is what plain sqlite3 found after the program's end."""

    case: Case
    pressed: int
    stored: int
    first_p50_ms: float
    p50_ms: float
    p95_ms: float
    commit_p50_ms: float


@dataclass(frozen=True, slots=True)
class StartFigures:
    """One start of a program: seconds to its first words."""

    program: str
    first_paint_s: float


Figures = KeyFigures | OpenFigures | MemoryFigures | LabelFigures | StartFigures
F = TypeVar("F", bound=Figures)

KEPT: dict[str, Callable[[list[float]], float]] = {
    "stored": min,
    "unanswered": max,
    "late_bytes": max,
}
"""Counts of what went wrong are worth more than a median."""


def percentile(values: Iterable[float], share: float) -> float:
    """The value at ``share`` of the sorted values, between neighbours where it falls so."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def key_figures(
    case: Case, kind: str, answers: Sequence[Answer], quiet_s: float, late_bytes: int
) -> KeyFigures:
    """Sum up the answers to one kind of key; those that never came count as unanswered."""
    came = [answer for answer in answers if answer.answered]
    if not came:
        raise ValueError(f"{case.program} answered none of {len(answers)} keys ({kind}).")
    return KeyFigures(
        case,
        kind,
        len(answers),
        percentile([answer.first_s * 1000 for answer in came], 0.5),
        percentile([answer.last_s * 1000 for answer in came], 0.5),
        percentile([answer.last_s * 1000 for answer in came], 0.95),
        percentile([answer.size_bytes for answer in came], 0.5),
        quiet_s * 1000,
        late_bytes,
        len(answers) - len(came),
    )


def identity(figures: Figures) -> tuple[object, ...]:
    """What the figures are of: their kind and every field that is not a number."""
    values = (getattr(figures, field.name) for field in fields(figures))
    return type(figures), *(value for value in values if not isinstance(value, int | float))


def medians(runs: Iterable[F]) -> list[F]:
    """One line of figures for each thing measured: the median of its runs, number by number."""
    groups: dict[tuple[object, ...], list[F]] = {}
    for run in runs:
        groups.setdefault(identity(run), []).append(run)
    return [_together(group) for group in groups.values()]


def _together(group: Sequence[F]) -> F:
    changes: dict[str, Any] = {}
    for field in fields(group[0]):
        values = [getattr(run, field.name) for run in group]
        if isinstance(values[0], int | float):
            changes[field.name] = KEPT.get(field.name, median)(values)
    return replace(group[0], **changes)


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def key_table(figures: Iterable[KeyFigures]) -> str:
    """Key figures, one line a kind and case."""
    headings = [
        "program", "size", "marks", "key", "first byte", "last byte p50", "p95", "bytes",
        "window", "late bytes", "unanswered",
    ]  # fmt: skip
    return table(
        headings,
        (
            [
                *_case(line.case),
                line.kind,
                f"{line.first_p50_ms:.1f} ms",
                f"{line.p50_ms:.1f} ms",
                f"{line.p95_ms:.1f} ms",
                f"{line.bytes_p50:.0f}",
                f"{line.quiet_ms:.0f} ms",
                str(line.late_bytes),
                f"{line.unanswered} of {line.keys:.0f}",
            ]
            for line in figures
        ),
    )


def open_table(figures: Iterable[OpenFigures]) -> str:
    """Openings, one line a case."""
    headings = ["program", "size", "marks", "", "first row", "first key answered", "memory", "peak"]
    return table(
        headings,
        (
            [
                *_case(line.case),
                line.how,
                f"{line.first_row_s:.2f} s",
                f"{line.answered_s:.2f} s",
                f"{line.memory_mb:.0f} MB",
                f"{line.peak_mb:.0f} MB",
            ]
            for line in figures
        ),
    )


def memory_table(figures: Iterable[MemoryFigures]) -> str:
    """Memory after the keys, one line a case."""
    return table(
        ["program", "size", "marks", "memory", "peak"],
        (
            [*_case(line.case), f"{line.memory_mb:.0f} MB", f"{line.peak_mb:.0f} MB"]
            for line in figures
        ),
    )


def label_table(figures: Iterable[LabelFigures]) -> str:
    """Label keys, one line a case."""
    headings = [
        "program",
        "size",
        "marks",
        "first byte",
        "last byte p50",
        "p95",
        "bare commit",
        "stored",
    ]
    return table(
        headings,
        (
            [
                *_case(line.case),
                f"{line.first_p50_ms:.1f} ms",
                f"{line.p50_ms:.1f} ms",
                f"{line.p95_ms:.1f} ms",
                f"{line.commit_p50_ms:.1f} ms",
                f"{line.stored:.0f} of {line.pressed:.0f}",
            ]
            for line in figures
        ),
    )


def start_table(figures: Iterable[StartFigures]) -> str:
    """Starts, one line a program."""
    rows = ([line.program, f"{line.first_paint_s:.2f} s"] for line in figures)
    return table(["program", "first paint"], rows)


def _case(case: Case) -> list[str]:
    return [case.program, case.size, f"{case.annotations:,}"]
