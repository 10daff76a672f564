/** The tables of a board. */

/** Counts every change of what is kept, or of how it is drawn. */
export const BOARD_VERSION = 2

/** Nothing of a record is drawn. */
export const BOARD_START = 'INSERT INTO drawn VALUES (0, NULL, 0, 0, 0);'

export const BOARD_SCHEMA = `
-- How far the record is drawn. Numbers of its last attempt, withdrawal, audit and name of a queue; the document of that attempt.
CREATE TABLE drawn (
  attempt INTEGER NOT NULL,
  document TEXT,
  withdrawal INTEGER NOT NULL,
  audit INTEGER NOT NULL,
  name INTEGER NOT NULL
) STRICT;
${BOARD_START}

-- A queue; from "attempt" on of its newest attempt that counts, NULL where none does.
CREATE TABLE queue (
  id INTEGER PRIMARY KEY,
  -- In addresses.
  name TEXT NOT NULL UNIQUE,
  -- Whether something is new that is not drawn below.
  stale INTEGER NOT NULL DEFAULT 0,
  attempt INTEGER,
  next INTEGER,
  mend INTEGER,
  decide INTEGER,
  patches INTEGER,
  tried_at TEXT
) STRICT;
CREATE INDEX queue_stale ON queue (id) WHERE stale = 1;
CREATE INDEX queue_by_mend ON queue (mend DESC, decide DESC, patches DESC, id) WHERE attempt IS NOT NULL;
CREATE INDEX queue_by_decide ON queue (decide DESC, mend DESC, patches DESC, id) WHERE attempt IS NOT NULL;
CREATE INDEX queue_by_size ON queue (patches DESC, id) WHERE attempt IS NOT NULL;
CREATE INDEX queue_by_day ON queue (tried_at DESC, id DESC) WHERE attempt IS NOT NULL;
CREATE INDEX queue_by_next ON queue (next) WHERE attempt IS NOT NULL;

-- The places that a queue was tried at: a path, its own name, or the one that a portfolio gives it.
CREATE TABLE place (
  place TEXT PRIMARY KEY,
  queue INTEGER NOT NULL REFERENCES queue (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE attempt (
  id INTEGER PRIMARY KEY,
  queue INTEGER NOT NULL REFERENCES queue (id),
  document TEXT,
  base TEXT NOT NULL,
  target TEXT NOT NULL,
  tried_at TEXT NOT NULL,
  -- The one that it is compared with; NULL for the first.
  earlier INTEGER,
  withdrawn INTEGER NOT NULL DEFAULT 0,
  patches INTEGER NOT NULL,
  mend INTEGER NOT NULL,
  repair INTEGER NOT NULL,
  decide INTEGER NOT NULL,
  wait INTEGER NOT NULL,
  refresh INTEGER NOT NULL,
  keep INTEGER NOT NULL,
  leave INTEGER NOT NULL
) STRICT;
CREATE INDEX attempt_by_queue ON attempt (queue, target, id);
CREATE INDEX attempt_by_document ON attempt (document);

-- The same patch for life.
CREATE TABLE lineage (
  id INTEGER PRIMARY KEY,
  queue INTEGER NOT NULL REFERENCES queue (id),
  number INTEGER NOT NULL,
  -- When the first attempt that has it was made.
  since TEXT NOT NULL,
  UNIQUE (queue, number)
) STRICT;
-- The names and contents that it had.
CREATE TABLE version (
  queue INTEGER NOT NULL,
  digest TEXT NOT NULL,
  name TEXT NOT NULL,
  lineage INTEGER NOT NULL REFERENCES lineage (id),
  PRIMARY KEY (queue, digest, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX version_by_name ON version (queue, name, lineage);
CREATE INDEX version_by_lineage ON version (lineage);

CREATE TABLE patch_at (
  attempt INTEGER NOT NULL REFERENCES attempt (id),
  position INTEGER NOT NULL,
  lineage INTEGER NOT NULL REFERENCES lineage (id),
  part TEXT NOT NULL,
  name TEXT NOT NULL,
  owner TEXT,
  PRIMARY KEY (attempt, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX patch_at_by_lineage ON patch_at (lineage, attempt);

-- Whose patches the newest attempts hold.
CREATE TABLE owned (
  owner TEXT NOT NULL,
  queue INTEGER NOT NULL,
  position INTEGER NOT NULL,
  -- Order of its part: what needs a person comes first.
  urgency INTEGER NOT NULL,
  PRIMARY KEY (owner, urgency, queue, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX owned_by_queue ON owned (queue);

-- What breaks the queues as they are now.
CREATE TABLE culprit (
  sha TEXT NOT NULL,
  queue INTEGER NOT NULL,
  subject TEXT NOT NULL,
  author TEXT NOT NULL,
  PRIMARY KEY (sha, queue)
) STRICT, WITHOUT ROWID;
CREATE INDEX culprit_by_queue ON culprit (queue);

CREATE TABLE news (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  kind TEXT NOT NULL,
  queue INTEGER NOT NULL REFERENCES queue (id),
  attempt INTEGER NOT NULL,
  lineage INTEGER,
  patch TEXT,
  owner TEXT,
  text TEXT,
  sha TEXT,
  subject TEXT,
  author TEXT
) STRICT;
CREATE INDEX news_by_time ON news (at DESC, attempt DESC, kind);
CREATE INDEX news_by_queue ON news (queue, at DESC);
CREATE INDEX news_by_owner ON news (owner, at DESC) WHERE owner IS NOT NULL;
CREATE INDEX news_by_attempt ON news (attempt);

-- All that a queue can be found by: three characters in a row or more, of its newest attempt.
CREATE VIRTUAL TABLE words USING fts5 (text, tokenize = 'trigram', content = '', contentless_delete = 1);
`
