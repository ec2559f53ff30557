"""Articles come out of pages, Markdown, PDF and Word files as text, and harm comes out of none."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from article_bytes import docx, pdf
from hypothesis import given, settings
from hypothesis import strategies as st

from annotui.domain.document import Newline
from annotui.errors import DocumentError, EncodingError
from annotui.formats import web_page, word_document
from annotui.formats.article_file import KINDS, kind_of, read_article

PAGE = """<!doctype html><html lang="en-GB"><head><title>Dam &amp; river</title>
<meta property="og:site_name" content="The Valley Post"><meta name="author" content="J. Roe">
<meta property="article:published_time" content="2024-02-29">
<link rel="canonical" href="https://example.org/dam"><style>p { color: red }</style></head>
<body><script>if (a < b) { c("</p>") }</script><!-- <p>not this</p> -->
<h1>The dam holds</h1><p>Engineers said <b>on Friday</b> that<br>the dam is &ldquo;safe&rdquo;.</p>
<ul><li>one<li>two</ul><table><tr><td>May</td><td>40</td></tr></table>
<pre>a
  b</pre><p hidden>no</p><div style="display: none"><div>nor</div> this</div><p>The end."""


@pytest.fixture
def no_extras(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (web_page, word_document):
        monkeypatch.setattr(module, "find_spec", lambda name: None)
    from annotui.formats import pdf as pdf_format

    monkeypatch.setattr(pdf_format, "find_spec", lambda name: None)


def test_without_the_extra_a_page_keeps_all_that_can_be_seen(no_extras: None) -> None:
    page = read_article(PAGE.encode(), "a.html")
    assert page.text == (
        "The dam holds\n\nEngineers said on Friday that\nthe dam is “safe”.\n\none\n\ntwo\n\n"
        "May\t40\n\na\n  b\n\nThe end."
    )
    assert page.title == "Dam & river"
    assert page.metadata == {
        "format": "html",
        "extractor": "visible text",
        "language": "en-GB",
        "site": "The Valley Post",
        "author": "J. Roe",
        "published": "2024-02-29",
        "address": "https://example.org/dam",
    }
    assert "annotui[html]" in page.remark


def test_entities_of_a_page_are_neither_fetched_nor_shown(no_extras: None) -> None:
    page = (
        b'<?xml version="1.0"?>\n<!DOCTYPE html [\n<!ENTITY a "ha"><!ENTITY x SYSTEM '
        b'"file:///etc/passwd">]>\n<html><body><p>One &amp; &x; two</p></body></html>'
    )
    assert read_article(page, "a.xhtml").text == "One & &x; two"


def test_with_the_extra_a_page_gives_its_main_text() -> None:
    sentences = [f"Sentence {n} says that the river rose by {n} centimetres." for n in range(30)]
    body = "".join(f"<p>{' '.join(sentences[i : i + 3])}</p>" for i in range(0, 30, 3))
    page = (
        "<html><head><title>The river</title></head><body><nav><ul><li><a href=/>Home</a></ul>"
        f"</nav><article><h1>The river</h1>{body}</article><footer>Imprint</footer></body></html>"
    )
    read = read_article(page.encode(), "a.html")
    assert all(sentence in read.text for sentence in sentences)
    assert "Home" not in read.text
    assert "Imprint" not in read.text
    assert read.metadata["extractor"].startswith("trafilatura ")
    assert read.remark == ""


def test_a_page_is_read_in_the_encoding_that_it_names() -> None:
    page = '<meta charset="iso-8859-1"><p>“Café”'.encode("cp1252")
    read = read_article(page, "a.html")
    assert (read.text, read.encoding) == ("“Café”", "cp1252")
    with pytest.raises(EncodingError):
        read_article("<p>Café".encode("cp1252"), "a.html")


def test_markdown_is_read_as_it_is_shown() -> None:
    source = (
        '---\ntitle: "The dam"\nauthor: J. Roe\n---\n# The dam\n\nIt *holds*, says\n'
        "[the mayor](http://x) `a<b`.\n\n- one\n- two\n\n3. three\n\n| a | b |\n|---|---|\n"
        "| 1 | 2 |\n\n<div>raw <b>page</b></div>\n\n    code\n      more\n"
    )
    read = read_article(source.replace("\n", "\r\n").encode(), "a.md")
    assert read.text == (
        "The dam\n\nIt holds, says the mayor a<b.\n\n• one\n\n• two\n\n3. three\n\na\tb\n\n1\t2\n\n"
        "raw page\n\ncode\n  more"
    )
    assert (read.title, read.metadata["author"]) == ("The dam", "J. Roe")
    assert read.newline is Newline.CRLF


def test_a_pdf_gives_its_text_and_what_it_says_of_itself() -> None:
    read = read_article(pdf("The dam holds.", "It rained."), "a.pdf")
    assert read.text == "The dam holds.\nIt rained."
    assert read.title == "The report"
    assert read.metadata["author"] == "A. Writer"
    assert read.metadata["published"] == "2024-02-29"
    assert read.metadata["extractor"].startswith("pypdfium2 ")


def test_a_word_document_gives_its_paragraphs() -> None:
    read = read_article(docx("The dam holds.", "It &lt;rained&gt;."), "a.docx")
    assert read.text == "The dam holds.\n\nIt <rained>."
    assert read.metadata["extractor"].startswith("mammoth ")


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.txt", b"<html>", "text"),
        ("a", b" \n<!DOCTYPE HTML><p>", "html"),
        ("a", b"%PDF-1.4", "pdf"),
        ("a", docx("x"), "docx"),
        ("a", b"PK\x03\x04", "text"),
        ("A.HTM", b"x", "html"),
        ("a.markdown", b"x", "markdown"),
    ],
    ids=["text", "html", "pdf", "docx", "archive", "suffix", "markdown"],
)
def test_the_kind_is_told_by_name_and_first_bytes(name: str, data: bytes, kind: str) -> None:
    assert kind_of(name, data) == kind


@pytest.mark.parametrize(
    ("data", "extra"), [(pdf("x"), "pdf"), (docx("x"), "docx")], ids=["pdf", "docx"]
)
def test_a_missing_extra_is_named(data: bytes, extra: str, no_extras: None) -> None:
    with pytest.raises(DocumentError, match=rf"annotui\[{extra}\]"):
        read_article(data, f"a.{extra}")


BOMB = {"word/media/a.bin": bytes(word_document.UNPACKED_LIMIT + 1)}
ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LOCKED = (Path(__file__).parent / "files" / "locked.pdf").read_bytes()


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.docx", docx("x", more=BOMB), "unpacks to more than"),
        ("a.docx", docx("x" * (word_document.XML_LIMIT + 1)), "unpacks to more than"),
        (
            "a.docx",
            docx("x", "</w:t></w:r></w:p>" + "<w:p/>" * 600_000 + "<w:p><w:r><w:t>"),
            "tags",
        ),
        ("a.docx", docx("&e;", before=ENTITY), "declares XML entities"),
        ("a.docx", docx("x")[:-40], "damaged archive"),
        ("a.docx", docx("<w:p>" * 3000 + "x" + "</w:p>" * 3000), "cannot be read as a Word"),
        ("a.docx", b"PK", "damaged archive"),
        ("a.pdf", LOCKED, "locked with a password"),
        ("a.pdf", pdf(), "needs OCR"),
        ("a.pdf", b"%PDF-1.4 nothing", "cannot be read as PDF"),
        ("a.html", b"<p>" + b" " * web_page.PAGE_LIMIT, "a page has at most"),
        ("a.html", b"<a b='" * 300_000, "is not a page that can be read"),
        ("a.html", b"<p> <script>x", "shows no text"),
        ("a.md", b"<!-- x -->\n", "shows no text"),
        ("a.md", b"\0", "NUL"),
    ],
    ids=range(15),  # bytes make poor names
)
def test_harm_and_damage_are_refused_in_words(name: str, data: bytes, says: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_article(data, name)
    assert says in str(caught.value)
    assert "Nothing was added" in str(caught.value)
    assert ".." not in str(caught.value)


@pytest.mark.parametrize(
    "page",
    [
        b"<div>" * 200_000 + b"deep",
        b"<" * 1_000_000,
        b"<b>" * 100_000 + b"x",
        b"&" * 99_999 + b" x",
    ],
    ids=["deep", "open", "bold", "and"],
)
def test_a_page_without_structure_ends_soon(page: bytes, no_extras: None) -> None:
    with suppress(DocumentError):
        assert read_article(page, "a.html").text


@given(data=st.binary(max_size=400), kind=st.sampled_from(KINDS), text=st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_bytes_give_a_text_or_a_plain_refusal(data: bytes, kind: str, text: str) -> None:
    for source in (data, text.encode(), f"<p>{text}<i>".encode()):
        with suppress(DocumentError):
            read = read_article(source, "x", kind=kind)
            assert read.text.strip()
            assert "\r" not in read.text
            assert "\0" not in read.text
            read.text.encode()
