-- The database's own clock, in seconds.
CREATE VIEW database_clock AS SELECT extract(epoch FROM now())::bigint AS now;

-- How long a pool keeps its audit trail, in seconds: a copy of the pool's setting, for the trigger. The clock is the
-- database's own, so nothing that the program believes about time makes younger rows deletable.
ALTER TABLE pools ADD COLUMN audit_kept BIGINT NOT NULL DEFAULT 34560000;

CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS (
        SELECT 1 FROM pools, database_clock AS clock
        WHERE id = OLD.pool_id AND OLD.happened_at > clock.now - audit_kept
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the audit trail is append-only';
END;
$$;
