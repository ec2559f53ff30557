"""What is typed narrows a list of annotations by label, annotator and words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotui.domain.annotation import Annotation
from annotui.domain.mark_filter import MarkFilter, with_sign

MARK = Annotation(
    annotation_id="x",
    document_id="d",
    label="claim",
    start=0,
    end=1,
    quote="Prices rose\nby 3 per cent",
    annotator="Jane Roe",
    note="By whom?",
)


@pytest.mark.parametrize(
    ("typed", "takes"),
    [
        ("", True),
        ("#", True),
        ("# @", True),
        ("#cl", True),
        ("#CL", True),
        ("#denial", False),
        ("#denial #claim", True),
        ("@jane", True),
        ("@bob", False),
        ("@bob @JANE", True),
        ("prices", True),
        ("PRICES", False),
        ("whom cent", True),
        ("whom nobody", False),
        ("#claim @bob prices", False),
        (".*", False),
    ],
)
def test_each_kind_of_word_narrows(typed: str, takes: bool) -> None:
    assert MarkFilter.parse(typed).takes(MARK) is takes


@given(st.text(max_size=30))
def test_anything_may_be_typed(typed: str) -> None:
    assert MarkFilter.parse(typed).takes(MARK) in (True, False)


def test_a_sign_takes_the_place_of_others_like_it() -> None:
    assert with_sign("rose #claim @jo", "#", "denial") == "#denial rose @jo"
    assert with_sign("rose #claim", "#", "") == "rose"
    assert with_sign("", "@", "Jane Roe") == "@Jane"
