"""The labels in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from annotui.domain.label_scheme import Label, LabelScheme, drawable
from annotui.storage.versioned import current_row, insert_row, update_row

if TYPE_CHECKING:
    from annotui.domain.change import Change
    from annotui.storage.handle import Handle

_IN_USE = "FROM annotation WHERE removed = 0"


def has_labels(db: Handle) -> bool:
    """Whether the file has a scheme, as it does from its first change on."""
    return db.conn.execute("SELECT 1 FROM label LIMIT 1").fetchone() is not None


def scheme(db: Handle) -> LabelScheme:
    """The labels of the file, in their order, and those that were taken out."""
    rows = db.conn.execute(
        "SELECT removed, name, key, glyph, colour, guideline, example FROM label "
        "ORDER BY position, name"
    ).fetchall()
    return LabelScheme(
        tuple(drawable(Label(*row[1:])) for row in rows if not row[0]),
        tuple(drawable(Label(*row[1:])) for row in rows if row[0]),
    )


def write(db: Handle, scheme: LabelScheme, change_id: str) -> None:
    """Make these the labels of the file; the others are marked as removed, never deleted."""
    for position, label in enumerate(scheme):
        wanted: dict[str, Any] = {
            "layer": "span",
            "position": position,
            "key": label.key,
            "glyph": label.glyph,
            "colour": label.colour,
            "guideline": label.guideline,
            "example": label.example,
            "removed": 0,
        }
        stored = current_row(db, "label", label.name)
        if stored is None:
            insert_row(db, "label", {**wanted, "name": label.name, "version": 1}, change_id)
        elif changes := {name: value for name, value in wanted.items() if stored[name] != value}:
            update_row(db, "label", label.name, changes, change_id)
    names = db.conn.execute("SELECT name FROM label WHERE removed = 0").fetchall()
    for (name,) in names:
        if name not in scheme:
            update_row(db, "label", name, {"removed": 1}, change_id)


def add_retired(db: Handle, label: Label, change_id: str) -> None:
    """Add a label that makes no new marks."""
    last = db.conn.execute("SELECT coalesce(max(position), 0) FROM label").fetchone()[0]
    row = {
        "name": label.name,
        "layer": "span",
        "position": last + 1,
        "key": label.key,
        "glyph": label.glyph,
        "colour": label.colour,
        "guideline": label.guideline,
        "example": label.example,
        "removed": 1,
        "version": 1,
    }
    insert_row(db, "label", row, change_id)


def uses(db: Handle) -> dict[str, int]:
    """How many annotations each label has that has any; removed ones do not count."""
    return dict(db.conn.execute(f"SELECT label, count(*) {_IN_USE} GROUP BY label").fetchall())


def decided(db: Handle, name: str) -> int:
    """How many annotations with this label have a decision on their newest version."""
    row = db.conn.execute(
        """SELECT count(DISTINCT a.id) FROM annotation AS a JOIN review AS r
        ON r.annotation_id = a.id AND r.annotation_version = a.version AND r.removed = 0
        WHERE a.label = ? AND a.removed = 0""",
        (name,),
    ).fetchone()
    return int(row[0])


def carry(db: Handle, old: str, new: str, change: Change) -> None:
    """Give every annotation with the label ``old`` the label ``new``."""
    rows = db.conn.execute(f"SELECT id {_IN_USE} AND label = ?", (old,)).fetchall()
    wanted = {"label": new, "updated_at": change.changed_at}
    for (annotation_id,) in rows:
        update_row(db, "annotation", annotation_id, wanted, change.change_id)
