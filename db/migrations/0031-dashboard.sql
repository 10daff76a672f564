-- What a portfolio calls the queue of an attempt is looked up by the attempt.
CREATE INDEX scan_item_by_attempt ON scan_item (attempt_id, portfolio, name) WHERE attempt_id IS NOT NULL;
-- A later audit, and a later withdrawal, of an attempt.
CREATE INDEX withdrawal_by_attempt ON withdrawal (attempt_id, id);
-- What the headers of an attempt's patches claim is read by the attempt.
CREATE INDEX claim_by_attempt ON claim (attempt_id, position);
