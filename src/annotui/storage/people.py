"""Annotators in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotui.domain.identifier import utc_now
from annotui.storage.versioned import insert_row, update_row

if TYPE_CHECKING:
    from annotui.storage.handle import Handle


def canonical(db: Handle, name: str) -> str:
    """The name under which ``name`` goes now, after any renaming."""
    row = db.conn.execute(
        "SELECT coalesce(renamed_to, name) FROM annotator WHERE name = ?", (name,)
    ).fetchone()
    return name if row is None else row[0]


def names_of(db: Handle, annotator: str) -> list[str]:
    """All names, old ones included, under which one person's changes are kept."""
    rows = db.conn.execute(
        "SELECT name FROM annotator WHERE coalesce(renamed_to, name) = ?", (annotator,)
    ).fetchall()
    return [row[0] for row in rows] or [annotator]


def all_names(db: Handle) -> list[tuple[str, str]]:
    """Every name, old ones included, and the name under which it goes now."""
    return db.conn.execute(
        "SELECT name, coalesce(renamed_to, name) FROM annotator ORDER BY name"
    ).fetchall()


def is_known(db: Handle, name: str) -> bool:
    """Whether the file has this annotator."""
    found = db.conn.execute("SELECT 1 FROM annotator WHERE name = ?", (name,)).fetchone()
    return found is not None


def with_marks(db: Handle) -> list[tuple[str, int]]:
    """Names in use now and how many annotations each has, in the order of the names."""
    return db.conn.execute(
        """SELECT coalesce(w.renamed_to, w.name), coalesce(sum(m.marks), 0)
        FROM annotator AS w LEFT JOIN (
            SELECT a.annotator AS name, count(*) AS marks
            FROM annotation AS a JOIN document AS d ON d.id = a.document_id
            WHERE a.removed = 0 AND d.removed = 0 GROUP BY a.annotator
        ) AS m ON m.name = w.name
        GROUP BY 1 ORDER BY 1"""
    ).fetchall()


def has_marks(db: Handle, names: list[str]) -> bool:
    """Whether the annotator with these names has a mark."""
    marks = ", ".join("?" * len(names))
    row = db.conn.execute(
        f"SELECT 1 FROM annotation WHERE removed = 0 AND annotator IN ({marks}) LIMIT 1", names
    ).fetchone()
    return row is not None


def register(db: Handle, name: str, change_id: str) -> None:
    """Add an annotator, unless the file has the name."""
    if not is_known(db, name):
        row = {"name": name, "renamed_to": None, "added_at": utc_now(), "version": 1}
        insert_row(db, "annotator", row, change_id)


def rename(db: Handle, old: str, new: str, change_id: str) -> None:
    """Show ``old`` and every name that led to it as ``new`` from now on."""
    if is_known(db, new) and canonical(db, new) != new:
        update_row(db, "annotator", new, {"renamed_to": None}, change_id)
    for name in names_of(db, old):
        if name != new:
            update_row(db, "annotator", name, {"renamed_to": new}, change_id)
