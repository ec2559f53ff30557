"""The one printer: everything that the command line prints goes through here.

Data for a pipe or a file are exact; what a terminal gets holds no control from data, and neither
do words (errors, usage, counts) and tables, wherever they go.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import sys
import traceback
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, TextIO

from annotui.domain.visible import visible
from annotui.errors import ExportError

if TYPE_CHECKING:
    from rich.console import RenderableType

MEASURE_CELLS = 88
"""Text for reading is never set wider than this."""

_NARROWEST_CELLS = 8
_CHUNK_LENGTH = 65_536
_COLUMN_GAP = "  "
_BYTE_ORDER_MARK = "\ufeff"
_NOT_SIMPLE = re.compile(r"[^\n\x20-\x7e]")


class ReaderGoneError(Exception):
    """Nobody reads standard output any more (``annotui list | head``); the rest is dropped."""


def is_terminal(stream: TextIO | None) -> bool:
    """Whether somebody looks at what is written to ``stream``."""
    return stream is not None and not stream.closed and stream.isatty()


def width_cells() -> int:
    """The width of the terminal."""
    return max(_NARROWEST_CELLS, shutil.get_terminal_size((80, 24)).columns)


def data(text: str) -> None:
    """Print data as they are (UTF-8, no newline translation); made visible on a terminal."""
    if is_terminal(sys.stdout):
        text = visible(
            text.removeprefix(_BYTE_ORDER_MARK).replace("\r\n", "\n"), tab="\t", newline="\n"
        )
    _to_stdout(text)


def copy(file: IO[bytes]) -> None:
    """Print a file as it is, piece by piece; as text made visible on a terminal."""
    if is_terminal(sys.stdout):
        data(file.read().decode("utf-8", "replace"))
        return
    while piece := file.read(_CHUNK_LENGTH):
        _to_stdout(piece)


def line(text: str) -> None:
    """Print an answer in words, one line, on standard output."""
    _to_stdout(visible(text) + "\n")


def paragraphs(text: str) -> None:
    """Print words of several lines (help) on standard output."""
    _to_stdout(visible(text, newline="\n") + "\n")


def words(text: str) -> None:
    """Print words for people on standard error; they are lost where nobody can read them."""
    stream = sys.stderr
    if stream is None or stream.closed:
        return
    try:
        _write(stream, visible(text, newline="\n") + "\n", stream.encoding or "utf-8")
    except OSError:
        _give_up(stream)


def hint(text: str) -> None:
    """Say what can be done next, where a person is at both ends; never to a script."""
    if is_terminal(sys.stdin) and is_terminal(sys.stdout) and is_terminal(sys.stderr):
        words(text)


def json_data(value: Any) -> None:
    """Print ``value`` as JSON; what a terminal could act on is written as ``\\u`` escapes."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    _to_stdout(_NOT_SIMPLE.sub(_escaped, text) + "\n")


def json_list(values: Iterable[Any]) -> None:
    """Print a list as :func:`json_data` does, piece by piece as its values come."""
    before = "["
    for value in values:
        text = json.dumps(value, ensure_ascii=False, indent=2).replace("\n", "\n  ")
        _to_stdout(_NOT_SIMPLE.sub(_escaped, f"{before}\n  {text}"))
        before = ","
    _to_stdout("[]\n" if before == "[" else "\n]\n")


def _escaped(match: re.Match[str]) -> str:
    char = match[0]
    if visible(char) == char:
        return char
    units = char.encode("utf-16-be", "surrogatepass")
    pairs = (units[i : i + 2].hex() for i in range(0, len(units), 2))
    return "".join(f"\\u{pair}" for pair in pairs)


def csv_data(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows as CSV by RFC 4180."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow(row)
        if out.tell() >= _CHUNK_LENGTH:
            data(_emptied(out))
    data(_emptied(out))


def table(
    header: Sequence[str], rows: Iterable[Sequence[str | int]], *, elastic: Sequence[int] = ()
) -> None:
    """Print rows in columns, numbers to the right.

    On a terminal the ``elastic`` columns are cut until a row fits its width.
    """
    from rich.cells import cell_len, set_cell_size

    numeric: set[int] = set()
    cells = [[visible(name) for name in header]]
    for row in rows:
        numeric.update(at for at, value in enumerate(row) if isinstance(value, int))
        cells.append([visible(str(value)) for value in row])
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    if is_terminal(sys.stdout):
        _squeeze(widths, elastic, width_cells())
    lines: list[str] = []
    for texts in cells:
        set_out: list[str] = []
        for at, text in enumerate(texts):
            room = widths[at] - cell_len(text)
            if room < 0:
                set_out.append(set_cell_size(text, widths[at] - 1) + "…")
            else:
                set_out.append(" " * room + text if at in numeric else text + " " * room)
        lines.append(_COLUMN_GAP.join(set_out).rstrip())
    _to_stdout("\n".join(lines) + "\n")


def _squeeze(widths: list[int], elastic: Sequence[int], room: int) -> None:
    """Take cells from the widest of the ``elastic`` columns until all fit into ``room``."""
    excess = sum(widths) + len(_COLUMN_GAP) * (len(widths) - 1) - room
    while excess > 0 and elastic:
        widest = max(elastic, key=lambda at: widths[at])
        if widths[widest] <= _NARROWEST_CELLS:
            return
        others = [widths[at] for at in elastic if at != widest]
        floor = max([_NARROWEST_CELLS, *(width - 1 for width in others)])
        step = max(1, min(excess, widths[widest] - floor))
        widths[widest] -= step
        excess -= step


def styled(renderables: Iterable[RenderableType], *, measure: int = MEASURE_CELLS) -> None:
    """Print what Rich renders, at most ``measure`` cells wide; colours on a terminal only.

    Every segment is made visible again on its way out, whatever it was made of.
    """
    from rich.console import Console
    from rich.segment import Segment, Segments

    on_terminal = is_terminal(sys.stdout)
    out = io.StringIO()
    console = Console(
        file=out,
        width=min(width_cells(), measure) if on_terminal else measure,
        force_terminal=on_terminal,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
    )
    for renderable in renderables:
        segments = [
            Segment(visible(segment.text, newline="\n"), segment.style)
            for segment in console.render(renderable)
            if not segment.control
        ]
        console.print(Segments(segments), end="", soft_wrap=True)
        if out.tell() >= _CHUNK_LENGTH:
            _to_stdout(_taken(out, on_terminal))
    _to_stdout(_taken(out, on_terminal))


def _taken(out: io.StringIO, on_terminal: bool) -> str:
    """What was rendered since the last time; without the spaces that only colour would show."""
    rendered = _emptied(out)
    if on_terminal:
        return rendered
    return "\n".join(text.rstrip(" ") for text in rendered.split("\n"))


def _emptied(out: io.StringIO) -> str:
    """All that was written so far; then nothing is in it any more."""
    written = out.getvalue()
    out.seek(0)
    out.truncate()
    return written


def counted(number: int, noun: str) -> str:
    """A number with its noun, in the plural where there is not one."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print the traceback of a bug; it may quote data, so it is made visible too."""
    words("".join(traceback.format_exception(kind, error, trace)).rstrip("\n"))


def _to_stdout(text: str | bytes) -> None:
    stream = sys.stdout
    if stream is None or stream.closed:
        raise ExportError(f"Standard output is closed, so nothing could be printed.{_STORED}")
    encoding = (stream.encoding or "utf-8") if is_terminal(stream) else "utf-8"
    try:
        _write(stream, text, encoding)
    except BrokenPipeError as error:
        _give_up(stream)
        raise ReaderGoneError from error
    except OSError as error:
        _give_up(stream)
        raise ExportError(
            f"Standard output cannot be written: {error.strerror or error}.{_STORED}"
        ) from error


_STORED = " What the command stored in the database is stored; `annotui log` shows it."


def _write(stream: TextIO, text: str | bytes, encoding: str) -> None:
    stream.flush()
    stream.buffer.write(text if isinstance(text, bytes) else text.encode(encoding, "replace"))
    stream.buffer.flush()


def _give_up(stream: TextIO) -> None:
    """Let what is left in the buffer go nowhere, so that closing it at exit does not fail."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, stream.fileno())
    finally:
        os.close(nowhere)
