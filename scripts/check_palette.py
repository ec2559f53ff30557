"""Check that the labels of the default scheme can be told apart, whoever looks and wherever.

Usage: ``python scripts/check_palette.py`` (prints a table; exit code 1 where a check fails).

For both themes of annotui the colours are those that the reader mixes, seen with normal sight and
as people without one kind of cone see them:

- two grounds differ by ``GROUNDS_APART``, two names or signs of labels by ``INKS_APART``
  (CIEDE2000; about 1 can just be told apart side by side). With a lack of cones less will do
  (``WEAK_SHARE``), and none is needed where the text and the sign of two labels differ without
  colour; that they do is checked for every pair.
- the ground of the focused mark and that of the selection differ by ``STATES_APART`` from every
  ground of a mark, and from each other.
- text has a contrast of ``CONTRAST`` with its ground, names and signs with the background
  (WCAG 2.2, success criterion 1.4.3).

Sources: Machado, Oliveira and Fernandes, A physiologically-based model for simulation of color
vision deficiency, IEEE TVCG 15 (2009), the matrices for severity 1.0; Sharma, Wu and Dalal, The
CIEDE2000 color-difference formula, Color Research and Application 30 (2005).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import combinations
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt
from typing import NamedTuple

from rich.style import Style
from textual.color import Color, rgb_to_lab
from textual.theme import Theme

from annotui.domain.label_scheme import default_scheme
from annotui.tui.themes import DARK, LIGHT, inks
from annotui.tui.widgets.lanes import LaneMark, LaneSign
from annotui.tui.widgets.palette import Ink, Palette, contrast

GROUNDS_APART = 10.0
INKS_APART = 20.0
STATES_APART = 8.0
WEAK_SHARE = 0.5
CONTRAST = 4.5

Matrix = tuple[tuple[float, float, float], ...]
SIGHTS: dict[str, Matrix] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


class Row(NamedTuple):
    """One line of the table: the least figure of a kind, and what it must reach."""

    theme: str
    sight: str
    what: str
    least: float
    wanted: float
    where: str


def seen(colour: Color, sight: str) -> Color:
    """``colour`` as a person with this sight sees it; worked out in linear light."""
    light = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in colour.normalized
    ]
    parts = []
    for weights in SIGHTS[sight]:
        part = min(1.0, max(0.0, sum(w * x for w, x in zip(weights, light, strict=True))))
        encoded = 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
        parts.append(round(255 * encoded))
    return Color(*parts)


def ciede2000(one: Color, other: Color) -> float:
    """The difference of two colours by the formula of the CIE of 2000."""
    (l1, a1, b1), (l2, a2, b2) = ((*rgb_to_lab(colour),) for colour in (one, other))
    chroma = (hypot(a1, b1) + hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * sqrt(chroma**7 / (chroma**7 + 25**7))
    c1, c2 = hypot(a1 * stretch, b1), hypot(a2 * stretch, b2)
    h1, h2 = (degrees(atan2(b, a * stretch)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    lightness, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    hue = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    waves = ((1, -30, -0.17), (2, 0, 0.24), (3, 6, 0.32), (4, -63, -0.20))
    t = 1 + sum(size * cos(radians(times * hue + shift)) for times, shift, size in waves)
    deviation = (lightness - 50) ** 2
    d_light = (l2 - l1) / (1 + 0.015 * deviation / sqrt(20 + deviation))
    d_chroma = (c2 - c1) / (1 + 0.045 * chroma)
    d_hue = 2 * sqrt(c1 * c2) * sin(radians(turn / 2)) / (1 + 0.015 * chroma * t)
    rotation = -2 * sqrt(chroma**7 / (chroma**7 + 25**7))
    rotation *= sin(radians(60 * exp(-(((hue - 275) / 25) ** 2))))
    return sqrt(d_light**2 + d_chroma**2 + d_hue**2 + rotation * d_chroma * d_hue)


def palette_of(theme: Theme) -> Palette:
    """The palette that the article view mixes in ``theme``."""
    background, foreground, primary = (
        Color.parse(str(colour)) for colour in (theme.background, theme.foreground, theme.primary)
    )
    muted = background + foreground.with_alpha(0.55)
    return Palette(
        default_scheme(), background, foreground, muted, background + primary.with_alpha(0.55)
    )


def ground(style: Style) -> Color:
    """The background colour of a style."""
    assert style.bgcolor is not None
    return Color.from_rich_color(style.bgcolor)


def text_contrast(style: Style) -> float:
    """The contrast of a style's text with its ground."""
    assert style.color is not None
    return contrast(Color.from_rich_color(style.color), ground(style))


def differ_without_colour(palette: Palette, one: str, other: str) -> bool:
    """Whether two labels have other glyphs and other attributes of their text."""
    attributes, glyphs = [], []
    for name in (one, other):
        style = palette.style(Ink(name))
        attributes.append((style.bold, style.italic))
        glyphs.append(palette.glyph(LaneMark(LaneSign.FIRST, name, True, ""), False))
    return attributes[0] != attributes[1] and glyphs[0] != glyphs[1]


def nearest(
    pairs: Iterable[tuple[str, Color, str, Color]], sight: str
) -> Iterator[tuple[float, str]]:
    """The difference of every pair for this sight, with the names."""
    for name, colour, other, its_colour in pairs:
        yield ciede2000(seen(colour, sight), seen(its_colour, sight)), f"{name}, {other}"


def differences(theme: Theme) -> Iterator[Row]:
    """The least differences of grounds, inks and states in a theme."""
    palette = palette_of(theme)
    names = [label.name for label in palette.scheme]
    grounds = {name: ground(palette.style(Ink(name))) for name in names}
    held = {name: ground(palette.style(Ink(name, focused=True))) for name in names}
    colours = {
        name: Color.parse(ink) for name, ink in inks(palette.scheme, palette.background).items()
    }
    marks = [(a, grounds[a], b, grounds[b]) for a, b in combinations(names, 2)]
    signs = [(a, colours[a], b, colours[b]) for a, b in combinations(names, 2)]
    states = [(a, grounds[a], f"focused {b}", held[b]) for a in names for b in names]
    chosen = [(a, grounds[a], "selection", palette.selection) for a in names]
    chosen += [(f"focused {a}", held[a], "selection", palette.selection) for a in names]
    kinds = (
        ("two marks", marks, GROUNDS_APART),
        ("two names or signs", signs, INKS_APART),
        ("a focused mark and a mark", states, STATES_APART),
        ("the selection and a mark", chosen, STATES_APART),
    )
    for what, pairs, wanted in kinds:
        for sight in SIGHTS:
            least, where = min(nearest(pairs, sight))
            share = 1.0 if sight == "normal" else WEAK_SHARE
            yield Row(theme.name, sight, what, least, wanted * share, where)


def contrasts(theme: Theme) -> Iterator[Row]:
    """The least contrasts of text on the grounds, and of names on the background."""
    palette = palette_of(theme)
    kinds = [Ink(selected=True), Ink(others=True), Ink(lit=True), Ink(lit=True, hit=True)]
    for label in palette.scheme:
        kinds += [Ink(label.name), Ink(label.name, focused=True)]
        kinds += [Ink(label.name, seam=True), Ink(label.name, gap=True)]
    least, where = min((text_contrast(palette.style(ink)), str(ink.label)) for ink in kinds)
    yield Row(theme.name, "contrast", "text on its ground", least, CONTRAST, where)
    signs = inks(palette.scheme, palette.background).items()
    least, where = min(
        (contrast(Color.parse(ink), palette.background), name) for name, ink in signs
    )
    yield Row(theme.name, "contrast", "names and signs", least, CONTRAST, where)


def table() -> Iterator[Row]:
    """Every figure for both themes."""
    for theme in (DARK, LIGHT):
        yield from differences(theme)
        yield from contrasts(theme)


def alike_without_colour() -> list[str]:
    """Pairs of labels that only colour tells apart."""
    palette = palette_of(DARK)
    pairs = combinations((label.name for label in palette.scheme), 2)
    return [f"{a}, {b}" for a, b in pairs if not differ_without_colour(palette, a, b)]


def main() -> int:
    """Print the table; 1 where a figure is too low."""
    failed = False
    for row in table():
        bad = row.least < row.wanted
        failed = failed or bad
        print(
            f"{row.theme:14}{row.sight:14}{row.what:28}{row.least:6.1f}  of {row.wanted:4.1f}"
            f"  {row.where}{'  TOO LOW' if bad else ''}"
        )
    alike = alike_without_colour()
    print("Only colour tells apart: " + ("; ".join(alike) or "no two labels."))
    return int(failed or bool(alike))


if __name__ == "__main__":
    sys.exit(main())
