"""What a format writes it reads again, whatever is in the texts, the notes and the names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked_documents import HARD, bundle_of, bundles, read_back, written

from annotui.domain.offset_unit import OffsetUnit, UnitOffsets
from annotui.formats import registry
from annotui.formats.exchange import Bundle, Record, WriteOptions

BY_ROW = ("csv", "jsonl")


def plain(records: tuple[Record, ...], bundle: Bundle) -> list[Record]:
    """Records without what only one side has, in the unit of code points."""
    offsets = UnitOffsets(bundle.text or "", bundle.unit)
    back = [
        replace(
            one,
            runs=tuple((offsets.back(s) or 0, offsets.back(e) or 0) for s, e in one.runs),
            status=one.status or "unreviewed",
            where="",
            line=0,
        )
        for one in records
    ]
    return sorted(back, key=lambda one: one.annotation_id)


@pytest.mark.parametrize("name", BY_ROW)
@given(data=st.data(), excel=st.booleans(), unit=st.sampled_from(OffsetUnit))
def test_rows_come_back(
    name: str, data: st.DataObject, excel: bool, unit: OffsetUnit, tmp_path: Path
) -> None:
    documents = data.draw(st.lists(bundles(), max_size=3, unique_by=lambda one: one.document_id))
    options = WriteOptions(unit=unit, excel=excel and name == "csv")
    counted = [in_unit(one, unit) for one in documents]
    found = read_back(name, written(name, counted, options), tmp_path / "out")
    wanted = [one for one in documents if one.records]
    assert [one.problems for one in found] == [()] * len(wanted)
    assert [(one.document_id, one.title, one.unit) for one in found] == [
        (one.document_id, one.title, unit) for one in wanted
    ]
    for one, other in zip(found, wanted, strict=True):
        assert plain(one.records, replace(other, unit=unit)) == plain(other.records, other)


def in_unit(bundle: Bundle, unit: OffsetUnit) -> Bundle:
    offsets = UnitOffsets(bundle.text or "", unit)
    records = tuple(
        replace(one, runs=tuple((offsets.of(start), offsets.of(end)) for start, end in one.runs))
        for one in bundle.records
    )
    return replace(bundle, records=records, unit=unit)


@given(documents=st.lists(bundles(), max_size=3))
def test_documents_come_back(documents: list[Bundle], tmp_path: Path) -> None:
    found = read_back(
        "jsonl-documents", written("jsonl-documents", documents, WriteOptions()), tmp_path / "out"
    )
    for one, other in zip(found, documents, strict=True):
        assert plain(one.records, other) == plain(other.records, other)
        same = replace(one, records=other.records, where="", left_out={})
        assert same == other


@pytest.mark.parametrize("name", ["csv", "jsonl", "jsonl-documents"])
def test_a_file_is_known_by_its_content(name: str, tmp_path: Path) -> None:
    bundle = bundle_of(HARD, [Record(((0, 4),), "claim")])
    path = tmp_path / "no-suffix"
    for options in (WriteOptions(), WriteOptions(excel=True)):
        path.write_bytes(written(name, [bundle], options))
        assert registry.detect(path).name == name
