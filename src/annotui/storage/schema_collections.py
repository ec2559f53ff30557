"""Collections of documents, and indexes. Released as it stands and never edited.

Without `change_by_document` a new document looks through all changes for one that points at it.
"""

from __future__ import annotations

from annotui.storage.schema_parts import UUID7, versioned_triggers

TABLES = f"""
CREATE TABLE collection (
    id TEXT NOT NULL PRIMARY KEY CHECK (id GLOB '{UUID7}'),
    name TEXT NOT NULL CHECK (name <> ''),
    created_at TEXT NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)),
    version INTEGER NOT NULL DEFAULT 1 CHECK (version >= 1),
    change_id TEXT NOT NULL REFERENCES change (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE collection_document (
    id TEXT NOT NULL PRIMARY KEY CHECK (id GLOB '{UUID7}'),
    collection_id TEXT NOT NULL REFERENCES collection (id),
    document_id TEXT NOT NULL REFERENCES document (id),
    added_at TEXT NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)),
    version INTEGER NOT NULL DEFAULT 1 CHECK (version >= 1),
    change_id TEXT NOT NULL REFERENCES change (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX collection_document_by_collection
    ON collection_document (collection_id, removed, document_id, id);
CREATE INDEX collection_document_by_document
    ON collection_document (document_id, removed, collection_id);

CREATE INDEX catalogue_by_number ON catalogue (removed);
CREATE INDEX catalogue_by_title ON catalogue (removed, folded);

CREATE INDEX change_by_document ON change (document_id)
"""

_COLLECTION = "id created_at"
_DOCUMENT = "id collection_id document_id added_at"

STATEMENTS = (
    *(part.strip() for part in TABLES.split(";")),
    *versioned_triggers("collection", "id", _COLLECTION).values(),
    *versioned_triggers("collection_document", "id", _DOCUMENT).values(),
)
"""The whole step, a statement each."""
