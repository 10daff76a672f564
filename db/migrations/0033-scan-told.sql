-- Whether a scan has told what changed with an item that is done. What was done before this was known was told.
ALTER TABLE scan_item ADD COLUMN told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1));
UPDATE scan_item SET told = 1 WHERE state = 'done';
