-- A confidential application may do without PKCE. A column cannot be made nullable here, and codes live for a minute at most:
-- the few that are open while the program is replaced are asked for again.
DROP TABLE codes;
CREATE TABLE codes (
    pool_id      BLOB NOT NULL,
    hash         BLOB NOT NULL CHECK (length(hash) = 32),
    grant_id     BLOB NOT NULL,
    client_id    TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    nonce        TEXT,
    challenge    TEXT,
    expires_at   BIGINT NOT NULL,
    spent_at     BIGINT,
    PRIMARY KEY (pool_id, hash)
) WITHOUT ROWID;
CREATE INDEX codes_expiry ON codes (expires_at);
