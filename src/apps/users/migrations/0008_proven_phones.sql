-- A telephone number that somebody sets for themselves is nobody's until an admin confirms it: it can't be signed in with, and
-- is no conflict for whoever gives the same. Those that are there now were unique and are proven.

ALTER TABLE users_user ADD COLUMN is_phone_proven boolean NOT NULL DEFAULT false;
UPDATE users_user SET is_phone_proven = true WHERE phone IS NOT NULL;

-- A studio has hundreds of people, so these take no time.
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX users_user_phone_unique;
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX users_user_phone_unique ON users_user (lower(phone)) WHERE is_phone_proven;
