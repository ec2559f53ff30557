"""The library's views: what they count, and that one which nobody wants any more ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from annotui.domain.span import Span
from annotui.errors import StoreError
from annotui.services import shelf
from annotui.services.shelf import View
from annotui.services.workspace import Workspace
from annotui.storage import handle
from stored_files import session_on, take_in

OpenAs = Callable[..., Workspace]


@pytest.fixture
def many(open_as: OpenAs) -> Workspace:
    workspace = open_as("amy")
    for number in range(30):
        what = "budget" if number % 3 else "harbour"
        take_in(workspace, f"Article {number} on the {what}\n\nNothing else is said here.\n")
    return workspace


@pytest.mark.parametrize(
    ("view", "count"),
    [
        (View(), 30),
        (View(words="budg"), 20),
        (View(words="budg", sort="words"), 20),
        (View(words="qqq"), 0),
        (View(search="harb"), 10),
        (View(search="harb", sort="title", words="article"), 10),
        (View(shown="done"), 0),
        (View(shown="left", words="harbour"), 10),
    ],
)
def test_the_first_look_knows_how_many_there_are(many: Workspace, view: View, count: int) -> None:
    for rows in (1, 10, 20, 30, 40):
        first = shelf.first(many, view, rows)
        order = shelf.order(many, view)
        assert (first.count, first.total, len(order)) == (count, 30, count)
        assert first.numbers == order[: len(first.numbers)]
        shown = [one.document.number for one in first.entries]
        assert shown == list(order[:rows])


def test_a_page_of_hits_has_text_before_notes(many: Workspace) -> None:
    session_on(many).annotate([Span(0, 7)], "claim", note="the harbour, and Nessie")
    (only,) = shelf.first(many, View(search="nessi"), 10).entries
    assert only.hit is not None
    assert (only.hit.where, only.hit.place) == ("note", 0)
    found = shelf.first(many, View(search="said"), 40).entries
    assert {one.hit.where for one in found if one.hit} == {"text"}
    titled = shelf.first(many, View(search='"article 4"'), 10).entries
    assert [one.hit.where for one in titled if one.hit] == ["text"]


def test_a_look_that_is_not_wanted_any_more_breaks_off(
    many: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handle, "_STEPS", 10)
    for look in (shelf.order, lambda *a, **k: shelf.first(*a, 10, **k)):
        with pytest.raises(StoreError, match="interrupted"):
            look(many, View(words="budget"), is_wanted=lambda: False)
    assert shelf.first(many, View(words="budget"), 10).count == 20
