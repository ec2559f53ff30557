"""From a key to what it means."""

from __future__ import annotations

from abc import abstractmethod

from textual import events

from annotui.tui.actions import Action
from annotui.tui.key_table import typed
from annotui.tui.pages import help_page
from annotui.tui.screens.recording import RecordingFrame


class Pressing(RecordingFrame):
    """Finds the action of a key: what has the keys for a while is asked first, then the table."""

    _early_keys: tuple[str, ...] = ()

    async def on_key(self, event: events.Key) -> None:
        """Find the key's action in the table and do it."""
        event.stop()
        event.prevent_default()
        key = typed(event)
        if self.app.screen is not self:  # typed before the dialog that is there now
            self.app.post_message(events.Key(event.key, event.character))
        elif self.is_too_small:
            if key == "q":
                self.app.exit()
        elif self.session is not None:
            await self.press(key)
        elif key in ("q", "escape"):
            self.app.exit()
        else:
            self._early_keys += (key,)

    async def press_early_keys(self) -> None:
        """Do what was typed before there was anything on the screen."""
        early, self._early_keys = self._early_keys, ()
        for key in early:
            await self.press(key)

    async def press(self, key: str) -> None:
        """Do what ``key`` means now."""
        self.keys_pressed += 1
        self.message = ()
        if key == "escape":
            self.app.clear_notifications()
        if self.mode is not None and not self.pending and await self.mode.press(key):
            self.show_status()
            return
        pending, self.pending = self.pending, ""
        if pending and key == "escape":
            self.show_status()
            return
        if not pending and self.keys.is_prefix(key):
            self.pending = key
            self.show_status()
            return
        action = self.keys.find(pending, key)
        if action is None:
            self.say(f"{pending} {key}".strip() + " does nothing here; ? shows the keys.")
            return
        await self.perform(action)

    @abstractmethod
    async def perform(self, action: Action) -> None:
        """Do what ``action`` says."""

    def perform_later(self, action: Action) -> None:
        """Do what ``action`` says once the palette is gone."""
        self.call_later(self._perform_from_palette, action)

    async def _perform_from_palette(self, action: Action) -> None:
        self.keys_pressed += 1
        self.message = ()
        await self.perform(action)

    def action_help(self) -> None:
        """Show all keys."""
        from annotui.tui.screens.dialogs import PageScreen

        self.app.push_screen(PageScreen("Keys", help_page(self.keys)))

    def action_commands(self) -> None:
        """Open the palette."""
        self.app.action_command_palette()

    def action_centre(self) -> None:
        """Put the caret's row in the middle of the screen."""
        self.view.centre_caret()
