-- What the user noted of a call, all of it, when that was last, and which number it is about: by the end of the
-- call somebody else may be on the line.
ALTER TABLE calls ADD COLUMN note TEXT;
ALTER TABLE calls ADD COLUMN noted_at INTEGER;
ALTER TABLE calls ADD COLUMN noted_e164 TEXT;
CREATE INDEX calls_with_note ON calls (noted_e164, noted_at) WHERE noted_e164 IS NOT NULL;

-- The beginning stands in the index too, so that calls with a number are counted without reading them.
DROP INDEX calls_with_number;
CREATE INDEX calls_with_number ON calls (e164, ended_at, started_at) WHERE e164 IS NOT NULL;

-- What each colleague, by extension, told last about a number.
CREATE TABLE told_notes (
    e164 TEXT NOT NULL,
    teller TEXT NOT NULL,
    note TEXT NOT NULL,
    noted_at INTEGER NOT NULL,
    PRIMARY KEY (e164, teller)
) WITHOUT ROWID;

ALTER TABLE mute ADD COLUMN since INTEGER;
