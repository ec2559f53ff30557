"""Spans of JSON on their way to records: the parts of a discontinuous mark are put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from annotui.domain.document import Newline, newline_of
from annotui.domain.offset_unit import LfText
from annotui.domain.span import FRAGMENT_JOINT
from annotui.formats.exchange import Bundle, Problem, Record

_META = ("document_id", "title", "source", "newline", "encoding", "original_sha256")

_Parts = list[tuple[str, Mapping[str, Any]]]


@dataclass(slots=True)
class SpanReading:
    """The spans of one document: objects with ``start``, ``end`` and ``label``.

    ``original`` is the text that they are of; offsets become those of the text with LF. Spans may
    have ``text`` (the quote) and the names of a record's values. A fragment has the ``id`` of its
    mark, and how many ``parts`` that has; it waits for the others.
    """

    original: str
    problems: list[Problem] = field(default_factory=list)
    _taken: dict[str, _Parts] = field(default_factory=dict)
    _lf: LfText = field(init=False)

    def __post_init__(self) -> None:
        self._lf = LfText(self.original)

    def take(self, where: str, span: Mapping[str, Any]) -> None:
        """Take a span; ``where`` is its own."""
        start, end = span.get("start"), span.get("end")
        if type(start) is not int or type(end) is not int:
            self.problems.append(Problem(where, "whole numbers", f"{start!r} and {end!r}"))
            return
        is_part = type(span.get("parts")) is int and span.get("id")
        self._taken.setdefault(f"id {span['id']}" if is_part else where, []).append((where, span))

    def bundle(self, meta: object, title: str, left_out: Mapping[str, int], where: str) -> Bundle:
        """The document with its records; ``meta`` is what :func:`meta_of` made, or anything."""
        told = {name: text_of(meta, name) for name in _META}
        metadata = meta.get("metadata") if isinstance(meta, Mapping) else None
        is_known = told["newline"] in list(Newline)
        return Bundle(
            text=self._lf.text,
            document_id=told["document_id"].lower(),
            title=told["title"] or title,
            source=told["source"],
            newline=Newline(told["newline"]) if is_known else newline_of(self.original),
            encoding=told["encoding"] or "utf-8",
            original_sha256=told["original_sha256"],
            metadata={k: str(v) for k, v in metadata.items()} if isinstance(metadata, dict) else {},
            records=tuple(self._records()),
            problems=tuple(self.problems),
            left_out=left_out,
            where=where,
        )

    def _records(self) -> Iterator[Record]:
        """The records, in the order of their first spans."""
        for parts in self._taken.values():
            where, first = parts[0]
            parts.sort(key=lambda one: (one[1]["start"], one[1]["end"]))
            if len(parts) != first.get("parts", 1):
                expected = f"{first.get('parts', 1)} parts of the mark {first.get('id')}"
                self.problems.append(Problem(where, expected, str(len(parts))))
                continue
            yield self._record(where, first, [span for _, span in parts])

    def _record(
        self, where: str, first: Mapping[str, Any], spans: list[Mapping[str, Any]]
    ) -> Record:
        quotes = [one.get("text") for one in spans]
        has_quotes = all(isinstance(quote, str) for quote in quotes)
        runs = [(self._lf.offset(one["start"]), self._lf.offset(one["end"])) for one in spans]
        return Record(
            runs=tuple(runs),
            label=str(first.get("label")),
            quote=FRAGMENT_JOINT.join(LfText(str(one)).text for one in quotes)
            if has_quotes
            else None,
            note=text_of(first, "note"),
            annotator=text_of(first, "annotator"),
            status=text_of(first, "status"),
            reviewer=text_of(first, "reviewer"),
            annotation_id=text_of(first, "id"),
            created_at=text_of(first, "created_at"),
            updated_at=text_of(first, "updated_at"),
            where=where,
        )


def meta_of(bundle: Bundle) -> dict[str, Any]:
    """What is known of a document, as JSON has it."""
    meta: dict[str, Any] = {name: str(getattr(bundle, name)) for name in _META}
    return meta | ({"metadata": dict(bundle.metadata)} if bundle.metadata else {})


def text_of(value: object, name: str) -> str:
    """The text that an object has under a name; empty where there is none."""
    found = value.get(name) if isinstance(value, Mapping) else None
    return found if isinstance(found, str) else ""
