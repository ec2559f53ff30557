"""Marks out to a file of the working directory, in any format, and in from one."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from annotui.errors import AnnotuiError
from annotui.formats import registry
from annotui.formats.registry import Format
from annotui.services.workspace import Workspace
from annotui.tui.screens.list_actions import ListActions

if TYPE_CHECKING:
    from annotui.services.importing import Outcome

STEM_LENGTH = 40
"""Code points of a title at most that name the file of its export."""

LARGEST_FILE = 20_000_000
"""Bytes of a file or folder at most that is imported while somebody reads."""

OFFERED_FILES = 200
"""Files and folders at most that are offered for an import."""


class ExchangeActions(ListActions):
    """Exports the open article's marks, or all, and imports what lies in the working directory."""

    def action_export(self) -> None:
        """Ask whether this article's marks or all, and in which format."""
        self._ask_what(registry.named("csv"))

    def _ask_what(self, form: Format) -> None:
        folder = self._working_directory("written")
        if self.session is None or folder is None:
            return
        document = self.session.document
        stem = re.sub(r"[^\w]+", "-", document.title).strip("-")[:STEM_LENGTH]
        suffix = "" if form.is_folder else form.suffix
        targets = [
            _free(folder / f"{stem or document.document_id[:12]}{suffix}"),
            _free(folder / f"annotations{suffix}"),
        ]
        others = ", ".join(one.name for one in registry.writable() if one is not form)
        lines = [
            ("This article →", targets[0].name),
            ("Everything →", targets[1].name),
            ("f  another format", others),
        ]

        def chosen(rank: int | None) -> None:
            if rank == 2:
                self._ask_format()
            elif rank is not None:
                ids = (document.document_id,) if rank == 0 else ()
                self._perform(lambda workspace: _export(workspace, form, targets[rank], ids))

        from annotui.tui.screens.dialogs import ChoiceScreen

        heading = f"Export as {form.name if form.name != 'csv' else 'CSV'} to {folder}"
        self.app.push_screen(ChoiceScreen(heading, lines, keys=((), (), ("f",))), chosen)

    def _ask_format(self) -> None:
        forms = registry.writable()
        lines = [(one.name, f"{one.title}; loses {_losses(one)}") for one in forms]

        def chosen(rank: int | None) -> None:
            if rank is not None:
                self._ask_what(forms[rank])

        from annotui.tui.screens.dialogs import ChoiceScreen

        self.app.push_screen(ChoiceScreen("Export as", lines, filters=True), chosen)

    def action_import(self) -> None:
        """Ask which file or folder of the working directory, and take its marks in."""
        folder = self._working_directory("imported")
        if self.session is None or folder is None or self.refuses_while_saving():
            return
        files = _importable(folder)
        if not files:
            endings = ", ".join(sorted({one.suffix for one in registry.readable()}))
            self.say(f"There is no file ending in {endings} in {folder}.")
            return

        def chosen(rank: int | None) -> None:
            if rank is not None:
                path = files[rank]
                self._perform(lambda workspace: _import(workspace, path), self.fetch_marks)

        from annotui.tui.screens.dialogs import ChoiceScreen

        lines = [_line(path) for path in files]
        heading = f"Import marks from {folder}"
        self.app.push_screen(ChoiceScreen(heading, lines, filters=True), chosen)

    def _working_directory(self, done: str) -> Path | None:
        try:
            return Path.cwd()
        except OSError as error:
            self.say(f"The folder you are in is gone ({error}). Nothing was {done}.", "error")
            return None

    def _perform(
        self,
        job: Callable[[Workspace], str],
        afterwards: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Run a job behind the keys; say what it answers, or why it failed."""

        async def performed() -> None:
            try:
                answer = await self.scribe.run(job)
                if afterwards is not None:
                    await afterwards()
            except AnnotuiError as error:
                self.say(str(error), "error")
            else:
                self.say(answer, whole=True)

        self.run_worker(performed())


def _losses(form: Format) -> str:
    return ", ".join(loss.name.lower().replace("_", " ") for loss in form.loses) or "nothing"


def _free(path: Path) -> Path:
    """``path``, or the first of ``…-2``, ``…-3`` where there is no file yet."""
    names = (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in count(2))
    return path if not os.path.lexists(path) else next(n for n in names if not os.path.lexists(n))


def _importable(folder: Path) -> list[Path]:
    """The files with a fitting ending and the folders that hold such, the newest first."""
    try:
        found = [one for one in folder.iterdir() if not one.name.startswith(".") and _files_of(one)]
        return sorted(found, key=lambda one: -one.stat().st_mtime)[:OFFERED_FILES]
    except OSError:
        return []


def _files_of(path: Path) -> list[Path]:
    """The file, or of a folder its own, as far as their ending fits."""
    suffixes = tuple({one.suffix for one in registry.readable()})
    try:
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        return [
            one
            for one in inside
            if one.name.endswith(suffixes) and not one.name.startswith(".") and one.is_file()
        ]
    except OSError:
        return []


def _line(path: Path) -> tuple[str, str]:
    """How a file or folder is offered."""
    files = _files_of(path)
    if path.is_dir():
        return f"{path.name}{os.sep}", f"{len(files):,} file{'' if len(files) == 1 else 's'}"
    return path.name, f"{sum(one.stat().st_size for one in files):,} bytes"


def _export(workspace: Workspace, form: Format, target: Path, document_ids: tuple[str, ...]) -> str:
    from annotui.services import interchange

    exported = interchange.export_to(workspace, target, form=form.name, document_ids=document_ids)
    rejected = f" ({exported.rejected:,} of them rejected)" if exported.rejected else ""
    return f"{_counted(exported.rows)}{rejected} written to {target}"


def _import(workspace: Workspace, path: Path) -> str:
    """Import a file, or the files of a folder; the answer says what came in.

    Raises:
        AnnotuiError: when nothing did; the message says why.
    """
    from annotui.services.import_store import Stored
    from annotui.services.importing import Import
    from annotui.services.record_check import How

    files = _files_of(path)
    if sum(one.stat().st_size for one in files) > LARGEST_FILE:
        raise AnnotuiError(
            f"{path.name} has more than {LARGEST_FILE:,} bytes. Nothing was imported; marks would "
            f"have to wait for it, so use `annotui import {path.name}`."
        )
    outcomes = list(Import(workspace, How()).run(files, lambda _done, _total: None))
    refused = [one for one in outcomes if one.is_refused]
    if len(refused) == len(outcomes):
        raise AnnotuiError(
            f"Nothing was imported from {path.name}: {_reason(refused)}. `annotui import` can map "
            "and add labels, skip records and find quotes again."
        )
    stored, left_out = Stored(), Counter[str]()
    for one in outcomes:
        if not one.is_refused:
            stored += one.stored
            left_out += one.left_out
    told = [f"{_counted(stored.added + stored.restored)} imported from {path.name}"]
    told += [f"{stored.there:,} there already"] if stored.there else []
    told += [f"{stored.differing:,} left as they are here"] if stored.differing else []
    told += [f"{count:,} {kind} left out" for kind, count in left_out.items()]
    if refused:
        told.append(f"{len(refused):,} of {len(outcomes):,} files refused ({_reason(refused)})")
    if stored.added:
        each = ", one article after the other" if stored.documents > 1 else ""
        return f"{', '.join(told)}; u takes it back{each}"
    return ", ".join(told)


def _reason(refused: list[Outcome]) -> str:
    """Why the first of these files was refused."""
    if not refused:
        return "it is not there any more"
    first = refused[0]
    if first.reason:
        return first.reason
    if first.unknown_labels:
        return f"it has labels that are not here: {', '.join(first.unknown_labels)}"
    return f"{len(first.problems):,} records disagree: {first.problems[0]}"


def _counted(number: int) -> str:
    return f"{number:,} mark{'' if number == 1 else 's'}"
