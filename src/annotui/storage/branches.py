"""Checking the history of a row that was changed in two files before they were merged."""

from __future__ import annotations

from collections.abc import Sequence

from annotui.errors import StoreError
from annotui.storage.versioned import Row, decode, fixed_columns

Entry = tuple[str | None, str, str]
"""State before (None for a new row), state after, and the change."""


def branch_problems(table: str, key: str, row: Row, entries: Sequence[Entry]) -> list[str]:
    """Where entries do not start from one before them, or do not lead to the row.

    Each file may have taken the row in by itself, so what never changes, as the time of that, is
    compared with all entries; the rest is that of the highest version.
    """
    fixed = fixed_columns(table)
    seen: list[Row] = []
    problems: list[str] = []
    newest: tuple[int, str, Row] = (0, "", {})
    origins: list[Row] = []
    for before, after, change_id in entries:
        try:
            earlier, later = (decode(before) if before else None), decode(after)
        except StoreError as error:
            return [f"history of {table} {key}, change {change_id}: {error}"]
        if earlier is not None and _without(earlier, fixed) not in seen:
            problems.append(
                f"history of {table} {key}, change {change_id}: does not start where one before "
                "it ended"
            )
        seen.append(_without(later, fixed))
        origins.append({name: later.get(name) for name in fixed})
        version = later.get("version")
        if isinstance(version, int):
            newest = max(newest, (version, change_id, later), key=lambda entry: entry[:2])
    is_led_to = _without(row, fixed) == _without(newest[2], fixed)
    if not is_led_to or {name: row[name] for name in fixed} not in origins:
        problems.append(f"{table} {key}: differs from its history")
    return problems


def _without(state: Row, fixed: frozenset[str]) -> Row:
    return {name: value for name, value in state.items() if name not in fixed}
