-- How hard past rebases were, found by trying the queue of that day: what a forecast rests on where nobody tried it then.
CREATE TABLE past_trial (
  queue TEXT NOT NULL,
  -- The revision of the queue's repository that was tried.
  sha TEXT NOT NULL,
  base_ref TEXT NOT NULL,
  target_ref TEXT NOT NULL,
  -- Patches that needed a person, of all.
  conflicts INTEGER NOT NULL,
  patches INTEGER NOT NULL,
  tried_at TEXT NOT NULL,
  tool_version TEXT NOT NULL,
  PRIMARY KEY (queue, sha, base_ref, target_ref)
) STRICT, WITHOUT ROWID;

-- The patches that needed a person, as the revision names them.
CREATE TABLE past_conflict (
  queue TEXT NOT NULL,
  sha TEXT NOT NULL,
  base_ref TEXT NOT NULL,
  target_ref TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (queue, sha, base_ref, target_ref, name),
  FOREIGN KEY (queue, sha, base_ref, target_ref) REFERENCES past_trial (queue, sha, base_ref, target_ref)
) STRICT, WITHOUT ROWID;
