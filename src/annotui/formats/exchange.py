"""What every format reads and writes: documents with their annotations, on the way in or out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from annotui.domain.document import Newline
from annotui.domain.label_scheme import Label
from annotui.domain.offset_unit import OffsetUnit
from annotui.domain.span import FRAGMENT_JOINT


@dataclass(frozen=True, slots=True)
class Record:
    """One annotation as a file has it, not yet checked against a text.

    ``runs`` are half-open pairs of the bundle's unit, of the text with LF line ends, in order;
    there are none where the format holds a quote only. ``quote`` is None where it holds none.
    What a format does not hold is empty; ``line`` (from 1) is there on the way out.
    ``where`` names file and line, for messages. ``flaw`` says what is wrong with how it is
    written, so that it is taken only where somebody asks for its quote to be found.
    """

    runs: tuple[tuple[int, int], ...]
    label: str
    quote: str | None = None
    note: str = ""
    annotator: str = ""
    status: str = ""
    reviewer: str = ""
    annotation_id: str = ""
    created_at: str = ""
    updated_at: str = ""
    where: str = ""
    line: int = 0
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A record that cannot be taken: where it stands, what was expected there and what found."""

    where: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.where}: expected {self.expected}, found {self.found}"


@dataclass(frozen=True, slots=True)
class Bundle:
    """One document with its annotations.

    ``text`` is None where the format holds none: then ``document_id`` (the SHA-256) or else
    ``title`` says which document of the database is meant. ``left_out`` counts, by kind, what
    the file holds and annotui cannot; ``problems`` are records that could not even be read.
    ``unit`` is what the runs count, ``joint`` what stands between the runs of a quote; ``where``
    names file and line, for messages.
    """

    text: str | None = None
    document_id: str = ""
    title: str = ""
    source: str = ""
    newline: Newline = Newline.LF
    encoding: str = "utf-8"
    original_sha256: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    records: tuple[Record, ...] = ()
    problems: tuple[Problem, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    unit: OffsetUnit = OffsetUnit.CODEPOINT
    joint: str = FRAGMENT_JOINT
    where: str = ""


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """How to write: the labels with their colours, the unit of offsets, for spreadsheets."""

    labels: tuple[Label, ...] = ()
    unit: OffsetUnit = OffsetUnit.CODEPOINT
    excel: bool = False
