-- The database's own clock, in seconds.
CREATE VIEW database_clock AS SELECT unixepoch() AS now;

-- How long a pool keeps its audit trail, in seconds: a copy of the pool's setting, for the trigger. The clock is the
-- database's own, so nothing that the program believes about time makes younger rows deletable.
ALTER TABLE pools ADD COLUMN audit_kept BIGINT NOT NULL DEFAULT 34560000;

DROP TRIGGER audit_no_delete;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
WHEN EXISTS (SELECT 1 FROM pools, database_clock WHERE id = OLD.pool_id AND OLD.happened_at > now - audit_kept)
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
