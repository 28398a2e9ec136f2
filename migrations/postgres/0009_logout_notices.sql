-- Which application is to be told that which session has ended (OpenID Connect Back-Channel Logout 1.0). The subject is not a
-- user's key: what a deleted user was signed in to is told as well. Once it was told, or given up, there is no next try.
CREATE TABLE logout_notices (
    pool_id      UUID NOT NULL,
    session_id   UUID NOT NULL,
    client_id    TEXT NOT NULL,
    subject      TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    tries        BIGINT NOT NULL,
    next_try_at  BIGINT,
    last_error   TEXT,
    delivered_at BIGINT,
    PRIMARY KEY (pool_id, session_id, client_id)
);
CREATE INDEX logout_notices_due ON logout_notices (next_try_at) WHERE next_try_at IS NOT NULL;
CREATE INDEX logout_notices_client ON logout_notices (pool_id, client_id, created_at);
CREATE INDEX logout_notices_age ON logout_notices (created_at);
