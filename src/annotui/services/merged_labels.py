"""Labels of another file: those that are here stay as they are, others come in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from annotui.domain.change import ChangeKind
from annotui.domain.label_scheme import Label, LabelScheme
from annotui.errors import LabelError
from annotui.services.new_labels import COLOURS, GLYPHS
from annotui.services.workspace import Workspace
from annotui.storage import labels as stored_labels
from annotui.storage import merging

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(slots=True)
class Labels:
    """Labels that came in, and those that differ there, each with what differs."""

    added: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def bring_labels(
    workspace: Workspace, db: Handle, schema: str, path: Path, free_keys: Sequence[str]
) -> Labels:
    """Add the labels that this file lacks, as a change of its own, which comes before their marks.

    A key or glyph that is taken here is replaced by a free one.

    Raises:
        LabelError: when no key is free.
    """
    brought = Labels()
    here = workspace.scheme_in(db)
    active, retired = list(here.labels), []
    for is_retired, values in merging.foreign_labels(db, schema):
        label = Label(*values)
        mine = next((one for one in here.shown if one.name == label.name), None)
        if mine is None:
            brought.added.append(label.name)
            if is_retired:
                retired.append(_painted(label, active))
            else:
                active.append(_with_free_key(_painted(label, active), active, path, free_keys))
        elif differing := _differing(mine, label, mine in here.retired, is_retired):
            brought.kept.append(f"{label.name} ({', '.join(differing)})")
    if brought.added or not stored_labels.has_labels(db):
        summary = f"{path.name}: labels {', '.join(brought.added) or 'none'}"
        change = workspace.begin(db, ChangeKind.MERGE, summary=summary)
        if brought.added:
            stored_labels.write(db, LabelScheme(tuple(active)), change.change_id)
            for label in retired:
                stored_labels.add_retired(db, label, change.change_id)
    return brought


def _differing(mine: Label, theirs: Label, mine_retired: bool, theirs_retired: bool) -> list[str]:
    names = [one.name for one in fields(Label)]
    differing = [name for name in names if getattr(mine, name) != getattr(theirs, name)]
    return differing + ["retired"] * (mine_retired != theirs_retired)


def _painted(label: Label, others: Sequence[Label]) -> Label:
    """The label with a colour and a glyph that can be shown."""
    colour = (
        label.colour if _COLOUR.fullmatch(label.colour) else COLOURS[len(others) % len(COLOURS)]
    )
    taken = {one.glyph for one in others}
    glyph = label.glyph
    if len(glyph) != 1 or not glyph.isprintable() or glyph.isspace() or glyph in taken:
        glyph = next((one for one in GLYPHS if one not in taken), GLYPHS[0])
    return replace(label, colour=colour, glyph=glyph)


def _with_free_key(
    label: Label, others: Sequence[Label], path: Path, free_keys: Sequence[str]
) -> Label:
    keys = [key for key in free_keys if key not in {one.key for one in others}]
    if not keys:
        raise LabelError(
            f"There is no free key for the label {label.name!r} of {path}. Nothing was merged; "
            "retire a label with `annotui labels` first."
        )
    letters = (label.key, label.name[0].lower(), label.name[0].upper())
    return replace(label, key=next((one for one in letters if one in keys), keys[0]))
