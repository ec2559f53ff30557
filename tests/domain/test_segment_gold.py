"""Sentences of the benchmark's gold text, of which none may be lost again."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from segment_texts import units_of

from annotui.domain.segment import Unit
from sentences import gold_paragraphs


def test_the_gold_text_is_as_long_as_the_readme_says() -> None:
    assert sum(len(gold.ends) + 1 for gold in gold_paragraphs()) == 163


def test_every_sentence_of_the_gold_text_is_found() -> None:
    for gold in gold_paragraphs():
        edges = [0, *sorted(gold.ends), len(gold.text)]
        parts = [gold.text[edges[i] : edges[i + 1]].strip() for i in range(len(edges) - 1)]
        assert units_of(gold.text, Unit.SENTENCE) == parts
