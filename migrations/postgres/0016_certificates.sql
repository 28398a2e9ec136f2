-- The refresh token of an application that cannot keep a secret is bound to its certificate (RFC 8705 §4).
ALTER TABLE refresh_tokens ADD COLUMN x5t_s256 TEXT;
