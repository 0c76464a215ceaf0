-- no transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- A member's list collects ids and order keys of the milestones of their projects: all that it needs is in one index, so
-- that none of the rows, which lie scattered among those of other projects, is read for it.
CREATE INDEX CONCURRENTLY IF NOT EXISTS projects_milestone_keys
ON projects_milestone (project, due_on, id)
INCLUDE (name, position, completed_at, created_at, updated_at, shared_with_client, deleted_at);
DROP INDEX CONCURRENTLY IF EXISTS projects_milestone_project;
