"""JSON lines, one document a line, in the style of spaCy and Prodigy.

A document is ``text``, ``spans`` (``start``, ``end``, ``label``) and ``meta``. A mark in fragments
is a span for each of them, with one ``id``, ``part`` (from 1) and ``parts``. A span's ``answer``
is the review decision: accept, reject or ignore (unsure).

Read as well are lists of ``[start, end, label]`` under ``label``, ``labels`` or ``entities``, as
doccano writes them.

Source: https://prodi.gy/docs/api-interfaces#spans_manual and
https://doccano.github.io/doccano/tutorial (sequence labelling).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from annotui.formats import json_lines
from annotui.formats.exchange import Bundle, Problem, WriteOptions
from annotui.formats.spans import SpanReading, meta_of, text_of

ANSWERS = {"accepted": "accept", "rejected": "reject", "unsure": "ignore"}
_STATUSES = {answer: status for status, answer in ANSWERS.items()}
_LISTS = ("spans", "label", "labels", "entities")
_TEXTS = ("note", "annotator", "reviewer", "created_at", "updated_at")


def write(bundles: Iterable[Bundle], out: IO[bytes], options: WriteOptions) -> None:
    """Write the documents."""
    for bundle in bundles:
        spans = sorted(_spans(bundle), key=lambda one: (one["start"], one["end"]))
        out.write(json_lines.dump({"text": bundle.text, "spans": spans, "meta": meta_of(bundle)}))


def _spans(bundle: Bundle) -> Iterator[dict[str, Any]]:
    text = bundle.text or ""
    for one in bundle.records:
        told = {name: getattr(one, name) for name in _TEXTS if getattr(one, name)}
        answer = {"answer": ANSWERS[one.status]} if one.status in ANSWERS else {}
        for part, (start, end) in enumerate(one.runs, 1):
            parts = {"part": part, "parts": len(one.runs)} if len(one.runs) > 1 else {}
            yield {
                "start": start,
                "end": end,
                "label": one.label,
                "text": text[start:end],
                "id": one.annotation_id,
                **parts,
                **told,
                **answer,
            }


def detects(head: bytes, path: Path) -> bool:
    """Whether the first line is an object with a text and a list of spans."""
    value = json_lines.first(head, path)
    return isinstance(value.get("text"), str) and _listed(value) is not None


def _listed(value: Mapping[str, Any]) -> tuple[str, list[Any]] | None:
    """The list of spans and under which name it is."""
    for name in _LISTS:
        if isinstance(value.get(name), list) and all(map(_is_span, value[name])):
            return name, value[name]
    return None


def _is_span(value: object) -> bool:
    if isinstance(value, dict):
        return "label" in value and ("start" in value or "start_offset" in value)
    return isinstance(value, list) and len(value) == 3 and type(value[0]) is int


def read(path: Path) -> Iterator[Bundle]:
    """The documents.

    Raises:
        FormatError: when a line is no JSON object.
    """
    for where, value in json_lines.entries(path):
        yield _bundle(where, value)


def _bundle(where: str, value: Mapping[str, Any]) -> Bundle:
    text, listed = value.get("text"), _listed(value)
    if not isinstance(text, str) or listed is None:
        found = ", ".join(value) or "nothing"
        return Bundle(problems=(Problem(where, "text and a list of spans", found),), where=where)
    reading = SpanReading(text)
    annotator = text_of(value, "_annotator_id")
    for number, one in enumerate(listed[1], 1):
        span = _as_object(one)
        told = {
            "annotator": text_of(span, "annotator") or annotator,
            "status": _status(span, value),
        }
        reading.take(f"{where} span {number}", span | told)
    return reading.bundle(
        value.get("meta"), text_of(value, "title"), _left_out(value, listed[0]), where
    )


def _status(span: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    """The decision on a span; of a document that was rejected or ignored it is on each."""
    if "answer" in span:
        answer = span["answer"]
        return _STATUSES.get(answer, f"answer {answer!r}") if answer is not None else ""
    answer = document.get("answer")
    return _STATUSES.get(answer, "") if answer in ("reject", "ignore") else ""


def _left_out(value: Mapping[str, Any], taken: str) -> Counter[str]:
    """What stands beside the spans and cannot be held, by kind."""
    counts = Counter(
        {
            name: len(value[name])
            for name in ("relations", "cats", *_LISTS)
            if name != taken and isinstance(value.get(name), list | dict)
        }
    )
    return +counts


def _as_object(span: Any) -> dict[str, Any]:
    if isinstance(span, list):
        return {"start": span[0], "end": span[1], "label": span[2]}
    if "start_offset" in span:
        return {"start": span["start_offset"], "end": span.get("end_offset"), **span}
    return dict(span)
