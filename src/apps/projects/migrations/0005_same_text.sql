-- no transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction, prefer-robust-stmts
-- Names are unique as they read, text is sorted as people sort it, and what has no date comes last in both directions.

UPDATE projects_client AS t SET name = left(t.name, 190) || ' (' || alike.place || ')', version = t.version + 1
FROM (
    SELECT id, row_number() OVER (PARTITION BY core_same(name) ORDER BY created_at, id) AS place FROM projects_client
) AS alike
WHERE alike.id = t.id AND alike.place > 1;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS projects_client_name_same
ON projects_client (core_same(name));
DROP INDEX CONCURRENTLY IF EXISTS projects_client_name_unique;
ALTER INDEX IF EXISTS projects_client_name_same RENAME TO projects_client_name_unique;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS projects_project_code_same
ON projects_project (core_same(code)) WHERE deleted_at IS NULL;
DROP INDEX CONCURRENTLY IF EXISTS projects_project_code_unique;
ALTER INDEX IF EXISTS projects_project_code_same RENAME TO projects_project_code_unique;

CREATE INDEX CONCURRENTLY IF NOT EXISTS projects_client_name_sorted
ON projects_client (name COLLATE "und-x-icu", id);
DROP INDEX CONCURRENTLY IF EXISTS projects_client_name;
CREATE INDEX CONCURRENTLY IF NOT EXISTS projects_contact_name_sorted
ON projects_contact (name COLLATE "und-x-icu", id);
DROP INDEX CONCURRENTLY IF EXISTS projects_contact_name;
CREATE INDEX CONCURRENTLY IF NOT EXISTS projects_project_code_sorted
ON projects_project (code COLLATE "und-x-icu", id);
DROP INDEX CONCURRENTLY IF EXISTS projects_project_code;
CREATE INDEX CONCURRENTLY IF NOT EXISTS projects_project_name_sorted
ON projects_project (name COLLATE "und-x-icu", id);
DROP INDEX CONCURRENTLY IF EXISTS projects_project_name;
CREATE INDEX CONCURRENTLY IF NOT EXISTS projects_milestone_name_sorted
ON projects_milestone (name COLLATE "und-x-icu", id);
DROP INDEX CONCURRENTLY IF EXISTS projects_milestone_name;

CREATE INDEX CONCURRENTLY IF NOT EXISTS projects_project_start_on_backwards
ON projects_project (start_on DESC NULLS LAST, id DESC);
CREATE INDEX CONCURRENTLY IF NOT EXISTS projects_project_due_on_backwards
ON projects_project (due_on DESC NULLS LAST, id DESC);
CREATE INDEX CONCURRENTLY IF NOT EXISTS projects_milestone_due_on_backwards
ON projects_milestone (due_on DESC NULLS LAST, id DESC);
CREATE INDEX CONCURRENTLY IF NOT EXISTS projects_milestone_completed_at_backwards
ON projects_milestone (completed_at DESC NULLS LAST, id DESC);

UPDATE projects_client SET tags = core_same_words(tags), version = version + 1 WHERE tags <> core_same_words(tags);
UPDATE projects_project SET tags = core_same_words(tags), version = version + 1 WHERE tags <> core_same_words(tags);
