-- The work of a scan: one row per queue revision and release that is to be tried. Nothing precious: what is lost here is found, and tried, again.
CREATE TABLE scan_item (
  id INTEGER PRIMARY KEY,
  -- What decides the result, hashed: the same work is never there twice.
  key TEXT NOT NULL UNIQUE CHECK (length(key) = 64),
  -- The file or directory that lists the queue, and what the queue is called there.
  portfolio TEXT NOT NULL,
  name TEXT NOT NULL,
  upstream TEXT NOT NULL,
  -- JSON: what a worker needs to know.
  item TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'taken', 'done', 'failed')),
  -- How often it failed.
  failures INTEGER NOT NULL DEFAULT 0,
  -- Counts how often it was taken: who took it before cannot finish it any more.
  token INTEGER NOT NULL DEFAULT 0,
  worker TEXT,
  -- Milliseconds since 1970. Waiting: not to be taken before. Taken: free again after.
  due INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  hint TEXT,
  attempt_id INTEGER REFERENCES attempt (id),
  CHECK ((state = 'done') = (attempt_id IS NOT NULL)),
  CHECK ((state = 'taken') = (worker IS NOT NULL))
) STRICT;

CREATE INDEX scan_item_by_state ON scan_item (portfolio, state, upstream, id);
