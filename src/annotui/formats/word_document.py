"""Word documents (DOCX): the text in paragraphs, through mammoth."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from importlib.util import find_spec
from typing import IO

from annotui.domain.document import newline_of, with_lf
from annotui.errors import DocumentError
from annotui.formats.plain_text import PlainText, storable
from annotui.formats.visible_html import visible_page

UNPACKED_LIMIT = 100_000_000
"""Bytes of all parts of a document at most, unpacked: pictures count, too."""

XML_LIMIT = 30_000_000
"""Bytes of XML at most; it is held in memory as a tree."""

TAGS_LIMIT = 600_000
"""Tags in all XML parts at most: each takes mammoth tens of microseconds and some 600 bytes."""

PARTS_LIMIT = 10_000
_MAIN_PART = "word/document.xml"
_DECLARATIONS = tuple("<!DOCTYPE".encode(codec) for codec in ("ascii", "utf-16-le", "utf-16-be"))


def read_word(data: bytes, where: str) -> PlainText:
    """The text of a DOCX file, headings, list items and rows as paragraphs.

    Raises:
        DocumentError: when the extra is not installed, or the file is damaged, too large when
            unpacked, or made to do harm.
    """
    if find_spec("mammoth") is None:
        raise DocumentError(
            f"{where} is a Word document, and reading these needs an extra. Nothing was added; "
            "run `pip install 'annotui[docx]'` and try again."
        )
    _check_archive(data, where)
    import xml.sax
    from xml.parsers.expat import ExpatError

    import mammoth

    no_pictures = mammoth.images.img_element(lambda _image: {})
    try:
        page = mammoth.convert_to_html(
            io.BytesIO(data), convert_image=no_pictures, external_file_access=False
        ).value
    except (
        *(zipfile.BadZipFile, ExpatError, xml.sax.SAXException, KeyError, ValueError, OSError),
        *(AttributeError, IndexError, TypeError, NotImplementedError, RecursionError),
    ) as error:
        # mammoth meets a document that is not as it expects with whatever Python raises there.
        raise DocumentError(
            f"{where} cannot be read as a Word document ({type(error).__name__}: {error}). "
            "Nothing was added; save it anew, or as text."
        ) from error
    text = with_lf(storable(visible_page(page, where).text)).strip("\n")
    if not text.strip():
        raise DocumentError(f"{where} holds no text. Nothing was added.")
    from importlib.metadata import version

    return PlainText(
        text=text,
        newline=newline_of(text),
        encoding="utf-8",
        original_sha256=hashlib.sha256(data).hexdigest(),
        metadata={"format": "docx", "extractor": f"mammoth {version('mammoth')}"},
    )


def is_word(data: bytes) -> bool:
    """Whether the bytes are an archive with the main part of a Word document."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _MAIN_PART in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def _check_archive(data: bytes, where: str) -> None:
    """Refuse an archive that would unpack to too much, or whose XML declares entities.

    What the archive says of its sizes is not believed: each part is unpacked with a limit.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise DocumentError(
                    f"{where} is locked with a password. Nothing was added; save a copy without "
                    "one."
                )
            left, xml_left, tags_left = UNPACKED_LIMIT, XML_LIMIT, TAGS_LIMIT
            for part in parts[: PARTS_LIMIT + 1]:
                is_xml = part.filename.lower().endswith((".xml", ".rels"))
                with archive.open(part) as file:
                    limit = min(left, xml_left)
                    size, tags = _checked_size(file, where, part.filename, is_xml, limit)
                tags_left -= tags
                left -= size
                xml_left -= size if is_xml else 0
            if len(parts) > PARTS_LIMIT or left < 0 or xml_left < 0:
                raise _too_much(where)
            if tags_left < 0:
                raise DocumentError(
                    f"{where} has more than {TAGS_LIMIT:,} XML tags. Nothing was added; save it as "
                    "text, or in parts."
                )
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise DocumentError(f"{where} is a damaged archive: {error}. Nothing was added.") from error


def _checked_size(
    file: IO[bytes], where: str, part: str, is_xml: bool, limit: int
) -> tuple[int, int]:
    """How many bytes a part has unpacked, up to a little more than ``limit``, and how many tags."""
    if is_xml:
        xml = file.read(limit + 1)
        if any(sign in xml for sign in _DECLARATIONS):
            raise DocumentError(
                f"{where} declares XML entities in {part}, which no word processor writes. "
                "Nothing was added."
            )
        return len(xml), xml.count(b"<")
    size = 0
    while size <= UNPACKED_LIMIT and (chunk := file.read(1 << 20)):
        size += len(chunk)
    return size, 0


def _too_much(where: str) -> DocumentError:
    return DocumentError(
        f"{where} unpacks to more than {UNPACKED_LIMIT:,} bytes ({XML_LIMIT:,} of text). Nothing "
        "was added; save it without pictures, or as text."
    )
