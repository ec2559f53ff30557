"""Fixtures for tests of the reader."""

from __future__ import annotations

from pathlib import Path

import pytest
from reader_desk import build


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state directory and a working directory of the test's own."""
    state = tmp_path / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(state))
    for name in ("NO_COLOR", "ANNOTUI_DB", "ANNOTUI_ANNOTATOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return state


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """A database with one article and no marks; ``ann`` added it."""
    path = tmp_path / "annotations.db"
    build(path)
    return path
