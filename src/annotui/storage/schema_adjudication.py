"""The tables of adjudication. Released as it stands and never edited."""

from __future__ import annotations

from annotui.storage.schema_parts import UUID7, versioned_triggers

TABLES = f"""
CREATE TABLE adjudication (
    id TEXT NOT NULL PRIMARY KEY CHECK (id GLOB '{UUID7}'),
    document_id TEXT NOT NULL REFERENCES document (id),
    gold TEXT NOT NULL REFERENCES annotator (name),
    choice TEXT NOT NULL CHECK (choice IN ('agreed', 'annotator', 'union', 'intersection',
        'label', 'anew', 'kept', 'neither')),
    annotation_id TEXT REFERENCES annotation (id),
    adjudicator TEXT NOT NULL REFERENCES annotator (name),
    decided_at TEXT NOT NULL,
    superseded_by TEXT REFERENCES adjudication (id),
    removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)),
    version INTEGER NOT NULL DEFAULT 1 CHECK (version >= 1),
    change_id TEXT NOT NULL REFERENCES change (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX adjudication_by_document ON adjudication (document_id, gold, removed, id);
CREATE INDEX adjudication_by_gold ON adjudication (gold, removed);

CREATE TABLE adjudication_source (
    id TEXT NOT NULL PRIMARY KEY CHECK (id GLOB '{UUID7}'),
    adjudication_id TEXT NOT NULL REFERENCES adjudication (id),
    annotation_id TEXT NOT NULL REFERENCES annotation (id),
    annotation_version INTEGER NOT NULL CHECK (annotation_version >= 1),
    label TEXT NOT NULL REFERENCES label (name),
    start INTEGER NOT NULL CHECK (start >= 0),
    "end" INTEGER NOT NULL CHECK ("end" > start),
    fragments TEXT NOT NULL DEFAULT '' CHECK (fragments = '' OR fragments GLOB '[[][[]*]]'),
    taken INTEGER NOT NULL CHECK (taken IN (0, 1)),
    removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)),
    version INTEGER NOT NULL DEFAULT 1 CHECK (version >= 1),
    change_id TEXT NOT NULL REFERENCES change (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX adjudication_source_by_adjudication
    ON adjudication_source (adjudication_id, removed, annotation_id);
CREATE INDEX adjudication_source_by_annotation ON adjudication_source (annotation_id)
"""

STATEMENTS = (
    *(part.strip() for part in TABLES.split(";")),
    *versioned_triggers(
        "adjudication", "id", "id document_id gold choice annotation_id adjudicator decided_at"
    ).values(),
    *versioned_triggers(
        "adjudication_source",
        "id",
        'id adjudication_id annotation_id annotation_version label start "end" fragments taken',
    ).values(),
)
"""The whole step, a statement each."""
