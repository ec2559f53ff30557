"""Bytes of the terminal: pasted text stays text, whatever is in it and however it is cut."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser

from annotui.tui.typed_bytes import TypedBytes

BEGIN, END = b"\x1b[200~", b"\x1b[201~"
PIECES = st.sampled_from(
    [
        "D W j ",
        "é“”",
        "\x1b[1m",
        "\x1b[38;5;7m",
        "\x1b]0;title\x07",
        "\x1b",
        "\x1bD",
        "\r",
        "\t",
        "\x08",
    ]
)


def events_of(data: bytes, sizes: Sequence[int]) -> list[events.Event]:
    """What Textual makes of the bytes, which come in chunks of these sizes in turn."""
    decoder, parser, found = TypedBytes(), XTermParser(), []
    at, turn = 0, 0
    while at < len(data):
        size = sizes[turn % len(sizes)]
        if text := decoder.decode(data[at : at + size]):
            found += list(parser.feed(text))
        at, turn = at + size, turn + 1
    return [one for one in found if isinstance(one, (events.Key, events.Paste))]


@given(st.lists(PIECES, max_size=12), st.lists(st.integers(1, 40), min_size=1, max_size=5))
def test_a_paste_is_one_text_without_controls_and_no_key(
    pieces: list[str], sizes: list[int]
) -> None:
    pasted = "".join(pieces)
    found = events_of(b"a" + BEGIN + pasted.encode() + END + b"z", sizes)
    assert [type(one) for one in found] == [events.Key, events.Paste, events.Key]
    text = found[1].text  # type: ignore[attr-defined]
    assert not any(letter < " " and letter not in "\t\n\r" for letter in text)
    if "\x1b" not in pieces and "\x1bD" not in pieces:
        plain = "".join(one for one in pieces if not one.startswith("\x1b") and one != "\x08")
        assert text == plain


def test_words_around_a_colour_stay() -> None:
    pasted = "He said \x1b[1mD W j D no more\x1b[0m. The end"
    _, paste = events_of(b"a" + BEGIN + pasted.encode() + END, [7])
    assert paste.text == "He said D W j D no more. The end"  # type: ignore[attr-defined]


@given(st.binary(max_size=30).filter(lambda data: b"\x1b" not in data), st.integers(1, 9))
def test_what_is_typed_is_not_changed(data: bytes, size: int) -> None:
    decoder = TypedBytes()
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    text = "".join(decoder.decode(chunk) for chunk in chunks) + decoder.decode(b"", final=True)
    assert text == data.decode("utf-8", "replace")


def test_keys_of_several_bytes_arrive_as_they_are() -> None:
    keys = [one.key for one in events_of(b"\x1b[A\x1b[1;2Cj\x1b[B", [2, 3])]  # type: ignore[attr-defined]
    assert keys == ["up", "shift+right", "j", "down"]
