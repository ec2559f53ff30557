"""Labels and the scheme that holds them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from wcwidth import wcwidth

from annotui.errors import LabelError

PLAIN_COLOUR, PLAIN_GLYPH = "#888888", "·"
"""What a label has whose own cannot be drawn."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")

NUMBER_KEYS = tuple("123456789")
"""The second keys of the first nine labels."""


@dataclass(frozen=True, slots=True)
class Label:
    """One kind of mark: its name, key, glyph (one cell), colour (``#rrggbb``) and guideline."""

    name: str
    key: str
    glyph: str
    colour: str
    guideline: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True)
class LabelScheme:
    """The labels of one layer, in the order of their number keys.

    ``retired`` labels make no new marks; the marks that bear them are shown as before.
    """

    labels: tuple[Label, ...]
    retired: tuple[Label, ...] = ()

    def __iter__(self) -> Iterator[Label]:
        return iter(self.labels)

    def __len__(self) -> int:
        return len(self.labels)

    def __contains__(self, name: object) -> bool:
        return any(label.name == name for label in self.labels)

    @property
    def shown(self) -> tuple[Label, ...]:
        """Every label that a mark can bear, the retired ones last."""
        return (*self.labels, *self.retired)

    def get(self, name: str, *, even_retired: bool = False) -> Label:
        """The label called ``name``.

        Raises:
            LabelError: when there is none; the message names the near ones.
        """
        for label in self.shown if even_retired else self.labels:
            if label.name == name:
                return label
        from difflib import get_close_matches

        names = [label.name for label in self.labels]
        if any(label.name == name for label in self.retired):
            raise LabelError(
                f"The label {name!r} is retired: its marks stay, and no new ones are made. The "
                f"labels are: {', '.join(names)}. Nothing was done."
            )
        near = get_close_matches(name.casefold(), names, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise LabelError(
            f"There is no label {name!r}.{hint} The labels are: {', '.join(names)}. "
            "Nothing was done."
        )


def drawable(label: Label) -> Label:
    """The label with a colour and a glyph that can be drawn, whatever another program wrote."""
    glyph = label.glyph
    if len(glyph) != 1 or not glyph.isprintable() or wcwidth(glyph) != 1 or glyph == " ":
        glyph = PLAIN_GLYPH
    return replace(
        label,
        colour=label.colour if _COLOUR.fullmatch(label.colour) else PLAIN_COLOUR,
        glyph=glyph,
    )


def number_clash(scheme: LabelScheme) -> tuple[Label, Label] | None:
    """A label whose key is another's number, and that other; None where there is none.

    The first nine labels have the number of their place as a second key.
    """
    for label in scheme:
        if label.key in NUMBER_KEYS and int(label.key) <= len(scheme):
            owner = scheme.labels[int(label.key) - 1]
            if owner is not label:
                return label, owner
    return None


def default_scheme() -> LabelScheme:
    """Claim, denial, statistic and attribution, as they come with annotui."""
    import tomllib
    from importlib import resources

    raw = resources.files("annotui.domain").joinpath("default_labels.toml").read_text("utf-8")
    return LabelScheme(tuple(Label(**entry) for entry in tomllib.loads(raw)["label"]))
