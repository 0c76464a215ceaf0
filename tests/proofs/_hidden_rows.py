"""What two studios have in common, and what one of them has otherwise: nothing that a certain person may read.

Who may read what is written down here once more, as the README of each app promises it, and not taken from the program.
"""

# Words that rows have which somebody doesn't see; ABSENT are like them, and no row has them.
HIDDEN = ("marabou", "kasubi", "wandegeya", "kabalega", "mutesa")
ABSENT = ("maraubo", "kusabi", "wangedeya", "kagabela", "muteso")
RARE, RARE_ABSENT = ("nyabingi", "mengohill"), ("nyabigni", "mengihoul")

# One project of 40 is the client's, another one's only member is the member, the field representative has four.
BASE = r"""
CREATE FUNCTION pg_temp.made(kind text, n bigint) RETURNS uuid IMMUTABLE LANGUAGE sql
RETURN md5(kind || n)::uuid;
CREATE FUNCTION pg_temp.who(name text) RETURNS uuid STABLE LANGUAGE sql RETURN (SELECT id FROM users_user WHERE username = name);
CREATE FUNCTION pg_temp.word(n bigint) RETURNS text IMMUTABLE LANGUAGE sql
RETURN (ARRAY['harvest', 'colour', 'contract', 'storyboard', 'lake', 'coffee', 'poster', 'drums', 'market', 'bicycle', 'festival'])[1 + n % 11];

DELETE FROM projects_member WHERE member IN (pg_temp.who('staff'), pg_temp.who('hassan'));
UPDATE projects_project SET owner = NULL WHERE owner IN (pg_temp.who('staff'), pg_temp.who('hassan'));
UPDATE projects_milestone SET owner = NULL WHERE owner IN (pg_temp.who('staff'), pg_temp.who('hassan'));
DELETE FROM common_saved_view;

INSERT INTO users_user (id, username, email, first_name, last_name, job_title, roles, is_verified)
SELECT pg_temp.made('user', n), 'person-' || n, 'person-' || n || '@two.example', 'Person', 'Number ' || n, 'Painter',
       CASE WHEN n % 4 = 0 THEN '{client}' ELSE '{content}' END::text[], true
FROM generate_series(1, 30) n;
INSERT INTO projects_client (id, name, currency, address, notes, tags, people)
SELECT pg_temp.made('client', n), 'Client ' || n || ' ' || pg_temp.word(n), 'UGX', 'Plot ' || n, 'Pays late', '{new}',
       ARRAY[pg_temp.made('user', 4 * n)]
FROM generate_series(1, 7) n;
INSERT INTO projects_contact (id, client, name, job_title, email)
SELECT pg_temp.made('contact', n * 100 + c.k), c.id, 'Contact ' || n, 'Buyer of ' || pg_temp.word(n), 'contact' || n || '@two.example'
FROM (SELECT id, row_number() OVER (ORDER BY id) AS k FROM projects_client) c, generate_series(1, 40) n WHERE n % 8 = c.k % 8;
INSERT INTO projects_project (id, code, name, description, client, status, priority, owner, start_on, due_on, tags, estimated_hours, budget,
                              budget_currency, archived)
SELECT pg_temp.made('project', n), 'TWO-' || n, initcap(pg_temp.word(n)) || ' for ' || pg_temp.word(n / 2), 'All about ' || pg_temp.word(n * 3),
       CASE WHEN n IN (11, 12, 13) THEN (SELECT id FROM projects_client WHERE people @> ARRAY[pg_temp.who('client')] ORDER BY id LIMIT 1)
            WHEN n % 5 > 0 THEN pg_temp.made('client', 1 + n % 7) END,
       (ARRAY['planning', 'active', 'on_hold', 'review', 'complete'])[1 + n % 5], (ARRAY['low', 'medium', 'high', 'urgent'])[1 + n % 4],
       CASE WHEN n = 5 THEN pg_temp.who('hassan') ELSE pg_temp.who('content') END, date '2026-10-01' + n::int, date '2026-11-01' + 3 * n::int,
       ARRAY[pg_temp.word(n)], n * 10, n * 100000, 'UGX', n % 13 = 0
FROM generate_series(1, 40) n;
INSERT INTO projects_member (id, project, member, role, allocation)
SELECT pg_temp.made('member', n), pg_temp.made('project', project), pg_temp.who(name), role, n
FROM (VALUES (1, 1, 'staff', 'member'), (2, 2, 'hassan', 'member'), (3, 3, 'hassan', 'reviewer'), (4, 4, 'hassan', 'lead'),
             (5, 14, 'client', 'client')) AS seen (n, project, name, role);
INSERT INTO projects_member (id, project, member, role)
SELECT pg_temp.made('member', 100 + 40 * k + n), pg_temp.made('project', n), pg_temp.made('user', 1 + (n * 3 + k * 7) % 30),
       CASE WHEN (1 + (n * 3 + k * 7) % 30) % 4 = 0 THEN 'client' ELSE 'member' END
FROM generate_series(1, 40) n, generate_series(0, 2) k ON CONFLICT DO NOTHING;
INSERT INTO projects_milestone (id, project, name, description, acceptance, reward, due_on, owner, position, shared_with_client, completed_at,
                                deleted_at)
SELECT pg_temp.made('milestone', n * 100 + k), pg_temp.made('project', n), initcap(pg_temp.word(n + k)) || ' ' || k,
       pg_temp.word(k * 3) || ' and ' || pg_temp.word(n * k), 'Seen by all', 'Cake', date '2026-11-01' + (n * k % 90)::int,
       CASE WHEN k % 4 = 0 THEN pg_temp.who('content') WHEN k % 9 = 0 AND n < 6 THEN pg_temp.who('hassan') END, k, k % 3 = 0,
       CASE WHEN k % 5 = 0 THEN timestamptz '2026-11-11 08:00Z' + k * interval '1 hour' END,
       CASE WHEN k % 11 = 0 THEN timestamptz '2026-11-20 08:00Z' END
FROM generate_series(1, 40) n, generate_series(1, 30) k;
UPDATE projects_milestone SET name = name || ' changed', due_on = due_on + 2 WHERE position % 6 = 0 AND id::text < '8';

CREATE TEMPORARY TABLE record AS
SELECT row_number() OVER (ORDER BY id) AS n, model, id FROM (
    SELECT 'projects.project' AS model, id FROM projects_project UNION ALL SELECT 'projects.milestone', id FROM projects_milestone
    UNION ALL SELECT 'projects.client', id FROM projects_client UNION ALL SELECT 'users.user', id FROM users_user) each;
INSERT INTO common_comment (id, on_model, on_row, author, body, internal, mentions)
SELECT pg_temp.made('comment', n * 10 + k), model, id, CASE WHEN k = 1 THEN pg_temp.who('content') ELSE pg_temp.who('manager') END,
       'Said of ' || pg_temp.word(n + k) || ' and ' || pg_temp.word(n / 3), (n + k) % 3 = 0, ARRAY[pg_temp.who('patience')]
FROM record, generate_series(1, 2) k;
INSERT INTO common_attachment (id, on_model, on_row, name, media_type, size, sha256, uploader, internal)
SELECT pg_temp.made('file', n), model, id, pg_temp.word(n) || '-' || n || '.txt', 'text/plain', 5, encode(sha256('hello'), 'hex'),
       pg_temp.who('content'), n % 2 = 0
FROM record WHERE n % 3 = 0;
INSERT INTO common_attachment_content (attachment, content) SELECT id, 'hello' FROM common_attachment WHERE media_type = 'text/plain' AND size = 5
ON CONFLICT DO NOTHING;
INSERT INTO common_saved_view (id, name, on_model, owner, visibility, position)
SELECT pg_temp.made('view' || u.username, n), 'View ' || n, 'projects.project', u.id, CASE WHEN n = 3 AND u.username = 'manager' THEN 'everyone'
       ELSE 'personal' END, n
FROM users_user u, generate_series(1, 3) n WHERE u.username IN ('client', 'staff', 'hassan', 'manager', 'content');
INSERT INTO users_invitation (id, email, roles, expires_at)
SELECT pg_temp.made('invitation', n), 'asked' || n || '@two.example', '{staff}', timestamptz '2027-01-01' FROM generate_series(1, 5) n;

-- One that was shared later: how it began is not for clients.
INSERT INTO projects_milestone (id, project, name, description, position)
VALUES (pg_temp.made('milestone', 1), pg_temp.made('project', 11), 'Working title marabou', 'Said among us', 40);
UPDATE projects_milestone SET name = 'Working title kasubi' WHERE id = pg_temp.made('milestone', 1);
UPDATE projects_milestone SET shared_with_client = true, name = 'Last cut' WHERE id = pg_temp.made('milestone', 1);
UPDATE projects_milestone SET description = 'As we agreed' WHERE id = pg_temp.made('milestone', 1);
"""

# What {reader} may read, as tables seen_…, trash included; then everything else changes.
SEEN = r"""
CREATE FUNCTION pg_temp.made(kind text, n bigint) RETURNS uuid IMMUTABLE LANGUAGE sql
RETURN md5(kind || n)::uuid;
CREATE TEMPORARY TABLE reader AS SELECT id, roles @> '{client}' AS client FROM users_user WHERE username = '{reader}';
CREATE TEMPORARY TABLE seen_client AS
SELECT c.id FROM projects_client c, reader WHERE client AND c.people @> ARRAY[reader.id]
UNION SELECT p.client FROM projects_project p, reader WHERE NOT reader.client AND p.client IS NOT NULL
    AND (p.owner = reader.id OR EXISTS (SELECT FROM projects_member m WHERE m.project = p.id AND m.member = reader.id));
CREATE TEMPORARY TABLE seen_project AS
SELECT p.id FROM projects_project p, reader
WHERE EXISTS (SELECT FROM projects_member m WHERE m.project = p.id AND m.member = reader.id)
   OR (reader.client AND p.client IN (SELECT id FROM seen_client)) OR (NOT reader.client AND p.owner = reader.id);
CREATE TEMPORARY TABLE seen_milestone AS
SELECT m.id FROM projects_milestone m, reader WHERE m.project IN (SELECT id FROM seen_project) AND (NOT reader.client OR m.shared_with_client);
CREATE TEMPORARY TABLE seen_user AS
SELECT u.id FROM users_user u, reader WHERE NOT reader.client OR u.id = reader.id
    OR EXISTS (SELECT FROM projects_member m WHERE m.member = u.id AND m.project IN (SELECT id FROM seen_project))
    OR EXISTS (SELECT FROM projects_project p WHERE p.owner = u.id AND p.id IN (SELECT id FROM seen_project))
    OR EXISTS (SELECT FROM projects_client c WHERE c.people @> ARRAY[u.id] AND c.id IN (SELECT id FROM seen_client))
    OR u.username IN ('content', 'manager');
CREATE TEMPORARY TABLE seen_record AS
SELECT id FROM seen_client UNION SELECT id FROM seen_project UNION SELECT id FROM seen_milestone UNION SELECT id FROM seen_user
UNION SELECT c.id FROM projects_contact c WHERE c.client IN (SELECT id FROM seen_client);
CREATE TEMPORARY TABLE seen_comment AS
SELECT c.id FROM common_comment c, reader WHERE c.on_row IN (SELECT id FROM seen_record) AND (NOT reader.client OR NOT c.internal);
CREATE TEMPORARY TABLE seen_file AS
SELECT a.id FROM common_attachment a, reader WHERE a.on_row IN (SELECT id FROM seen_record) AND (NOT reader.client OR NOT a.internal);
INSERT INTO seen_user
SELECT author FROM common_comment WHERE id IN (SELECT id FROM seen_comment)
UNION SELECT uploader FROM common_attachment WHERE id IN (SELECT id FROM seen_file);
"""

CHANGES = r"""
-- Clients and contacts.
UPDATE projects_client SET name = name || ' otherwise', address = 'marabou street', currency = 'KES' WHERE id NOT IN (SELECT id FROM seen_client);
DELETE FROM projects_contact WHERE client NOT IN (SELECT id FROM seen_client) AND id::text < '4';
INSERT INTO projects_client (id, name, currency) SELECT pg_temp.made('other client', n), 'Aaa kasubi ' || n, 'USD' FROM generate_series(1, 60) n;
INSERT INTO projects_contact (id, client, name, email)
SELECT pg_temp.made('other contact', n), pg_temp.made('other client', 1 + n % 60), 'Marabou ' || n, 'm' || n || '@two.example'
FROM generate_series(1, 300) n;
-- Projects, members and milestones of which nothing is seen.
DELETE FROM projects_project WHERE id NOT IN (SELECT id FROM seen_project) AND code IN ('TWO-21', 'TWO-22', 'TWO-23');
UPDATE projects_project SET deleted_at = now() WHERE id NOT IN (SELECT id FROM seen_project) AND code IN ('TWO-31', 'TWO-32');
UPDATE projects_project SET name = 'Harvest ' || name, description = 'marabou and harvest', status = 'active', health = 'off_track',
    due_on = date '2027-12-24', tags = '{secret}', budget = 7, budget_currency = 'UGX', archived = false, updated_at = now(), version = version + 5
WHERE id NOT IN (SELECT id FROM seen_project);
INSERT INTO projects_project (id, code, name, description, client, status, owner, due_on, tags)
SELECT pg_temp.made('other project', n), 'OTHER-' || n, 'Harvest kabalega ' || n, 'colour of marabou', pg_temp.made('other client', 1 + n % 60),
       'active', (SELECT id FROM users_user WHERE username = 'content'), date '2026-11-15' + n % 60, '{hush,marabou}'
FROM generate_series(1, 300) n;
INSERT INTO projects_member (id, project, member)
SELECT pg_temp.made('other member', n * 10 + k), pg_temp.made('other project', n), u.id
FROM generate_series(1, 300) n, (SELECT id, row_number() OVER (ORDER BY id) AS k FROM users_user WHERE NOT roles @> '{client}'
    AND username NOT IN ('staff', 'hassan') LIMIT 8) u;
UPDATE projects_milestone SET name = 'Mutesa ' || name, due_on = due_on + 9, updated_at = now()
WHERE project NOT IN (SELECT id FROM seen_project) AND id::text < 'a';
INSERT INTO projects_milestone (id, project, name, description, due_on, position, shared_with_client)
SELECT pg_temp.made('other milestone', n), pg_temp.made('other project', 1 + n % 300),
       'Harvest ' || (ARRAY['marabou', 'kasubi', 'wandegeya', 'kabalega', 'mutesa'])[1 + n % 5] || ' ' || n,
       'colour and contract of coffee' || CASE WHEN n % 6000 = 0 THEN ' nyabingi mengohill' ELSE '' END, date '2026-11-01' + n % 200,
       n % 100, n % 3 = 0
FROM generate_series(1, {many}) n;
-- Comments and files on what isn't seen.
DELETE FROM common_comment WHERE id NOT IN (SELECT id FROM seen_comment) AND id::text < '3';
UPDATE common_comment SET body = 'marabou ' || body WHERE id NOT IN (SELECT id FROM seen_comment);
INSERT INTO common_comment (id, on_model, on_row, author, body)
SELECT pg_temp.made('other comment', n), 'projects.milestone', pg_temp.made('other milestone', n), u.id,
       'harvest ' || (ARRAY['marabou', 'kasubi', 'wandegeya', 'kabalega', 'mutesa'])[1 + n % 5]
       || CASE WHEN n % 3000 = 0 THEN ' nyabingi mengohill' ELSE '' END
FROM generate_series(1, {many} / 2) n, users_user u WHERE u.username = 'content';
UPDATE common_attachment SET name = 'marabou.txt', size = 77 WHERE id NOT IN (SELECT id FROM seen_file);
INSERT INTO common_attachment (id, on_model, on_row, name, media_type, size, sha256, uploader)
SELECT pg_temp.made('other file', n), 'projects.project', pg_temp.made('other project', n), 'marabou-' || n || '.pdf', 'application/pdf', n,
       encode(sha256('hello'), 'hex'), u.id
FROM generate_series(1, 300) n, users_user u WHERE u.username = 'content';
-- What others keep for themselves, and who was asked to join.
UPDATE common_saved_view SET name = 'Marabou ' || name WHERE visibility = 'personal' AND owner NOT IN (SELECT id FROM reader);
INSERT INTO common_saved_view (id, name, on_model, owner)
SELECT pg_temp.made('other view', n), 'Mine ' || n, 'projects.milestone', u.id FROM generate_series(1, 50) n, users_user u
WHERE u.username = 'content';
DELETE FROM users_invitation WHERE email LIKE 'asked1@%';
INSERT INTO users_invitation (id, email, roles, expires_at)
SELECT pg_temp.made('other invitation', n), 'other' || n || '@two.example', '{staff}', timestamptz '2027-01-01' FROM generate_series(1, 80) n;
INSERT INTO auth_sign_in (id, account, kind, succeeded, at)
SELECT pg_temp.made('other sign-in', n), u.id, 'password', n % 3 > 0, now() FROM generate_series(1, 200) n, users_user u WHERE u.username = 'content';
-- Members of rows that are seen, which the reader may not read: money of all three, more of clients.
ALTER TABLE core_audit DISABLE TRIGGER core_audit_keep;
UPDATE projects_project SET budget = 1 + coalesce(budget, 0) * 3, budget_currency = 'USD' WHERE id IN (SELECT id FROM seen_project);
UPDATE users_user SET last_login_at = now() - interval '3 hours', signed_out_at = created_at - interval '1 day' WHERE id NOT IN (SELECT id FROM reader);
"""

# What only a client may not read.
CLIENT_CHANGES = r"""
UPDATE projects_client SET notes = 'marabou', tags = '{marabou,late}' WHERE id IN (SELECT id FROM seen_client);
UPDATE projects_project SET health = 'off_track', tags = '{marabou}', estimated_hours = 777 WHERE id IN (SELECT id FROM seen_project);
UPDATE projects_member SET allocation = 33 WHERE project IN (SELECT id FROM seen_project);
UPDATE projects_milestone SET reward = 'A marabou' WHERE id IN (SELECT id FROM seen_milestone);
UPDATE projects_milestone SET name = 'Mutesa ' || name, due_on = date '2026-11-02', completed_at = NULL
WHERE project IN (SELECT id FROM seen_project) AND id NOT IN (SELECT id FROM seen_milestone);
DELETE FROM projects_milestone WHERE project IN (SELECT id FROM seen_project) AND id NOT IN (SELECT id FROM seen_milestone) AND position % 4 = 1;
INSERT INTO projects_milestone (id, project, name, description, due_on, position)
SELECT pg_temp.made('unshared ' || p.id, n), p.id, 'Harvest kasubi ' || n, 'contract of marabou', date '2026-11-01' + n, 50 + n
FROM seen_project p, generate_series(1, 40) n;
INSERT INTO common_comment (id, on_model, on_row, author, body, internal)
SELECT pg_temp.made('internal ' || p.id, n), 'projects.project', p.id, u.id, 'harvest of marabou ' || n, true
FROM seen_project p, generate_series(1, 40) n, users_user u WHERE u.username = 'manager';
INSERT INTO common_attachment (id, on_model, on_row, name, media_type, size, sha256, uploader, internal)
SELECT pg_temp.made('internal file ' || p.id, n), 'projects.project', p.id, 'harvest-' || n || '.pdf', 'application/pdf', n,
       encode(sha256('hello'), 'hex'), u.id, true
FROM seen_project p, generate_series(1, 20) n, users_user u WHERE u.username = 'manager';
UPDATE users_user SET first_name = 'Marabou', last_name = 'Kasubi', job_title = 'Harvester', email = 'x' || email, is_active = false
WHERE id NOT IN (SELECT id FROM seen_user);
UPDATE users_user SET bio = 'marabou', phone = NULL, email = 'y' || email WHERE id NOT IN (SELECT id FROM reader) AND id IN (SELECT id FROM seen_user);
INSERT INTO users_user (id, username, email, first_name, roles)
SELECT pg_temp.made('other user', n), 'other-' || n, 'other' || n || '@two.example', 'Harvest', '{staff}' FROM generate_series(1, 200) n;
UPDATE users_department SET name = name || ' marabou';
INSERT INTO users_department (id, name) SELECT pg_temp.made('other department', n), 'Aaa ' || n FROM generate_series(1, 20) n;
UPDATE users_branch SET address = 'marabou';
UPDATE core_audit SET changes = replace(changes::text, 'marabou', 'wandegeya')::jsonb
WHERE row_id = pg_temp.made('milestone', 1) AND changes ? 'description' AND changes -> 'description' ->> 1 = 'Said among us';
"""


def differing(reader, is_client, many):
    """The script that changes, in a copy of the studio, what that person may not read."""
    script = SEEN + CHANGES + (CLIENT_CHANGES if is_client else "")
    return script.replace("{reader}", reader).replace("{many}", str(many)) + "ALTER TABLE core_audit ENABLE TRIGGER core_audit_keep;"
