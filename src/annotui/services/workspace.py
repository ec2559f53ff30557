"""One database file, seen by one annotator."""

from __future__ import annotations

import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from annotui.domain.change import Change, ChangeKind
from annotui.domain.label_scheme import LabelScheme
from annotui.errors import ConfigError
from annotui.storage import history, labels, people
from annotui.storage.database import Store, open_store

if TYPE_CHECKING:
    from annotui.storage.handle import Handle
    from annotui.storage.upgrading import Upgrade

NAME_LENGTH = 200
"""Code points of an annotator's name at most."""


class Workspace:
    """Opens the file on first use, in the thread that uses it; every change begins here.

    Where ``is_blind``, others' marks are hidden until the annotator's own document is done.
    A file that is made here begins with ``first_scheme``, by default that of the config.
    """

    def __init__(
        self,
        path: Path,
        annotator: str,
        *,
        is_blind: bool = False,
        first_scheme: LabelScheme | None = None,
    ) -> None:
        self.path = path
        self.is_blind = is_blind
        self.annotator = checked_name(annotator)
        self._store: Store | None = None
        self.upgrade_told = ""
        self._first_scheme = first_scheme

    @property
    def exists(self) -> bool:
        """Whether there is anything at the path; an empty file is nothing yet.

        What cannot be looked at counts as there, so that opening it says what is wrong.
        """
        try:
            details = self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except (OSError, ValueError):
            return True
        return details.st_size > 0 or not stat.S_ISREG(details.st_mode)

    def store(self, *, create: bool = False) -> Store:
        """The open file; with ``create`` it is made where there is none.

        Raises:
            StoreError: when it cannot be opened.
            ConfigError: when it is to be made and the config cannot be used; then it is not.
        """
        if self._store is None:
            if create and not self.exists:
                self._beginning()
            self._store = open_store(self.path, create=create)
            if self._store.upgrade is not None:
                self.upgrade_told = upgrade_words(self.path, self._store.upgrade)
        return self._store

    def close(self) -> None:
        """Close the file if it is open."""
        if self._store is not None:
            self._store.close()
            self._store = None

    @contextmanager
    def reading(self) -> Iterator[Handle]:
        """One consistent look at the file."""
        with self.store().reading() as db:
            yield db

    @contextmanager
    def writing(self, *, create: bool = False) -> Iterator[Handle]:
        """Hold the write lock; all that is written inside is stored together, or none of it.

        Raises:
            BusyError: when another program holds the lock.
            StoreError: when the file cannot be written.
        """
        with self.store(create=create).writing() as db:
            yield db

    def begin(
        self,
        db: Handle,
        kind: ChangeKind,
        *,
        document_id: str = "",
        target_id: str = "",
        summary: str = "",
    ) -> Change:
        """Begin one change inside :meth:`writing`; what it changes is written after it."""
        name = people.canonical(db, self.annotator)
        if not labels.has_labels(db):
            first = history.add_change(db, ChangeKind.CREATE, name, summary="new database")
            people.register(db, name, first.change_id)
            labels.write(db, self._beginning(), first.change_id)
        change = history.add_change(
            db, kind, name, document_id=document_id, target_id=target_id, summary=summary
        )
        people.register(db, name, change.change_id)
        return change

    def begin_next(
        self, db: Handle, before: Change, *, document_id: str = "", summary: str = ""
    ) -> Change:
        """Begin one more change of the same kind in the same transaction as ``before``."""
        about = {"document_id": document_id, "summary": summary}
        return history.add_change(db, before.kind, before.annotator, before=before, **about)

    def scheme(self) -> LabelScheme:
        """The labels of the file; those that it would begin with while it has none."""
        if not self.exists:
            return self._beginning()
        with self.reading() as db:
            return self.scheme_in(db)

    def scheme_in(self, db: Handle) -> LabelScheme:
        """The same inside :meth:`reading` or :meth:`writing`."""
        return labels.scheme(db) or self._beginning()

    def _beginning(self) -> LabelScheme:
        if self._first_scheme is None:
            from annotui.services import config  # only a new database needs it

            self._first_scheme = config.first_scheme(self.path)
        return self._first_scheme

    def own_name(self) -> str:
        """The annotator's name as the file shows it, after any renaming."""
        if not self.exists:
            return self.annotator
        with self.reading() as db:
            return people.canonical(db, self.annotator)


def upgrade_words(path: Path, upgrade: Upgrade) -> str:
    """That an older file was brought up to date, and where it is as it was."""
    return (
        f"{path} was brought up to date from schema {upgrade.version}; as it was before, it is "
        f"kept in {upgrade.copy}."
    )


def checked_name(name: str) -> str:
    """An annotator's name without spaces around it.

    Raises:
        ConfigError: when it is empty, too long, or cannot be stored.
    """
    stripped = name.strip()
    if not stripped:
        raise ConfigError(
            "The annotator's name is empty. Give one with --annotator or ANNOTUI_ANNOTATOR."
        )
    if len(stripped) > NAME_LENGTH:
        raise ConfigError(
            f"The annotator's name has {len(stripped)} characters; at most {NAME_LENGTH} are kept."
        )
    if any(unicodedata.category(char) in ("Cc", "Zl", "Zp") for char in stripped):
        raise ConfigError(
            f"The annotator's name {stripped!r} holds a line break or another control character. "
            "Nothing was done."
        )
    return checked_text(stripped, "The annotator's name")


def unknown_annotator(workspace: Workspace, db: Handle, name: str) -> str:
    """That the file does not have an annotator, and which it has, with the names they had."""
    names = people.all_names(db)
    known = [old if old == new else f"{old} (now {new})" for old, new in names]
    return (
        f"There is no annotator {name!r} in {workspace.path}. "
        f"There are: {', '.join(known) or 'none yet'}."
    )


def checked_text(text: str, what: str) -> str:
    """``text``, when it can be stored as it is.

    Raises:
        ConfigError: when it holds NUL or half a character (bytes that are not UTF-8).
    """
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise ConfigError(
            f"{what} holds NUL or bytes that are not UTF-8: {text!r}. Nothing was done."
        )
    return text
