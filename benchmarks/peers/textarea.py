"""Textual's own ``TextArea`` showing one text: ``python textarea.py ARTICLE``."""

from __future__ import annotations

import sys
from pathlib import Path

from textual.app import App, ComposeResult
from textual.widgets import TextArea


class TextAreaApp(App[None]):
    """A read-only text area, full screen: soft wrap, no syntax, a caret that doesn't blink."""

    CSS = "TextArea { border: none; padding: 0; }"

    def compose(self) -> ComposeResult:
        area = TextArea(
            Path(sys.argv[1]).read_text(encoding="utf-8"),
            read_only=True,
            soft_wrap=True,
            show_line_numbers=False,
        )
        area.cursor_blink = False
        yield area

    def on_mount(self) -> None:
        self.query_one(TextArea).focus()


if __name__ == "__main__":
    TextAreaApp().run()
