-- What a mail says is a secret: its links sign people in. Mails that wait already stay as they are until they are sent.
ALTER TABLE outbox ADD COLUMN body BLOB;
-- The domain of the recipient: mails to one must not hold up those to others.
ALTER TABLE outbox ADD COLUMN destination TEXT NOT NULL DEFAULT '';
