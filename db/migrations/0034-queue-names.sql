-- What the queue at a place is called, as a config says that its user trusts: places of one name are one queue. The last word on a place counts.
CREATE TABLE queue_name (
  id INTEGER PRIMARY KEY,
  -- As attempt.source: what was opened.
  place TEXT NOT NULL,
  -- NULL: it is known by its place alone again.
  name TEXT,
  given_at TEXT NOT NULL
) STRICT;

CREATE INDEX queue_name_by_place ON queue_name (place, id);

CREATE TRIGGER queue_name_is_final BEFORE UPDATE ON queue_name BEGIN SELECT RAISE(ABORT, 'names are append-only'); END;
CREATE TRIGGER queue_name_stays BEFORE DELETE ON queue_name BEGIN SELECT RAISE(ABORT, 'names are append-only'); END;
