-- Rebases that were checked, as evidence; and what people say of the changes that are asked about.

CREATE TABLE account (
  id INTEGER PRIMARY KEY,
  -- SHA-256 of all that it says: the same check again is the same account.
  digest TEXT NOT NULL UNIQUE,
  old_queue TEXT NOT NULL,
  old_revision TEXT NOT NULL,
  new_queue TEXT NOT NULL,
  new_revision TEXT NOT NULL,
  base_ref TEXT NOT NULL,
  base_commit TEXT NOT NULL,
  target_ref TEXT NOT NULL,
  target_commit TEXT NOT NULL,
  is_whole INTEGER NOT NULL CHECK (is_whole IN (0, 1)),
  -- NULL where the trees could not be compared.
  tree TEXT CHECK (tree IN ('same', 'differs')),
  -- Names of new patches that cannot be used, each with what is wrong, a line each.
  problems TEXT NOT NULL,
  checked_at TEXT NOT NULL,
  tool_version TEXT NOT NULL
) STRICT;

CREATE TABLE account_change (
  account_id INTEGER NOT NULL REFERENCES account (id),
  rank INTEGER NOT NULL,
  patch TEXT NOT NULL,
  path BLOB NOT NULL,
  kind TEXT NOT NULL,
  hunk INTEGER,
  fate TEXT NOT NULL CHECK (fate IN ('as-is', 'moved', 'changed', 'upstream', 'dropped', 'missing')),
  by_commit TEXT,
  because TEXT,
  -- Lines, each with its line feed.
  lost BLOB NOT NULL,
  PRIMARY KEY (account_id, rank)
) STRICT, WITHOUT ROWID;

CREATE TABLE account_answer (
  id INTEGER PRIMARY KEY,
  -- SHA-256 of the change and of what became of it: where either is another, it is asked again.
  digest TEXT NOT NULL,
  reason TEXT NOT NULL,
  given_by TEXT NOT NULL,
  given_at TEXT NOT NULL
) STRICT;

CREATE INDEX account_answer_by_digest ON account_answer (digest);

CREATE TRIGGER account_is_final BEFORE UPDATE ON account BEGIN SELECT RAISE(ABORT, 'accounts are append-only'); END;
CREATE TRIGGER account_stays BEFORE DELETE ON account BEGIN SELECT RAISE(ABORT, 'accounts are append-only'); END;
CREATE TRIGGER account_change_is_final BEFORE UPDATE ON account_change BEGIN SELECT RAISE(ABORT, 'accounts are append-only'); END;
CREATE TRIGGER account_change_stays BEFORE DELETE ON account_change BEGIN SELECT RAISE(ABORT, 'accounts are append-only'); END;
CREATE TRIGGER account_answer_is_final BEFORE UPDATE ON account_answer BEGIN SELECT RAISE(ABORT, 'answers are append-only'); END;
CREATE TRIGGER account_answer_stays BEFORE DELETE ON account_answer BEGIN SELECT RAISE(ABORT, 'answers are append-only'); END;
