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

SIGN_CONTRAST = 4.0
"""The least contrast of a sign in the gutter with the background."""

_SIGNS = {
    LaneSign.FURTHER: "│",
    LaneSign.GAP: "┊",
    LaneSign.LAST: "╵",
    LaneSign.MORE: "+",
}
_FOCUSED_SIGNS = {LaneSign.FURTHER: "┃", LaneSign.GAP: "┋", LaneSign.LAST: "╹"}
_UNKNOWN_GLYPH = "•"


class Ink(NamedTuple):
    """What decides the style of a stretch of text."""

    label: str | None = None
    focused: bool = False
    underlined: bool = False
    others: bool = False
    selected: bool = False
    caret: bool = False
    headline: bool = False
    lit: bool = False
    hit: bool = False


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
        first = lane.sign is LaneSign.FIRST
        key = (lane.label, lane.own, focused, first)
        style = self._lane_styles.get(key)
        if style is None:
            known = bool(lane.label) and lane.own
            colour = self._legible(self._colour(lane.label)) if known else self.muted
            attributes = Style(bold=(known and (focused or first)) or None)
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

    def _legible(self, colour: Color) -> Color:
        """``colour``, taken towards the text colour until it stands out as a sign."""
        if not self.grounds:
            return self.foreground
        mixed = colour
        for step in range(1, 10):
            if contrast(mixed, self.background) >= SIGN_CONTRAST:
                break
            mixed = colour.blend(self.foreground, step / 10)
        return mixed

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
        style = Style(bold=True) if ink.headline or ink.focused else Style()
        if ink.label is not None:
            style += _ATTRIBUTES[self._place(ink.label) % len(_ATTRIBUTES)]
        if ink.underlined and not self.grounds:
            style += Style(underline2=True)
        elif self._is_underlined(ink):
            style += Style(underline=True)
        if not self.grounds:
            if ink.others and ink.label is None:
                style += Style(dim=True)
            if (ink.selected or ink.focused) != ink.caret:
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
            wanted = FOCUSED_DIFFERENCE if ink.focused else GROUND_DIFFERENCE
            if not (self.coloured or ink.focused):
                wanted = GREY_DIFFERENCE
            ground = self._ground(self._colour(ink.label), wanted)
            return _text_on(ground, self.foreground), ground
        if ink.others:
            ground = self._ground(self.foreground, OTHERS_DIFFERENCE)
            return _text_on(ground, self.foreground), ground
        return self.foreground, self.background

    def _is_underlined(self, ink: Ink) -> bool:
        """Whether a line says what the ground does not: that there is a mark, or one more."""
        if not self.grounds:
            return ink.label is not None or ink.others
        return ink.underlined or (ink.others and ink.label is not None)


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
