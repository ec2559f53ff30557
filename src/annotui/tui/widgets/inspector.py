"""The inspector: all that is known of one annotation."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.message import Message
from textual.widgets import Static

from annotui.domain.annotation import Annotation
from annotui.domain.change import Change, ChangeKind
from annotui.domain.label_scheme import LabelScheme
from annotui.domain.visible import visible
from annotui.tui.widgets.steady import Steady

QUOTE_LENGTH = 160
NOTE_LENGTH = 1_000
HISTORY_LINES = 4
HEAD_ROWS = 4
"""Rows of label, annotator and time, and the empty ones around them."""

WORD_LENGTH = 5
"""Cells that a row loses on average since words are not broken."""

BEGINNING = (
    "No mark at the caret.\n\nA label key marks the clause here, or what v and any motion select."
)


class Inspector(Static, Steady):
    """Label, note, annotator, times and history of the annotation here; else how to begin."""

    DEFAULT_CSS = """
    Inspector {
        height: 40%;
        padding: 0 1;
        border-top: solid $panel;
        color: $foreground;
    }
    """

    class Shown(Message):
        """Another annotation is shown; its history may be added."""

        def __init__(self, annotation: Annotation) -> None:
            self.annotation = annotation
            super().__init__()

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)
        self._shown: object = None
        self._given: tuple[Annotation, int, LabelScheme, dict[str, str]] | None = None

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
            self._given = None
            self.update(Text(BEGINNING, style="dim"), layout=False)
        else:
            self._given = (annotation, here, scheme, inks)
            self.update(_page(*self._given), layout=False)
            self.post_message(self.Shown(annotation))

    def show_history(self, annotation: Annotation, changes: Sequence[Change]) -> None:
        """Add what was done to ``annotation``, newest first, if it is shown still.

        A long note gives way to it; ``i`` shows the note whole.
        """
        given = self._given
        if given is None or given[0] is not annotation or len(changes) < 2:
            return  # the one change of a mark that was never touched is in its head line
        lines = [_line(change) for change in reversed(changes)]
        if len(lines) > HISTORY_LINES:
            more = len(lines) - HISTORY_LINES + 1
            lines[HISTORY_LINES - 1 :] = [f"and {more:,} changes before"]
        width, height = max(1, self.content_size.width), self.content_size.height
        quote_rows = min(QUOTE_LENGTH, len(annotation.quote)) // width + 1
        rows = height - HEAD_ROWS - quote_rows - len(lines) - 2
        page = _page(*given, note_length=max(width, (rows - 1) * (width - WORD_LENGTH)))
        page.append("\n")
        for line in lines:
            page.append(f"\n{line}", style="dim")
        self.update(page, layout=False)


def _page(
    annotation: Annotation,
    here: int,
    scheme: LabelScheme,
    inks: dict[str, str],
    *,
    note_length: int = NOTE_LENGTH,
) -> Text:
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
        text.append(f"\n\n{_shown(annotation.note[:note_length])}")
        if len(annotation.note) > note_length:
            text.append("…")
    return text


_DONE = {
    ChangeKind.ANNOTATE: "marked it",
    ChangeKind.MOVE: "moved it",
    ChangeKind.NOTE: "wrote the note",
    ChangeKind.REMOVE: "removed it",
    ChangeKind.REVIEW: "decided on it",
    ChangeKind.ADJUDICATE: "adjudicated",
    ChangeKind.SCHEME: "carried it to another label",
    ChangeKind.UNDO: "undid",
    ChangeKind.REDO: "did again",
}


def _line(change: Change) -> str:
    """One line of the history."""
    when = change.changed_at[:16].replace("T", " ")
    return f"{when} {_shown(change.annotator)} {_done(change)}"


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
