-- Which applications anybody has agreed to is asked before one that registered by itself makes way for the next.
CREATE INDEX consents_by_client ON consents (pool_id, client_id);
