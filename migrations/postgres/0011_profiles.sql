-- What applications are told of a user beside name and address (OpenID Connect Core §5.1), and what the pool declares of its own:
-- a JSON object without the fields that have no value. Absent where there is nothing.
ALTER TABLE users ADD COLUMN profile TEXT;
