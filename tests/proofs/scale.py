#!/usr/bin/env python3
"""A million milestones and half a million comments: lists and searches of who sees little cost about as much as an admin's."""
import argparse
import http.client
import json
import math
import os
import statistics
import subprocess
import sys
import time
import urllib.parse

from database_restarts import PASSWORD
from idempotency import Server

# What is asked of the milestones. Each tenth has the word "colour", each tenth has "contract", each thousandth "zebra".
LISTS = {
    "list": {},
    "page 40": {"page": 40},
    "count=none": {"count": "none"},
    "through the project": {"project__status": "active"},
    "of one day": {"due_on": "2026-05-04"},
    "one word": {"search": "zebra"},
    "two words": {"search": "{words}"},
}
# An admin finds the first at once; who doesn't see the rows is answered by likeness, as all are who misspell: with its limit in ms.
ALIKE = {"two words of others": ("{unseen}", 30.0), "two words, misspelt": ("{misspelt}", 100.0)}
# What is asked of the comments, which hang on projects, milestones and people; {row} is a project with four of them. They are shown
# beside the milestones, without a limit.
COMMENTS = {
    "comments": {},
    "comments, latest": {"ordering": "-created_at"},
    "comments, no count": {"count": "none"},
    "comments on projects": {"on_model": "projects.project"},
    "comments on one": {"on_model": "projects.project", "on_row": "{row}"},
}
COMMON = {"common word": {"search": "colour"}, "two common words": {"search": "colour contract"}, "rare and common": {"search": "zebra colour"}}
# 60 models more, whose rows belong to projects as milestones do: a search of everything asks them all.
MODELS = 60
SEARCHES = {"everything, one word": "zebra", "everything, two words": "{words}", "everything, rare and common": "zebra colour",
            "everything, common word": "colour", "comments, common word": "said colour"}
LIMIT, LIMIT_COMMON, LIMIT_SEARCH, LIMIT_SEARCH_SCOPED, TIMES = 30.0, 100.0, 30.0, 100.0, 1.5
# A difference below this is noticed by nobody.
SMALL = 5.0

# How many projects each sees who isn't an admin; people of the demo studio, whose passwords are known.
ACTORS = {"admin": None, "content": 12, "field": 0, "digital": 1000}
SEE_MUCH = {"digital"}  # shown beside the others, without a limit: each row is told from hidden ones
TITLES = {"admin": "admin", "content": "of 12 projects", "field": "sees nothing", "digital": "sees a fifth"}

INDEXES = """SELECT format('%s;', indexdef) FROM pg_indexes i WHERE tablename IN ('projects_milestone', 'common_comment', 'core_search')
             AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)"""

# A hundred projects are worked on at a time, so a project's milestones lie scattered among those of others.
DATA = r"""
SET session_replication_role = replica;
SET maintenance_work_mem = '512MB';
INSERT INTO users_user (id, username, email, first_name, last_name, roles)
SELECT gen_random_uuid(), 'person-' || n, 'person-' || n || '@example.com', 'Person', 'Number ' || n, '{staff}'
FROM generate_series(1, {people}) n;
CREATE TEMPORARY TABLE person AS SELECT id, row_number() OVER (ORDER BY username) - 1 AS n
FROM users_user WHERE username LIKE 'person-%';
INSERT INTO projects_project (id, code, name, description, status, owner, due_on)
SELECT gen_random_uuid(), 'SCALE-' || n, 'Project ' || md5(n::text), 'Work of a larger studio.',
       (ARRAY['planning', 'active', 'on_hold', 'review', 'complete'])[1 + n % 5],
       (SELECT id FROM person p WHERE p.n = projects.n % {people}), date '2026-01-01' + n % 500
FROM generate_series(1, {projects}) AS projects(n);
CREATE TEMPORARY TABLE project AS
SELECT id, substr(code, 7)::int - 1 AS n FROM projects_project WHERE code LIKE 'SCALE-%';
CREATE UNIQUE INDEX ON project (n);
INSERT INTO projects_member (id, project, member)
SELECT gen_random_uuid(), project.id, person.id FROM project, generate_series(0, 3) k, person
WHERE person.n = (project.n * 7 + k * 501) % {people};
DELETE FROM projects_member WHERE member IN (SELECT id FROM users_user WHERE username IN ('content', 'field', 'digital'));
UPDATE projects_project SET owner = NULL
WHERE owner IN (SELECT id FROM users_user WHERE username IN ('content', 'field', 'digital'));
INSERT INTO projects_member (id, project, member)
SELECT gen_random_uuid(), project.id, (SELECT id FROM users_user WHERE username = seen.who)
FROM (VALUES {seen}) AS seen (who, projects), project WHERE (project.n * 2311) % {projects} < seen.projects;
CREATE FUNCTION pg_temp.word(n bigint) RETURNS text IMMUTABLE LANGUAGE sql
RETURN translate(left(md5((n % 3000)::text), 7), '0123456789', 'ghijklmnop');
INSERT INTO projects_milestone (id, project, name, description, acceptance, due_on, position, shared_with_client,
                                completed_at, created_at, updated_at, deleted_at)
SELECT gen_random_uuid(), project.id,
       initcap(pg_temp.word(h)) || ' ' || pg_temp.word(h / 7) || CASE WHEN numbers.n % 1000 = 500 THEN ' zebra' ELSE '' END,
       concat_ws(' ', pg_temp.word(h / 11), pg_temp.word(h / 13), pg_temp.word(h / 17),
                 CASE WHEN h % 10 = 0 THEN 'colour' END, CASE WHEN (h / 10) % 10 = 0 THEN 'contract' END,
                 pg_temp.word(h / 19), pg_temp.word(h / 23), pg_temp.word(h / 29)),
       'The client has said yes', CASE WHEN h % 20 > 0 THEN date '2025-01-01' + (h % 1500)::int END, numbers.n % 200, h % 3 = 0,
       CASE WHEN h % 4 = 0 THEN timestamptz '2025-01-01' + h % 900 * interval '1 day' END,
       timestamptz '2024-01-01' + numbers.n * interval '1 minute', timestamptz '2024-01-01' + (numbers.n + h % 90000) * interval '1 minute',
       CASE WHEN h % 50 = 7 THEN timestamptz '2026-11-01' END
FROM (SELECT n, hashint4(n)::bigint & 2147483647 AS h FROM generate_series(0, {milestones} - 1) n) numbers
JOIN project ON project.n = ((numbers.n / ({milestones} / 50)) * ({projects} / 50) + numbers.n % ({projects} / 50))::int;
CREATE TEMPORARY TABLE record AS
SELECT row_number() OVER (ORDER BY hashtext(id::text), id) - 1 AS n, model, id FROM (
    SELECT 'projects.project' AS model, id FROM project
    UNION ALL SELECT 'projects.milestone', id FROM projects_milestone WHERE hashtext(id::text) % 5 = 0
    UNION ALL SELECT 'users.user', id FROM person) records;
CREATE UNIQUE INDEX ON record (n);
INSERT INTO common_comment (id, on_model, on_row, author, body, created_at, updated_at)
SELECT gen_random_uuid(), record.model, record.id, (SELECT id FROM users_user WHERE username = 'admin'),
       concat_ws(' ', 'Said', numbers.n, CASE WHEN numbers.n % 10 = 0 THEN 'colour' END),
       timestamptz '2025-01-01' + numbers.n * interval '1 minute', timestamptz '2025-01-01' + numbers.n * interval '1 minute'
FROM generate_series(1, {comments}) AS numbers(n) JOIN record ON record.n = numbers.n::bigint * 7919 % (SELECT count(*) FROM record);
"""

NOTES = r"""
CREATE TABLE notes_note_{n} (
    id uuid PRIMARY KEY, project uuid NOT NULL REFERENCES projects_project ON DELETE CASCADE, title text NOT NULL, body text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(), version bigint NOT NULL DEFAULT 1,
    deleted_at timestamptz);
CREATE INDEX ON notes_note_{n} (project);
GRANT SELECT ON notes_note_{n} TO tamiti_app;
INSERT INTO notes_note_{n} (id, project, title, body)
SELECT gen_random_uuid(), project.id, initcap(pg_temp.word(h)) || ' ' || pg_temp.word(h / 7),
       concat_ws(' ', pg_temp.word(h / 11), CASE WHEN h % 10 = 0 THEN 'colour' END, pg_temp.word(h / 13),
                 CASE WHEN numbers.n % 1000 = 500 THEN 'zebra' END)
FROM (SELECT n, hashint4(n * 61 + {n})::bigint & 2147483647 AS h FROM generate_series(1, {notes}) n) numbers
JOIN project ON project.n = (numbers.n * 7 + {n}) % {projects};
SELECT core_search_keep('notes_note_{n}', 'notes.note_{n}', 'project', a => '{title}', c => '{body}');
"""


class Asker:
    """Somebody who is signed in, on one connection that stays open."""

    def __init__(self, server, name):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        status, body = self.ask("POST", "/api/v1/auth/token", {}, {"username": name, "password": PASSWORD})
        if status != 200:
            sys.exit(f"signing in as {name} answered {status}: {body[:300]}")
        self.token = json.loads(body)["access"]

    token = None

    def ask(self, method, path, query, body=None):
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        address = path + ("?" + urllib.parse.urlencode(query) if query else "")
        for last in (False, True):
            try:
                self.connection.request(method, address, json.dumps(body) if body else None, headers)
                answer = self.connection.getresponse()
                return answer.status, answer.read()
            except (http.client.HTTPException, OSError):  # closed while others were measured
                self.connection.close()
                if last:
                    raise
        return 0, b""

    def time(self, path, query):
        """Milliseconds of one answer, and its status."""
        asked = time.monotonic()
        status, _ = self.ask("GET", path, query)
        return (time.monotonic() - asked) * 1000, status


def medians(askers, path, query, times):
    """Of each, the middle one of so many answers (fewer where they take seconds), and the last status. They ask in turns, so that
    whatever else a machine does befalls them alike; the first answer of each is not counted."""
    took, statuses, begin = {name: [] for name in askers}, {}, time.monotonic()
    for n in range(times + 1):
        for name, asker in askers.items():
            milliseconds, statuses[name] = asker.time(path, query)
            if n > 0 or milliseconds > 1000:
                took[name].append(milliseconds)
        if n >= 3 and time.monotonic() - begin > 24:
            break
    return {name: (statistics.median(took[name]), statuses[name]) for name in askers}


def as_superuser(server, script):
    return subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", server.sockets, "-U", "postgres", "-d", "tamiti"],
                          input=script, check=True, stdout=subprocess.PIPE, text=True).stdout


def fill(server, options):
    """The rows, and the indexes made anew: much quicker than row by row."""
    seen = ", ".join(f"('{name}', {number})" for name, number in ACTORS.items() if number is not None)
    script = DATA + "".join(NOTES.replace("{n}", str(n)) for n in range(1, MODELS + 1))
    for name, value in {"people": options.people, "projects": options.projects, "milestones": options.milestones, "notes": options.notes,
                        "comments": options.comments, "seen": seen}.items():
        script = script.replace("{" + name + "}", str(value))
    indexes = as_superuser(server, INDEXES)
    drop = as_superuser(server, INDEXES.replace("format('%s;', indexdef)", "format('DROP INDEX %I;', indexname)"))
    found = "".join(f"SELECT core_search_fill('{table}');" for table in ("users_user", "projects_project", "projects_milestone", "common_comment"))
    as_superuser(server, "BEGIN;" + drop + script + found + indexes + "COMMIT;")
    as_superuser(server, "VACUUM ANALYZE")


def cases(server):
    """(title, path, query, limit in ms of an admin, of others)"""
    # Two words of some milestone's name, each of which every three hundredth row has: of one that all see who see any, and of one
    # that the member of 12 projects doesn't see.
    seen = "EXISTS (SELECT FROM projects_member b JOIN users_user u ON u.id = b.member WHERE b.project = m.project AND u.username = '{}')"
    name = "SELECT name FROM projects_milestone m WHERE name ~ '^[^ ]+ [^ ]+$' AND deleted_at IS NULL AND {} ORDER BY id LIMIT 1"
    words = as_superuser(server, name.format(seen.format("content") + " AND " + seen.format("digital"))).strip()
    unseen = as_superuser(server, name.format("NOT " + seen.format("content"))).strip()
    texts = {"{words}": words, "{unseen}": unseen, "{misspelt}": words[:-2] + words[-1] + words[-2]}
    for title, query in LISTS.items():
        query = {name: texts.get(value, value) for name, value in query.items()}
        yield title, "/api/v1/milestones", query, LIMIT, LIMIT
    for title, (text, limit) in ALIKE.items():
        yield title, "/api/v1/milestones", {"search": texts[text]}, limit, limit
    schema = json.loads(Asker(server, "admin").ask("GET", "/api/v1/milestones", {"page_size": 1})[1])["results"][0]
    for name in ("name", "due_on", "position", "completed_at", "created_at", "updated_at"):
        if name not in schema:
            sys.exit(f"milestones have no {name} any more")
        for sign in ("", "-"):
            yield f"ordering={sign}{name}", "/api/v1/milestones", {"ordering": sign + name}, LIMIT, LIMIT
    for title, query in COMMON.items():
        yield title, "/api/v1/milestones", query, LIMIT_COMMON, LIMIT_COMMON
    record = as_superuser(server, "SELECT on_row FROM common_comment WHERE on_model = 'projects.project' LIMIT 1").strip()
    for title, query in COMMENTS.items():
        query = {name: record if value == "{row}" else value for name, value in query.items()}
        yield title, "/api/v1/comments", query, math.inf, math.inf
    for title, text in SEARCHES.items():
        limit = LIMIT_COMMON if "common" in title else LIMIT_SEARCH
        yield title, "/api/v1/search", {"q": words if text == "{words}" else text}, limit, LIMIT_SEARCH_SCOPED


def measure(server, options):
    faults = 0
    askers = {name: Asker(server, name) for name in ACTORS}
    print(f"{'p50 in ms':<30}" + "".join(f"{TITLES[name]:>18}" for name in ACTORS))
    for title, path, query, limit, limit_scoped in cases(server):
        line, admin = f"{title:<30}", 0.0
        told = [{name: asker for name, asker in askers.items() if (name in SEE_MUCH) == much} for much in (False, True)]
        measured = [medians(some, path, query, options.times) for some in told]
        for name, (took, status) in (measured[0] | measured[1]).items():
            most = limit if name == "admin" else limit_scoped
            if name == "admin":
                admin = took
            elif name in SEE_MUCH:
                most = math.inf
            elif path.endswith("/milestones") and title not in ALIKE:
                most = min(most, max(TIMES * admin, admin + SMALL))
            if status != 200 and not (status == 404 and "page" in query):
                mark, faults = f"({status})", faults + 1
            elif took > most:
                mark, faults = "*", faults + 1
            else:
                mark = ""
            line += f"{took:>13.1f}{mark:<5}"
        print(line, flush=True)
    return faults


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--milestones", type=int, default=1_000_000)
    options.add_argument("--comments", type=int, default=500_000)
    options.add_argument("--projects", type=int, default=5_000)
    options.add_argument("--notes", type=int, default=5_000, help="of each of the 60 models more")
    options.add_argument("--people", type=int, default=2_000)
    options.add_argument("--times", type=int, default=40)
    options = options.parse_args()
    os.environ["TAMITI_BIN"] = os.environ["STUDIO_PROGRAMS"] + "/sixty_models"
    server = Server()
    begin = time.monotonic()
    fill(server, options)
    print(f"filled in {time.monotonic() - begin:.0f} s", file=sys.stderr)
    faults = measure(server, options)
    code = server.stop()
    print(f"milestones {options.milestones:,}, comments {options.comments:,}, rows of {MODELS} models more {MODELS * options.notes:,}, projects {options.projects:,}, people {options.people:,}; limits: {TIMES:g} times an "
          f"admin's (or {SMALL:g} ms more) and {LIMIT:g} ms, {LIMIT_COMMON:g} ms for words that every tenth row has; "
          f"missed: {faults}: {'holds' if faults == 0 and code == 0 else 'does not hold'}")
    return 1 if faults or code else 0


if __name__ == "__main__":
    sys.exit(main())
