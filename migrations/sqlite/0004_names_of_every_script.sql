-- What a user name looks like (UTS 39): of two names that can be taken for one another a pool has one. The program fills
-- it in with the normal forms of the names that are there; a name that collides with an older one has none.
ALTER TABLE users ADD COLUMN username_skeleton TEXT;
CREATE UNIQUE INDEX users_skeleton ON users (pool_id, username_skeleton) WHERE username_skeleton IS NOT NULL;
