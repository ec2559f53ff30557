"""The programs that are measured: how each is started, and which key does what in it."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from documents import LEAD

HERE = Path(__file__).parent
RIGHT, LEFT, DOWN, UP = b"\x1b[C", b"\x1b[D", b"\x1b[B", b"\x1b[A"
PAGE_DOWN, PAGE_UP, ESCAPE, BACKSPACE = b"\x1b[6~", b"\x1b[5~", b"\x1b", b"\x7f"

PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Place:
    """Where one run of a program finds its things; ``folder`` is also its home."""

    folder: Path
    text: Path
    database: Path

    def environment(self) -> dict[str, str]:
        """A plain terminal and an empty home, so that no settings or memory leak in."""
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        folders = {
            f"XDG_{kind}_HOME": str(home / kind.lower())
            for kind in ("CONFIG", "DATA", "STATE", "CACHE")
        }
        return (
            passed
            | folders
            | {
                "HOME": str(home),
                "LANG": "C.UTF-8",
                "TERM": "xterm-256color",
                "COLORTERM": "truecolor",
            }
        )


@dataclass(frozen=True, slots=True)
class Kind:
    """A key to time, and the one that takes it back; ``limit`` is the most in one direction.

    In texts of many pages the limit is ``far_limit`` if there is one. ``before`` and ``after``
    go once around each block of keys and are not timed.
    """

    key: bytes
    back: bytes
    limit: int = 50
    far_limit: int = 0
    before: tuple[bytes, ...] = ()
    after: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Program:
    """A program under test.

    ``steps_to_middle`` presses of the down key bring its caret to the middle of the screen;
    ``folds`` are keys that fold away first what its peers do not have.
    ``needs`` is the module that must be there.
    """

    name: str
    command: Callable[[Place], list[str]]
    kinds: Mapping[str, Kind]
    needs: str = "textual"
    steps_to_middle: int = 14
    folds: tuple[bytes, ...] = ()
    slow: bool = False

    @property
    def installed(self) -> bool:
        return importlib.util.find_spec(self.needs) is not None


def _script(name: str) -> Callable[[Place], list[str]]:
    return lambda place: [sys.executable, str(HERE / name), str(place.text)]


def _annotui(place: Place) -> list[str]:
    command = [sys.executable, "-m", "annotui", "--db", str(place.database)]
    return [*command, "--annotator", "bench", "read", str(place.text)]


def _slate(place: Place) -> list[str]:
    """Labels on tokens, slate's own way; it splits its file list at spaces, so bare names only."""
    return [sys.executable, "-m", "slate", place.text.name, "-o", "-l", "slate"]


FLOOR = Program(
    "floor",
    _script("floor.py"),
    {
        "right": Kind(b"l", b"h"),
        "down": Kind(b"j", b"k", 8),
        "page": Kind(PAGE_DOWN, PAGE_UP, 2, 100),
    },
)
ANNOTUI = Program(
    "annotui",
    _annotui,
    {
        "right": Kind(b"l", b"h"),
        "down": Kind(b"j", b"k", 8),
        "word": Kind(b"w", b"b"),
        "selection": Kind(b"l", b"h", before=(b"v",), after=(b"v",)),
        "page": Kind(PAGE_DOWN, PAGE_UP, 2, 100),
        "down, pane open": Kind(b"j", b"k", 8, before=(b"\\",), after=(b"\\",)),
        "grow": Kind(b"+", b"-", 3),
        "tags": Kind(b"f", ESCAPE, 1),
        "search": Kind(b"e", BACKSPACE, 1, before=(b"/",), after=(ESCAPE,)),
        "search, nothing": Kind(b"q", BACKSPACE, 1, before=(b"/", b"z"), after=(ESCAPE,)),
    },
    needs="annotui",
    folds=(b"\\",),
)
TEXT_AREA = Program(
    "textarea",
    _script("peers/textarea.py"),
    {
        "right": Kind(RIGHT, LEFT),
        "down": Kind(DOWN, UP, 8),
        "word": Kind(b"\x1b[1;5C", b"\x1b[1;5D"),
        "selection": Kind(b"\x1b[1;2C", b"\x1b[1;2D"),
        "page": Kind(PAGE_DOWN, PAGE_UP, 2, 100),
    },
    slow=True,
)
SLATE = Program(
    "slate",
    _slate,
    {
        "right": Kind(b";", b"j", 40),
        "down": Kind(b"o", b"i", 2),
        "selection": Kind(b"/", b"l", 40),
        "page": Kind(b"}", b"{", 2, 100),
    },
    needs="slate",
    steps_to_middle=4,
)
MINIMAL = Program(
    "minimal",
    lambda _: [sys.executable, str(HERE / "peers/minimal.py"), LEAD],
    {},
    needs="sqlite_utils",
)

READERS = {program.name: program for program in (ANNOTUI, FLOOR, TEXT_AREA, SLATE)}
LABEL_KEY = b"c"
BEFORE_LABEL = (b"w", b"v", b"e")
