-- The words by which a call is found (`bubbled.history.words`), at its place in time (`bubbled.history.shelf`).
CREATE TABLE search_rows (
    place INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    words TEXT NOT NULL
);
CREATE TRIGGER what_is_gone_is_not_found AFTER DELETE ON calls BEGIN
    DELETE FROM search_rows WHERE id = old.id;
END;

-- One row: which words calls have there, whether they are in an index (which not every SQLite can make), and the
-- highest rowid of `calls` that was not looked at yet; NULL: all were. Calls that are saved are, by themselves.
CREATE TABLE search_state (
    only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    scheme INTEGER NOT NULL,
    indexed INTEGER NOT NULL,
    through INTEGER
);
