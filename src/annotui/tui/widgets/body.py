"""What the article and what stands beside or below it lie in."""

from __future__ import annotations

from textual.containers import Horizontal


class Body(Horizontal):
    """Draws nothing itself, since all of it is covered; Textual draws each line of a container.

    That would be as many lines again as the article has, at every key.
    """

    BLANK = True
