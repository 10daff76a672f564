-- The attempt before of the same queue is looked up by its name.
CREATE INDEX scan_item_by_name ON scan_item (portfolio, name, id);
