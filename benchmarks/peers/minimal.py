"""The least that a Textual program with an SQLite library can be: ``python minimal.py WORDS``."""

from __future__ import annotations

import sys

import sqlite_utils
from textual.app import App, ComposeResult
from textual.widgets import Static


class MinimalApp(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        yield Static(sys.argv[1], markup=False)

    def on_mount(self) -> None:
        self.sub_title = sqlite_utils.__name__


if __name__ == "__main__":
    MinimalApp().run()
