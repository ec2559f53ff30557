"""The inspector: all that is known of one annotation."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

from annotui.domain.annotation import Annotation
from annotui.domain.label_scheme import LabelScheme
from annotui.domain.visible import visible

QUOTE_LENGTH = 160
NOTE_LENGTH = 1_000
BEGINNING = (
    "No mark at the caret.\n\nA label key marks the clause here, or what v and any motion select."
)


class Inspector(Static):
    """Label, note, annotator and times of the annotation at the caret; else how to begin."""

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
            self.update(_page(annotation, here, scheme, inks), layout=False)


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


def _shown(data: str) -> str:
    return visible(data, tab=" ", newline="\n")
