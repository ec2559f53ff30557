"""Words of one paragraph, as a reader of news would count them.

In the spirit of Unicode Standard Annex #29, but figures (``$3.2m``, ``9th``), hyphenated words,
initials (``U.S.``), ``LGBT+``, addresses and handles stay whole. Han characters are single words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from functools import cache

from annotui.domain.edges import Bounds
from annotui.domain.graphemes import grapheme_ceiling, grapheme_floor

NOT_SIMPLE = re.compile("[^\x00-\u02ff\u2010-\u2027]")
"""Finds a character that may join the one before it; see ``graphemes.is_simple``."""

_JOINER = "\ua78f"
"""A rare letter that stands in for marks and joiners inside a word while words are looked for."""

_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HIRAGANA = "\u3040-\u309f"
_KATAKANA = "\u30a0-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_LETTER_OR_DIGIT = rf"[^\W_{_HAN}{_HIRAGANA}{_KATAKANA}]"
_LETTER = rf"[^\W\d_{_HAN}{_HIRAGANA}{_KATAKANA}]"

_INITIALS = rf"(?:Ph|{_LETTER})\.(?:{_LETTER}\.)*{_LETTER}(?!\w)\.?"
_ONE_INITIAL = r"[A-HJ-Z]\.(?=[ \u00a0][A-Z])"
_RUN = rf"(?:{_INITIALS}|{_LETTER_OR_DIGIT}+)"
_JOINT = rf"""(?:
    [-‐‑–’'&@_\u00ad] (?={_LETTER_OR_DIGIT})
    | (?<=\d) [.,:/] (?=\d)
    | \. (?=[a-z]{{2}})
    | (?<=[A-Z]) [$£€] (?=\d)
    | _+
)"""
_PREFIX = r"(?:[@\#]_* | [$£€¥₹₽₩](?=\d) | [’'‘](?=\d\ds?\b))"
_SUFFIX = r"(?:[%‰] | °[CF]? | \+{1,2}(?![\w+]))"
_WORD = rf"""
    (?=[hw]) (?:https?://|www\.)[!\#-;=?-~]*[\w/]
    | [{_HAN}]{_JOINER}*
    | [{_HIRAGANA}{_JOINER}]+
    | [{_KATAKANA}{_JOINER}]+
    | {_ONE_INITIAL}
    | {_PREFIX}? {_RUN} (?:{_JOINT} {_RUN})* {_SUFFIX}?
"""


@cache
def _word() -> re.Pattern[str]:
    """The pattern of a word, compiled at its first use: that takes 20 ms."""
    return re.compile(_WORD, re.VERBOSE)


def word_bounds(paragraph: str, marks: Container[int] = ()) -> list[Bounds]:
    """The words of ``paragraph`` in order.

    ``marks`` are offsets of quotation marks; another ``’`` after a final s belongs to its word.
    """
    simple = NOT_SIMPLE.search(paragraph) is None
    found = _word().finditer(paragraph if simple else _with_joiners(paragraph))
    words = [_with_apostrophe(paragraph, match.span(), marks) for match in found]
    return words if simple else _on_grapheme_edges(paragraph, words)


def _with_apostrophe(paragraph: str, word: Bounds, marks: Container[int]) -> Bounds:
    """The word with the apostrophe of a plural (``the workers’``), if one follows."""
    start, end = word
    if end < len(paragraph) and paragraph[end] in "’'" and paragraph[end - 1] in "sSxz":
        followed = end + 1 < len(paragraph) and paragraph[end + 1].isalnum()
        if end not in marks and not followed:
            return start, end + 1
    return word


def _with_joiners(paragraph: str) -> str:
    """The paragraph, code point for code point, with every mark inside a word as a letter."""
    characters = list(paragraph)
    for match in NOT_SIMPLE.finditer(paragraph):
        index, character = match.start(), match[0]
        joins = character in "\u200c\u200d" or unicodedata.category(character)[0] == "M"
        if joins and index and characters[index - 1].isalnum():
            characters[index] = _JOINER
    return "".join(characters)


def _on_grapheme_edges(paragraph: str, words: list[Bounds]) -> list[Bounds]:
    """The words with their edges between graphemes; two that share a grapheme become one."""
    joined: list[Bounds] = []
    for start, end in words:
        start, end = grapheme_floor(paragraph, start), grapheme_ceiling(paragraph, end)
        if joined and start < joined[-1][1]:
            start, _ = joined.pop()
        joined.append((start, end))
    return joined
