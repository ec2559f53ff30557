"""Going to what is seen or known: tags, and a search."""

from __future__ import annotations

import asyncio
import re
from array import array
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import islice

from textual import events

from annotui.domain.annotation import Annotation
from annotui.domain.graphemes import grapheme_ceiling
from annotui.domain.search import Finder, pattern_of
from annotui.domain.segment import Unit
from annotui.domain.span import Span
from annotui.tui.modes.filtering import FilterMode
from annotui.tui.modes.hints import HintMode, Target
from annotui.tui.modes.search import SearchMode
from annotui.tui.screens.edge_actions import EdgeActions
from annotui.tui.scribe import Scribe
from annotui.tui.selecting import Selecting
from annotui.tui.widgets.bar import Part

PLACES_COUNTED = 200_000
"""Places up to which a search is counted."""

PLACES_A_TURN = 5_000
"""Places counted in one turn of the loop."""

SEARCHES_KEPT = 50

Chosen = Callable[[Target], bool]
"""Told the target of a tag; answers whether another one is wanted."""


@dataclass(slots=True)
class Search:
    """What was searched for; ``starts`` fills up in the background.

    ``selects`` says that the place that is gone to is selected, ready for a label.
    """

    words: str
    pattern: re.Pattern[str]
    in_notes: bool = False
    selects: bool = False
    starts: array[int] = field(default_factory=lambda: array("q"))
    is_counted: bool = False


class Finding(EdgeActions):
    """Jumps by tags; searches, and goes from place to place."""

    def __init__(self, scribe: Scribe) -> None:
        super().__init__(scribe)
        self.searched_before: list[str] = []
        self._search: Search | None = None
        self._count_told: tuple[str, tuple[Part, ...]] = ("", ())
        self._finder = Finder("")

    # --- tags --------------------------------------------------------------------------------

    def action_hint_jump(self) -> None:
        """Put the caret on a word by its tag; while selecting, select to its far end."""

        def jump(target: Target) -> bool:
            anchor = self.selecting.anchor
            is_on = anchor is not None and target.span.start >= anchor
            self.select(self.selecting, target.span.end if is_on else target.span.start)
            return False

        self._show_tags("a word", self._words_on_screen(), jump)

    def action_hint_select(self) -> None:
        """Select from one word to another by their tags."""
        first: list[Span] = []

        def choose(target: Target) -> bool:
            if not first:
                first.append(target.span)
                return True
            ends = (first[0], target.span)
            start, end = min(one.start for one in ends), max(one.end for one in ends)
            self.select(Selecting(start, True), end)
            return False

        self._show_tags("one end", self._words_on_screen(), choose)

    def action_hint_mark(self) -> None:
        """Focus a mark of the screen by its tag."""

        if self.says_there_are_none():
            return
        seen = self.view.visible_span()

        def focus(target: Target) -> bool:
            mark = self.index.get(target.annotation_id)
            if mark is not None:
                top = grapheme_ceiling(self.text, seen.start) if seen else 0
                caret = top if mark.start < top < mark.end and mark.covers(top) else mark.start
                self.selecting = Selecting()
                self.view.move_caret(caret, selection=None, focused_id=mark.annotation_id)
            return False

        self._show_tags("a mark", self._marks_on_screen(), focus)

    def _show_tags(self, what: str, targets: list[Target], chosen: Chosen) -> None:
        if targets:
            self.enter_mode(HintMode(self, what, targets, chosen))
        else:
            self.say("There is nothing on the screen to tag.")

    def _words_on_screen(self) -> list[Target]:
        """The words that start on the screen, less those that stand too close for a tag."""
        seen = self.view.visible_span()
        targets: list[Target] = []
        free = 0
        for start, end in self.segmenter.starting_in(Unit.WORD, seen) if seen else ():
            if start >= free:
                targets.append(Target(start, Span(start, end)))
                free = start + 2
        return targets

    def _marks_on_screen(self) -> list[Target]:
        """The marks of the screen; tags of those that start at one place stand side by side."""
        seen = self.view.visible_span()
        targets: list[Target] = []
        free = 0
        for mark in self.index.overlapping(seen.start, seen.end) if seen else ():
            at = max(mark.start, seen.start if seen else 0, free)
            targets.append(Target(at, mark.span, mark.annotation_id))
            free = at + 2
        return targets

    # --- search ------------------------------------------------------------------------------

    def action_search(self) -> None:
        """Search while words are typed."""
        if self._finder_is_old():
            self._finder = Finder(self.text)
        self.enter_mode(SearchMode(self))

    async def action_search_next(self) -> None:
        """Go to the next place."""
        self._go_on(1)

    async def action_search_previous(self) -> None:
        """Go to the place before."""
        self._go_on(-1)

    def action_everywhere(self) -> None:
        """Go to the next place with the text of the selection, the mark, or the word here."""
        selection, mark = self.view.selection, self.focused_mark
        here = selection or (mark.runs[0] if mark is not None else None)
        here = here or self.segmenter.at(Unit.WORD, self.view.caret)
        words = here.slice(self.text).strip() if here is not None else ""
        if here is None or not words:
            self.say("There is no word here to look for.")
            return
        pattern = pattern_of(words, exact=True)
        self._begin(Search(words, pattern, selects=True))
        self.remember(words)
        self.view.overlays = replace(self.view.overlays, hit=here)
        self._go_on(1)

    def on_paste(self, event: events.Paste) -> None:
        """Add what is pasted to the search, or the filter, that is typed."""
        if isinstance(self.mode, SearchMode | FilterMode):
            event.stop()
            self.mode.paste(event.text)
            self.show_status()

    def seek(self, words: str, start: int, *, in_notes: bool = False) -> bool:
        """Begin a search and go to the first place from ``start`` on; whether there is one."""
        self._begin(Search(words, pattern_of(words), in_notes))
        return self._go_to(start - 1, 1) is not None

    def light(self, words: str, pattern: re.Pattern[str], place: int) -> None:
        """Begin a search that was made elsewhere, at a place where it was found."""
        self._begin(Search(words, pattern))
        self._go_to(place - 1, 1)
        hit = self.view.overlays.hit
        if hit is None or hit.start > place > 0:
            self.view.move_caret(place, selection=None, focused_id="")

    def unlight(self) -> bool:
        """Light nothing any more; whether anything was."""
        was_lit = self.view.overlays.lit is not None
        self.view.overlays = replace(self.view.overlays, lit=None, hit=None)
        return was_lit

    def remember(self, words: str) -> None:
        """Keep what was searched for, to be recalled."""
        if words in self.searched_before:
            self.searched_before.remove(words)
        self.searched_before = [*self.searched_before, words][-SEARCHES_KEPT:]

    def count_words(self) -> str:
        """Which place the caret is at, of how many."""
        search, hit = self._search, self.view.overlays.hit
        if search is None:
            return ""
        if search.in_notes:
            return f"{len(self._noted()):,} notes"
        if hit is None:
            return "nothing like that"
        if not search.is_counted:
            return "counting…"
        rank, count = bisect_right(search.starts, hit.start), len(search.starts)
        more = "+" if count >= PLACES_COUNTED else ""
        return f"{max(1, rank):,} of {count:,}{more}"

    def _finder_is_old(self) -> bool:
        return self._finder.text is not self.text

    def _begin(self, search: Search) -> None:
        if self._finder_is_old():
            self._finder = Finder(self.text)
        self._search = search
        finder, pattern, length = self._finder, search.pattern, len(search.words)

        def lit(start: int, end: int) -> list[tuple[int, int]]:
            near = finder.places(pattern, max(0, start - length), end + length)
            return [(max(a, start), min(b, end)) for a, b in near if a < end and start < b]

        lights = None if search.in_notes else lit
        self.view.overlays = replace(self.view.overlays, lit=lights, hit=None)
        if not search.in_notes:
            self.run_worker(self._count(search), group="search", exclusive=True)

    async def _count(self, search: Search) -> None:
        """Count the places a few at a time, between the keys."""
        found = self._finder.starts(search.pattern)
        while search is self._search and len(search.starts) < PLACES_COUNTED:
            some = array("q", islice(found, PLACES_A_TURN))
            search.starts.extend(some)
            if len(some) < PLACES_A_TURN:
                break
            await asyncio.sleep(0)
        search.is_counted = True
        if search is self._search and self.message and self.message is self._count_told[1]:
            self._tell_count(self._count_told[0])
        elif search is self._search:
            self.show_status()

    def _tell_count(self, before: str = "") -> None:
        """Say which place this is, and again with the count once that is known."""
        self.say(f"{before}{self.count_words()}")
        self._count_told = (before, self.message)

    def _go_on(self, step: int) -> None:
        search, hit = self._search, self.view.overlays.hit
        if search is None:
            self.say("Nothing was searched for yet; / searches.")
            return
        if self.view.overlays.lit is None and not search.in_notes:
            self._begin(Search(search.words, search.pattern, selects=search.selects))
        here = hit.start if hit is not None else self.view.caret
        focused = self.focused_mark
        if search.in_notes and focused is not None:
            here = focused.start
        wrapped = self._go_to(here, step)
        if wrapped is None:
            self.say(f"“{search.words}” is nowhere here.")
        elif wrapped and hit is not None and self.view.overlays.hit == hit:
            self.say(f"“{search.words}” stands only here.")
        elif wrapped:
            end = "top" if step > 0 else "end"
            self._tell_count(f"The search went on from the {end}. ")
        else:
            self._tell_count()

    def _go_to(self, here: int, step: int) -> bool | None:
        """Go to the next place after ``here`` (before it); whether it went round, None: none."""
        search = self._search
        if search is None:
            return None
        if search.in_notes:
            return self._go_to_note(here, step)
        find = self._after if step > 0 else self._before
        place = find(search, here)
        wrapped = place is None
        if place is None:
            place = find(search, -1 if step > 0 else len(self.text) + 1)
        if place is None:
            return None
        self._show_place(search, place)
        return wrapped

    def _after(self, search: Search, here: int) -> Span | None:
        return self._finder.first(search.pattern, here + 1)

    def _before(self, search: Search, here: int) -> Span | None:
        """The last place that starts before ``here``, looked for in ever larger stretches."""
        reach, end = 4_096, min(len(self.text), here + len(search.words))
        while True:
            start = max(0, here - reach)
            near = self._finder.places(search.pattern, start, end)
            starts = [place for place in near if place[0] < here]
            if starts or start == 0:
                return Span(*starts[-1]) if starts else None
            reach *= 8

    def _show_place(self, search: Search, place: Span) -> None:
        self.view.overlays = replace(self.view.overlays, hit=place)
        anchor = self.selecting.anchor if self.selecting.is_sticky else None
        if search.selects and anchor is None:
            self.select(Selecting(place.start), place.end)
        elif anchor is not None:
            self.select(self.selecting, place.end if place.start >= anchor else place.start)
        else:
            self.selecting = Selecting()
            self.view.move_caret(place.start, selection=None, focused_id="")

    def _noted(self) -> list[Annotation]:
        """The marks whose note has what is searched for."""
        search = self._search
        if search is None:
            return []
        return [one for one in self.index if one.note and search.pattern.search(one.note)]

    def _go_to_note(self, here: int, step: int) -> bool | None:
        noted = self._noted()
        if not noted:
            return None
        on = [one for one in noted if (one.start > here if step > 0 else one.start < here)]
        chosen = (on or noted)[0 if step > 0 else -1]
        self.focus_mark(chosen)
        return not on
