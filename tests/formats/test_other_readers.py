"""Other people's readers find in an export what was put there."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from marked_documents import HARD, bundle_of, written

from annotui.domain.label_scheme import Label
from annotui.formats import registry
from annotui.formats.brat_lines import cut, note_lines
from annotui.formats.exchange import Bundle, Record, WriteOptions
from annotui.formats.rows import COLUMNS, of_bundle

LONGEST_CELL = 32_767
NOTES = ('=cmd|"x", a;b\tc\r\nd', "NULL", "NA", "'quoted'", "_x000D_ \x1b[31m", "0012", "null ")
TIME = "2026-01-31T09:05:07.123Z"
NUMBERS = ("start", "end", "line")


def document() -> Bundle:
    """Nested, crossing, discontinuous marks on a text that begins like a formula."""
    runs: tuple[tuple[tuple[int, int], ...], ...] = (
        ((0, 4),),
        ((0, 24),),
        ((5, 30),),
        ((12, 17), (40, 46), (56, len(HARD))),
        ((40, 60),),
        ((0, len(HARD)),),
        ((1, 3),),
    )
    records = [
        Record(
            one, "claim", None, note, 'Å "x", 漢', "accepted" if number % 2 else "unreviewed",
            "rev" if number % 2 else "", f"01a21890-4d6e-7b7a-8d49-{number:012x}", TIME, TIME,
        )
        for number, (one, note) in enumerate(zip(runs, NOTES, strict=True))
    ]  # fmt: skip
    return bundle_of(HARD, records, title='=1, "title"; 漢')


WANTED = [list(row) for row in of_bundle(document())]
AS_TEXT = [[str(value) for value in row] for row in WANTED]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name in ("csv", "jsonl"):
        (tmp_path / f"m.{name}").write_bytes(written(name, [document()], WriteOptions()))
    return tmp_path


def test_pandas_reads_the_csv_and_the_lines(files: Path) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.read_csv(files / "m.csv", keep_default_na=False, dtype=str)
    assert (tuple(frame.columns), frame.values.tolist()) == (COLUMNS, AS_TEXT)
    frame = pandas.read_json(files / "m.jsonl", lines=True, dtype=False)
    check_lines(frame.to_dict("records"))


def test_polars_reads_the_csv_and_the_lines(files: Path) -> None:
    polars = pytest.importorskip("polars")
    frame = polars.read_csv(files / "m.csv", infer_schema=False).fill_null("")
    assert [list(row) for row in frame.rows()] == AS_TEXT
    check_lines(polars.read_ndjson(files / "m.jsonl").to_dicts())


def test_duckdb_reads_the_csv_and_the_lines(files: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    sql = "SELECT * FROM read_csv(?, all_varchar=true, header=true, nullstr='\x01')"
    assert [list(row) for row in duckdb.execute(sql, [str(files / "m.csv")]).fetchall()] == AS_TEXT
    found = duckdb.execute("SELECT * FROM read_json(?)", [str(files / "m.jsonl")])
    names = [one[0] for one in found.description]
    assert tuple(names) == COLUMNS
    at = names.index("quote")
    assert [row[at] for row in found.fetchall()] == [row[at] for row in WANTED]


def test_pyarrow_reads_the_csv_and_the_lines(files: Path) -> None:
    pytest.importorskip("pyarrow")
    from pyarrow import csv, json, string

    table = csv.read_csv(
        files / "m.csv",
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(COLUMNS, string()), strings_can_be_null=False
        ),
    )
    assert [list(row.values()) for row in table.to_pylist()] == AS_TEXT
    rows = json.read_json(files / "m.jsonl").to_pylist()
    assert [row["quote"] for row in rows] == [row[6] for row in WANTED]


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="needs the sqlite3 program")
def test_sqlite_imports_the_csv(files: Path) -> None:
    subprocess.run(
        ["sqlite3", "back.db", ".mode csv", ".import m.csv marks"],
        check=True,
        cwd=files,
        timeout=60,
    )
    connection = sqlite3.connect(files / "back.db")
    assert [list(row) for row in connection.execute("SELECT * FROM marks")] == AS_TEXT
    connection.close()


def check_lines(found: list[dict[str, Any]]) -> None:
    at = COLUMNS.index("fragments")
    for one, wanted in zip(found, WANTED, strict=True):
        fragments = [list(pair) for pair in one["fragments"]]
        assert fragments == (json.loads(wanted[at]) if wanted[at] else [])
        values = [one[name] for name in COLUMNS]
        assert [str(v) for v in values[:at] + values[at + 1 :]] == [
            str(v) for v in wanted[:at] + wanted[at + 1 :]
        ]


def workbook(path: Path, documents: list[Bundle]) -> Any:
    pytest.importorskip("xlsxwriter")
    openpyxl = pytest.importorskip("openpyxl")
    path.write_bytes(written("xlsx", documents, WriteOptions()))
    return openpyxl.load_workbook(path)


def test_openpyxl_finds_string_cells_a_frozen_header_and_filters(tmp_path: Path) -> None:
    sheet = workbook(tmp_path / "m.xlsx", [document()]).active
    from openpyxl.utils.escape import unescape  # as the file has controls; openpyxl leaves it so

    header, *rows = sheet.iter_rows()
    assert tuple(cell.value for cell in header) == COLUMNS
    for cells, wanted in zip(rows, WANTED, strict=True):
        for cell, value, name in zip(cells, wanted, COLUMNS, strict=True):
            assert cell.data_type in ("n" if name in NUMBERS or value == "" else "s", "inlineStr")
            found = unescape(cell.value) if cell.data_type != "n" else cell.value
            assert ("" if found is None else found) == value
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:O{len(WANTED) + 1}"


def test_a_cell_that_is_too_long_is_cut_and_says_so(tmp_path: Path) -> None:
    text = "👩" * LONGEST_CELL
    bundle = bundle_of(text, [Record(((0, len(text)),), "claim")])
    (_, row) = workbook(tmp_path / "m.xlsx", [bundle]).active.iter_rows(values_only=True)
    quote = row[COLUMNS.index("quote")]
    assert quote.endswith("👩…")
    assert len(quote.encode("utf-16-le")) // 2 <= LONGEST_CELL


def test_spacy_takes_every_span(tmp_path: Path) -> None:
    spacy = pytest.importorskip("spacy")
    (line,) = written("jsonl-documents", [document()], WriteOptions()).splitlines()
    article = json.loads(line)
    doc = spacy.blank("en")(article["text"])
    for one in article["spans"]:
        span = doc.char_span(one["start"], one["end"], one["label"], alignment_mode="expand")
        assert one["text"].strip() in span.text  # whose last token goes without its space
        assert article["text"][one["start"] : one["end"]] == one["text"]


def folder_of(name: str, folder: Path) -> Path:
    registry.folder_writer(registry.named(name)).write_folder(
        iter([document()]), folder, WriteOptions((Label("claim", "c", "!", "#aa3333"),))
    )
    return folder


def test_bratly_reads_every_annotation_with_its_attributes_and_notes(tmp_path: Path) -> None:
    pytest.importorskip("bratly.io", reason="pip install bratly bratly-io-fs")
    from bratly import AttributeAnnotation, EntityAnnotation, NoteAnnotation
    from bratly.io import read_document_collection_from_folder

    collection = read_document_collection_from_folder(
        str(folder_of("brat", tmp_path)), no_duplicates_ann=False, sort_ann=False,
        renumerotize_ann=False,
    )  # fmt: skip
    (found,) = collection.documents
    (annotations,) = found.annotation_collections
    assert found.text == HARD
    wanted = sorted(document().records, key=lambda one: one.annotation_id)
    entities = annotations.get_annotations(EntityAnnotation)
    for one, record in zip(entities, wanted, strict=True):
        runs = cut(HARD, record.runs)
        assert [(run.start, run.end) for run in one.fragments] == list(runs)
        assert one.content == " ".join(HARD[start:end] for start, end in runs)
    values = [
        (one.label, one.component.id, " ".join(one.values))
        for one in annotations.get_annotations(AttributeAnnotation)
    ]
    assert values.count(("Status", "T2", "accepted")) == 1
    people = {unquote(value) for label, _, value in values if label == "Annotator"}
    assert people == {'Å "x", 漢'}
    notes = annotations.get_annotations(NoteAnnotation)
    lines = [line for record in wanted for line in note_lines(record.note)]
    assert [one.value for one in notes] == [line.partition("\t")[0] for line in lines]


def test_label_studio_s_own_validators_accept_tasks_and_configuration(tmp_path: Path) -> None:
    sdk = pytest.importorskip(
        "label_studio_sdk.label_interface", reason="pip install label-studio-sdk (half a gigabyte)"
    )
    folder = folder_of("label-studio", tmp_path)
    interface = sdk.LabelInterface((folder / "labeling_config.xml").read_text())
    interface.validate()
    (task,) = json.loads((folder / "tasks.json").read_bytes())
    assert len(task["annotations"]) == 1
    assert interface.validate_annotation(task["annotations"][0])
    task["annotations"][0]["result"][0]["value"]["labels"] = ["no label of ours"]
    assert not interface.validate_annotation(task["annotations"][0])
