"""An export that is imported into an empty database lacks what the table says, and no more."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotui.domain.annotation import Annotation
from annotui.domain.span import Span
from annotui.errors import ConfigError
from annotui.formats import registry
from annotui.formats.registry import FORMATS, Format, Loss
from annotui.services import interchange
from annotui.services.importing import Import, Outcome
from annotui.services.record_check import How
from annotui.services.session import Session
from annotui.services.workspace import Workspace
from annotui.storage import annotations as stored_annotations
from annotui.storage import documents
from stored_files import query, session_on, take_in, write_review

OpenAs = Callable[..., Workspace]
TEXT = (
    '=1+1 “nested 👩\u200d👩\u200d👧 e\u0301 crossing” marks,\nCRLF; was\there | "quoted" 漢字.\n'
    "And a last line with a few words more."
)
BOTH_WAYS = [one for one in FORMATS if one.reads and one.writes]


@pytest.fixture
def source(open_as: OpenAs) -> Workspace:
    """Nested, crossing and discontinuous marks of two annotators, with notes and decisions."""
    amy, bob = open_as("amy"), open_as("Bo 'b' Ó, \"x\"")
    take_in(amy, TEXT, title="A title, of its own")
    first = session_on(amy, TEXT).annotate([Span(0, 4)], "claim", '=a, "b"\nc\'d;e').after[0]
    session_on(amy, TEXT).annotate([Span(0, 30)], "denial")
    second = session_on(bob, TEXT).annotate([Span(14, 36)], "claim", "note").after[0]
    session_on(bob, TEXT).annotate([Span(5, 12), Span(44, 50), Span(65, 70)], "attribution")
    over_a_line = TEXT.index("marks")
    session_on(bob, TEXT).annotate([Span(over_a_line, over_a_line + 12)], "statistic")
    session_on(bob, TEXT).annotate(
        [Span(over_a_line, over_a_line + 6), Span(over_a_line + 7, over_a_line + 11)], "denial"
    )
    write_review(bob, first, "rejected")
    write_review(amy, second, "accepted")
    return amy


def all_of(workspace: Workspace) -> list[Annotation]:
    with workspace.reading() as db:
        (document_id,) = documents.ids_in_order(db)
        return stored_annotations.of_document(db, document_id)


def exported(workspace: Workspace, form: Format, folder: Path) -> list[Path]:
    target = folder / f"out{'' if form.is_folder else form.suffix}"
    try:
        interchange.export_to(workspace, target, form=form.name)
    except ConfigError as error:
        pytest.skip(str(error))
    if not form.is_folder:
        return [target] if target.is_file() else sorted(target.rglob(f"*{form.suffix}"))
    return sorted(target.rglob(f"*{form.suffix}"))


def taken_in(workspace: Workspace, files: list[Path], form: Format) -> list[Outcome]:
    job = Import(workspace, How(form=form.name))
    return list(job.run(files, lambda _done, _total: None))


def aspects(marks: list[Annotation]) -> dict[Loss, Any]:
    def meets_a_line_end(one: Annotation) -> bool:
        return one.start == TEXT.index("marks")

    return {
        Loss.IDS: Counter(one.annotation_id for one in marks),
        Loss.FRAGMENTS: Counter(one.runs for one in marks if not meets_a_line_end(one)),
        Loss.LINE_ENDS: Counter(one.runs for one in marks if meets_a_line_end(one)),
        Loss.NOTES: Counter(one.note for one in marks),
        Loss.ANNOTATORS: Counter(one.annotator for one in marks),
        Loss.STATUS: Counter(one.review_status for one in marks),
        Loss.REVIEWERS: Counter(one.reviewer for one in marks),
        Loss.TIMES: Counter((one.created_at, one.updated_at) for one in marks),
    }


@pytest.mark.parametrize("form", BOTH_WAYS, ids=lambda form: form.name)
def test_the_table_of_losses_is_true(
    form: Format, source: Workspace, open_as: OpenAs, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    files = exported(source, form, folder)
    empty = open_as("importer", tmp_path / "new.db")
    outcomes = taken_in(empty, files, form)
    has_text = not any(one.is_refused for one in outcomes)
    assert has_text == (Loss.TEXT not in form.loses), outcomes
    if not has_text:
        Session(empty, session_on(empty, TEXT).document)
        outcomes = taken_in(empty, files, form)
    assert all(one.is_whole for one in outcomes), outcomes
    before, after = aspects(all_of(source)), aspects(all_of(empty))
    for loss, there in before.items():
        assert (there == after[loss]) == (loss not in form.loses), loss
    if has_text:
        columns = "title", "source, newline, encoding, original_sha256, metadata"
        for loss, names in zip((Loss.TITLE, Loss.ORIGIN), columns, strict=True):
            sql = f"SELECT {names} FROM document"
            same = query(source.path, sql) == query(empty.path, sql)
            assert same == (loss not in form.loses), loss


@pytest.mark.parametrize("form", BOTH_WAYS, ids=lambda form: form.name)
def test_a_second_import_changes_nothing(
    form: Format, source: Workspace, open_as: OpenAs, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    files = exported(source, form, folder)
    other = open_as("importer", tmp_path / "new.db")
    session_on(other, TEXT)
    taken_in(other, files, form)
    before = other.path.read_bytes()
    assert all(one.is_whole for one in taken_in(other, files, form))
    assert other.path.read_bytes() == before


def test_the_document_of_the_formats_has_the_table() -> None:
    from annotui.cli.exchange import formats_as_markdown

    page = Path(__file__).resolve().parents[2] / "docs" / "formats.md"
    assert formats_as_markdown() in page.read_text()


def test_the_formats_are_told_as_json() -> None:
    from annotui.cli.exchange import _entry

    assert [json.loads(json.dumps(_entry(one)))["name"] for one in FORMATS] == list(registry.NAMES)
