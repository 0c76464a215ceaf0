#!/usr/bin/env python3
"""20 s without PostgreSQL under default limits, while everybody goes on asking: 503 and never 429, back within 3 s, all signed in.

Twice: once PostgreSQL is ended at once and started again, once all of its processes are stopped, so that nothing is refused and
nothing answered, and let go on. People with several connections, tokens and cookies, who are all in one office, read, write,
refresh and sign in; who is answered 503 asks again as fast as no polite client would.
"""
import argparse
import http.client
import itertools
import json
import os
import pathlib
import re
import signal
import sys
import threading
import time

import database_restarts as restarts
from idempotency import Server

OFFICE = "203.0.113.7"
AGAIN = 0.02  # seconds until who was refused asks again
PAUSE = 0.25  # seconds between the requests of who is served
# Names of people of the demo studio.
PEOPLE = ("admin", "content", "digital", "field", "finance", "hassan", "client")
SETTLED = 1.5  # seconds after which nothing can be answered from what is remembered, nor from what was under way
CODES = {"database.unreachable", "database.busy", "http.overloaded", "auth.busy"}


class Answer:
    """What came: when it was asked and answered, the status, and what is wrong with it, if anything."""

    def __init__(self, asked, status, fault=""):
        self.asked, self.when, self.status, self.fault = asked, time.monotonic(), status, fault


def fault_of(status, headers, body):
    """What a 503 has otherwise than documented."""
    if status != 503:
        return ""
    if not re.fullmatch("[1-9][0-9]?", headers.get("Retry-After", "")):
        return f"Retry-After is {headers.get('Retry-After')!r}"
    if headers.get("Content-Type") != "application/problem+json":
        return f"Content-Type is {headers.get('Content-Type')!r}"
    code = json.loads(body)["code"]
    return "" if code in CODES else f"the code is {code}"


class Asker(threading.Thread):
    """Somebody with one connection, who goes on asking."""

    pause = PAUSE

    def __init__(self, port, token=None):
        super().__init__(daemon=True)
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Content-Type": "application/json", "X-Forwarded-For": OFFICE}
        if token:
            self.headers["Authorization"] = "Bearer " + token
        self.answers, self.ended, self.surprises = [], False, []

    def ask(self, method, path, body=None):
        self.connection.request(method, "/api/v1" + path, json.dumps(body) if body is not None else None, self.headers)
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def run(self):
        while not self.ended:
            asked = time.monotonic()
            try:
                status, headers, body = self.once()
                self.answers.append(Answer(asked, status, fault_of(status, headers, body)))
                if status not in (200, 201, 503):
                    self.surprises.append(f"{type(self).__name__}: {status} {body.decode()[:200]}")
            except (http.client.HTTPException, OSError) as broken:
                self.connection.close()
                status = 0
                self.answers.append(Answer(asked, 0))
                self.surprises.append(f"{type(self).__name__}: {broken!r}")
            time.sleep(self.pause if status in (200, 201) else AGAIN)


class Reader(Asker):
    paths = itertools.cycle(("/projects?page_size=5", "/users/me", "/milestones?search=review", "/comments", "/meta"))

    def once(self):
        return self.ask("GET", next(self.paths))


class Writer(Asker):
    """Changes its own profile: what is sent again does the same."""

    def once(self):
        return self.ask("PATCH", "/users/me", {"first_name": "Ada"})


class Refresher(Asker):
    """Spends its refresh token; one that was answered 503 must still be good."""

    def __init__(self, port, refresh):
        super().__init__(port)
        self.refresh = refresh

    def once(self):
        status, headers, body = self.ask("POST", "/auth/token/refresh", {"refresh": self.refresh})
        if status == 200:
            self.refresh = json.loads(body)["refresh"]
        return status, headers, body


class SignIn(Asker):
    pause = 1.0  # a password costs a core for a while, by design

    def __init__(self, port, name):
        super().__init__(port)
        self.name_of_person = name

    def once(self):
        return self.ask("POST", "/auth/token", {"username": self.name_of_person, "password": restarts.PASSWORD})


class Cookies(Asker):
    """A browser, whose session is in its cookies."""

    def __init__(self, port, cookies):
        super().__init__(port)
        self.headers["Cookie"] = cookies

    def once(self):
        return self.ask("GET", "/users/me")


def signed_in(port, name):
    """A pair of tokens for somebody."""
    status, _, body = SignIn(port, name).once()
    if status != 200:
        sys.exit(f"signing in as {name} answered {status}: {body[:300]}")
    return json.loads(body)


def cookies_of(port, name):
    one = SignIn(port, name)
    one.headers["Origin"] = f"http://127.0.0.1:{port}"  # only pages of the studio sign in by cookie
    status, headers, body = one.ask("POST", "/auth/cookie", {"username": name, "password": restarts.PASSWORD})
    if status not in (200, 201):
        sys.exit(f"signing in with cookies answered {status}: {body[:300]}")
    return "; ".join(value.split(";")[0] for value in headers.get_all("Set-Cookie"))


def personal_token(port, access):
    expires_at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))
    status, _, body = Asker(port, access).ask("POST", "/auth/tokens", {"name": "Proof", "grants": ["*:read"], "expires_at": expires_at})
    if status not in (200, 201):
        sys.exit(f"a personal token was answered {status}: {body[:300]}")
    return json.loads(body)["token"]


def everybody(port):
    """All who ask: of each person three readers, one writer, one who refreshes; and what is special."""
    askers = []
    for name in PEOPLE:
        pair = signed_in(port, name)
        askers += [Reader(port, pair["access"]) for _ in range(3)] + [Writer(port, pair["access"])]
        askers += [Refresher(port, signed_in(port, name)["refresh"]), SignIn(port, name)]
    askers += [Reader(port, personal_token(port, signed_in(port, "finance")["access"])), Cookies(port, cookies_of(port, "admin"))]
    return askers


class Ended:
    """PostgreSQL ends as by a power cut, and is started again."""

    name = "ended and started again"

    def __init__(self, studio):
        self.studio = studio

    def begin(self):
        restarts.shell('postgres_stop "$state" immediate >&2')

    def end(self):
        """When it was back."""
        starting = threading.Thread(target=restarts.shell, args=('postgres_start "$state" >&2',))
        starting.start()
        while not self.studio.accepts():
            time.sleep(0.005)
        back = time.monotonic()
        starting.join()
        return back


class Stopped:
    """All of its processes stand still: connections open and say nothing."""

    name = "stopped and let go on"

    def __init__(self, studio):
        self.pid = int(restarts.shell('pid_in "$(servers_home "$state")/postgres"'))

    def signal_all(self, number):
        children = [int(child) for child in pathlib.Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]
        for pid in [self.pid, *children]:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass  # a backend that had just ended

    def begin(self):
        self.signal_all(signal.SIGSTOP)
        self.signal_all(signal.SIGSTOP)  # whoever was born meanwhile

    def end(self):
        self.signal_all(signal.SIGCONT)
        return time.monotonic()


def outage(kind, studio, askers, seconds, faults):
    """Prints a line about one outage, and adds what is wrong."""
    begin = time.monotonic()
    fault = kind(studio)
    try:
        fault.begin()
        down = time.monotonic()
        time.sleep(seconds)
    finally:
        up = fault.end()
    time.sleep(6)
    until = time.monotonic()
    settled = [one for asker in askers for one in asker.answers if down + SETTLED <= one.asked and one.when <= up]
    during = sorted({one.status for one in settled})
    slowest = max((one.when - one.asked for one in settled), default=0.0)
    back = max(back_after(asker, up, until) for asker in askers)
    print(f"{fault.name:<26} {up - down:4.1f} s: {len(settled):,} answers, all of them {during}, slowest {slowest:.2f} s; "
          f"all served again after {back:.2f} s", flush=True)
    if during != [503]:
        faults.append(f"{fault.name}: {during} while it was away")
    if len(settled) < 1000:
        faults.append(f"{fault.name}: there was no load to speak of")
    if studio.process.poll() is not None:
        faults.append(f"the program exited with {studio.process.poll()}")
    return begin, back


def back_after(asker, up, until):
    """Seconds until its first success after which nothing failed any more."""
    answers = [one for one in asker.answers if up <= one.when < until]
    failed = max((one.when for one in answers if one.status not in (200, 201)), default=up)
    return min((one.when for one in answers if one.status in (200, 201) and one.when > failed), default=until) - up


def report(options, askers, backs, stop_code, faults):
    answers = [one for asker in askers for one in asker.answers]
    statuses = {}
    for one in answers:
        statuses[one.status] = statuses.get(one.status, 0) + 1
    print(f"answers by status          {dict(sorted(statuses.items()))}")
    odd = sorted({one.fault for one in answers if one.fault})
    if odd:
        faults.append(f"503 otherwise than documented: {odd}")
    surprises = sorted({text for asker in askers for text in asker.surprises})
    if surprises:
        faults.append(f"other answers than success and 503 (401: no more signed in, 429: counted): {surprises[:5]}")
    if max(backs) > options.limit:
        faults.append(f"not back within {options.limit:g} s")
    if stop_code != 0:
        faults.append(f"the program stopped with {stop_code}")
    print(f"outages 2 of {options.seconds:g} s, answers 429 {statuses.get(429, 0)}, 401 {statuses.get(401, 0)}, 503 {statuses.get(503, 0):,}, "
          f"slowest recovery {max(backs):.2f} s (limit {options.limit:g} s): {'; '.join(faults) if faults else 'holds'}")
    return 1 if faults else 0


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=20.0)
    options.add_argument("--limit", type=float, default=3.0, help="seconds until all are served again")
    options = options.parse_args()
    restarts.UNLIMITED.clear()  # the limits that people have
    restarts.UNLIMITED["TAMITI_TRUSTED_PROXIES"] = "127.0.0.1"
    studio, faults, backs = Server(), [], []
    askers = everybody(studio.port)
    for asker in askers:
        asker.start()
    time.sleep(3)
    for kind in (Ended, Stopped):
        backs.append(outage(kind, studio, askers, options.seconds, faults)[1])
    for asker in askers:
        asker.ended = True
    for asker in askers:
        asker.join(30)
    return report(options, askers, backs, studio.stop(), faults)


if __name__ == "__main__":
    sys.exit(main())
