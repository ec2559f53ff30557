"""Writing brat standoff: a text and an ``.ann`` file for each article, and ``annotation.conf``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from annotui.formats.brat_lines import (
    ANNOTATOR,
    LABEL,
    NOTE,
    REVIEWER,
    STATUS,
    TO_SPACES,
    cut,
    note_lines,
    shown_text,
    type_of,
    value_of,
)
from annotui.formats.exchange import Bundle, Record, WriteOptions

CONFIGURATION = "annotation.conf"
_STEM_BYTES = 120
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")
_DECIDED = ("accepted", "rejected", "unsure")


def write_folder(bundles: Iterable[Bundle], folder: Path, options: WriteOptions) -> None:
    """Write ``NAME.txt`` and ``NAME.ann`` for each document; NAME is that of the file it was.

    Annotations stand in the order in which they were made, as brat's own do.
    """
    used: set[str] = set()
    collection = _Collection()
    for label in options.labels:
        collection.type_of(label.name)
    for bundle in bundles:
        name = _free_name(bundle, used)
        text = bundle.text or ""
        (folder / f"{name}.txt").write_bytes(text.encode())
        lines = collection.lines(text, bundle.records)
        (folder / f"{name}.ann").write_bytes("".join(f"{one}\n" for one in lines).encode())
    (folder / CONFIGURATION).write_text(collection.configuration(), encoding="utf-8", newline="")


def _free_name(bundle: Bundle, used: set[str]) -> str:
    """A file's name that no other document has, whatever the case."""
    source = bundle.source.replace("\\", "/").rstrip("/").rpartition("/")[2]
    wanted = next(
        name for name in map(_fit, (Path(source).stem, bundle.title, bundle.document_id)) if name
    )
    others = (f"{wanted}-{number}" for number in count(2))
    name = (
        wanted if wanted.lower() not in used else next(o for o in others if o.lower() not in used)
    )
    used.add(name.lower())
    return name


def _fit(name: str) -> str:
    fit = _NOT_IN_NAMES.sub("-", name).strip("-.")
    return fit.encode()[:_STEM_BYTES].decode("utf-8", "ignore")


@dataclass(slots=True)
class _Collection:
    """What the articles of one folder share: types of labels, and values of attributes."""

    _types: dict[str, str] = field(default_factory=dict)
    _values: dict[str, dict[str, None]] = field(default_factory=dict)

    def type_of(self, label: str) -> str:
        """The type of a label, which no other label has."""
        if label not in self._types:
            wanted, taken = type_of(label), set(self._types.values())
            while wanted in taken:
                wanted += "_"
            self._types[label] = wanted
        return self._types[label]

    def lines(self, text: str, records: Iterable[Record]) -> Iterator[str]:
        """The lines of a document's annotations, each followed by its attributes and notes."""
        attributes, notes = count(1), count(1)
        for number, one in enumerate(sorted(records, key=lambda one: one.annotation_id), 1):
            runs, kind = cut(text, one.runs), self.type_of(one.label)
            places = ";".join(f"{start} {end}" for start, end in runs)
            yield f"T{number}\t{kind} {places}\t{shown_text(text, runs).translate(TO_SPACES)}"
            for name, value in self._attributes(one, kind):
                yield f"A{next(attributes)}\t{name} T{number} {value}"
            for line in note_lines(one.note):
                yield f"#{next(notes)}\t{NOTE} T{number}\t{line}"

    def _attributes(self, record: Record, kind: str) -> Iterator[tuple[str, str]]:
        is_decided = record.status in _DECIDED
        told = {
            LABEL: record.label if record.label != kind else "",
            ANNOTATOR: record.annotator,
            STATUS: record.status if is_decided else "",
            REVIEWER: record.reviewer if is_decided else "",
        }
        for name, value in told.items():
            if value:
                word = value_of(value)
                self._values.setdefault(name, {})[word] = None
                yield name, word

    def configuration(self) -> str:
        """The ``annotation.conf`` with which brat shows and edits these files.

        Source: https://brat.nlplab.org/configuration.html
        """
        values = self._values | {STATUS: dict.fromkeys(_DECIDED)}
        attributes = (
            f"{name}\tArg:<ENTITY>, Value:{'|'.join(words)}" for name, words in values.items()
        )
        sections = {
            "entities": self._types.values(),
            "relations": (),
            "events": (),
            "attributes": attributes,
        }
        return "\n".join(
            "".join(f"{line}\n" for line in (f"[{name}]", *lines))
            for name, lines in sections.items()
        )
