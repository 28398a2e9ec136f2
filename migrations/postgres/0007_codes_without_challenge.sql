-- A confidential application may do without PKCE.
ALTER TABLE codes ALTER COLUMN challenge DROP NOT NULL;
