-- What happened on the way of each call to its popup: for each step a JSON object of `bubbled.story.step`.
CREATE TABLE call_steps (
    id INTEGER NOT NULL PRIMARY KEY,
    call_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    step TEXT NOT NULL
);
CREATE INDEX steps_of_call ON call_steps (call_id);
CREATE TRIGGER steps_go_with_their_call AFTER DELETE ON calls BEGIN
    DELETE FROM call_steps WHERE call_id = old.id;
END;

-- What concerned all calls alike.
CREATE TABLE events (
    id INTEGER NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    step TEXT NOT NULL
);
CREATE INDEX events_of_kind ON events (kind, at);
CREATE INDEX events_in_time ON events (at);
