-- no transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- A new milestone goes behind the last one of its project.
CREATE INDEX CONCURRENTLY IF NOT EXISTS projects_milestone_project_position
ON projects_milestone (project, position) WHERE deleted_at IS NULL;
