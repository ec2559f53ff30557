"""The text of the help page and of the guideline, made from the tables."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from annotui.domain.annotation import Annotation
from annotui.domain.label_scheme import LabelScheme
from annotui.domain.review import PastDecision
from annotui.domain.visible import visible
from annotui.tui.actions import GROUPS
from annotui.tui.key_table import KeyTable
from annotui.tui.widgets.review_card import in_words

KEY_CELLS = 17
BORDERLINE_QUOTE = 160
"""Code points of a quote among the borderline marks."""


def help_page(keys: KeyTable) -> Text:
    """All keys by group."""
    page = Text()
    for group, words in GROUPS.items():
        if all(action.group != group for action in keys.actions):
            continue
        page.append(f"{group}\n", style="bold underline")
        if words:
            page.append(f"{words}\n", style="dim")
        for action in keys.actions:
            if action.group == group:
                shown = visible(action.shown_keys)
                page.append(f"  {shown:<{KEY_CELLS - 1}} ", style="bold")
                page.append(f"{visible(action.help)}\n")
        page.append("\n")
    page.append("Nothing has to be saved: what the screen shows as marked is in the file.")
    return page


def guideline_page(scheme: LabelScheme, inks: dict[str, str]) -> Text:
    """What every label means, with an example."""
    page = Text()
    for label in scheme:
        ink = inks.get(label.name, "")
        page.append(f"{visible(label.glyph)} {visible(label.name)}", style=f"bold {ink}")
        page.append(f"  key {visible(label.key)}\n", style="dim")
        page.append(f"{visible(label.guideline.strip(), newline=chr(10))}\n")
        if label.example:
            page.append(f"{visible(label.example.strip(), newline=' ')}\n", style="italic")
        page.append("\n")
    page.rstrip()
    return page


def borderline_page(
    scheme: LabelScheme,
    inks: dict[str, str],
    label: str,
    decided: Sequence[tuple[Annotation, PastDecision]],
    *,
    blind: bool,
) -> Text:
    """What a label means, and the last marks about it that were no plain yes."""
    own = tuple(one for one in scheme.shown if one.name == label)
    page = guideline_page(LabelScheme(own), inks)
    page.append("\n\n")
    page.append("Decided last, and no plain yes\n", style="bold underline")
    if not decided:
        page.append("None yet.")
    for mark, past in decided:
        page.append(f"\n{in_words(past.verdict)}", style="bold")
        who = "" if blind else f" · {visible(past.reviewer, newline=' ')}"
        page.append(f"{who} · {past.decided_at[:10]}\n", style="dim")
        quote = " ".join(visible(mark.quote, newline=" ", tab=" ").split())
        cut = f"{quote[:BORDERLINE_QUOTE]}…" if len(quote) > BORDERLINE_QUOTE else quote
        page.append(f"{visible(mark.label, newline=' ')}: {cut}\n", style="italic")
    page.rstrip()
    return page
