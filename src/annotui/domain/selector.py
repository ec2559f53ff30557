"""Selectors: ways to say which span of a text is meant.

Source: W3C Web Annotation Data Model, section 4.2 (text position and text quote selectors).
"""

from __future__ import annotations

import re

from annotui.domain.span import Span
from annotui.errors import SelectorError, SpanError


def by_position(text: str, start: int, end: int) -> Span:
    """The span of code points ``start`` to ``end``.

    Raises:
        SpanError: when it is empty, backwards, or not inside the text.
    """
    if start < 0 or end > len(text):
        raise SpanError(
            f"Span {start}..{end} is not inside the text, which has {len(text)} characters "
            f"(0..{len(text)}). Nothing was changed."
        )
    if start >= end:
        raise SpanError(
            f"Span {start}..{end} is empty or backwards: the end must be behind the start. "
            "Nothing was changed."
        )
    return Span(start, end)


def by_quote(text: str, quote: str, occurrence: int | None = None) -> Span:
    """The span of ``quote`` in ``text``; its ``occurrence`` (from 1) where there are several.

    Raises:
        SelectorError: when it is not there, or there more than once and no occurrence is given.
    """
    if not quote:
        raise SelectorError("The quote is empty. Nothing was changed.")
    if occurrence is not None and occurrence < 1:
        raise SelectorError(f"Occurrences count from 1, not {occurrence}. Nothing was changed.")
    found: list[int] = []
    position = text.find(quote)
    while position >= 0 and (occurrence is None or len(found) < occurrence):
        found.append(position)
        position = text.find(quote, position + 1)
    shown = quote if len(quote) <= 60 else quote[:59] + "…"
    if not found:
        raise SelectorError(
            f"The quote {shown!r} is not in the article. Nothing was changed; quotes must match "
            "to the letter, curly quotation marks and spaces included."
        )
    if occurrence is None:
        if len(found) > 1:
            numbers = "1 or 2" if len(found) == 2 else f"1 to {len(found)}"
            raise SelectorError(
                f"The quote {shown!r} is in the article {len(found)} times, at "
                f"{', '.join(map(str, found[:8]))}{' …' if len(found) > 8 else ''}. "
                f"Nothing was changed; say which one with --occurrence {numbers}."
            )
        occurrence = 1
    if occurrence > len(found):
        times = "once" if len(found) == 1 else f"{len(found)} times"
        raise SelectorError(
            f"The quote {shown!r} is in the article {times}; "
            f"there is no occurrence {occurrence}. Nothing was changed."
        )
    return Span(found[occurrence - 1], found[occurrence - 1] + len(quote))


def near(text: str, quote: str, start: int, reach: int) -> Span | None:
    """The only place of ``quote`` within ``reach`` code points of ``start``; None without one.

    A run of white space fits any other, since other programs fold line ends.
    """
    if not quote.strip():
        return None
    start = min(max(start, 0), len(text))
    window = text[max(0, start - reach) : start + reach + 2 * len(quote)]
    begin = max(0, start - reach)
    folded = r"\s+".join(map(re.escape, re.split(r"\s+", quote)))
    for pattern in (re.escape(quote), folded):
        found = re.finditer(f"(?=({pattern}))", window)
        places = [Span(begin + one.start(1), begin + one.end(1)) for one in found]
        places = [one for one in places if abs(one.start - start) <= reach]
        if places:
            return places[0] if len(places) == 1 else None
    return None
