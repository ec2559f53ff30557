"""A dark and a light theme of annotui's own, and label colours that read on both."""

from __future__ import annotations

from functools import lru_cache

from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from annotui.domain.label_scheme import LabelScheme
from annotui.errors import ConfigError
from annotui.services.config import Setting
from annotui.tui.widgets.palette import pole, readable

DARK = Theme(
    name="annotui-dark",
    primary="#7aa2c8",
    secondary="#8f9bb3",
    accent="#e0c37a",
    warning="#e5a455",
    error="#e0707a",
    success="#8fbf8a",
    foreground="#d5d3cc",
    background="#15171b",
    surface="#1c1f25",
    panel="#2a2e37",
    boost="#2f3540",
    dark=True,
)
LIGHT = Theme(
    name="annotui-light",
    primary="#2f5f8f",
    secondary="#5a6578",
    accent="#8a5a00",
    warning="#9a5b00",
    error="#a8323e",
    success="#2f6b35",
    foreground="#26241f",
    background="#faf8f3",
    surface="#efece4",
    panel="#d9d4c8",
    boost="#e2dccd",
    dark=False,
)


def check_theme(wanted: Setting) -> None:
    """Refuse a theme that there is not.

    Raises:
        ConfigError: then; the message names those that there are.
    """
    names = (DARK.name, LIGHT.name, *BUILTIN_THEMES)
    if wanted.value not in names:
        raise ConfigError(
            f"{wanted.where}: there is no theme {wanted.value!r}. Nothing was done; there are "
            f"{', '.join(names)}."
        )


@lru_cache(16)
def inks(scheme: LabelScheme, background: Color, is_coloured: bool = True) -> dict[str, str]:
    """For each label its colour as ``#rrggbb``, drawn towards the text so that it can be read.

    Where there are no colours, all have that of the text: else one grey would be duller.
    """
    if not is_coloured:
        return dict.fromkeys((label.name for label in scheme.shown), pole(background).hex6)
    return {
        label.name: readable(Color.parse(label.colour), background).hex6 for label in scheme.shown
    }
