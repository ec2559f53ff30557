"""What a search finds in titles, texts and notes, and the documents that a list may show."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotui.domain.text_query import LIT, UNLIT, TextQuery

if TYPE_CHECKING:
    from annotui.storage.handle import Handle

SNIPPET_WORDS = 24

TITLE_WEIGHT = 8.0
"""How much more a word of the title counts than one of the text."""


@dataclass(frozen=True, slots=True)
class Hit:
    """What was found in one document; ``place`` is the offset of the first hit in its text.

    A hit in a note names the mark that has it; ``snippet`` has the hits between LIT and UNLIT.
    """

    document_id: str
    snippet: str
    where: str
    annotation_id: str = ""
    place: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """A document of the catalogue."""

    number: int
    document_id: str
    title: str
    source: str
    added_at: str
    published: str
    words: int


def catalogue(db: Handle) -> list[Listed]:
    """All documents that are not removed, in the order of their arrival."""
    rows = db.conn.execute(
        "SELECT number, document_id, title, source, added_at, published, words FROM catalogue "
        "WHERE removed = 0 ORDER BY number"
    ).fetchall()
    return [Listed(*row) for row in rows]


_TEXT_HITS = f"""SELECT rowid, snippet(document_search, -1, ?1, ?2, '…', {SNIPPET_WORDS}),
    instr(highlight(document_search, 1, ?1, ''), ?1)
FROM document_search WHERE document_search MATCH ?3 AND rowid BETWEEN ?4 AND ?5
AND +rowid IN (SELECT value FROM json_each(?6))"""
"""One run through the index for all the documents: asked for each by itself, the documents of the
beginning of a word (``t*``) would be put together anew every time."""

_NOTE_HITS = f"""SELECT c.number, snippet(note_search, 0, ?1, ?2, '…', {SNIPPET_WORDS}),
    a.id, a.start
FROM note_search CROSS JOIN noted AS n ON n.number = note_search.rowid
CROSS JOIN annotation AS a ON a.id = n.annotation_id
CROSS JOIN catalogue AS c ON c.document_id = a.document_id
WHERE note_search MATCH ?3 AND a.removed = 0 AND c.number BETWEEN ?4 AND ?5
AND c.number IN (SELECT value FROM json_each(?6))"""


def hits_in(
    db: Handle,
    query: TextQuery,
    documents: Mapping[int, str],
    *,
    own_names: Sequence[str] = (),
    all_in: Sequence[str] = (),
) -> dict[int, list[Hit]]:
    """What was found in these documents (number: id): title or text before the notes.

    With ``own_names`` only notes under such a name count, but all in the documents ``all_in``.
    """
    found: dict[int, list[Hit]] = {}
    expression = expression_of(query)
    if not documents or not expression:
        return found
    ends = (min(documents), max(documents))
    values: tuple[str | int, ...] = (LIT, UNLIT, expression, *ends, json.dumps(list(documents)))
    for number, snippet, place in db.conn.execute(_TEXT_HITS, values).fetchall():
        where = "text" if place else "title"
        hit = Hit(documents[number], snippet, where, place=max(0, place - 1))
        found.setdefault(number, []).append(hit)
    sql = _NOTE_HITS
    if own_names:
        sql += """ AND (a.annotator IN (SELECT value FROM json_each(?7))
            OR a.document_id IN (SELECT value FROM json_each(?8)))"""
        values += (json.dumps(list(own_names)), json.dumps(list(all_in)))
    rows = db.conn.execute(f"{sql} ORDER BY a.start, a.id", values).fetchall()
    for number, snippet, annotation_id, start in rows:
        hit = Hit(documents[number], snippet, "note", annotation_id, start)
        found.setdefault(number, []).append(hit)
    return found


def expression_of(query: TextQuery) -> str:
    """The query in the language of FTS5; empty where nothing is wanted."""
    wanted = " AND ".join(_term(term.words, term.is_start) for term in query.wanted)
    unwanted = [_term(one.words, one.is_start) for one in query.terms if one.is_excluded]
    if not wanted or not unwanted:
        return wanted
    return f"({wanted}) NOT ({' OR '.join(unwanted)})"


def _term(words: str, is_start: bool) -> str:
    quoted = words.replace('"', '""')
    return f'"{quoted}"*' if is_start else f'"{quoted}"'


def marks_by_label(
    db: Handle,
    annotators: Sequence[str] = (),
    statuses: Sequence[str] = (),
    *,
    own_names: Sequence[str] = (),
    all_in: Sequence[str] = (),
    documents: Sequence[str] | None = None,
) -> dict[str, dict[str, int]]:
    """How many marks each document has of each label, of these annotators and statuses.

    ``documents`` None looks at all. With ``own_names`` only those under such a name count, but all
    in the documents ``all_in``.
    """
    tests, values = "", []
    if documents is not None:
        tests += " AND document_id IN (SELECT value FROM json_each(?))"
        values.append(json.dumps(list(documents)))
    if own_names:
        tests += """ AND (annotator IN (SELECT value FROM json_each(?))
            OR document_id IN (SELECT value FROM json_each(?)))"""
        values += [json.dumps(list(own_names)), json.dumps(list(all_in))]
    for column, allowed in (("annotator", annotators), ("status", statuses)):
        if allowed:
            tests += f" AND {column} IN (SELECT value FROM json_each(?))"
            values.append(json.dumps(list(allowed)))
    is_chosen = annotators or statuses
    source = "annotations WHERE 1" if is_chosen else "annotation WHERE removed = 0"
    counts: dict[str, dict[str, int]] = {}
    for document_id, label, count in db.conn.execute(
        f"SELECT document_id, label, count(*) FROM {source}{tests} GROUP BY document_id, label",
        values,
    ).fetchall():
        counts.setdefault(document_id, {})[label] = count
    return counts
