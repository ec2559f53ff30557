"""Quotations: which marks belong together, over sentences and paragraphs."""

from __future__ import annotations

import pytest
from segment_texts import SEED_ARTICLE, units_of

from annotui.domain.quotations import quote_marks
from annotui.domain.segment import Segmenter, Unit


@pytest.mark.parametrize(
    ("text", "quotations"),
    [
        ("“X,” said Trump, “Y.”", ["“X,”", "“Y.”"]),
        ('"X," he said. "It was 6\'2" tall."', ['"X,"', '"It was 6\'2"']),
        ('He stood 6\'2" tall and said "no".', ['"no"']),
        ("It's the 'best' of 'em, and the '90s' dogs' tails.", ["'best'"]),
        ("It’s ‘the best’ of ’em, the dogs’ tails of the ’90s.", ["‘the best’"]),
        ("'It's the dogs' fault,' he said.", ["'It's the dogs' fault,'"]),
        ("‘The unions’ case fell,’ said the workers’ leader.", ["‘The unions’ case fell,’"]),
        ("He saw ‘no deals’ today, and ‘no winners’ either.", ["‘no deals’", "‘no winners’"]),
        (
            "„Er sagte ‚ja‘, »nein ›doch‹«.“",
            ["„Er sagte ‚ja‘, »nein ›doch‹«.“", "‚ja‘", "»nein ›doch‹«", "›doch‹"],
        ),
        ("« Oui ‹ non › oui », dit-elle.", ["« Oui ‹ non › oui »", "‹ non ›"]),
        ("“He told me ‘no’ twice,” she said.", ["“He told me ‘no’ twice,”", "‘no’"]),
        ("‘I heard “nobody” say it,’ she said.", ["‘I heard “nobody” say it,’", "“nobody”"]),
        ("„Das ist gut“, sagte er. »Nein«, rief sie.", ["„Das ist gut“", "»Nein«"]),
        ("„Er sagte ‚ja‘ dazu“, sagte er.", ["„Er sagte ‚ja‘ dazu“", "‚ja‘"]),
        ("« Oui », dit-il. «Non».", ["« Oui »", "«Non»"]),
        ("『彼は「はい」と言った』。", ["『彼は「はい」と言った』", "「はい」"]),
        ("《人民日报》说：「他说『是』。」", ["《人民日报》", "「他说『是』。」", "『是』"]),
        ("”Ja”, sa han.", ["”Ja”"]),
        ("Don't, won’t, the dogs' and the cats’ tails.", []),
        ("A stray ” mark and a stray » one.", []),
    ],
)
def test_marks_that_belong_together(text: str, quotations: list[str]) -> None:
    assert units_of(text, Unit.QUOTATION) == quotations


def test_the_innermost_quotation_is_found_at_each_offset() -> None:
    text = "Yes. “He told me ‘no’ twice,” she said."
    segmenter = Segmenter(text)

    def quotation_at(word: str) -> str | None:
        span = segmenter.at(Unit.QUOTATION, text.index(word))
        return span.slice(text) if span else None

    assert quotation_at("no") == "‘no’"
    assert quotation_at("twice") == "“He told me ‘no’ twice,”"
    assert quotation_at("”") == "“He told me ‘no’ twice,”"
    assert quotation_at("Yes") is None
    assert quotation_at(" she") is None


def test_a_quotation_runs_over_sentences() -> None:
    text = "He said: “It is true. It always was. We knew.” Then he left."
    assert units_of(text, Unit.QUOTATION) == ["“It is true. It always was. We knew.”"]


PARAGRAPHS = (
    "He said: “The first.\n\n“The ‘second’.\n\n“The third.” And he left.\n\nNothing “more” here."
)


def test_a_quotation_runs_over_paragraphs_that_open_with_a_mark() -> None:
    segmenter = Segmenter(PARAGRAPHS)
    whole = PARAGRAPHS[PARAGRAPHS.index("“The first") : PARAGRAPHS.index(" And")]
    for word in ("first", "“The ‘", "The ‘", "third"):
        span = segmenter.at(Unit.QUOTATION, PARAGRAPHS.index(word))
        assert span is not None
        assert span.slice(PARAGRAPHS) == whole
    assert units_of(PARAGRAPHS, Unit.QUOTATION) == [whole, "‘second’", "“more”"]


def test_a_quotation_over_paragraphs_is_matched_when_spans_are_trimmed() -> None:
    segmenter = Segmenter(PARAGRAPHS)
    whole = segmenter.at(Unit.QUOTATION, PARAGRAPHS.index("first"))
    assert whole is not None
    assert segmenter.trim(whole) == whole


@pytest.mark.parametrize("mark", ["“", '"', "«", "„"])
def test_a_quotation_that_nobody_closes_ends_with_its_paragraph(mark: str) -> None:
    text = f"He said: {mark}It goes on. And on.\n\nA new paragraph.\n\nAnd one more."
    assert units_of(text, Unit.QUOTATION) == [f"{mark}It goes on. And on."]


def test_paragraphs_that_all_open_and_never_close_stay_apart() -> None:
    assert units_of("“One.\n\n“Two.\n\nThree.", Unit.QUOTATION) == ["“One.", "“Two."]


def test_a_very_long_chain_of_paragraphs_is_treated_alike_at_every_offset() -> None:
    text = "\n\n".join(["“Once more."] * 90) + "\n\n“The end.”"
    segmenter = Segmenter(text)
    spans = {segmenter.at(Unit.QUOTATION, offset) for offset in range(0, len(text), 13)}
    assert {span and span.slice(text) for span in spans} <= {"“Once more.", "“The end.”", None}


def test_a_closing_mark_takes_singles_that_stayed_open_for_apostrophes() -> None:
    marks = quote_marks("“rock ‘n roll” and ‘more”")
    assert marks.pairs == [(0, 13)]


def test_the_seed_article() -> None:
    quotations = units_of(SEED_ARTICLE, Unit.QUOTATION)
    assert len(quotations) == 6
    assert quotations[2:] == [
        "“not understanding where the truth is”",
        "“they have never had the idea to come and see everything themselves.”",
        "“consistent”",
        "“numerous trusted sources”",
    ]
