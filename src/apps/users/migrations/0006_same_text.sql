-- squawk-ignore-file require-concurrent-index-creation, require-concurrent-index-deletion
-- What the studio is made of is unique as it reads, and text is sorted as people sort it. The tables hold a few rows for
-- each person, so plain indexes are made in a moment: the migrator's lock_timeout bounds the wait for the lock.

UPDATE users_department AS t SET name = left(t.name, 110) || ' (' || alike.place || ')', version = t.version + 1
FROM (
    SELECT id, row_number() OVER (PARTITION BY core_same(name) ORDER BY created_at, id) AS place FROM users_department
) AS alike
WHERE alike.id = t.id AND alike.place > 1;
DROP INDEX users_department_name_unique;
CREATE UNIQUE INDEX users_department_name_unique ON users_department (core_same(name));
DROP INDEX users_department_name;
CREATE INDEX users_department_name ON users_department (name COLLATE "und-x-icu", id);

UPDATE users_branch AS t SET name = left(t.name, 110) || ' (' || alike.place || ')', version = t.version + 1
FROM (
    SELECT id, row_number() OVER (PARTITION BY core_same(name) ORDER BY created_at, id) AS place FROM users_branch
) AS alike
WHERE alike.id = t.id AND alike.place > 1;
DROP INDEX users_branch_name_unique;
CREATE UNIQUE INDEX users_branch_name_unique ON users_branch (core_same(name));
DROP INDEX users_branch_name;
CREATE INDEX users_branch_name ON users_branch (name COLLATE "und-x-icu", id);

UPDATE users_designation AS t SET name = left(t.name, 110) || ' (' || alike.place || ')', version = t.version + 1
FROM (
    SELECT id, row_number() OVER (PARTITION BY core_same(name) ORDER BY created_at, id) AS place FROM users_designation
) AS alike
WHERE alike.id = t.id AND alike.place > 1;
DROP INDEX users_designation_name_unique;
CREATE UNIQUE INDEX users_designation_name_unique ON users_designation (core_same(name));
DROP INDEX users_designation_name;
CREATE INDEX users_designation_name ON users_designation (name COLLATE "und-x-icu", id);

DROP INDEX users_user_username_unique;
CREATE UNIQUE INDEX users_user_username_unique ON users_user (core_same(username));
DROP INDEX users_user_username;
CREATE INDEX users_user_username ON users_user (username COLLATE "und-x-icu", id);
DROP INDEX users_user_first_name;
CREATE INDEX users_user_first_name ON users_user (first_name COLLATE "und-x-icu", id);
DROP INDEX users_user_last_name;
CREATE INDEX users_user_last_name ON users_user (last_name COLLATE "und-x-icu", id);

CREATE INDEX users_invitation_expires_at_backwards ON users_invitation (expires_at DESC NULLS LAST, id DESC);

UPDATE users_user SET agent_tags = core_same_words(agent_tags), zones = core_same_words(zones), version = version + 1
WHERE agent_tags <> core_same_words(agent_tags) OR zones <> core_same_words(zones);
