"""Plain text: bytes of a file → the text of a document."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from annotui.domain.document import Newline, newline_of, with_lf
from annotui.errors import DocumentError, EncodingError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
_GUESSES = ("utf-8", "cp1252", "latin-1")


@dataclass(frozen=True, slots=True)
class PlainText:
    """A text as it will be kept (LF only, no byte order mark) and what it was made from.

    ``title`` and ``metadata`` (author, site, published, address, language, format, extractor) are
    what its format says of it; ``remark`` is what the user should know of how it was read.
    """

    text: str
    newline: Newline
    encoding: str
    original_sha256: str
    title: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    remark: str = ""


def decode(data: bytes, where: str, encoding: str | None = None) -> PlainText:
    """The text in ``data``; a byte order mark or ``encoding`` decides, else UTF-8.

    Raises:
        EncodingError: when the bytes are not text in that encoding.
        DocumentError: when they are not text at all, or there is no text.
    """
    codec, kept_name = _codec_of(data, where, encoding)
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        raise _undecodable(data, where, kept_name, error) from error
    except ValueError as error:
        raise DocumentError(
            f"{where} cannot be read as {kept_name}: {error}. Nothing was added."
        ) from error
    text = text.removeprefix("\ufeff")
    nul = text.find("\0")
    if nul >= 0:
        raise DocumentError(
            f"{where} is not a text: there is a NUL character at {nul:,}. Nothing was added; "
            "if it is UTF-16, say so with --encoding utf-16-le or utf-16-be."
        )
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise DocumentError(
            f"{where} holds half a character (a lone surrogate) at {error.start:,}. "
            "Nothing was added; save it as UTF-8 and try again."
        ) from error
    if not text.strip():
        raise DocumentError(f"{where} is empty: there is no text to mark. Nothing was added.")
    return PlainText(with_lf(text), newline_of(text), kept_name, hashlib.sha256(data).hexdigest())


def storable(text: str) -> str:
    """``text`` as it can be stored: without NUL, and U+FFFD for half a character."""
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _codec_of(data: bytes, where: str, encoding: str | None) -> tuple[str, str]:
    if encoding is not None:
        try:
            info = codecs.lookup(encoding)
        except (LookupError, ValueError) as error:
            raise DocumentError(
                f"There is no encoding {encoding!r}. Nothing was added; try utf-8, cp1252, "
                "latin-1 or utf-16."
            ) from error
        if not info._is_text_encoding:
            raise DocumentError(
                f"{encoding!r} does not turn bytes into text. Nothing was added to {where!r}."
            )
        return info.name, info.name
    for mark, codec, kept_name in _MARKS:
        if data.startswith(mark):
            return codec, kept_name
    return "utf-8", "utf-8"


def _undecodable(data: bytes, where: str, codec: str, error: UnicodeDecodeError) -> DocumentError:
    if b"\0" in data[:8192] and not codec.startswith(("utf-16", "utf-32")):
        return DocumentError(
            f"{where} is not a text: it holds binary data (NUL at byte {data.index(0):,}). "
            "Nothing was added."
        )
    byte = data[error.start] if error.start < len(data) else 0
    fitting = next((name for name in _GUESSES if name != codec and _decodes(data, name)), "latin-1")
    return EncodingError(
        f"{where} is not valid {codec.upper()}: byte 0x{byte:02x} at {error.start:,}. Nothing was "
        f"added; it may be {fitting}.",
        fitting,
    )


def _decodes(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True
