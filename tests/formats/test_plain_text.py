"""Bytes become a text once, strictly, and nothing in it is changed but its line ends."""

from __future__ import annotations

import codecs
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotui.domain.document import Newline
from annotui.errors import DocumentError, EncodingError
from annotui.formats.plain_text import decode

UNUSUAL = "a \t\x0b\x0c\x1b\x1c\x85\u2028\u2029\ufffd\ufeff\u202e\u0301é👩\u200d👩🇫🇷漢שא😀"


@pytest.mark.parametrize(
    ("data", "newline", "text"),
    [
        (b"a\nb\n", Newline.LF, "a\nb\n"),
        (b"a\r\nb\r\n", Newline.CRLF, "a\nb\n"),
        (b"a\rb\r", Newline.CR, "a\nb\n"),
        (b"a\r\nb\n", Newline.MIXED, "a\nb\n"),
        (b"a\r\r\nb", Newline.MIXED, "a\n\nb"),
        (b"a\n\rb", Newline.MIXED, "a\n\nb"),
        (b"ab", Newline.NONE, "ab"),
    ],
)
def test_line_ends_become_lf_and_their_kind_is_kept(
    data: bytes, newline: Newline, text: str
) -> None:
    plain = decode(data, "a.txt")
    assert (plain.text, plain.newline) == (text, newline)
    assert plain.original_sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("mark", "codec", "kept"),
    [
        (b"", "utf-8", "utf-8"),
        (codecs.BOM_UTF8, "utf-8", "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
        (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32"),
    ],
)
def test_a_byte_order_mark_decides_and_is_dropped(mark: bytes, codec: str, kept: str) -> None:
    plain = decode(mark + "Zoë 👩‍👩‍👧\r\n".encode(codec), "a.txt")
    assert (plain.text, plain.encoding) == ("Zoë 👩‍👩‍👧\n", kept)


@given(st.text(alphabet=st.sampled_from(UNUSUAL + "\n"), min_size=1))
def test_no_other_character_is_touched(text: str) -> None:
    plain = decode(("x" + text).encode(), "a.txt")
    assert plain.text == "x" + text


@given(
    st.binary(min_size=1), st.sampled_from([None, "utf-8", "cp1252", "utf-16", "ascii", "cp932"])
)
def test_any_bytes_are_a_text_or_refused_in_words(data: bytes, encoding: str | None) -> None:
    said = ""
    try:
        plain = decode(data, "a.txt", encoding)
        assert plain.text.strip()
        assert not {"\r", "\0"} & set(plain.text)
        plain.text.encode()
    except DocumentError as error:
        said = str(error)
    assert not said or "Nothing was added" in said


@given(st.binary(min_size=1))
def test_the_encoding_that_is_offered_can_decode_the_bytes(data: bytes) -> None:
    fitting = "latin-1"
    try:
        decode(data, "a b.txt")
    except EncodingError as error:
        fitting = error.fitting
    except DocumentError:
        pass
    data.decode(fitting)


def test_undecodable_bytes_are_named_with_their_place() -> None:
    with pytest.raises(EncodingError) as caught:
        decode(b"x" * 1234 + b"\xe9t\xe9", "news/a.txt")
    assert "not valid UTF-8: byte 0xe9 at 1,234." in str(caught.value)
    assert caught.value.fitting == "cp1252"


def test_utf_8_is_offered_where_another_encoding_was_wrong() -> None:
    with pytest.raises(EncodingError) as caught:
        decode("Zoë".encode(), "-a.txt", "ascii")
    assert caught.value.fitting == "utf-8"


def test_a_binary_file_is_called_that() -> None:
    with pytest.raises(DocumentError, match="binary data"):
        decode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a.png")


def test_nul_is_refused_with_the_hint_that_it_may_be_utf_16() -> None:
    with pytest.raises(DocumentError, match=r"NUL character at 1.*utf-16-le"):
        decode("ab".encode("utf-16-le"), "a.txt")
    assert decode("ab".encode("utf-16-le"), "a.txt", "utf-16-le").text == "ab"


def test_half_a_character_is_refused() -> None:
    with pytest.raises(DocumentError, match="lone surrogate"):
        decode(b"a+2AA-", "a.txt", "utf-7")


@pytest.mark.parametrize("name", ["nonsense", "", "base64", "rot13", "zip", "utf-8\0", "é" * 9])
def test_what_is_no_text_encoding_is_refused(name: str) -> None:
    with pytest.raises(DocumentError, match="Nothing was added"):
        decode(b"abc", "a.txt", name)


@pytest.mark.parametrize("name", ["undefined", "idna", "punycode", "unicode_escape"])
def test_odd_encodings_end_in_words(name: str) -> None:
    with pytest.raises(DocumentError, match="Nothing was added"):
        decode(b"\\x \xff\xfe", "a.txt", name)


@pytest.mark.parametrize("data", [b"", b"\n\t ", codecs.BOM_UTF8, "\u2028\u3000".encode()])
def test_a_text_without_a_word_is_empty(data: bytes) -> None:
    with pytest.raises(DocumentError, match="is empty"):
        decode(data, "a.txt")
