"""The file that the tutorial practises on."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from annotui.domain.label_scheme import default_scheme
from annotui.services import library
from annotui.services.workspace import Workspace

PRACTICE_NAME = "practice.db"


def practice_file(folder: Path, annotator: str) -> Path:
    """A new database in ``folder`` with the seed article and the labels that annotui comes with.

    Raises:
        AnnotuiError: when it cannot be made.
    """
    path = folder / PRACTICE_NAME
    with closing(Workspace(path, annotator, first_scheme=default_scheme())) as workspace:
        library.add_seed(workspace)
    return path
