-- Which resolutions were made on this machine. What they say is in their files beside the queue; one that is not here came with somebody's queue.
CREATE TABLE resolution (
  -- SHA-256 of the file: what was edited since is nobody's own any more.
  digest TEXT PRIMARY KEY,
  -- The directory that it was written to.
  directory TEXT NOT NULL,
  made_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What a suggestion took from resolutions, one a line: how it was recalled, whose it is, its file. NULL where it took nothing.
ALTER TABLE conflict ADD COLUMN suggestion_remembered TEXT;
