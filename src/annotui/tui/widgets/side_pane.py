"""The side pane: the list of annotations, what narrows it, and the inspector."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from annotui.tui.widgets.annotation_list import AnnotationList
from annotui.tui.widgets.bar import Bar, Part
from annotui.tui.widgets.inspector import Inspector
from annotui.tui.widgets.steady import Steady


class SidePane(Vertical, Steady):
    """Holds the list and the inspector; a line above the list says what narrows it."""

    DEFAULT_CSS = """
    SidePane {
        & > Bar { display: none; background: $panel; }
        &.narrowed > Bar { display: block; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.filter_bar = Bar(id="filter")
        self.list = AnnotationList(id="marks")
        self.inspector = Inspector(id="inspector")

    def compose(self) -> ComposeResult:
        """Filter, list, inspector."""
        yield self.filter_bar
        yield self.list
        yield self.inspector

    def show_filter(self, left: tuple[Part, ...], right: tuple[Part, ...] = ()) -> None:
        """Say what narrows the list; nothing where nothing does."""
        self.set_class(bool(left), "narrowed")
        self.filter_bar.show(left, right)
