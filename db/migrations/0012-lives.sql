-- What a queue's life is told from: the branch of HEAD, branches that are gone, how a base is known, what makes a revision unfit, and where a
-- shallow clone ends.
ALTER TABLE queue_source ADD COLUMN cuts TEXT NOT NULL DEFAULT '';
-- What was read, and how: a later import that reads the same reads only what is new. NULL in imports from before.
ALTER TABLE queue_source ADD COLUMN reading TEXT;

-- Whether the branch was no longer in the repository at the last import.
ALTER TABLE queue_branch ADD COLUMN gone INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1));
ALTER TABLE queue_branch ADD COLUMN head INTEGER NOT NULL DEFAULT 0 CHECK (head IN (0, 1));

-- Why a listed patch takes no part: "commented out", "guard x86"; NULL of those that take part.
ALTER TABLE queue_listing ADD COLUMN reason TEXT;
UPDATE queue_listing SET reason = 'commented out' WHERE disabled = 1;
DROP INDEX queue_listing_once;
CREATE UNIQUE INDEX queue_listing_once
  ON queue_listing (name, coalesce(digest, ''), section, coalesce(owner, ''), kind, disabled, coalesce(reason, ''));

-- What names the base, such as a file; NULL where nothing does, and in imports from before.
ALTER TABLE imported_revision ADD COLUMN base_from TEXT;
-- Why the revision cannot be told as the queue of its time; NULL where it can.
ALTER TABLE imported_revision ADD COLUMN problem TEXT;
