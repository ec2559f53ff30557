"""Label Studio: ``tasks.json`` with a task for each article, and the labeling configuration.

A task has one annotation object for each annotator. Offsets are code points. Label Studio has no
discontinuous regions: a mark in fragments is a region for each. What it has no place for stands
under ``annotui`` in the ``meta`` of task and region, which it keeps. ``completed_by`` is not
written, since Label Studio refuses whom it does not know.

Source: https://labelstud.io/guide/task_format and https://labelstud.io/tags/labels
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from annotui.errors import FormatError
from annotui.formats import json_lines
from annotui.formats.exchange import Bundle, Problem, Record, WriteOptions
from annotui.formats.spans import SpanReading, meta_of, text_of

TASKS, CONFIGURATION = "tasks.json", "labeling_config.xml"
_CONTROL, _OBJECT = "label", "text"
_OURS = "annotui"
_KEEP_SPACES = ".htx-text { white-space: pre-wrap; }"
"""Without it Label Studio drops spaces and line ends that offsets count."""

_VALUES = ("annotator", "reviewer", "created_at", "updated_at")
_FIRST_KEYS = re.compile(
    rb'\s*\[\s*\{.*"(?:annotations|predictions|completions|data)"\s*:', re.DOTALL
)
_SPACE = re.compile(r"\s*")


def write_folder(bundles: Iterable[Bundle], folder: Path, options: WriteOptions) -> None:
    """Write ``tasks.json``, a task a line, and ``labeling_config.xml``."""
    used: dict[str, None] = {}
    with (folder / TASKS).open("wb") as out:
        before = b"[\n"
        for bundle in bundles:
            used |= dict.fromkeys(one.label for one in bundle.records)
            out.write(before + json_lines.dump(_task(bundle)).removesuffix(b"\n"))
            before = b",\n"
        out.write(b"[]\n" if before == b"[\n" else b"\n]\n")
    (folder / CONFIGURATION).write_bytes(_configuration(options, used).encode())


def _configuration(options: WriteOptions, used: Iterable[str]) -> str:
    known = {
        one.name: f" background={quoteattr(one.colour)} hotkey={quoteattr(one.key)}"
        for one in options.labels
    }
    lines = (
        f"    <Label value={quoteattr(name)}{known.get(name, '')}/>\n"
        for name in dict.fromkeys((*known, *used))
    )
    return (
        f'<View>\n  <Labels name="{_CONTROL}" toName="{_OBJECT}">\n{"".join(lines)}  </Labels>\n'
        f'  <Text name="{_OBJECT}" value="${_OBJECT}"/>\n  <Style>{_KEEP_SPACES}</Style>\n</View>\n'
    )


def _task(bundle: Bundle) -> dict[str, Any]:
    regions: dict[str, list[dict[str, Any]]] = {}
    for one in bundle.records:
        regions.setdefault(one.annotator, []).extend(_regions(one, bundle.text or ""))
    return {
        "data": {_OBJECT: bundle.text, "title": bundle.title},
        "meta": {_OURS: meta_of(bundle)},
        "annotations": [
            {"result": result, "was_cancelled": False, "ground_truth": False}
            for result in regions.values()
        ],
    }


def _regions(record: Record, text: str) -> Iterator[dict[str, Any]]:
    told = {name: getattr(record, name) for name in _VALUES if getattr(record, name)}
    told |= {"status": record.status} if record.status not in ("", "unreviewed") else {}
    count = len(record.runs)
    for part, (start, end) in enumerate(record.runs, 1):
        parts = {"part": part, "parts": count} if count > 1 else {}
        yield {
            "id": _region_id(record.annotation_id, part if count > 1 else 0),
            "from_name": _CONTROL,
            "to_name": _OBJECT,
            "type": "labels",
            "value": {
                "start": start,
                "end": end,
                "text": text[start:end],
                "labels": [record.label],
            },
            "meta": {
                **({"text": [record.note]} if record.note else {}),
                _OURS: {"id": record.annotation_id, **parts, **told},
            },
        }


def _region_id(annotation_id: str, part: int) -> str:
    return f"{annotation_id}.{part}" if part else annotation_id


def detects(head: bytes, path: Path) -> bool:
    """Whether it is a list of objects with data, annotations or predictions."""
    return _FIRST_KEYS.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


def read(path: Path) -> Iterator[Bundle]:
    """The documents of the tasks.

    Raises:
        FormatError: when it is not JSON, or no list of objects.
    """
    for where, task in _tasks(path):
        yield _bundle(where, task)


def _tasks(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Where each task stands, and its object."""
    text = path.read_bytes().decode("utf-8-sig")
    decoder = json.JSONDecoder()
    at = _behind_space(text, 0)
    is_list = text.startswith("[", at)
    at = _behind_space(text, at + is_list)
    line, counted, number = 1, 0, 0
    while at < len(text) and not text.startswith("]", at):
        line, counted, number = line + text.count("\n", counted, at), at, number + 1
        where = f"{path} line {line} task {number}"
        try:
            task, behind = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            raise _no_task(where, str(error)) from error
        if not isinstance(task, dict):
            raise _no_task(where, f"a {type(task).__name__}")
        yield where, task
        at = _behind_space(text, behind)
        if not (is_list and text.startswith(",", at)):
            break
        at = _behind_space(text, at + 1)
    if text[at:].strip() != ("]" if is_list else ""):
        raise _no_task(f"{path} behind task {number}", repr(text[at : at + 20]))


def _behind_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _no_task(where: str, found: str) -> FormatError:
    return FormatError(
        f"{where}: expected the JSON object of a task, found {found}. Nothing of this file was "
        "imported."
    )


def _bundle(where: str, task: Mapping[str, Any]) -> Bundle:
    annotations = task.get("annotations", task.get("completions"))
    annotations = annotations if isinstance(annotations, list) else []
    text = _text(task.get("data"), annotations)
    if text is None:
        data = task.get("data")
        found = ", ".join(data if isinstance(data, dict) else ()) or "none"
        return Bundle(problems=(Problem(where, "data with one text", found),), where=where)
    reading, left_out = SpanReading(text), Counter[str]()
    for rank, one in enumerate(annotations, 1):
        _take(f"{where} annotation {rank}", one, reading, left_out)
    predictions = task.get("predictions")
    left_out["predictions"] = len(predictions) if isinstance(predictions, list) else 0
    meta = task.get("meta")
    ours = meta.get(_OURS) if isinstance(meta, dict) else None
    return reading.bundle(ours, text_of(task.get("data"), "title"), +left_out, where)


def _text(data: object, annotations: list[Any]) -> str | None:
    """The text of a task: what its regions are on, or the only one."""
    if not isinstance(data, dict):
        return None
    names = [
        str(region.get("to_name"))
        for one in annotations
        for region in _result(one)
        if isinstance(region, dict)
    ]
    for name in dict.fromkeys((_OBJECT, *names)):
        if isinstance(data.get(name), str):
            return str(data[name])
    texts = [value for value in data.values() if isinstance(value, str)]
    return texts[0] if len(texts) == 1 else None


def _result(annotation: object) -> list[Any]:
    result = annotation.get("result") if isinstance(annotation, dict) else None
    return result if isinstance(result, list) else []


def _take(where: str, annotation: Any, reading: SpanReading, left_out: Counter[str]) -> None:
    """Take the regions of one annotation object."""
    result = _result(annotation)
    if isinstance(annotation, dict) and annotation.get("was_cancelled"):
        left_out["regions of skipped annotations"] += len(result)
        return
    annotator = _annotator(annotation)
    for number, region in enumerate(result, 1):
        at = f"{where} region {number}"
        kind = region.get("type") if isinstance(region, dict) else None
        if kind == "labels":
            _take_region(at, region, annotator, reading)
        elif kind == "relation":
            left_out["relations"] += 1
        elif isinstance(kind, str):
            left_out[f"regions of type {kind}"] += 1
        else:
            reading.problems.append(Problem(at, "a region", json.dumps(region)[:60]))


def _annotator(annotation: Any) -> str:
    """Who made an annotation object, as far as Label Studio tells."""
    who = annotation.get("completed_by") if isinstance(annotation, dict) else None
    if isinstance(who, dict):
        names = " ".join(filter(None, (text_of(who, "first_name"), text_of(who, "last_name"))))
        return text_of(who, "email") or names or _annotator({"completed_by": who.get("id")})
    return f"user {who}" if type(who) is int else ""


def _take_region(
    where: str, region: Mapping[str, Any], annotator: str, reading: SpanReading
) -> None:
    value, meta = region.get("value"), region.get("meta")
    labels = value.get("labels") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(labels, list) or not labels:
        reading.problems.append(Problem(where, "a value with labels", json.dumps(value)[:60]))
        return
    notes = meta.get("text") if isinstance(meta, dict) else None
    notes = notes if isinstance(notes, list) else [notes] if isinstance(notes, str) else []
    ours = meta.get(_OURS) if isinstance(meta, dict) else None
    ours = ours if isinstance(ours, dict) else {}
    if region.get("id") != _region_id(text_of(ours, "id"), ours.get("part") or 0):
        ours = {name: ours[name] for name in ("annotator",) if name in ours}  # a copy of a region
    span = {
        **ours,
        "start": value.get("start"),
        "end": value.get("end"),
        "text": value.get("text"),
        "note": "\n".join(map(str, notes)),
        "annotator": text_of(ours, "annotator") or annotator,
    }
    for rank, label in enumerate(labels):
        first = span if rank == 0 else {**span, "id": "", "parts": 1}
        at = where if rank == 0 else f"{where} label {rank + 1}"
        reading.take(at, {**first, "label": label})
