-- What field work, absence and leaving need to know of a person. The table holds one row for each person of a studio, so plain
-- indexes and constraints are made in a moment: the migrator's lock_timeout bounds the wait for the lock.

ALTER TABLE users_user ADD COLUMN agent_tags text[] NOT NULL DEFAULT '{}';
ALTER TABLE users_user ADD COLUMN zones text[] NOT NULL DEFAULT '{}';
ALTER TABLE users_user ADD COLUMN out_of_office_from date;
ALTER TABLE users_user ADD COLUMN out_of_office_until date;
ALTER TABLE users_user ADD COLUMN out_of_office_delegate uuid;
ALTER TABLE users_user ADD COLUMN erased_at timestamptz;

-- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
ALTER TABLE users_user ADD CONSTRAINT users_user_out_of_office_delegate_fkey
    FOREIGN KEY (out_of_office_delegate) REFERENCES users_user (id) ON DELETE SET NULL;
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE users_user ADD CONSTRAINT users_user_out_of_office_span CHECK (
    (out_of_office_from IS NULL) = (out_of_office_until IS NULL) AND out_of_office_until >= out_of_office_from
);
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE users_user ADD CONSTRAINT users_user_not_own_delegate CHECK (out_of_office_delegate <> id);
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE users_user ADD CONSTRAINT users_user_erased_is_closed CHECK (erased_at IS NULL OR NOT is_active);

-- squawk-ignore require-concurrent-index-creation
CREATE INDEX users_user_agent_tags ON users_user USING gin (agent_tags);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX users_user_zones ON users_user USING gin (zones);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX users_user_out_of_office_from ON users_user (out_of_office_from);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX users_user_out_of_office_until ON users_user (out_of_office_until);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX users_user_out_of_office_delegate ON users_user (out_of_office_delegate);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX users_user_expires_at ON users_user (expires_at);
