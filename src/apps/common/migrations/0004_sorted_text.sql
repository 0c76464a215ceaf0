-- no transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- Names are sorted as people sort them.
CREATE INDEX CONCURRENTLY IF NOT EXISTS common_attachment_name_sorted
ON common_attachment (name COLLATE "und-x-icu", id);
DROP INDEX CONCURRENTLY IF EXISTS common_attachment_name;
CREATE INDEX CONCURRENTLY IF NOT EXISTS common_saved_view_name_sorted
ON common_saved_view (name COLLATE "und-x-icu", id);
DROP INDEX CONCURRENTLY IF EXISTS common_saved_view_name;
