"""PDF: the text layer, page after page."""

from __future__ import annotations

import hashlib
import re
from importlib.util import find_spec

from annotui.domain.document import newline_of, with_lf
from annotui.errors import DocumentError
from annotui.formats.plain_text import PlainText, storable

TEXT_LIMIT = 50_000_000
"""Characters of text that are taken from a PDF at most."""

PAGES_LIMIT = 20_000
_HYPHEN = re.compile("[\x02\ufffe]\r?\n?")
"""What PDFium puts in the place of a hyphen that only parts a word at the end of a line."""

_PASSWORD_ERROR = 4
"""``FPDF_ERR_PASSWORD``. Source: PDFium, fpdfview.h."""


def read_pdf(data: bytes, where: str) -> PlainText:
    """The text of a PDF, an empty line between pages; lines are as they stand on the page.

    Raises:
        DocumentError: when the extra is not installed, the file is damaged or wants a password,
            or its pages are pictures without text.
    """
    if find_spec("pypdfium2") is None:
        raise DocumentError(
            f"{where} is a PDF, and reading these needs an extra. Nothing was added; run "
            "`pip install 'annotui[pdf]'` and try again."
        )
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", 0) == _PASSWORD_ERROR or "password" in str(error).lower():
            raise DocumentError(
                f"{where} is locked with a password. Nothing was added; save a copy without one."
            ) from error
        raise DocumentError(
            f"{where} cannot be read as PDF: {str(error).rstrip('.')}. Nothing was added."
        ) from error
    try:
        text = _text_of(document, where)
        facts = _facts(document)
    except pypdfium2.PdfiumError as error:
        raise DocumentError(
            f"{where} cannot be read as PDF: {str(error).rstrip('.')}. Nothing was added."
        ) from error
    finally:
        document.close()
    from importlib.metadata import version

    return PlainText(
        text=text,
        newline=newline_of(text),
        encoding="utf-8",
        original_sha256=hashlib.sha256(data).hexdigest(),
        title=facts.pop("title", ""),
        metadata={"format": "pdf", "extractor": f"pypdfium2 {version('pypdfium2')}", **facts},
    )


def _text_of(document: object, where: str) -> str:
    pages: list[str] = []
    length = 0
    count = len(document)  # type: ignore[arg-type]
    if count > PAGES_LIMIT:
        raise DocumentError(
            f"{where} has {count:,} pages; at most {PAGES_LIMIT:,} are read. Nothing was added."
        )
    for number in range(count):
        page = document[number]  # type: ignore[index]
        words = page.get_textpage()
        raw = words.get_text_range()
        words.close()
        page.close()
        length += len(raw)
        if length > TEXT_LIMIT:
            raise DocumentError(
                f"{where} holds more than {TEXT_LIMIT:,} characters. Nothing was added; split it."
            )
        pages.append(with_lf(storable(_HYPHEN.sub("", raw))).strip("\n"))
    text = "\n\n".join(page for page in pages if page.strip())
    if not text.strip():
        raise DocumentError(
            f"{where} has no text, only pictures of it: it needs OCR. Nothing was added; run it "
            "through a program such as ocrmypdf and add the outcome."
        )
    return text


def _facts(document: object) -> dict[str, str]:
    found = document.get_metadata_dict(skip_empty=True)  # type: ignore[attr-defined]
    names = {"Title": "title", "Author": "author", "CreationDate": "published"}
    facts = {
        ours: " ".join(storable(str(found[name])).split())
        for name, ours in names.items()
        if found.get(name)
    }
    day = re.match(r"D:(\d{4})(\d\d)(\d\d)", facts.get("published", ""))
    if day is not None:
        facts["published"] = "-".join(day.groups())
    return facts
