"""Paragraphs as news agencies and papers write them: ``|`` parts clauses, ``‖`` sentences."""

from __future__ import annotations

import pytest
from segment_texts import units_of

from annotui.domain.segment import Unit

PARAGRAPHS = [
    "WASHINGTON | (AP) — | The Senate voted 52-48 on Tuesday | to confirm the nominee, | a former "
    "prosecutor | who has promised | to overhaul the agency. ‖ “I’m honored,” | Adm. Ruth K. Hale "
    "told reporters at 4 p.m. after the vote.",
    "“We are not going to stand by | while this happens,” | said Rep. Maria Lopez, | D-Texas, | "
    "who leads the committee. ‖ “The White House – | and everyone in it – | knew.”",
    "The company said | it would cut 1,200 jobs, | or 4 percent of its workforce, | because sales "
    "fell in the third quarter. ‖ Shares of Brandt & Sons Ltd. rose 3.5% to $1,250.50.",
    "Police believe the suspect, | 34, | acted alone | and are not looking for anyone else. ‖ "
    "Smith denied wrongdoing | and said | he looked forward to clearing his name in court.",
    "Asked if he would resign, | Johnson said: | “No. ‖ I have a job | to do, | and I intend | "
    "to do it.” ‖ He left at 7:30.",
    "It’s | “the worst storm in a generation”, | the Met Office said, | warning drivers | not to "
    "travel. ‖ Up to 150 mm of rain fell on 14 July.",
    "Oil prices rose as much as 3 percent | after Saudi Arabia said | it would extend its output "
    "cuts through September. ‖ U.S. drivers are paying $3.80 a gallon.",
    "The agency estimates | 3.4 million people need food aid, | of whom 1.2 million are children "
    "under five. ‖ “It is getting worse, | not better,” | said Dr. Amina Yusuf.",
    "Two of the men – | both brothers – | were arrested near the border with Poland, | prosecutors "
    "said. ‖ The third, | 17-year-old J.R.R. Kowalski, | is still at large.",
    "The government plans | to sell its stake, | which it valued at £2.1bn, | by the end of the "
    "year, | sources with knowledge of the matter said. ‖ Downing Street declined | to comment.",
    "Trump, | who has repeatedly attacked the judge, | wrote on Truth Social | that the case was "
    "a | “witch hunt”. ‖ His lawyers did not respond.",
    "According to the Guardian, | the prime minister knew of the deal in March; | Downing Street "
    "denies this. ‖ “There is no plan. ‖ There never was a plan,” | he told MPs.",
]


@pytest.mark.parametrize("paragraph", PARAGRAPHS)
def test_a_paragraph_of_news_falls_into_its_clauses(paragraph: str) -> None:
    clauses = paragraph.replace(" ‖ ", " | ").split(" | ")
    assert units_of(" ".join(clauses), Unit.CLAUSE) == clauses


@pytest.mark.parametrize("paragraph", PARAGRAPHS)
def test_a_paragraph_of_news_falls_into_its_sentences(paragraph: str) -> None:
    sentences = paragraph.replace(" | ", " ").split(" ‖ ")
    assert units_of(" ".join(sentences), Unit.SENTENCE) == sentences
