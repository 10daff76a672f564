-- What stands of each hunk in the target, what is left of a patch that landed in part, and what people decided over it.

-- How many of the evidence's commits make the answer together; NULL in attempts from before this was known.
ALTER TABLE result ADD COLUMN parts INTEGER;

CREATE TABLE hunk_proof (
  attempt_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  rank INTEGER NOT NULL,
  path BLOB NOT NULL,
  hunk INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('verbatim', 'moved', 'rewritten', 'absent')),
  survival REAL NOT NULL,
  -- Where in the target it stands; NULL where nothing was found.
  at_path BLOB,
  at_line INTEGER,
  -- Commit ids with a blank between, most lines first.
  brought_by TEXT NOT NULL,
  PRIMARY KEY (attempt_id, position, rank),
  FOREIGN KEY (attempt_id, position) REFERENCES result (attempt_id, position)
) STRICT, WITHOUT ROWID;

-- The patch that remains to be carried.
CREATE TABLE residual (
  attempt_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  patch BLOB NOT NULL,
  PRIMARY KEY (attempt_id, position),
  FOREIGN KEY (attempt_id, position) REFERENCES result (attempt_id, position)
) STRICT, WITHOUT ROWID;

-- A person's answer for one content of a patch; the newest counts.
CREATE TABLE overrule (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  digest TEXT NOT NULL REFERENCES patch (digest),
  answer TEXT NOT NULL CHECK (answer IN ('drop', 'keep', 'withdrawn')),
  -- The upstream commit that makes the patch unnecessary, where it is one.
  commit_sha TEXT,
  reason TEXT NOT NULL,
  given_by TEXT NOT NULL,
  given_at TEXT NOT NULL
) STRICT;

CREATE INDEX overrule_by_digest ON overrule (digest);

ALTER TABLE result ADD COLUMN overrule_id INTEGER REFERENCES overrule (id);

CREATE TRIGGER overrule_is_final BEFORE UPDATE ON overrule BEGIN SELECT RAISE(ABORT, 'overrules are append-only'); END;
CREATE TRIGGER overrule_stays BEFORE DELETE ON overrule BEGIN SELECT RAISE(ABORT, 'overrules are append-only'); END;

-- Where upstream moved files between two commits: dear to find, and always the same. A cache: safe to empty.
CREATE TABLE upstream_rename (
  before_commit TEXT NOT NULL,
  after_commit TEXT NOT NULL,
  -- Old and new paths in turn, as bytes, with a NUL between.
  renames BLOB NOT NULL,
  PRIMARY KEY (before_commit, after_commit)
) STRICT, WITHOUT ROWID;
