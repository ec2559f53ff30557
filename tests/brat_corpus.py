"""Made-up corpora in brat form: news-like articles, text-bound lines, and which are wrong."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))

from documents import article

LABELS = ("claim", "denial", "statistic", "attribution")
ESCAPE = "\x1b[31m\x1b]52;c;aGk=\x07"
"""Would colour a terminal and write to its clipboard."""

_WORD = re.compile(r"\S+")


@dataclass
class Corpus:
    """What was written: the right lines by file, and where the wrong ones are: ``a.ann line 3``."""

    folder: Path
    lines: dict[str, list[str]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    discontinuous: int = 0

    @property
    def right(self) -> int:
        """How many text-bound lines are right."""
        return sum(map(len, self.lines.values()))


def make(
    folder: Path, documents: int, marks: int, *, malformed: int = 0, wrong: float = 0.0
) -> Corpus:
    """Write a corpus of ``documents`` articles with ``marks`` text-bound lines each.

    ``malformed`` is how many of all are written with a raw line end in their text, ``wrong`` the
    share of those that disagree with their text in one way or another. One mark in eight is
    discontinuous; the text of the second article has a raw escape character, and so has a mark.
    """
    rng = random.Random(f"{documents} {marks} {malformed} {wrong}")
    corpus = Corpus(folder)
    folder.mkdir(parents=True)
    broken = {round(n * documents / max(malformed, 1)) for n in range(malformed)}
    for number in range(documents):
        text = f"Article {number}\n\n{article(1_500 + rng.randrange(2_000))}"
        if number == 1:
            text = text[:40] + ESCAPE + text[40:]
        name = f"news_{number:04}"
        (folder / f"{name}.txt").write_bytes(text.encode())
        corpus.lines[f"{name}.ann"] = []
        written: list[str] = []
        spot = rng.randrange(marks) if number in broken else None
        for rank in range(marks):
            head = f"T{rank + 1}\t{rng.choice(LABELS)} "
            place = f"{name}.ann line {len(written) + 1}"
            if rank == spot:
                written.extend(_with_a_raw_line_end(head, text, rng).split("\n"))
                corpus.wrong.append(place)
                continue
            runs = _runs(text, rng, rank % 8 == 0)
            if ESCAPE in text and rank == 0:
                runs = list(_pieces(text, 35, 75))
            line = _line(head, text, runs)
            if rng.random() < wrong:
                written.append(_spoilt(line, runs, text, rng))
                corpus.wrong.append(place)
            else:
                written.append(line)
                corpus.lines[f"{name}.ann"].append(line)
                corpus.discontinuous += len(runs) > 1
        (folder / f"{name}.ann").write_bytes("".join(f"{one}\n" for one in written).encode())
    return corpus


def _line(head: str, text: str, runs: list[tuple[int, int]]) -> str:
    places = ";".join(f"{start} {end}" for start, end in runs)
    return f"{head}{places}\t{' '.join(text[start:end] for start, end in runs)}"


def _runs(text: str, rng: random.Random, is_discontinuous: bool) -> list[tuple[int, int]]:
    """One run of words, or two with other words between; cut at line ends, as brat does."""
    words = [found.span() for found in _WORD.finditer(text)]
    first = rng.randrange(len(words) - 30)
    count = rng.randrange(1, 14)
    runs = [(words[first][0], words[first + count - 1][1])]
    if is_discontinuous:
        after = first + count + 3
        runs.append((words[after][0], words[after + 8][1]))
    return [piece for run in runs for piece in _pieces(text, *run)]


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for found in re.finditer(r"[^\n]+", text[start:end]):
        yield start + found.start(), start + found.end()


def _with_a_raw_line_end(head: str, text: str, rng: random.Random) -> str:
    """A line for a run over a single blank line or line end, which is not cut there."""
    end = rng.choice([found.start() for found in re.finditer("[a-z.,]\n+[A-Z]", text)])
    start, behind = end - 12, end + 15
    return f"{head}{start} {behind}\t{text[start:behind]}"


def _spoilt(line: str, runs: list[tuple[int, int]], text: str, rng: random.Random) -> str:
    """The line with offsets or a text that disagree with each other."""
    head, places, quote = line.split("\t")
    label = places.split(" ")[0]
    start, end = runs[0][0], runs[-1][1]
    ways = [
        f"{head}\t{label} {start + 1} {end + 1}\t{text[start:end]!r}",
        f"{head}\t{places}\t{quote[:-1]}#",
        f"{head}\t{places}\t{quote} and more",
        f"{head}\t{label} {len(text) + 3} {len(text) + 9}\t{quote}",
        f"{head}\t{label} {end} {start}\t{quote}",
        f"{head}\t{label} {start} {start}\t{quote}",
        f"{head}\t{label} {start} {end} {quote}",
        f"{head}\t{label} -1 {end}\t{quote}",
        f"{head}\t{places}",
        f"{head} {places}\t{quote}",
    ]
    return rng.choice(ways)


def text_bound(path: Path) -> list[str]:
    """The text-bound lines of an ``.ann`` file."""
    return [line for line in path.read_bytes().decode().split("\n") if line.startswith("T")]
