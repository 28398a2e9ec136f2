-- The refresh token of an application that cannot keep a secret is bound to its certificate (RFC 8705 §4), and so is the code
-- that its device keeps.
ALTER TABLE refresh_tokens ADD COLUMN x5t_s256 TEXT;
ALTER TABLE device_requests ADD COLUMN x5t_s256 TEXT;
