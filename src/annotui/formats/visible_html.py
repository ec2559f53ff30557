"""The visible text of an HTML page, in paragraphs, and what its head says of it.

Reads a stream of tags and keeps no tree, so that time and memory grow with the page and not with
the depth of its nesting.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from annotui.errors import DocumentError

_CHUNK = 1 << 15
_UNREAD_LIMIT = 1 << 18
"""Characters of one tag at most; a parser that waits for its end looks at all of it again."""

_UNSEEN = ("script", "style", "template", "svg", "noscript", "iframe", "object", "head", "select")
_RAW = ("script", "style")
_VOID_NAMES = "area base br col embed hr img input link meta source track wbr"
_VOID = frozenset(_VOID_NAMES.split())
_BLOCK_NAMES = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav "
    "ol p pre section summary table tbody td tfoot th thead tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_CELLS = frozenset(("td", "th"))
_SPACE = re.compile(r"[ \t\n\r\f]+")
_OWN_MARKUP = re.compile(r"\s*(?:<\?[^>]{0,500}>\s*)?<!DOCTYPE\b[^>\[]{0,500}\[[^\]]*\]\s*>", re.I)
"""A document type with declarations of its own, as XML allows; they are no part of what is seen."""

_RAW_TAG = re.compile(r"<(script|style)\b", re.IGNORECASE)
_META_KEYS = {
    "author": "author",
    "article:author": "author",
    "dc.creator": "author",
    "og:site_name": "site",
    "application-name": "site",
    "article:published_time": "published",
    "date": "published",
    "dc.date": "published",
    "og:url": "address",
    "og:title": "title",
}


@dataclass(slots=True)
class VisiblePage:
    """The text of a page, paragraphs an empty line apart, and facts from its head by name."""

    text: str
    facts: dict[str, str] = field(default_factory=dict)


def visible_page(page: str, where: str) -> VisiblePage:
    """What a reader of ``page`` sees, headings and list items as paragraphs.

    Raises:
        DocumentError: when the page has no structure that could be read.
    """
    reader = _Reader()
    page = _without_raw(_without(page, "<!--", "-->"))
    if found := _OWN_MARKUP.match(page):
        page = page[found.end() :]
    for start in range(0, len(page), _CHUNK):
        reader.feed(page[start : start + _CHUNK])
        if len(reader.rawdata) > _UNREAD_LIMIT:
            raise DocumentError(
                f"{where} is not a page that can be read: there is a tag of more than "
                f"{_UNREAD_LIMIT:,} characters. Nothing was added; save its text and add that."
            )
    reader.handle_data(reader.rawdata.partition("<")[0])
    return VisiblePage(reader.text(), reader.facts)


def _without(page: str, opening: str, closing: str) -> str:
    """``page`` without what stands between two strings, each one looked at once."""
    parts: list[str] = []
    position = 0
    while (start := page.find(opening, position)) >= 0:
        parts.append(page[position:start])
        end = page.find(closing, start + len(opening))
        if end < 0:
            return "".join(parts)
        position = end + len(closing)
    return "".join((*parts, page[position:]))


def _without_raw(page: str) -> str:
    """``page`` without the insides of scripts and styles."""
    ends = {tag: re.compile(rf"</{tag}\b[^>]*>", re.IGNORECASE) for tag in _RAW}
    parts: list[str] = []
    position = 0
    while (found := _RAW_TAG.search(page, position)) is not None:
        parts.append(page[position : found.start()])
        end = ends[found[1].lower()].search(page, found.end())
        if end is None:
            return "".join(parts)
        position = end.end()
    return "".join((*parts, page[position:]))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.facts: dict[str, str] = {}
        self._paragraphs: list[str] = []
        self._line: list[str] = []
        self._hidden: list[str] = []
        self._in_title = False
        self._preformatted = 0

    def text(self) -> str:
        """All paragraphs, an empty line between."""
        self._end_paragraph()
        return "\n\n".join(self._paragraphs)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("html", "meta", "link", "title"):
            self._look_at_head(tag, given)
        if self._hidden:
            if tag == self._hidden[-1]:
                self._hidden.append(tag)
            elif tag == "body":
                self._hidden.clear()
        elif tag in _UNSEEN or (_is_hidden(given) and tag not in _VOID):
            self._hidden.append(tag)
        elif tag == "br":
            self._line.append("\n")
        elif tag == "img" and given.get("alt") and not given.get("alt", "").isspace():
            self._line.append(f" {given['alt']} ")
        elif tag in _CELLS:
            self._line.append("\t")
        elif tag in _BLOCKS:
            self._end_paragraph()
            self._preformatted += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        if self._hidden:
            if tag == self._hidden[-1]:
                self._hidden.pop()
            return
        if tag in _BLOCKS and tag not in _CELLS:
            self._end_paragraph()
            self._preformatted = max(0, self._preformatted - (tag == "pre"))

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.facts["title"] = " ".join((self.facts.get("title", "") + data).split())
        elif not self._hidden:
            self._line.append(data if self._preformatted else _SPACE.sub(" ", data))

    def _look_at_head(self, tag: str, given: dict[str, str]) -> None:
        if tag == "html" and given.get("lang"):
            self.facts.setdefault("language", given["lang"])
        elif tag == "meta":
            self._fact(given.get("property") or given.get("name", ""), given.get("content", ""))
        elif tag == "link" and given.get("rel") == "canonical":
            self.facts.setdefault("address", given.get("href", ""))
        elif tag == "title":
            self._in_title = "title" not in self.facts

    def _fact(self, key: str, value: str) -> None:
        name = _META_KEYS.get(key.lower())
        if name is not None and value.strip():
            self.facts.setdefault(name, " ".join(value.split()))

    def _end_paragraph(self) -> None:
        joined = "".join(self._line)
        self._line.clear()
        if self._preformatted:
            paragraph = joined.strip("\n\r")
        else:
            lines = (_cells(line) for line in joined.split("\n"))
            paragraph = "\n".join(lines).strip("\n")
        if paragraph.strip():
            self._paragraphs.append(paragraph)


def _is_hidden(given: dict[str, str]) -> bool:
    style = given.get("style", "").replace(" ", "").lower()
    return "hidden" in given or given.get("aria-hidden") == "true" or "display:none" in style


def _cells(line: str) -> str:
    """A line with single spaces, and single tabs between the cells of a table."""
    return "\t".join(filter(None, (_SPACE.sub(" ", cell).strip(" ") for cell in line.split("\t"))))
