"""HTML pages: the main text where trafilatura is installed, else all that can be seen."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

from annotui.domain.document import with_lf
from annotui.errors import DocumentError
from annotui.formats.plain_text import PlainText, decode, storable
from annotui.formats.visible_html import visible_page

PAGE_LIMIT = 10_000_000
"""Bytes of a page at most."""

MAIN_TEXT_LIMIT = 3_000_000
"""Characters of a page at most in which the main text is looked for."""

MAIN_TEXT_LEAST = 250
"""Characters of main text below which all visible text is kept instead, where it is longer."""

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.I)
_CHARSET_WITHIN = 4096
"""Bytes in which a page says its encoding; HTML wants it within 1,024."""

_SAME_AS = {"iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252"}
"""Encodings that browsers read as another one. Source: WHATWG Encoding, 4.2."""

ALL_VISIBLE = "kept all the visible text of the page; annotui[html] finds the main text"
NO_MAIN_TEXT = "has no main text that could be told apart; all its visible text was kept"


def read_page(data: bytes, where: str, encoding: str | None = None) -> PlainText:
    """The text of an HTML page, with title, author, site, date and address where it names them.

    Raises:
        EncodingError: when its bytes are not text in the encoding that it names, else in UTF-8.
        DocumentError: when it is too large, has no structure, or shows no text.
    """
    if len(data) > PAGE_LIMIT:
        raise DocumentError(
            f"{where} has {len(data):,} bytes; a page has at most {PAGE_LIMIT:,}. Nothing was "
            "added; save its text and add that."
        )
    page = decode(data, where, encoding or _declared(data))
    visible = visible_page(page.text, where)
    text, facts, remark, reader = visible.text, visible.facts, ALL_VISIBLE, "visible text"
    if find_spec("trafilatura") is not None:
        main, told = _main_text(page.text) if len(page.text) <= MAIN_TEXT_LIMIT else ("", {})
        remark, facts = NO_MAIN_TEXT, {**facts, **told}
        if len(main) >= min(MAIN_TEXT_LEAST, len(text)):
            text, remark, reader = main, "", _version()
    text = with_lf(storable(text)).strip()
    if not text:
        raise DocumentError(f"{where} shows no text. Nothing was added.")
    facts = {name: storable(value) for name, value in facts.items() if value}
    return replace(
        page,
        text=text,
        title=facts.pop("title", ""),
        metadata={"format": "html", "extractor": reader, **facts},
        remark=remark,
    )


def _declared(data: bytes) -> str | None:
    """The encoding that a page names in its head, unless a byte order mark decides."""
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return None
    found = _CHARSET.search(data[:_CHARSET_WITHIN])
    if found is None:
        return None
    name = found[1].decode("ascii").lower()
    if name.startswith("utf-16"):
        return None  # a page whose head could be read as ASCII is not in UTF-16
    return _SAME_AS.get(name, name)


def _main_text(page: str) -> tuple[str, dict[str, str]]:
    """Main text and facts as trafilatura finds them; empty where it finds none."""
    document = _trafilatura().bare_extraction(page, include_comments=False, with_metadata=True)
    if document is None:
        return "", {}
    found = document if isinstance(document, dict) else document.as_dict()
    text = str(found.get("text") or "").strip()
    names = {
        "title": "title",
        "author": "author",
        "sitename": "site",
        "date": "published",
        "url": "address",
        "language": "language",
    }
    facts = {ours: str(found[theirs]) for theirs, ours in names.items() if found.get(theirs)}
    return _paragraphs(text), facts


def _trafilatura() -> Any:
    """The library, imported without a socket: urllib3 would bind one to ask whether there is IPv6.

    Source: urllib3, util/connection.py.
    """
    import logging
    import socket

    has_ipv6, socket.has_ipv6 = socket.has_ipv6, False
    try:
        import trafilatura
    finally:
        socket.has_ipv6 = has_ipv6
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    return trafilatura


def _paragraphs(text: str) -> str:
    """A line each becomes a paragraph each, as the reader shows them."""
    return "\n\n".join(line for line in text.split("\n") if line.strip())


def _version() -> str:
    from importlib.metadata import version

    return f"trafilatura {version('trafilatura')}"
