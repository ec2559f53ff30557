"""Label Studio's tasks go out and come in, one annotation object for each annotator."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked_documents import HARD, bundle_of, bundles

from annotui.domain.label_scheme import Label
from annotui.errors import FormatError
from annotui.formats import label_studio, registry
from annotui.formats.exchange import Bundle, Record, WriteOptions

TEXT = "👩\u200d👩\u200d👧 The mayor said no.\r\nShe left early.\r\n"
LABELS = (Label("claim", "c", "!", "#aa3333"), Label('a "b" & <c>', "b", "%", "#3333aa"))


def exported(folder: Path, documents: list[Bundle]) -> Path:
    label_studio.write_folder(iter(documents), folder, WriteOptions(LABELS))
    return folder / "tasks.json"


def tasks(path: Path, *values: Any) -> list[Bundle]:
    """What is read of a file with these tasks."""
    path.write_text(json.dumps(values, indent=1))
    return list(label_studio.read(path))


def region(start: int, end: int, *labels: str, **more: Any) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": TEXT[start:end], "labels": list(labels)}
    names = {"from_name": "label", "to_name": "text", "type": "labels"}
    return {"id": "gew3t9fgkg", **names, "value": value, **more}


def places(found: list[Bundle]) -> list[str]:
    return [one.where.rpartition("/")[2] for bundle in found for one in bundle.problems]


@given(documents=st.lists(bundles(), max_size=3))
def test_documents_come_back(
    documents: list[Bundle], tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = list(label_studio.read(exported(tmp_path_factory.mktemp("ls"), documents)))
    for one, other in zip(found, documents, strict=True):
        records = sorted(one.records, key=lambda record: record.annotation_id)
        wanted = sorted(other.records, key=lambda record: record.annotation_id)
        assert [
            replace(record, where="", status=record.status or "unreviewed") for record in records
        ] == [replace(record, line=0) for record in wanted]
        assert replace(one, records=other.records, where="", left_out={}) == other


def test_a_task_has_an_annotation_object_for_each_annotator(tmp_path: Path) -> None:
    records = [
        Record(((0, 4),), "claim", None, "a, note", "amy", "accepted", "bob", "id-1"),
        Record(((5, 12), (40, 46)), "retired", None, "", "bob", "unreviewed", "", "id-2"),
        Record(((6, 9),), "claim", None, "", "amy", "unreviewed", "", "id-3"),
    ]
    path = exported(tmp_path, [bundle_of(HARD, records)])
    (task,) = json.loads(path.read_bytes())
    assert task["data"] == {"text": HARD, "title": "A title"}
    regions = [[one["id"] for one in annotation["result"]] for annotation in task["annotations"]]
    assert regions == [["id-1", "id-3"], ["id-2.1", "id-2.2"]]
    for annotation in task["annotations"]:
        for one in annotation["result"]:
            value = one["value"]
            assert HARD[value["start"] : value["end"]] == value["text"]
    assert task["annotations"][0]["result"][0]["meta"]["text"] == ["a, note"]
    root = ElementTree.fromstring((tmp_path / "labeling_config.xml").read_bytes())
    found = {one.get("value"): one.get("background") for one in root.iter("Label")}
    assert found == {"claim": "#aa3333", 'a "b" & <c>': "#3333aa", "retired": None}
    (control, element, style) = root.findall("*")
    assert (control.tag, control.get("toName"), element.tag) == ("Labels", "text", "Text")
    assert {one["from_name"] for one in task["annotations"][0]["result"]} == {control.get("name")}
    assert element.get("value") == "$text"
    assert "white-space: pre-wrap" in (style.text or "")


def test_what_label_studio_exports_is_read(tmp_path: Path) -> None:
    start = TEXT.index("mayor")
    (found,) = tasks(
        tmp_path / "a.json",
        {
            "id": 7,
            "data": {"article": TEXT, "title": "Said no"},
            "annotations": [
                {
                    "completed_by": {"email": "amy@example.org", "id": 3},
                    "result": [
                        region(start, start + 5, "Person", to_name="article"),
                        region(0, 5, "Family", "Emoji", meta={"text": ["one", "two"]}),
                        {"type": "choices", "value": {"choices": ["x"]}},
                        {"type": "relation", "from_id": "a", "to_id": "b"},
                    ],
                },
                {"completed_by": 4, "result": [region(start + 17, start + 20, "Person")]},
                {"was_cancelled": True, "result": [region(0, 2, "Person")]},
            ],
            "predictions": [{"result": []}],
        },
    )
    assert (found.problems, found.newline, found.title) == ((), "crlf", "Said no")
    said = [(one.quote, one.label, one.annotator, one.note) for one in found.records]
    assert said == [
        ("mayor", "Person", "amy@example.org", ""),
        (TEXT[:5], "Family", "amy@example.org", "one\ntwo"),
        (TEXT[:5], "Emoji", "amy@example.org", "one\ntwo"),
        (TEXT[start + 17 : start + 20], "Person", "user 4", ""),
    ]
    for one in found.records:
        assert (found.text or "")[slice(*one.runs[0])] == (one.quote or "").replace("\r\n", "\n")
    assert dict(found.left_out) == {
        "regions of type choices": 1, "relations": 1, "regions of skipped annotations": 1,
        "predictions": 1,
    }  # fmt: skip


KEYS = st.sampled_from(
    [
        *(
            "data",
            "annotations",
            "completions",
            "result",
            "type",
            "value",
            "labels",
            "start",
            "end",
        ),
        *("text", "meta", "annotui", "id", "part", "parts", "completed_by", "email", "to_name"),
        *("was_cancelled", "predictions", "title", "newline", "metadata"),
    ]
)
PLAIN = st.none() | st.booleans() | st.integers(-2, 30) | st.sampled_from(["labels", "", "a b"])
ANYTHING = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner), max_leaves=12
)


@given(
    task=st.dictionaries(KEYS, ANYTHING),
    result=st.lists(
        st.fixed_dictionaries(
            {"type": st.just("labels")},
            optional={"value": ANYTHING, "meta": ANYTHING, "id": ANYTHING},
        )
        | ANYTHING,
        max_size=3,
    ),
)
def test_whatever_a_task_is_it_is_read_or_named(
    task: dict[str, Any], result: list[Any], tmp_path: Path
) -> None:
    for one in (task, {"data": {"text": "Some text."}, "annotations": [{"result": result}]}):
        (found,) = tasks(tmp_path / "a.json", one)
        assert all(
            isinstance(run, int) for one in found.records for pair in one.runs for run in pair
        )
        assert all(str(problem) for problem in found.problems)


def test_a_copy_of_a_region_is_a_mark_of_its_own(tmp_path: Path) -> None:
    ours = {"annotui": {"id": "01a2", "annotator": "amy", "status": "accepted", "reviewer": "bob"}}
    copied = region(0, 5, "claim", id="hY7_new", meta=ours)
    task = {"data": {"text": TEXT}, "annotations": [{"result": [copied | {"id": "01a2"}, copied]}]}
    (found,) = tasks(tmp_path / "a.json", task)
    assert [(one.annotation_id, one.annotator, one.status) for one in found.records] == [
        ("01a2", "amy", "accepted"),
        ("", "amy", ""),
    ]


def test_what_is_wrong_is_named_by_line_task_and_region(tmp_path: Path) -> None:
    bad = [
        region(0, 5),
        {"type": 3},
        region(0, 5, "x") | {"value": {"start": "a", "labels": ["x"]}},
    ]
    good = {"data": {"text": TEXT}, "annotations": []}
    path = tmp_path / "a.json"
    found = tasks(path, good, {"data": {"text": TEXT}, "annotations": [{"result": bad}]}, {})
    line = path.read_text().split("\n").index(" {", 2) + 1
    assert places(found)[:3] == [
        f"a.json line {line} task 2 annotation 1 region {number}" for number in (1, 2, 3)
    ]
    assert "expected data with one text, found none" in str(found[2].problems[0])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('[{"data": {"text": "a"}}, {"data": ', "line 1 task 2: expected the JSON object"),
        ('[{"data": {}}\n, 3]', "line 2 task 2: expected the JSON object of a task, found a int"),
        ('[{"data": {}}] []', "behind task 1"),
        ('{"data": {}} x', "behind task 1"),
        ("[" * 100_000, "task 1"),
    ],
)
def test_what_is_no_list_of_tasks_is_refused(content: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(FormatError, match=says):
        list(label_studio.read(tmp_path / "a.json"))


def test_a_file_is_known_by_its_content(tmp_path: Path) -> None:
    path = exported(tmp_path, [bundle_of(HARD, [Record(((0, 4),), "claim")])])
    assert registry.detect(path).name == "label-studio"
    assert list(label_studio.read(exported(tmp_path, []))) == []
    (tmp_path / "one.json").write_text(json.dumps({"id": 1, "data": {"text": "Only one."}}))
    assert [one.text for one in label_studio.read(tmp_path / "one.json")] == ["Only one."]
