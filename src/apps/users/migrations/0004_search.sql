-- People and what they belong to are found through core_search.
SELECT core_search_keep('users_user', 'users.user', a => '{username, first_name, last_name}', b => '{job_title}');
SELECT core_search_keep('users_department', 'users.department', a => '{name}');
SELECT core_search_keep('users_branch', 'users.branch', a => '{name}');
SELECT core_search_keep('users_designation', 'users.designation', a => '{name}');
-- What these columns and their indexes held stands in core_search.
-- squawk-ignore ban-drop-column
ALTER TABLE users_user DROP COLUMN search, DROP COLUMN search_text;
-- squawk-ignore ban-drop-column
ALTER TABLE users_department DROP COLUMN search, DROP COLUMN search_text;
-- squawk-ignore ban-drop-column
ALTER TABLE users_branch DROP COLUMN search, DROP COLUMN search_text;
-- squawk-ignore ban-drop-column
ALTER TABLE users_designation DROP COLUMN search, DROP COLUMN search_text;
