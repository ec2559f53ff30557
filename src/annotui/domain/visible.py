"""What a terminal is shown of a text that nobody has vouched for."""

from __future__ import annotations

import re

REPLACEMENT = "\ufffd"
"""Stands for a control that has no picture of its own."""

_PICTURES = {
    "\x7f": "\u2421",
    "\xad": "\u2027",  # soft hyphen: hyphenation point
    "\u200b": "\u2423",  # zero width space: open box
    "\u2028": "\u2424",
    "\u2029": "\u2424",
} | {chr(code): chr(0x2400 + code) for code in range(32)}

_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff0-\ufffb\U00013430-\U0001345f\U0001bca0-\U0001bcaf"
    "\U0001d173-\U0001d17a\U000e0000-\U000e00ff]"
)


def visible(text: str, *, tab: str = "\u2409", newline: str = "\u240a") -> str:
    """``text`` with every control shown, one code point for one code point.

    C0 becomes its picture, soft hyphen ``‧``, zero width space ``␣``, line and paragraph
    separator ``␤``; C1, surrogates, bidirectional and other format controls and tags become
    U+FFFD. Joiners (U+200C, U+200D), variation selectors and the Arabic number signs stay,
    since they have a shape or give one. ``tab`` and ``newline`` are what those two become.
    """
    if text.isprintable():
        return text

    def picture(match: re.Match[str]) -> str:
        control = match[0]
        if control == "\n":
            return newline
        return tab if control == "\t" else _PICTURES.get(control, REPLACEMENT)

    return _HIDDEN.sub(picture, text)
