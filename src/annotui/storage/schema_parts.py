"""Pieces of SQL that migrations are made of; frozen like them, since their text is checked."""

from __future__ import annotations

_HEX = "[0-9a-f]"
UUID7 = "-".join((_HEX * 8, _HEX * 4, "7" + _HEX * 3, "[89ab]" + _HEX * 3, _HEX * 12))
"""What an id looks like, for GLOB."""

NEWEST_CHANGE = "(SELECT id FROM change ORDER BY seq DESC LIMIT 1)"


def versioned_triggers(table: str, key: str, columns: str) -> dict[str, str]:
    """Triggers that refuse a write to ``table`` that its history does not have.

    ``columns`` are those that never change, a space between.
    """
    one = f"an {table}" if table.startswith("a") else f"a {table}"
    fixed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in columns.split())
    rowid = ""
    if table == "document":
        rowid = " OR rowid = NEW.rowid"
        fixed += " OR NEW.rowid IS NOT OLD.rowid"
    recorded = f"""SELECT RAISE(ABORT, 'annotui: {one} is written together with its history')
    WHERE NOT EXISTS (
        SELECT 1 FROM history
        WHERE change_id = NEW.change_id AND item = '{table}' AND item_id = NEW.{key}
          AND change_id = {NEWEST_CHANGE}
    );"""
    return {
        f"{table}_once": f"""CREATE TRIGGER {table}_once BEFORE INSERT ON {table} BEGIN
    SELECT RAISE(ABORT, 'annotui: {one} is never replaced')
    WHERE EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key}{rowid});
    SELECT RAISE(ABORT, 'annotui: a new {table} has version 1') WHERE NEW.version <> 1;
    {recorded}
END""",
        f"{table}_fixed": f"""CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} BEGIN
    SELECT RAISE(ABORT, 'annotui: this part of {one} never changes') WHERE {fixed};
    SELECT RAISE(ABORT, 'annotui: an update needs the next version and a change of its own')
    WHERE NEW.version <> OLD.version + 1 OR NEW.change_id = OLD.change_id;
    {recorded}
END""",
        f"{table}_kept": f"""CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} BEGIN
    SELECT RAISE(ABORT, 'annotui: nothing is deleted, only marked as removed');
END""",
    }


def append_only_triggers(table: str, clash: str) -> dict[str, str]:
    """Triggers that let rows be added to ``table`` and nothing else."""
    refuse = f"SELECT RAISE(ABORT, 'annotui: {table} is append-only')"
    return {
        f"{table}_once": f"""CREATE TRIGGER {table}_once BEFORE INSERT ON {table} BEGIN
    {refuse} WHERE EXISTS (SELECT 1 FROM {table} WHERE {clash});
END""",
        f"{table}_fixed": f"""CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} BEGIN
    {refuse};
END""",
        f"{table}_kept": f"""CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} BEGIN
    {refuse};
END""",
    }
