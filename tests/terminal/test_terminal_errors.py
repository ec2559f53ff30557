"""The reader ends on a fault of its own, also where a part of it never answers again."""

from __future__ import annotations

import signal
from pathlib import Path

from pty_reader import Terminal

ROOT = Path(__file__).parents[2]
STUCK = """
import asyncio, signal

async def wait_for_ever():
    await asyncio.Event().wait()

def fail():
    raise RuntimeError("a fault, on purpose")

def crash(number, frame):
    while type(app := frame.f_locals.get("app")).__name__ != "ReaderApp":
        frame = frame.f_back
    app.screen.call_later(wait_for_ever)
    asyncio.get_event_loop().call_later(0.5, fail)

signal.signal(signal.SIGUSR1, crash)
"""


def test_a_fault_ends_the_reader_although_a_screen_is_stuck(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(STUCK, "utf-8")
    (tmp_path / "article.txt").write_text("Stuck\n\nOne two three.\n", "utf-8")
    path = f"PYTHONPATH={tmp_path}:{ROOT / 'src'}"
    terminal = Terminal(["--annotator", "ann", "article.txt"], tmp_path, before=("env", path))
    try:
        terminal.until_shown("0 marks")
        terminal.press("wc")
        terminal.until_shown("1 mark")
        terminal.signal(signal.SIGUSR1)
        assert terminal.wait() == 1
        assert terminal.is_restored
        assert "a fault, on purpose" in terminal.shown
    finally:
        terminal.close()
