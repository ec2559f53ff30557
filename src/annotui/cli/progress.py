"""A bar for what takes long: how many are done, how many a second, how long it will take."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from annotui.cli import output


@contextmanager
def progress(total: int, noun: str, *, least: int = 2) -> Iterator[Callable[[int], None]]:
    """Give a function that counts on; the bar shows on standard error where that is a terminal.

    ``noun`` is the program's own word for what is counted, never data. Below ``least`` there is
    no bar.
    """
    if total < least or not output.is_terminal(sys.stderr):
        yield lambda _done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as TimeLeft

    console = Console(file=sys.stderr, legacy_windows=False)
    columns = (
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TextColumn(f"{noun} · {{task.fields[rate]}}/s"),
        TimeLeft(),
    )
    with Progress(*columns, console=console, transient=True, expand=True) as bar:
        task = bar.add_task("", total=total, rate="–")

        def count_on(done: int) -> None:
            bar.advance(task, done)
            speed = bar.tasks[0].speed
            bar.update(task, rate=f"{speed:,.0f}" if speed else "–")

        yield count_on
