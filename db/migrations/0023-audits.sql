-- Audits, one after the other: what the next one is compared with, and what reports tell.

CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  attempt_id INTEGER NOT NULL REFERENCES attempt (id),
  audited_at TEXT NOT NULL,
  tool_version TEXT NOT NULL
) STRICT;

CREATE INDEX audit_by_attempt ON audit (attempt_id);

CREATE TABLE audit_patch (
  audit_id INTEGER NOT NULL REFERENCES audit (id),
  position INTEGER NOT NULL,
  class TEXT NOT NULL CHECK (class IN ('backport', 'sent', 'unsent', 'distro', 'revert', 'debug', 'dead')),
  because TEXT NOT NULL,
  next TEXT NOT NULL CHECK (next IN ('send', 'chase', 'justify', 'drop', 'wait', 'rework', 'keep')),
  -- Words with blanks between: "no-author twice".
  hygiene TEXT NOT NULL,
  -- NULL, all of them, where no history of the queue was known.
  age_days INTEGER,
  age_at_least INTEGER CHECK (age_at_least IN (0, 1)),
  refreshes INTEGER,
  conflicts INTEGER,
  -- Points, which add up.
  debt_conflicts INTEGER NOT NULL,
  debt_age INTEGER NOT NULL,
  debt_refreshes INTEGER NOT NULL,
  debt_size INTEGER NOT NULL,
  debt_heat INTEGER NOT NULL,
  debt_because TEXT NOT NULL,
  PRIMARY KEY (audit_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_claim (
  audit_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  rank INTEGER NOT NULL,
  field TEXT NOT NULL,
  form TEXT NOT NULL,
  commit_id TEXT,
  place TEXT NOT NULL CHECK (place IN ('base', 'target', 'later', 'side', 'nowhere', 'unknown')),
  holds TEXT NOT NULL CHECK (holds IN ('true', 'false', 'unknown')),
  -- Changed lines that only the patch has, and only the commits; NULL where nothing was compared.
  lines_here INTEGER,
  lines_there INTEGER,
  because TEXT NOT NULL,
  PRIMARY KEY (audit_id, position, rank),
  FOREIGN KEY (audit_id, position) REFERENCES audit_patch (audit_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_gate (
  audit_id INTEGER NOT NULL REFERENCES audit (id),
  rank INTEGER NOT NULL,
  gate TEXT NOT NULL,
  pass INTEGER NOT NULL CHECK (pass IN (0, 1)),
  is_asked INTEGER NOT NULL CHECK (is_asked IN (0, 1)),
  because TEXT NOT NULL,
  PRIMARY KEY (audit_id, rank)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER audit_is_final BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audits are append-only'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audits are append-only'); END;
CREATE TRIGGER audit_patch_is_final BEFORE UPDATE ON audit_patch BEGIN SELECT RAISE(ABORT, 'audits are append-only'); END;
CREATE TRIGGER audit_patch_stays BEFORE DELETE ON audit_patch BEGIN SELECT RAISE(ABORT, 'audits are append-only'); END;
CREATE TRIGGER audit_claim_is_final BEFORE UPDATE ON audit_claim BEGIN SELECT RAISE(ABORT, 'audits are append-only'); END;
CREATE TRIGGER audit_claim_stays BEFORE DELETE ON audit_claim BEGIN SELECT RAISE(ABORT, 'audits are append-only'); END;
CREATE TRIGGER audit_gate_is_final BEFORE UPDATE ON audit_gate BEGIN SELECT RAISE(ABORT, 'audits are append-only'); END;
CREATE TRIGGER audit_gate_stays BEFORE DELETE ON audit_gate BEGIN SELECT RAISE(ABORT, 'audits are append-only'); END;
