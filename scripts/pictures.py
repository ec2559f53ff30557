"""Make the pictures of the README and the guide from the running program.

Usage: ``python scripts/pictures.py`` (writes ``docs/*.svg``).
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
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
}


async def picture(name: str, folder: Path) -> None:
    """Press the picture's keys and write what the screen shows."""
    from annotui.tui.app import ReaderApp
    from build_example import build

    size, theme, keys = PICTURES[name]
    database = folder / name / "annotations.db"
    database.parent.mkdir()
    build(database)
    app = ReaderApp(database, "example")
    app.theme = theme
    async with app.run_test(size=size) as pilot:
        while not getattr(app.screen, "session", None):
            await pilot.pause(0.05)
        for key in keys.split():
            await pilot.press(key)
        await pilot.pause(0.2)
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
