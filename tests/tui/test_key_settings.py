"""Keys from a config: exactly these, and no clash, no key that could never arrive."""

from __future__ import annotations

import pytest

from annotui.domain.label_scheme import Label, LabelScheme, default_scheme
from annotui.errors import ConfigError, LabelError
from annotui.services.config import KeySetting
from annotui.tui import legend
from annotui.tui.key_table import PREFIX, KeyTable, check_label_keys, reader_keys


def table(**keys: list[str]) -> KeyTable:
    settings = [KeySetting(name, tuple(typed), "a.toml line 7") for name, typed in keys.items()]
    return reader_keys(default_scheme(), settings)


def action_of(found: KeyTable, key: str, pending: str = "") -> str:
    action = found.find(pending, key)
    return "" if action is None else action.action_id


def test_an_action_has_the_keys_that_were_set_and_no_others() -> None:
    found = table(clause_next=["g .", "F2", "ctrl+→", "shift+ctrl+F3"], word_next=["w"])
    assert action_of(found, ".", PREFIX) == "clause_next"
    assert action_of(found, "f2") == action_of(found, "ctrl+right") == "clause_next"
    assert action_of(found, "ctrl+shift+f3") == "clause_next"
    assert action_of(found, ".") == ""
    assert action_of(found, "w") == "word_next"


def test_an_empty_list_takes_the_keys_away_and_the_action_stays_in_the_table() -> None:
    found = table(export=[])
    assert action_of(found, "X") == ""
    assert any(one.action_id == "export" and one.keys == () for one in found.actions)


def test_two_actions_may_swap_their_keys() -> None:
    found = table(clause_next=[","], clause_previous=["."])
    assert action_of(found, ",") == "clause_next"
    assert action_of(found, ".") == "clause_previous"


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"help": ["j"]}, "the key 'j' is wanted for help, but down has it"),
        ({"help": ["c"]}, "the key 'c' is wanted for help, but the label 'claim' has it"),
        ({"help": ["1"]}, "the key '1' is wanted for help, but the label 'claim' has it"),
        ({"help": ["H"], "undo": ["H"]}, "the key 'H' is wanted for undo, but help has it"),
        ({"help": ["H", "H"]}, "the key 'H' is named twice"),
        ({"help": ["esc"]}, "but cancel has it"),
        ({"help": ["g"]}, "'g' and only 'g' waits for a second key"),
        ({"help": ["z z"]}, "'g' and only 'g' waits for a second key"),
        ({"help": ["g z z"]}, "'g' and only 'g' waits for a second key"),
        ({"help": ["banana"]}, "that is not a key"),
        ({"help": ["ctrl+banana"]}, "that is not a key"),
        ({"help": ["meta+z"]}, "that is not a key"),
        ({"help": [""]}, "that is not a key"),
        ({"help": [" "]}, "that is not a key"),
        ({"help": ["g "]}, "that is not a key"),
        ({"help": ["ctrl+q"]}, "ctrl+q always leaves"),
        ({"help": ["ctrl+i"]}, "to a terminal it is tab"),
        ({"help": ["ctrl+m"]}, "to a terminal it is enter"),
        ({"help": ["ctrl+h"]}, "to a terminal it is backspace"),
        ({"help": ["alt+z"]}, "a terminal sends alt with a character as esc"),
        ({"help": ["shift+z"]}, "write that"),
        ({"help": ["ctrl+Z"]}, "ctrl goes with a small letter"),
        ({"quit": []}, "quit needs a key"),
        ({"cancel": []}, "cancel needs a key"),
        ({"clause": ["z"]}, "there is no action 'clause'. Did you mean clause_"),
        ({"denial": ["z"]}, "the keys of labels are in the label scheme"),
    ],
)
def test_a_key_that_cannot_be_is_refused_with_file_and_line(
    keys: dict[str, list[str]], words: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        table(**keys)
    assert str(caught.value).startswith("a.toml line 7: ")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "key", ["H", "ctrl+t", "F12", "alt+↑", "ctrl+shift+PgDn", "backspace", "g g", "é"]
)
def test_keys_that_can_arrive_are_taken(key: str) -> None:
    found = table(help=[key], top=["ctrl+home"])
    assert next(one for one in found.actions if one.action_id == "help").keys == (key,)


def test_the_last_row_shows_the_keys_as_they_are_set() -> None:
    found = table(select=["H", "v"], grow=["Q"], quit=["Z"], help=["g h", "F1"], next_mark=[])
    assert found.as_bound((*legend.READING[:3], ("+", "grow"), ("]", "next mark"))) == (
        ("H", "select"), ("F1", "keys"), ("Z", "quit"), ("Q", "grow"),
    )  # fmt: skip
    assert found.as_bound(legend.SAVING) == legend.SAVING
    assert table(top=["home"], row_start=["g 0"]).as_bound(
        (("g", "top"), ("?", "labels")), "g"
    ) == (("?", "labels"),)


def test_as_they_come_the_hints_are_left_alone() -> None:
    assert reader_keys(default_scheme()).as_bound(legend.READING) is legend.READING


def test_a_scheme_with_keys_of_its_own_only_is_taken() -> None:
    check_label_keys(default_scheme(), "x")
    check_label_keys(
        LabelScheme((Label("a", "z", "!", "#000000"), Label("b", "2", "?", "#000000"))), "x"
    )


@pytest.mark.parametrize("key", "jvuxg;?+/'UEDWry")
def test_a_key_that_the_reader_needs_is_refused(key: str) -> None:
    with pytest.raises(LabelError, match=r"^x\.toml: .*these are free"):
        check_label_keys(LabelScheme((Label("a", key, "!", "#000000"),)), "x.toml")
