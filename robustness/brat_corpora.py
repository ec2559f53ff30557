"""Take three corpora of a thousand articles and 100,000 text-bound lines in, and one out again.

In the first every line is right: it must come out line for line. In the second ten records have a
raw line end in their text, in the third a tenth of the lines disagree with the text: exactly those
must be named. One article of each has raw escape characters.
"""

from __future__ import annotations

import re
import time
from pathlib import Path

from proof import Finding, Wanted, problems, run

from brat_corpus import Corpus, make, text_bound

IMPORT_S = 600.0
DOCUMENTS, MARKS, MALFORMED, WRONG = 1000, 100, 10, 0.1
NAMED = re.compile(r"^annotui: corpus/(\S+ line \d+): expected .+, found .+$", re.MULTILINE)


def prove(wanted: Wanted) -> list[Finding]:
    """The three corpora, one after the other."""
    return [
        everything_right(wanted),
        some_wrong(wanted, "a raw line end in the text", MALFORMED, 0.0),
        some_wrong(wanted, "offsets or text that disagree", 0, WRONG),
    ]


def corpus_in(folder: Path, wanted: Wanted, malformed: int, wrong: float) -> Corpus:
    """A corpus of the size that is wanted, in ``folder/corpus``."""
    documents = wanted.count(DOCUMENTS, 2 * MALFORMED)
    return make(folder / "corpus", documents, MARKS, malformed=malformed, wrong=wrong)


def everything_right(wanted: Wanted) -> Finding:
    """In and out again."""
    folder = wanted.folder / "right"
    corpus = corpus_in(folder, wanted, 0, 0.0)
    began = time.monotonic()
    code, words = imported(folder)
    seconds = time.monotonic() - began
    run("export", "--format", "brat", "-o", "out", home=folder, patience_s=IMPORT_S)
    differing = sum(
        text_bound(folder / "out" / name) != lines for name, lines in corpus.lines.items()
    )
    found = problems(folder / "annotations.db")
    return Finding(
        f"{corpus.right:,} text-bound lines of {len(corpus.lines):,} articles in brat form, "
        f"{corpus.discontinuous:,} discontinuous, imported ({seconds:.0f} s) and exported",
        "every line comes out as it came in, `annotui verify` clean",
        f"{differing} files differ, {len(found)} problems, exit code {code}",
        not differing and not found and code == 0 and not NAMED.findall(words),
    )


def some_wrong(wanted: Wanted, what: str, malformed: int, wrong: float) -> Finding:
    """In, with what is wrong left out."""
    folder = wanted.folder / f"wrong-{malformed}"
    corpus = corpus_in(folder, wanted, malformed, wrong)
    code, words = imported(folder, "--skip-bad")
    named = NAMED.findall(words)
    missed, made_up = set(corpus.wrong) - set(named), set(named) - set(corpus.wrong)
    came_in = f"{corpus.right:,} annotations imported" in words
    found = problems(folder / "annotations.db")
    return Finding(
        f"a corpus with {len(corpus.wrong):,} lines of {corpus.right + len(corpus.wrong):,} wrong "
        f"({what}), imported with `--skip-bad`",
        "exactly those are named by file and line, the others come in, no escape character is sent",
        f"{len(named):,} named, {len(missed)} missed, {len(made_up)} made up, "
        f"{'all' if came_in else 'not all'} others in, {len(found)} problems, exit code {code}",
        not (missed or made_up or found)
        and len(named) == len(corpus.wrong)
        and came_in
        and code == 3
        and "\x1b" not in words,
    )


def imported(folder: Path, *options: str) -> tuple[int, str]:
    """Import the corpus; exit code and words."""
    ran = run("import", "corpus", *options, home=folder, patience_s=IMPORT_S)
    return ran.returncode, ran.stderr
