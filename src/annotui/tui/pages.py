"""The text of the help page and of the guideline, made from the tables."""

from __future__ import annotations

from rich.text import Text

from annotui.domain.label_scheme import LabelScheme
from annotui.domain.visible import visible
from annotui.tui.actions import GROUPS
from annotui.tui.key_table import KeyTable

KEY_CELLS = 17


def help_page(keys: KeyTable) -> Text:
    """All keys by group."""
    page = Text()
    for group, words in GROUPS.items():
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
