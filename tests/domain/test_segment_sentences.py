"""Sentences of news prose; ``|`` in an example stands where one ends and the next begins."""

from __future__ import annotations

import pytest
from segment_texts import SEED_ARTICLE, units_of

from annotui.domain.segment import Unit

EXAMPLES = [
    "He left. | She stayed! | Did they meet? | Nobody knows.",
    "“Is it true?” he asked. | “No,” said Gov. J. B. Pritzker. | “It isn’t.”",
    "“Is it true?” Trump asked. | He then left.",
    "“No!” Sen. Ted Cruz said. | “Stop it!” | The crowd cheered.",
    "“We know. | We have always known,” he added.",
    "“The media, both Russian and foreign, are confused,” he added, before accusing them of "
    "“not understanding where the truth is”. | Ramzan then went on.",
    "The U.S. Senate met at 5 p.m. Tuesday. | It adjourned at 6 p.m. | Police said nothing.",
    "He works for Acme Inc. | The company, founded in Jan. 2003, earned $3.2m.",
    "She was born in Washington, D.C. | In 1990 she moved to St. Louis.",
    "Mr. Smith vs. Mrs. Jones was decided on Dec. 5. | No. 10 declined. | No. | It did not.",
    "“Objection!” said the lawyer, P. J. Novak. | He stood 6 ft. 2 in. in his shoes.",
    "It was in Proc. Natl. Acad. Sci. on Monday. | It closed in Salem, Ore. | About 40 lost jobs.",
    "See p. 4. | The book has 12 pp. | Nobody read them.",
    "George W. Bush met Lt. Gov. Dan Patrick. | They talked about Texas.",
    "He has lived in the U.S. | He never voted.",
    "Prices rose by 3.5 percent to $1,250.50. | 30 people died.",
    "The crowd – some 1,250 by one count! – cheered. | What now? | Nobody knows...",
    "Then ... nothing. | I… I don’t know. | He was tall… | Trump was not.",
    "The bill passed 51-49.[1] | “It’s a start,” Sen. Warren tweeted. | (She did.) | He left.",
    "Who (or what!) did it? | Read more on Gay Times. | Read it.",
    "„Das ist gut.“ | Er ging. | «C’est fini!» dit-il.",
    "「行く。」と言った。 | 今日は、いい天気だ。 | そうか？",
    "كيف حالك؟ | أنا بخير.",
    "1. First item here. | 2. Second item.",
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_sentences_end_where_a_reader_would_say(example: str) -> None:
    wide = "。" in example
    sentences = example.split(" | ")
    text = ("" if wide else " ").join(sentences)
    assert units_of(text, Unit.SENTENCE) == sentences


def test_a_full_stop_without_a_space_ends_a_sentence_but_not_in_an_address() -> None:
    text = "It was published on Gay Times.Read the original at www.Some.Site.org now."
    assert units_of(text, Unit.SENTENCE) == [
        "It was published on Gay Times.",
        "Read the original at www.Some.Site.org now.",
    ]


def test_a_hard_line_break_does_not_end_a_sentence() -> None:
    text = (
        "The Kremlin and the Chechen government in\nGrozny have both repeatedly denied allegations"
        "\nthat gay men are being detained and\nTortured in the region."
    )
    assert units_of(text, Unit.SENTENCE) == [text]


def test_a_short_line_above_its_paragraph_is_a_sentence() -> None:
    text = (
        "Kremlin denies claims\nBy John Smith\n"
        "The Kremlin on Tuesday denied that it had anything to do with the attack on its critic."
    )
    assert units_of(text, Unit.SENTENCE) == text.split("\n")


def test_bullets_are_sentences() -> None:
    text = "What we know:\n• two men were held\n• one was freed"
    assert units_of(text, Unit.SENTENCE) == text.split("\n")


def test_the_seed_article() -> None:
    sentences = units_of(SEED_ARTICLE, Unit.SENTENCE)
    assert len(sentences) == 16
    assert sentences[1].startswith("“It’s funny")
    assert sentences[1].endswith("attractive,” he said.")
    assert sentences[-2:] == [
        "This article was originally published on Gay Times.",
        "Read the original article.",
    ]
