"""Random histories on the services, against what was there after each step.

Two people mark, edit, review, merge, undo and redo, over restarts. After each step the file must
be as a plain model has it; in the end undo all the way back gives the start, redo the end again.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from proof import Finding, Wanted, problems

from annotui.domain.annotation import Annotation
from annotui.domain.review import Decision, Verdict
from annotui.domain.span import Span
from annotui.errors import AnnotationError, UndoError
from annotui.services import history, merging, review
from annotui.services.session import Session
from annotui.services.workspace import Workspace
from stored_files import session_on

HISTORIES = 10_000
STEPS = (4, 18)
TEXT = (
    "Minister denies tax plan. “Never planned it,” said the minister. 👩‍👩‍👧 rose 4.5 per cent.\n"
)
LABELS = ("claim", "denial", "statistic", "attribution")

State = dict[str, tuple[object, ...]]


def prove(wanted: Wanted) -> list[Finding]:
    """As many histories as are wanted."""
    template = wanted.folder / "template.db"
    workspace = Workspace(template, "amy")
    session_on(workspace, TEXT)
    workspace.close()
    count = wanted.count(HISTORIES, 20)
    chance = wanted.chance("histories")
    faults: list[str] = []
    steps = undone = 0
    for number in range(count):
        path = wanted.folder / f"{number}.db"
        shutil.copy(template, path)
        one = History(path, random.Random(chance.random()))
        try:
            steps += one.go()
            undone += one.back_and_forth()
            faults += [f"history {number}: {problem}" for problem in problems(path)]
        except AssertionError as error:
            faults.append(f"history {number}: {error}")
        finally:
            one.close()
        for left in wanted.folder.glob(f"{number}.db*"):
            left.unlink()
    return [
        Finding(
            f"{count:,} random histories, {steps:,} steps: mark, edit, note, remove, review, "
            "merge, undo, redo, restart",
            "no difference to the model; undo all the way back is the start, redo the end again",
            f"{len(faults)} differences; {undone:,} changes taken back and done again at the ends"
            + "".join(f"; {one}" for one in faults[:3]),
            not faults,
        )
    ]


class History:
    """One file, amy's stack of states, and bob who works beside her."""

    def __init__(self, path: Path, chance: random.Random) -> None:
        self.path, self.chance = path, chance
        self.workspaces: dict[str, Workspace] = {}
        self.states: list[State] = [{}]
        """Amy's marks after each of her changes that is in force."""
        self.ahead: list[State] = []
        """What redo leads to, the next one last."""
        self.bobs = 0

    def session(self, name: str) -> Session:
        if name not in self.workspaces:
            self.workspaces[name] = Workspace(self.path, name)
        return session_on(self.workspaces[name], TEXT)

    def close(self) -> None:
        for workspace in self.workspaces.values():
            workspace.close()
        self.workspaces.clear()

    def marks(self) -> list[Annotation]:
        return [one for one in self.session("amy").annotations() if one.annotator == "amy"]

    def state(self) -> State:
        return {
            one.annotation_id: (one.label, one.runs, one.note, one.quote) for one in self.marks()
        }

    def go(self) -> int:
        """Do random steps, and compare after each."""
        steps = self.chance.randrange(*STEPS)
        for _ in range(steps):
            what = self.chance.choices(
                (self.mark, self.edit, self.undo, self.redo, self.bob, self.merge, self.restart),
                (6, 6, 4, 3, 2, 1, 1),
            )[0]
            what()
            assert self.state() == self.states[-1], f"after {what.__name__}"
        return steps

    def changed(self) -> None:
        self.states.append(self.state())
        self.ahead.clear()

    def spans(self) -> list[Span]:
        start = self.chance.randrange(0, 30)
        runs = [Span(start, start + self.chance.randrange(1, 12))]
        if self.chance.random() < 0.2:
            runs.append(Span(runs[0].end + 2, runs[0].end + 5))
        return runs

    def mark(self) -> None:
        before = len(self.states[-1])
        self.session("amy").annotate(self.spans(), self.chance.choice(LABELS))
        self.changed()
        assert len(self.states[-1]) == before + 1, "a mark is missing"

    def edit(self) -> None:
        marks = self.marks()
        if not marks:
            return
        mark, session = self.chance.choice(marks), self.session("amy")
        edits = (
            lambda: session.relabel(mark, self.chance.choice(LABELS)),
            lambda: session.move(mark, self.spans()),
            lambda: session.set_note(mark, f"note {self.chance.randrange(9)}"),
            lambda: session.remove(mark),
        )
        try:
            self.chance.choice(edits)()
        except AnnotationError:  # it is so already
            return
        self.changed()

    def undo(self) -> None:
        if len(self.states) == 1:
            return
        try:
            history.undo(self.session("amy").workspace)
        except history.BuiltOnError:  # bob decided on it
            return
        self.ahead.append(self.states.pop())

    def redo(self) -> None:
        if not self.ahead:
            return
        try:
            history.redo(self.session("amy").workspace)
        except UndoError:
            return
        self.states.append(self.ahead.pop())

    def bob(self) -> None:
        """Bob marks, or decides on one of amy's."""
        session, marks = self.session("bob"), self.marks()
        if marks and self.chance.random() < 0.3:
            decide(session.workspace, self.chance.choice(marks), self.chance)
        else:
            session.annotate(self.spans(), "denial")
            self.bobs += 1

    def merge(self) -> None:
        """A copy goes to bob, who marks in it; it comes back."""
        other = self.path.with_name(self.path.name + ".other")
        self.close()
        shutil.copy(self.path, other)
        workspace = Workspace(other, "bob")
        session_on(workspace, TEXT).annotate(self.spans(), "statistic")
        self.bobs += 1
        workspace.close()
        merging.merge(
            self.session("amy").workspace, [other], merging.How(), lambda _done, _total: None
        )
        other.unlink()
        of_bob = [one for one in self.session("amy").annotations() if one.annotator == "bob"]
        assert len(of_bob) == self.bobs, "bob's marks differ"

    def restart(self) -> None:
        self.close()

    def back_and_forth(self) -> int:
        """Undo to the start and redo to the end, unless bob has decided on something."""
        end, done = self.states[-1], 0
        workspace = self.session("amy").workspace
        for state in reversed(self.states[:-1]):
            try:
                history.undo(workspace)
            except history.BuiltOnError:
                break
            done += 1
            assert self.state() == state, "undo all the way back"
        for _ in range(done):
            history.redo(workspace)
        assert self.state() == end, "redo to the end"
        return done


def decide(workspace: Workspace, mark: Annotation, chance: random.Random) -> None:
    review.decide(workspace, mark, Verdict(chance.choice(list(Decision))))
