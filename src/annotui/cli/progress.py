"""A bar for what takes long: how many are done, how many a second, how long it will take."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType

from annotui.cli import output


class Terminated(KeyboardInterrupt):
    """The program was asked to end by SIGTERM; what an interrupt does is done."""


@contextmanager
def progress(total: int, noun: str, *, least: int = 2) -> Iterator[Callable[[int], None]]:
    """Give a function that counts on; the bar shows on standard error where that is a terminal.

    ``noun`` is the program's own word for what is counted, never data. Below ``least`` there is
    no bar. SIGTERM is told like ctrl+c meanwhile, so that no cursor stays hidden.
    """
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        with _bar(total, noun, least) as count_on:
            yield count_on
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(number: int, frame: FrameType | None) -> None:
    raise Terminated


@contextmanager
def _bar(total: int, noun: str, least: int) -> Iterator[Callable[[int], None]]:
    if total < least or not output.is_terminal(sys.stderr):
        yield lambda _done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(file=sys.stderr, legacy_windows=False)
    columns = (
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TextColumn(f"{noun} · {{task.fields[rate]}}/s · {{task.fields[left]}} left"),
    )
    with Progress(*columns, console=console, transient=True, expand=True) as bar:
        number = bar.add_task("", total=total, rate="–", left="–:––")

        def count_on(done: int) -> None:
            bar.advance(number, done)
            task = bar.tasks[0]
            if task.elapsed and task.completed:  # over all, since many may be done at a time
                rate = task.completed / task.elapsed
                left = timedelta(seconds=round((total - task.completed) / rate))
                bar.update(number, rate=f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}", left=left)

        yield count_on
