"""What may have the keys for a while, before the table of actions is asked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Protocol

from annotui.tui.legend import Hints
from annotui.tui.selecting import Selecting
from annotui.tui.widgets.article_view import ArticleView
from annotui.tui.widgets.bar import Part


class ModeHost(Protocol):
    """What every mode asks of the reader."""

    view: ArticleView
    selecting: Selecting
    mode: Mode | None

    def leave_mode(self) -> None:
        """Give the keys back to the mode that waits below, or to the table of actions."""

    def say(self, text: str, style: str = "", *, whole: bool = False) -> None:
        """Say something in the status line until the next key."""


class Mode(ABC):
    """Has the keys of the reader until it is left; ``hints`` are the keys that the footer shows."""

    hints: Hints = ()

    waits_below = False
    """Whether another mode gives the keys back to this one."""

    def __init__(self, reader: ModeHost) -> None:
        self.reader = reader
        self.below: Mode | None = None

    @abstractmethod
    async def press(self, key: str) -> bool:
        """Do what ``key`` means here; False where it means what it does everywhere."""

    @abstractmethod
    def status(self) -> tuple[Part, ...]:
        """What the status line says meanwhile."""

    @abstractmethod
    def left(self) -> None:
        """Leave nothing of it on the screen; called once, whatever ended it."""
