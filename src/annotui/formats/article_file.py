"""Articles in files of any kind: which reader takes which file."""

from __future__ import annotations

from pathlib import PurePath

from annotui.formats.plain_text import PlainText, decode

KINDS = ("text", "markdown", "html", "pdf", "docx")
"""The kinds of file that articles are read from."""

SUFFIXES = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
}
"""The kind that the end of a file's name says."""

_PAGE_STARTS = (b"<!doctype html", b"<html")


def kind_of(name: str, data: bytes) -> str:
    """The kind of a file: what its name ends in, else what its first bytes say."""
    if data.startswith(b"%PDF-"):
        return "pdf"
    suffix = PurePath(name).suffix.lower()
    if suffix in SUFFIXES:
        return SUFFIXES[suffix]
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_PAGE_STARTS):
        return "html"
    if data.startswith(b"PK\x03\x04"):
        from annotui.formats.word_document import is_word

        return "docx" if is_word(data) else "text"
    return "text"


def read_article(
    data: bytes, name: str, *, kind: str | None = None, encoding: str | None = None
) -> PlainText:
    """The text of an article in ``data``; ``kind`` is found out where it is not given.

    Raises:
        EncodingError: when the bytes are not text in the encoding that was given or found.
        DocumentError: when there is no text in it, or an extra is missing.
    """
    kind = kind or kind_of(name, data)
    if kind == "html":
        from annotui.formats.web_page import read_page

        return read_page(data, name, encoding)
    if kind == "markdown":
        from annotui.formats.markdown_text import read_markdown

        return read_markdown(data, name, encoding)
    if kind == "pdf":
        from annotui.formats.pdf import read_pdf

        return read_pdf(data, name)
    if kind == "docx":
        from annotui.formats.word_document import read_word

        return read_word(data, name)
    return decode(data, name, encoding)
