"""Labels and the scheme that holds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from annotui.errors import LabelError


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
    """The labels of one layer, in the order of their number keys."""

    labels: tuple[Label, ...]

    def __iter__(self) -> Iterator[Label]:
        return iter(self.labels)

    def __len__(self) -> int:
        return len(self.labels)

    def __contains__(self, name: object) -> bool:
        return any(label.name == name for label in self.labels)

    def get(self, name: str) -> Label:
        """The label called ``name``.

        Raises:
            LabelError: when there is none; the message names the near ones.
        """
        for label in self.labels:
            if label.name == name:
                return label
        from difflib import get_close_matches

        names = [label.name for label in self.labels]
        near = get_close_matches(name.casefold(), names, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise LabelError(
            f"There is no label {name!r}.{hint} The labels are: {', '.join(names)}. "
            "Nothing was done."
        )


def default_scheme() -> LabelScheme:
    """Claim, denial, statistic and attribution, as they come with annotui."""
    import tomllib
    from importlib import resources

    raw = resources.files("annotui.domain").joinpath("default_labels.toml").read_text("utf-8")
    return LabelScheme(tuple(Label(**entry) for entry in tomllib.loads(raw)["label"]))
