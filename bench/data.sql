-- What the bench asks about, beside the demo studio: 50 users, 200 projects and 20,000 milestones in all but the demo's own.
INSERT INTO users_user (id, username, email, first_name, last_name, roles)
SELECT gen_random_uuid(), 'bench' || n, 'bench' || n || '@example.com', 'Bench', 'User ' || n, '{staff}'
FROM generate_series(1, 50) n;

INSERT INTO projects_project (id, code, name, status, start_on, due_on)
SELECT gen_random_uuid(), 'BENCH-' || n, 'Bench project ' || n, 'active', date '2026-01-01', date '2026-12-31'
FROM generate_series(1, 200) n;

INSERT INTO projects_milestone (id, project, name, description, due_on, owner, position)
SELECT gen_random_uuid(), p.id, 'Milestone ' || n, 'What is finished and accepted by then: part ' || n || '.',
    date '2026-01-01' + n * 3, (SELECT u.id FROM users_user u WHERE u.username = 'bench' || (1 + n % 50)), n
FROM projects_project p CROSS JOIN generate_series(1, 100) n WHERE p.code LIKE 'BENCH-%';

-- Tables of the bare program: who may log in there, and what it writes when they do.
CREATE TABLE bench_account (id uuid PRIMARY KEY, username text NOT NULL, password text NOT NULL);
CREATE UNIQUE INDEX bench_account_username ON bench_account (lower(username));
CREATE TABLE bench_session (
    id uuid PRIMARY KEY, account uuid NOT NULL REFERENCES bench_account, token text NOT NULL, created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO bench_account
SELECT u.id, u.username, p.hash FROM users_user u JOIN auth_password p ON p.account = u.id WHERE u.username = 'admin';
GRANT SELECT, INSERT ON bench_account, bench_session TO PUBLIC;

VACUUM ANALYZE users_user, projects_project, projects_milestone, bench_account;
