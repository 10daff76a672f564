-- The record holds all queues of a person; what is known of upstream commits is a cache of its own (src/record/commit-index.ts).
DROP TABLE upstream_commit;
DROP TABLE upstream_rename;

-- Where the queue was: the same revision may be in two places. NULL in attempts from before: where the revision was read first.
ALTER TABLE attempt ADD COLUMN source TEXT;

-- What its document is known by, "sha256:…", whatever its number and times; NULL in attempts from before.
ALTER TABLE attempt ADD COLUMN document TEXT;
CREATE INDEX attempt_by_document ON attempt (document);

-- An attempt that was made by mistake: it stays, and counts no more.
CREATE TABLE withdrawal (
  attempt_id INTEGER PRIMARY KEY REFERENCES attempt (id),
  reason TEXT NOT NULL,
  given_by TEXT NOT NULL,
  given_at TEXT NOT NULL
) STRICT;

CREATE TRIGGER withdrawal_is_final BEFORE UPDATE ON withdrawal BEGIN SELECT RAISE(ABORT, 'withdrawals are append-only'); END;
CREATE TRIGGER withdrawal_stays BEFORE DELETE ON withdrawal BEGIN SELECT RAISE(ABORT, 'withdrawals are append-only'); END;

-- Whose they are: where the queue is. NULL from before: of every queue. The days of an effort are calendar time, however many hands.
ALTER TABLE effort ADD COLUMN queue TEXT;
ALTER TABLE queue_source ADD COLUMN queue TEXT;
