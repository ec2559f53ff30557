"""Texts and look-ups that the tests of segmentation share."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

from annotui.domain.segment import Segmenter, Unit

SEED_ARTICLE = (
    Path(__file__).parents[2].joinpath("seeds", "000_1182b3f968a00b82.txt").read_text("utf-8")
)

PIECES = [
    *["a", "the", "said", "that", "and", "who", "He", "U.S.", "Mr.", "1,250.5", "don’t", "p.m."],
    *[" ", " ", " ", "  ", "\n", "\n\n", "\r\n", "\t", "\u2028", "\u00a0", "\r", "\x0b"],
    *[".", "!", "?", "…", "...", ",", ";", ":", "—", " – ", "-", "(", ")", "[1]", "•", "_", "$"],
    *["“", "”", "‘", "’", '"', "'", "„", "«", "»", "「", "」", "『", "』", "‚"],
    *["日本", "か", "カ", "。", "、", "م", "،", "؟", "한", "क्षि", "ก"],
    *["\u0301", "\u200d", "👩\u200d🚀", "🇩🇪", "\U0001f1e9", "👍🏽", "\u0600", "\ufe0f", "\xad"],
]
texts = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
"""Texts that mix news prose with everything that joins, separates, or reads ambiguously."""


def units_of(text: str, unit: Unit) -> list[str]:
    """Every unit of the text, walked from start to start."""
    segmenter = Segmenter(text)
    found, offset = [], -1
    while (start := segmenter.next_start(unit, offset)) < len(text):
        span = segmenter.at(unit, start)
        assert span is not None
        found.append(span.slice(text))
        offset = start
    return found
