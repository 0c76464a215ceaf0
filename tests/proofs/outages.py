#!/usr/bin/env python3
"""PostgreSQL restarted 10 times, Redis killed 10 times and flushed 10 times under a mixed load: nothing acknowledged is lost.

Readers, writers, sign-ins and registrations (each makes a mail, and so a job) run against one process that serves and works. No
process exit, no answers but success and 503, every acknowledged row and mail there, no job lost or dead, service back within 3 s
of the database, and within 3 s of Redis' death at most: without Redis nothing may fail at all.
"""
import argparse
import itertools
import json
import sys
import time

import database_restarts as restarts
from _progress import Progress

SUCCESS = (200, 201, 202)
networks = itertools.count(1)


def new_network():
    """An address in a network of its own, for limits count by network; the studio believes its proxy, which is us."""
    number = next(networks)
    return f"10.{number >> 8 & 255}.{number & 255}.7" if number < 65536 else f"11.{number >> 8 & 255}.{number & 255}.7"


class SignIn(restarts.Load):
    def once(self):
        self.client.headers["X-Forwarded-For"] = new_network()
        time.sleep(0.1)  # a password costs a core for a while, by design
        return self.client.ask("POST", "/api/v1/auth/token", {"username": "admin", "password": restarts.PASSWORD})[0]


class Registrations(restarts.Load):
    """Asks for accounts. One whose fate is unknown is forgotten; one that was acknowledged has a mail."""

    def __init__(self, port, number):
        super().__init__(port, None)
        self.number, self.acknowledged, self.surprise = number, [], b""

    def once(self):
        self.client.headers["X-Forwarded-For"] = new_network()
        name = f"person{self.number}x{len(self.answers)}"
        status, body = self.client.ask("POST", "/api/v1/auth/register", {
            "username": name, "email": name + "@outages.example", "password": "a long enough pass phrase", "first_name": "P"})
        if status == 202:
            self.acknowledged.append(name + "@outages.example")
        elif status != 503:
            self.surprise = body
        time.sleep(0.05)
        return status


def redis_killed():
    begin = time.monotonic()
    restarts.shell('kill -KILL "$(pid_in "$(servers_home "$state")/redis")"; sleep 0.7; redis_start "$state" >&2')
    return begin


def redis_flushed():
    begin = time.monotonic()
    restarts.shell('redis-cli -s "$(servers_home "$state")/sockets/redis.sock" FLUSHALL >/dev/null')
    return begin


def failures_since(loads, begin, until):
    return sum(1 for load in loads for when, _, status in load.answers if begin <= when < until and status not in SUCCESS)


def back_after(loads, up, until):
    """Seconds from `up` until no answer but successes came any more."""
    failed = [when for load in loads for when, _, status in load.answers if up <= when < until and status not in SUCCESS]
    return max(failed, default=up) - up


def wait_for_jobs(studio, seconds):
    """Until no job waits or runs; answers how many still do."""
    give_up = time.monotonic() + seconds
    while True:
        open_jobs = int(studio.sql("SELECT count(*) FROM core_job WHERE kind = 'core.send_mail' AND finished_at IS NULL"))
        if open_jobs == 0 or time.monotonic() > give_up:
            return open_jobs
        time.sleep(0.5)


def start(options):
    restarts.UNLIMITED["TAMITI_TRUSTED_PROXIES"] = "127.0.0.1"
    studio = restarts.Studio()
    give_up = time.monotonic() + 30
    while not studio.is_ready():
        if studio.process.poll() is not None or time.monotonic() > give_up:
            sys.exit(f"the program did not become ready; its log is {restarts.STATE}/studio.log")
        time.sleep(0.02)
    token = restarts.sign_in(studio)
    status, body = restarts.Client(studio.port, token).ask("GET", "/api/v1/projects?status=active&page_size=1")
    if status != 200:
        sys.exit(f"the list of projects answered {status}: {body[:300]}")
    project = json.loads(body)["results"][0]["id"]
    loads = [restarts.Reader(studio.port, token, f"/api/v1/projects/{project}") for _ in range(2)]
    loads += [restarts.Writer(studio.port, token, project) for _ in range(2)]
    loads += [SignIn(studio.port, None)]
    loads += [Registrations(studio.port, number) for number in range(2)]
    for load in loads:
        load.start()
    time.sleep(2)
    return studio, loads


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=10)
    options.add_argument("--limit", type=float, default=3.0, help="seconds")
    options = options.parse_args()
    studio, loads = start(options)
    progress, databases, caches = Progress("rounds", options.rounds), [], []
    for number in range(options.rounds):
        down, up = restarts.crash(studio)
        time.sleep(options.limit + 1)
        databases.append((down, up, time.monotonic()))
        for fault in (redis_killed, redis_flushed):
            begin = fault()
            time.sleep(1)
            caches.append((begin, time.monotonic()))
        progress.at(number + 1)
        if studio.process.poll() is not None:
            break
    progress.end()
    for load in loads:
        load.ended = True
    for load in loads:
        load.join(30)
    return report(options, studio, loads, databases, caches)


def lost_rows(studio, loads):
    """Acknowledged and not stored: rows, and mails."""
    rows = {row for load in loads if isinstance(load, restarts.Writer) for row in load.acknowledged}
    mails = {mail for load in loads if isinstance(load, Registrations) for mail in load.acknowledged}
    stored = set(studio.sql("SELECT id FROM projects_milestone WHERE name = 'Proof of restarts'").split())
    sent = set(studio.sql("SELECT recipient FROM core_mail WHERE state = 'caught'").split())
    return rows, rows - stored, mails, mails - sent


def report(options, studio, loads, databases, caches):
    exited = studio.process.poll()
    open_jobs = wait_for_jobs(studio, 60)
    dead = int(studio.sql("SELECT count(*) FROM core_job WHERE state = 'dead'"))
    rows, lost, mails, unsent = lost_rows(studio, loads)
    statuses = {}
    for load in loads:
        for _, _, status in load.answers:
            statuses[status] = statuses.get(status, 0) + 1
    wrong = {status: count for status, count in statuses.items() if status not in (*SUCCESS, 503)}
    surprise = next((load.surprise.decode()[:300] for load in loads if getattr(load, "surprise", b"")), "")
    backs = [back_after(loads, up, until) for _, up, until in databases]
    without_redis = sum(failures_since(loads, begin, until) for begin, until in caches)
    slowest = max((seconds for load in loads for when, seconds, _ in load.answers
                   if any(begin <= when < until for begin, until in caches)), default=0.0)
    stop_code = studio.stop()

    print(f"answers by status                   {dict(sorted(statuses.items()))}")
    print(f"service back after the database     {', '.join(f'{back:.2f}' for back in backs)} s")
    print(f"failures around {len(caches)} faults of Redis    {without_redis}, slowest answer {slowest:.2f} s")
    print(f"rows acknowledged / lost            {len(rows)} / {len(lost)}")
    print(f"registrations acknowledged / no mail {len(mails)} / {len(unsent)}; jobs open {open_jobs}, dead {dead}")
    faults = []
    if exited is not None or stop_code != 0:
        faults.append(f"the program exited with {exited}, stopped with {stop_code}")
    if len(databases) < options.rounds:
        faults.append(f"only {len(databases)} rounds")
    if max(backs) > options.limit:
        faults.append(f"not back within {options.limit:g} s")
    if without_redis or slowest > options.limit:
        faults.append(f"{without_redis} answers failed for want of Redis, the slowest took {slowest:.2f} s")
    if wrong:
        faults.append(f"answers other than success and 503 (0 is a broken connection): {wrong} {surprise}")
    if lost or unsent or open_jobs or dead:
        faults.append(f"lost: {len(lost)} rows, {len(unsent)} mails; {open_jobs} jobs stuck, {dead} dead")
    if not statuses.get(503) or len(rows) < 100 or len(mails) < 20:
        faults.append("there was no load to speak of")
    print(f"{len(databases)} restarts of PostgreSQL, {len(caches)} faults of Redis, slowest recovery {max(backs):.2f} s"
          f" (limit {options.limit:g} s): {'; '.join(faults) if faults else 'holds'}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
