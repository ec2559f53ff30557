"""Taking articles in from the library: a file, a folder, or what is pasted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import islice
from pathlib import Path

from annotui.domain.document import title_of
from annotui.errors import AnnotuiError, DocumentError
from annotui.services import intake
from annotui.services.intake import State, Taken
from annotui.services.workspace import Workspace
from annotui.tui.screens.library_frame import LibraryFrame, Typed

FILES_A_TURN = 20
"""Files that are taken in at once, between two looks at the keys."""


class LibraryAdding(LibraryFrame):
    """Asks for a path or a title, and takes in what it is about."""

    _pasted = ""
    _is_adding = False

    def ask_path(self) -> None:
        """Ask for the path of a file or a folder."""
        self.typing = Typed("add path", "")

    def ask_title(self, text: str) -> None:
        """Ask under which title a text that was pasted is taken in."""
        if not text.strip():
            self.say("What was pasted is empty. Nothing was added.", "alert")
            return
        self._pasted = text
        self.typing = Typed("title", title_of(text.replace("\r", "\n")))

    async def answered(self, typing: Typed) -> None:
        """Take in what was asked for."""
        if typing.what == "title":
            await self._add_pasted(self._pasted, typing.words)
        elif typing.words.strip():
            path = Path(typing.words.strip()).expanduser()
            self.run_worker(self._add_path(path), group="add")

    async def _add_pasted(self, text: str, title: str) -> None:
        self._pasted = ""
        try:
            taken = await self.scribe.write(lambda ws: intake.take_pasted(ws, text, title))
        except AnnotuiError as error:
            self.say(str(error), "error")
            return
        self._tell([taken])

    async def _add_path(self, path: Path) -> None:
        """Take in a file, or all articles of a folder, some at a time."""
        if self._is_adding:
            self.say("Articles are being added already.", "alert")
            return
        self._is_adding = True
        try:
            files = await self.scribe.run(lambda _: intake.files_of(path))
            told: list[Taken] = []
            rest = iter(files)
            while some := list(islice(rest, FILES_A_TURN)):
                told += await self.scribe.write(partial(_taken, some))
                if len(files) > FILES_A_TURN:
                    self.say(f"{len(told):,} of {len(files):,} files…")
            self._tell(told)
        except AnnotuiError as error:
            self.say(str(error), "error")
        finally:
            self._is_adding = False

    def _tell(self, told: Sequence[Taken]) -> None:
        """Show what came in, and say what became of all."""
        added = [one for one in told if one.state is State.ADDED]
        there = [one for one in told if one.state is State.THERE]
        refused = [one for one in told if one.state is State.REFUSED]
        parts = [f"{len(added):,} article{'' if len(added) == 1 else 's'} added"]
        parts += [f"{len(there):,} there already"] if there else []
        parts += [f"{len(refused):,} refused: {refused[0].reason}"] if refused else []
        if added or there:
            self.shown_view = type(self.shown_view)()
            self.look(around=(added or there)[-1].document_id)
        self.say(f"{', '.join(parts)}.", "error" if refused and not (added or there) else "")


def _taken(files: Sequence[Path | DocumentError], workspace: Workspace) -> list[Taken]:
    return list(intake.take_in(workspace, files))
