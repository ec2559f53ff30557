"""The only door to a mark checks what goes through it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotui.domain.span import Span, quote_of
from annotui.errors import AnnotationError, AnnotuiError, ConfigError, LabelError, SpanError
from annotui.services import upkeep
from annotui.services.session import Session
from annotui.services.workspace import Workspace, checked_name
from stored_files import TEXT, dump, query, session_on, take_in

OpenAs = Callable[..., Workspace]


def test_what_is_answered_is_what_is_stored_and_read_again(open_as: OpenAs) -> None:
    session = session_on(open_as("amy"))
    mark = session.annotate(
        [Span(27, 46), Span(66, 83)], "denial", note="a note\r\nwith lines \n"
    ).after
    assert session.annotations() == list(mark)
    assert session_on(open_as("bob")).annotations() == list(mark)
    (stored,) = mark
    assert stored.quote == f"{TEXT[27:46]} … {TEXT[66:83]}"
    assert (stored.start, stored.end) == (27, 83)
    assert stored.note == "a note\nwith lines"
    assert stored.line == 3
    assert stored.prefix == TEXT[:27]
    assert stored.suffix == TEXT[83 : 83 + 32]
    for edit in (
        lambda mark: session.relabel(mark, "claim"),
        lambda mark: session.move(mark, [Span(3, 9)]),
        lambda mark: session.set_note(mark, ""),
    ):
        assert list(edit(session.annotations()[0]).after) == session.annotations()


def test_the_first_write_brings_the_labels_the_annotator_and_the_change(
    open_as: OpenAs, database: Path
) -> None:
    take_in(open_as("amy"))
    assert query(database, "SELECT name FROM label ORDER BY position") == [
        (name,) for name in ("claim", "denial", "statistic", "attribution")
    ]
    assert query(database, "SELECT name FROM annotator") == [("amy",)]
    assert query(database, "SELECT kind FROM change") == [("create",), ("add",)]


@pytest.mark.parametrize(
    ("runs", "label", "note", "error"),
    [
        ([], "claim", "", SpanError),
        ([Span(0, len(TEXT) + 1)], "claim", "", SpanError),
        ([Span(0, 3), Span(len(TEXT), len(TEXT) + 1)], "claim", "", SpanError),
        ([Span(0, 3)], "rumour", "", LabelError),
        ([Span(0, 3)], "Claim", "", LabelError),
        ([Span(0, 3)], "claim", "x" * 100_001, AnnotationError),
        ([Span(0, 3)], "claim", "a\0b", ConfigError),
        ([Span(0, 3)], "claim", "a\udcffb", ConfigError),
    ],
)
def test_what_cannot_be_stored_is_refused_and_changes_nothing(
    runs: list[Span],
    label: str,
    note: str,
    error: type[AnnotuiError],
    open_as: OpenAs,
    database: Path,
) -> None:
    session = session_on(open_as("amy"))
    before = dump(database)
    with pytest.raises(error):
        session.annotate(runs, label, note)
    assert dump(database) == before


def test_an_edit_that_changes_nothing_is_no_change(open_as: OpenAs, database: Path) -> None:
    session = session_on(open_as("amy"))
    mark = session.annotate([Span(0, 8)], "claim", note="a note").after[0]
    before = dump(database)
    for edit in (
        lambda: session.relabel(mark, "claim"),
        lambda: session.move(mark, [Span(0, 4), Span(4, 8)]),
        lambda: session.set_note(mark, "a note "),
    ):
        with pytest.raises(AnnotationError, match="already"):
            edit()
    assert dump(database) == before


def test_a_removed_mark_cannot_be_edited(open_as: OpenAs, database: Path) -> None:
    session = session_on(open_as("amy"))
    gone = session.remove(session.annotate([Span(0, 8)], "claim").after[0]).after[0]
    before = dump(database)
    for edit in (lambda: session.relabel(gone, "denial"), lambda: session.remove(gone)):
        with pytest.raises(AnnotationError):
            edit()
    assert dump(database) == before


def test_anothers_mark_cannot_be_edited(open_as: OpenAs, database: Path) -> None:
    mark = session_on(open_as("amy")).annotate([Span(0, 8)], "claim").after[0]
    bob = session_on(open_as("bob"))
    before = dump(database)
    for edit in (
        lambda: bob.relabel(mark, "denial"),
        lambda: bob.move(mark, [Span(1, 2)]),
        lambda: bob.set_note(mark, "x"),
        lambda: bob.remove(mark),
    ):
        with pytest.raises(AnnotationError, match="amy's"):
            edit()
    assert dump(database) == before


def test_equal_spans_and_overlaps_are_kept_side_by_side(open_as: OpenAs) -> None:
    session = session_on(open_as("amy"))
    for label in ("claim", "claim", "denial"):
        session.annotate([Span(0, 8)], label)
    session.annotate([Span(4, 12)], "claim")
    assert len(session.annotations()) == 4


def test_a_new_annotator_is_known_only_after_the_first_mark(open_as: OpenAs) -> None:
    session_on(open_as("amy")).annotate([Span(0, 8)], "claim")
    bob = Session(open_as("bob"), session_on(open_as("amy")).document)
    assert bob.knows_annotator() == (False, ["amy"])
    bob.annotate([Span(0, 8)], "claim")
    assert bob.knows_annotator() == (True, ["amy", "bob"])


@pytest.mark.parametrize(
    "name", ["", "  ", "x" * 201, "a\0b", "a\nb", "a\x1b[31mb", "a\udcffb", "a\u2028b"]
)
def test_a_name_that_cannot_be_kept_is_refused(name: str) -> None:
    with pytest.raises(ConfigError):
        checked_name(name)


@pytest.mark.parametrize("name", ["Amy Winter", "עדן", "山田", "Zoë 👩‍👩‍👧", "=cmd", "[bold]"])
def test_other_names_are_kept_as_they_are(name: str, open_as: OpenAs) -> None:
    session_on(open_as(name)).annotate([Span(0, 8)], "claim")
    assert upkeep.annotators(open_as("amy")) == [(name, 1)]


@given(
    text=st.text(
        alphabet=st.sampled_from("ab \n\t\u2028\u0301é👩\u200d🇫🇷漢שא\x1b\"',;=\ufeff"), min_size=1
    ).filter(lambda text: bool(text.lstrip("\ufeff").strip())),
    data=st.data(),
)
def test_the_quote_always_equals_its_slices(
    text: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "quotes.db"
    workspace = Workspace(path, "amy")
    session = session_on(workspace, text)
    kept = session.document.text
    starts = st.integers(0, len(kept) - 1)
    pair = starts.flatmap(lambda s: st.integers(s + 1, len(kept)).map(lambda e: Span(s, e)))
    mark = session.annotate(data.draw(st.lists(pair, min_size=1, max_size=3)), "claim").after[0]
    rows = query(
        path, 'SELECT start, "end", quote, line FROM annotation WHERE id = ?', mark.annotation_id
    )
    (start, _, quote, line) = rows[0]
    assert quote == quote_of(kept, mark.runs) == mark.quote
    assert line == kept[:start].count("\n") + 1
    assert query(path, "SELECT text FROM document WHERE id = ?", mark.document_id) == [(kept,)]
    assert mark in session.annotations()
    workspace.close()
