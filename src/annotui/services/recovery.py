"""Making a sound file out of what a damaged one still holds."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from annotui.errors import ExportError, StoreError
from annotui.formats import csv_table
from annotui.formats.exchange import WriteOptions
from annotui.formats.rows import COLUMNS
from annotui.services import interchange, upkeep
from annotui.services.salvaging import Judge, Losses
from annotui.services.upkeep import Verification
from annotui.services.workspace import Workspace
from annotui.storage import full_text, rebuilding
from annotui.storage.salvage import salvage

LEFT_OUT = ".left-out.csv"
"""How the file is called, behind the name of the new one, that marks without a text go into."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """What is in the new file, what is known to be missing, and how many records were unreadable.

    ``left_out`` is where marks went whose document is lost; None where there are none.
    """

    kept: Verification
    losses: Losses
    unreadable: int
    left_out: Path | None


def recover(damaged: Path, target: Path, annotator: str) -> Recovery:
    """Write what can be read of ``damaged`` to ``target``, and check it before it is called sound.

    Raises:
        ExportError: when there is something at ``target``, or it cannot be written.
        StoreError: when nothing can be read. ``damaged`` is left as it is in any case.
    """
    left_out = target.with_name(target.name + LEFT_OUT)
    for path in (target, left_out):
        if os.path.lexists(path):
            raise ExportError(f"{path} exists already. Nothing was written; name a new file.")
    if not damaged.is_file():
        raise StoreError(f"There is no file {damaged}. Nothing was written.")
    with upkeep.beside(target) as folder:
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            found = salvage(damaged, Path(scratch))
            try:
                judge = Judge(found)
                judge.judge()
                _refuse_nothing(judge, damaged)
                made = Workspace(folder / "new.db", annotator)
                try:
                    _fill(made, judge, found.text, damaged)
                    report = upkeep.verify(made)
                finally:
                    made.close()
            finally:
                found.close()
        if report.problems:
            raise StoreError(
                f"What could be read of {damaged} does not go together "
                f"({report.problems[0]}). Nothing was written; go back to a backup."
            )
        if judge.losses.marks:
            _write_marks(judge.losses, left_out, damaged)
        upkeep.put_in_place(folder / "new.db", target, damaged)
    marks = left_out if judge.losses.marks else None
    return Recovery(report, judge.losses, found.unreadable, marks)


def _refuse_nothing(judge: Judge, damaged: Path) -> None:
    rows = judge.plan.rows
    if not rows["document"] and not judge.losses.marks:
        raise StoreError(
            f"Neither a document nor a mark of annotui's can be read of {damaged}. Nothing was "
            "written; go back to a backup."
        )


def _fill(made: Workspace, judge: Judge, text_of: Callable[[str], str], damaged: Path) -> None:
    """Write the plan into a new file, all of it or nothing."""
    with made.writing(create=True) as db:
        rebuilding.write(db, judge.plan, text_of, made.annotator, f"from {damaged.name}")
    with made.writing() as db:
        full_text.rebuild(db)


def _write_marks(losses: Losses, path: Path, damaged: Path) -> None:
    """Write marks whose document is lost as CSV, so that they can be imported once it is back."""
    values = [
        {
            **mark,
            "document": losses.documents.get(mark["document_id"], ""),
            "status": "unreviewed",
            "reviewer": "",
        }
        for mark in losses.marks
        if not mark["removed"]
    ]
    cells = ([row[name] for name in COLUMNS] for row in values)
    with interchange.writing_file(path, damaged) as file:
        csv_table.write_rows(cells, file, WriteOptions(()))
