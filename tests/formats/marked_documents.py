"""Documents with annotations that try every format, made up and drawn at random."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path

from hypothesis import strategies as st

from annotui.domain.document import Newline
from annotui.domain.span import FRAGMENT_JOINT, Span, normalise
from annotui.formats import registry
from annotui.formats.exchange import Bundle, Record, WriteOptions

HARD = (
    '=1+1 “nested 👩\u200d👩\u200d👧 e\u0301 crossing” marks,\nCRLF; \u2028 was\there | "quoted" '
    "漢字 עברית.\nEnd"
)
"""Begins like a formula, and holds an emoji, a combining accent and other line ends."""

LETTERS = st.sampled_from("ab= ,;\"'\n\t|👩é漢\u0301\u2028\x0b\x0c\x85\u200d") | st.characters(
    exclude_categories=["Cs"], exclude_characters="\0\r"
)
TEXTS = st.text(LETTERS, min_size=1, max_size=60).filter(lambda text: bool(text.strip()))
WORDS = st.text(LETTERS, max_size=12).map(str.rstrip)
NAMES = st.text(st.sampled_from("aé=,'\"漢 👩"), min_size=1, max_size=8).filter(
    lambda name: name == name.strip() and bool(name)
)
TIMES = st.sampled_from(["2026-01-31T09:05:07.123Z", "2025-12-01T00:00:00.000Z"])


def bundle_of(text: str, records: Sequence[Record], **values: str) -> Bundle:
    """A bundle as an export makes one, with the quotes and the order of the text."""
    filled = [
        Record(
            one.runs,
            one.label,
            FRAGMENT_JOINT.join(text[start:end] for start, end in one.runs),
            one.note,
            one.annotator,
            one.status,
            one.reviewer,
            one.annotation_id,
            one.created_at,
            one.updated_at,
            "",
            text.count("\n", 0, one.runs[0][0]) + 1,
        )
        for one in records
    ]
    filled.sort(key=lambda one: (one.runs[0][0], one.runs[-1][1], one.annotation_id))
    return Bundle(
        text=text,
        document_id=hashlib.sha256(text.encode()).hexdigest(),
        title=values.get("title", "A title"),
        source=values.get("source", "a.txt"),
        newline=Newline.CRLF,
        original_sha256="0" * 64,
        metadata={"author": "Å. Writer"},
        records=tuple(filled),
    )


@st.composite
def bundles(draw: st.DrawFn) -> Bundle:
    """A document with a few annotations, discontinuous and crossing ones among them."""
    text = draw(TEXTS)
    spans = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).filter(
        lambda pair: pair[0] != pair[1]
    )
    records = []
    for number in range(draw(st.integers(0, 4))):
        drawn = draw(st.lists(spans, min_size=1, max_size=3))
        runs = normalise([Span(min(pair), max(pair)) for pair in drawn])
        status = draw(st.sampled_from(["unreviewed", "accepted", "rejected", "unsure"]))
        records.append(
            Record(
                runs=tuple((run.start, run.end) for run in runs),
                label=draw(NAMES),
                note=draw(WORDS),
                annotator=draw(NAMES),
                status=status,
                reviewer="" if status == "unreviewed" else draw(NAMES),
                annotation_id=f"01a21890-4d6e-7b7a-8d49-{number:012x}",
                created_at=draw(TIMES),
                updated_at=draw(TIMES),
            )
        )
    return bundle_of(text, records, title=" ".join(draw(NAMES).split()))


def written(name: str, documents: Sequence[Bundle], options: WriteOptions) -> bytes:
    """What a format of one file writes."""
    out = io.BytesIO()
    registry.file_writer(registry.named(name)).write(iter(documents), out, options)
    return out.getvalue()


def read_back(name: str, data: bytes, path: Path) -> list[Bundle]:
    """What a format reads from a file with these bytes."""
    path.write_bytes(data)
    return list(registry.reader(registry.named(name)).read(path))
