"""Which annotations are listed: by label, by annotator, by words of quote or note."""

from __future__ import annotations

import re
from dataclasses import dataclass

from annotui.domain.annotation import Annotation
from annotui.domain.search import pattern_of

LABEL_SIGN = "#"
ANNOTATOR_SIGN = "@"


@dataclass(frozen=True, slots=True)
class MarkFilter:
    """What is typed to narrow a list of annotations.

    A word after ``#`` is the beginning of a label's name, one after ``@`` of an annotator's,
    whatever its case; several of a kind are alternatives. All other words must each stand in the
    quote or the note; small letters find capitals.
    """

    labels: tuple[str, ...] = ()
    annotators: tuple[str, ...] = ()
    words: tuple[re.Pattern[str], ...] = ()

    @classmethod
    def parse(cls, typed: str) -> MarkFilter:
        """The filter that ``typed`` means; a sign without a name after it narrows nothing."""
        parts = typed.split()
        signed = {LABEL_SIGN: [], ANNOTATOR_SIGN: []}  # type: dict[str, list[str]]
        words = []
        for part in parts:
            if part[0] in signed:
                signed[part[0]] += [part[1:].casefold()] if len(part) > 1 else []
            else:
                words.append(pattern_of(part))
        return cls(tuple(signed[LABEL_SIGN]), tuple(signed[ANNOTATOR_SIGN]), tuple(words))

    @property
    def takes_all(self) -> bool:
        """Whether nothing is narrowed."""
        return not (self.labels or self.annotators or self.words)

    def takes(self, annotation: Annotation) -> bool:
        """Whether the annotation is listed."""
        if self.labels and not annotation.label.casefold().startswith(self.labels):
            return False
        if self.annotators and not annotation.annotator.casefold().startswith(self.annotators):
            return False
        return all(
            word.search(annotation.quote) or word.search(annotation.note) for word in self.words
        )


def with_sign(typed: str, sign: str, name: str) -> str:
    """``typed`` with ``name`` after ``sign`` in the place of all words after that sign."""
    kept = [part for part in typed.split() if not part.startswith(sign)]
    first = [sign + name.split()[0]] if name else []
    return " ".join((*first, *kept))
