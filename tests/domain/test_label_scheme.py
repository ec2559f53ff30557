"""The labels that come with annotui, and how a wrong one is refused."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from annotui.domain.label_scheme import PLAIN_COLOUR, PLAIN_GLYPH, default_scheme, drawable
from annotui.errors import LabelError


def test_the_default_labels_are_the_four_with_their_keys() -> None:
    scheme = default_scheme()
    assert [(label.name, label.key) for label in scheme] == [
        *(("claim", "c"), ("denial", "d"), ("statistic", "s"), ("attribution", "a")),
    ]
    assert len(scheme) == 4


def test_every_default_label_can_be_shown_and_explained() -> None:
    labels = list(default_scheme())
    assert len({label.glyph for label in labels}) == len({label.colour for label in labels}) == 4
    for label in labels:
        assert len(label.glyph) == 1
        assert re.fullmatch("#[0-9a-f]{6}", label.colour)
        assert len(label.guideline) > 100
        assert "\n" not in label.guideline
        assert re.search(r"\[.+\]", label.example)


def test_a_label_is_found_by_its_exact_name() -> None:
    scheme = default_scheme()
    assert scheme.get("claim").name == "claim"
    assert "claim" in scheme
    assert "Claim" not in scheme


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("clam", "Did you mean 'claim'?"),
        ("Denial", "Did you mean 'denial'?"),
        ("STATISTICS", "Did you mean 'statistic'?"),
        ("zzz", "There is no label 'zzz'. The labels are: claim, denial, statistic, attribution."),
        ("", "There is no label ''. The labels are"),
    ],
)
def test_an_unknown_label_is_refused_with_the_near_one(name: str, words: str) -> None:
    with pytest.raises(LabelError) as caught:
        default_scheme().get(name)
    assert words in str(caught.value)
    assert str(caught.value).endswith("Nothing was done.")


def test_a_colour_or_glyph_that_another_program_wrote_is_always_drawable() -> None:
    label = default_scheme().labels[0]
    assert drawable(label) == label
    for odd in ("", "\x1b[31m", "👩‍👩‍👧", "ab", "\u202e", " ", "界", "#12345", "red"):
        drawn = drawable(replace(label, colour=odd, glyph=odd))
        assert (drawn.colour, drawn.glyph) == (PLAIN_COLOUR, PLAIN_GLYPH), odd
