"""Small screens that ask one thing and answer."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TypeVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static, TextArea
from textual.widgets.option_list import Option

from annotui.domain.visible import visible
from annotui.tui.key_table import typed

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """A screen that is handed its keys in order, and hands on what was typed after its end."""

    AUTO_FOCUS = ""

    def on_key(self, event: events.Key) -> None:
        """Do what the key says; nothing of it goes further."""
        is_over = self.app.screen is not self
        if not (is_over or self.takes(event)):
            return
        event.stop()
        event.prevent_default()
        if is_over:
            self.app.post_message(events.Key(event.key, event.character))
        else:
            self.press(typed(event))

    def takes(self, event: events.Key) -> bool:
        """Whether the key is for the dialog itself and not for a part of it."""
        return True

    @abstractmethod
    def press(self, key: str) -> None:
        """Do what ``key`` means here."""


class ChoiceScreen(Dialog[int | None]):
    """A list to choose from, by arrows and enter or by each line's own keys; esc: none.

    With ``filters``, ``/`` and what is typed after it narrows the list to lines that have it.
    It begins on the line ``at``.
    """

    def __init__(
        self,
        heading: str,
        lines: Sequence[tuple[str, str]],
        *,
        keys: Sequence[Sequence[str]] = (),
        hint: str = "enter chooses · esc goes back",
        filters: bool = False,
        at: int = 0,
    ) -> None:
        super().__init__()
        self._heading, self._lines = heading, lines
        self._hint = f"/ narrows · {hint}" if filters else hint
        self._by_key = {key: rank for rank, own in enumerate(keys) for key in own}
        self._filters, self._at = filters, at
        self._typed: str | None = None
        self._shown = list(range(len(lines)))

    def compose(self) -> ComposeResult:
        """The box."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(visible(self._heading, newline=" "))
            box.border_subtitle = Content(self._hint)
            choices = OptionList(*map(self._option, self._shown), markup=False)
            choices.can_focus = False
            yield choices

    def _option(self, rank: int) -> Option:
        strong, words = self._lines[rank]
        line = Text(visible(strong, newline=" "), style="bold")
        line.append(f"  {visible(words, newline=' ')}", style="not bold")
        return Option(line)

    def on_mount(self) -> None:
        """Begin at the line that was asked for."""
        self.query_one(OptionList).highlighted = self._at

    def press(self, key: str) -> None:
        """Choose by a line's own key, or move and choose with enter."""
        options = self.query_one(OptionList)
        if key == "enter":
            at = options.highlighted
            if at is not None:
                self.dismiss(self._shown[at])
        elif key == "down" or (key == "j" and self._typed is None):
            options.action_cursor_down()
        elif key == "up" or (key == "k" and self._typed is None):
            options.action_cursor_up()
        elif self._typed is not None:
            self._type(key, self._typed)
        elif key in self._by_key:
            self.dismiss(self._by_key[key])
        elif key in ("escape", "q"):
            self.dismiss(None)
        elif key == "/" and self._filters:
            self._narrow("")

    def _type(self, key: str, typed: str) -> None:
        """Take a key while the list is narrowed."""
        if key == "escape":
            self._narrow(None)
        elif key in ("backspace", "ctrl+h"):
            self._narrow(typed[:-1] if typed else None)
        elif key == "space" or len(key) == 1:
            self._narrow(typed + (" " if key == "space" else key))

    def _narrow(self, typed: str | None) -> None:
        """Show the lines that have ``typed``, those whose name begins with it first."""
        self._typed = typed
        wanted = (typed or "").casefold()
        having = [
            rank for rank, line in enumerate(self._lines) if wanted in " ".join(line).casefold()
        ]
        begun = {rank for rank in having if f" {wanted}" in f" {self._lines[rank][0].casefold()}"}
        self._shown = sorted(having, key=lambda rank: (bool(wanted) and rank not in begun, rank))
        box, options = self.query_one(".dialog"), self.query_one(OptionList)
        options.clear_options()
        options.add_options(map(self._option, self._shown))
        options.highlighted = 0 if self._shown else None
        found = "" if self._shown else " · nothing like that"
        hint = f"/{visible(typed)}▏{found} · enter chooses · esc all" if typed is not None else ""
        box.border_subtitle = Content(hint or self._hint)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click."""
        self.dismiss(self._shown[event.option_index])


NOTE_KEYS = {"enter", "ctrl+s", "escape", "ctrl+j"}
"""Keys that are not the text area's own while a note is written."""


class NoteArea(TextArea):
    """A text area in which enter is done, esc is not, and ctrl+j begins a new line."""

    async def _on_key(self, event: events.Key) -> None:
        screen = self.screen
        if isinstance(screen, NoteScreen):
            screen.on_key(event)


class NoteScreen(Dialog[str | None]):
    """Writes a note; enter keeps it, esc leaves it as it was."""

    def __init__(self, heading: str, note: str) -> None:
        super().__init__()
        self._heading, self._note, self._at_first = heading, note, ""

    def compose(self) -> ComposeResult:
        """The box."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(visible(self._heading, newline=" "))
            box.border_subtitle = Content("enter keeps · ctrl+j new line · esc leaves it")
            yield NoteArea(self._note, soft_wrap=True, show_line_numbers=False)

    def on_mount(self) -> None:
        """Begin at the end of the note."""
        area = self.query_one(NoteArea)
        self._at_first = area.text
        area.move_cursor(area.document.end)
        area.focus()

    def takes(self, event: events.Key) -> bool:
        """All but what is the text area's own, once that is there to take it."""
        return event.key in NOTE_KEYS or not self.query_one(NoteArea).has_focus

    def press(self, key: str) -> None:
        """Keep or leave the note, or add to it."""
        area = self.query_one(NoteArea)
        if key in ("enter", "ctrl+s"):
            # Untouched, it is given as it came: the text area makes line ends of U+2028 and others.
            self.dismiss(self._note if area.text == self._at_first else area.text)
        elif key == "escape":
            self.dismiss(None)
        elif key == "ctrl+j":
            area.insert("\n")
        elif key == "space" or len(key) == 1:
            area.insert(" " if key == "space" else key)


SCROLLS = {
    **dict.fromkeys(("j", "down"), 1),
    **dict.fromkeys(("k", "up"), -1),
    **dict.fromkeys(("space", "pagedown", "ctrl+d"), 12),
    **dict.fromkeys(("pageup", "ctrl+u"), -12),
    **dict.fromkeys(("home", "g"), -10_000),
    **dict.fromkeys(("end", "G"), 10_000),
}
"""Keys that scroll a page, and by how many rows."""


class PageScreen(Dialog[None]):
    """A page to read: the keys, or the guideline."""

    def __init__(self, heading: str, page: Text) -> None:
        super().__init__()
        self._heading, self._page = heading, page

    def compose(self) -> ComposeResult:
        """The box."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(self._heading)
            box.border_subtitle = Content("j k scroll · esc goes back")
            with VerticalScroll(can_focus=False):
                yield Static(self._page, markup=False)

    def press(self, key: str) -> None:
        """Scroll, or leave."""
        if key in ("escape", "q", "?", "enter"):
            self.dismiss(None)
        elif key in SCROLLS:
            box = self.query_one(VerticalScroll)
            box.scroll_to(y=box.scroll_offset.y + SCROLLS[key], animate=False, immediate=True)
