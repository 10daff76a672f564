-- What attempts were made of, as a hash over all that decides what they say: where it is the same, the same would come out.
-- None of attempts from before, of imported ones, and of those beside which something was said that the record does not hold.
CREATE TABLE attempt_inputs (
  attempt_id INTEGER PRIMARY KEY REFERENCES attempt (id),
  -- "sha256:…"
  hash TEXT NOT NULL
) STRICT;

CREATE TRIGGER attempt_inputs_is_final BEFORE UPDATE ON attempt_inputs BEGIN SELECT RAISE(ABORT, 'attempts are append-only'); END;
CREATE TRIGGER attempt_inputs_stays BEFORE DELETE ON attempt_inputs BEGIN SELECT RAISE(ABORT, 'attempts are append-only'); END;
