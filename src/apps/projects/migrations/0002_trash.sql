-- no transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- The trash is a small part of its table: it is listed, and purged day by day, by when rows went there.
CREATE INDEX CONCURRENTLY IF NOT EXISTS projects_project_deleted_at
ON projects_project (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS projects_milestone_deleted_at
ON projects_milestone (deleted_at) WHERE deleted_at IS NOT NULL;
