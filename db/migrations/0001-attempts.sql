-- What a maintainer must never lose: the queues that were tried, patch by patch, and what came of each. Nothing here is ever updated or
-- deleted; the triggers at the end see to that. Paths, headers and patches are bytes, so they are BLOBs.

CREATE TABLE queue_revision (
  id INTEGER PRIMARY KEY,
  revision TEXT NOT NULL UNIQUE CHECK (revision LIKE 'sha256:%'),
  source TEXT NOT NULL,
  format TEXT NOT NULL CHECK (format IN ('quilt', 'guilt', 'directory')),
  disabled INTEGER NOT NULL,
  guarded INTEGER NOT NULL
) STRICT;

-- One row per content, however many queue revisions carry it.
CREATE TABLE patch (
  digest TEXT PRIMARY KEY CHECK (length(digest) = 64),
  content BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE queue_patch (
  queue_revision_id INTEGER NOT NULL REFERENCES queue_revision (id),
  position INTEGER NOT NULL CHECK (position > 0),
  digest TEXT NOT NULL REFERENCES patch (digest),
  name TEXT NOT NULL,
  strip INTEGER NOT NULL,
  reversed INTEGER NOT NULL CHECK (reversed IN (0, 1)),
  subject TEXT,
  author TEXT,
  added INTEGER NOT NULL,
  removed INTEGER NOT NULL,
  files INTEGER NOT NULL,
  PRIMARY KEY (queue_revision_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE attempt (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  queue_revision_id INTEGER NOT NULL REFERENCES queue_revision (id),
  upstream TEXT NOT NULL,
  base_ref TEXT NOT NULL,
  base_commit TEXT NOT NULL,
  base_found TEXT NOT NULL CHECK (base_found IN ('given', 'blobs', 'search')),
  target_ref TEXT NOT NULL,
  target_commit TEXT NOT NULL,
  started_at TEXT NOT NULL,
  duration_ms INTEGER NOT NULL,
  tool_version TEXT NOT NULL
) STRICT;

-- One row per patch and attempt. What the series says beside a patch can change without the patch: it belongs to the attempt.
CREATE TABLE result (
  attempt_id INTEGER NOT NULL REFERENCES attempt (id),
  position INTEGER NOT NULL,
  section TEXT NOT NULL,
  owner TEXT,
  comment TEXT,
  rebuild TEXT NOT NULL CHECK (rebuild IN ('clean', 'offset', 'fuzz', 'failed', 'unreadable')),
  rebuild_lines INTEGER,
  rebuild_reason TEXT,
  rebuild_hint TEXT,
  landing TEXT NOT NULL CHECK (landing IN ('clean', 'offset', 'fuzz', 'merged', 'noop', 'conflict', 'blocked', 'withheld', 'unreadable')),
  landing_lines INTEGER,
  verdict TEXT NOT NULL CHECK (verdict IN ('applies', 'conflicting', 'blocked', 'upstreamed', 'droppable', 'invalid')),
  action TEXT NOT NULL CHECK (action IN ('drop', 'review', 'rework', 'wait', 'refresh', 'keep', 'repair')),
  reason TEXT,
  status TEXT NOT NULL CHECK (status IN ('absent', 'present', 'partial', 'reverted')),
  coverage REAL NOT NULL,
  survival REAL NOT NULL,
  confidence REAL NOT NULL,
  reverted_by TEXT,
  PRIMARY KEY (attempt_id, position)
) STRICT, WITHOUT ROWID;

-- The upstream commits that a finding rests on, best first.
CREATE TABLE evidence (
  attempt_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  rank INTEGER NOT NULL,
  sha TEXT NOT NULL,
  subject TEXT NOT NULL,
  date TEXT NOT NULL,
  first_tag TEXT,
  signals TEXT NOT NULL,
  coverage REAL NOT NULL,
  PRIMARY KEY (attempt_id, position, rank),
  FOREIGN KEY (attempt_id, position) REFERENCES result (attempt_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE claim (
  attempt_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  upstream INTEGER NOT NULL CHECK (upstream IN (0, 1)),
  FOREIGN KEY (attempt_id, position) REFERENCES result (attempt_id, position)
) STRICT;

CREATE TABLE conflict (
  attempt_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  path BLOB NOT NULL,
  hunks_failed INTEGER NOT NULL,
  hunks INTEGER NOT NULL,
  reason TEXT NOT NULL,
  -- The file with diff3 conflict markers, where there is one.
  marked BLOB,
  PRIMARY KEY (attempt_id, position, path),
  FOREIGN KEY (attempt_id, position) REFERENCES result (attempt_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE blocked_by (
  attempt_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  blocker INTEGER NOT NULL CHECK (blocker < position),
  PRIMARY KEY (attempt_id, position, blocker),
  FOREIGN KEY (attempt_id, position) REFERENCES result (attempt_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX queue_patch_by_digest ON queue_patch (digest);

-- The index of upstream commits: what never changes about them and is dear to compute. A cache: safe to empty.
CREATE TABLE upstream_commit (
  sha TEXT PRIMARY KEY,
  parents TEXT NOT NULL,
  subject TEXT NOT NULL,
  author TEXT NOT NULL,
  time INTEGER NOT NULL,
  -- Ids that the message names, with a blank between: what it was cherry-picked from, what it reverts.
  taken_from TEXT NOT NULL,
  reverts TEXT NOT NULL,
  -- NULL: the commit has no diff of its own.
  patch_id TEXT,
  -- Bytes, with a NUL between.
  paths BLOB NOT NULL,
  -- The hashes of its changed lines, 32 bits each, in the byte order of the machine that wrote them.
  lines BLOB NOT NULL,
  -- The same for the sentences of its message.
  message BLOB NOT NULL
) STRICT;

CREATE TRIGGER attempt_is_final BEFORE UPDATE ON attempt BEGIN SELECT RAISE(ABORT, 'attempts are append-only'); END;
CREATE TRIGGER attempt_stays BEFORE DELETE ON attempt BEGIN SELECT RAISE(ABORT, 'attempts are append-only'); END;
CREATE TRIGGER result_is_final BEFORE UPDATE ON result BEGIN SELECT RAISE(ABORT, 'attempts are append-only'); END;
CREATE TRIGGER result_stays BEFORE DELETE ON result BEGIN SELECT RAISE(ABORT, 'attempts are append-only'); END;
CREATE TRIGGER patch_is_final BEFORE UPDATE ON patch BEGIN SELECT RAISE(ABORT, 'patches are append-only'); END;
CREATE TRIGGER patch_stays BEFORE DELETE ON patch BEGIN SELECT RAISE(ABORT, 'patches are append-only'); END;
