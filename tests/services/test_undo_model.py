"""Random work of two people at three documents, with undo and restarts, against a plain model."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from annotui.domain.annotation import Annotation
from annotui.domain.span import Span
from annotui.errors import AnnotationError, UndoError
from annotui.services import history, upkeep
from annotui.services.session import Session
from annotui.services.workspace import Workspace
from stored_files import TEXT, session_on

Mark = dict[str, object]
World = dict[str, Mark]


class Annotating(RuleBasedStateMachine):
    """Two people at three documents, against a plain model: what is there, and two stacks each."""

    names = ("amy", "bob")
    texts = (TEXT, "Another text, with 20 per cent of everything.", "Third: « oui ».\n\n非常に。")
    spans = st.lists(
        st.tuples(st.integers(0, 9), st.integers(1, 4)).map(lambda s: Span(s[0], s[0] + s[1])),
        min_size=1,
        max_size=3,
    )

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.workspaces: dict[str, Workspace] = {}
        self.world: World = {}
        self.shown = {name: name for name in self.names}
        self.done: dict[str, list[tuple[str, Mark | None, Mark]]] = {n: [] for n in self.names}
        self.undone: dict[str, list[tuple[str, Mark | None, Mark]]] = {n: [] for n in self.names}

    @initialize()
    def begin(self) -> None:
        for text in self.texts:
            session_on(self.workspace("amy"), text)

    def workspace(self, name: str) -> Workspace:
        if name not in self.workspaces:
            self.workspaces[name] = Workspace(self.folder / "a.db", name)
        return self.workspaces[name]

    def session(self, name: str, number: int) -> Session:
        return session_on(self.workspace(name), self.texts[number])

    def own(self, data: st.DataObject, name: str) -> tuple[Session, Annotation] | None:
        own = [key for key, mark in self.world.items() if mark["by"] == name and not mark["gone"]]
        if not own:
            return None
        key = data.draw(st.sampled_from(sorted(own)))
        session = self.session(name, int(str(self.world[key]["in"])))
        return session, next(a for a in session.annotations() if a.annotation_id == key)

    def changed(self, name: str, key: str, after: Mark) -> None:
        self.done[name].append((key, self.world.get(key), after))
        self.undone[name].clear()
        self.world[key] = after

    @rule(
        name=st.sampled_from(names),
        number=st.integers(0, 2),
        runs=spans,
        label=st.sampled_from(["claim", "denial"]),
    )
    def annotate(self, name: str, number: int, runs: list[Span], label: str) -> None:
        (mark,) = self.session(name, number).annotate(runs, label).after
        self.changed(
            name,
            mark.annotation_id,
            {
                "by": name,
                "in": number,
                "label": label,
                "runs": mark.runs,
                "note": "",
                "gone": False,
            },
        )

    @rule(
        data=st.data(),
        name=st.sampled_from(names),
        how=st.sampled_from(["relabel", "move", "note", "remove"]),
        label=st.sampled_from(["claim", "denial", "statistic"]),
        note=st.text(max_size=5).map(str.strip).filter(lambda note: "\0" not in note),
        runs=spans,
    )
    def edit(
        self, data: st.DataObject, name: str, how: str, label: str, note: str, runs: list[Span]
    ) -> None:
        own = self.own(data, name)
        if own is None:
            return
        session, mark = own
        edits: dict[str, Callable[[], history.Outcome]] = {
            "relabel": lambda: session.relabel(mark, label),
            "move": lambda: session.move(mark, runs),
            "note": lambda: session.set_note(mark, note),
            "remove": lambda: session.remove(mark),
        }
        try:
            (after,) = edits[how]().after
        except AnnotationError:  # it is so already
            return
        self.changed(
            name,
            mark.annotation_id,
            {
                **self.world[mark.annotation_id],
                "label": after.label,
                "runs": after.runs,
                "note": after.note,
                "gone": how == "remove",
            },
        )

    @rule(name=st.sampled_from(names), times=st.integers(1, 4))
    def undo(self, name: str, times: int) -> None:
        for _ in range(times):
            if not self.done[name]:
                with pytest.raises(UndoError):
                    history.undo(self.workspace(name))
                return
            key, before, after = self.done[name].pop()
            history.undo(self.workspace(name))
            self.undone[name].append((key, before, after))
            self.world[key] = before or {**after, "gone": True}

    @rule(name=st.sampled_from(names), times=st.integers(1, 4))
    def redo(self, name: str, times: int) -> None:
        for _ in range(times):
            if not self.undone[name]:
                with pytest.raises(UndoError):
                    history.redo(self.workspace(name))
                return
            key, before, after = self.undone[name].pop()
            history.redo(self.workspace(name))
            self.done[name].append((key, before, after))
            self.world[key] = after

    @rule(name=st.sampled_from(names), number=st.integers(0, 3))
    def rename(self, name: str, number: int) -> None:
        new = f"{name} {number}"
        if self.shown[name] != new and any(m["by"] == name for m in self.world.values()):
            chief = Workspace(self.folder / "a.db", "chief")
            upkeep.rename_annotator(chief, self.shown[name], new)
            self.shown[name] = new

    @rule(name=st.sampled_from(names))
    def open_again(self, name: str) -> None:
        if name in self.workspaces:
            self.workspaces.pop(name).close()

    @invariant()
    def the_file_is_as_the_model(self) -> None:
        if not self.workspaces:
            return
        stored = {
            annotation.annotation_id: annotation
            for number in range(len(self.texts))
            for annotation in self.session("bob", number).annotations()
        }
        there = {key: mark for key, mark in self.world.items() if not mark["gone"]}
        assert stored.keys() == there.keys()
        for key, mark in there.items():
            found = stored[key]
            assert (found.label, found.runs, found.note) == (
                *(mark["label"], mark["runs"], mark["note"]),
            )
            assert found.annotator == self.shown[str(mark["by"])]

    def teardown(self) -> None:
        if self.workspaces:
            assert upkeep.verify(self.workspace("amy")).problems == ()
        for workspace in self.workspaces.values():
            workspace.close()
        shutil.rmtree(self.folder)


TestAnnotating = Annotating.TestCase
TestAnnotating.settings = settings(
    settings.default, max_examples=50, stateful_step_count=40, derandomize=True, deadline=None
)
