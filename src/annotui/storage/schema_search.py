"""A migration: the catalogue of documents and full-text search. It is never edited.

What stands here follows from documents and notes. Triggers only say in ``search_due`` what is to
be looked at again: SQLite refuses a trigger that writes to a full-text table where the schema is
not trusted.
"""

from __future__ import annotations

TABLES = (
    """CREATE TABLE search_due (
    item TEXT NOT NULL CHECK (item IN ('document', 'annotation')),
    item_id TEXT NOT NULL,
    PRIMARY KEY (item, item_id)
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE catalogue (
    number INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL UNIQUE REFERENCES document (id),
    title TEXT NOT NULL,
    source TEXT NOT NULL,
    added_at TEXT NOT NULL,
    published TEXT NOT NULL,
    words INTEGER NOT NULL,
    removed INTEGER NOT NULL CHECK (removed IN (0, 1)),
    folded TEXT NOT NULL
) STRICT""",
    """CREATE TABLE noted (
    number INTEGER PRIMARY KEY,
    annotation_id TEXT NOT NULL UNIQUE REFERENCES annotation (id),
    note TEXT NOT NULL
) STRICT""",
    """CREATE VIEW catalogue_text AS
SELECT c.number AS number, c.title AS title, d.text AS text
FROM catalogue AS c JOIN document AS d ON d.id = c.document_id""",
)

_TOKENS = "tokenize = 'unicode61 remove_diacritics 2'"

FULL_TEXT = (
    f"""CREATE VIRTUAL TABLE document_search USING fts5 (
    title, text, content = 'catalogue_text', content_rowid = 'number', {_TOKENS}
)""",
    f"""CREATE VIRTUAL TABLE note_search USING fts5 (
    note, content = 'noted', content_rowid = 'number', {_TOKENS}
)""",
)


def _due(name: str, event: str, item: str) -> str:
    return f"""CREATE TRIGGER {name} AFTER {event} BEGIN
    INSERT INTO search_due (item, item_id) VALUES ('{item}', NEW.id) ON CONFLICT DO NOTHING;
END"""


TRIGGERS = (
    _due("document_search_due", "INSERT ON document", "document"),
    _due(
        "document_search_due_again",
        "UPDATE OF title, source, metadata, removed ON document",
        "document",
    ),
    _due("note_search_due", "INSERT ON annotation WHEN NEW.note <> ''", "annotation"),
    _due(
        "note_search_due_again",
        "UPDATE OF note ON annotation WHEN NEW.note IS NOT OLD.note",
        "annotation",
    ),
)

FILL = (
    "INSERT INTO search_due (item, item_id) SELECT 'document', id FROM document",
    "INSERT INTO search_due (item, item_id) SELECT 'annotation', id FROM annotation "
    "WHERE note <> ''",
)

STATEMENTS = (*TABLES, *FULL_TEXT, *TRIGGERS, *FILL)
