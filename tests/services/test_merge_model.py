"""Random histories of three files: merging is a union, whatever the order."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from itertools import permutations
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from annotui.domain.merging import Prefer
from annotui.domain.span import Span
from annotui.errors import AnnotationError, ConfigError, DocumentError, UndoError
from annotui.services import history, library, upkeep
from annotui.services.merging import CircleError, UndecidedError
from annotui.services.session import Session
from annotui.services.workspace import Workspace
from merged_files import contents, copied, merge
from stored_files import TEXT, session_on, write_review

TEXTS = (TEXT, "Another text, with 20 per cent of everything.\n", "Third: « oui ».\n\n非常に。")
PEOPLE = ("amy", "bob")
FILES = ("a", "b", "c")

STEP = st.tuples(
    st.sampled_from(FILES),
    st.sampled_from(PEOPLE),
    st.sampled_from(
        ["annotate"] * 3
        + ["relabel", "note", "move", "remove", "undo", "redo", "review", "review"]
        + ["remove document", "rename", "fork", "merge"]
    ),
    st.integers(0, 2),
    st.integers(0, 8),
)
HISTORIES = st.tuples(st.booleans(), st.lists(STEP, min_size=4, max_size=24))


def work(folder: Path, history_of: tuple[bool, list[tuple[str, str, str, int, int]]]) -> list[Path]:
    """Three files, with a common beginning or each by itself, after the steps."""
    have_common_beginning, steps = history_of
    paths = [folder / f"{name}.db" for name in FILES]
    begin(paths[0], 0)
    for path in paths[1:]:
        if have_common_beginning:
            shutil.copy(paths[0], path)
        else:
            begin(path, 0)
    for name, person, what, number, choice in steps:
        path = folder / f"{name}.db"
        if what == "fork":
            shutil.copy(paths[number], folder / "fork.db")
            (folder / "fork.db").replace(path)
        elif what == "merge":
            if paths[number] != path:
                with suppress(CircleError):
                    merge(path, paths[number], prefer=Prefer.NEWEST, annotator=person)
        else:
            workspace = Workspace(path, person)
            try:
                step(workspace, what, number, choice)
            except (AnnotationError, ConfigError, UndoError, DocumentError):
                pass  # there is nothing to do that to, or it is so already
            finally:
                workspace.close()
    return paths


def begin(path: Path, number: int) -> None:
    workspace = Workspace(path, "amy")
    session_on(workspace, TEXTS[number]).annotate([Span(0, 5)], "claim")
    workspace.close()


def step(workspace: Workspace, what: str, number: int, choice: int) -> None:
    if what in ("undo", "redo"):
        getattr(history, what)(workspace)
        return
    if what == "rename":
        upkeep.rename_annotator(workspace, PEOPLE[number % 2], f"name {choice % 3}")
        return
    session = session_on(workspace, TEXTS[number])
    if what == "remove document":
        library.remove(workspace, session.document.document_id)
    elif what == "annotate":
        session.annotate([Span(choice, choice + 3)], "denial")
    else:
        edit(workspace, session, what, choice)


def edit(workspace: Workspace, session: Session, what: str, choice: int) -> None:
    marks = sorted(session.annotations(), key=lambda mark: mark.annotation_id)
    if not marks:
        return
    mark = marks[choice % len(marks)]
    if what == "review":
        write_review(workspace, mark, ("accepted", "rejected", "unsure")[choice % 3])
    elif what == "relabel":
        session.relabel(mark, ("claim", "denial", "statistic")[choice % 3])
    elif what == "note":
        session.set_note(mark, f"note {choice % 2}")
    elif what == "move":
        session.move(mark, [Span(choice, choice + 2)])
    else:
        session.remove(mark)


@settings(max_examples=30)
@given(HISTORIES)
def test_in_every_order_the_same_comes_out(
    history_of: tuple[bool, list[tuple[str, str, str, int, int]]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = work(Path(folder), history_of)
        outcomes = []
        for number, (one, two, three) in enumerate(permutations(paths)):
            target = copied(one, f"in-turn-{number}.db")
            try:
                merge(target, two, prefer=Prefer.NEWEST)
                merge(target, three, prefer=Prefer.NEWEST)
                pair, other = copied(two, f"pair-{number}.db"), copied(one, f"other-{number}.db")
                merge(pair, three, prefer=Prefer.NEWEST)
                merge(other, pair, prefer=Prefer.NEWEST)
            except CircleError:
                return
            outcomes += [contents(target), contents(other)]
            before = target.read_bytes()
            assert all(merged.is_nothing for merged in merge(target, one, two, three))
            assert target.read_bytes() == before
        assert all(outcome == outcomes[0] for outcome in outcomes)


@settings(max_examples=30)
@given(HISTORIES, st.sampled_from(Prefer))
def test_a_merged_file_merged_back_makes_both_the_same(
    history_of: tuple[bool, list[tuple[str, str, str, int, int]]], prefer: Prefer
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        mine, theirs, _ = work(Path(folder), history_of)
        try:
            merge(mine, theirs, prefer=prefer)
        except CircleError:
            return
        merge(theirs, mine)
        assert contents(mine) == contents(theirs)
        assert all(merged.is_nothing for merged in merge(mine, theirs))


@settings(max_examples=20)
@given(HISTORIES)
def test_what_is_not_decided_changes_nothing(
    history_of: tuple[bool, list[tuple[str, str, str, int, int]]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        mine, theirs, _ = work(Path(folder), history_of)
        before, other = mine.read_bytes(), theirs.read_bytes()
        try:
            merge(mine, theirs)
        except (UndecidedError, CircleError):
            assert mine.read_bytes() == before
        assert theirs.read_bytes() == other
