-- What is to be known of a queue beside its verdicts: what was guessed, what was not understood. Attempts from before have none.
CREATE TABLE attempt_note (
  attempt_id INTEGER NOT NULL REFERENCES attempt (id),
  rank INTEGER NOT NULL,
  file TEXT NOT NULL,
  -- NULL where it is about the whole file.
  line INTEGER,
  message TEXT NOT NULL,
  hint TEXT NOT NULL,
  PRIMARY KEY (attempt_id, rank)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER attempt_note_is_final BEFORE UPDATE ON attempt_note BEGIN SELECT RAISE(ABORT, 'attempts are append-only'); END;
CREATE TRIGGER attempt_note_stays BEFORE DELETE ON attempt_note BEGIN SELECT RAISE(ABORT, 'attempts are append-only'); END;
