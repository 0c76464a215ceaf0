#!/usr/bin/env python3
"""Two studios that differ only in what somebody may not read answer them alike, byte for byte, and as quickly.

A client, a member of one project and a field representative each ask 5,000 generated requests of a studio and of a copy of it in which all
that they may not read is otherwise: other words, other counts, many more rows. Statuses, headers and bodies are compared. Then the
medians of searches for words that only hidden rows have, and for words that no row has, are compared in the studio with many.
"""
import argparse
import concurrent.futures
import http.client
import io
import json
import os
import pathlib
import random
import re
import statistics
import subprocess
import sys
import time
import zipfile

import database_restarts as restarts
from _hidden_rows import ABSENT, BASE, HIDDEN, RARE, RARE_ABSENT, differing
from _progress import Progress
from _questions import Model, Questions
from idempotency import Server
from scale import as_superuser

READERS = {"client": "a client", "staff": "a member of one project", "hassan": "a field representative"}
# Headers that aren't compared, and why.
BY_CHANCE = {
    "date": "the second of the answer",
    "connection": "one ends after so many requests, and one of them has some more",
    "server-timing": "how long it took, which only development tells",
    "ratelimit": "what is left of the limit goes by the seconds since the first request",
}
# What is taken out of the answers to dry runs, and why: a row that is made or changed has the moment of it, and its tag is made of that.
MOMENTS = [(re.compile(rb'"[a-z_]+_at":"20[0-9]{2}-[^"]*Z"'), b'"at":"a moment"'),
           (re.compile(rb'"etag":"\\"([0-9]+)-[0-9a-f]+\\""'), rb'"etag":"\1"')]
# Routes without a row that aren't asked, and why.
NOT_ASKED = {
    "/users/me/export": "it is made by a job at a moment of its own",
}


class Studio:
    """One of the two: a database of its own, the same keys."""

    def __init__(self, server, database):
        url = server.url.replace("/tamiti?", f"/{database}?")
        self.port = restarts.free_port()
        environment = dict(server.environment, DATABASE_URL=url, DATABASE_OWNER_URL=server.owner_url.replace("/tamiti?", f"/{database}?"),
                           TAMITI_HTTP_PORT=str(self.port), TAMITI_OPS_PORT=str(restarts.free_port()))
        self.process = subprocess.Popen([os.environ["TAMITI_BIN"], "web"], env=environment, stdout=server.log, stderr=server.log)
        give_up = time.monotonic() + 60
        while True:
            try:
                if restarts.Client(int(environment["TAMITI_OPS_PORT"])).ask("GET", "/health/ready")[0] == 200:
                    return
            except OSError:
                pass
            if self.process.poll() is not None or time.monotonic() > give_up:
                sys.exit(f"the studio on {database} did not become ready; its log is {restarts.STATE}/studio.log")
            time.sleep(0.02)

    def stop(self):
        self.process.terminate()
        return self.process.wait(60)


class Asker:
    """The reader on one connection to one studio. Who they are and what the request is called is the same in both."""

    def __init__(self, port, token):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Host": "localhost", "Authorization": "Bearer " + token, "Content-Type": "application/json"}

    def ask(self, method, path, body=None, number=0):
        headers = {**self.headers, "X-Request-Id": f"two-studios-{number:06}"}
        for _ in range(100):
            self.connection.request(method, "/api/v1" + path, body, headers)
            answer = self.connection.getresponse()
            answered = answer.status, answer.getheaders(), answer.read()
            if answered[0] != 503 or b'"http.exports_busy"' not in answered[2]:
                return answered
            time.sleep(0.1)  # the other readers had all places of exports at that moment
        sys.exit(f"no place for the export of {path} within 10 s")

    def json(self, path):
        status, _, body = self.ask("GET", path)
        if status != 200:
            sys.exit(f"GET {path} answered {status}: {body[:300]}")
        return json.loads(body)


def comparable(answer, is_dry_run):
    """What must be alike."""
    status, headers, body = answer
    kept = sorted((name.lower(), value) for name, value in headers if name.lower() not in BY_CHANCE)
    if body[:2] == b"PK":  # a spreadsheet says in docProps when it was made, and its packed size follows that
        kept = [pair for pair in kept if pair[0] not in ("content-length", "etag")]
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"".join(archive.read(name) for name in sorted(archive.namelist()) if not name.startswith("docProps/"))
    if is_dry_run:  # fractions of a second have as many digits as they need
        kept = [pair for pair in kept if pair[0] != "content-length"]
        for form, instead in MOMENTS:
            body = form.sub(instead, body)
    return status, kept, body


def sign_in(port, name):
    status, body = restarts.Client(port).ask("POST", "/api/v1/auth/token", {"username": name, "password": restarts.PASSWORD})
    if status != 200:
        sys.exit(f"signing in as {name} answered {status}: {body[:300]}")
    return json.loads(body)["access"]


def sql(server, database, statement):
    return subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", server.sockets, "-U", "postgres", "-d", database],
                          input=statement, check=True, stdout=subprocess.PIPE, text=True).stdout


def make_studios(server, options):
    """The common rows; everybody's tokens; the studio, and a copy for each reader with what they may not read otherwise."""
    as_superuser(server, "BEGIN;" + BASE + "COMMIT;")
    tokens = {name: sign_in(server.port, name) for name in READERS}
    if server.stop() != 0:
        sys.exit("the studio did not stop well")
    databases = {}
    for name in READERS:
        databases[name] = "tamiti_" + name
        sql(server, "postgres", f"CREATE DATABASE {databases[name]} TEMPLATE tamiti OWNER tamiti_owner")
    scripts = {databases[name]: "BEGIN;" + differing(name, name == "client", options.hidden) + "COMMIT;" for name in READERS}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda database: sql(server, database, scripts.get(database, "")), scripts))
        list(pool.map(lambda database: sql(server, database, "VACUUM ANALYZE"), ("tamiti", *scripts)))
    return tokens, {None: Studio(server, "tamiti"), **{name: Studio(server, database) for name, database in databases.items()}}, databases


def ids_in(server, database, model):
    table = model.replace(".", "_")
    if not sql(server, database, f"SELECT to_regclass('{table}')").strip():
        return []
    return sql(server, database, f"SELECT id FROM {table} ORDER BY id").split()


def models_of(server, asker, database):
    """What there is for the reader, with the ids of rows that they see and of others."""
    models = []
    for entry in asker.json("/meta")["models"]:
        seen = []
        for deleted in ("false", "true"):
            status, _, body = asker.ask("GET", f"{entry['path']}?fields=id&page_size=200&deleted={deleted}")
            seen += [row["id"] for row in json.loads(body)["results"]] if status == 200 else []
        first, second = (ids_in(server, each, entry["name"]) for each in ("tamiti", database))
        known = set(seen)
        old = [id for id in first if id not in known]
        there = set(first)
        new = [id for id in second if id not in there]
        models.append(Model(entry, asker.json("/meta/" + entry["name"]), sorted(known), random.Random(1).sample(old, min(200, len(old))) +
                            random.Random(2).sample(new, min(200, len(new)))))
    return models


def routes_of(asker):
    """Paths of the document without a row that only read, and what isn't a list of rows."""
    asker.connection.request("GET", "/api/schema", headers=asker.headers)
    paths = json.loads(asker.connection.getresponse().read())["paths"]
    found = []
    for path, operations in paths.items():
        path = path.removeprefix("/api/v1")
        if "get" in operations and "{" not in path and path not in NOT_ASKED and path not in ("/search", "/permissions/explain"):
            found.append(path)
    return found


def ask_all(name, number_of_requests, seed, ports, token, models, routes):
    """Asks both the same; answers the differences and how many of each sort were asked, and with which statuses."""
    draw = random.Random(f"{seed} {name}")
    questions = Questions(draw, models, routes, may_create=name != "client")
    first, second = (Asker(port, token) for port in ports)
    differences, sorts, progress = [], {}, Progress(f"requests of {READERS[name]}", number_of_requests)
    for number in range(number_of_requests):
        sort, method, path, body = questions.draw()
        answers = [asker.ask(method, path, body, number) for asker in (first, second)]
        counts = sorts.setdefault(sort, {})
        counts[answers[0][0]] = counts.get(answers[0][0], 0) + 1
        alike = [comparable(answer, sort == "bulk") for answer in answers]
        if alike[0] != alike[1]:
            again = comparable(first.ask(method, path, body, number), sort == "bulk")
            differences.append({"reader": name, "sort": sort, "method": method, "path": path, "body": body, "chance": again != alike[0],
                                "answers": [show(answer) for answer in answers]})
        progress.at(number + 1)
    progress.end()
    return differences, sorts


def show(answer):
    status, headers, body = answer
    return {"status": status, "headers": [pair for pair in headers if pair[0].lower() not in BY_CHANCE], "body": body[:6000].decode("utf-8", "replace")}


def first_difference(one):
    """Where two answers begin to differ, with a few letters around."""
    first, second = one["answers"]
    for part in ("status", "headers", "body"):
        if first[part] != second[part]:
            texts = [str(each[part]) for each in (first, second)]
            at = next((n for n, (a, b) in enumerate(zip(*texts)) if a != b), min(map(len, texts)))
            return part, [text[max(0, at - 60):at + 90] for text in texts]
    return "something", ["", ""]


def tell(differences):
    """A line for each kind of difference, and all of them in a file."""
    file = pathlib.Path(os.environ.get("STUDIO_ROOT", ".")) / "build" / "two_studios.json"
    file.write_text(json.dumps(differences, indent=1))
    told = {}
    for one in differences:
        shape = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "{id}", one["path"].split("?")[0])
        told.setdefault((one["reader"], one["sort"], shape, first_difference(one)[0]), []).append(one)
    for (reader, sort, shape, part), ones in sorted(told.items(), key=lambda pair: -len(pair[1])):
        texts = first_difference(ones[0])[1]
        chance = sum(one["chance"] for one in ones)
        print(f"differs: {reader} {sort} {shape}: {part}, {len(ones)} times{f' ({chance} by chance)' if chance else ''}; "
              f"{ones[0]['method']} {ones[0]['path'][:200]} {(ones[0]['body'] or '')[:200]}\n    {texts[0]}\n    {texts[1]}")
    if differences:
        print(f"all of them are in {file}")


# --- times ---

PLACES = {"everything": "/search?q=", "milestones": "/milestones?search=", "projects": "/projects?search=", "comments": "/comments?search="}
LIMIT = 0.05
KINDS = {"common": (HIDDEN, ABSENT), "rare": (RARE, RARE_ABSENT)}


def difference_of(present, absent):
    """How much the medians differ, as a share, and how much of that may be chance: 95 of 100 resamples lie within."""
    draw = random.Random(1)
    share = statistics.median(present) / statistics.median(absent) - 1
    shares = []
    for _ in range(400):
        shares.append(statistics.median(draw.choices(present, k=len(present))) / statistics.median(draw.choices(absent, k=len(absent))) - 1)
    shares.sort()
    return share, shares[9], shares[389]


def is_decided(present, absent):
    share, low, high = difference_of(present, absent)
    return -LIMIT < low <= high < LIMIT or low > LIMIT or high < -LIMIT


def times(name, asker, options, faults):
    """Asks for hidden and for absent words in turns; whose turn comes first is drawn. Each place is asked until 95 of 100 say the
    same, for so many rounds and so long at most."""
    draw, worst = random.Random(name), 0.0
    for kind, words in KINDS.items():
        took, open_places, until = {place: ([], []) for place in PLACES}, set(PLACES), time.monotonic() + options.seconds
        for number in range(-5, options.rounds):
            for place in sorted(open_places):
                index = draw.randrange(len(words[0]))
                for which in draw.sample((0, 1), 2):
                    asked = time.perf_counter()
                    asker.ask("GET", PLACES[place] + words[which][index])
                    if number >= 0:
                        took[place][which].append((time.perf_counter() - asked) * 1000)
            if number > 0 and number % 50 == 0:
                open_places = {place for place in open_places if not is_decided(*took[place])}
            if not open_places or (number > 50 and time.monotonic() > until):
                break
        for place, (present, absent) in took.items():
            share, low, high = difference_of(present, absent)
            worst = max(worst, abs(share))
            print(f"{READERS[name]:<24} {place:<11} {kind:<7} hidden {statistics.median(present):6.2f} ms, absent {statistics.median(absent):6.2f} ms, "
                  f"{share:+6.1%} (95 %: {low:+.1%} to {high:+.1%}, {len(present)} rounds)", flush=True)
            if abs(share) >= LIMIT:
                faults.append(f"{READERS[name]}, search of {place} for {kind} hidden words: {share:+.1%}")
    return worst


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--requests", type=int, default=5000, help="of each reader")
    options.add_argument("--hidden", type=int, default=12_000, help="more milestones that nobody of them sees")
    options.add_argument("--rounds", type=int, default=1000, help="of searches whose time is taken, at most")
    options.add_argument("--seconds", type=float, default=60.0, help="for the times of one reader and kind of words, at most")
    options.add_argument("--seed", type=int, default=1)
    options = options.parse_args()
    restarts.UNLIMITED["TAMITI_TRUSTED_PROXIES"] = "127.0.0.1"  # so that requests are called what we call them
    restarts.UNLIMITED["TAMITI_SECRET_KEY"] = "the secret of two studios, long enough"
    restarts.UNLIMITED["TAMITI_ORIGIN"] = "http://studio.localhost"  # for which tokens are good
    begin, faults = time.monotonic(), []
    server = Server()
    tokens, studios, databases = make_studios(server, options)
    print(f"made in {time.monotonic() - begin:.0f} s", file=sys.stderr)
    differences, asked = [], {}
    with concurrent.futures.ProcessPoolExecutor(len(READERS)) as pool:
        running = []
        for name, token in tokens.items():
            asker = Asker(studios[None].port, token)
            running.append(pool.submit(ask_all, name, options.requests, options.seed, (studios[None].port, studios[name].port), token,
                                       models_of(server, asker, databases[name]), routes_of(asker)))
        for name, one in zip(tokens, running):
            found, asked[name] = one.result()
            differences += found
    for name, sorts in asked.items():
        print(f"{READERS[name]:<24} {', '.join(f'{sort} {sum(counts.values())}' for sort, counts in sorted(sorts.items()))}; answered 200: "
              f"{sum(counts.get(200, 0) for counts in sorts.values())}")
        if any(500 in counts for counts in sorts.values()):
            faults.append(f"{name} was answered 500")
    tell(differences)
    worst = max(times(name, Asker(studios[name].port, token), options, faults) for name, token in tokens.items())
    if any(studio.stop() for studio in studios.values()):
        faults.append("a studio did not stop well")
    if differences:
        faults.append(f"{len(differences)} answers differ")
    print(f"seed {options.seed}; {len(READERS)} readers, {options.requests:,} requests of each, answers that differ {len(differences)}; "
          f"medians of searches differ by {worst:.1%} at most (limit 5 %): {'; '.join(faults) if faults else 'holds'}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
