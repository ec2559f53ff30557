"""Two versions of one row, changed apart, and which of them shall stand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Side(StrEnum):
    """Whose version stands."""

    MINE = "mine"
    THEIRS = "theirs"


class Prefer(StrEnum):
    """A rule for all conflicts: always one side's version, or the one that was made last."""

    MINE = "mine"
    THEIRS = "theirs"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Version:
    """A row's state on one side, and the change that made it so.

    ``is_edit`` is whether that changed a row that was there before.
    """

    state: Mapping[str, Any]
    is_edit: bool
    change_id: str
    kind: str
    annotator: str
    changed_at: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A row that was changed on both sides since they parted; ``item`` is its table.

    ``quote`` and ``title`` are the words and the document that it is about, where it is about any.
    """

    item: str
    item_id: str
    mine: Version
    theirs: Version
    quote: str = ""
    title: str = ""

    @property
    def identity(self) -> str:
        """The same for the same two versions, so that a decision is only used for these."""
        states = [dict(self.mine.state), dict(self.theirs.state)]
        return json.dumps([self.item, self.item_id, states], sort_keys=True)

    @property
    def newest(self) -> Side:
        """The side that was edited last.

        Ids of changes grow with all that a file has seen, so every file finds the same.
        """
        mine = (self.mine.is_edit, self.mine.change_id)
        return Side.MINE if mine >= (self.theirs.is_edit, self.theirs.change_id) else Side.THEIRS

    def chosen(self, prefer: Prefer) -> Side:
        """The side that a rule for all conflicts chooses."""
        return self.newest if prefer is Prefer.NEWEST else Side(prefer)

    def version(self, side: Side) -> Version:
        """The version of one side."""
        return self.mine if side is Side.MINE else self.theirs
