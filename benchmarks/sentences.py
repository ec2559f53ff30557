"""How well annotui finds the ends of sentences in news, beside the libraries that are installed.

Run by hand: ``python benchmarks/sentences.py``; README.md says what is measured.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from annotui.domain.segment import Segmenter, Unit

GOLD = Path(__file__).parent / "sentence_texts" / "news.txt"
INSIDE = " | "
"""Stands in the gold text for a space at which a sentence ends inside a quotation."""

Splitter = Callable[[str], Iterable[int]]
"""From a paragraph to the offsets (code points) at which its sentences end."""


@dataclass(frozen=True, slots=True)
class Gold:
    """A paragraph and where its sentences end; ``inside`` are the ends inside quotations."""

    text: str
    ends: frozenset[int]
    inside: frozenset[int]


@dataclass(slots=True)
class Score:
    """Ends that were found, found wrongly and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def count(self, found: frozenset[int], wanted: frozenset[int]) -> None:
        self.right += len(found & wanted)
        self.wrong += len(found - wanted)
        self.missed += len(wanted - found)

    @property
    def figures(self) -> tuple[float, float, float]:
        """Precision, recall and their harmonic mean."""
        precision = self.right / max(1, self.right + self.wrong)
        recall = self.right / max(1, self.right + self.missed)
        return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def gold_paragraphs(path: Path = GOLD) -> Iterator[Gold]:
    """The paragraphs of the gold text: a sentence a line, a blank line between paragraphs."""
    for block in path.read_text("utf-8").strip().split("\n\n"):
        text, ends, inside = "", set(), set()
        for line in block.split("\n"):
            parts = line.split(INSIDE)
            for part in parts:
                text += (" " if text else "") + part
                ends.add(len(text))
                inside.add(len(text))
            inside.discard(len(text))
        ends.discard(len(text))
        yield Gold(text, frozenset(ends), frozenset(inside & ends))


def _ours(text: str) -> Iterator[int]:
    segmenter, end = Segmenter(text), 0
    while end < len(text):
        end = segmenter.next_end(Unit.SENTENCE, end)
        yield end


def _found_again(text: str, sentences: Iterable[str]) -> Iterator[int]:
    """The ends of sentences that a library gives as strings."""
    end = 0
    for sentence in sentences:
        start = text.find(sentence.strip(), end)
        if start >= 0:
            end = start + len(sentence.strip())
            yield end


def _pysbd() -> Splitter:
    import pysbd  # type: ignore[import-untyped]

    segmenter = pysbd.Segmenter(language="en", clean=False)
    return lambda text: _found_again(text, segmenter.segment(text))


def _syntok() -> Splitter:
    from syntok import segmenter

    def ends(text: str) -> Iterator[int]:
        for paragraph in segmenter.analyze(text):
            for sentence in paragraph:
                yield sentence[-1].offset + len(sentence[-1].value)

    return ends


def _nupunkt() -> Splitter:
    from nupunkt import sent_tokenize

    return lambda text: _found_again(text, sent_tokenize(text))


def _blingfire() -> Splitter:
    import blingfire

    return lambda text: _found_again(text, blingfire.text_to_sentences(text).split("\n"))


def _spacy() -> Splitter:
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    return lambda text: (sentence.end_char for sentence in nlp(text).sents)


LIBRARIES: dict[str, Callable[[], Splitter]] = {
    "pysbd": _pysbd,
    "syntok": _syntok,
    "nupunkt": _nupunkt,
    "blingfire": _blingfire,
    "spacy sentencizer": _spacy,
}


def _installed() -> Iterator[tuple[str, Splitter]]:
    yield "annotui", _ours
    for name, load in LIBRARIES.items():
        try:
            yield name, load()
        except (ImportError, LookupError) as error:
            reason = str(error).strip().split("\n")[0].strip("* ")
            print(f"{name} is left out: {reason or 'its data is missing'}", file=sys.stderr)


def main() -> int:
    """Print a line for each library; with ``--errors``, what ours gets wrong as well."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--errors", action="store_true", help="print annotui's wrong ends")
    options = parser.parse_args()
    paragraphs = list(gold_paragraphs())
    print(f"{sum(len(one.ends) + 1 for one in paragraphs)} sentences\n")
    print("| | precision | recall | F1 | F1 less ends inside quotations | ms per 10 kB |")
    print("|---|---|---|---|---|---|")
    for name, splitter in _installed():
        print(_line(name, splitter, paragraphs))
    if options.errors:
        _print_errors(paragraphs)
    return 0


def _line(name: str, splitter: Splitter, paragraphs: list[Gold]) -> str:
    strict, lenient = Score(), Score()
    list(splitter(paragraphs[0].text))
    began = time.perf_counter()
    found = [frozenset(splitter(one.text)) - {len(one.text)} for one in paragraphs]
    took_ms = (time.perf_counter() - began) * 1000
    for ends, gold in zip(found, paragraphs, strict=True):
        strict.count(ends, gold.ends)
        lenient.count(ends - gold.inside, gold.ends - gold.inside)
    size = sum(len(one.text) for one in paragraphs)
    figures = (f"{figure:.3f}" for figure in (*strict.figures, lenient.figures[2]))
    return f"| {name} | {' | '.join(figures)} | {took_ms * 10_000 / size:.1f} |"


def _print_errors(paragraphs: list[Gold]) -> None:
    for gold in paragraphs:
        ends = frozenset(_ours(gold.text)) - {len(gold.text)}
        for end in sorted(ends ^ gold.ends):
            what = "wrong" if end in ends else "missed"
            around = gold.text[max(0, end - 30) : end], gold.text[end : end + 20]
            print(f"{what}: {around[0]} ▌{around[1]}")


if __name__ == "__main__":
    sys.exit(main())
