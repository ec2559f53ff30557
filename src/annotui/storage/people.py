"""Annotators and labels in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotui.domain.identifier import utc_now
from annotui.domain.label_scheme import Label, LabelScheme
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


def insert_labels(db: Handle, scheme: LabelScheme, change_id: str) -> None:
    """Store the labels of a scheme in its order."""
    for position, label in enumerate(scheme):
        row = {
            "name": label.name,
            "layer": "span",
            "position": position,
            "key": label.key,
            "glyph": label.glyph,
            "colour": label.colour,
            "guideline": label.guideline,
            "example": label.example,
            "removed": 0,
            "version": 1,
        }
        insert_row(db, "label", row, change_id)


def has_labels(db: Handle) -> bool:
    """Whether the file has a scheme, as it does from its first change on."""
    return db.conn.execute("SELECT 1 FROM label LIMIT 1").fetchone() is not None


def scheme(db: Handle) -> LabelScheme:
    """The labels of the file, in their order."""
    rows = db.conn.execute(
        "SELECT name, key, glyph, colour, guideline, example FROM label "
        "WHERE removed = 0 ORDER BY position, name"
    ).fetchall()
    return LabelScheme(tuple(Label(*row) for row in rows))
