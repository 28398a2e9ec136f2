-- What was granted to whom in which time: mails, rows and tries that strangers can cause. The hash stands for a source, a
-- mailbox, an account, a link or the pool.
CREATE TABLE budgets (
    pool_id BLOB NOT NULL,
    budget  TEXT NOT NULL,
    hash    BLOB NOT NULL CHECK (length(hash) = 32),
    spent   BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    PRIMARY KEY (pool_id, budget, hash)
) WITHOUT ROWID;
CREATE INDEX budgets_end ON budgets (ends_at);

-- Mailed links are no longer counted by their own rows.
DROP INDEX mail_tokens_email;

-- The tokens of a grant are found when the grant is deleted, because its session has too many.
CREATE INDEX refresh_tokens_grant ON refresh_tokens (pool_id, grant_id);
