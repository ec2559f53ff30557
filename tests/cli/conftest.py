from __future__ import annotations

from pathlib import Path

import pytest
from cli_program import SEED, TWO_MARKS, TWO_TEXT, Annotui, Ran

from annotui.cli.main import main


@pytest.fixture
def annotui(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Annotui:
    """The command line in this process, in an empty folder, as the annotator ``ann``."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ANNOTUI_DB", raising=False)
    monkeypatch.setenv("ANNOTUI_ANNOTATOR", "ann")

    def call(*arguments: str) -> Ran:
        capfdbinary.readouterr()
        code = main(arguments)
        out, err = capfdbinary.readouterr()
        return Ran(code, out, err.decode("utf-8"))

    return call


@pytest.fixture
def seeded(annotui: Annotui) -> Annotui:
    """The same, with the seed article taken in."""
    assert annotui("add", str(SEED)).code == 0
    return annotui


@pytest.fixture
def two(annotui: Annotui) -> Annotui:
    """The same, with an article that ann and bob have marked differently."""
    Path("a.txt").write_text(TWO_TEXT)
    annotui("add", "--title", "Article", "a.txt")
    for who, label, quote, note in TWO_MARKS:
        noted = ("--note", note) if note else ()
        mark = ("annotate", "Article", label, "--quote", quote, *noted)
        ran = annotui("--annotator", who, *mark)
        assert ran.code == 0, ran
    return annotui
