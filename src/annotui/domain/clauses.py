"""Clauses of one sentence: what stands between its punctuation and the words that open a clause.

Annotated spans in news begin and end there far more often than at any other word, so the rules
prefer an edge too many to one too few only at punctuation; without it they want a sure sign.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from annotui.domain import lexicon
from annotui.domain.edges import Bounds, split_at

_SEPARATORS = ",;:，、；：،؛—―"
_OPENING_BRACKETS = "([{（［｛【〈《"
_CLOSING_BRACKETS = ")]}）］｝】〉》"
_SPACED_DASH = re.compile(r"\s[–-]+(?=\s|\Z)|--")
_DASHES = "–-"
_OPENERS = lexicon.PLAIN_OPENERS | lexicon.RELATIVES | lexicon.OTHER_OPENERS
_NO_VERBS = lexicon.NOT_AFTER_TO | lexicon.DETERMINERS | lexicon.PREPOSITIONS | lexicon.SUBJECTS
_NO_PAST = frozenset(
    ["hundred", "united", "indeed", "exceed", "proceed", "succeed", "need", "seed"]
)
_FIRST_PERSON = frozenset(["I", "I’m", "I'm", "I’d", "I'd", "I’ve", "I've", "I’ll", "I'll"])
_VERB_REACH = 7
"""Words in which a verb must follow a subject for the two to count as a clause."""


def clause_bounds(
    paragraph: str, sentence: Bounds, words: Sequence[Bounds], marks: Mapping[int, bool]
) -> list[Bounds]:
    """The clauses of ``sentence`` in order; together they hold all of its visible characters.

    ``words`` are those of the sentence, ``marks`` the paragraph's quotation marks by offset: True
    for those that open. Commas and closing marks go with the clause before them, opening marks
    with the one after.
    """
    starts = [sentence[0]]
    tokens = [_token(paragraph[start:end], index) for index, (start, end) in enumerate(words)]
    stretch_start = 0
    for index in range(1, len(words) + 1):
        edge = None
        if index < len(words):
            edge = _edge_between(paragraph, words[index - 1], words[index], marks)
        if edge is None and index < len(words):
            continue
        for opener in _openers(tokens[stretch_start:index]):
            starts.append(words[stretch_start + opener][0])
        if edge is not None:
            starts.append(edge)
        stretch_start = index
    return split_at(paragraph, starts, sentence[1])


def _token(word: str, index: int) -> str:
    """The word as the lexicon has it; a capital stays inside a sentence, as it marks a name."""
    return word.lower() if index == 0 or word in _FIRST_PERSON else word


def _edge_between(
    paragraph: str, word: Bounds, following: Bounds, marks: Mapping[int, bool]
) -> int | None:
    """Where a clause begins between two words because of the punctuation there, if it does."""
    start, end = word[1], following[0]
    gap = paragraph[start:end]
    if gap in (" ", "") or not _separates(gap, start, marks):
        return None
    if gap.strip() == "," and _is_year_after_day(paragraph, word, following):
        return None
    for index in range(end - 1, start - 1, -1):
        character = paragraph[index]
        if marks.get(index) or character in _OPENING_BRACKETS:
            continue
        closes = index in marks or character in _CLOSING_BRACKETS
        if closes or character.isspace() or character in _SEPARATORS or character in _DASHES:
            return index + 1
    return start


def _separates(gap: str, start: int, marks: Mapping[int, bool]) -> bool:
    return _SPACED_DASH.search(gap) is not None or any(
        character in _SEPARATORS
        or character in _OPENING_BRACKETS
        or character in _CLOSING_BRACKETS
        or start + index in marks
        for index, character in enumerate(gap)
    )


def _is_year_after_day(paragraph: str, word: Bounds, following: Bounds) -> bool:
    day, year = paragraph[slice(*word)], paragraph[slice(*following)]
    return day.isdigit() and len(day) <= 2 and year.isdigit() and len(year) == 4


def _openers(tokens: Sequence[str]) -> list[int]:
    """Which words of a stretch without punctuation open a clause.

    No clause of a single word comes of it: neither before an opener nor after it.
    """
    openers: list[int] = []
    clause_start = 0
    for index in range(1, len(tokens)):
        opener = _clause_start_at(tokens, index, clause_start)
        if opener is not None and opener - clause_start >= 2 and len(tokens) - opener >= 2:
            openers.append(opener)
            clause_start = opener
    return openers


def _clause_start_at(tokens: Sequence[str], index: int, clause_start: int) -> int | None:
    """Where a clause begins on account of the word at ``index``, if that opens one."""
    word, before = tokens[index], tokens[index - 1]
    if word in lexicon.RELATIVES:
        return index - 1 if before in lexicon.PREPOSITIONS else index
    if word == "that" and before == "so":
        return index - 1
    if word == "to" and before == "not" and _opens(tokens, index, clause_start):
        return index - 1
    if word in _OPENERS and _opens(tokens, index, clause_start):
        return index
    return index if _is_bare_content(tokens, index, clause_start) else None


def _opens(tokens: Sequence[str], index: int, clause_start: int) -> bool:
    word, before = tokens[index], tokens[index - 1]
    after = tokens[index + 1] if index + 1 < len(tokens) else ""
    match word:
        case "that":
            return before not in lexicon.PREPOSITIONS and before != "that" and after != ""
        case "but":
            return before not in lexicon.NOT_BEFORE_BUT
        case "as":
            return before not in lexicon.NOT_BEFORE_AS and after not in lexicon.NOT_AFTER_AS
        case "to":
            return before not in lexicon.NOT_BEFORE_TO and _may_be_verb(after)
        case "who" | "what" | "how" | "where" | "when" | "why":
            return before not in ("and", "or")
        case "according":
            return after == "to"
        case "after" | "before" | "until" | "since" | "once" | "till":
            return after.endswith("ing") or _has_subject_and_verb(tokens, index + 1)
        case "so" | "yet":
            return after in lexicon.SUBJECTS
        case "and" | "or" | "nor":
            return _joins_clauses(tokens, index, clause_start)
    return word in lexicon.PLAIN_OPENERS


def _may_be_verb(word: str) -> bool:
    """Whether ``word`` behind “to” is a verb rather than the place or person gone to."""
    plural = word.endswith("s") and not word.endswith(("ss", "us"))
    return (
        word.isalpha()
        and word.islower()
        and word not in _NO_VERBS
        and not plural
        and not word.endswith("ing")
    )


def _joins_clauses(tokens: Sequence[str], index: int, clause_start: int) -> bool:
    """Whether a clause, and not one more noun, follows “and” or its like."""
    after = tokens[index + 1] if index + 1 < len(tokens) else ""
    if after in lexicon.AUXILIARIES or after in lexicon.SPEECH_VERBS or after == "then":
        return True
    if after in lexicon.SUBJECTS:
        return _verb_follows(tokens, index + 2)
    verb_before = any(map(_is_verb, tokens[clause_start:index]))
    return verb_before and _has_subject_and_verb(tokens, index + 1)


def _is_bare_content(tokens: Sequence[str], index: int, clause_start: int) -> bool:
    """Whether what somebody said begins here without “that”: ``said | the Kremlin was wrong``."""
    if tokens[index].lower() in lexicon.DAYS:
        return False
    verb = index - 1
    if verb > 1 and tokens[verb].lower() in lexicon.DAYS:
        verb -= 2 if tokens[verb - 1] == "on" else 1
    if verb and tokens[index] in lexicon.SUBJECTS and tokens[verb - 1] in lexicon.TELLING_VERBS:
        verb -= 1
    elif tokens[verb] not in lexicon.SPEECH_VERBS or tokens[verb] in lexicon.TELLING_VERBS:
        return False
    return verb > clause_start and _has_subject_and_verb(tokens, index)


def _has_subject_and_verb(tokens: Sequence[str], index: int) -> bool:
    """Whether a subject that one can be sure of begins at ``index``, and its verb is near."""
    if index >= len(tokens):
        return False
    word = tokens[index]
    if word in lexicon.SUBJECTS:
        return "’" in word or "'" in word or _verb_follows(tokens, index + 1)
    if word in lexicon.PREPOSITIONS or word in lexicon.PLAIN_OPENERS or word.endswith("ly"):
        return False
    return word not in lexicon.AUXILIARIES and _verb_follows(tokens, index + 1)


def _verb_follows(tokens: Sequence[str], index: int) -> bool:
    before = ""
    for word in tokens[index : index + _VERB_REACH]:
        if word in lexicon.PLAIN_OPENERS or word in ("that", "who", "which", "to"):
            return False
        if _is_verb(word):
            return before not in ("and", "or")
        before = word
    return False


def _is_verb(word: str) -> bool:
    return (
        word in lexicon.AUXILIARIES
        or word in lexicon.SPEECH_VERBS
        or word in lexicon.COMMON_VERBS
        or (word.endswith("ed") and word.isalpha() and word.islower() and word not in _NO_PAST)
    )
