"""Clauses of news prose; ``|`` in an example stands where one ends and the next begins."""

from __future__ import annotations

import pytest
from segment_texts import SEED_ARTICLE, units_of

from annotui.domain.segment import Unit

EXAMPLES = [
    "“X,” | said Trump, | “Y.”",
    "“The media, | both Russian and foreign, | are confused,” | he added.",
    "He left | before accusing them of | “not understanding | where the truth is”.",
    "The Kremlin and Chechen government have both repeatedly denied allegations | "
    "that gay men are being detained and tortured in the region.",
    "Ramzan then went on to state that | “they have never had the idea | to come.”",
    "Novaya Gazetta – | who initially reported the deaths – | has now said | that that total rose.",
    "The site – | bought for $3,200,000 in 2009 – | isn’t for sale, | but he didn’t rule it out.",
    "The union | (founded on May 26, 2017, | in St. Paul) | agreed; | nobody else did.",
    "Police say | 12 people were hurt | after a truck hit the crowd.",
    "He told reporters | he would not resign | unless the party asked him | to do so.",
    "Officials said | they believed | Russia was behind it | and that Trump had encouraged it.",
    "Mr. Trump said on Thursday | he would accept it | “if I win,” | drawing rebukes.",
    "The White House said Tuesday | the state’s 12-acre site was sold.",
    "He claimed | that leaders and media outlets are using the reports | to distract people.",
    "It came from a woman | to whom he had spoken | when he was in office.",
    "According to the report, | unemployment fell to 4.3 percent in May.",
    "He sees it as well as anyone and went to Moscow.",
    "Nothing but the truth will do.",
    "He met the U.S.-led group or Ahmed and his united party.",
    "The 17-year-old male was pushed from a 9th floor balcony by his own uncle.",
    "„Das ist gut“, | sagte er.",
    "It was late – | too late -- | for him.",
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_clauses_begin_where_an_annotator_would_begin(example: str) -> None:
    clauses = example.split(" | ")
    assert units_of(" ".join(clauses), Unit.CLAUSE) == clauses


def test_clauses_need_no_spaces() -> None:
    assert units_of("It was late—too late—for him.", Unit.CLAUSE) == [
        *["It was late—", "too late—", "for him."]
    ]
    assert units_of("「行く。」と言った、彼は。", Unit.CLAUSE) == [
        "「行く。」",
        "と言った、",
        "彼は。",
    ]


def test_an_opening_word_alone_makes_no_clause() -> None:
    assert units_of("He said that, in fact, those who left were right.", Unit.CLAUSE) == [
        *["He said that,", "in fact,", "those who left were right."]
    ]


def test_an_apostrophe_is_no_edge() -> None:
    assert units_of("The workers’ leaders don’t like ’em.", Unit.CLAUSE) == [
        "The workers’ leaders don’t like ’em."
    ]


def test_the_attributions_of_the_seed_article_are_clauses() -> None:
    clauses = [clause.rstrip(",.") for clause in units_of(SEED_ARTICLE, Unit.CLAUSE)]
    assert {"he said", "he added", "The Chechen president claimed"} <= set(clauses)
    assert "that gay men are being detained and tortured in the region" in clauses
    assert "a 17-year-old male was pushed from a 9th floor balcony by his own uncle" in clauses
