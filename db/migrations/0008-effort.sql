-- The time as a person typed it: "13 months". NULL for an estimate, and in entries from before.
ALTER TABLE effort ADD COLUMN typed TEXT;
