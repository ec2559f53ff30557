"""A database with as many annotations as a benchmark wants, written by annotui's own code."""

from __future__ import annotations

import bisect
import itertools
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

ANNOTATOR = "bench"
LABELS = ("claim", "denial", "statistic", "attribution")
WORDS_A_MARK = 10
FIRST_WORD = 60
"""The top stays bare, so that no list of marks repeats the words that a start is told by."""


DENSE = 60
"""Annotations that all lie in one paragraph, the one in the middle of the first screen."""

DENSE_PLACE = 1_000
"""A code point of that paragraph."""


class NotReady(Exception):
    """annotui has no way to write many annotations at once, or there is no annotui."""


def marks(text: str, count: int) -> Iterator[tuple[int, int, str]]:
    """``count`` runs of ten words spread evenly over ``text``: start, end, label.

    Of every eight the last two lie on the one before: one begins five words later and overlaps
    it, one is its inner six words and is nested.
    """
    words = [match.span() for match in re.finditer(r"\w[\w’]*", text)]
    if count == DENSE:
        yield from _dense(text, words)
        return
    places = max(1, (count * 6 + 7) // 8)
    gap = (len(words) - FIRST_WORD - 2 * WORDS_A_MARK) / places
    labels = itertools.cycle(LABELS)
    made = 0
    for place in range(places):
        first = FIRST_WORD + int(place * gap)
        spans = [(first, WORDS_A_MARK)]
        if place % 6 == 5:
            spans += [(first + WORDS_A_MARK // 2, WORDS_A_MARK), (first + 2, 6)]
        for start, length in spans[: count - made]:
            made += 1
            yield words[start][0], words[start + length - 1][1], next(labels)


def _dense(text: str, words: list[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """Runs of two to twelve words that begin on one word after the other of one paragraph.

    None is of one word, since the label keys that are timed mark single words.
    """
    start = text.rindex("\n\n", 0, DENSE_PLACE)
    end = text.index("\n\n", DENSE_PLACE)
    inside = [word for word in words if start <= word[0] and word[1] <= end]
    for number, label in zip(range(DENSE), itertools.cycle(LABELS), strict=False):
        first = number * (len(inside) - 12) // DENSE
        yield inside[first][0], inside[first + 1 + number % 11][1], label


def fill_database(database: Path, text: Path, count: int) -> None:
    """Make ``database`` with the document ``text`` and ``count`` annotations by ``bench``.

    A process of its own does it, so that the one which measures stays small.

    Raises:
        NotReady: when annotui cannot do it.
    """
    command = [sys.executable, __file__, str(database), str(text), str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotReady(f"{database.name} could not be filled.\n{done.stderr[-1500:]}")


def write_marks(database: Path, path: Path, count: int) -> None:
    """Write each mark as a change of its own, as if a person had made it, in one transaction.

    The line is looked up in a list: ``Annotation.on`` counts it from the top of the text.
    """
    from annotui.domain.annotation import CONTEXT_LENGTH, Annotation
    from annotui.domain.change import ChangeKind
    from annotui.domain.identifier import uuid7
    from annotui.services import library
    from annotui.services.session import summary_of
    from annotui.services.workspace import Workspace
    from annotui.storage import annotations

    workspace = Workspace(database, ANNOTATOR)
    document = library.document(workspace, library.add_file(workspace, path).document_id)
    text, document_id = document.text, document.document_id
    line_ends = [match.start() for match in re.finditer("\n", text)]
    with workspace.writing() as db:
        for start, end, label in marks(text, count):
            mark = Annotation(
                annotation_id=uuid7(),
                document_id=document_id,
                label=label,
                start=start,
                end=end,
                quote=text[start:end],
                annotator=ANNOTATOR,
                prefix=text[max(0, start - CONTEXT_LENGTH) : start],
                suffix=text[end : end + CONTEXT_LENGTH],
                line=bisect.bisect_left(line_ends, start) + 1,
            )
            kind, summary = ChangeKind.ANNOTATE, summary_of(mark)
            change = workspace.begin(db, kind, document_id=document_id, summary=summary)
            mark = replace(mark, created_at=change.changed_at, updated_at=change.changed_at)
            annotations.insert(db, mark, change.change_id)
    workspace.close()


if __name__ == "__main__":
    write_marks(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
