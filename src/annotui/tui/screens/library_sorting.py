"""Putting articles in order in the library: collections, done and set aside."""

from __future__ import annotations

from functools import partial

from annotui.domain.progress import DocumentStatus
from annotui.errors import AnnotuiError
from annotui.services import collections, queue
from annotui.services.workspace import Workspace
from annotui.tui.screens.library_adding import LibraryAdding
from annotui.tui.screens.library_frame import Typed

NEW_COLLECTION = "new collection"


class LibrarySorting(LibraryAdding):
    """Chooses what is shown by collection, and says of the article at the cursor where it goes."""

    async def choose_collection(self) -> None:
        """Ask which collection is shown."""
        names = [one.name for one in await self._collections()]
        if not names:
            self.say("There is no collection yet; C puts this article into a new one.")
            return
        lines = [("All articles", ""), *((name, "") for name in names)]

        def chosen(rank: int | None) -> None:
            if rank is not None:
                self.change_view(collection=names[rank - 1] if rank else "")

        from annotui.tui.screens.dialogs import ChoiceScreen

        self.app.push_screen(ChoiceScreen("Show", lines, filters=True), chosen)

    async def put_in_collection(self) -> None:
        """Ask into which collection the article at the cursor goes, or out of which."""
        entry = await self.at_cursor()
        if entry is None:
            return
        document_id = entry.document.document_id
        found = await self._collections()
        if not found:
            self.typing = Typed(NEW_COLLECTION, "")
            return
        inside = await self.scribe.run(lambda ws: collections.of_document(ws, document_id))
        lines = [
            (one.name, "it is in; enter takes it out" if one.name in inside else "")
            for one in found
        ]
        lines.append(("A new collection…", ""))

        async def chosen(rank: int | None) -> None:
            if rank is None:
                return
            if rank == len(found):
                self.typing = Typed(NEW_COLLECTION, "")
                self.show_bars()
                return
            name = found[rank].name
            await self._collect(name, document_id, is_out=name in inside)

        from annotui.tui.screens.dialogs import ChoiceScreen

        heading = f"{entry.document.title} goes into"
        self.app.push_screen(ChoiceScreen(heading, lines, filters=True), chosen)

    async def answered(self, typing: Typed) -> None:
        """Make a new collection of the article at the cursor, where that was asked."""
        entry = await self.at_cursor()
        if typing.what != NEW_COLLECTION:
            await super().answered(typing)
        elif entry is not None:
            document_id, name = entry.document.document_id, typing.words
            await self._collect(name, document_id, is_new=True)

    async def _collections(self) -> list[collections.Collection]:
        return await self.scribe.run(collections.listed)

    async def _collect(
        self, name: str, document_id: str, *, is_out: bool = False, is_new: bool = False
    ) -> None:
        def job(workspace: Workspace) -> None:
            if is_new:
                collections.create(workspace, name)
            move = collections.take_out if is_out else collections.put_in
            move(workspace, collections.checked(name), [document_id])

        try:
            await self.scribe.write(job)
        except AnnotuiError as error:
            self.say(str(error), "error")
            return
        if self.shown_view.collection:
            self.look(rank=self.table.current)
        self.say(f"{'Taken out of' if is_out else 'Put into'} {name}.")

    async def set_status(self, wanted: DocumentStatus) -> None:
        """Say that the article at the cursor is done or set aside, or take that back."""
        entry = await self.at_cursor()
        if entry is None:
            return
        is_so = entry.status == str(wanted)
        status = DocumentStatus.NEW if is_so else wanted
        document_id = entry.document.document_id
        job = partial(queue.set_status, document_id=document_id, status=status)
        try:
            await self.scribe.write(job)
        except AnnotuiError as error:
            self.say(str(error), "error")
            return
        if self.shown_view.shown:
            self.look(rank=self.table.current)
        else:
            self.forget(self.table.current)
        words = {DocumentStatus.DONE: "Done.", DocumentStatus.ASIDE: "Set aside."}
        self.say(words.get(status, "Neither done nor set aside any more."))
