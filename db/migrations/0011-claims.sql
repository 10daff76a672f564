-- What a header claims has one form, whatever the dialect, and names the commit that it speaks of. Of claims from before it is told as far as their words
-- go; that a patch comes from its vendor is no claim any more.
CREATE TABLE claim_with_form (
  attempt_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  field TEXT NOT NULL,
  -- A list that grows: the model closes it.
  form TEXT NOT NULL,
  text TEXT NOT NULL,
  -- As the header writes it, 7 to 40 hexadecimal digits; NULL where it names none.
  sha TEXT,
  FOREIGN KEY (attempt_id, position) REFERENCES result (attempt_id, position)
) STRICT;

INSERT INTO claim_with_form
  SELECT attempt_id, position, field,
    CASE
      WHEN upstream = 1 AND field IN ('applied-upstream', 'patch-mainline') THEN 'applied'
      WHEN upstream = 1 THEN 'backport'
      WHEN value LIKE 'not-needed%' THEN 'not-needed'
      WHEN value LIKE 'inappropriate%' OR value LIKE 'never%' THEN 'inappropriate'
      WHEN value LIKE 'denied%' THEN 'denied'
      WHEN value LIKE 'submitted%' OR value LIKE 'yes%' OR value LIKE 'http%' THEN 'submitted'
      ELSE 'pending'
    END,
    value, NULL
  FROM claim WHERE upstream = 1 OR field NOT IN ('origin', 'applied-upstream') ORDER BY rowid;

DROP TABLE claim;
ALTER TABLE claim_with_form RENAME TO claim;
