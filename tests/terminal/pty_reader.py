"""The reader in a pseudo-terminal: keys in, bytes and a screen out."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pyte

SOURCE = Path(__file__).resolve().parents[2] / "src"
PATIENCE_S = 30.0


class Terminal:
    """A program in a pseudo-terminal of its own session, run by ``before`` where that is given."""

    def __init__(
        self,
        arguments: list[str],
        home: Path,
        *,
        columns: int = 80,
        rows: int = 24,
        before: tuple[str, ...] = (),
    ) -> None:
        self.raw = b""
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.status: int | None = None
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "XDG_STATE_HOME": str(home / "state"),
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(SOURCE),
        }
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.chdir(home)
            for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
                signal.signal(number, signal.SIG_DFL)  # a runner may have them ignored
            line = [*before, sys.executable, "-m", "annotui", *arguments]
            os.execvpe(line[0], line, environment)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    @property
    def shown(self) -> str:
        """What is on the screen, also where half of a wide character was just written over."""
        screen = self.screen
        rows = (screen.buffer[y] for y in range(screen.lines))
        return "\n".join("".join(row[x].data for x in range(screen.columns)) for row in rows)

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self.master, keys.encode())

    def read(self, wait_s: float = 0.05) -> bool:
        """Take in what the program wrote; whether there was anything."""
        ready, _, _ = select.select([self.master], [], [], wait_s)
        if not ready:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:  # the other side is closed
            return False
        self.raw += data
        # pyte does not know the private CSI sequences with < = > and draws their ends.
        self.stream.feed(re.sub(rb"\x1b\[[<=>][0-9;]*[a-zA-Z]", b"", data))
        return bool(data)

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Read until ``condition`` holds."""
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, f"waited too long for {what}:\n{self.shown}"
            self.read()

    def until_shown(self, words: str) -> None:
        """Read until ``words`` are on the screen."""
        self.until(lambda: words in self.shown, words)

    def signal(self, number: int) -> None:
        """Send a signal to the program."""
        os.kill(self.pid, number)

    def wait(self) -> int:
        """Read to the end; the answer is the exit code, 128 + n after signal n."""

        def ended() -> bool:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self.status = status
            return bool(done)

        self.until(ended, "the end")
        while self.read(0.01):
            pass
        assert self.status is not None
        code = os.waitstatus_to_exitcode(self.status)
        return code if code >= 0 else 128 - code

    def close(self) -> None:
        """End the program if it still runs."""
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.master)

    @property
    def is_restored(self) -> bool:
        """Whether the last word on each terminal mode is off again."""
        return all(
            self.raw.rfind(on) < self.raw.rfind(off)
            for on, off in (
                (b"\x1b[?1049h", b"\x1b[?1049l"),
                (b"\x1b[?1000h", b"\x1b[?1000l"),
                (b"\x1b[?1003h", b"\x1b[?1003l"),
                (b"\x1b[?2004h", b"\x1b[?2004l"),
                (b"\x1b[?25l", b"\x1b[?25h"),
            )
        )
