-- Secrets of a pool that are not signing keys: what identifiers of users are derived from (OpenID Connect Core 8.1). Sealed, one of
-- each purpose, and the same for as long as the pool lives.
CREATE TABLE pool_secrets (
    pool_id    BLOB NOT NULL,
    purpose    TEXT NOT NULL,
    secret     BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (pool_id, purpose)
) WITHOUT ROWID;
