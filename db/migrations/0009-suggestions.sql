-- How a file in conflict could be mended; NULL where nothing is suggested. Reasons and hazards: words with a blank between.
ALTER TABLE conflict ADD COLUMN suggestion_sure INTEGER CHECK (suggestion_sure IN (0, 1));
ALTER TABLE conflict ADD COLUMN suggestion_reasons TEXT;
ALTER TABLE conflict ADD COLUMN suggestion_hazards TEXT;

-- The patch as it would land with all suggestions in place.
CREATE TABLE suggested_patch (
  attempt_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  patch BLOB NOT NULL,
  PRIMARY KEY (attempt_id, position),
  FOREIGN KEY (attempt_id, position) REFERENCES result (attempt_id, position)
) STRICT, WITHOUT ROWID;
