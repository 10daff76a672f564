-- What became of every change of a patch in the target, in place of what stood of its hunks.

CREATE TABLE change_fate (
  attempt_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  rank INTEGER NOT NULL,
  path BLOB NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('hunk', 'create', 'delete', 'rename', 'copy', 'mode', 'binary')),
  -- NULL for what is no hunk.
  hunk INTEGER,
  fate TEXT NOT NULL CHECK (fate IN ('landed', 'landed-elsewhere', 'rewritten-since', 'in-the-base-already', 'needless', 'remains', 'not-known')),
  -- The commit that brought it, and the one that changed it later; NULL where none is known.
  brought_by TEXT,
  changed_by TEXT,
  -- Where in the target it stands, or would; NULL where no place is known.
  at_path BLOB,
  at_line INTEGER,
  -- Changed lines of it that say something, and how many of them stand.
  lines INTEGER NOT NULL,
  standing INTEGER NOT NULL,
  PRIMARY KEY (attempt_id, position, rank),
  FOREIGN KEY (attempt_id, position) REFERENCES result (attempt_id, position)
) STRICT, WITHOUT ROWID;

-- What was known of the hunks of earlier attempts, in the new words. Their table stays: nothing recorded is lost.
INSERT INTO change_fate
SELECT
  attempt_id, position, rank, path, 'hunk', hunk,
  CASE state WHEN 'verbatim' THEN 'landed' WHEN 'moved' THEN 'landed-elsewhere' WHEN 'absent' THEN 'remains' ELSE 'not-known' END,
  CASE brought_by WHEN '' THEN NULL ELSE substr(brought_by || ' ', 1, instr(brought_by || ' ', ' ') - 1) END,
  NULL, at_path, at_line, 0, 0
FROM hunk_proof;

-- What a person must tell; NULL where nothing is open.
ALTER TABLE result ADD COLUMN question TEXT CHECK (question IN ('fates', 'alike', 'taken-back', 'cut', 'needless'));
ALTER TABLE result ADD COLUMN question_sha TEXT;
