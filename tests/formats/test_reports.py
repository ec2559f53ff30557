"""The reports: the text comes back exactly, marks are where they are, data is never markup."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotui.domain.label_scheme import Label
from annotui.formats import report_html, report_markdown
from annotui.formats.exchange import Bundle, Record, WriteOptions
from annotui.formats.report import numbered, pieces

html5lib = pytest.importorskip("html5lib")
LABELS = (
    Label("claim", "c", "!", "#aa5500", "What is <b>claimed</b>."),
    Label("</style><script>", "d", "<", "red;}</style>"),
)
NASTY = (
    "</pre><script>alert(1)</script><img src=x onerror=y>&amp;&#65; \x1b[2J\u202e`*_[x](http://y)|"
)
TEXTS = st.text(
    st.one_of(
        st.sampled_from("\n\r\t\x0c <>&'\"\x01\x1f\x7f\x85\x9b\u2028\ufeff\ufffe😀e\u0301"),
        st.characters(exclude_categories=("Cs",), exclude_characters="\0"),
    ),
    min_size=1,
    max_size=40,
)


@st.composite
def bundles(draw: st.DrawFn) -> Bundle:
    text = draw(TEXTS)
    records = []
    for _ in range(draw(st.integers(0, 6))):
        edges = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=6)))
        edges = edges[: len(edges) // 2 * 2]
        runs = tuple(zip(edges[::2], edges[1::2], strict=True))
        quote = " … ".join(text[start:end] for start, end in runs)
        label = draw(st.sampled_from(["claim", LABELS[1].name, "unknown"]))
        records.append(Record(runs, label, quote, note=draw(TEXTS), annotator="amy <b>"))
    return Bundle(text=text, title=draw(TEXTS), source=NASTY, records=tuple(records))


def written(module: Any, *documents: Bundle) -> str:
    out = io.BytesIO()
    module.write(documents, out, WriteOptions(labels=LABELS))
    return out.getvalue().decode("utf-8")


def page(*documents: Bundle) -> Any:
    data = written(report_html, *documents).encode("utf-8")
    return html5lib.parse(data, namespaceHTMLElements=False, transport_encoding="utf-8")


def content(element: Any) -> str:
    return "".join(element.itertext())


@given(bundles())
def test_the_text_comes_back_exactly_from_the_html(bundle: Bundle) -> None:
    tree = page(bundle, bundle)
    assert [content(one) for one in tree.iter("pre")] == [bundle.text, bundle.text]


def lines_below(element: Any, count: int) -> Iterator[int]:
    """For each character how many marks have a line below it."""
    yield from [count] * len(element.text or "")
    for child in element:
        yield from lines_below(child, count + (child.tag == "span"))
        yield from [count] * len(child.tail or "")


@given(bundles())
def test_every_mark_covers_its_characters_in_the_html(bundle: Bundle) -> None:
    (pre,) = page(bundle).iter("pre")
    found = list(lines_below(pre, 0))
    covered = [0] * len(bundle.text or "")
    for one in bundle.records:
        for start, end in one.runs:
            for at in range(start, end):
                covered[at] += 1
    assert found == covered
    runs = sum(len(one.runs) for one in bundle.records)
    assert len(list(pre.iter("a"))) == len(list(pre.iter("i"))) == runs


@given(bundles())
def test_links_lead_from_the_text_to_the_table_and_back(bundle: Bundle) -> None:
    tree = page(bundle)
    ids = [one.attrib["id"] for one in tree.iter() if "id" in one.attrib]
    assert len(ids) == len(set(ids)) == 2 * len(bundle.records)
    assert {one.attrib["href"][1:] for one in tree.iter("a")} == set(ids)


@given(bundles())
def test_data_is_never_markup_in_the_html(bundle: Bundle) -> None:
    tree = page(bundle)
    assert not {one.tag for one in tree.iter() if isinstance(one.tag, str)} & {
        *("script", "img", "b", "iframe", "link", "object"),
    }
    assert len(list(tree.iter("style"))) == 1
    assert "red;" not in content(next(tree.iter("style")))


def test_nothing_is_fetched_and_nothing_runs() -> None:
    text = written(report_html, Bundle(text=NASTY, title=NASTY, source=NASTY))
    assert "default-src 'none'" in text
    assert not re.search(r"<script|<link|@import|url\(|<img", text)
    assert "\x1b" not in text.partition("<pre")[0]


def test_it_has_dark_light_and_print() -> None:
    text = written(report_html, Bundle(text="x", title="x"))
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


@given(bundles())
def test_pieces_are_the_text_and_marks_that_overlap_have_lanes_of_their_own(
    bundle: Bundle,
) -> None:
    cut = list(pieces(bundle.text or "", numbered(bundle)))
    assert "".join(piece.text for piece in cut) == bundle.text
    for piece in cut:
        lanes = [mark.lane for mark in piece.marks]
        assert len(lanes) == len(set(lanes))


BUNDLE = Bundle(
    text='"X," said Trump, "Y". A and *B*.\n# no heading\n1. no list\n\nwww.x.org http://y.org <b>',
    title="A | title",
    records=(
        Record(((0, 4), (17, 20)), "claim", '"X," … "Y"', note="why|\nnot", annotator="amy"),
        Record(((1, 9),), "claim", 'X," said', annotator="bob", status="rejected", reviewer="cy"),
    ),
)


def test_markdown_shows_fragments_and_crossing_marks() -> None:
    text = written(report_markdown, BUNDLE)
    assert "# A \\| title" in text
    assert """⟦¹"⟦²X,"¹⟧ said²⟧""" in text
    assert "A and \\*B\\*.\\\n\\# no heading\\\n1\\. no list" in text
    assert "www\\.x.org http\\://y.org \\<b\\>" in text
    assert '| 2 | claim | X," said |  | bob | rejected, cy |' in text
    assert '| 1 | claim | "X," … "Y" | why\\| not | amy |  |' in text


@pytest.mark.parametrize("module", [report_html, report_markdown])
def test_the_losses_of_the_reports_are_true(module: Any) -> None:
    mark = Record(
        *(((0, 1),), "claim", "x", "a-note", "an-annotator", "accepted", "a-reviewer"),
        *("an-id", "a-time", "another-time"),
    )
    text = written(module, Bundle(text="x", title="a-title", records=(mark,)))
    for held in ("a-note", "an-annotator", "accepted", "a-reviewer", "a-title"):
        assert held in text
    for lost in ("an-id", "a-time", "another-time"):
        assert lost not in text
