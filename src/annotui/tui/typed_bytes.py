"""The terminal's bytes on their way to Textual: any byte is borne, and a paste is only text."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from functools import partial

_BEGIN, _END = "\x1b[200~", "\x1b[201~"
"""What stands around pasted text. Source: xterm, bracketed paste mode."""

_SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]")
"""A sequence for a terminal. Source: ECMA-48, 5.3 and 5.4, and xterm's OSC."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

_LONGEST = 64
"""Characters of a sequence that may be cut in two by the end of a chunk."""


class TypedBytes(codecs.IncrementalDecoder):
    """Decodes UTF-8 and takes sequences and controls out of what is pasted.

    Textual 8.2 would take what follows an escape in pasted text for keys. A byte that is not
    UTF-8 becomes U+FFFD.
    """

    def __init__(self, errors: str = "replace") -> None:
        super().__init__(errors)
        self._utf8 = codecs.getincrementaldecoder("utf-8")("replace")
        self._is_paste = False
        self._before = ""
        self._held = ""

    def decode(self, data: object, final: bool = False) -> str:
        """The text of ``data``; what may go on in the next chunk of a paste is held back."""
        text, self._held = self._held + self._utf8.decode(bytes(data), final), ""  # type: ignore[call-overload]
        parts: list[str] = []
        while text:
            if self._is_paste:
                pasted, end, text = text.partition(_END)
                if not end and not final:
                    pasted, self._held = _without_open_end(pasted)
                parts += [_CONTROL.sub("", _SEQUENCE.sub("", pasted)), end]
                self._is_paste = not end
            else:
                known = self._before + text
                at = known.find(_BEGIN)
                self._is_paste = at >= 0
                cut = at + len(_BEGIN) - len(self._before) if self._is_paste else len(text)
                parts.append(text[:cut])
                self._before = "" if self._is_paste else known[1 - len(_BEGIN) :]
                text = text[cut:]
        return "".join(parts)


def _without_open_end(text: str) -> tuple[str, str]:
    """Text, and behind it the sequence that its end may have cut in two."""
    at = text.find("\x1b", max(0, len(text) - _LONGEST))
    return (text, "") if at < 0 else (text[:at], text[at:])


def use() -> None:
    """Have Textual decode the terminal's bytes so."""
    from textual.drivers import linux_driver

    def decoder(_encoding: str) -> Callable[[], codecs.IncrementalDecoder]:
        return partial(TypedBytes, "replace")

    linux_driver.getincrementaldecoder = decoder  # type: ignore[attr-defined, assignment]
