-- The life of a queue, read from its own git history. Revisions share nearly everything: a listing is kept once, a revision is a list of
-- their numbers.

-- The index of upstream commits no longer counts lines that a commit only moves from one file to another, and knows the words that a commit
-- brings: it is made anew.
DELETE FROM upstream_commit;
DELETE FROM upstream_rename;
-- The hashes of the words that it adds more often than it removes, 32 bits each.
ALTER TABLE upstream_commit ADD COLUMN words BLOB NOT NULL DEFAULT x'';

CREATE TABLE queue_source (
  id INTEGER PRIMARY KEY,
  -- Where the queue's own repository is.
  repository TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE queue_branch (
  source_id INTEGER NOT NULL REFERENCES queue_source (id),
  name TEXT NOT NULL,
  sha TEXT NOT NULL,
  PRIMARY KEY (source_id, name)
) STRICT, WITHOUT ROWID;

-- What is known of a patch's content, whatever it is called.
CREATE TABLE patch_facts (
  digest TEXT PRIMARY KEY REFERENCES patch (digest),
  subject TEXT,
  author TEXT,
  added INTEGER NOT NULL,
  removed INTEGER NOT NULL,
  files INTEGER NOT NULL,
  hunks INTEGER NOT NULL,
  -- The paths that it touches, as bytes, with a NUL between.
  paths BLOB NOT NULL,
  -- The hashes of its changed lines, 32 bits each, in the byte order of the machine that wrote them.
  lines BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE queue_listing (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  -- NULL: the series lists a file that is not there.
  digest TEXT REFERENCES patch (digest),
  section TEXT NOT NULL,
  owner TEXT,
  -- What kind of burden it is, by its section, name and header.
  kind TEXT NOT NULL CHECK (kind IN ('backport', 'waiting', 'debt')),
  -- Commented out in the series.
  disabled INTEGER NOT NULL CHECK (disabled IN (0, 1))
) STRICT;

CREATE UNIQUE INDEX queue_listing_once ON queue_listing (name, coalesce(digest, ''), section, coalesce(owner, ''), kind, disabled);

CREATE TABLE imported_revision (
  source_id INTEGER NOT NULL REFERENCES queue_source (id),
  sha TEXT NOT NULL,
  -- NULL: it has no parent, or none that was imported.
  parent TEXT,
  time INTEGER NOT NULL,
  author TEXT NOT NULL,
  subject TEXT NOT NULL,
  -- As the spec file or the changelog names it; NULL where none does.
  base TEXT,
  -- As in queue_revision: the same queue has the same revision, however it came here.
  revision TEXT NOT NULL,
  -- Numbers of its listings, 32 bits each, in the order of the queue.
  entries BLOB NOT NULL,
  PRIMARY KEY (source_id, sha)
) STRICT, WITHOUT ROWID;

-- What a rebase took. Never changed; a later entry for the same step corrects an earlier one.
CREATE TABLE effort (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  from_release TEXT NOT NULL,
  to_release TEXT NOT NULL,
  -- Working time in days; several hands add up.
  days REAL NOT NULL CHECK (days > 0),
  hands INTEGER NOT NULL CHECK (hands > 0),
  -- 'person': said by somebody; 'commits': estimated from the times of the queue's own commits.
  source TEXT NOT NULL CHECK (source IN ('person', 'commits')),
  note TEXT NOT NULL,
  logged_at TEXT NOT NULL
) STRICT;

CREATE TRIGGER effort_is_final BEFORE UPDATE ON effort BEGIN SELECT RAISE(ABORT, 'effort is append-only'); END;
CREATE TRIGGER effort_stays BEFORE DELETE ON effort BEGIN SELECT RAISE(ABORT, 'effort is append-only'); END;
