"""The labels of a database: replacing them as one change, with no mark ever lost."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from annotui.domain.change import ChangeKind
from annotui.domain.label_scheme import LabelScheme
from annotui.errors import LabelError
from annotui.services.workspace import Workspace
from annotui.storage import labels as stored_labels


@dataclass(frozen=True, slots=True)
class Replaced:
    """What an import did; ``change_id`` is empty where the labels were so already.

    ``carried`` has the marks that were moved by old label, ``retired`` those that stay under a
    label that makes no new ones, ``undecided`` the carried marks that had been reviewed.
    """

    change_id: str = ""
    carried: dict[str, int] = field(default_factory=dict)
    retired: dict[str, int] = field(default_factory=dict)
    undecided: int = 0


def replace_scheme(
    workspace: Workspace,
    scheme: LabelScheme,
    *,
    carry: Mapping[str, str] | None = None,
    retire: Collection[str] = (),
) -> Replaced:
    """Give the database the labels of ``scheme``, as one change.

    ``carry`` names for a label that goes the one that takes over its marks, everybody's;
    ``retire`` names labels that go and whose marks stay as they are.

    Raises:
        LabelError: when a label that goes has marks and neither says what becomes of them, or
            one of them names a label that is not there or does not go; nothing was changed.
    """
    carry = carry or {}
    with workspace.writing(create=True) as db:
        known, uses = workspace.scheme_in(db), stored_labels.uses(db)
        _check(known, uses, scheme, carry, retire)
        if known.labels == scheme.labels and not carry and stored_labels.has_labels(db):
            return Replaced()
        summary = ", ".join(label.name for label in scheme)
        change = workspace.begin(db, ChangeKind.SCHEME, summary=summary)
        stored_labels.write(db, scheme, change.change_id)
        undecided = 0
        for old, new in carry.items():
            undecided += stored_labels.decided(db, old)
            stored_labels.carry(db, old, new, change)
    return Replaced(
        change.change_id,
        {old: uses.get(old, 0) for old in carry},
        {old: uses.get(old, 0) for old in retire},
        undecided,
    )


def _check(
    known: LabelScheme,
    uses: Mapping[str, int],
    scheme: LabelScheme,
    carry: Mapping[str, str],
    retire: Collection[str],
) -> None:
    names = [label.name for label in known.shown]
    for old in (*carry, *retire):
        if old not in names:
            raise LabelError(
                f"There is no label {old!r} in the database. Nothing was changed; it has "
                f"{', '.join(names)}."
            )
        if old in scheme:
            raise LabelError(
                f"The label {old!r} is in the new scheme, so its marks stay as they are. Nothing "
                "was changed; carry or retire labels that go."
            )
    for new in carry.values():
        if new not in scheme:
            raise LabelError(
                f"The new scheme has no label {new!r} that marks could be carried to. Nothing "
                f"was changed; it has {', '.join(label.name for label in scheme)}."
            )
    if both := carry.keys() & set(retire):
        raise LabelError(
            f"The label {min(both)!r} is both to be carried and to be retired. Nothing was changed."
        )
    gone = [one.name for one in known if one.name not in scheme and uses.get(one.name)]
    open_question = [name for name in gone if name not in carry and name not in retire]
    if open_question:
        raise LabelError(_offer({name: uses[name] for name in open_question}, scheme))


def _offer(uses: Mapping[str, int], scheme: LabelScheme) -> str:
    """That labels are in use, by how much, and what can be done."""
    counted = ", ".join(
        f"{name} ({count:,} mark{'' if count == 1 else 's'})" for name, count in uses.items()
    )
    first, taker = next(iter(uses)), scheme.labels[0].name
    return (
        f"In use, but not in the new scheme: {counted}. Nothing was changed. Say for each what "
        f"becomes of its marks: --carry '{first}={taker}' gives them another label, "
        f"--retire '{first}' leaves them as they are and only takes the key away."
    )
