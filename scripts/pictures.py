"""Make the pictures of the README and the guide from the running program.

Usage: ``python scripts/pictures.py`` (writes ``docs/*.svg``).
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURES = {
    "reader": ((104, 30), "annotui-dark", "] ] ] ] ] ] ] ] ] ] ]"),
    "reader-light": ((104, 30), "annotui-light", "v e e e e"),
    "hints": ((80, 24), "annotui-dark", "f"),
    "search": ((80, 24), "annotui-dark", "/ g a y"),
    "select": ((80, 24), "annotui-dark", "w w w + +"),
    "fragments": ((80, 24), "annotui-dark", "v w w w & w w v e e"),
    "list": ((104, 30), "annotui-light", "enter / # c l a i m space t h e"),
    "edge": ((80, 24), "annotui-dark", "] m e e"),
    "tutorial": ((80, 24), "annotui-dark", "j w } }"),
    "review": ((104, 30), "annotui-dark", "r enter y"),
    "library": ((104, 30), "annotui-dark", "ctrl+o"),
    "agreement": ((104, 30), "annotui-light", "g a"),
}
CROWDED = {"review", "library", "agreement"}
"""Pictures of several articles with marks by two annotators."""


PAUSE_S = 0.4
"""Time for a screen to be read from the file and painted."""


def fill(database: Path) -> None:
    """Articles of the keystroke benchmark, marked by ann, and a little otherwise by ben."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    from annotui.formats.plain_text import decode
    from annotui.services import library
    from annotui.services.session import Session
    from annotui.services.workspace import Workspace
    from keystrokes_texts import articles

    for annotator in ("ann", "ben"):
        with closing(Workspace(database, annotator)) as workspace:
            for number, article in enumerate(articles(), 1):
                source = f"news/{number:02}.txt"
                decoded = decode(article.text.encode(), source)
                added = library.add_text(workspace, decoded, source=source)
                session = Session(workspace, library.document(workspace, added.document_id))
                for rank, target in enumerate(article.targets):
                    label = next(one.name for one in session.scheme if one.key == target.key)
                    if annotator == "ben" and rank % 5 == 2:
                        label = "statistic" if label == "claim" else "claim"
                    if annotator == "ann" or rank % 7:
                        session.annotate(target.runs, label)


async def picture(name: str, folder: Path) -> None:
    """Press the picture's keys and write what the screen shows."""
    from annotui.tui.app import ReaderApp
    from annotui.tui.screens.reader import ReaderScreen
    from annotui.tui.screens.tutorial import TutorialScreen
    from build_example import build

    size, theme, keys = PICTURES[name]
    database = folder / name / "annotations.db"
    database.parent.mkdir()
    if name in CROWDED:
        fill(database)
    else:
        build(database)
    annotator = "ann" if name in CROWDED else "example"
    screen = TutorialScreen if name == "tutorial" else ReaderScreen
    app = ReaderApp(database, annotator, reader=screen)
    app.theme = theme
    async with app.run_test(size=size) as pilot:
        while not getattr(app.screen, "session", None):
            await pilot.pause(0.05)
        for key in keys.split():
            await pilot.press(key)
            await pilot.pause(PAUSE_S)
        svg = app.export_screenshot(title="annotui")
    app.scribe.drain()
    svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    (ROOT / "docs" / f"{name}.svg").write_text(svg, "utf-8")


def main() -> None:
    """Make all pictures."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = os.environ["XDG_CONFIG_HOME"] = folder
        for name in PICTURES:
            asyncio.run(picture(name, Path(folder)))
            print(f"docs/{name}.svg")


if __name__ == "__main__":
    main()
