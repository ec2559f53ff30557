"""A program in a pseudo-terminal: send it a key, time what it paints in answer.

The driver is a plain terminal of 120 by 40 cells that answers no query (mode reports, colours,
cursor position), for every program alike. It never reads more than the program has painted and
takes its times right after ``read``, so it adds some tens of microseconds to every figure.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

import pyte

COLUMNS, ROWS = 120, 40
CONTROLS = re.compile(
    rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][0-9A-Za-z]"
)
WATCHED_CELLS = 8

Chunk = tuple[float, bytes]


class ProgramTrouble(Exception):
    """The program under test ended, or never painted what was waited for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one key, in seconds after it was sent; no bytes, no answer."""

    first_s: float
    last_s: float
    size_bytes: int
    longest_pause_s: float

    @property
    def answered(self) -> bool:
        return self.size_bytes > 0


@dataclass(frozen=True, slots=True)
class Opening:
    """A start, in seconds from before the fork.

    ``first_row_s`` is when the text's first row was on the screen, ``answered_s`` when the answer
    to a key pressed at that very moment was.
    """

    first_row_s: float
    answered_s: float


class Terminal:
    """One program running in a pseudo-terminal; leaving the ``with`` block kills it."""

    def __init__(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str]
    ) -> None:
        self.chunks: list[Chunk] = []
        self.started = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            _become(command, folder, environment)
        os.set_blocking(self.fd, False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    def kill(self) -> None:
        """End the program at once, as a power cut of its own would; twice does no harm."""
        if self.pid:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            os.close(self.fd)
            self.pid = 0

    def _read(self, timeout_s: float) -> Chunk | None:
        """What the program has painted, with the time it was read; None when the time is up."""
        if not select.select([self.fd], [], [], max(0.0, timeout_s))[0]:
            return None
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        if not data:
            tail = b"".join(data for _, data in self.chunks)[-2000:]
            words = CONTROLS.sub(b"", tail).decode("utf-8", "replace")
            raise ProgramTrouble(f"The program ended by itself. Its last words:\n{words}")
        return time.perf_counter(), data

    def press(self, key: bytes, quiet_s: float, timeout_s: float = 20.0) -> Answer:
        """Send one key; its answer has ended when nothing came for ``quiet_s``."""
        sent = time.perf_counter()
        os.write(self.fd, key)
        first = last = sent
        size, longest = 0, 0.0
        while chunk := self._read(
            (last + quiet_s if size else sent + timeout_s) - time.perf_counter()
        ):
            came, data = chunk
            if size:
                longest = max(longest, came - last)
            else:
                first = came
            last = came
            size += len(data)
        return Answer(first - sent, last - sent, size, longest)

    def drain(self) -> int:
        """Take what came unasked since the last answer ended; its size in bytes."""
        size = 0
        while chunk := self._read(0.0):
            size += len(chunk[1])
        return size

    def wait_for(self, words: str, timeout_s: float = 120.0) -> float:
        """Read until ``words`` were painted in one piece; seconds since the start."""
        marker, tail = words.encode(), b""
        deadline = time.perf_counter() + timeout_s
        while chunk := self._read(deadline - time.perf_counter()):
            self.chunks.append(chunk)
            tail = tail[-2000:] + chunk[1]
            if marker in CONTROLS.sub(b"", tail):
                return chunk[0] - self.started
        raise ProgramTrouble(f"“{words}” was not painted within {timeout_s:.0f} s.")

    def settle(self, quiet_s: float, timeout_s: float = 120.0) -> None:
        """Read until nothing came for ``quiet_s``."""
        deadline = time.perf_counter() + timeout_s
        while chunk := self._read(quiet_s):
            self.chunks.append(chunk)
            if chunk[0] > deadline:
                raise ProgramTrouble(f"The program was still painting after {timeout_s:.0f} s.")

    def open(self, headline: str, lead: str, key: bytes, timeout_s: float = 60.0) -> Opening:
        """Wait for the text's first rows, press ``key`` at once and wait for its answer.

        The text begins with ``headline``; it is on the screen when the ``lead`` below it is (a
        program may show the headline elsewhere too).
        """
        first_row = self.wait_for(lead)
        pressed = time.perf_counter()
        os.write(self.fd, key)
        quiet_s = max(1.0, first_row / 2)
        while time.perf_counter() < pressed + timeout_s:
            self.settle(quiet_s)
            changed = last_change(self.chunks, headline, lead, pressed)
            if changed is not None:
                return Opening(first_row, changed - self.started)
        raise ProgramTrouble("The key pressed at the first paint was never answered.")

    def memory_mb(self) -> tuple[float, float]:
        """Resident memory of the program and its children: now, and the sum of their peaks."""
        now = peak = 0
        for pid in _family(self.pid):
            with suppress(FileNotFoundError, ProcessLookupError):
                status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
                now += _kilobytes(status, "VmRSS")
                peak += _kilobytes(status, "VmHWM")
        return now / 1024, peak / 1024


def _become(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> NoReturn:
    """Turn this forked child into the program; it never comes back."""
    try:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        os.chdir(folder)
        os.execve(command[0], list(command), dict(environment))
    except OSError as error:
        print(error, flush=True)
    os._exit(127)


def _family(pid: int) -> list[int]:
    """``pid`` and all its descendants."""
    family = [pid]
    for member in family:
        for children in Path(f"/proc/{member}/task").glob("*/children"):
            with suppress(FileNotFoundError, ProcessLookupError):
                family.extend(int(child) for child in children.read_text().split())
    return family


def _kilobytes(status: str, field: str) -> int:
    found = re.search(rf"^{field}:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) if found else 0


def last_change(chunks: Sequence[Chunk], headline: str, lead: str, pressed: float) -> float | None:
    """When the first cells of ``headline`` (the one just above ``lead``) took their present look.

    The chunks are replayed in a screen of our own, look and all, so the caret's step from the
    first cell (or word) to the next is seen whatever else is painted meanwhile. These cells lie
    above the words that ``open`` waits for, so their first paint is over before the key. None
    when they look as they did when the key was ``pressed``, painted anew or not.
    """
    final = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.ByteStream(final)
    for _, data in chunks:
        stream.feed(data)
    row, column = _place_of(final.display, headline, lead)
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.ByteStream(screen)
    changed, now = 0.0, _look(screen, row, column)
    at_press = now
    for came, data in chunks:
        stream.feed(data)
        before, now = now, _look(screen, row, column)
        if came <= pressed:
            at_press = now
        elif now != before:
            changed = came
    return changed if now != at_press else None


def _place_of(shown: Sequence[str], headline: str, lead: str) -> tuple[int, int]:
    """Row and column of the last ``headline`` above ``lead``."""
    below = next((row for row, words in enumerate(shown) if lead in words), 0)
    for row in range(below - 1, -1, -1):
        if headline in shown[row]:
            return row, shown[row].index(headline)
    screen = "\n".join(words.rstrip() for words in shown if words.strip())
    raise ProgramTrouble(f"The text's first rows left the screen after the first key:\n{screen}")


def _look(screen: pyte.Screen, row: int, column: int) -> tuple[object, ...]:
    cells = screen.buffer[row]
    return tuple(cells[column + step] for step in range(WATCHED_CELLS))
