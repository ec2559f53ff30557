"""Grapheme edges around an offset, found without reading the text from its beginning."""

from __future__ import annotations

from functools import lru_cache

FORCED_EDGE_EVERY = 4096
"""Offsets at which a cluster without a sure edge nearby is cut, so that a look-up stays local."""

LONGEST_CLUSTER = 64
"""Code points of a cluster (or a run of flags) that is never cut."""


def next_grapheme(text: str, offset: int) -> int:
    """The first grapheme edge after ``offset``, at most ``len(text)``.

    Source: Unicode Standard Annex #29, extended grapheme clusters, as wcwidth has them.
    """
    offset = max(offset, 0)
    if offset + 1 >= len(text):
        return len(text)
    if _is_sure_edge(text[offset], text[offset + 1]):
        return offset + 1
    return _cluster_around(text, offset)[1]


def previous_grapheme(text: str, offset: int) -> int:
    """The last grapheme edge before ``offset``, at least 0."""
    return grapheme_floor(text, min(offset, len(text)) - 1)


def grapheme_floor(text: str, offset: int) -> int:
    """The grapheme edge at or before ``offset``."""
    if offset <= 0 or not text:
        return 0
    if offset >= len(text):
        return len(text)
    if _is_sure_edge(text[offset - 1], text[offset]):
        return offset
    return _cluster_around(text, offset)[0]


def grapheme_ceiling(text: str, offset: int) -> int:
    """The grapheme edge at or after ``offset``."""
    return offset if grapheme_floor(text, offset) == offset else next_grapheme(text, offset)


def is_simple(character: str) -> bool:
    """Whether the character never joins another (carriage return and line feed aside).

    True for Latin letters, ASCII and the quotation marks and dashes of news texts.
    """
    return character < "\u0300" or "\u2010" <= character <= "\u2027"


def _cluster_around(text: str, offset: int) -> tuple[int, int]:
    """The edges of the cluster that holds the code point at ``offset``."""
    from wcwidth import iter_graphemes  # 15 ms that plain Latin text never needs

    edge = _restart(text, offset)
    for cluster in iter_graphemes(text[edge : _horizon(text, offset)]):
        following = edge + len(cluster)
        if following > offset:
            return edge, following
        edge = following
    return edge, len(text)


def _restart(text: str, offset: int) -> int:
    """The last offset, at or before ``offset``, that is an edge whatever stands before it."""
    for position in range(offset, 0, -1):
        if _is_sure_edge(text[position - 1], text[position]) or _is_forced(text, position):
            return position
    return 0


def _horizon(text: str, offset: int) -> int:
    """An offset behind the end of the cluster at ``offset``."""
    nearest = (offset // FORCED_EDGE_EVERY + 1) * FORCED_EDGE_EVERY
    if nearest < len(text) and _is_forced(text, nearest):
        return nearest
    return min(len(text), nearest + FORCED_EDGE_EVERY)


def _is_forced(text: str, position: int) -> bool:
    """Whether the text is cut at ``position`` since no sure edge stands shortly before it."""
    if position % FORCED_EDGE_EVERY:
        return False
    return not any(
        _is_sure_edge(text[before - 1], text[before])
        for before in range(position, position - LONGEST_CLUSTER, -1)
    )


@lru_cache(maxsize=8192)
def _is_sure_edge(before: str, after: str) -> bool:
    """Whether an edge lies between the two characters, whatever surrounds them.

    Only a character that itself joins the one before it (a mark, a joiner) can make the rules
    look further back, and never on account of an ASCII character.
    """
    if is_simple(before) and is_simple(after):
        return before != "\r" or after != "\n"
    if _cluster_count(before + after) == 1:
        return False
    return after.isascii() or _cluster_count("a" + before) == 2


def _cluster_count(text: str) -> int:
    from wcwidth import iter_graphemes

    return sum(1 for _ in iter_graphemes(text))
