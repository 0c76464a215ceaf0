-- no transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- A person's views have names that differ, beyond their case. Those that don't yet get the end of their id, which
-- no other name has.
UPDATE common_saved_view AS v
SET name = left(v.name, 87) || ' ' || right(v.id::text, 12)
FROM (
    SELECT
        id,
        row_number() OVER (PARTITION BY owner, lower(name) ORDER BY created_at, id) AS number
    FROM common_saved_view
) AS n
WHERE n.id = v.id AND n.number > 1;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS common_saved_view_name_once
ON common_saved_view (owner, lower(name));
