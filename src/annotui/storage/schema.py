"""The first migration, in plain SQL. It is released as it stands and never edited."""

from __future__ import annotations

from annotui.storage.schema_parts import (
    NEWEST_CHANGE,
    UUID7,
    append_only_triggers,
    versioned_triggers,
)

TABLES = f"""
CREATE TABLE change (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE CHECK (id GLOB '{UUID7}'),
    kind TEXT NOT NULL CHECK (kind <> ''),
    annotator TEXT NOT NULL REFERENCES annotator (name) DEFERRABLE INITIALLY DEFERRED,
    changed_at TEXT NOT NULL CHECK (changed_at LIKE '____-__-__T__:__:__.___Z'),
    document_id TEXT REFERENCES document (id) DEFERRABLE INITIALLY DEFERRED,
    target_id TEXT REFERENCES change (id),
    summary TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX change_by_annotator ON change (annotator, id);
CREATE INDEX change_by_target ON change (target_id, id) WHERE target_id IS NOT NULL;

CREATE TABLE history (
    change_id TEXT NOT NULL REFERENCES change (id),
    item TEXT NOT NULL CHECK (item <> ''),
    item_id TEXT NOT NULL CHECK (item_id <> ''),
    before TEXT CHECK (before <> ''),
    after TEXT NOT NULL CHECK (after <> ''),
    PRIMARY KEY (change_id, item, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX history_by_item ON history (item, item_id);

CREATE TABLE annotator (
    name TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),
    renamed_to TEXT REFERENCES annotator (name) CHECK (renamed_to <> name),
    added_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1 CHECK (version >= 1),
    change_id TEXT NOT NULL REFERENCES change (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE label (
    name TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),
    layer TEXT NOT NULL DEFAULT 'span',
    position INTEGER NOT NULL,
    key TEXT NOT NULL,
    glyph TEXT NOT NULL,
    colour TEXT NOT NULL,
    guideline TEXT NOT NULL DEFAULT '',
    example TEXT NOT NULL DEFAULT '',
    removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)),
    version INTEGER NOT NULL DEFAULT 1 CHECK (version >= 1),
    change_id TEXT NOT NULL REFERENCES change (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE document (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 64 AND id NOT GLOB '*[^0-9a-f]*'),
    title TEXT NOT NULL CHECK (title <> ''),
    source TEXT NOT NULL DEFAULT '',
    added_at TEXT NOT NULL,
    newline TEXT NOT NULL CHECK (newline IN ('none', 'lf', 'crlf', 'cr', 'mixed')),
    encoding TEXT NOT NULL,
    original_sha256 TEXT NOT NULL,
    length INTEGER NOT NULL CHECK (length > 0),
    replaces TEXT REFERENCES document (id),
    metadata TEXT NOT NULL DEFAULT '{{}}',
    removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)),
    version INTEGER NOT NULL DEFAULT 1 CHECK (version >= 1),
    change_id TEXT NOT NULL REFERENCES change (id),
    text TEXT NOT NULL CHECK (text <> '')
) STRICT;
CREATE INDEX document_by_title ON document (title, id);

CREATE TABLE annotation (
    id TEXT NOT NULL PRIMARY KEY CHECK (id GLOB '{UUID7}'),
    document_id TEXT NOT NULL REFERENCES document (id),
    label TEXT NOT NULL REFERENCES label (name),
    start INTEGER NOT NULL CHECK (start >= 0),
    "end" INTEGER NOT NULL CHECK ("end" > start),
    fragments TEXT NOT NULL DEFAULT '' CHECK (fragments = '' OR fragments GLOB '[[][[]*]]'),
    quote TEXT NOT NULL CHECK (quote <> ''),
    prefix TEXT NOT NULL,
    suffix TEXT NOT NULL,
    line INTEGER NOT NULL CHECK (line >= 1),
    note TEXT NOT NULL DEFAULT '',
    annotator TEXT NOT NULL REFERENCES annotator (name),
    derived_from TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)),
    version INTEGER NOT NULL DEFAULT 1 CHECK (version >= 1),
    change_id TEXT NOT NULL REFERENCES change (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX annotation_by_place ON annotation (document_id, start, "end", id);

CREATE TABLE review (
    id TEXT NOT NULL PRIMARY KEY CHECK (id GLOB '{UUID7}'),
    annotation_id TEXT NOT NULL REFERENCES annotation (id),
    annotation_version INTEGER NOT NULL CHECK (annotation_version >= 1),
    decision TEXT NOT NULL CHECK (decision IN ('accepted', 'rejected', 'unsure')),
    reason TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    label TEXT REFERENCES label (name),
    start INTEGER CHECK (start >= 0),
    "end" INTEGER CHECK ("end" > start),
    fragments TEXT NOT NULL DEFAULT '' CHECK (fragments = '' OR fragments GLOB '[[][[]*]]'),
    reviewer TEXT NOT NULL REFERENCES annotator (name),
    decided_at TEXT NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)),
    version INTEGER NOT NULL DEFAULT 1 CHECK (version >= 1),
    change_id TEXT NOT NULL REFERENCES change (id),
    CHECK ((start IS NULL) = ("end" IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX review_by_annotation ON review (annotation_id, annotation_version, removed, id);
"""

VIEW = """
CREATE VIEW annotations AS
SELECT
    a.id AS id,
    a.document_id AS document_id,
    d.title AS document,
    a.label AS label,
    a.start AS start,
    a."end" AS "end",
    a.quote AS quote,
    a.note AS note,
    coalesce(w.renamed_to, w.name) AS annotator,
    coalesce(r.decision, 'unreviewed') AS status,
    coalesce(v.renamed_to, r.reviewer, '') AS reviewer,
    a.line AS line,
    a.fragments AS fragments,
    a.created_at AS created_at,
    a.updated_at AS updated_at
FROM annotation AS a
JOIN document AS d ON d.id = a.document_id
JOIN annotator AS w ON w.name = a.annotator
LEFT JOIN review AS r ON r.id = (
    SELECT max(newest.id) FROM review AS newest
    WHERE newest.annotation_id = a.id
      AND newest.annotation_version = a.version AND newest.removed = 0
)
LEFT JOIN annotator AS v ON v.name = r.reviewer
WHERE a.removed = 0 AND d.removed = 0
ORDER BY d.title, d.id, a.start, a."end", a.id;
"""

_FIXED = {
    "annotator": ("name", "name added_at"),
    "label": ("name", "name"),
    "document": ("id", "id text source added_at newline encoding original_sha256 length"),
    "annotation": ("id", "id document_id annotator created_at"),
    "review": ("id", "id annotation_id annotation_version reviewer decided_at"),
}
"""For each versioned table its key, and the columns that never change."""


def _all_triggers() -> dict[str, str]:
    triggers = append_only_triggers("change", "seq = NEW.seq OR id = NEW.id")
    triggers |= append_only_triggers(
        "history",
        "change_id = NEW.change_id AND item = NEW.item AND item_id = NEW.item_id",
    )
    triggers["change_in_order"] = """CREATE TRIGGER change_in_order AFTER INSERT ON change BEGIN
    SELECT RAISE(ABORT, 'annotui: change is append-only')
    WHERE NEW.seq < 1 OR NEW.seq <> (SELECT max(seq) FROM change);
END"""
    triggers["history_of_newest"] = f"""CREATE TRIGGER history_of_newest
BEFORE INSERT ON history BEGIN
    SELECT RAISE(ABORT, 'annotui: history is written for the newest change only')
    WHERE NEW.change_id IS NOT {NEWEST_CHANGE};
END"""
    for table, (key, fixed) in _FIXED.items():
        triggers |= versioned_triggers(table, key, fixed)
    return triggers


STATEMENTS = (
    *(part.strip() for part in TABLES.split(";") if part.strip()),
    VIEW.strip().rstrip(";"),
    *_all_triggers().values(),
)
"""The whole schema, a statement each; a trigger that is not here is not annotui's."""
