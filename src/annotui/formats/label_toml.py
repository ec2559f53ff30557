"""Label schemes as TOML: a ``[[label]]`` table for each label, in the order of the number keys."""

from __future__ import annotations

import json
import re
from typing import Any

from wcwidth import wcwidth

from annotui.domain.label_scheme import Label, LabelScheme, number_clash
from annotui.domain.visible import visible
from annotui.errors import LabelError
from annotui.formats.toml_text import Lines, near, parsed

GUTTER_SIGNS = "│╵┊├└┃╹┋┣┗+·•"
"""What the reader draws beside marks itself, so that no label may have it as its glyph."""

REQUIRED = ("name", "key", "glyph", "colour")
FIELDS = (*REQUIRED, "guideline", "example")
NAME_LENGTH = 60
"""Code points of a label's name at most."""

TEXT_LENGTH = 20_000
"""Code points of a guideline or an example at most."""

_HEAD = """# A label scheme of annotui; `annotui labels --import FILE` brings it into a database.
#
# name       how the label is stored and exported
# key        the key that marks with it
# glyph      one cell wide, so that nothing depends on colour
# colour     "#rrggbb"; it is blended into a dark or a light background
# guideline  what the label means (optional)
# example    a sentence with the marked part in [square brackets] (optional)
"""


def loads(text: str, file_name: str) -> LabelScheme:
    """The scheme that ``text`` describes; ``file_name`` is for the messages.

    Raises:
        LabelError: when it is not TOML, or no scheme that the reader can work with.
    """
    content, lines = parsed(text, file_name, LabelError)
    for name in content.keys() - {"label"}:
        raise lines.error((name,), f"{name!r} is not known; a scheme has [[label]] tables only.")
    entries = content.get("label", [])
    if not (isinstance(entries, list) and all(isinstance(one, dict) for one in entries)):
        raise lines.error(("label",), "a label begins with [[label]], in two brackets each.")
    if not entries:
        raise lines.error((), "there is no label; a scheme has one [[label]] at least.")
    labels = [_label(entry, rank, lines) for rank, entry in enumerate(entries)]
    scheme = LabelScheme(tuple(labels))
    _check_apart(scheme, lines)
    return scheme


def dumps(scheme: LabelScheme) -> str:
    """The scheme as :func:`loads` reads it."""
    parts = [_HEAD]
    for label in scheme:
        values = [f"{name} = {_quoted(getattr(label, name))}\n" for name in FIELDS]
        parts.append("[[label]]\n" + "".join(values))
    return "\n".join(parts)


def _quoted(value: str) -> str:
    """A TOML basic string; JSON has the same escapes but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _label(entry: dict[str, Any], rank: int, lines: Lines) -> Label:
    for name, value in entry.items():
        path = ("label", rank, name)
        if name not in FIELDS:
            raise lines.error(
                path, f"{name!r} is not known.{near(name, FIELDS)} A label has {', '.join(FIELDS)}."
            )
        if not isinstance(value, str):
            raise lines.error(path, f"{name} is text; write it in quotation marks.")
        problem = _problem(name, value)
        if problem:
            raise lines.error(path, problem)
    for name in REQUIRED:
        if name not in entry:
            raise lines.error(("label", rank), f"this label has no {name}.")
    return Label(**entry)


def _problem(name: str, value: str) -> str:
    """What is wrong with one value; empty when nothing is."""
    if name == "name":
        return name_problem(value)
    if name == "colour" and not re.fullmatch("#[0-9a-fA-F]{6}", value):
        return f'the colour is {value!r}; write # and six hexadecimal digits, as in "#c8551e".'
    if name in ("key", "glyph") and (len(value) != 1 or value == " " or not value.isprintable()):
        return f"the {name} is {value!r}; it is one character that can be seen."
    if name == "key" and wcwidth(value) < 1:
        return f"the key is {value!r}, which no key types by itself."
    if name == "glyph" and wcwidth(value) != 1:
        return f"the glyph {value!r} is {wcwidth(value)} cells wide; it must fill exactly one."
    if name == "glyph" and value in GUTTER_SIGNS:
        return f"the glyph {value!r} is drawn in the margin for other things; choose another."
    if name in ("guideline", "example"):
        if visible(value, tab="\t", newline="\n") != value:
            return f"the {name} holds a control character."
        if len(value) > TEXT_LENGTH:
            return f"the {name} has {len(value):,} characters; at most {TEXT_LENGTH:,} are kept."
    return ""


def name_problem(value: str) -> str:
    """What is wrong with a label's name; empty when nothing is."""
    if not value.strip():
        return "the name is empty."
    if value != value.strip():
        return f"the name {value!r} has spaces at its edge."
    if visible(value) != value:
        return f"the name {value!r} holds a control character."
    if len(value) > NAME_LENGTH:
        return f"the name has {len(value)} characters; at most {NAME_LENGTH} are kept."
    return ""


def _check_apart(scheme: LabelScheme, lines: Lines) -> None:
    """Refuse labels that could not be told from each other."""
    for field, same in (("name", str.casefold), ("key", str), ("glyph", str)):
        seen: dict[str, Label] = {}
        for rank, label in enumerate(scheme):
            value = getattr(label, field)
            other = seen.setdefault(same(value), label)
            if other is not label:
                whose = "another label" if field == "name" else f"the label {other.name!r}"
                raise lines.error(
                    ("label", rank, field), f"the {field} {value!r} is that of {whose} already."
                )
    if clash := number_clash(scheme):
        label, owner = clash
        raise lines.error(
            ("label", scheme.labels.index(label), "key"),
            f"the key {label.key!r} is the number of the label {owner.name!r}, label "
            f"{label.key} of this file; a digit may only be the label's own number.",
        )
