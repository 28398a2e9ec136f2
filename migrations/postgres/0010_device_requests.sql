-- Devices that wait for their user's answer (RFC 8628): by the digests of the code that the device keeps and of the one that it
-- shows. What it asks for is sealed. An answer is a time of refusal, or a grant; it is spent once.
CREATE TABLE device_requests (
    pool_id       UUID NOT NULL,
    hash          BYTEA NOT NULL CHECK (octet_length(hash) = 32),
    user_code     BYTEA NOT NULL CHECK (octet_length(user_code) = 32),
    client_id     TEXT NOT NULL,
    request       TEXT NOT NULL,
    dpop_jkt      TEXT,
    poll_interval BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    denied_at     BIGINT,
    grant_id      UUID,
    spent_at      BIGINT,
    PRIMARY KEY (pool_id, hash)
);
CREATE UNIQUE INDEX device_requests_code ON device_requests (pool_id, user_code);
CREATE INDEX device_requests_expiry ON device_requests (expires_at);
CREATE INDEX device_requests_grant ON device_requests (pool_id, grant_id) WHERE grant_id IS NOT NULL;
