"""Which line of a text is its headline."""

from __future__ import annotations

HEADLINE_LENGTH = 120
"""Code points of a first line at most for it to be drawn as a headline."""


def headline_of(text: str) -> tuple[int, int]:
    """Start and end of the first line, where it is short and a blank line follows."""
    start = len(text) - len(text.lstrip())
    line_end = text.find("\n", start)
    if 0 < line_end - start <= HEADLINE_LENGTH:
        following = text.find("\n", line_end + 1)
        if following >= 0 and not text[line_end:following].strip():
            return start, line_end
    return 0, 0
