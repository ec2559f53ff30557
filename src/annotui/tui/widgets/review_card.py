"""The fields of the mark under review, beside the article or below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rich.text import Text
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from annotui.domain.annotation import Annotation
from annotui.domain.review import Decision, PastDecision, Verdict
from annotui.domain.visible import visible

QUOTE_LENGTH = 240
"""Code points of the quote that the card has, since the article has all of it."""

SHORT_QUOTE = 60


@dataclass(frozen=True, slots=True)
class CardFields:
    """What the card shows.

    ``mark`` is as its annotator made it, ``shown`` as it would be accepted now. ``reviewer`` is
    who looks at it; ``reasons`` are keys and words while one is asked for.
    """

    mark: Annotation
    shown: Annotation
    reviewer: str
    past: PastDecision | None = None
    note: str = ""
    blind: bool = False
    reasons: tuple[tuple[str, str], ...] = ()
    inks: tuple[tuple[str, str], ...] = ()
    glyphs: tuple[tuple[str, str], ...] = ()


class ReviewCard(Widget):
    """Label, annotator, note, earlier decision, and what would be decided otherwise.

    Only rows that look different are painted anew.
    """

    DEFAULT_CSS = """
    ReviewCard { padding: 0 1; color: $foreground; background: $background; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: object = None
        self._page = Text()
        self._strips: list[Strip] = []

    def show(self, fields: CardFields | None, *, is_narrow: bool) -> None:
        """Show these fields; in a few rows where there is no room beside the article."""
        if (fields, is_narrow) == self._shown:
            return
        self._shown = (fields, is_narrow)
        self._page = Text()
        if fields is not None:
            self._page = _few_rows(fields) if is_narrow else _column(fields)
        self._lay_out()

    @property
    def text(self) -> str:
        """What the card says, for a test or a screen reader."""
        return self._page.plain

    def on_resize(self) -> None:
        """Break the lines anew."""
        self._lay_out()

    def notify_style_update(self) -> None:
        """Take the colours of another theme."""
        super().notify_style_update()
        self._lay_out()

    def _lay_out(self) -> None:
        width, before = self.size.width, self._strips
        if not width:
            return
        console, base = self.app.console, self.rich_style
        options = console.options.update(width=width, no_wrap=False)
        lines = console.render_lines(self._page, options, style=base, pad=True)
        self._strips = [Strip(line, width) for line in lines]
        pairs = enumerate(zip_longest(before, self._strips))
        changed = [Region(0, y, width, 1) for y, (old, new) in pairs if old != new]
        if changed:
            self.refresh(*changed)

    def render_line(self, y: int) -> Strip:
        """A row of it."""
        if y < len(self._strips):
            return self._strips[y]
        return Strip.blank(self.size.width, self.rich_style)


def _column(fields: CardFields) -> Text:
    """One below the other."""
    mark = fields.mark
    page = _head(fields)
    page.append(f"\n{_about(fields)}\n", style="dim")
    page.append(f"\n{_flat(mark.quote[:QUOTE_LENGTH])}", style="italic")
    page.append("…\n" if len(mark.quote) > QUOTE_LENGTH else "\n")
    if mark.note:
        page.append(f"\n{visible(mark.note, newline=chr(10))}\n")
    if earlier := _earlier(fields):
        page.append(f"\n{earlier}\n", style="dim")
    for line in _changes(fields):
        page.append(f"\n→ {line}", style="bold")
    if fields.reasons:
        page.append("\n\nReject, since it is\n", style="bold")
        for key, reason in fields.reasons:
            page.append(f"\n  {visible(key):<4}", style="bold")
            page.append(visible(reason, newline=" "))
    return page


def _few_rows(fields: CardFields) -> Text:
    """In rows; the article above has the quote."""
    page = _head(fields)
    if fields.reasons:
        page.append("  reject, since it is\n", style="dim")
        for key, reason in fields.reasons:
            page.append(f"{visible(key)} ", style="bold")
            page.append(f"{visible(reason, newline=' ')}   ")
        return page
    page.append(f"  {_about(fields)}", style="dim")
    if earlier := _earlier(fields):
        page.append(f"\n{earlier}", style="dim")
    if changes := _changes(fields):
        page.append(f"\n→ {' · '.join(changes)}", style="bold")
    if fields.mark.note:
        page.append(f"\n{_flat(fields.mark.note)}")
    return page


def _head(fields: CardFields) -> Text:
    label = fields.mark.label
    ink = dict(fields.inks).get(label, "")
    glyph = dict(fields.glyphs).get(label, "•")
    head = Text()
    head.append(f"{_flat(glyph)} {_flat(label)}", style=f"bold {ink}")
    return head


def _about(fields: CardFields) -> str:
    mark = fields.mark
    words = len(mark.quote.split())
    parts = [] if fields.blind else [_flat(mark.annotator), mark.created_at[:10]]
    parts.append(f"{words:,} word{'' if words == 1 else 's'}")
    if len(mark.runs) > 1:
        parts.append(f"{len(mark.runs)} fragments")
    return " · ".join(parts)


def _earlier(fields: CardFields) -> str:
    """The newest decision on it in words; others' are not told where the review is blind."""
    past = fields.past
    if past is None or (fields.blind and past.reviewer != fields.reviewer):
        return ""
    who = "you" if past.reviewer == fields.reviewer else _flat(past.reviewer)
    is_stale = past.annotation_version < fields.mark.version
    when = past.decided_at[:16].replace("T", " ")
    about = in_words(past.verdict)
    return f"{about} by {who}, {when}" + (", and edited since" if is_stale else "")


def in_words(verdict: Verdict) -> str:
    """A decision with what goes with it."""
    words = str(verdict.decision).capitalize()
    if verdict.decision is Decision.UNSURE:
        words = "Unsure"
    if verdict.label:
        words += f" as {_flat(verdict.label)}"
    if verdict.runs:
        words += " on another span"
    if verdict.reason:
        words += f", {_flat(verdict.reason)}"
    return words + (f" ({_flat(verdict.note)})" if verdict.note else "")


def _changes(fields: CardFields) -> Sequence[str]:
    """What would be decided otherwise than the annotator has it, and the note."""
    mark, shown = fields.mark, fields.shown
    changes = []
    if shown.label != mark.label:
        changes.append(f"as {_flat(shown.label)}")
    if shown.runs != mark.runs:
        quote = _flat(shown.quote)
        half = SHORT_QUOTE // 2
        cut = f"{quote[:half]} … {quote[-half:]}" if len(quote) > SHORT_QUOTE else quote
        changes.append(f"on {cut}")
    if fields.note:
        changes.append(f"note: {_flat(fields.note)}")
    return changes


def _flat(data: str) -> str:
    return " ".join(visible(data, tab=" ", newline=" ").split())
