"""Take three corpora of a thousand articles and 100,000 text-bound lines in, and one out again.

Usage: ``python robustness/brat_corpora.py [--documents 1000] [--marks 100]``. In the first every
line is right: it must come out line for line. In the second ten records have a raw line end in
their text, in the third a tenth of the lines disagree with the text: exactly those must be named.
One article in each has raw escape characters. Exit code 0: all held.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from brat_corpus import Corpus, make, text_bound

MALFORMED = 10
NAMED = re.compile(r"^annotui: corpus/(\S+ line \d+): expected .+, found .+$", re.MULTILINE)


def annotui(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run the program in ``folder``; its exit code and words."""
    command = [sys.executable, "-m", "annotui", "--annotator", "robustness", *arguments]
    ran = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return ran.returncode, ran.stderr.decode()


def check(holds: bool, what: str) -> None:
    """Say what holds, or stop.

    Raises:
        SystemExit: when it does not.
    """
    print(f"  {'yes' if holds else 'NO'}  {what}", flush=True)
    if not holds:
        raise SystemExit(1)


def taken_in(folder: Path, name: str, corpus: Corpus, *options: str) -> None:
    """Import a corpus and compare what is named with what is wrong."""
    began = time.perf_counter()
    code, words = annotui(folder, "import", "corpus", *options)
    seconds = time.perf_counter() - began
    last = [line for line in words.strip().split("\n") if not line.startswith("annotui: ")]
    print(f"{name}: {seconds:.1f} s, exit code {code}: {' '.join(last)}")
    named = NAMED.findall(words)
    check(code == (3 if corpus.wrong else 0), "the exit code tells whether anything was left out")
    check(sorted(named) == sorted(corpus.wrong), f"exactly the {len(corpus.wrong):,} wrong named")
    check(f"{corpus.right:,} annotations imported" in words, f"{corpus.right:,} right came in")
    check("\x1b" not in words, "no escape character reaches the terminal")


def main() -> None:
    """Make the corpora and try them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--marks", type=int, default=100)
    given = parser.parse_args()
    kinds: dict[str, tuple[int, float]] = {
        "every line right": (0, 0.0),
        "some malformed": (MALFORMED, 0.0),
        "a tenth wrong": (0, 0.1),
    }
    for name, (malformed, wrong) in kinds.items():
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            corpus = make(
                folder / "corpus", given.documents, given.marks, malformed=malformed, wrong=wrong
            )
            taken_in(folder, name, corpus, *(["--skip-bad"] if corpus.wrong else []))
            check(annotui(folder, "verify")[0] == 0, "annotui verify finds nothing")
            if not corpus.wrong:
                annotui(folder, "export", "--format", "brat", "-o", "out")
                same = all(
                    text_bound(folder / "out" / one) == lines for one, lines in corpus.lines.items()
                )
                parted = f"{corpus.discontinuous:,} discontinuous among them"
                check(same, f"it comes out line for line, {parted}")


if __name__ == "__main__":
    main()
