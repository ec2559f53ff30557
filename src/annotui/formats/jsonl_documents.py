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
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from annotui.domain.document import Newline, newline_of
from annotui.domain.offset_unit import LfText
from annotui.domain.span import FRAGMENT_JOINT
from annotui.formats import json_lines
from annotui.formats.exchange import Bundle, Problem, Record, WriteOptions

ANSWERS = {"accepted": "accept", "rejected": "reject", "unsure": "ignore"}
_STATUSES = {answer: status for status, answer in ANSWERS.items()}
_LISTS = ("spans", "label", "labels", "entities")
_META = ("document_id", "title", "source", "newline", "encoding", "original_sha256")
_TEXTS = ("note", "annotator", "reviewer", "created_at", "updated_at")


def write(bundles: Iterable[Bundle], out: IO[bytes], options: WriteOptions) -> None:
    """Write the documents."""
    for bundle in bundles:
        spans = sorted(_spans(bundle), key=lambda one: (one["start"], one["end"]))
        meta: dict[str, Any] = {name: str(getattr(bundle, name)) for name in _META}
        meta |= {"metadata": dict(bundle.metadata)} if bundle.metadata else {}
        out.write(json_lines.dump({"text": bundle.text, "spans": spans, "meta": meta}))


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
    lf = LfText(text)
    meta = value.get("meta")
    told = {name: _text(meta, name) for name in _META}
    metadata = meta.get("metadata") if isinstance(meta, dict) else None
    reading = _Reading(lf, value)
    for number, span in enumerate(listed[1], 1):
        reading.take(f"{where} span {number}", _as_object(span))
    kept = told["newline"] if told["newline"] in list(Newline) else ""
    return Bundle(
        text=lf.text,
        document_id=told["document_id"].lower(),
        title=told["title"] or _text(value, "title"),
        source=told["source"],
        newline=Newline(kept) if kept else newline_of(text),
        encoding=told["encoding"] or "utf-8",
        original_sha256=told["original_sha256"],
        metadata={k: str(v) for k, v in metadata.items()} if isinstance(metadata, dict) else {},
        records=tuple(reading.records()),
        problems=tuple(reading.problems),
        left_out=_left_out(value, listed[0]),
        where=where,
    )


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


def _text(value: object, name: str) -> str:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


@dataclass(slots=True)
class _Reading:
    """The spans of one document, on their way to records; parts of one mark wait for the rest."""

    lf: LfText
    document: Mapping[str, Any]
    problems: list[Problem] = field(default_factory=list)
    _taken: dict[str, list[tuple[str, dict[str, Any]]]] = field(default_factory=dict)

    def take(self, where: str, span: dict[str, Any]) -> None:
        """Take a span."""
        start, end = span.get("start"), span.get("end")
        if type(start) is not int or type(end) is not int:
            self.problems.append(Problem(where, "whole numbers", f"{start!r} and {end!r}"))
            return
        is_part = type(span.get("parts")) is int and span.get("id")
        self._taken.setdefault(f"id {span['id']}" if is_part else where, []).append((where, span))

    def records(self) -> Iterator[Record]:
        """The records, in the order of their first spans."""
        for parts in self._taken.values():
            where, first = parts[0]
            parts.sort(key=lambda one: (one[1]["start"], one[1]["end"]))
            if len(parts) != first.get("parts", 1):
                expected = f"{first.get('parts', 1)} parts of the mark {first.get('id')}"
                self.problems.append(Problem(where, expected, str(len(parts))))
                continue
            yield self._record(where, first, [span for _, span in parts])

    def _record(self, where: str, first: dict[str, Any], spans: list[dict[str, Any]]) -> Record:
        quotes = [one.get("text") for one in spans]
        has_quotes = all(isinstance(quote, str) for quote in quotes)
        runs = [(self.lf.offset(one["start"]), self.lf.offset(one["end"])) for one in spans]
        return Record(
            runs=tuple(runs),
            label=str(first.get("label")),
            quote=FRAGMENT_JOINT.join(LfText(str(one)).text for one in quotes)
            if has_quotes
            else None,
            note=_text(first, "note"),
            annotator=_text(first, "annotator") or _text(self.document, "_annotator_id"),
            status=self._status(first),
            reviewer=_text(first, "reviewer"),
            annotation_id=_text(first, "id"),
            created_at=_text(first, "created_at"),
            updated_at=_text(first, "updated_at"),
            where=where,
        )

    def _status(self, span: dict[str, Any]) -> str:
        """The decision on a span; of a document that was rejected or ignored it is on each."""
        if "answer" in span:
            answer = span["answer"]
            return _STATUSES.get(answer, f"answer {answer!r}") if answer is not None else ""
        answer = self.document.get("answer")
        return _STATUSES.get(answer, "") if answer in ("reject", "ignore") else ""
