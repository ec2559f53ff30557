"""The tables of the queue and of reading coverage. Released as it stands and never edited."""

from __future__ import annotations

from annotui.storage.schema_parts import UUID7, versioned_triggers

TABLES = f"""
CREATE TABLE document_status (
    id TEXT NOT NULL PRIMARY KEY CHECK (id GLOB '{UUID7}'),
    document_id TEXT NOT NULL REFERENCES document (id),
    annotator TEXT NOT NULL REFERENCES annotator (name),
    status TEXT NOT NULL CHECK (status IN ('new', 'done', 'aside')),
    set_at TEXT NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)),
    version INTEGER NOT NULL DEFAULT 1 CHECK (version >= 1),
    change_id TEXT NOT NULL REFERENCES change (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_status_by_document
    ON document_status (document_id, annotator, removed, id, status, set_at);

CREATE TABLE reading (
    id TEXT NOT NULL PRIMARY KEY CHECK (id GLOB '{UUID7}'),
    document_id TEXT NOT NULL REFERENCES document (id),
    annotator TEXT NOT NULL REFERENCES annotator (name),
    start INTEGER NOT NULL CHECK (start >= 0),
    "end" INTEGER NOT NULL CHECK ("end" > start),
    read_at TEXT NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)),
    version INTEGER NOT NULL DEFAULT 1 CHECK (version >= 1),
    change_id TEXT NOT NULL REFERENCES change (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX reading_by_place ON reading (document_id, annotator, removed, start, "end", id)
"""

STATEMENTS = (
    *(part.strip() for part in TABLES.split(";")),
    *versioned_triggers("document_status", "id", "id document_id annotator status set_at").values(),
    *versioned_triggers("reading", "id", 'id document_id annotator start "end" read_at').values(),
)
"""The whole step, a statement each."""
