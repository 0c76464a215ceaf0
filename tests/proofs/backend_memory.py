#!/usr/bin/env python3
"""After 100,000 mixed requests PostgreSQL's backends hold at most 200 MB of their own, all servers together at most 512 MB.

Twelve people ask for lists of every resource with filters, orderings, expansions and searches drawn from the API's own document, read
rows, and write. A backend's own memory is its proportional set size without shared memory, which the buffers are in.
"""
import argparse
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import time
import urllib.parse

import database_restarts as restarts
from _progress import Progress

MOST_OWN, MOST_TOGETHER = 200, 512
SHAPES = 12_000  # different requests, each sent several times
PEOPLE = ("admin", "manager", "finance", "content", "digital", "field", "staff", "client", "patience", "ronald", "esther", "hassan")
WORDS = ("coffee", "cut", "first approved", "sarah", "harvest", "film shoot", "milestone", "okello")
LEFT_OUT = {"format", "cursor", "page", "deleted", "or", "not"}
WRITES = 0.15  # of all requests


class Document:
    """What may be asked, by the program's own description."""

    def __init__(self):
        printed = subprocess.run([os.environ["TAMITI_BIN"], "openapi"], check=True, stdout=subprocess.PIPE, text=True).stdout
        self.document = json.loads(printed)
        self.lists = {path: [self.resolved(one) for one in operations["get"].get("parameters", [])]
                      for path, operations in self.document["paths"].items() if "get" in operations and "{" not in path}
        self.lists = {path: parameters for path, parameters in self.lists.items()
                      if any(one["name"] == "page_size" for one in parameters) and path != "/search"}

    def resolved(self, parameter):
        name = parameter.get("$ref", "").rpartition("/")[2]
        return self.document["components"]["parameters"][name] if name else parameter

    def address(self, path, ids):
        """A list with up to five of its parameters, half of the time with one or two."""
        known = [one for one in self.lists[path] if one["name"] not in LEFT_OUT]
        chosen = random.sample(known, min(len(known), random.choice((0, 1, 1, 2, 2, 3, 5))))
        query = {one["name"]: self.value(one["name"], one["schema"], ids) for one in chosen}
        return path + "?" + urllib.parse.urlencode(query, safe=",")

    def value(self, name, schema, ids):
        if name == "search":
            return random.choice(WORDS)
        if schema.get("type") == "array":
            choices = schema["items"].get("enum")
            if choices:
                return ",".join(random.sample(choices, min(len(choices), random.choice((1, 1, 2, 3)))))
            return ",".join(self.value(name, schema["items"], ids) for _ in range(random.choice((1, 2))))
        if "enum" in schema:
            return random.choice(schema["enum"])
        if schema.get("format") == "uuid" or "[0-9a-f]{8}-" in schema.get("pattern", ""):
            return random.choice(ids)
        if schema.get("format", "").startswith("date"):
            return random.choice(("today", "today-30d", "today+30d"))
        return {"boolean": random.choice(("true", "false")), "integer": str(random.randint(1, 50)),
                "number": str(random.randint(1, 50))}.get(schema.get("type"), "a")


class Asking:
    """The requests, and wrk that sends them."""

    def __init__(self, studio, document):
        self.studio, self.document = studio, document
        self.tokens = {name: self.signed_in(name) for name in PEOPLE}
        self.ids = {path: self.ids_of(path) for path in document.lists}
        self.all_ids = sorted({one for ids in self.ids.values() for one in ids})
        # Lists that somebody may not see at all would be refused before they reach PostgreSQL.
        self.seen = {name: [path for path in document.lists if self.ask(name, path)[0] == 200] for name in PEOPLE}
        self.sent = self.refused = 0

    def signed_in(self, name):
        status, body = restarts.Client(self.studio.port).ask("POST", "/api/v1/auth/token", {"username": name, "password": restarts.PASSWORD})
        if status != 200:
            raise SystemExit(f"{name} could not sign in: {body.decode()}")
        return json.loads(body)["access"]

    def ask(self, name, path):
        return restarts.Client(self.studio.port, self.tokens[name]).ask("GET", f"/api/v1{path}")

    def ids_of(self, path):
        status, body = self.ask("admin", f"{path}?page_size=200")
        found = [row.get("id") for row in json.loads(body)["results"]] if status == 200 else []
        return [one for one in found if isinstance(one, str)]

    def one(self):
        name = random.choice(PEOPLE)
        if random.random() < WRITES:
            return self.tokens[name], *self.write()
        path = random.choice(self.seen[name])
        if self.ids[path] and "get" in self.document.document["paths"].get(path + "/{id}", {}) and random.random() < 0.3:
            return self.tokens[name], "GET", f"{path}/{random.choice(self.ids[path])}", ""
        return self.tokens[name], "GET", self.document.address(path, self.all_ids), ""

    def write(self):
        milestone, project = random.choice(self.ids["/milestones"]), random.choice(self.ids["/projects"])
        return random.choice((
            ("POST", "/milestones", {"project": project, "name": "Proof of memory", "due_on": "2026-08-01"}),
            ("PATCH", f"/milestones/{milestone}", {"description": random.choice(WORDS)}),
            ("PATCH", f"/projects/{project}", {"priority": random.choice(("low", "high"))}),
            ("POST", "/comments", {"on_model": "projects.project", "on_row": project, "body": random.choice(WORDS)}),
            ("POST", "/contacts", {"client": random.choice(self.ids["/clients"]), "name": "Proof of memory"}),
            ("POST", f"/milestones/{milestone}/complete", {}), ("POST", f"/milestones/{milestone}/reopen", {})))

    def script(self):
        """The requests as wrk takes them, each thread in an order of its own."""
        lines = []
        for _ in range(SHAPES):
            token, method, path, body = self.one()
            headers = f'["Authorization"]="Bearer {token}",["Content-Type"]="application/json"'
            lines.append(f"wrk.format('{method}', {json.dumps('/api/v1' + path)}, {{{headers}}}, {json.dumps(json.dumps(body)) if body != '' else 'nil'})")
        text = "local made = {}\nfunction init()\n" + "\n".join(f"made[#made + 1] = {line}" for line in lines)
        text += "\nmath.randomseed(os.time())\nend\nfunction request() return made[math.random(#made)] end\n"
        file = restarts.STATE / "requests.lua"
        file.write_text(text)
        return file

    def send(self, script, seconds):
        done = subprocess.run(["wrk", "-t2", "-c32", f"-d{seconds}s", "-s", script, f"http://127.0.0.1:{self.studio.port}"], check=True,
                              stdout=subprocess.PIPE, text=True)
        self.sent += int(re.search(r"(\d+) requests in", done.stdout).group(1))
        refused = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
        self.refused += int(refused.group(1)) if refused else 0


def memory(process):
    """Megabytes: all that is the process' share, and that without shared memory."""
    text = pathlib.Path(f"/proc/{process}/smaps_rollup").read_text()
    found = {name: int(value) / 1024 for name, value in re.findall(r"(\w+): +(\d+) kB", text)}
    return found["Pss"], found["Pss"] - found["Pss_Shmem"]


def children(process):
    tasks = pathlib.Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def title(process):
    return pathlib.Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def report(studio):
    home = pathlib.Path((restarts.STATE / "servers.home").read_text().strip())
    postmaster = int((home / "postgres/postmaster.pid").read_text().split()[0])
    redis = int((home / "redis/redis.pid").read_text())
    workers = children(postmaster)
    backends = [one for one in workers if title(one).startswith("postgres: tamiti_app")]
    own = sum(memory(one)[1] for one in backends)
    parts = {"program": sum(memory(one)[0] for one in (studio.process.pid, *children(studio.process.pid))),
             "PostgreSQL": sum(memory(one)[0] for one in (postmaster, *workers)), "Redis": memory(redis)[0]}
    together = sum(parts.values())
    print(", ".join(f"{name} {size:.0f} MB" for name, size in parts.items()))
    print(f"{len(backends)} backends hold {own:.0f} MB of their own (limit {MOST_OWN}); all servers {together:.0f} MB (limit {MOST_TOGETHER})")
    return 0 if own <= MOST_OWN and together <= MOST_TOGETHER else 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=100_000)
    options = parser.parse_args()
    random.seed(8)
    studio = restarts.Studio()
    try:
        deadline = time.monotonic() + 30
        while not studio.is_ready() and time.monotonic() < deadline:
            time.sleep(0.05)
        asking = Asking(studio, Document())
        script = asking.script()
        progress = Progress("requests", options.requests)
        while asking.sent < options.requests:
            asking.send(script, 10)
            progress.at(min(asking.sent, options.requests))
        progress.end()
        answered = 1 - asking.refused / asking.sent
        print(f"{asking.sent:,} requests of {SHAPES:,} kinds, {answered:.0%} answered with success")
        if answered < 0.6:
            raise SystemExit("too many were refused to say anything")
        return report(studio)
    finally:
        studio.stop()


if __name__ == "__main__":
    sys.exit(main())
