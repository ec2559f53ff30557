"""Sentences of one paragraph by rules for news prose.

Why not a library: pysbd takes 35 ms for 5,000 characters (these rules 2 ms), gives strings that
have to be found again in the text, and cuts ``5 p.m. | Tuesday`` and ``one count! | – cheered``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from annotui.domain import lexicon
from annotui.domain.edges import Bounds, split_at

_WIDE_STOPS = "。！？｡"
_STOP = re.compile(
    rf"""
    (?P<stop> [.!?…]+ | [{_WIDE_STOPS}]+ | [؟۔।॥‼⁇⁈⁉]+ )
    (?P<closers> (?:["'”’»›)\]}}」』｣〞〟）］｝】〉》“‘«] | \[\d+\])* )
    (?P<space> \s* )
    """,
    re.VERBOSE,
)
_QUOTES = "\"'”’»›」』｣〞〟“‘«"
_NEXT = re.compile(r"(?P<openers>[\"'“”„«»‘‚(\[{¿¡「『]*)(?P<word>[^\W_]+(?:[’'.][^\W_]+)*)?")
_LIST_NUMBER = re.compile(r"\s*\(?(?:\d{1,3}|[A-Za-z])\Z")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]\Z")
_SPEECH = "|".join(sorted(lexicon.SPEECH_VERBS, key=len, reverse=True))
_BULLET = re.compile(r"\s*(?:[•◦▪‣●*]|[-–—](?=\s))")
_LONGEST_TOKEN = 24
_WRAPPED_WIDTH = 40
"""A paragraph of narrower lines has no line of which one could say that it ends early."""


@cache
def _attribution() -> re.Pattern[str]:
    """A few words that end with a verb of saying; compiled at its first use."""
    return re.compile(rf"[^\W\d_][\w.’'-]*\s+(?:[\w.’'-]+\s+){{0,4}}?(?:{_SPEECH})\b")


def sentence_bounds(paragraph: str, words: Sequence[Bounds]) -> list[Bounds]:
    """The sentences of ``paragraph`` in order; together they hold every visible character.

    No edge falls into one of ``words``.
    """
    starts = [0]
    for match in _STOP.finditer(paragraph):
        if match.end() < len(paragraph) and _ends_sentence(paragraph, match, starts[-1]):
            starts.append(match.end())
    starts.extend(_starts_after_short_lines(paragraph))
    return split_at(paragraph, _outside_words(sorted(starts), words), len(paragraph))


def _outside_words(starts: Sequence[int], words: Sequence[Bounds]) -> Iterator[int]:
    remaining = iter(words)
    word = next(remaining, None)
    for start in starts:
        while word is not None and word[1] <= start:
            word = next(remaining, None)
        if word is None or not word[0] < start:
            yield start


def _ends_sentence(paragraph: str, match: re.Match[str], sentence_start: int) -> bool:
    stop, closers, space = match["stop"], match["closers"], match["space"]
    quoted = any(closer in _QUOTES for closer in closers)
    if stop[0] in _WIDE_STOPS:
        return bool(space) or not closers
    if not space:
        return _lacks_space(paragraph, match)
    following = _NEXT.match(paragraph, match.end())
    assert following is not None
    word = following["word"] or ""
    first = word[:1] or paragraph[following.end() : following.end() + 1]
    if first.islower():
        return stop == "." and bool(following["openers"])
    if first in ".,;:" or (first in "–—-" and (stop != "." or quoted)):
        return False
    if stop == "." and not closers:
        return _full_stop_ends(paragraph, sentence_start, match.start(), following)
    if quoted and stop[-1] in "!?…":
        return not _is_attribution(paragraph, match.end(), word)
    return not (stop in ("…", "...") and word in ("I", "I’m", "I'm"))


def _lacks_space(paragraph: str, match: re.Match[str]) -> bool:
    """Whether a sentence follows at once, as in ``Gay Times.Read the original``."""
    start, end = match.start(), match.end()
    before, after = paragraph[max(0, start - 2) : start], paragraph[end : end + 2]
    return (
        match["stop"][0] in ".!?"
        and len(before) == len(after) == 2
        and before.islower()
        and before.isalpha()
        and after.isalpha()
        and after[0].isupper()
        and after[1].islower()
    )


def _full_stop_ends(
    paragraph: str, sentence_start: int, stop: int, following: re.Match[str]
) -> bool:
    """Whether the full stop at ``stop``, with a space after it, is more than an abbreviation's."""
    token = _token_before(paragraph, sentence_start, stop)
    lowered, word = token.lower(), following["word"] or ""
    capital = token[:1].isupper()
    if lowered in lexicon.SMALL_LINKS or (capital and lowered in lexicon.TITLES):
        return False
    if _LIST_NUMBER.match(paragraph[max(sentence_start, stop - 8) : stop]) and not (
        paragraph[sentence_start : max(sentence_start, stop - 8)].strip()
    ):
        return False
    if lowered in lexicon.NUMBERED and not (capital and len(token) == 1):
        return not word[:1].isdigit()
    if lowered in lexicon.CLOCK:
        return word[:1].isupper() and word.lower() not in lexicon.AFTER_CLOCK
    if (capital and lowered in lexicon.MAY_END) or _INITIALS.match(token):
        return bool(following["openers"]) or word.lower() in lexicon.BEGINNERS
    return True


def _token_before(paragraph: str, sentence_start: int, stop: int) -> str:
    """The letters, digits and full stops that end at ``stop``."""
    start = stop
    while start > max(sentence_start, stop - _LONGEST_TOKEN):
        character = paragraph[start - 1]
        if not character.isalnum() and character != ".":
            break
        start -= 1
    return paragraph[start:stop].lstrip(".")


def _is_attribution(paragraph: str, start: int, word: str) -> bool:
    """Whether ``Trump asked`` or the like stands at ``start``, behind a quotation."""
    if word.lower() in lexicon.BEGINNERS and word != "I":
        return False
    return _attribution().match(paragraph, start) is not None


def _starts_after_short_lines(paragraph: str) -> Iterator[int]:
    """Starts of lines that begin a sentence though the line before has no full stop.

    That is so for bullets, and behind a line (a headline, a by-line) that ends much earlier than
    the lines of its paragraph are wide. Elsewhere a line break is a space.
    """
    lines = paragraph.split("\n")
    width = max(map(len, lines))
    start = 0
    for line, following in pairwise(lines):
        start += len(line) + 1
        if _BULLET.match(following) or _stands_alone(line, following, width):
            yield start


def _stands_alone(line: str, following: str, width: int) -> bool:
    last_words = line.rsplit(None, 1)
    next_words = following.split(None, 1)
    if width < _WRAPPED_WIDTH or not last_words or not next_words:
        return False
    first_word = next_words[0].lstrip(_QUOTES + "“‘([")
    return (
        len(line) + 1 + len(next_words[0]) <= width // 2
        and (first_word[:1].isupper() or first_word[:1].isdigit())
        and (last_words[-1][-1].isalnum() or last_words[-1][-1] in _QUOTES + ")]")
        and last_words[-1].lower() not in lexicon.WEAK_LINE_ENDS
    )
