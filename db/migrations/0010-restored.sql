-- A withdrawal can be taken back: the newest word on an attempt counts.
DROP TRIGGER withdrawal_is_final;
DROP TRIGGER withdrawal_stays;
ALTER TABLE withdrawal RENAME TO withdrawal_for_good;

CREATE TABLE withdrawal (
  id INTEGER PRIMARY KEY,
  attempt_id INTEGER NOT NULL REFERENCES attempt (id),
  answer TEXT NOT NULL CHECK (answer IN ('withdrawn', 'restored')),
  reason TEXT NOT NULL,
  given_by TEXT NOT NULL,
  given_at TEXT NOT NULL
) STRICT;

INSERT INTO withdrawal (attempt_id, answer, reason, given_by, given_at)
SELECT attempt_id, 'withdrawn', reason, given_by, given_at FROM withdrawal_for_good ORDER BY attempt_id;
DROP TABLE withdrawal_for_good;

CREATE TRIGGER withdrawal_is_final BEFORE UPDATE ON withdrawal BEGIN SELECT RAISE(ABORT, 'withdrawals are append-only'); END;
CREATE TRIGGER withdrawal_stays BEFORE DELETE ON withdrawal BEGIN SELECT RAISE(ABORT, 'withdrawals are append-only'); END;
