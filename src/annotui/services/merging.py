"""Bringing other people's files into one's own, all of them or none."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from annotui.domain.change import ChangeKind
from annotui.domain.merging import Conflict, Prefer, Side
from annotui.errors import AnnotuiError, StoreError
from annotui.services.incoming import check_incoming
from annotui.services.merged_labels import Labels, bring_labels
from annotui.services.workspace import Workspace
from annotui.storage import history, merging
from annotui.storage.database import Store, open_other
from annotui.storage.versioned import content_columns, fixed_columns, update_row

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

Watch = Callable[[int, int], None]
"""Is told how many rows of a file are in, and how many there are."""


@dataclass(frozen=True, slots=True)
class How:
    """What shall be done about conflicts; ``decisions`` are by :attr:`Conflict.identity`.

    ``free_keys`` are those that new labels may have.
    """

    prefer: Prefer | None = None
    decisions: Mapping[str, Side] = field(default_factory=dict)
    dry_run: bool = False
    free_keys: Sequence[str] = ()


class UndecidedError(AnnotuiError):
    """Rows were changed on both sides and nothing says which version stands."""

    def __init__(self, path: Path, conflicts: Sequence[Conflict]) -> None:
        count = len(conflicts)
        rows = "one row was" if count == 1 else f"{count:,} rows were"
        super().__init__(f"{path}: {rows} changed here and there. Nothing was merged.")
        self.path = path
        self.conflicts = tuple(conflicts)


class CircleError(AnnotuiError):
    """The files rename annotators in opposite ways, so that no name would be the last."""


@dataclass(slots=True)
class Merged:
    """What one file brought: new and updated rows by table, and what was decided.

    ``unseen`` counts marks that came into documents that are removed here.
    """

    path: Path
    new: dict[str, int] = field(default_factory=dict)
    updated: dict[str, int] = field(default_factory=dict)
    decided: list[tuple[Conflict, Side]] = field(default_factory=list)
    labels: Labels = field(default_factory=Labels)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    unseen: int = 0
    changes: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether the file had nothing that is not here."""
        return not self.changes


class _RehearsedError(Exception):
    """The end of a dry run, which takes everything back."""


def merge(workspace: Workspace, paths: Sequence[Path], how: How, watch: Watch) -> list[Merged]:
    """Bring in what the files at ``paths`` have and this one lacks, all as one transaction.

    Raises:
        StoreError: when one of them cannot be read, is not sound, or this one cannot be written.
        UndecidedError: when there are conflicts that ``how`` does not decide.
        CircleError: when the files rename annotators in opposite ways.
        In each case nothing was merged.
    """
    merged: list[Merged] = []
    with (
        tempfile.TemporaryDirectory(prefix="annotui-merge-") as name,
        ExitStack() as stack,
    ):
        folder = Path(name)
        others = _opened(workspace, paths, folder, stack)
        target = workspace
        if how.dry_run and not workspace.exists:
            target = Workspace(folder / "rehearsal.sqlite", workspace.annotator)
            stack.callback(target.close)
        store = target.store(create=True)
        if len(others) > store.most_attached():
            raise StoreError(
                f"{len(others)} files are too many at once. Nothing was merged; name at most "
                f"{store.most_attached()}."
            )
        schemas = {f"other_{number}": other for number, other in enumerate(others)}
        with store.attached(schemas):
            try:
                with target.writing(create=True) as db:
                    for schema, path in zip(schemas, paths, strict=True):
                        merged.append(_merge_one(target, db, schema, path, how, watch))
                    if how.dry_run:
                        raise _RehearsedError
            except _RehearsedError:
                pass
    return merged


def _opened(
    workspace: Workspace, paths: Sequence[Path], folder: Path, stack: ExitStack
) -> list[Store]:
    """The other files, each looked at with care before anything of it is read."""
    others: list[Store] = []
    seen: dict[tuple[int, int], Path] = {}
    if workspace.exists:
        workspace.store()
        details = workspace.path.stat()
        seen[details.st_dev, details.st_ino] = workspace.path
    for path in paths:
        try:
            details = path.stat()
            identity = (details.st_dev, details.st_ino)
        except (OSError, ValueError):
            identity = (-1, len(others))  # opening it says what is wrong
        if identity in seen:
            raise StoreError(
                f"{path} is the same file as {seen[identity]}. Nothing was merged; name another."
            )
        seen[identity] = path
        other = open_other(path, folder)
        stack.callback(other.close)
        others.append(other)
    return others


def _merge_one(
    workspace: Workspace, db: Handle, schema: str, path: Path, how: How, watch: Watch
) -> Merged:
    merged = Merged(path)
    rows = merging.find_news(db, schema)
    if not rows:
        return merged
    check_incoming(db, schema, path)
    merged.left_out = merging.leave_out_strangers(db, schema)
    merged.decided = _decided(path, merging.conflicts(db, schema), how)
    merged.labels = bring_labels(workspace, db, schema, path, how.free_keys)
    seq, done = history.newest_seq(db), 0

    def count_on(more: int) -> None:
        nonlocal done
        done += more
        watch(done, rows)

    try:
        counts = merging.bring(db, schema, count_on)
    except merging.REFUSED as error:
        raise StoreError(
            f"{path} has rows that a database of annotui's cannot have ({error}). Nothing was "
            f"merged; `annotui verify --db {path}` may say more."
        ) from error
    merged.new = {table: new for table, (new, _) in counts.items()}
    merged.updated = {table: updated for table, (_, updated) in counts.items()}
    merged.unseen = merging.unseen_marks(db, seq)
    merged.changes = history.newest_seq(db) - seq
    _close(workspace, db, merged)
    merging.end(db)
    return merged


def _decided(path: Path, conflicts: Sequence[Conflict], how: How) -> list[tuple[Conflict, Side]]:
    if how.prefer is not None:
        return [(conflict, conflict.chosen(how.prefer)) for conflict in conflicts]
    undecided = [one for one in conflicts if one.identity not in how.decisions]
    if undecided:
        raise UndecidedError(path, undecided)
    return [(one, how.decisions[one.identity]) for one in conflicts]


def _close(workspace: Workspace, db: Handle, merged: Merged) -> None:
    """Say in the log what came from where, and write what was decided as versions of its own."""
    change = workspace.begin(db, ChangeKind.MERGE, summary=summary(merged))
    for conflict, side in merged.decided:
        state = conflict.version(side).state
        fixed = fixed_columns(conflict.item)
        times = [name for name in state if name.endswith("_at") and name not in fixed]
        wanted = {name: state[name] for name in (*content_columns(conflict.item), *times)}
        update_row(db, conflict.item, conflict.item_id, wanted, change.change_id)
    names = merging.renamed(db)
    for name, shown in names.items():
        final = _followed(name, names, merged.path)
        if final != shown:
            update_row(db, "annotator", name, {"renamed_to": final}, change.change_id)


def _followed(name: str, names: Mapping[str, str], path: Path) -> str:
    """The name under which ``name`` goes in the end.

    Raises:
        CircleError: when the renamings of the two files go in a circle.
    """
    way = [name]
    while way[-1] in names:
        way.append(names[way[-1]])
        if way[-1] in way[:-1]:
            raise CircleError(
                f"Annotators were renamed in a circle, here and in {path}: {' → '.join(way)}. "
                "Nothing was merged; `annotui annotators --rename` in one of the files ends that."
            )
    return way[-1]


NOUNS = {"review": "decision", "document_status": "status change"}
"""What rows of a table are called, where not by the table's own name."""


def summary(merged: Merged) -> str:
    """What came in, in words: new rows by table, newer versions, and decisions of conflicts."""
    parts = [_counted(new, table) for table, new in merged.new.items() if new]
    if updated := sum(merged.updated.values()) - len(merged.decided):
        parts += [f"{updated:,} changed"] if updated > 0 else []
    for side in Side:
        if count := sum(one is side for _, one in merged.decided):
            parts.append(f"{_counted(count, 'conflict')} decided for {side}")
    if not parts:
        parts = [f"{merged.changes:,} changes of the log"]
    return f"{merged.path.name}: {', '.join(parts)}"


def _counted(count: int, table: str) -> str:
    noun = NOUNS.get(table, table.replace("_", " "))
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
