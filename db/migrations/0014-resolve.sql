-- Mending an attempt: what a person did, kept for good; and what is open, made anew with every step.

CREATE TABLE resolve_step (
  id INTEGER PRIMARY KEY,
  attempt_id INTEGER NOT NULL REFERENCES attempt (id),
  kind TEXT NOT NULL CHECK (kind IN ('resolved', 'skipped', 'dropped', 'reopened', 'aborted')),
  -- NULL where all steps before are taken back.
  position INTEGER CHECK ((position IS NULL) = (kind = 'aborted')),
  reason TEXT,
  technique TEXT CHECK (technique IN ('by-hand', 'suggestion', 'remembered')),
  -- At work on it, breaks not counted.
  seconds INTEGER,
  given_by TEXT NOT NULL,
  given_at TEXT NOT NULL,
  FOREIGN KEY (attempt_id, position) REFERENCES result (attempt_id, position)
) STRICT;

CREATE INDEX resolve_step_by_attempt ON resolve_step (attempt_id);

-- A side is NULL where there is no file.
CREATE TABLE mended_file (
  step_id INTEGER NOT NULL REFERENCES resolve_step (id),
  path BLOB NOT NULL,
  before_mode TEXT,
  before BLOB,
  after_mode TEXT,
  after BLOB,
  PRIMARY KEY (step_id, path)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER resolve_step_is_final BEFORE UPDATE ON resolve_step BEGIN SELECT RAISE(ABORT, 'steps are append-only'); END;
CREATE TRIGGER resolve_step_stays BEFORE DELETE ON resolve_step BEGIN SELECT RAISE(ABORT, 'steps are append-only'); END;
CREATE TRIGGER mended_file_is_final BEFORE UPDATE ON mended_file BEGIN SELECT RAISE(ABORT, 'steps are append-only'); END;
CREATE TRIGGER mended_file_stays BEFORE DELETE ON mended_file BEGIN SELECT RAISE(ABORT, 'steps are append-only'); END;

-- From here on: what follows from the steps, and the patch that is open.
CREATE TABLE resolve_state (
  attempt_id INTEGER PRIMARY KEY REFERENCES attempt (id),
  -- How many of the steps that count have landed.
  settled INTEGER NOT NULL,
  open_position INTEGER,
  opened_at TEXT,
  -- What the work tree stands on, and the tree that was put there.
  open_commit TEXT,
  open_tree TEXT
) STRICT;

CREATE TABLE resolve_outcome (
  attempt_id INTEGER NOT NULL REFERENCES attempt (id),
  position INTEGER NOT NULL,
  landing TEXT NOT NULL,
  -- Positions, with a blank between.
  waits_for TEXT NOT NULL,
  patch BLOB,
  PRIMARY KEY (attempt_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE open_file (
  attempt_id INTEGER NOT NULL REFERENCES attempt (id),
  path BLOB NOT NULL,
  reason TEXT NOT NULL,
  base_mode TEXT,
  base BLOB,
  ours_mode TEXT,
  ours BLOB,
  theirs_mode TEXT,
  theirs BLOB,
  marked BLOB,
  placed_mode TEXT,
  placed BLOB,
  suggestion_sure INTEGER CHECK (suggestion_sure IN (0, 1)),
  suggestion_reasons TEXT,
  suggestion_hazards TEXT,
  suggestion_remembered TEXT,
  suggestion BLOB,
  PRIMARY KEY (attempt_id, path)
) STRICT, WITHOUT ROWID;
