"""What tests of merging have in common: what two files must agree on, and a merge by itself."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from annotui.domain.merging import Prefer
from annotui.services import merging, upkeep
from annotui.services.merging import How, Merged
from annotui.services.workspace import Workspace
from annotui.storage.merging import MERGED
from annotui.storage.versioned import KEYS, content_columns
from stored_files import query

NEW_KEYS = ("e", "r", "y", "z")


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All that two files with the same contents have in common: no versions, and no times.

    The annotations are those of the view, with their decisions.
    """
    found: dict[str, list[tuple[Any, ...]]] = {
        "annotations": query(path, "SELECT * FROM annotations ORDER BY id"),
        "labels": query(path, "SELECT name FROM label ORDER BY name"),
    }
    for table in MERGED:
        names = ", ".join(f'"{name}"' for name in (KEYS[table], *content_columns(table)))
        found[table] = query(path, f"SELECT {names} FROM {table} ORDER BY {KEYS[table]}")
    return found


def merge(
    path: Path, *others: Path, prefer: Prefer | None = None, annotator: str = "amy"
) -> list[Merged]:
    """Merge ``others`` into the file at ``path``, and verify it."""
    workspace = Workspace(path, annotator)
    try:
        how = How(prefer=prefer, free_keys=NEW_KEYS)
        merged = merging.merge(workspace, others, how, lambda _done, _total: None)
        assert upkeep.verify(workspace).problems == ()
    finally:
        workspace.close()
    return merged


def copied(path: Path, name: str) -> Path:
    """A copy of a file, beside it."""
    copy = path.with_name(name)
    shutil.copy(path, copy)
    return copy
