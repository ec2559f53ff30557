"""The theme that was chosen in the reader: kept in the user's state directory."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path


def load(set_theme: str) -> str:
    """The theme chosen last; empty where none was, or the config was given another since.

    ``set_theme`` is the config's theme, empty where it has none.
    """
    try:
        kept = json.loads(_file().read_text("utf-8"))
        return str(kept["theme"]) if kept["in_place_of"] == set_theme else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def save(theme: str, set_theme: str) -> None:
    """Keep the theme; where that fails nothing is lost but the choice, so nothing is said."""
    path = _file()
    beside = path.with_suffix(".new")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps({"theme": theme, "in_place_of": set_theme}), "utf-8")
        beside.replace(path)


def _file() -> Path:
    from platformdirs import user_state_path

    return user_state_path("annotui", appauthor=False) / "theme.json"
