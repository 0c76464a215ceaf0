-- no transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- Why an account was closed, and how people look and like to look at the studio.
ALTER TABLE users_user ADD COLUMN IF NOT EXISTS deactivation_reason text NOT NULL DEFAULT '';
ALTER TABLE users_user ADD COLUMN IF NOT EXISTS avatar text NOT NULL DEFAULT '';
ALTER TABLE users_user ADD COLUMN IF NOT EXISTS theme text NOT NULL DEFAULT 'system';
ALTER TABLE users_user DROP CONSTRAINT IF EXISTS users_user_theme_choice;
ALTER TABLE users_user ADD CONSTRAINT users_user_theme_choice CHECK (theme IN ('system', 'light', 'dark')) NOT VALID;
-- The bytes of pictures, apart from people's rows so that lists don't read past them. The id is in the address of
-- the picture; a new one has another.
CREATE TABLE IF NOT EXISTS users_avatar (
    id uuid PRIMARY KEY,
    person uuid NOT NULL
        CONSTRAINT users_avatar_person_fkey REFERENCES users_user ON DELETE CASCADE,
    media_type text NOT NULL,
    content bytea NOT NULL,
    CONSTRAINT users_avatar_media_type_choice CHECK (media_type IN ('image/png', 'image/jpeg')),
    CONSTRAINT users_avatar_content_size CHECK (octet_length(content) BETWEEN 1 AND 1000000)
);
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS users_avatar_person_unique ON users_avatar (person);
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_user_is_verified ON users_user (is_verified);
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_user_last_login_at ON users_user (last_login_at, id);
