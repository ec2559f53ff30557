"""Where a person was: kept in the user's state directory, never in the database."""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

KEPT_CARETS = 500
"""Documents whose caret is remembered, the newest of each database."""


@dataclass(slots=True)
class Place:
    """The last document of one database, and the caret (code points) in each."""

    document_id: str = ""
    carets: dict[str, int] = field(default_factory=dict)

    def remember(self, document_id: str, caret: int) -> None:
        """Note that the reader was here."""
        self.document_id = document_id
        self.carets.pop(document_id, None)
        self.carets[document_id] = caret
        while len(self.carets) > KEPT_CARETS:
            del self.carets[next(iter(self.carets))]


def load(database: Path) -> Place:
    """The place kept for a database; the beginning when there is none, or it is unreadable."""
    try:
        raw = json.loads(_file(database).read_text("utf-8"))
        carets = {str(key): int(value) for key, value in dict(raw["carets"]).items()}
        return Place(str(raw["document_id"]), carets)
    except (OSError, ValueError, KeyError, TypeError):
        return Place()


def save(database: Path, place: Place) -> None:
    """Keep the place; where that fails nothing is lost but the caret, so nothing is said."""
    path = _file(database)
    beside = path.with_suffix(".new")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        content = {"document_id": place.document_id, "carets": place.carets}
        beside.write_text(json.dumps(content), "utf-8")
        beside.replace(path)


def is_first_time() -> bool:
    """Whether no place was ever kept, for any database."""
    return not _folder().is_dir()


def _folder() -> Path:
    from platformdirs import user_state_path

    return user_state_path("annotui", appauthor=False) / "places"


def _file(database: Path) -> Path:
    key = hashlib.sha256(str(database.absolute()).encode("utf-8", "surrogateescape")).hexdigest()
    return _folder() / f"{key[:32]}.json"
