-- The APIs that a sign-in's tokens are for (RFC 8707), and the key that a code and a refresh token are bound to (RFC 9449).
ALTER TABLE grants ADD COLUMN resources TEXT NOT NULL DEFAULT '[]';
ALTER TABLE codes ADD COLUMN dpop_jkt TEXT;
ALTER TABLE refresh_tokens ADD COLUMN dpop_jkt TEXT;
