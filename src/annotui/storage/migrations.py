"""Numbered migrations; a released one is never edited and never calls live code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotui.storage import schema

if TYPE_CHECKING:
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

APPLICATION_ID = 0x616E7475
"""``antu`` in ASCII, in the header of every annotui database."""

SCHEMA_VERSION = 1
"""How many migrations there are; kept in the file's ``user_version``."""


def migrations() -> Migrations:
    """All migrations, in order."""
    from sqlite_utils.migrations import Migrations

    steps = Migrations("annotui")

    @steps(name="0001_first")
    def first(db: Database) -> None:
        for statement in schema.STATEMENTS:
            db.execute(statement)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("PRAGMA user_version = 1")

    return steps


def expected_sql() -> dict[tuple[str, str], str]:
    """The SQL of every table, view and trigger that a migrated file has, by kind and name."""
    kinds = ("table", "view", "trigger")
    return {
        (kind, statement.split()[2]): statement
        for statement in schema.STATEMENTS
        if (kind := statement.split()[1].lower()) in kinds
    }
