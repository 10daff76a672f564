-- What a conflict is about, region by region, which upstream commits brought it, and how a patch landed that no merge could.

-- 'context': by its context alone, where a merge conflicts. NULL where the landing says it all.
ALTER TABLE result ADD COLUMN landing_by TEXT CHECK (landing_by IN ('merge', 'context'));

-- The file was deleted upstream, and not moved.
ALTER TABLE conflict ADD COLUMN is_gone INTEGER NOT NULL DEFAULT 0 CHECK (is_gone IN (0, 1));

CREATE TABLE conflict_region (
  attempt_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  path BLOB NOT NULL,
  rank INTEGER NOT NULL,
  line INTEGER NOT NULL,
  -- Numbers of the patch's hunks, with a blank between.
  hunks TEXT NOT NULL,
  ours BLOB NOT NULL,
  base BLOB NOT NULL,
  theirs BLOB NOT NULL,
  -- Where what the hunk looks for is now; NULL where it was not found.
  went_to_path BLOB,
  went_to_line INTEGER,
  -- Commit ids with a blank between, most lines first.
  culprits TEXT NOT NULL,
  PRIMARY KEY (attempt_id, position, path, rank),
  FOREIGN KEY (attempt_id, position, path) REFERENCES conflict (attempt_id, position, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE culprit (
  attempt_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  path BLOB NOT NULL,
  rank INTEGER NOT NULL,
  sha TEXT NOT NULL,
  subject TEXT NOT NULL,
  author TEXT NOT NULL,
  date TEXT NOT NULL,
  first_tag TEXT,
  -- Lines of the conflict that it changed; 0 for the commit that deleted or moved the file.
  lines INTEGER NOT NULL,
  PRIMARY KEY (attempt_id, position, path, rank),
  FOREIGN KEY (attempt_id, position, path) REFERENCES conflict (attempt_id, position, path)
) STRICT, WITHOUT ROWID;
