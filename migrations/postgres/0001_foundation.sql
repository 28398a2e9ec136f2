-- The foundation: pools and everything inside them.
--
-- Times are whole seconds since the Unix epoch, hashes are 32 bytes, JSON is text. The primary key of everything that
-- belongs to a pool leads with pool_id. The indexes on expires_at and next_try_at do not: the sweep and the mailer work
-- across pools.

CREATE TABLE platform_state (
    id             BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    config_version BIGINT NOT NULL
);
INSERT INTO platform_state (id, config_version) VALUES (1, 1);

-- Customers. Each owns one or more pools.
CREATE TABLE tenants (
    slug TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL
);

CREATE TABLE pools (
    id       UUID NOT NULL PRIMARY KEY,
    tenant   TEXT NOT NULL REFERENCES tenants (slug),
    slug     TEXT NOT NULL,
    name     TEXT NOT NULL,
    origin   TEXT NOT NULL,
    settings TEXT NOT NULL,
    -- Counts the changes of what the tenant decided.
    version  BIGINT NOT NULL
);
CREATE INDEX pools_tenant ON pools (tenant);
CREATE UNIQUE INDEX pools_slug ON pools (slug);
CREATE UNIQUE INDEX pools_origin ON pools (origin);

CREATE TABLE clients (
    pool_id  UUID NOT NULL REFERENCES pools (id),
    id       TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (pool_id, id)
);

CREATE TABLE signing_keys (
    pool_id     UUID NOT NULL REFERENCES pools (id),
    kid         TEXT NOT NULL,
    alg         TEXT NOT NULL,
    status      TEXT NOT NULL CHECK (status IN ('active', 'next', 'retired')),
    private_key BYTEA NOT NULL,
    public_jwk  TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (pool_id, kid)
);

CREATE TABLE users (
    pool_id        UUID NOT NULL REFERENCES pools (id),
    id             UUID NOT NULL,
    username       TEXT NOT NULL,
    -- A sign-in name with an '@' is an address: the two can never be taken for one another.
    username_key   TEXT NOT NULL CHECK (username_key NOT LIKE '%@%'),
    email          TEXT,
    email_key      TEXT CHECK (email_key LIKE '%@%'),
    email_verified BOOLEAN NOT NULL,
    name           TEXT,
    locale         TEXT,
    group_names    TEXT NOT NULL,
    status         TEXT NOT NULL CHECK (status IN ('active', 'disabled')),
    password_hash  TEXT,
    mfa_skips      BIGINT NOT NULL DEFAULT 0,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    PRIMARY KEY (pool_id, id)
);
CREATE UNIQUE INDEX users_username ON users (pool_id, username_key);
CREATE UNIQUE INDEX users_email ON users (pool_id, email_key) WHERE email_key IS NOT NULL;

CREATE TABLE sessions (
    pool_id      UUID NOT NULL,
    id           UUID NOT NULL,
    user_id      UUID NOT NULL,
    token_hash   BYTEA NOT NULL CHECK (octet_length(token_hash) = 32),
    events       TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    ip           TEXT,
    user_agent   TEXT,
    revoked_at   BIGINT,
    ended_at     BIGINT,
    PRIMARY KEY (pool_id, id),
    FOREIGN KEY (pool_id, user_id) REFERENCES users (pool_id, id)
);
CREATE UNIQUE INDEX sessions_token ON sessions (pool_id, token_hash);
CREATE INDEX sessions_user ON sessions (pool_id, user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- The subject is a user, or a name nobody has: guessing at unknown names is slowed down all the same.
CREATE TABLE attempts (
    pool_id       UUID NOT NULL,
    subject       UUID NOT NULL,
    kind          TEXT NOT NULL,
    failures      BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL,
    last_at       BIGINT NOT NULL,
    PRIMARY KEY (pool_id, subject, kind)
);
CREATE INDEX attempts_age ON attempts (last_at);

CREATE TABLE credentials (
    pool_id      UUID NOT NULL,
    user_id      UUID NOT NULL,
    id           UUID NOT NULL,
    kind         TEXT NOT NULL,
    label        TEXT NOT NULL,
    public_data  TEXT NOT NULL,
    secret       BYTEA,
    counter      BIGINT NOT NULL,
    chosen       BOOLEAN NOT NULL,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT,
    spent_at     BIGINT,
    PRIMARY KEY (pool_id, user_id, id),
    FOREIGN KEY (pool_id, user_id) REFERENCES users (pool_id, id)
);

CREATE TABLE flows (
    pool_id    UUID NOT NULL,
    id         UUID NOT NULL,
    user_id    UUID NOT NULL,
    document   TEXT NOT NULL,
    version    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (pool_id, id)
);
CREATE INDEX flows_user ON flows (pool_id, user_id);
CREATE INDEX flows_expiry ON flows (expires_at);

CREATE TABLE ceremonies (
    pool_id    UUID NOT NULL,
    id         UUID NOT NULL,
    user_id    UUID NOT NULL,
    kind       TEXT NOT NULL,
    purpose    TEXT NOT NULL,
    bound_to   BYTEA NOT NULL CHECK (octet_length(bound_to) = 32),
    state      BYTEA NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (pool_id, id)
);
CREATE INDEX ceremonies_expiry ON ceremonies (expires_at);
CREATE INDEX ceremonies_bound ON ceremonies (pool_id, bound_to, purpose);

-- Challenges that nobody waits for: they carry their own seal, and only that they were answered is kept.
CREATE TABLE spent_challenges (
    pool_id    UUID NOT NULL,
    hash       BYTEA NOT NULL CHECK (octet_length(hash) = 32),
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (pool_id, hash)
);
CREATE INDEX spent_challenges_expiry ON spent_challenges (expires_at);

-- Browsers that are spared the second factor for a while.
CREATE TABLE remembered_devices (
    pool_id      UUID NOT NULL,
    hash         BYTEA NOT NULL CHECK (octet_length(hash) = 32),
    user_id      UUID NOT NULL,
    id           UUID NOT NULL,
    label        TEXT NOT NULL,
    ip           TEXT,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    PRIMARY KEY (pool_id, hash),
    FOREIGN KEY (pool_id, user_id) REFERENCES users (pool_id, id)
);
CREATE INDEX remembered_devices_user ON remembered_devices (pool_id, user_id);
CREATE INDEX remembered_devices_expiry ON remembered_devices (expires_at);

-- Browsers a user has signed in from: a sign-in from another one is told to the user.
CREATE TABLE known_browsers (
    pool_id    UUID NOT NULL,
    user_id    UUID NOT NULL,
    browser    BYTEA NOT NULL CHECK (octet_length(browser) = 32),
    first_seen BIGINT NOT NULL,
    last_seen  BIGINT NOT NULL,
    PRIMARY KEY (pool_id, user_id, browser),
    FOREIGN KEY (pool_id, user_id) REFERENCES users (pool_id, id)
);
CREATE INDEX known_browsers_age ON known_browsers (last_seen);

CREATE TABLE grants (
    pool_id    UUID NOT NULL,
    id         UUID NOT NULL,
    user_id    UUID NOT NULL,
    client_id  TEXT NOT NULL,
    session_id UUID NOT NULL,
    scopes     TEXT NOT NULL,
    acr        TEXT NOT NULL,
    amr        TEXT NOT NULL,
    auth_time  BIGINT NOT NULL,
    claims     TEXT,
    basis      TEXT NOT NULL,
    offline    BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    PRIMARY KEY (pool_id, id),
    FOREIGN KEY (pool_id, user_id) REFERENCES users (pool_id, id)
);
CREATE INDEX grants_user ON grants (pool_id, user_id);
CREATE INDEX grants_session ON grants (pool_id, session_id);
CREATE INDEX grants_expiry ON grants (expires_at);

CREATE TABLE codes (
    pool_id      UUID NOT NULL,
    hash         BYTEA NOT NULL CHECK (octet_length(hash) = 32),
    grant_id     UUID NOT NULL,
    client_id    TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    nonce        TEXT,
    challenge    TEXT NOT NULL,
    expires_at   BIGINT NOT NULL,
    spent_at     BIGINT,
    PRIMARY KEY (pool_id, hash)
);
CREATE INDEX codes_expiry ON codes (expires_at);

CREATE TABLE refresh_tokens (
    pool_id             UUID NOT NULL,
    hash                BYTEA NOT NULL CHECK (octet_length(hash) = 32),
    grant_id            UUID NOT NULL,
    client_id           TEXT NOT NULL,
    issued_at           BIGINT NOT NULL,
    expires_at          BIGINT NOT NULL,
    absolute_expires_at BIGINT NOT NULL,
    spent_at            BIGINT,
    PRIMARY KEY (pool_id, hash)
);
CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);

CREATE TABLE consents (
    pool_id      UUID NOT NULL,
    user_id      UUID NOT NULL,
    client_id    TEXT NOT NULL,
    scopes       TEXT NOT NULL,
    granted_at   BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    PRIMARY KEY (pool_id, user_id, client_id),
    FOREIGN KEY (pool_id, user_id) REFERENCES users (pool_id, id)
);

CREATE TABLE mail_tokens (
    pool_id    UUID NOT NULL,
    hash       BYTEA NOT NULL CHECK (octet_length(hash) = 32),
    purpose    TEXT NOT NULL,
    user_id    UUID,
    email      TEXT NOT NULL,
    email_key  TEXT NOT NULL,
    data       TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (pool_id, hash)
);
CREATE INDEX mail_tokens_email ON mail_tokens (pool_id, email_key, created_at);
CREATE INDEX mail_tokens_user ON mail_tokens (pool_id, user_id);
CREATE INDEX mail_tokens_expiry ON mail_tokens (expires_at);

CREATE TABLE outbox (
    pool_id     UUID NOT NULL,
    id          UUID NOT NULL,
    recipient   TEXT NOT NULL,
    subject     TEXT NOT NULL,
    body_text   TEXT NOT NULL,
    body_html   TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    tries       BIGINT NOT NULL,
    next_try_at BIGINT NOT NULL,
    PRIMARY KEY (pool_id, id)
);
CREATE INDEX outbox_due ON outbox (next_try_at);

CREATE TABLE audit (
    pool_id     UUID NOT NULL,
    happened_at BIGINT NOT NULL,
    id          UUID NOT NULL,
    action      TEXT NOT NULL,
    user_id     UUID,
    client_id   TEXT,
    session_id  UUID,
    ip          TEXT,
    request_id  TEXT,
    outcome     TEXT NOT NULL,
    detail      TEXT NOT NULL,
    PRIMARY KEY (pool_id, happened_at, id)
);
CREATE INDEX audit_user ON audit (pool_id, user_id, happened_at, id) WHERE user_id IS NOT NULL;

-- The trail only grows. It ends with its pool, which has to be gone first.
CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM pools WHERE id = OLD.pool_id) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the audit trail is append-only';
END;
$$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_append_only();
