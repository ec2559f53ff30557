"""Where a reviewer was: kept in the user's state directory, never in the database.

Decisions are in the database at once; this is what was chosen, and what was put off.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from annotui.domain.review_queue import Choice, ReviewOrder, Sample


@dataclass(frozen=True, slots=True)
class Kept:
    """A session that was begun: what was chosen, when (a stored time), the ids that were drawn
    where there is a sample, and the ids that were put off, in order."""

    choice: Choice
    started_at: str
    drawn: tuple[str, ...] = ()
    put_off: tuple[str, ...] = ()


def load(database: Path, reviewer: str) -> Kept | None:
    """The session that a reviewer has begun; None where there is none, or it is unreadable."""
    try:
        raw = json.loads(_file(database, reviewer).read_text("utf-8"))
        return Kept(
            _choice(raw["choice"]),
            str(raw["started_at"]),
            tuple(map(str, raw["drawn"])),
            tuple(map(str, raw["put_off"])),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def save(database: Path, reviewer: str, kept: Kept) -> None:
    """Keep the session; where that fails nothing is lost but the place, so nothing is said."""
    path = _file(database, reviewer)
    beside = path.with_suffix(".new")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(asdict(kept)), "utf-8")
        beside.replace(path)


def _choice(raw: dict[str, Any]) -> Choice:
    known = {field.name for field in fields(Choice)}
    given = {name: value for name, value in raw.items() if name in known}
    for name in ("document_ids", "labels", "annotators", "statuses"):
        given[name] = tuple(map(str, given[name]))
    sample = given["sample"]
    given["sample"] = None if sample is None else Sample(**sample)
    given["order"] = ReviewOrder(given["order"])
    return Choice(**given)


def _file(database: Path, reviewer: str) -> Path:
    from platformdirs import user_state_path

    whose = f"{database.absolute()}\0{reviewer}"
    key = hashlib.sha256(whose.encode("utf-8", "surrogateescape")).hexdigest()
    return user_state_path("annotui", appauthor=False) / "reviews" / f"{key[:32]}.json"
