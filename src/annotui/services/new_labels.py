"""Labels that come with an import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import cycle, islice
from typing import TYPE_CHECKING

from annotui.domain.change import ChangeKind
from annotui.domain.label_scheme import Label, LabelScheme
from annotui.errors import LabelError
from annotui.services.workspace import Workspace
from annotui.storage import labels as stored_labels

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

COLOURS = ("#8a63d2", "#1f8a70", "#b5652a", "#3f7fbf", "#b0447a", "#6f7d1f", "#7a5c48", "#5b6fa8")
"""Taken in turn; each is told from the ground in dark and light."""

GLYPHS = "◆▲●■★▼◇△○□☆▽♦♠♣♥✚✖✦✱◈◉▣▤▥▦▧▨▩"


def with_labels(
    workspace: Workspace, db: Handle, names: Sequence[str], free_keys: Sequence[str]
) -> LabelScheme:
    """The scheme with labels called ``names``; those that it lacks are added as one change.

    A retired one comes back as it was. Keys are the first letter where that is free.

    Raises:
        LabelError: when there are not enough keys or glyphs.
    """
    scheme = workspace.scheme_in(db)
    lacking = [name for name in names if name not in scheme]
    if not lacking:
        return scheme
    wider = LabelScheme((*scheme.labels, *_made(scheme, lacking, free_keys)))
    summary = f"added {', '.join(lacking)}"
    change = workspace.begin(db, ChangeKind.SCHEME, summary=summary)
    stored_labels.write(db, wider, change.change_id)
    return workspace.scheme_in(db)


def _made(scheme: LabelScheme, names: Sequence[str], free_keys: Sequence[str]) -> Iterator[Label]:
    retired = {label.name: label for label in scheme.retired}
    keys = [key for key in free_keys if key not in {label.key for label in scheme}]
    glyphs = [one for one in GLYPHS if one not in {label.glyph for label in scheme}]
    if len(names) > min(len(keys), len(glyphs)):
        raise LabelError(
            f"There are {len(names):,} new labels, and only {min(len(keys), len(glyphs))} more can "
            "be told apart by key and glyph. Nothing was imported; --map OLD=NEW puts some of "
            "them together."
        )
    colours = islice(cycle(COLOURS), len(scheme), None)
    for name, colour in zip(names, colours, strict=False):
        key = next((one for one in (name[0].lower(), name[0].upper()) if one in keys), keys[0])
        keys.remove(key)
        if name in retired:
            glyph = retired[name].glyph if retired[name].glyph in glyphs else glyphs[0]
            made = replace(retired[name], key=key, glyph=glyph)
        else:
            made = Label(name, key, glyphs[0], colour)
        glyphs.remove(made.glyph) if made.glyph in glyphs else None
        yield made
