#!/usr/bin/env python3
"""20,000 hostile requests to every route as every role: no 500, no process exit, every refusal a valid problem document."""
import argparse
import collections
import http.client
import json
import random
import re
import sys
import time
import urllib.parse

from _contract import inlined
from _progress import Progress
from database_restarts import PASSWORD, STATE, Studio, new_id

ROLES = ["admin", "manager", "finance", "content", "digital", "field", "staff", "client"]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
DAYS = ["0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "infinity", "-infinity", "epoch", "now", "today",
        "today+9999y", "today-9999d", "now-9999w", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999999-12:00",
        "2026-01-01T24:00:00Z", "2026-01-01T00:00:60Z", "2026-01-01 00:00:00", "2026-01-01T00:00:00.1234567Z", "J2451545"]
NUMBERS = ["0", "-0", "-1", "1", "2147483647", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808", "1e400",
           "1e-400", "NaN", "Infinity", "0x10", "1_000", "٣", "0.1", "9" * 400, "." * 3, "+1", " 1 ", "1,2", "1.", "00000000001"]
TEXTS = ["", " ", "\t", "\n", "\x00", "\x01", "\x7f", "\u202e", "\ufeff", "\u0085", "\U0001f600", "é" * 500, "a" * 10_000, "%", "_", "\\",
         "'", "\"", "''", "';--", "\\'", "$1", "$$", "{}", "{a,b}", "{\"", "NULL", "null", "true", "false", "t", "me", "*", "!!!", "&|!():*<->",
         "'a':*", "a & b", "a <-> b", "İ", "ß", "ﬁ", "<script>", "../../etc/passwd", "localtime", "Africa/Kampala", "x@y.z",
         "a@b." + "c" * 300, "+256772000101", "+" * 50, "http://[::1]", "http://a/%", "javascript:1", "UGX", "USD", "client", "admin", "a,b,,c",
         ",", ",,,,", "a" * 63 + "." + "b" * 63, "\u2028", "-" * 200, "(" * 200, "1" * 300]
SUFFIXES = ["", "__in", "__any", "__all", "__lt", "__lte", "__gt", "__gte", "__isnull", "__icontains", "__", "__regex", "__id", "__client",
            "__owner__email", "__in__in", "__name", "__code", "__tags__any", "__created_at__lt", "__deleted_at__isnull", "__version"]
BODIES = [b"", b"null", b"[]", b"{}", b"0", b"\"", b"{", b"[" * 5000, b"[" * 31 + b"]" * 31, b"{\"a\":1,\"a\":2}", b"\xff\xfe", b"\xef\xbb\xbf{}",
          b"{\"name\":\"\xed\xa0\x80\"}", b"{\"name\":\"\\ud800\"}", b"{\"name\":\"\\u0000\"}", b"{\"position\":1e999}", b"{} {}", b"{,}",
          b"{\"position\":123456789012345678901234567890}", b"\x00", b"name=a", b"{\"\":1}", b"{\"" + b"n" * 10_000 + b"\":1}",
          b"{" + b",".join(b"\"k%d\":1" % i for i in range(10_001)) + b"}", b"[" + b"1," * 20_000 + b"1]"]
TAGS = ["*", "\"1-0\"", "\"-1-0\"", "\"99999999999999999999-0\"", "W/\"1-0\"", "\"\"", "\"", "1", "\"1\", \"2\"", "\"0\"", "é".encode().decode("latin-1"), ","]

NIL = "00000000-0000-0000-0000-000000000000"
PLACES = {"id": None, "project": "projects", "client": "clients", "member": "users", "owner": "users", "manager": "users", "people": "users",
          "department": "departments", "branch": "branches", "designation": "designations"}
CHOICES = {"status": ["planning", "active", "on_hold", "review", "complete"], "priority": ["low", "urgent"], "health": ["at_risk"],
           "roles": ["admin", "client", "staff"], "role": ["lead", "member", "client"], "archived": ["true", "false"],
           "is_active": ["true", "false"], "search": ["film", "campain", "NBC-26", "a b c"], "currency": ["UGX", "USD"]}


class Hostility:
    """Makes requests up: the same ones for the same seed and the same rows."""

    def __init__(self, seed, document):
        self.random = random.Random(seed)
        document = inlined(document)
        self.routes = [(path, method.upper()) for path, methods in document["paths"].items() for method in methods
                       if method.upper() in METHODS]
        self.names = {path: self.names_of(document, methods) for path, methods in document["paths"].items()}
        self.filters = {path: [one["name"] for one in methods.get("get", {}).get("parameters", []) if one.get("in") == "query"]
                        for path, methods in document["paths"].items()}
        self.members = {(path, method.upper()): self.names_of(document, [operation["requestBody"]])
                        for path, methods in document["paths"].items() for method, operation in methods.items()
                        if "requestBody" in operation}
        self.every_name = sorted({name for names in self.names.values() for name in names})
        self.ids, self.rows, self.cursors = [new_id()], {}, {}

    @staticmethod
    def names_of(document, methods):
        """Every name that a query or a body of that path may hold, and those of the answers."""
        found, todo = set(), [methods]
        seen = set()
        while todo:
            part = todo.pop()
            if isinstance(part, list):
                todo += part
            elif isinstance(part, dict):
                found.update(part.get("properties", {}) if isinstance(part.get("properties"), dict) else [])
                if "in" in part and "name" in part:
                    found.add(part["name"])
                reference = part.get("$ref")
                if isinstance(reference, str) and reference not in seen:
                    seen.add(reference)
                    target = document
                    for step in reference.removeprefix("#/").split("/"):
                        target = target[step]
                    todo.append(target)
                todo += part.values()
        return sorted(name for name in found if not name[:1].isupper())

    def id(self, of=None):
        """Of a row of that list, mostly."""
        if of in self.rows and self.random.random() < 0.9:
            return self.random.choice(self.rows[of])
        return self.random.choice(self.ids) if self.random.random() < 0.7 else self.random.choice([new_id(), "me", "0" * 8, NIL])

    def text(self):
        kind = self.random.randrange(6)
        if kind == 0:
            return self.random.choice(DAYS)
        if kind == 1:
            return self.random.choice(NUMBERS)
        if kind == 2:
            return self.id()
        if kind == 3:
            return ",".join(self.random.choice(TEXTS + NUMBERS + DAYS)[:50] for _ in range(self.random.choice([2, 5, 201])))
        if kind == 4:
            return "".join(chr(self.random.choice([self.random.randrange(0x20, 0x7f), self.random.randrange(1, 0xd800)])) for _ in range(9))
        return self.random.choice(TEXTS)

    def json(self, depth=0):
        kind = self.random.randrange(9 if depth < 3 else 6)
        if kind == 0:
            return self.random.choice([None, True, False, 0, -1, 1, 2**31, 2**63 - 1, 2**63, -2**63, 0.1, 1e300, 1e-300, 3.0])
        if kind == 1:
            return {"amount": self.text()[:400], "currency": self.random.choice(["UGX", "USD", "KWD", "XXX", "", self.text()])}
        if kind == 6:
            return [self.json(depth + 1) for _ in range(self.random.choice([0, 1, 3, 51, 201]) if depth == 0 else 2)]
        if kind == 7:
            return {self.text()[:50]: self.json(depth + 1) for _ in range(3)}
        if kind == 8:
            return {day: [self.random.choice(["08:30", "24:00", "25:00", "aa:bb"]) for _ in range(2)] for day in ("mon", "tue", self.text()[:9])}
        return self.text()

    def fitting(self, name):
        """A value of the kind that the name speaks of, at the edge of what it takes or beyond."""
        bare, _, suffix = name.partition("__")
        if suffix == "isnull":
            return self.random.choice(["true", "false", "1"])
        if bare.endswith(("_at", "_on")):
            value = self.random.choice(DAYS)
        elif bare in PLACES:
            value = self.id(PLACES[bare])
        elif bare in ("page", "page_size", "position", "estimated_hours", "allocation", "days"):
            value = self.random.choice(NUMBERS + ["1", "2", "12.5", "200"])
        elif bare in CHOICES:
            value = self.random.choice(CHOICES[bare] + TEXTS)
        else:
            value = self.random.choice(TEXTS)[:150]
        return ",".join([value] * self.random.choice([1, 2, 200])) if suffix in ("in", "any", "all") else value

    def fair_query(self, path):
        """Names as the documentation has them, with hostile values."""
        pairs = []
        for name in self.random.sample(self.filters[path], min(len(self.filters[path]), self.random.choice([1, 1, 1, 2, 3]))):
            value = self.fitting(name)
            if name in ("ordering", "fields", "expand"):
                pool = ["id", "-id", "name", "-name", "created_at", "-updated_at", "due_on"] if name == "ordering" else self.names[path]
                pool = ["owner", "project", "client", "member", "project.client", "owner.manager"] if name == "expand" else pool
                value = ",".join(self.random.choice(pool) for _ in range(self.random.choice([1, 1, 2, 30])))
            elif name == "count":
                value = self.random.choice(["exact", "estimated", "none"])
            elif name == "cursor":
                value = self.cursor(path)
            elif name.split("__")[0] in PLACES and self.random.random() < 0.3:
                name = name.split("__")[0] + "__" + self.random.choice(["id__in", "created_at__lt", "name", "code__in", "username", "tags__any",
                                                                       "due_on__gte", "status__in", "people__all", "is_active", "owner"])
                value = self.fitting(name.partition("__")[2])
            pairs.append(urllib.parse.quote_plus(name) + "=" + urllib.parse.quote_plus(value))
        return "&".join(pairs)

    def fair_body(self, path, method):
        """A body that would do, but for one or two values."""
        members, serial = self.members.get((path, method), []), "".join(self.random.choices("abcdefghij", k=9))
        good = {"name": serial, "code": serial.upper(), "username": serial, "email": serial + "@studio.example", "roles": ["staff"],
                "project": self.id("projects"), "client": self.id("clients"), "member": self.id("users")}
        body = {name: value for name, value in good.items() if name in members and (method != "PATCH" or self.random.random() < 0.1)}
        for name in self.random.sample(members, min(len(members), self.random.choice([0, 1, 1, 2]))):
            body[name] = self.random.choice([self.fitting(name), self.fitting(name), self.json()])
            if name == "tags" and self.random.random() < 0.7:
                body[name] = [tag[:50] for tag in self.random.sample(TEXTS, 3)]
        return json.dumps(body).encode()

    def name(self, path):
        return self.random.choice(self.names[path] or self.every_name) if self.random.random() < 0.9 else self.random.choice(self.every_name)

    def query(self, path):
        pairs = []
        for _ in range(self.random.choice([0, 1, 1, 2, 3, 5, 21])):
            name, value = self.name(path), self.text()
            roll = self.random.random()
            if roll < 0.5:
                name = name.split("__")[0] + self.random.choice(SUFFIXES)
            elif roll < 0.75:
                name = self.random.choice(["page", "page_size", "cursor", "count", "ordering", "search", "fields", "expand"])
                if name in ("ordering", "fields", "expand") and self.random.random() < 0.8:
                    value = self.listed(path)
                elif name == "count":
                    value = self.random.choice(["exact", "estimated", "none", value])
                elif name == "cursor":
                    value = self.cursor(path)
                elif name in ("page", "page_size") and self.random.random() < 0.6:
                    value = self.random.choice(["1", "2", "200", "1000000"])
            elif roll < 0.78:
                name = self.text()
            pairs.append(urllib.parse.quote_plus(name) + "=" + urllib.parse.quote_plus(value))
        if self.random.random() < 0.05:
            pairs.append(self.random.choice(["%", "%zz", "%00=1", "a=%ff", "=", "&&&", "a=%ed%a0%80", "?", "a;b", "fields=%c3"]))
        return "&".join(pairs)[:12_000]

    def listed(self, path):
        names = [self.random.choice(["", "", "-"]) + self.name(path) for _ in range(self.random.choice([1, 2, 5, 60]))]
        return ",".join(name + self.random.choice(["", "", "", "." + self.name(path), "." + self.name(path) + ".owner"]) for name in names)

    def cursor(self, path):
        cursor = self.cursors.get(path.strip("/"), "") if self.random.random() < 0.8 else self.random.choice(["", *self.cursors.values()])
        if cursor and self.random.random() < 0.5:
            at = self.random.randrange(len(cursor))
            cursor = cursor[:at] + self.random.choice("Aa0-_=!") + cursor[at + self.random.randrange(2):]
        return cursor

    def body(self, path):
        if self.random.random() < 0.15:
            return self.random.choice(BODIES)
        members = {self.name(path): self.json() for _ in range(self.random.choice([1, 1, 2, 4, 8]))}
        if self.random.random() < 0.5:
            members.update({"name": self.text()[:20], "project": self.id(), "client": self.id(), "code": self.text()[:12]})
            members = {name: value for name, value in members.items() if name in self.names[path]}
        return json.dumps(members, ensure_ascii=self.random.random() < 0.5).encode("utf-8", "surrogatepass")

    def request(self):
        path, method = self.random.choice(self.routes)
        if self.random.random() < 0.05:
            method = self.random.choice(METHODS)
        fair = self.random.random() < 0.7
        identity = self.id(path.split("/")[1]) if fair else self.text()
        target = "/api/v1" + re.sub("{[a-z]+}", lambda _: urllib.parse.quote(identity, safe=""), path)
        query = ""
        if method in ("GET", "HEAD") or self.random.random() < 0.02:
            query = self.fair_query(path) if fair else self.query(path)
        headers = {}
        body = None
        if (path, method) in self.members or self.random.random() < 0.02:
            body = self.fair_body(path, method) if fair else self.body(path)
            headers["Content-Type"] = self.random.choice(["application/json"] * 20 + ["text/plain", "", "application/json; charset=utf-16"])
        if self.random.random() < 0.2:
            headers[self.random.choice(["If-Match", "If-None-Match"])] = self.random.choice(TAGS)
        return method, target + ("?" + query if query else ""), body, headers


class Caller:
    """Asks as one role, over one connection for as long as that lasts."""

    def __init__(self, port, role):
        self.role, self.token, self.tried, self.tries = role, None, 0, 0
        self.device = None  # which the program knows, so that those who guess passwords don't shut it out
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def sign_in(self, must=True):
        if not self.role:
            return
        asked = {"username": self.role, "password": PASSWORD, **({"device": self.device} if self.device else {})}
        answer, body = self.ask("POST", "/api/v1/auth/token", json.dumps(asked), {"Content-Type": "application/json"}, signed=False)
        if answer.status == 200:
            signed_in = json.loads(body)
            self.token, self.device = signed_in["access"], signed_in["device"]
        elif must:
            raise SystemExit(f"signing in as {self.role} answered {answer.status}: {body[:300]}")

    def ask(self, method, target, body=None, headers=None, signed=True):
        headers = dict(headers or {})
        if signed and self.token:
            headers["Authorization"] = "Bearer " + self.token
        try:
            self.connection.request(method, target, body, headers)
            answer = self.connection.getresponse()
            return answer, answer.read()
        except (http.client.HTTPException, OSError):
            self.connection.close()
            raise


def fault_of(method, answer, body):
    """What is wrong with an answer, in a few words; nothing where it is as the API promises."""
    kind = answer.getheader("Content-Type", "")
    if answer.status == 500:
        return "answered 500"
    if answer.status < 400:
        if kind.startswith("application/json") and body:
            try:
                json.loads(body.decode("utf-8"))
            except ValueError as error:
                return f"is no JSON: {error}"
        return None
    if kind != "application/problem+json":
        return f"{answer.status} of type {kind!r}"
    if method == "HEAD":
        return None
    try:
        problem = json.loads(body.decode("utf-8"))
    except ValueError as error:
        return f"{answer.status} is no JSON: {error}"
    if not isinstance(problem, dict) or problem.get("status") != answer.status:
        return f"{answer.status} says status {problem.get('status') if isinstance(problem, dict) else problem!r}"
    missing = [name for name in ("type", "title", "detail", "instance") if not isinstance(problem.get(name), str)]
    if missing:
        return f"{answer.status} lacks {', '.join(missing)}"
    errors = problem.get("errors", {})
    sound = isinstance(errors, dict) and all(isinstance(lines, list) and lines for lines in errors.values())
    return None if sound else f"{answer.status} has errors of another shape"


def restore(studio, people, callers):
    """Requests that were allowed took rights away: everyone is what they were again, and signs in anew."""
    for identity, username, roles in people:
        studio.sql(f"UPDATE users_user SET username = '{username}', roles = '{roles}', is_active = true, is_verified = true, expires_at = NULL"
                   f" WHERE id = '{identity}'")
    time.sleep(1.2)  # as long as the program remembers who is who
    for caller in callers:
        caller.sign_in()
        caller.tries = 0


def material(hostility, admin):
    """Ids of rows that exist and cursors that were given out."""
    hostility.ids, hostility.rows, hostility.cursors = [new_id()], {}, {}
    for path in ("users", "departments", "branches", "designations", "clients", "contacts", "projects", "members", "milestones"):
        answer, body = admin.ask("GET", f"/api/v1/{path}?page_size=12&cursor=")
        if answer.status != 200:
            raise SystemExit(f"the list of {path} answered {answer.status}: {body[:300]}")
        page = json.loads(body)
        hostility.rows[path] = [row["id"] for row in page["results"]] or [new_id()]
        hostility.ids += hostility.rows[path]
        if page["next"]:
            hostility.cursors[path] = urllib.parse.parse_qs(urllib.parse.urlsplit(page["next"]).query)["cursor"][0]


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--requests", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=20260203)
    options = options.parse_args()

    studio = Studio()
    give_up = time.monotonic() + 30
    while not studio.is_ready():
        if studio.process.poll() is not None or time.monotonic() > give_up:
            sys.exit(f"the program did not become ready; its log is {STATE}/studio.log")
        time.sleep(0.02)
    people = [line.split("|") for line in studio.sql("SELECT id, username, roles FROM users_user").splitlines()
              if line.split("|")[1] in ROLES]
    callers = [Caller(studio.port, role) for role in [None, *ROLES]]
    _, schema = callers[0].ask("GET", "/api/schema")
    hostility = Hostility(options.seed, json.loads(schema))
    progress, statuses, faults = Progress("requests", options.requests), collections.Counter(), collections.Counter()
    answered, slowest = 0, (0.0, "")
    for number in range(options.requests):
        if number % 1000 == 0:
            restore(studio, people, callers)
            material(hostility, callers[1])
        caller = hostility.random.choice(callers)
        method, target, body, headers = hostility.request()
        begin = time.monotonic()
        try:
            answer, text = caller.ask(method, target, body, headers)
        except (http.client.HTTPException, OSError) as error:
            fault = f"no answer: {type(error).__name__}"
        else:
            answered += 1
            statuses[answer.status] += 1
            fault = fault_of(method, answer, text)
            slowest = max(slowest, (time.monotonic() - begin, f"{method} {target[:120]}"))
            # Few tries: an account that was closed meanwhile must not be locked for failures when it is opened again.
            if answer.status == 401 and number - caller.tried > 50 and caller.tries < 3:
                caller.tried, caller.tries = number, caller.tries + 1
                caller.sign_in(must=False)  # another one's request, or its own, may have ended the session
        if fault:
            faults[fault] += 1
            progress.say(f"{fault}: {caller.role or 'guest'} {method} {target[:300]} {headers} {(body or b'')[:300]!r}")
        progress.at(number + 1)
        if studio.process.poll() is not None:
            break
    progress.end()
    exited = studio.process.poll()
    stop_code = studio.stop()
    print(f"answers by status   {dict(sorted(statuses.items()))}")
    print(f"routes and methods  {len(hostility.routes)}, as guest and as {len(ROLES)} roles, seed {options.seed}")
    print(f"slowest answer      {slowest[0]:.2f} s, {slowest[1]}")
    complaints = [f"{count} × {fault}" for fault, count in faults.items()]
    if exited is not None or stop_code != 0:
        complaints.append(f"the program ended with {stop_code if exited is None else exited}")
    if answered < options.requests:
        complaints.append(f"only {answered} answers")
    if statuses[200] + statuses[201] < options.requests // 20:
        complaints.append("hardly any request was taken")
    print(f"hostile requests {answered:,}, answers 500 {statuses[500]}, process exits {0 if exited is None else 1}, invalid problem"
          f" documents {sum(faults.values()) - faults['answered 500']}: {'; '.join(complaints) if complaints else 'holds'}")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
