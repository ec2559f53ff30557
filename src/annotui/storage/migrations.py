"""Numbered migrations; a released one is never edited and never calls live code."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from annotui.storage import (
    schema,
    schema_adjudication,
    schema_collections,
    schema_progress,
    schema_search,
)

if TYPE_CHECKING:
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

APPLICATION_ID = 0x616E7475
"""``antu`` in ASCII, in the header of every annotui database."""


class Step(NamedTuple):
    """One migration: its statements in order; each makes or drops one thing, or fills a table."""

    name: str
    statements: tuple[str, ...]


STEPS = (
    Step("0001_first", schema.STATEMENTS),
    Step("0002_search", schema_search.STATEMENTS),
    Step("0003_progress", schema_progress.STATEMENTS),
    Step("0005_adjudication", schema_adjudication.STATEMENTS),
    Step("0006_collections", schema_collections.STATEMENTS),
)
"""All migrations in order; the number of a step is its place from 1."""

SCHEMA_VERSION = len(STEPS)
"""How many migrations there are; kept in the file's ``user_version``."""


def migrations() -> Migrations:
    """All migrations, in order."""
    from sqlite_utils.migrations import Migrations

    steps = Migrations("annotui")
    for number, step in enumerate(STEPS, 1):
        steps(name=step.name)(_taken(step, number))
    return steps


def _taken(step: Step, number: int) -> Callable[[Database], None]:
    def take(db: Database) -> None:
        for statement in step.statements:
            db.execute(statement)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {number}")

    return take


def expected_sql() -> dict[tuple[str, str], str]:
    """The SQL of every table, view and trigger that a migrated file has, by kind and name."""
    expected: dict[tuple[str, str], str] = {}
    for step in STEPS:
        for statement in step.statements:
            verb, kind, name = statement.replace("VIRTUAL ", "", 1).split()[:3]
            key = (kind.lower(), name)
            if verb == "DROP":
                del expected[key]
            elif verb == "CREATE" and key[0] in ("table", "view", "trigger"):
                expected[key] = statement
    return expected
