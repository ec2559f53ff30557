"""The parts of the benchmark: which cases each one measures, and in which order."""

from __future__ import annotations

import gc
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from documents import SIZES
from figures import Case, Figures, StartFigures
from fill import DENSE, NotReady
from measure import Entry, Plan, measure_keys, measure_labels, measure_opening, measure_start
from programs import ANNOTUI, MINIMAL, Place, Program
from terminal import ProgramTrouble
from workshop import Workshop

MARKS = {"10kB": (0, DENSE), "1MB": (0, 10_000), "10MB": (0, 100_000)}
SMALL_ARTICLE = "4kB"


class Benchmark:
    """Runs the parts that are asked for, program beside program, and keeps every figure."""

    def __init__(
        self, workshop: Workshop, programs: Sequence[Program], sizes: Sequence[str], plan: Plan
    ) -> None:
        self.workshop = workshop
        self.programs = programs
        self.sizes = sizes
        self.plan = plan
        self.figures: list[Figures] = []
        self.troubles: list[str] = []

    def startup(self) -> None:
        """First paints of a small article in turns; the first turn only warms the disk's cache."""
        for turn in range(self.plan.starts + 1):
            for program in [MINIMAL, *self.programs]:
                case = Case(program.name, SMALL_ARTICLE)
                self._attempt(
                    f"start {turn} of {program.name}", partial(self._start, case, program)
                )
            if not turn:
                warm = [line for line in self.figures if isinstance(line, StartFigures)]
                self.figures = [line for line in self.figures if line not in warm]

    def open(self) -> None:
        """Openings of every text; of annotui also into an empty database."""
        for _ in range(self.plan.openings):
            for case, program in self._cases():
                self._attempt(f"open {_named(case)}", partial(self._open, case, program))
                if program is ANNOTUI and not case.annotations:
                    add = partial(self._open, case, program, first=True)
                    self._attempt(f"add and open {_named(case)}", add)

    def keys(self) -> None:
        """Every kind of key, the cases of one size in turns."""
        for _ in range(self.plan.repeat):
            for size in self.sizes:
                self._attempt(f"keys in {size}", partial(self._keys, size))

    def label(self) -> None:
        """annotui's label keys, each run in its own copy of the database."""
        for _ in range(self.plan.repeat):
            for case, program in self._cases():
                if program is ANNOTUI:
                    self._attempt(f"label {_named(case)}", partial(self._label, case, program))

    def _cases(self) -> Iterator[tuple[Case, Program]]:
        for size in self.sizes:
            yield from self._cases_of(size)

    def _cases_of(self, size: str) -> Iterator[tuple[Case, Program]]:
        for program in self.programs:
            for marks in MARKS[size] if program is ANNOTUI else (0,):
                yield Case(program.name, size, marks), program

    def _attempt(self, what: str, measure: Callable[[], list[Figures]]) -> None:
        """Measure, and say what could not be; the rest goes on."""
        print(f"… {what}", file=sys.stderr, flush=True)
        gc.collect()
        gc.disable()
        try:
            self.figures += measure()
        except (ProgramTrouble, NotReady) as error:
            self.troubles.append(f"{what} was not measured: {error}")
            print(self.troubles[-1], file=sys.stderr)
        finally:
            gc.enable()

    def _place(self, case: Case, *, fresh: bool = False, copy: bool = False) -> Place:
        """A folder for one run; annotui's database is shared, ``fresh`` (none yet) or a copy."""
        text: Path = self.workshop.text(case.size, SIZES[case.size])
        if fresh or case.program != ANNOTUI.name:
            return self.workshop.place(text)
        database = self.workshop.database(text, case.annotations)
        if not copy:
            return self.workshop.place(text, database)
        place = self.workshop.place(text)
        shutil.copyfile(database, place.database)
        return place

    def _start(self, case: Case, program: Program) -> list[Figures]:
        return [measure_start(program, self._place(case))]

    def _open(self, case: Case, program: Program, *, first: bool = False) -> list[Figures]:
        how = "add and open" if first else "open"
        return [measure_opening(case, program, self._place(case, fresh=first), how)]

    def _keys(self, size: str) -> list[Figures]:
        return measure_keys(
            [
                Entry(
                    case,
                    program,
                    self._place(case),
                    self.plan.slow_keys if program.slow else self.plan.keys,
                )
                for case, program in self._cases_of(size)
            ]
        )

    def _label(self, case: Case, program: Program) -> list[Figures]:
        place = self._place(case, copy=True)
        return [measure_labels(case, program, place, self.plan.labels)]


def _named(case: Case) -> str:
    return f"{case.program} {case.size} with {case.annotations:,} marks"
