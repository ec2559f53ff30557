"""The table of actions: every action has a method, a test, and keys of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from reader_desk import build, mark, reader

from annotui.domain.label_scheme import Label, LabelScheme, default_scheme
from annotui.errors import ConfigError
from annotui.tui.actions import (
    ACTIONS,
    ALSO_IN_REVIEW,
    GROUPS,
    REVIEW_ACTIONS,
    Action,
    label_actions,
)
from annotui.tui.key_table import PREFIX, KeyTable, arrival, reader_keys
from annotui.tui.motions import EXTENDING, MOTIONS
from annotui.tui.screens.reader import IN_LIST, SELECTS, ReaderScreen
from annotui.tui.screens.review import ReviewScreen


def every_action() -> Iterator[Action]:
    yield from label_actions(default_scheme())
    yield from ACTIONS


@pytest.mark.parametrize("action", every_action(), ids=lambda one: one.action_id)
def test_every_action_has_words_a_group_and_something_to_do(action: Action) -> None:
    assert action.group in GROUPS
    assert action.help
    assert action.keys or action.in_palette
    name = action.action_id.partition(":")[0]
    assert name in MOTIONS or name in EXTENDING or callable(getattr(ReaderScreen, f"action_{name}"))


@pytest.mark.parametrize("action", REVIEW_ACTIONS, ids=lambda one: one.action_id)
def test_every_action_of_a_review_has_something_to_do(action: Action) -> None:
    assert action.group in GROUPS
    assert action.help
    assert callable(getattr(ReviewScreen, f"action_{action.action_id}"))


def test_what_a_review_shares_with_the_reader_is_an_action_of_both() -> None:
    ids = {action.action_id for action in ACTIONS}
    for name in ALSO_IN_REVIEW:
        assert name in ids
        assert callable(getattr(ReviewScreen, f"action_{name}"))


def test_ids_are_unique_and_everything_named_elsewhere_is_one() -> None:
    ids = [action.action_id for action in every_action()]
    assert len(ids) == len(set(ids))
    names = {one.partition(":")[0] for one in ids}
    assert set(IN_LIST) | SELECTS | set(MOTIONS) | set(EXTENDING) <= names


@pytest.mark.parametrize("kind", ["ordinary", "tiny", "wordless"])
async def test_every_action_can_be_done_anywhere(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.db"
    text = {
        "ordinary": "Some words here, and more.\n\nThe end.\n",
        "tiny": "x",
        "wordless": "…\n\n—\n",
    }
    build(path, [text[kind]])
    if kind == "ordinary":
        mark(path, "words")
    async with reader(path) as desk:
        for action in every_action():
            if action.action_id in ("quit", "tutorial"):  # these leave the reader
                continue
            await desk.screen.perform(action)
            await desk.idle()
            while len(desk.app.screen_stack) > 2:
                await desk.press("escape")


@pytest.mark.parametrize("action", ACTIONS, ids=lambda one: one.action_id)
def test_every_key_as_typed_finds_its_action(action: Action) -> None:
    table = reader_keys(default_scheme())
    for keys in action.keys:
        *pending, last = (arrival(part) for part in keys.split(" "))
        assert table.find("".join(pending), last) is action


@pytest.mark.parametrize(
    ("typed", "arrives"),
    [
        ("ctrl+→", "ctrl+right"), ("ctrl+shift+←", "ctrl+shift+left"), ("esc", "escape"),
        ("+", "+"),
        ("PgDn", "pagedown"), ("space", "space"), ("G", "G"), ("ctrl+home", "ctrl+home"),
    ],
)  # fmt: skip
def test_keys_are_written_as_typed(typed: str, arrives: str) -> None:
    assert arrival(typed) == arrives


def scheme_with(*keys: str) -> LabelScheme:
    return LabelScheme(tuple(Label(f"label{key}", key, "!", "#ecd420") for key in keys))


@pytest.mark.parametrize("key", ["j", "v", "u", "]", "?", " ", "", "x y z"])
def test_a_label_whose_key_is_taken_or_none_is_refused(key: str) -> None:
    if key == " ":
        key = "space"
    with pytest.raises(ConfigError, match="key"):
        reader_keys(scheme_with(key))


def test_no_label_may_take_the_prefix() -> None:
    with pytest.raises(ConfigError, match="second key"):
        reader_keys(scheme_with(PREFIX))


def test_a_chord_that_does_not_begin_with_the_prefix_is_refused() -> None:
    with pytest.raises(ConfigError, match="second key"):
        KeyTable([Action("odd", ("z z",), "odd", "odd", "Move")])


def test_two_labels_with_one_key_are_refused() -> None:
    with pytest.raises(ConfigError, match="labelz"):
        reader_keys(LabelScheme((*scheme_with("z").labels, Label("other", "z", "?", "#ecd420"))))


def test_a_label_may_have_its_number_for_a_key_and_ten_labels_work() -> None:
    assert reader_keys(scheme_with("1")).find("", "1") is not None
    many = reader_keys(scheme_with(*"zyHQRSTVYZ"))
    found = many.find("", "Z")
    assert found is not None
    assert found.keys == ("Z",)


def test_a_taken_number_is_refused() -> None:
    with pytest.raises(ConfigError):
        reader_keys(scheme_with("2", "z"))
