"""Markdown: the text as it is shown, headings and list items as paragraphs.

Source: CommonMark 0.31 with tables, as markdown-it-py reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from annotui.errors import DocumentError
from annotui.formats.plain_text import PlainText, decode, storable
from annotui.formats.visible_html import visible_page

if TYPE_CHECKING:
    from markdown_it.token import Token

MARKDOWN_LIMIT = 10_000_000
"""Bytes of a Markdown file at most."""

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.{0,20000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FACT = re.compile(r"^([A-Za-z_]{1,40})[ \t]*:[ \t]*(\S.*)$", re.MULTILINE)
_FACTS = {
    "title": "title",
    "author": "author",
    "date": "published",
    "site": "site",
    "url": "address",
    "lang": "language",
    "language": "language",
}


def read_markdown(data: bytes, where: str, encoding: str | None = None) -> PlainText:
    """The text of a Markdown file as it is shown.

    Raises:
        EncodingError: when its bytes are not text in that encoding.
        DocumentError: when it is too large or shows no text.
    """
    if len(data) > MARKDOWN_LIMIT:
        raise DocumentError(
            f"{where} has {len(data):,} bytes; a Markdown file has at most {MARKDOWN_LIMIT:,}. "
            "Nothing was added; split it, or add it with --as text."
        )
    plain = decode(data, where, encoding)
    source, facts = _front_matter(plain.text)
    from importlib.metadata import version

    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(source)
    text = storable("\n\n".join(_paragraphs(tokens, where))).strip("\n")
    if not text.strip():
        raise DocumentError(f"{where} shows no text. Nothing was added.")
    return replace(
        plain,
        text=text,
        title=facts.pop("title", ""),
        metadata={
            "format": "markdown",
            "extractor": f"markdown-it-py {version('markdown-it-py')}",
            **facts,
        },
    )


def _front_matter(text: str) -> tuple[str, dict[str, str]]:
    """The text behind a YAML head, and the simple facts of it."""
    found = _FRONT_MATTER.match(text)
    if found is None:
        return text, {}
    facts: dict[str, str] = {}
    for name, value in _FACT.findall(found[1]):
        if ours := _FACTS.get(name.lower()):
            facts[ours] = value.strip().strip("\"'")
    return text[found.end() :], facts


def _paragraphs(tokens: Sequence[Token], where: str) -> Iterator[str]:
    """The paragraphs; a list item begins with its sign, a row's cells have tabs between."""
    numbers: list[int | None] = []
    sign = ""
    cells: list[str] | None = None
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            start = int(token.attrs.get("start", 1)) if token.type == "ordered_list_open" else None
            numbers.append(start)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            numbers.pop()
        elif token.type == "list_item_open":
            number = numbers[-1]
            sign = "• " if number is None else f"{number}. "
            numbers[-1] = None if number is None else number + 1
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            yield "\t".join(cells or ())
            cells = None
        elif token.type == "inline":
            words = _shown(token.children or ())
            if cells is not None:
                cells.append(words)
            elif words.strip():
                yield sign + words
                sign = ""
        elif token.type in ("fence", "code_block"):
            yield token.content.rstrip("\n")
        elif token.type == "html_block" and (seen := visible_page(token.content, where).text):
            yield seen


def _shown(children: Sequence[Token]) -> str:
    parts = []
    for child in children:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak":
            parts.append("\n")
        elif child.type == "image":
            parts.append(_shown(child.children or ()))
    return "".join(parts)
