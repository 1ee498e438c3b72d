-- Moments are microseconds since 1970-01-01 UTC. A contact is the JSON of `bubbled.wire.contact_json`.
CREATE TABLE calls (
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    device TEXT NOT NULL,
    direction TEXT NOT NULL,
    state TEXT NOT NULL,
    internal INTEGER NOT NULL,
    number TEXT,
    e164 TEXT,
    name TEXT,
    dialled TEXT,
    via_kind TEXT,
    via_name TEXT,
    transferred_from TEXT,
    transferred_to TEXT,
    answered_by TEXT,
    outcome TEXT,
    started_at INTEGER NOT NULL,
    answered_at INTEGER,
    ended_at INTEGER,
    contact TEXT,
    popup TEXT
);
CREATE INDEX calls_of_owner ON calls (owner, started_at);
CREATE INDEX calls_with_number ON calls (e164, ended_at) WHERE e164 IS NOT NULL;
CREATE INDEX calls_left_open ON calls (id) WHERE ended_at IS NULL;

-- One row while muted; no end: until unmuted.
CREATE TABLE mute (
    only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    until INTEGER
);
