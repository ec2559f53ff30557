"""Whatever the data say, a report has the elements that it has for plain letters, and no others."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from annotui.domain.label_scheme import Label
from annotui.domain.visible import visible
from annotui.formats import report_html, report_markdown
from annotui.formats.exchange import Bundle, Record, WriteOptions

html5lib = pytest.importorskip("html5lib")

PIECES = st.sampled_from(
    [
        *("</pre>", "</style>", "<script>x()</script>", "<img src=x onerror=y>", "<!--", "-->"),
        *("]]>", "&lt;", "&#60;", "&colon;", '"onmouseover=x ', "'style=x", "<svg/onload=x>"),
        *("<b>", "</td></tr></table>", "<a href=javascript:x>", "<", ">", "&", '"', "'", "`", "``"),
        *("[x](http://e.org)", "![x](e.png)", "<http://e.org>", "http://e.org", "www.e.org", "*x*"),
        *("[x]: http://e.org", "**", "__", "~~x~~", "# ", "- ", "+ ", "1. ", "2) ", "> ", "---"),
        *("===", "***", "```", "~~~", "    code", "\tcode", "|", "|---|", "\\", "a@e.org", "$x$"),
        *("\x1b[31m", "\x9b2J", "\x00".replace("\0", "\x01"), "\u202e", "\u2066", "\ufeff", "\xad"),
        *("\n", "\n\n", "\r", "\r\n", " ", "  ", "\t", "\x0b", "\x0c", "\x85", "\u2028", "\xa0"),
        *("word", "é", "漢", "👩\u200d👧", "\ufdd0", "\U000e0041"),
    ]
)
HOSTILE = st.lists(PIECES | st.characters(exclude_categories=("Cs",), exclude_characters="\0"))
TEXTS = HOSTILE.map("".join).filter(bool)


@st.composite
def reports(draw: st.DrawFn) -> tuple[Bundle, WriteOptions]:
    text = draw(TEXTS)
    labels = tuple(
        Label(draw(TEXTS) + str(number), "c", draw(PIECES), draw(TEXTS), draw(TEXTS))
        for number in range(2)
    )
    records = []
    for number in range(draw(st.integers(0, 3))):
        edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=4)))
        edges = edges[: len(edges) // 2 * 2]
        if edges:
            runs = tuple(zip(edges[::2], edges[1::2], strict=True))
            records.append(
                Record(
                    runs,
                    draw(st.sampled_from([one.name for one in labels])),
                    " … ".join(text[start:end] for start, end in runs),
                    note=draw(TEXTS),
                    annotator=draw(TEXTS),
                    status=draw(st.sampled_from(["unreviewed", "rejected"])),
                    reviewer=draw(TEXTS),
                    annotation_id=str(number),
                )
            )
    bundle = Bundle(
        text=text,
        title=draw(TEXTS),
        source=draw(TEXTS),
        records=tuple(records),
        metadata={draw(TEXTS): draw(TEXTS)},
    )
    return bundle, WriteOptions(labels=labels)


TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def plain(text: str) -> str:
    """As long a text that says nothing: letters, but for space, line ends and turning controls."""
    shown = visible(text, tab=" ", newline="\n")
    return "".join(
        one if one in TURNING else other if other in " \n" else "x"
        for one, other in zip(text, shown, strict=True)
    )


def letters(text: str) -> str:
    return "x" * len(text)


def as_plain(bundle: Bundle, options: WriteOptions) -> tuple[Bundle, WriteOptions]:
    """The same report about letters."""
    names = {one.name: f"label{number}" for number, one in enumerate(options.labels)}
    records = [
        replace(
            one,
            label=names[one.label],
            quote=letters(one.quote or ""),
            note=letters(one.note),
            annotator=letters(one.annotator),
            reviewer=letters(one.reviewer),
        )
        for one in bundle.records
    ]
    labels = [
        Label(names[one.name], "c", "x", "#123456", letters(one.guideline))
        for one in options.labels
    ]
    said = {letters(name): letters(value) for name, value in bundle.metadata.items()}
    made = replace(
        bundle,
        text=plain(bundle.text or ""),
        title=letters(bundle.title),
        source=letters(bundle.source),
        records=tuple(records),
        metadata=said,
    )
    return made, WriteOptions(labels=tuple(labels))


def written(module: Any, bundle: Bundle, options: WriteOptions) -> str:
    out = io.BytesIO()
    module.write([bundle], out, options)
    return out.getvalue().decode("utf-8")


def elements(page: str) -> list[tuple[str, tuple[str, ...], str, str]]:
    """Every element in order with the names of its attributes; links and styles as they are."""
    tree = html5lib.parse(page.encode("utf-8"), namespaceHTMLElements=False)
    found = []
    for one in tree.iter():
        assert isinstance(one.tag, str), "a comment"
        attributes = {str(name): value for name, value in one.attrib.items()}
        found.append(
            (
                one.tag,
                tuple(sorted(attributes)),
                attributes.get("href", ""),
                attributes.get("style", ""),
            )
        )
    return found


@given(reports())
def test_data_add_no_element_and_no_attribute_to_the_html(
    report: tuple[Bundle, WriteOptions],
) -> None:
    hostile = written(report_html, *report)
    found = elements(hostile)
    assert found == elements(written(report_html, *as_plain(*report)))
    assert all(re.fullmatch(r"(#[tm]\d+-\d+)?", href) for _, _, href, _ in found)
    assert "\0" not in hostile


@given(reports())
def test_nothing_beside_the_article_is_a_control(report: tuple[Bundle, WriteOptions]) -> None:
    page = written(report_html, *report)
    before, _, rest = page.partition('<pre class="text">\n')
    after = rest.partition("</pre>\n")[2]
    shown = before + after
    assert shown == visible(shown, tab="\t", newline="\n")
    markdown = written(report_markdown, *report)
    assert markdown == visible(markdown, tab=" ", newline="\n")


@given(st.lists(st.sampled_from([*TURNING, "a", "<b>", "\n"]), min_size=1).map("".join))
def test_what_turns_the_order_of_the_text_turns_only_itself(text: str) -> None:
    bundle = Bundle(text=text, title="A title")
    page = written(report_html, bundle, WriteOptions(labels=()))
    tree = html5lib.parse(page.encode("utf-8"), namespaceHTMLElements=False)
    (pre,) = tree.iter("pre")
    assert "".join(pre.itertext()) == text
    held = ["".join(one.itertext()) for one in pre.iter("bdi")]
    assert held == [char for char in text if char in TURNING]
    names = [one.attrib["data-n"] for one in pre.iter("bdi")]
    assert names == [f"U+{ord(char):04X}" for char in held]


QUIET = {"text", "text_special", "softbreak", "hardbreak"}
READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


@given(reports())
def test_data_add_no_markup_to_the_markdown(report: tuple[Bundle, WriteOptions]) -> None:
    tokens = READER.parse(written(report_markdown, *report))
    expected = READER.parse(written(report_markdown, *as_plain(*report)))
    assert [one.type for one in tokens] == [one.type for one in expected]
    for one in tokens:
        assert {child.type for child in one.children or ()} <= QUIET
    assert not re.search(r"(?<!\\)(https?:|www\.)(?=//|\w)", written(report_markdown, *report))
