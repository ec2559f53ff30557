"""Made-up news prose of any size: the same words for the same size on every machine."""

from __future__ import annotations

import random

HEADLINE = "Council meets on harbour bridge"
LEAD = "Nobody agreed on Monday"
SIZES = {"4kB": 4_000, "10kB": 10_000, "1MB": 1_000_000, "10MB": 10_000_000}

VOCABULARY = """
the the the the a a an of of to to in in and and that that for on with as by at from it its was
were had has have said says will would could may not but after before over under between against
council minister mayor report figures workers company union court judge police ministry budget
energy harbour bridge school hospital river weather market price cost tax vote law plan project
residents families farmers drivers engineers officials critics supporters analysts reporters
claimed denied confirmed rejected announced promised warned argued found showed rose fell reached
estimated published approved delayed opened closed built repaired measured counted million percent
nearly about roughly more less than last next year month week Tuesday Friday morning evening new old
public private local national official independent early late serious small large possible unlikely
"""
WORDS = VOCABULARY.split()
SHORT_LINES = (
    "What happens next",
    "The figures",
    "‘We were not asked’",
    "A long winter – and a short summer",
)


def article(length: int) -> str:
    """Exactly ``length`` code points: headline, lead, paragraphs of about 500, short lines.

    Curly quotes and dashes stand in it, so it is a little longer in UTF-8.
    """
    rng = random.Random(length)
    blocks = [HEADLINE, f"{LEAD}. {_paragraph(rng)}"]
    size = sum(map(len, blocks)) + 2
    while size < length:
        block = rng.choice(SHORT_LINES) if rng.random() < 0.08 else _paragraph(rng)
        blocks.append(block)
        size += len(block) + 2
    return "\n\n".join(blocks)[: length - 1] + "\n"


def _paragraph(rng: random.Random) -> str:
    wanted = rng.randint(400, 600)
    sentences: list[str] = []
    size = 0
    while size < wanted:
        sentences.append(_sentence(rng))
        size += len(sentences[-1]) + 1
    return " ".join(sentences)


def _sentence(rng: random.Random) -> str:
    words = rng.choices(WORDS, k=rng.randint(8, 26))
    words[0] = words[0].capitalize()
    if len(words) > 12:
        words[len(words) // 2] += ","
    sentence = " ".join(words)
    kind = rng.random()
    if kind < 0.12:
        return f"“{sentence},” the {rng.choice(WORDS)} said."
    if kind < 0.2:
        return f"{sentence} — {rng.randint(2, 98)}.{rng.randint(0, 9)} percent."
    return f"{sentence}’s." if kind < 0.22 else f"{sentence}."
