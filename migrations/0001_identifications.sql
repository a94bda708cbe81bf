-- One row for each file that was ever identified. The SQL is what SQLite and PostgreSQL both understand:
-- time stamps are RFC 3339 text in UTC and ids are UUIDs of version 7 as text, so both sort by time.
CREATE TABLE identifications (
    id            TEXT PRIMARY KEY NOT NULL,
    identified_at TEXT NOT NULL,
    name          TEXT,
    size          BIGINT NOT NULL CHECK (size >= 0),
    sha256        TEXT NOT NULL CHECK (length(sha256) = 64),
    label         TEXT NOT NULL,
    description   TEXT NOT NULL,
    mime_type     TEXT NOT NULL,
    group_name    TEXT NOT NULL,
    is_text       INTEGER NOT NULL CHECK (is_text IN (0, 1)),
    score         DOUBLE PRECISION NOT NULL CHECK (score >= 0 AND score <= 1),
    -- A JSON array, best first, as it goes over the wire; nothing is ever looked up in it.
    alternatives  TEXT NOT NULL
);

-- The counts of labels and of groups are read from this index alone.
CREATE INDEX identifications_by_group ON identifications (group_name, label, description);
