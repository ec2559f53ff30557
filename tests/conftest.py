"""Fixtures and settings for every test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from annotui.services.workspace import Workspace

os.environ["XDG_CONFIG_HOME"] = os.devnull  # no test reads the config of who runs it

settings.register_profile(
    "annotui",
    derandomize=True,
    max_examples=60,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("annotui")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where a database may be made; there is none yet."""
    return tmp_path / "annotations.db"


@pytest.fixture
def open_as(database: Path) -> Iterator[Callable[..., Workspace]]:
    """``open_as("amy")`` opens the database as amy; all are closed after the test."""
    opened: list[Workspace] = []

    def open_workspace(annotator: str, path: Path = database) -> Workspace:
        opened.append(Workspace(path, annotator))
        return opened[-1]

    yield open_workspace
    for workspace in opened:
        workspace.close()
