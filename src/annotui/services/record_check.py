"""Records of a file against the text they are about: annotations, or what is wrong with them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from annotui.domain.annotation import Annotation
from annotui.domain.document import Document
from annotui.domain.label_scheme import LabelScheme
from annotui.domain.offset_unit import OffsetUnit, UnitOffsets
from annotui.domain.selector import near
from annotui.domain.span import Span
from annotui.errors import AnnotuiError
from annotui.formats.exchange import Bundle, Problem, Record
from annotui.formats.label_toml import name_problem
from annotui.services.session import checked_note
from annotui.services.workspace import checked_name

REACH = 1_000
"""Code points on either side within which a quote must be the only one of its kind."""

SHOWN = 60
DECISIONS = ("accepted", "rejected", "unsure")

_UUID7 = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")

Runs = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class How:
    """How a file is imported; ``form`` is found out where it is empty.

    ``document_id`` is the document that is meant where the file names none. ``mapping`` renames
    labels, ``free_keys`` are those that new labels may have.
    """

    form: str = ""
    document_id: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    add_labels: bool = False
    skip_bad: bool = False
    re_anchor: bool = False
    free_keys: tuple[str, ...] = ()

    @property
    def leaves_out(self) -> bool:
        """Whether a file with bad records is imported without them."""
        return self.skip_bad or self.re_anchor


@dataclass(slots=True)
class Checked:
    """What a document's records came to; ``annotations`` bear the names that the file has."""

    annotations: list[Annotation] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unknown_labels: Counter[str] = field(default_factory=Counter)
    re_anchored: int = 0


class RecordCheck:
    """Turns records into annotations of one document.

    An annotation without an id of ours has an empty one; so has its times where the file has none.
    """

    def __init__(self, how: How, scheme: LabelScheme, annotator: str) -> None:
        self._how, self._annotator = how, annotator
        self._labels = {label.name for label in scheme}
        self._names: dict[str, str] = {}

    def check(self, bundle: Bundle, document: Document) -> Checked:
        """The annotations of ``bundle``, and what is wrong with the others."""
        checked = Checked(problems=list(bundle.problems))
        is_code_points = bundle.unit is OffsetUnit.CODEPOINT
        offsets = None if is_code_points else UnitOffsets(document.text, bundle.unit)
        seen: set[str] = set()
        for record in bundle.records:
            try:
                one = self._annotation(record, bundle, document, offsets, checked)
            except _Disagrees as found:
                checked.problems.append(found.problem)
                continue
            if one.annotation_id and one.annotation_id in seen:
                problem = Problem(record.where, "an id of its own", one.annotation_id)
                checked.problems.append(problem)
                continue
            seen.add(one.annotation_id)
            if one.label not in self._labels and not self._how.add_labels:
                checked.unknown_labels[one.label] += 1
                continue
            checked.annotations.append(one)
        return checked

    def _annotation(
        self,
        record: Record,
        bundle: Bundle,
        document: Document,
        offsets: UnitOffsets | None,
        checked: Checked,
    ) -> Annotation:
        text = document.text
        label = self._how.mapping.get(record.label, record.label)
        if label not in self._labels and (wrong := name_problem(label)):
            raise _Disagrees(record, "a label", f"{label!r}: {wrong}")
        if record.flaw and not self._how.re_anchor:
            raise _Disagrees(record, "a record on one line", record.flaw)
        runs = _in_code_points(record, offsets)
        found = _disagreement(text, runs, record.quote, bundle.joint)
        if found is not None or not runs:
            if runs and not self._how.re_anchor:
                raise _Disagrees(record, *_shown(text, record, found or ""))
            runs = _found_again(text, record, runs, bundle.joint)
            if not runs:
                raise _Disagrees(record, *_shown(text, record, found or "no place or several"))
            checked.re_anchored += bool(record.runs) and not record.flaw
        checked.re_anchored += bool(record.flaw)
        status = record.status or "unreviewed"
        if status not in ("unreviewed", *DECISIONS):
            raise _Disagrees(record, f"a status ({', '.join(DECISIONS)})", repr(status))
        draft = Annotation(
            annotation_id=_id(record.annotation_id),
            document_id=document.document_id,
            label=label,
            start=0,
            end=1,
            quote="",
            annotator=self._name(record, record.annotator),
            note=_note(record),
            created_at=_time(record.created_at),
            updated_at=_time(record.updated_at or record.created_at),
            review_status=status,
            reviewer=self._name(record, record.reviewer) if status in DECISIONS else "",
        )
        return draft.on(document, [Span(start, end) for start, end in runs])

    def _name(self, record: Record, name: str) -> str:
        """A name that can be stored; who imports where there is none."""
        if name not in self._names:
            try:
                self._names[name] = checked_name(name or self._annotator)
            except AnnotuiError as error:
                raise _Disagrees(record, "a name", str(error)) from error
        return self._names[name]


class _Disagrees(Exception):
    """A record that cannot be taken."""

    def __init__(self, record: Record, expected: str, found: str) -> None:
        super().__init__(expected)
        self.problem = Problem(record.where, expected, found)


def _in_code_points(record: Record, offsets: UnitOffsets | None) -> Runs:
    if offsets is None:
        return record.runs
    pairs = [(offsets.back(start), offsets.back(end)) for start, end in record.runs]
    return tuple((-1 if s is None else s, -1 if e is None else e) for s, e in pairs)


def _disagreement(text: str, runs: Runs, quote: str | None, joint: str) -> str | None:
    """What stands in the text in the place of a record; None where the two agree."""
    length, behind = len(text), 0
    for start, end in runs:
        if not behind <= start < end <= length:
            return ""
        behind = end
    if len(runs) == 1:
        found = text[runs[0][0] : runs[0][1]]
    else:
        found = joint.join(text[start:end] for start, end in runs)
    return None if quote is None or quote == found else found


def _shown(text: str, record: Record, found: str) -> tuple[str, str]:
    """For a message: what was expected where, and what is there."""
    place = ", ".join(f"{start}..{end}" for start, end in record.runs)
    at = f" at {place}" if place else ""
    expected = "a place in the text" if record.quote is None else _short(record.quote)
    if found and record.runs:
        return f"{expected}{at}", _short(found)
    return f"{expected}{at}", found or f"a text of {len(text):,} characters"


def _short(text: str) -> str:
    return repr(text if len(text) <= SHOWN else text[: SHOWN - 1] + "…")


def _found_again(text: str, record: Record, runs: Runs, joint: str) -> Runs:
    """Where the quote stands instead; empty where that is not unmistakable."""
    if not record.quote:
        return ()
    if not runs:
        whole = near(text, record.quote, 0, len(text))
        return ((whole.start, whole.end),) if whole is not None else ()
    parts = _parts(record.quote, runs, joint)
    if len(parts) != len(runs):
        return ()
    found: list[tuple[int, int]] = []
    for part, (start, _) in zip(parts, record.runs, strict=True):
        place = near(text, part, start, REACH)
        if place is None or (found and place.start < found[-1][1]):
            return ()
        found.append((place.start, place.end))
    return tuple(found)


def _parts(quote: str, runs: Runs, joint: str) -> list[str]:
    """The quote of each run: as long as the run where that fits, else what the joint parts."""
    parts, at = [], 0
    for start, end in runs:
        parts.append(quote[at : at + end - start])
        at += max(end - start, 0) + len(joint)
    return parts if joint.join(parts) == quote else quote.split(joint)


def _note(record: Record) -> str:
    if not record.note:
        return ""
    try:
        return checked_note(record.note)
    except AnnotuiError as error:
        raise _Disagrees(record, "a note that can be stored", str(error)) from error


def _id(text: str) -> str:
    return text if text and _UUID7.fullmatch(text) else ""


def _time(text: str) -> str:
    return text if text and _TIME.fullmatch(text) else ""
