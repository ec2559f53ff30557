"""A corpus in brat form comes in and goes out as it is, and what is wrong in it is named."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_program import Annotui, Ran, rows

from annotui.formats import brat
from annotui.formats.exchange import Bundle
from brat_corpus import ESCAPE, LABELS, Corpus, make, text_bound

COUNT = "SELECT count(*) FROM annotations"
NAMED = re.compile(r"^annotui: corpus/(\S+ line \d+): expected .+, found .+$", re.MULTILINE)


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Corpus]:
    folder = tmp_path_factory.mktemp("corpora")
    return {
        "right": make(folder / "right", 12, 40),
        "malformed": make(folder / "malformed", 12, 40, malformed=4),
        "tenth": make(folder / "tenth", 12, 40, wrong=0.1),
    }


def taken_in(annotui: Annotui, corpus: Corpus, *options: str) -> Ran:
    if not Path("corpus").exists():
        shutil.copytree(corpus.folder, "corpus")
    return annotui("import", "corpus", "--annotator", "Amy Ito", *options)


def test_a_corpus_comes_out_line_for_line(annotui: Annotui, corpora: dict[str, Corpus]) -> None:
    corpus = corpora["right"]
    ran = taken_in(annotui, corpus)
    assert (ran.code, ran.err) == (0, "480 annotations imported, 12 documents added.\n")
    assert corpus.discontinuous >= 12 * 5
    assert annotui("export", "--format", "brat", "-o", "out").code == 0
    for name, lines in corpus.lines.items():
        assert text_bound(Path("out") / name) == lines == text_bound(Path("corpus") / name)
        text = Path(name).with_suffix(".txt").name
        assert (Path("out") / text).read_bytes() == (Path("corpus") / text).read_bytes()
    escaped = (Path("out") / "news_0001.ann").read_bytes().decode()
    assert ESCAPE in escaped.split("\n")[0]
    assert annotui("verify").code == 0
    entities = Path("out/annotation.conf").read_text().partition("[relations]")[0].split()
    assert entities == ["[entities]", *LABELS]


def test_a_second_import_changes_nothing(annotui: Annotui, corpora: dict[str, Corpus]) -> None:
    taken_in(annotui, corpora["right"])
    before = Path("annotations.db").read_bytes()
    assert taken_in(annotui, corpora["right"]).err == (
        "0 annotations imported, 480 there already.\n"
    )
    assert Path("annotations.db").read_bytes() == before


def test_exactly_the_malformed_records_are_named(
    annotui: Annotui, corpora: dict[str, Corpus]
) -> None:
    corpus = corpora["malformed"]
    ran = taken_in(annotui, corpus)
    assert sorted(NAMED.findall(ran.err)) == sorted(corpus.wrong)
    assert (ran.code, "4 files refused" in ran.err, "\x1b" in ran.err) == (3, True, False)
    bad = {where.partition(" ")[0] for where in corpus.wrong}
    whole = sum(len(lines) for name, lines in corpus.lines.items() if name not in bad)
    assert rows(Path("annotations.db"), COUNT) == [(whole,)]
    ran = taken_in(annotui, corpus, "--skip-bad")
    assert (ran.code, len(NAMED.findall(ran.err))) == (3, 4)
    assert rows(Path("annotations.db"), COUNT) == [(corpus.right,)]
    ran = taken_in(annotui, corpus, "--re-anchor")
    assert "4 of them found again by the quote" in ran.err
    assert (ran.code, rows(Path("annotations.db"), COUNT)) == (0, [(corpus.right + 4,)])
    assert annotui("verify").code == 0


def test_a_tenth_that_disagrees_is_reported_line_by_line(
    annotui: Annotui, corpora: dict[str, Corpus]
) -> None:
    corpus = corpora["tenth"]
    assert 30 < len(corpus.wrong) < 70
    ran = taken_in(annotui, corpus, "--skip-bad")
    assert sorted(NAMED.findall(ran.err)) == sorted(corpus.wrong)
    assert ran.code == 3
    assert f"{corpus.right} annotations imported" in ran.err
    assert f"{len(corpus.wrong)} bad records left out" in ran.err
    assert rows(Path("annotations.db"), COUNT) == [(corpus.right,)]


def test_an_import_of_a_corpus_can_be_interrupted_and_goes_on(
    annotui: Annotui, corpora: dict[str, Corpus], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = brat.read

    def interrupted(path: Path) -> Iterator[Bundle]:
        if path.name == "news_0007.ann":
            raise KeyboardInterrupt
        return read(path)

    with monkeypatch.context() as patched:
        patched.setattr(brat, "read", interrupted)
        ran = taken_in(annotui, corpora["right"])
    assert (ran.code, "Interrupted." in ran.err) == (130, True)
    if Path("annotations.db").exists():
        assert annotui("verify").code == 0
    assert taken_in(annotui, corpora["right"]).code == 0
    assert rows(Path("annotations.db"), COUNT) == [(480,)]
    assert annotui("verify").code == 0


def test_a_pipe_in_a_corpus_is_refused_and_the_rest_comes_in(
    annotui: Annotui, corpora: dict[str, Corpus]
) -> None:
    shutil.copytree(corpora["right"].folder, "corpus")
    late = Path("corpus") / "news_0007.ann"
    late.unlink()
    os.mkfifo(late)
    ran = taken_in(annotui, corpora["right"])
    assert ran.code == 3
    assert "news_0007.ann is not a regular file" in ran.err
    assert rows(Path("annotations.db"), COUNT) == [(440,)]
    assert annotui("import", str(late)).code == 1


def test_fragments_that_moved_are_found_again_by_their_text(annotui: Annotui) -> None:
    text = "“We will not pay,” said the mayor of the town, “and nobody else will.”\n"
    Path("a.txt").write_text(f"A new headline\n\n{text}")
    Path("a.ann").write_text("T1\tclaim 0 18;47 70\t“We will not pay,” “and nobody else will.”\n")
    ran = annotui("import", "a.ann")
    assert (ran.code, "a.ann line 1: expected '“We will not pay,” “and" in ran.err) == (1, True)
    assert annotui("import", "a.ann", "--re-anchor").code == 0
    found = rows(Path("annotations.db"), "SELECT quote, fragments FROM annotations")
    assert found == [("“We will not pay,” … “and nobody else will.”", "[[16,34],[63,86]]")]


def test_labels_of_a_corpus_are_refused_added_or_mapped(annotui: Annotui) -> None:
    Path("a.txt").write_text("The mayor said no.\n")
    Path("a.ann").write_text("T1\tPerson 4 9\tmayor\nT2\tSaid 10 14\tsaid\nE1\tSaid:T2 Who:T1\n")
    ran = annotui("import", ".")
    assert (ran.code, "Person (1), Said (1)" in ran.err) == (1, True)
    ran = annotui("import", ".", "--add-labels", "--map", "Said=attribution")
    assert (ran.code, "1 events left out" in ran.err) == (3, True)
    found = rows(Path("annotations.db"), "SELECT label, quote FROM annotations ORDER BY start")
    assert found == [("Person", "mayor"), ("attribution", "said")]


def test_a_text_or_a_folder_without_its_other_half_is_told_in_words(annotui: Annotui) -> None:
    Path("a.txt").write_text("The mayor said no.\n")
    ran = annotui("import", "a.txt", "--format", "brat")
    assert (ran.code, "a.txt has no text: there is no a.txt beside it" in ran.err) == (1, True)
