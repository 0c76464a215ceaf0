-- Clients, projects and what is in them are found through core_search.
SELECT core_search_keep('projects_client', 'projects.client', a => '{name}', c => '{address}');
SELECT core_search_keep('projects_contact', 'projects.contact', 'client', a => '{name}', c => '{job_title}');
SELECT core_search_keep('projects_project', 'projects.project', a => '{code, name}', c => '{description}');
SELECT core_search_keep('projects_milestone', 'projects.milestone', 'project',
                        a => '{name}', c => '{description}', d => '{acceptance}');
-- What these columns and their indexes held stands in core_search.
-- squawk-ignore ban-drop-column
ALTER TABLE projects_client DROP COLUMN search, DROP COLUMN search_text;
-- squawk-ignore ban-drop-column
ALTER TABLE projects_contact DROP COLUMN search, DROP COLUMN search_text;
-- squawk-ignore ban-drop-column
ALTER TABLE projects_project DROP COLUMN search, DROP COLUMN search_text;
-- squawk-ignore ban-drop-column
ALTER TABLE projects_milestone DROP COLUMN search, DROP COLUMN search_text;
