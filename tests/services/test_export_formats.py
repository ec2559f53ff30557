"""An export shows one moment, checks every mark, and counts in the unit that is asked for."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from annotui.domain.offset_unit import OffsetUnit
from annotui.domain.span import Span
from annotui.errors import ConfigError, StoreError
from annotui.services import interchange
from annotui.services.workspace import Workspace
from stored_files import session_on, without_triggers

OpenAs = Callable[..., Workspace]
TEXT = "👩‍👩‍👧 e\u0301 said “no”,\nthen 漢字 again."


@pytest.fixture
def workspace(open_as: OpenAs) -> Workspace:
    amy = open_as("amy")
    session_on(amy, TEXT).annotate([Span(6, 8), Span(14, 18), Span(25, 27)], "claim")
    return amy


@pytest.mark.parametrize(
    ("unit", "codec", "size"), [("utf16", "utf-16-le", 2), ("byte", "utf-8", 1)]
)
def test_offsets_in_another_unit_have_it_in_their_name(
    workspace: Workspace, unit: str, codec: str, size: int
) -> None:
    written = interchange.export(workspace, unit=OffsetUnit(unit))
    (row,) = csv.DictReader(io.StringIO(written.text, newline=""))
    data = TEXT.encode(codec)
    runs = eval(row[f"{unit}_fragments"])
    assert " … ".join(data[s * size : e * size].decode(codec) for s, e in runs) == row["quote"]
    assert [int(row[f"{unit}_start"]), int(row[f"{unit}_end"])] == [runs[0][0], runs[-1][1]]
    assert "start" not in row


@pytest.mark.parametrize("unit", OffsetUnit)
def test_a_mark_that_disagrees_with_its_text_stops_the_export(
    workspace: Workspace, unit: OffsetUnit, tmp_path: Path
) -> None:
    with without_triggers(workspace.path) as connection:
        connection.execute("UPDATE annotation SET quote = 'else'")
    target = tmp_path / "out.csv"
    target.write_text("before")
    with pytest.raises(StoreError, match=r"says 'else'.*Nothing was written"):
        interchange.export_to(workspace, target, unit=unit)
    assert target.read_text() == "before"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["annotations.db", "out.csv"]


def test_what_a_format_cannot_do_is_refused(workspace: Workspace) -> None:
    with pytest.raises(ConfigError, match="There is no format 'x'"):
        interchange.export(workspace, form="x")


def test_a_document_without_marks_is_counted_unless_marks_are_chosen(workspace: Workspace) -> None:
    session_on(workspace, "Nothing is marked here.")
    assert interchange.export(workspace).counts.documents == 2
    assert interchange.export(workspace, labels=["claim"]).counts.documents == 1
