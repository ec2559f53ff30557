"""What somebody types to search texts: words, "phrases", the beginnings of words, and -not."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LIT, UNLIT = "\ufdd0", "\ufdd1"
"""Around what was found in a snippet: code points that no text means anything by."""

_TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))(?P<star>\*?)')
_UNWRITTEN = str.maketrans(dict.fromkeys("“”„«»", '"'))

_SPACELESS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Letters of scripts that put no spaces between words: Thai, Lao, Burmese, Khmer, Han, Kana."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase; ``is_start`` where it may go on, ``is_excluded`` where it must lack."""

    words: str
    is_start: bool = False
    is_excluded: bool = False

    @property
    def is_spaceless(self) -> bool:
        """Whether it can stand in the middle of what looks like one word."""
        return _SPACELESS.search(self.words) is not None


@dataclass(frozen=True, slots=True)
class TextQuery:
    """All terms must be there, in any order, except those that must not."""

    terms: tuple[Term, ...]

    @classmethod
    def parse(cls, typed: str, *, is_growing: bool = False) -> TextQuery:
        """What ``typed`` asks for; while it ``is_growing`` its last word is a beginning.

        Signs that are no part of a word ask for nothing.
        """
        terms: list[Term] = []
        straight = typed.translate(_UNWRITTEN).replace("\0", " ")
        for found in _TERM.finditer(straight):
            words, star = found["phrase"], bool(found["star"])
            if words is None:
                star = star or found["word"].endswith("*")
                words = found["word"].rstrip("*")
            if _has_word(words):
                is_last = is_growing and found.end() == len(straight)
                is_open = found["phrase"] is None or not straight.endswith('"')
                is_start = star or (is_last and is_open)
                terms.append(Term(" ".join(words.split()), is_start, bool(found["minus"])))
        return cls(tuple(terms))

    @property
    def wanted(self) -> tuple[Term, ...]:
        """The terms that must be there."""
        return tuple(term for term in self.terms if not term.is_excluded)

    def pattern(self) -> re.Pattern[str] | None:
        """An expression that finds the wanted terms in a text; None where there is none.

        Letters fit their small, large and accented forms where both sides are composed.
        """
        parts = [_pattern(term) for term in self.wanted]
        return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def folded(text: str) -> str:
    """``text`` in small letters without accents, to be compared with another."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    if apart.isascii():
        return apart
    return "".join(char for char in apart if not unicodedata.combining(char))


def _has_word(words: str) -> bool:
    """Whether the full-text index would see anything in ``words``."""
    return any(unicodedata.category(char)[0] in "LN" for char in words)


_ACCENTED = {
    "a": "aàáâãäåāăą",
    "c": "cçćĉċč",
    "d": "dď",
    "e": "eèéêëēĕėęě",
    "g": "gĝğġģ",
    "h": "hĥ",
    "i": "iìíîïĩīĭįı",
    "j": "jĵ",
    "k": "kķ",
    "l": "lĺļľ",
    "n": "nñńņňŉ",
    "o": "oòóôõöōŏő",
    "r": "rŕŗř",
    "s": "sśŝşšș",
    "t": "tţťț",
    "u": "uùúûüũūŭůűų",
    "w": "wŵ",
    "y": "yýÿŷ",
    "z": "zźżž",
}


def _pattern(term: Term) -> str:
    words = re.findall(r"\w+", term.words)
    joined = r"\W+".join("".join(map(_letter, folded(word))) for word in words)
    if term.is_spaceless:
        return joined
    return rf"\b{joined}" + ("" if term.is_start else r"\b")


def _letter(char: str) -> str:
    forms = _ACCENTED.get(char)
    return f"[{forms}][\\u0300-\\u036f]*" if forms else re.escape(char)
