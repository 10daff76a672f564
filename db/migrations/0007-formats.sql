-- The same patches may be read from several places and formats: what is said beside them belongs to the attempt. Formats, and how a base
-- was found, are lists that grow: the model closes them.
CREATE TABLE attempt_with_format (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  queue_revision_id INTEGER NOT NULL REFERENCES queue_revision (id),
  -- Where the queue was, and how it was read there.
  source TEXT NOT NULL,
  format TEXT NOT NULL,
  order_found TEXT NOT NULL,
  upstream TEXT NOT NULL,
  base_ref TEXT NOT NULL,
  base_commit TEXT NOT NULL,
  base_found TEXT NOT NULL,
  target_ref TEXT NOT NULL,
  target_commit TEXT NOT NULL,
  started_at TEXT NOT NULL,
  duration_ms INTEGER NOT NULL,
  tool_version TEXT NOT NULL,
  -- What its document is known by, "sha256:…", whatever its number and times; NULL in attempts from before 0006.
  document TEXT
) STRICT;

INSERT INTO attempt_with_format
  SELECT attempt.id, queue_revision_id, coalesce(attempt.source, queue_revision.source),
    CASE format WHEN 'directory' THEN 'mails' ELSE format END,
    CASE format WHEN 'directory' THEN 'guessed (in the order of their names)' ELSE 'stated (series)' END,
    upstream, base_ref, base_commit, base_found, target_ref, target_commit, started_at, duration_ms, tool_version, document
  FROM attempt JOIN queue_revision ON queue_revision.id = queue_revision_id;

-- Patches that the queue lists and that took no part. Attempts from before know how many, not which.
CREATE TABLE disabled_patch (
  attempt_id INTEGER NOT NULL REFERENCES attempt (id),
  rank INTEGER NOT NULL,
  name TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (attempt_id, rank)
) STRICT, WITHOUT ROWID;

INSERT INTO disabled_patch
  WITH RECURSIVE counted (attempt_id, rank, disabled, listed) AS (
    SELECT attempt.id, 0, disabled, disabled + guarded FROM attempt JOIN queue_revision ON queue_revision.id = queue_revision_id
    UNION ALL SELECT attempt_id, rank + 1, disabled, listed FROM counted WHERE rank < listed
  )
  SELECT attempt_id, rank, '(not recorded)', CASE WHEN rank <= disabled THEN 'commented out' ELSE 'a guard' END
  FROM counted WHERE rank > 0;

CREATE TABLE queue_revision_alone (
  id INTEGER PRIMARY KEY,
  revision TEXT NOT NULL UNIQUE CHECK (revision LIKE 'sha256:%')
) STRICT;
INSERT INTO queue_revision_alone SELECT id, revision FROM queue_revision;

DROP TABLE attempt;
ALTER TABLE attempt_with_format RENAME TO attempt;
DROP TABLE queue_revision;
ALTER TABLE queue_revision_alone RENAME TO queue_revision;

CREATE INDEX attempt_by_document ON attempt (document);
CREATE TRIGGER attempt_is_final BEFORE UPDATE ON attempt BEGIN SELECT RAISE(ABORT, 'attempts are append-only'); END;
CREATE TRIGGER attempt_stays BEFORE DELETE ON attempt BEGIN SELECT RAISE(ABORT, 'attempts are append-only'); END;

-- Where its paths begin (patch -d); empty at the top.
ALTER TABLE queue_patch ADD COLUMN directory TEXT NOT NULL DEFAULT '';

-- The line that lists it, "series:12"; NULL where none does.
ALTER TABLE result ADD COLUMN listed TEXT;
