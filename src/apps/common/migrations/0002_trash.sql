-- no transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- The trash is a small part of its table: it is listed, and purged day by day, by when rows went there.
CREATE INDEX CONCURRENTLY IF NOT EXISTS common_comment_deleted_at
ON common_comment (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS common_attachment_deleted_at
ON common_attachment (deleted_at) WHERE deleted_at IS NOT NULL;
