"""The inspector: all that is known of one annotation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.text import Text
from textual.widgets import Static

from annotui.domain.annotation import Annotation
from annotui.domain.change import Change, ChangeKind
from annotui.domain.label_scheme import LabelScheme
from annotui.domain.visible import visible

QUOTE_LENGTH = 160
NOTE_LENGTH = 1_000
BEGINNING = (
    "No mark at the caret.\n\nA label key marks the clause here, or what v and any motion select."
)


class Inspector(Static):
    """Label, note, annotator, times and history of the annotation here; else how to begin."""

    DEFAULT_CSS = """
    Inspector {
        height: 40%;
        padding: 0 1;
        border-top: solid $panel;
        color: $foreground;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)
        self._shown: object = None
        self._page = Text()
        self.wants_history: Callable[[Annotation], None] = lambda _: None

    def show(
        self,
        annotation: Annotation | None,
        scheme: LabelScheme,
        inks: dict[str, str],
        *,
        here: int = 0,
    ) -> None:
        """Show ``annotation``, one of ``here`` at the caret."""
        wanted = (annotation, here, tuple(inks.items()))
        if wanted == self._shown:
            return
        self._shown = wanted
        if annotation is None:
            self.update(Text(BEGINNING, style="dim"), layout=False)
        else:
            self._page = _page(annotation, here, scheme, inks)
            self.update(self._page, layout=False)
            self.wants_history(annotation)

    def show_history(self, annotation: Annotation, changes: Sequence[Change]) -> None:
        """Add what was done to ``annotation``, newest first, if it is shown still."""
        if self._shown is None or not isinstance(self._shown, tuple):
            return
        if self._shown[0] is not annotation:
            return
        page = self._page.copy()
        page.append("\n")
        for change in reversed(changes):
            when = change.changed_at[:16].replace("T", " ")
            page.append(f"\n{when} {_shown(change.annotator)} {_done(change)}", style="dim")
        self.update(page, layout=False)


def _page(annotation: Annotation, here: int, scheme: LabelScheme, inks: dict[str, str]) -> Text:
    """All that is known of ``annotation``."""
    glyph = next((x.glyph for x in scheme.shown if x.name == annotation.label), "•")
    ink = inks.get(annotation.label, "")
    text = Text()
    text.append(f"{_shown(glyph)} {_shown(annotation.label)}", style=f"bold {ink}")
    if annotation.review_status != "unreviewed":
        text.append(f"  {annotation.review_status}")
    if here > 1:
        text.append(f"  {here} marks here, t next", style="dim")
    text.append(f"\n{_shown(annotation.annotator)}", style="dim")
    text.append(f" · {annotation.updated_at[:16].replace('T', ' ')}", style="dim")
    text.append(f" · {annotation.start:,}–{annotation.end:,}\n", style="dim")
    text.append(f"\n{_shown(annotation.quote[:QUOTE_LENGTH])}", style="italic")
    if len(annotation.quote) > QUOTE_LENGTH:
        text.append("…")
    if annotation.note:
        text.append(f"\n\n{_shown(annotation.note[:NOTE_LENGTH])}")
    return text


_DONE = {
    ChangeKind.ANNOTATE: "marked it",
    ChangeKind.MOVE: "moved it",
    ChangeKind.NOTE: "wrote the note",
    ChangeKind.REMOVE: "removed it",
    ChangeKind.REVIEW: "decided on it",
    ChangeKind.UNDO: "undid",
    ChangeKind.REDO: "did again",
}


def _done(change: Change) -> str:
    """What a change did, in few words."""
    about = _shown(change.summary.partition(" “")[0])
    if change.kind is ChangeKind.RELABEL:
        return f"relabelled it: {about}"
    if change.kind in (ChangeKind.UNDO, ChangeKind.REDO):
        return f"{_DONE[change.kind]}: {about}"
    return _DONE.get(change.kind, str(change.kind))


def _shown(data: str) -> str:
    return visible(data, tab=" ", newline="\n")
