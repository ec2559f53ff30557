"""Figures of the work: lengths, and time without the pauses."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from annotui.domain.span import Span, quote_of
from annotui.domain.stats import Act, Marked, activity, lengths, mark_counts, steps


def at(second: float, person: str = "ann", document_id: str = "") -> Act:
    moment = datetime.fromtimestamp(1_700_000_000 + second, UTC)
    return Act(person, moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z", document_id)


def test_a_pause_over_the_cut_off_begins_a_stretch() -> None:
    (found,) = activity(steps([at(0), at(60), at(360), at(661), at(700)], 300))
    assert (found.changes, found.stretches, found.seconds) == (5, 2, 60 + 300 + 39)


def test_time_belongs_to_the_person_and_to_the_day_on_which_a_pause_ends() -> None:
    midnight = 86_400 - 1_700_000_000 % 86_400
    acts = [at(midnight - 10), at(midnight + 20), at(midnight - 5, "bob"), at(midnight + 5, "bob")]
    found = {(one.person, one.day): one.seconds for one in activity(steps(acts, 60))}
    assert found == {
        ("ann", "2023-11-14"): 0,
        ("ann", "2023-11-15"): 30,
        ("bob", "2023-11-14"): 0,
        ("bob", "2023-11-15"): 10,
    }


seconds = st.lists(st.integers(0, 100_000), max_size=40)


@given(seconds, st.integers(0, 5_000), st.integers(0, 5_000))
def test_time_is_what_the_pauses_leave_of_the_whole(
    when: list[int], idle: int, longer: int
) -> None:
    acts = [at(second, document_id=str(second % 3)) for second in when]
    taken = list(steps(acts, idle))
    total = sum(step.seconds for step in taken)
    gaps = [b - a for a, b in zip(sorted(when), sorted(when)[1:], strict=False)]
    assert abs(total - sum(gap for gap in gaps if gap <= idle)) < 0.01
    assert sum(step.begins for step in taken) == (
        sum(gap > idle for gap in gaps) + 1 if when else 0
    )
    assert sum(step.seconds for step in steps(acts, idle + longer)) >= total - 0.01
    by_document = [sum(s.seconds for s in taken if s.act.document_id == d) for d in "012"]
    assert abs(sum(by_document) - total) < 0.01


TEXT = "One word … two words"


def test_a_mark_in_fragments_is_as_long_as_its_runs() -> None:
    runs = [Span(0, 8), Span(11, 20)]
    split = Marked("claim", "ann", "2024-05-01", quote_of(TEXT, runs), 2)
    assert (split.characters, split.words) == (17, 4)
    whole = Marked("claim", "ann", "2024-05-01", TEXT)
    assert (whole.characters, whole.words) == (20, 5)


@given(st.lists(st.sampled_from(("a", "a b", "a b c d e")), min_size=1))
def test_lengths_are_of_all_marks_and_of_each_label(quotes: list[str]) -> None:
    marks = [Marked(quote[-1], "ann", "2024-05-01", quote) for quote in quotes]
    found = {(one.label, one.unit): one for one in lengths(marks)}
    counts = sorted(len(quote.split()) for quote in quotes)
    every = found["", "words"]
    assert (every.marks, every.least, every.most) == (len(quotes), counts[0], counts[-1])
    assert sum(count <= every.p90 for count in counts) >= 0.9 * len(counts)
    assert sum(count < every.p90 for count in counts) < 0.9 * len(counts)
    assert sum(one.marks for key, one in found.items() if key[0] and key[1] == "words") == len(
        quotes
    )
    assert sum(one.marks for one in mark_counts(marks)) == len(quotes)
