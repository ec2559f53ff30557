"""One measurement each: keys, an opening, label keys, a start."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass

from documents import HEADLINE, LEAD
from figures import (
    Case,
    Figures,
    LabelFigures,
    MemoryFigures,
    OpenFigures,
    StartFigures,
    key_figures,
    percentile,
)
from programs import BEFORE_LABEL, LABEL_KEY, Kind, Place, Program
from terminal import Answer, ProgramTrouble, Terminal
from workshop import BareCommits, stored_annotations

LEAST_QUIET_S = 0.03
WARM_UP_QUIET_S = 0.3
LABEL_QUIET_S = 0.3
"""Long, since an answer may begin before the write and end after it."""
WARM_UP_KEYS = 5
UNANSWERED_S = 5.0
UNTIMED_S = 1.0
TURN_KEYS = 8
"""Keys that one program answers before it is another one's turn."""
MANY_PAGES_BYTES = 500_000


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured: keys of each kind, label keys, starts, runs of everything."""

    keys: int
    slow_keys: int
    labels: int
    starts: int
    openings: int
    repeat: int


class KeyRun:
    """Keys of one kind pressed in one running program, in blocks that are taken back."""

    def __init__(self, terminal: Terminal, kind: Kind, *, far: bool) -> None:
        self.terminal = terminal
        self.kind = kind
        self.limit = kind.far_limit if far and kind.far_limit else kind.limit
        self.quiet_s = LEAST_QUIET_S
        self.late_bytes = 0
        self.answers: list[Answer] = []

    def warm_up(self) -> None:
        """A few keys with all the time they want, which also tell how long to listen."""
        pauses = [0.0]
        number = min(WARM_UP_KEYS, self.limit)
        self._around(self.kind.before)
        for key in [self.kind.key] * number + [self.kind.back] * number:
            answer = self.terminal.press(key, WARM_UP_QUIET_S, UNANSWERED_S)
            pauses.append(answer.longest_pause_s)
        self._around(self.kind.after)
        self.quiet_s = max(LEAST_QUIET_S, 1.5 * max(pauses))

    def measure(self, count: int) -> None:
        """Time keys until there are ``count``."""
        while len(self.answers) < count:
            number = min(self.limit, count - len(self.answers))
            self._around(self.kind.before)
            for _ in range(number):
                self.late_bytes += self.terminal.drain()
                self.answers.append(self._press(self.kind.key))
            for _ in range(number):
                self._press(self.kind.back)
            self._around(self.kind.after)

    def _press(self, key: bytes) -> Answer:
        return self.terminal.press(key, self.quiet_s, UNANSWERED_S)

    def _around(self, keys: tuple[bytes, ...]) -> None:
        for key in keys:
            self.terminal.press(key, WARM_UP_QUIET_S, UNTIMED_S)
        self.terminal.drain()


def start(program: Program, place: Place) -> Terminal:
    """The program in a terminal of its own."""
    return Terminal(program.command(place), place.folder, place.environment())


@dataclass(frozen=True, slots=True)
class Entry:
    """One program with its text and marks, and how many keys of each kind it is to answer."""

    case: Case
    program: Program
    place: Place
    count: int


def measure_keys(entries: Sequence[Entry]) -> list[Figures]:
    """Every kind of key, away from the screen's edges, all programs running at once.

    They take turns of a few keys, so that a noisy second hits all of them alike.
    """
    found: list[Figures] = []
    with ExitStack() as running:
        terminals: list[tuple[Entry, Terminal]] = []
        for entry in entries:
            terminal = running.enter_context(start(entry.program, entry.place))
            _open_in_the_middle(terminal, entry.program)
            terminals.append((entry, terminal))
        for name in dict.fromkeys(name for entry in entries for name in entry.program.kinds):
            runs = [
                (entry, _warm_run(entry, terminal, name))
                for entry, terminal in terminals
                if name in entry.program.kinds
            ]
            _take_turns(runs)
            found += [
                key_figures(entry.case, name, run.answers, run.quiet_s, run.late_bytes)
                for entry, run in runs
            ]
        found += [MemoryFigures(entry.case, *one.memory_mb()) for entry, one in terminals]
    return found


def _warm_run(entry: Entry, terminal: Terminal, name: str) -> KeyRun:
    far = entry.place.text.stat().st_size > MANY_PAGES_BYTES
    run = KeyRun(terminal, entry.program.kinds[name], far=far)
    run.warm_up()
    return run


def _take_turns(runs: Sequence[tuple[Entry, KeyRun]]) -> None:
    """Measure all, a few keys of each in turn."""
    most = max(entry.count for entry, _ in runs)
    for so_far in range(TURN_KEYS, most + TURN_KEYS, TURN_KEYS):
        for entry, run in runs:
            run.measure(min(so_far, entry.count))


def measure_opening(case: Case, program: Program, place: Place, how: str) -> OpenFigures:
    """One start, up to the answer to a key pressed at the first paint."""
    with start(program, place) as terminal:
        opening = terminal.open(HEADLINE, LEAD, program.kinds["right"].key)
        return OpenFigures(
            case, how, opening.first_row_s, opening.answered_s, *terminal.memory_mb()
        )


def measure_labels(case: Case, program: Program, place: Place, count: int) -> LabelFigures:
    """Label keys on one word after another, and what was stored when the program was killed.

    A bare commit goes before each, so that a busy disk hits both alike.
    """
    answers: list[Answer] = []
    with closing(BareCommits(place.folder)) as bare, start(program, place) as terminal:
        _open_in_the_middle(terminal, program)
        before = stored_annotations(place.database)
        for _ in range(WARM_UP_KEYS + count):
            bare.commit()
            for key in BEFORE_LABEL:
                terminal.press(key, LEAST_QUIET_S, UNTIMED_S)
            terminal.drain()
            answers.append(terminal.press(LABEL_KEY, LABEL_QUIET_S, UNANSWERED_S))
        terminal.kill()
    stored = stored_annotations(place.database) - before
    answered = [answer for answer in answers[WARM_UP_KEYS:] if answer.answered]
    if not answered:
        raise ProgramTrouble("No label key was answered.")
    return LabelFigures(
        case,
        len(answers),
        stored,
        percentile([answer.first_s * 1000 for answer in answered], 0.5),
        percentile([answer.last_s * 1000 for answer in answered], 0.5),
        percentile([answer.last_s * 1000 for answer in answered], 0.95),
        percentile(bare.times_ms[WARM_UP_KEYS:], 0.5),
    )


def measure_start(program: Program, place: Place) -> StartFigures:
    """One start, up to the first paint of the lead."""
    with start(program, place) as terminal:
        return StartFigures(program.name, terminal.wait_for(LEAD))


def _open_in_the_middle(terminal: Terminal, program: Program) -> None:
    terminal.open(HEADLINE, LEAD, program.kinds["right"].key)
    for key in program.folds:
        terminal.press(key, WARM_UP_QUIET_S, UNTIMED_S)
    for _ in range(program.steps_to_middle):
        terminal.press(program.kinds["down"].key, LEAST_QUIET_S, UNANSWERED_S)
