"""The colours of a theme and of the labels, mixed into the styles of rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import dist
from typing import NamedTuple

from rich.cells import cell_len
from rich.style import Style
from textual.color import Color, rgb_to_lab

from annotui.domain.label_scheme import LabelScheme
from annotui.tui.widgets.lanes import LaneMark, LaneSign

_ATTRIBUTES = (
    Style(),
    Style(bold=True, italic=True),
    Style(bold=True),
    Style(italic=True),
)
"""How the text of a label differs without colour, by the label's place in the scheme."""

_LINES = (Style(), Style(underline=True), Style(underline=True, underline2=True))
"""No line, one, and a double one under the text (one where a terminal knows no double one)."""

TEXT_CONTRAST = 5.5
"""The least contrast of text with its ground."""

GROUND_DIFFERENCE = 24.0
"""How much the ground of a mark differs from the background."""

FOCUSED_DIFFERENCE = 52.0
"""How much the ground of the focused mark differs from the background."""

OTHERS_DIFFERENCE = 9.0
"""How much the ground of other annotators' marks differs from the background."""

GREY_DIFFERENCE = 14.0
"""As ``GROUND_DIFFERENCE``, where there are greys only."""

GREY_SELECTION_DIFFERENCE = 30.0
"""How much the ground of the selection differs where there are greys only."""

LIT_DIFFERENCE = 30.0
"""How much the ground of what a search found differs from the background."""

HIT_DIFFERENCE = 60.0
"""The same for the place that the caret went to."""

_FOUND = Color.parse("#e0b040")

SIGN_CONTRAST = 4.5
"""The least contrast of a label's name or sign with the background (WCAG 2.2, 1.4.3)."""

GAP_DIFFERENCE = 8.0
"""How much the ground between two fragments of a mark differs from the background."""

SEAM_DIFFERENCE = 22.0
"""How much more the first cell of a mark differs where it begins right behind another."""

_SIGNS = {
    LaneSign.FURTHER: "│",
    LaneSign.LAST: "╵",
    LaneSign.GAP: "┊",
    LaneSign.PIECE: "├",
    LaneSign.LAST_PIECE: "└",
    LaneSign.MORE: "+",
}
_FOCUSED_SIGNS = {
    LaneSign.FURTHER: "┃",
    LaneSign.LAST: "╹",
    LaneSign.GAP: "┋",
    LaneSign.PIECE: "┣",
    LaneSign.LAST_PIECE: "┗",
}
_UNKNOWN_GLYPH = "•"


class Ink(NamedTuple):
    """What decides the style of a stretch of text.

    ``marks_below`` counts the marks under the one that colours the ground, 2 for more than one;
    ``gap`` is between two fragments of a mark, ``seam`` where a mark begins right behind another.
    """

    label: str | None = None
    focused: bool = False
    marks_below: int = 0
    others: bool = False
    selected: bool = False
    caret: bool = False
    headline: bool = False
    lit: bool = False
    hit: bool = False
    gap: bool = False
    seam: bool = False


@dataclass(frozen=True)
class Palette:
    """The colours of the theme and the labels, and the styles mixed from them.

    ``coloured`` is false where all colours end as greys: labels then share one grey, and only
    signs and attributes tell them apart. ``grounds`` is false where colours are the terminal's
    own, so that they cannot be mixed: marks are then underlined, selection and focus reversed.
    """

    scheme: LabelScheme
    background: Color
    foreground: Color
    muted: Color
    selection: Color
    grounds: bool = True
    coloured: bool = True
    _styles: dict[Ink, Style] = field(default_factory=dict)
    _lane_styles: dict[tuple[str, bool, bool, bool], Style] = field(default_factory=dict)

    @property
    def base(self) -> Style:
        """Text without any mark."""
        return self.style(Ink())

    def style(self, ink: Ink) -> Style:
        """The style for ``ink``."""
        style = self._styles.get(ink)
        if style is None:
            style = self._styles[ink] = self._mix(ink)
        return style

    def lane_style(self, lane: LaneMark, focused: bool) -> Style:
        """The style of a lane of the gutter."""
        glyph = lane.sign in (LaneSign.FIRST, LaneSign.MORE)
        key = (lane.label, lane.own, focused, glyph)
        style = self._lane_styles.get(key)
        if style is None:
            known = bool(lane.label) and lane.own
            colour = self.muted
            if known:
                colour = self.foreground
                if self.grounds:
                    colour = readable(self._colour(lane.label), self.background)
            attributes = Style(bold=(focused or (known and glyph)) or None)
            attributes += Style(reverse=(focused and glyph) or None)
            if not self.grounds:
                attributes += Style(dim=not lane.own or None)
            style = Style.from_color(colour.rich_color, self.background.rich_color) + attributes
            self._lane_styles[key] = style
        return style

    def tag_style(self, *, typed: bool) -> Style:
        """The style of a tag's letters: those to be typed stand out from those that were."""
        if typed:
            return self.base + Style(dim=True, underline=True)
        return self.base + Style(reverse=True, bold=True)

    def glyph(self, lane: LaneMark, focused: bool) -> str:
        """The one cell that a lane shows."""
        if lane.sign is LaneSign.FIRST:
            glyph = next((one.glyph for one in self.scheme.shown if one.name == lane.label), "")
            return glyph if cell_len(glyph) == 1 else _UNKNOWN_GLYPH
        signs = _FOCUSED_SIGNS if focused else _SIGNS
        return signs.get(lane.sign, _SIGNS[lane.sign])

    def _colour(self, label: str) -> Color:
        if not self.coloured:
            return self.foreground
        for one in self.scheme.shown:
            if one.name == label:
                return Color.parse(one.colour)
        return self.muted

    def _place(self, label: str) -> int:
        return next((i for i, one in enumerate(self.scheme.shown) if one.name == label), 0)

    def _ground(self, colour: Color, wanted: float) -> Color:
        """The background tinted with ``colour`` until the eye sees the ``wanted`` difference."""
        ground = self.background
        for step in range(2, 38):
            ground = self.background.blend(colour, step / 40)
            if difference(ground, self.background) >= wanted:
                break
        return ground

    def _mix(self, ink: Ink) -> Style:
        """The style for ``ink``: its attributes on the colours of ``_colours``."""
        text, ground = self._colours(ink)
        style = Style(bold=True) if ink.headline or (ink.focused and not ink.gap) else Style()
        if ink.label is not None and not ink.gap:
            style += _ATTRIBUTES[self._place(ink.label) % len(_ATTRIBUTES)]
        style += _LINES[self._lines(ink)]
        if not self.grounds:
            if ink.others and ink.label is None:
                style += Style(dim=True)
            if (ink.selected or (ink.focused and not ink.gap)) != ink.caret:
                style += Style(reverse=True)
        elif ink.caret:
            style += Style(reverse=True)
        if ink.lit:
            style += Style(bold=ink.hit or None, underline=True)
        return Style.from_color(text.rich_color, ground.rich_color) + style

    def _colours(self, ink: Ink) -> tuple[Color, Color]:
        """The colours of text and ground for ``ink``."""
        if not self.grounds or ink.caret:
            return self.foreground, self.background
        if ink.selected:
            selection = self.selection
            if not self.coloured:
                selection = self._ground(self.foreground, GREY_SELECTION_DIFFERENCE)
            return _text_on(selection, self.foreground), selection
        if ink.lit:
            colour = _FOUND if self.coloured else self.foreground
            ground = self._ground(colour, HIT_DIFFERENCE if ink.hit else LIT_DIFFERENCE)
            return _text_on(ground, self.foreground), ground
        if ink.label is not None:
            ground = self._ground(self._colour(ink.label), self._wanted(ink))
            return _text_on(ground, self.foreground), ground
        if ink.others:
            ground = self._ground(self.foreground, OTHERS_DIFFERENCE)
            text = self.foreground if self.coloured else self.muted
            return _text_on(ground, text), ground
        return self.foreground, self.background

    def _wanted(self, ink: Ink) -> float:
        """How much the ground of a label differs from the background."""
        if ink.gap:
            return GAP_DIFFERENCE * (2 if ink.focused else 1)
        wanted = GROUND_DIFFERENCE if self.coloured else GREY_DIFFERENCE
        if ink.focused:
            wanted = FOCUSED_DIFFERENCE
        return wanted + (SEAM_DIFFERENCE if ink.seam else 0)

    def _lines(self, ink: Ink) -> int:
        """How many lines are under the text: one for each mark that the ground does not show."""
        if self.grounds or ink.gap:
            return ink.marks_below
        if ink.label is None and not ink.others:
            return 0
        return 0 if ink.seam else min(2, ink.marks_below + 1)


def pole(background: Color) -> Color:
    """White on a dark background, black on a light one."""
    return Color(255, 255, 255) if background.brightness < 0.5 else Color(0, 0, 0)


def readable(colour: Color, background: Color) -> Color:
    """``colour``, taken towards white or black until it can be read on ``background``."""
    for step in range(11):
        mixed = colour.blend(pole(background), step / 10)
        if contrast(mixed, background) >= SIGN_CONTRAST:
            break
    return mixed


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of two colours, 1 to 21.

    Source: WCAG 2.2, definition of contrast ratio and of relative luminance.
    """
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def difference(one: Color, other: Color) -> float:
    """How different two colours look, in steps of CIELAB (about 2 can just be told apart)."""
    return dist((*rgb_to_lab(one),), (*rgb_to_lab(other),))


def _luminance(colour: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _text_on(ground: Color, preferred: Color) -> Color:
    """``preferred``, taken towards black or white until it can be read on ``ground``."""
    black, white = Color(0, 0, 0), Color(255, 255, 255)
    goal = black if contrast(black, ground) > contrast(white, ground) else white
    for step in range(6):
        text = preferred.blend(goal, step / 5)
        if contrast(text, ground) >= TEXT_CONTRAST:
            break
    return text
