#!/usr/bin/env python3
"""One person with 64 connections of the worst requests that there are: another's p99 stays under twice their own, none refused.

For each kind of request the worst of some candidates is found by asking each alone. Then somebody else, on one connection, lists,
reads, creates and signs in, for a while without and for a while beside the 64, in turns. All under default limits.
"""
import argparse
import http.client
import json
import math
import multiprocessing
import os
import sys
import threading
import time
import types
import urllib.parse
import uuid

import database_restarts as restarts
import scale
from idempotency import Server

CONNECTIONS = 64
ATTACKER, VICTIM = "manager", "patience"  # sees everything; sees the projects that they are members of
PATIENCE = 0.05  # seconds until one of the 64 who was refused asks again
PACE = 0.1  # seconds that a round of the others takes at least: quicker, they would meet the limits of a person
OFFICES = {ATTACKER: "203.0.113.7", VICTIM: "198.51.100.9"}


def get(path, **query):
    return "GET", path + ("?" + urllib.parse.urlencode(query) if query else ""), None


def bulk(path, operations, **more):
    return "POST", path, {"operations": operations, **more}


class Kind:
    """Some requests of one sort, of which the worst is sent by 64 connections."""

    def __init__(self, name, candidates, one_key=False, anonymous=False):
        self.name, self.candidates, self.one_key, self.anonymous = name, candidates, one_key, anonymous


def kinds(project, milestones):
    """All that are tried; a candidate is a function that makes the next request."""
    changes = [{"op": "change", "id": id, "data": {"reward": "Cake"}} for id in milestones]
    creates = [{"op": "create", "data": {"project": project, "name": f"Milestone {n}", "description": "colour contract " * 40}}
               for n in range(500)]
    wide = {"ordering": "due_on", "page_size": 200, "count": "exact", "expand": "project.client,owner", "can": "true"}
    return [
        Kind("lists", [
            lambda: get("/milestones", **wide),
            lambda: get("/milestones", search="colour contract", **wide),
            lambda: get("/milestones", project__status="active", page=50, **wide),
            lambda: get("/milestones", is_overdue="true", **wide),
            lambda: get("/comments", **{**wide, "ordering": "-created_at", "expand": "author"})]),
        Kind("searches", [
            lambda: get("/search", q="colour contract"),
            lambda: get("/search", q="colur contrcat"),
            lambda: get("/milestones", search="colur contrcat", count="exact"),
            lambda: get("/search", q="co")]),
        Kind("summaries", [
            lambda: get("/milestones/summary", group="project,due_on:week,owner"),
            lambda: get("/milestones/summary", search="colour", group="project,due_on:day,is_overdue"),
            lambda: get("/comments/summary", group="author")]),
        Kind("exports", [
            lambda: get("/milestones", format="xlsx"),
            lambda: get("/milestones", format="csv", search="colour"),
            lambda: get("/comments", format="csv")]),
        Kind("bulk dry runs, one key", [
            lambda: bulk("/milestones/bulk", changes, dry_run=True),
            lambda: bulk("/milestones/bulk", creates, dry_run=True)], one_key=True),
        Kind("bulk", [
            lambda: bulk("/milestones/bulk", changes, atomic=False, dry_run=True),
            lambda: bulk("/milestones/bulk", creates, atomic=False, dry_run=True),
            lambda: bulk("/milestones/bulk", changes)]),
        Kind("wrong passwords", [
            lambda: ("POST", "/auth/token", {"username": f"nobody-{uuid.uuid4()}", "password": "a wrong pass phrase"})], anonymous=True),
        Kind("own password, wrong", [
            lambda: ("POST", "/auth/password/change", {"current": "a wrong pass phrase", "password": "owino-tuesday-market-7"})]),
        Kind("personal data", [lambda: ("POST", "/users/me/export", {}), lambda: get("/users/me/export")]),
    ]


class Asker:
    """One connection of somebody's, whose answers are read and thrown away."""

    def __init__(self, port, who, token=None):
        self.port, self.connection = port, None
        self.headers = {"Content-Type": "application/json", "X-Forwarded-For": OFFICES[who]}
        if token:
            self.headers["Authorization"] = "Bearer " + token

    def ask(self, method, path, body=None, key=None, keep=False):
        """The status, and the body where it is to be kept."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {**self.headers, "Idempotency-Key": key} if key else self.headers
        try:
            self.connection.request(method, "/api/v1" + path, body if isinstance(body, bytes) else
                                    json.dumps(body) if body is not None else None, headers)
            answer = self.connection.getresponse()
            if keep:
                return answer.status, answer.read()
            while answer.read(65536):
                pass
            return answer.status, b""
        except (http.client.HTTPException, OSError):
            self.connection.close()
            self.connection = None
            return 0, b""


def signed_in(port, name):
    status, body = Asker(port, name).ask("POST", "/auth/token", {"username": name, "password": restarts.PASSWORD}, keep=True)
    if status != 200:
        sys.exit(f"signing in as {name} answered {status}: {body[:300]}")
    return json.loads(body)["access"]


def worst_of(kind, port, token):
    """The candidate that takes longest, and its milliseconds."""
    worst, most = None, -1.0
    for candidate in kind.candidates:
        asker = Asker(port, ATTACKER, token)
        asker.ask("GET", "/users/me")
        asked = time.monotonic()
        status, body = asker.ask(*candidate(), key=str(uuid.uuid4()) if kind.one_key else None, keep=True)
        took = (time.monotonic() - asked) * 1000
        if status in (0, 400, 403, 404, 500):
            print(f"{kind.name}: {candidate()[1][:80]} answered {status}: {body[:200]}", file=sys.stderr)
        if took > most and status not in (0, 400, 403, 404):
            worst, most = candidate, took
    return worst, most


class Attack:
    """64 connections in a process of their own, which gives way to the studio: what a client costs is not the studio's."""

    def __init__(self, kind, candidate, port, token):
        self.running, self.ended = multiprocessing.Event(), multiprocessing.Event()
        self.busy, self.counts = multiprocessing.Value("i", 0), multiprocessing.Array("q", 600)
        self.process = multiprocessing.Process(target=self.serve, args=(kind, candidate, port, token), daemon=True)
        self.process.start()

    def serve(self, kind, candidate, port, token):
        os.nice(10)
        threads = [threading.Thread(target=self.one, args=(kind, candidate, Asker(port, ATTACKER, token)), daemon=True)
                   for _ in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def one(self, kind, candidate, asker):
        method, path, body = candidate()
        fixed = json.dumps(body).encode() if body is not None and not kind.anonymous else None
        while not self.ended.is_set():
            if not self.running.wait(0.2):
                continue
            with self.busy.get_lock():
                self.busy.value += 1
            key = f"worst-{int(time.monotonic() / 5)}" if kind.one_key else None
            status, _ = asker.ask(method, path, fixed or candidate()[2], key)
            with self.busy.get_lock():
                self.busy.value -= 1
                self.counts[status] += 1
            if status not in (200, 201):
                time.sleep(PATIENCE)

    def pause(self):
        """Until nothing of it is under way any more."""
        self.running.clear()
        while self.busy.value:
            time.sleep(0.01)

    def end(self):
        self.ended.set()
        self.process.join(60)
        return {status: count for status, count in enumerate(self.counts) if count}


class Other:
    """Somebody who works: lists, reads, creates and signs in."""

    def __init__(self, port, token, project):
        self.asker, self.stranger = Asker(port, VICTIM, token), Asker(port, VICTIM)
        self.project, self.took, self.refused = project, {}, []

    def requests(self):
        yield "list", self.asker, ("GET", "/milestones?page_size=25", None)
        yield "row", self.asker, ("GET", "/projects/" + self.project, None)
        yield "create", self.asker, ("POST", "/milestones", {"project": self.project, "name": "Fair"})
        yield "sign in", self.stranger, ("POST", "/auth/token", {"username": VICTIM, "password": restarts.PASSWORD})

    def work(self, under, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            round_began = time.monotonic()
            for name, asker, question in self.requests():
                asked = time.monotonic()
                status, body = asker.ask(*question, keep=True)
                self.took.setdefault(under, {}).setdefault(name, []).append((time.monotonic() - asked) * 1000)
                if status not in (200, 201):
                    self.refused.append(f"{name}: {status} {body.decode()[:150]}")
            time.sleep(max(0.02, PACE - (time.monotonic() - round_began)))

    def p99(self, under, name=None):
        took = self.took[under]
        values = sorted(took[name] if name else [one for many in took.values() for one in many])
        return values[min(len(values) - 1, math.ceil(0.99 * len(values)) - 1)], len(values)


def measure(kind, server, tokens, project, options, faults):
    candidate, alone = worst_of(kind, server.port, tokens[ATTACKER])
    attack = Attack(kind, candidate, server.port, None if kind.anonymous else tokens[ATTACKER])
    other = Other(server.port, tokens[VICTIM], project)
    other.work("warming up", 0.5)
    for _ in range(options.turns):
        other.work("alone", options.seconds)
        attack.running.set()
        time.sleep(0.5)
        other.work("beside", options.seconds)
        attack.pause()
    counts = attack.end()
    (own, _), (beside, number) = other.p99("alone"), other.p99("beside")
    each = ", ".join(f"{name} {other.p99('alone', name)[0]:.0f}/{other.p99('beside', name)[0]:.0f}" for name in other.took["alone"])
    print(f"{kind.name:<23} {alone:8.0f} ms {own:9.1f} {beside:9.1f} {beside / own:6.2f}   {each}; {number} answers; the 64: {counts}"
          f"   {candidate()[0]} {candidate()[1][:60]}", flush=True)
    if beside >= options.limit * own:
        faults.append(f"{kind.name}: {beside / own:.2f} times")
    if other.refused:
        faults.append(f"{kind.name}: {len(other.refused)} refused, such as {other.refused[0]}")
    if sum(counts.values()) < CONNECTIONS:
        faults.append(f"{kind.name}: there was no attack to speak of")
    return beside / own, len(other.refused)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--milestones", type=int, default=150_000)
    options.add_argument("--comments", type=int, default=75_000)
    options.add_argument("--turns", type=int, default=2)
    options.add_argument("--seconds", type=float, default=5.0, help="of each turn")
    options.add_argument("--limit", type=float, default=2.0, help="times")
    options.add_argument("--kind", help="only this one")
    options = options.parse_args()
    restarts.UNLIMITED.clear()  # the limits that people have
    restarts.UNLIMITED["TAMITI_TRUSTED_PROXIES"] = "127.0.0.1"
    server = Server()
    scale.MODELS = 0  # the studio as it is
    scale.fill(server, types.SimpleNamespace(people=500, projects=1000, milestones=options.milestones, comments=options.comments, notes=0))
    project = server.sql(f"""SELECT p.id FROM projects_project p WHERE p.code LIKE 'SCALE-%' AND p.owner IS NULL LIMIT 1""").strip() or \
        server.sql("SELECT id FROM projects_project WHERE code LIKE 'SCALE-%' LIMIT 1").strip()
    server.sql(f"UPDATE projects_project SET owner = (SELECT id FROM users_user WHERE username = '{VICTIM}') WHERE id = '{project}'")
    milestones = server.sql(f"SELECT id FROM projects_milestone WHERE deleted_at IS NULL AND project <> '{project}' LIMIT 500").split()
    tokens = {name: signed_in(server.port, name) for name in OFFICES}
    print(f"{'':<23} {'worst alone':>11} {'p99 alone':>9} {'beside':>9} {'times':>6}   p99 in ms of each, alone/beside")
    faults, figures = [], []
    for kind in kinds(project, milestones):
        if options.kind in (None, kind.name):
            figures.append(measure(kind, server, tokens, project, options, faults))
    stop_code = server.stop()
    if stop_code != 0:
        faults.append(f"the program stopped with {stop_code}")
    print(f"{CONNECTIONS} connections of the worst requests of each kind: p99 of somebody else at most {max(times for times, _ in figures):.2f} times "
          f"their own (limit {options.limit:g}), {sum(refused for _, refused in figures)} of their requests refused: {'; '.join(faults) if faults else 'holds'}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
