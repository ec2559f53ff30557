"""Undo, redo and the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from annotui.domain.annotation import Annotation
from annotui.domain.change import Change, ChangeKind
from annotui.errors import UndoError
from annotui.services.session import Outcome
from annotui.services.workspace import Workspace
from annotui.storage import annotations as stored_annotations
from annotui.storage import history, labels, people
from annotui.storage.versioned import current_row, update_row

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

_NOT_CONTENT = {"version", "updated_at"}


class BuiltOnError(UndoError):
    """Somebody has built on the change; ``change_id`` names it, so that it can be passed over.

    How to pass over it is for the front end to say.
    """

    def __init__(self, message: str, change_id: str) -> None:
        super().__init__(message)
        self.change_id = change_id


def undo(workspace: Workspace, *, passing_over: str = "") -> Outcome:
    """Take back the annotator's newest change, in whichever document it was.

    ``passing_over`` is the id of a change that an earlier call refused to take back.

    Raises:
        UndoError: when there is nothing to undo.
        BuiltOnError: when somebody else has built on the change; nothing was changed.
    """
    return _step(workspace, ChangeKind.UNDO, history.newest_to_undo, passing_over)


def redo(workspace: Workspace, *, passing_over: str = "") -> Outcome:
    """Do again what was undone last, unless something else was done since.

    Raises:
        UndoError: when there is nothing to redo.
        BuiltOnError: when the data is no longer as the undo left it; nothing was changed.
    """
    return _step(workspace, ChangeKind.REDO, history.newest_to_redo, passing_over)


def log(workspace: Workspace, document_id: str | None = None) -> list[Change]:
    """All changes, or those of one document, oldest first."""
    with workspace.reading() as db:
        return history.log(db, document_id)


def of_annotation(workspace: Workspace, annotation_id: str) -> list[Change]:
    """What was done to an annotation, decisions on it included, oldest first."""
    with workspace.reading() as db:
        return history.of_annotation(db, annotation_id)


def _step(
    workspace: Workspace,
    kind: ChangeKind,
    newest: Callable[[Handle, list[str]], Change | None],
    passing_over: str,
) -> Outcome:
    left = ""
    if passing_over:
        # Stored by itself, so that it stands even where the change before is refused as well.
        with workspace.writing() as db:
            target = newest(db, _own_names(workspace, db))
            if target is not None and target.change_id == passing_over:
                _begin(workspace, db, ChangeKind.PASS, target)
                left = f"Left {target.kind} {target.summary} as it is"
    with workspace.writing() as db:
        names = _own_names(workspace, db)
        target = newest(db, names)
        if target is None:
            raise UndoError(_nothing(db, kind, names, left))
        try:
            return _reverse(workspace, db, kind, target, names)
        except BuiltOnError as error:
            if not left:
                raise
            raise BuiltOnError(f"{left}. {error}", error.change_id) from error


def _nothing(db: Handle, kind: ChangeKind, names: list[str], left: str) -> str:
    if left:
        return f"{left}; there is nothing before it to {kind}."
    if kind is ChangeKind.UNDO and history.newest_kind(db, names) == ChangeKind.ADD:
        return (
            "There is nothing of yours to undo: taking in an article is not a change of marks "
            "and is not undone."
        )
    return f"There is nothing of yours to {kind}."


def _own_names(workspace: Workspace, db: Handle) -> list[str]:
    return people.names_of(db, people.canonical(db, workspace.annotator))


def _begin(workspace: Workspace, db: Handle, kind: ChangeKind, target: Change) -> Change:
    return workspace.begin(
        db,
        kind,
        document_id=target.document_id,
        target_id=target.change_id,
        summary=f"{target.kind}: {target.summary}",
    )


def _reverse(
    workspace: Workspace, db: Handle, kind: ChangeKind, target: Change, names: list[str]
) -> Outcome:
    change = _begin(workspace, db, kind, target)
    before: list[Annotation] = []
    for item, item_id, earlier, later in history.items_of(db, target.change_id):
        if item == "annotator" and earlier is None:
            continue  # a name that is known stays known
        if item == "annotation":
            seen = stored_annotations.get(db, item_id)
            before += [seen] if seen is not None else []
        undone = earlier or {**later, "removed": 1}
        expected, wanted = (later, undone) if kind is ChangeKind.UNDO else (undone, later)
        if item == "label" and kind is ChangeKind.UNDO and earlier is None:
            _check_unused(db, item_id, target)
        _restore(db, item, item_id, expected, wanted, change, target, names)
    if target.kind is ChangeKind.SCHEME:
        _check_scheme(db, kind, target)
    return Outcome(
        change, tuple(before), tuple(stored_annotations.written_by(db, change.change_id))
    )


def _check_unused(db: Handle, name: str, target: Change) -> None:
    """Refuse to take back a label that has marks."""
    if count := labels.uses(db).get(name, 0):
        raise BuiltOnError(
            f"Cannot undo {target.kind} {target.summary}: the label {name!r}, which came with it, "
            f"has {count:,} mark{'' if count == 1 else 's'} since, so all was left as it is.",
            target.change_id,
        )


def _check_scheme(db: Handle, kind: ChangeKind, target: Change) -> None:
    """Refuse labels that do not go together, as when others were changed since."""
    scheme = labels.scheme(db)
    if not len(scheme) or len({label.key for label in scheme}) < len(scheme):
        raise BuiltOnError(
            f"Cannot {kind} {target.kind} {target.summary}: the labels were changed since, so all "
            "was left as it is.",
            target.change_id,
        )


def _restore(
    db: Handle,
    item: str,
    item_id: str,
    expected: dict[str, Any],
    wanted: dict[str, Any],
    change: Change,
    target: Change,
    names: list[str],
) -> None:
    """Write ``wanted`` over a row that is still as ``expected``."""
    current = current_row(db, item, item_id)
    decider = ""
    if item == "annotation":
        decider = history.decided_by_others(db, item_id, names, apart_from=target.change_id)
    if decider or current is None or _content(current) != _content(expected):
        who = f"{decider} has decided on it" if decider else "it was changed since"
        verb = "undo" if change.kind is ChangeKind.UNDO else "redo"
        raise BuiltOnError(
            f"Cannot {verb} {target.kind} {target.summary}: {who}, so it was left as it is.",
            target.change_id,
        )
    changes = {name: wanted[name] for name in _content(wanted) if wanted[name] != current[name]}
    if item == "annotation":
        changes["updated_at"] = change.changed_at
    update_row(db, item, item_id, changes, change.change_id)


def _content(state: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in state.items() if name not in _NOT_CONTENT}
