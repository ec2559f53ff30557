"""brat standoff goes out and comes in to the character; what is malformed is named by its line."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked_documents import HARD, bundle_of, bundles

from annotui.domain.label_scheme import Label
from annotui.errors import AnnotuiError
from annotui.formats import brat, registry
from annotui.formats.brat_lines import cut, joined
from annotui.formats.exchange import Bundle, Record, WriteOptions

TEXT = "The mayor said no.\nShe left 👩\u200d👩\u200d👧 early,\nhe added.\n"


def exported(folder: Path, documents: list[Bundle], *labels: str) -> list[Bundle]:
    """What is read from the files that are written of ``documents``, in their order."""
    options = WriteOptions(tuple(Label(name, "c", "!", "#aa3333") for name in labels))
    brat.write_folder(iter(documents), folder, options)
    found = [bundle for path in folder.glob("*.ann") for bundle in brat.read(path)]
    order = [one.text for one in documents]
    return sorted(found, key=lambda one: order.index(one.text))


def pair(folder: Path, lines: str | bytes, text: str | bytes = TEXT) -> Path:
    """A pair of files with these contents."""
    path = folder / "a.ann"
    path.write_bytes(lines if isinstance(lines, bytes) else lines.encode())
    (folder / "a.txt").write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(folder: Path, lines: str | bytes, text: str | bytes = TEXT) -> Bundle:
    (bundle,) = brat.read(pair(folder, lines, text))
    return bundle


def places(bundle: Bundle) -> list[str]:
    """The problems, each with its line only."""
    return [one.where.rpartition("/")[2] for one in bundle.problems]


@given(documents=st.lists(bundles(), max_size=3, unique_by=lambda one: one.text))
def test_documents_come_back(
    documents: list[Bundle], tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = exported(tmp_path_factory.mktemp("brat"), documents, "claim")
    for one, other in zip(found, documents, strict=True):
        assert (one.text, one.problems, dict(one.left_out)) == (other.text, (), {})
        assert Counter(map(kept, one.records)) == Counter(
            kept(record, other.text or "") for record in other.records
        )


def kept(record: Record, text: str | None = None) -> tuple[object, ...]:
    """What brat holds of a record; of one that is on its way out, as it will come back."""
    runs, note = record.runs, record.note
    if text is not None:
        runs = joined(text, cut(text, runs))
        note = re.sub("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", "\n", note)
    status = record.status or "unreviewed"
    return (runs, record.label, note, record.annotator, status, record.reviewer)


def test_a_line_has_what_brat_has(tmp_path: Path) -> None:
    records = [
        Record(
            ((4, 18), (34, 39)), "hate speech", None, "one, “two”\nthree", "Amy Ito", "accepted",
            "bö|b", "01a21890-4d6e-7b7a-8d49-000000000002",
        ),
        Record(((10, 43),), "claim", None, "", "bob", "unreviewed", "", "01b"),
    ]  # fmt: skip
    exported(tmp_path, [bundle_of(TEXT, records, source="/corpora/News 1.txt")], "claim")
    assert (tmp_path / "News-1.txt").read_bytes() == TEXT.encode()
    assert (tmp_path / "News-1.ann").read_bytes().decode() == (
        "T1\thate_speech 4 18;34 39\tmayor said no. early\n"
        "A1\tLabel T1 hate%20speech\n"
        "A2\tAnnotator T1 Amy%20Ito\n"
        "A3\tStatus T1 accepted\n"
        "A4\tReviewer T1 bö%7Cb\n"
        "#1\tAnnotatorNotes T1\tone, “two”\n"
        "#2\tAnnotatorNotes T1\tthree\n"
        "T2\tclaim 10 18;19 40;41 43\tsaid no. She left 👩\u200d👩\u200d👧 early, he\n"
        "A5\tAnnotator T2 bob\n"
    )
    configuration = (tmp_path / "annotation.conf").read_text()
    assert configuration == (
        "[entities]\nclaim\nhate_speech\n\n[relations]\n\n[events]\n\n[attributes]\n"
        "Label\tArg:<ENTITY>, Value:hate%20speech\n"
        "Annotator\tArg:<ENTITY>, Value:Amy%20Ito|bob\n"
        "Status\tArg:<ENTITY>, Value:accepted|rejected|unsure\n"
        "Reviewer\tArg:<ENTITY>, Value:bö%7Cb\n"
    )


def test_two_files_of_one_name_and_labels_of_one_type_are_told_apart(tmp_path: Path) -> None:
    marks = [Record(((0, 2),), label) for label in ("é b", "e b", "e_b", "漢")]
    marks = [replace(one, annotation_id=str(n)) for n, one in enumerate(marks)]
    texts = ("Aa bb", "Cc dd", "Ee ff", "Gg hh")
    sources = ("x/News.txt", "y/news.md", "../..", "")
    documents = [
        bundle_of(text, marks, source=source) for text, source in zip(texts, sources, strict=True)
    ]
    found = exported(tmp_path, documents)
    names = {one.name for one in tmp_path.glob("*.txt")}
    assert names == {"News.txt", "news-2.txt", "A-title.txt", "A-title-2.txt"}
    assert [[one.label for one in bundle.records] for bundle in found] == [
        ["é b", "e b", "e_b", "漢"]
    ] * 4
    types = re.findall(r"^T\d+\t(\S+)", (tmp_path / "News.ann").read_text(), re.MULTILINE)
    assert types == ["e_b", "e_b_", "e_b__", "label"]


def test_a_mark_on_a_line_end_alone_comes_back(tmp_path: Path) -> None:
    bundle = bundle_of(HARD, [Record(((HARD.index("\n"), HARD.index("\n") + 1),), "claim")])
    (found,) = exported(tmp_path, [bundle])
    assert [one.runs for one in found.records] == [one.runs for one in bundle.records]


def test_other_people_s_lines_are_kept_or_counted(tmp_path: Path) -> None:
    bundle = read(
        tmp_path,
        "T1\tPerson 4 9\tmayor\n"
        "T2\tSaid 10 14\tsaid\n"
        "T3\tPerson 19 22;26 27\tShe t\n"
        "E1\tSaid:T2 Agent:T1\n"
        "R1\tBefore Arg1:T1 Arg2:T3\n"
        "N1\tReference T1 Wikipedia:1234\tMayor\n"
        "*\tAlias T1 T3\n"
        "A1\tNegation E1\n"
        "M1\tConfidence T1 High\n"
        "A2\tStatus T1 Ongoing\n"
        "A3\tLabel T1 Robot\n"
        "#1\tAnnotatorNotes E1\ta verb of saying\n"
        "#2\tNormalized T1\tMAYOR\n"
        "#3\tAnnotatorNotes R1\tnot sure\n"
        "# a comment\n",
    )
    assert places(bundle) == ["a.ann line 15"]
    assert [(one.label, one.quote, one.note, one.status) for one in bundle.records] == [
        ("Person", "mayor", "Normalized: MAYOR", ""),
        ("Said", "said", "a verb of saying", ""),
        ("Person", "She t", "", ""),
    ]
    assert dict(bundle.left_out) == {
        "events": 1, "relations": 1, "normalizations": 1, "equivalences": 1, "attributes": 4,
        "notes on other lines than T and E": 1,
    }  # fmt: skip


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_other_line_ends_are_converted_with_the_offsets(end: str, tmp_path: Path) -> None:
    original = TEXT.replace("\n", end)
    start, over = original.index("early"), original.index("said")
    lines = (
        f"T1\tclaim {start} {start + 5}\tearly{end}"
        f"T2\tclaim {over} {over + 8};{over + 8 + len(end)} {over + 11 + len(end)}\tsaid no. She"
        f"{end}"
    )
    lines = lines if end == "\r\n" else lines.replace("\r", "\n")
    bundle = read(tmp_path, lines, original)
    assert (bundle.text, bundle.newline, bundle.problems) == (
        TEXT,
        "crlf" if end == "\r\n" else "cr",
        (),
    )
    quotes = [(one.runs, one.quote) for one in bundle.records]
    new = TEXT.index("early"), TEXT.index("said")
    assert quotes == [
        (((new[0], new[0] + 5),), "early"),
        (((new[1], new[1] + 12),), "said no.\nShe"),
    ]


def test_a_raw_escape_character_stays(tmp_path: Path) -> None:
    bundle = read(tmp_path, "T1\tclaim 0 8\tred\x1b[31mx\n", "red\x1b[31mx and on")
    assert (bundle.records[0].quote, bundle.records[0].flaw) == ("red\x1b[31mx", "")


def test_a_line_end_in_a_text_is_one_malformed_record(tmp_path: Path) -> None:
    bundle = read(
        tmp_path,
        "T1\tclaim 0 9\tThe mayor\n"
        "T2\tclaim 10 22\tsaid no.\nShe\n"
        "T3\tclaim 43 51\the added\n"
        "A1\tAnnotator T2 amy\n",
    )
    assert (bundle.problems, dict(bundle.left_out)) == ((), {})
    flaws = [(one.where.rpartition("/")[2], one.quote, one.flaw) for one in bundle.records]
    assert flaws == [
        ("a.ann line 1", "The mayor", ""),
        ("a.ann line 2", "said no.\nShe", "a line end in its text, which goes on in line 3"),
        ("a.ann line 4", "he added", ""),
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("T1 claim 0 3 The", "expected an annotation (its id, a tab, …)"),
        ("T1\tclaim 0 3", "expected T1, a tab, label start end"),
        ("T1\tclaim zero 3\tThe", "expected T1"),
        ("T1\tclaim 0 3;\tThe", "expected T1"),
        ("T1\tclaim 4 9;0 3\tmayor The", "fragments in the order of the text"),
        (f"T1\tclaim 0 {'9' * 5000}\tThe", "expected T1"),
        ("A1\tAnnotator T7 amy", "expected an annotation T7, found none"),
        ("#1\tAnnotatorNotes T7\tnote", "expected an annotation T7, found none"),
        ("A1\tAnnotator", "a name and an annotation"),
        ("\x00\x1b", "expected an annotation"),
        ("T2\tclaim 0 3\tThe\nT2\tdenial 4 9\tmayor", "an id of its own, found T2, as in line 2"),
    ],
)
def test_a_malformed_line_is_named_and_no_other(line: str, says: str, tmp_path: Path) -> None:
    bundle = read(tmp_path, f"T5\tclaim 10 14\tsaid\n{line}\nT6\tclaim 15 17\tno\n")
    (problem,) = bundle.problems
    number = 3 if "\nT2" in line else 2
    assert (places(bundle), says in str(problem)) == ([f"a.ann line {number}"], True), problem
    assert {"said", "no"} <= {one.quote for one in bundle.records}


def test_what_a_bad_annotation_bears_is_not_named_again(tmp_path: Path) -> None:
    bundle = read(tmp_path, "T1\tclaim zero\tThe\nA1\tAnnotator T1 amy\n#1\tAnnotatorNotes T1\tx\n")
    assert places(bundle) == ["a.ann line 1"]


def test_line_ends_written_as_spaces_are_known(tmp_path: Path) -> None:
    bundle = read(tmp_path, "T1\tclaim 10 22\tsaid no. She\n")
    assert [one.quote for one in bundle.records] == ["said no.\nShe"]


def test_a_file_is_known_by_its_content_or_by_the_text_beside_it(tmp_path: Path) -> None:
    for lines in ("", "T1\tclaim 0 3\tThe\n", "spoilt\n"):
        assert registry.detect(pair(tmp_path, lines)).name == "brat"
    (tmp_path / "no-suffix").write_text("T1\tclaim 0 3;4 9\tThe mayor\n")
    assert registry.detect(tmp_path / "no-suffix").name == "brat"


def test_without_its_text_nothing_is_read(tmp_path: Path) -> None:
    (tmp_path / "b.ann").write_text("T1\tclaim 0 3\tThe\n")
    with pytest.raises(AnnotuiError, match=r"there is no b\.txt beside it"):
        list(brat.read(tmp_path / "b.ann"))
    pair(tmp_path, "", b"\xff\xfe\x00")
    with pytest.raises(AnnotuiError, match=r"a\.txt"):
        list(brat.read(tmp_path / "a.ann"))


PIECES = st.sampled_from(
    [
        *("T1", "T2", "A1", "#1", "E1", "*", "R1", "\t", "\t", " ", " ", ";", "\n", "\n", "0", "5"),
        *("9", "claim", "Annotator", "AnnotatorNotes", "Status", "rejected", "The m", "\r", "%zz"),
        *("\ufeff", ":"),
    ]
)


@given(pieces=st.lists(PIECES, max_size=40), text=st.sampled_from([TEXT, "a\r\nb\r", "é"]))
def test_whatever_the_lines_are_they_are_read_or_named(
    pieces: list[str], text: str, tmp_path: Path
) -> None:
    bundle = read(tmp_path, "".join(pieces), text)
    for one in bundle.records:
        assert one.runs
        assert one.quote is not None
    assert all("a.ann line " in str(problem) for problem in bundle.problems)


@given(text=st.text(st.sampled_from("ab\n\t\u2028 "), min_size=1, max_size=20), data=st.data())
def test_runs_that_are_cut_are_put_together_again(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    runs = ((start, data.draw(st.integers(start + 1, len(text)))),)
    again = joined(text, cut(text, runs))
    assert cut(text, again) == cut(text, runs)
    trimmed = text[slice(*runs[0])].strip("\n\t\u2028")
    if trimmed:
        assert [text[s:e] for s, e in again] == [trimmed]
