#!/usr/bin/env python3
"""What ends a right is felt on two nodes within a second, also without Redis: six ways to end one, probed every 20 ms."""
import argparse
import json
import os
import subprocess
import sys
import threading
import time

from _progress import Progress
from database_restarts import PASSWORD, STATE, Client, free_port, shell

LIMIT = 1.0  # seconds, 99 of 100
OTHER_PASSWORD = "owino-tuesday-market-7"
PROBE = 0.02  # seconds from one probe to the next
WATCH = 1.6  # seconds that probes go on after the change was acknowledged


class Nodes:
    """Two processes that serve one database."""

    def __init__(self):
        addresses = shell('servers_start "$state" >&2; echo "$DATABASE_URL" "$DATABASE_OWNER_URL" "$REDIS_URL"')
        url, owner_url, redis = addresses.split()
        self.log = open(STATE / "nodes.log", "wb")
        self.environment = dict(os.environ, DATABASE_URL=url, DATABASE_OWNER_URL=owner_url, REDIS_URL=redis, TAMITI_ENV="dev",
                                TAMITI_HTTP_ADDRESS="127.0.0.1", TAMITI_SECRET_KEY="the secret of two nodes, long enough",
                                TAMITI_ORIGIN="http://studio.localhost", TAMITI_RATE_ANONYMOUS="10000000",
                                TAMITI_RATE_USER="10000000", TAMITI_RATE_TOKEN="10000000", TAMITI_RATE_BURST="10000000")
        for command in (["migrate"], ["seed", "--demo"]):
            subprocess.run([os.environ["TAMITI_BIN"], *command], env=self.environment, check=True, stdout=self.log, stderr=self.log)
        self.ports, self.processes = [], []
        for _ in range(2):
            port, ops_port = free_port(), free_port()
            self.ports.append(port)
            environment = dict(self.environment, TAMITI_HTTP_PORT=str(port), TAMITI_OPS_PORT=str(ops_port))
            self.processes.append(subprocess.Popen([os.environ["TAMITI_BIN"], "web"], env=environment, stdout=self.log, stderr=self.log))
            give_up = time.monotonic() + 30
            while not self.is_ready(ops_port):
                if self.processes[-1].poll() is not None or time.monotonic() > give_up:
                    sys.exit(f"a node did not become ready; its log is {STATE}/nodes.log")
                time.sleep(0.02)

    @staticmethod
    def is_ready(port):
        try:
            return Client(port).ask("GET", "/health/ready")[0] == 200
        except OSError:
            return False

    def stop(self):
        for process in self.processes:
            process.terminate()
        return [process.wait(60) for process in self.processes]


class Prober(threading.Thread):
    """Asks one node the same every 20 ms; notes when each question was asked and what came."""

    def __init__(self, port, token, method, path, body):
        super().__init__(daemon=True)
        self.client, self.question = Client(port, token), (method, path, body)
        self.answers, self.ended = [], False

    def run(self):
        while not self.ended:
            asked = time.monotonic()
            self.answers.append((asked, self.client.ask(*self.question)[0]))
            time.sleep(max(0.0, asked + PROBE - time.monotonic()))


def ask(port, token, method, path, body=None, wanted=(200, 201, 202, 204)):
    status, answer = Client(port, token).ask(method, "/api/v1" + path, body)
    if status not in wanted:
        raise RuntimeError(f"{method} {path} answered {status}: {answer[:300]}")
    return json.loads(answer) if answer else {}


def sign_in(port, username, password=PASSWORD):
    return ask(port, None, "POST", "/auth/token", {"username": username, "password": password})["access"]


class Case:
    """One way to end a right: `begin` answers the token that is probed, `end` ends it."""

    probe = ("GET", "/api/v1/users/me", None)
    granted = 200

    def __init__(self, nodes, admin):
        self.nodes, self.admin, self.round = nodes, admin, 0

    @property
    def port(self):
        return self.nodes.ports[self.round % 2]


class LogOut(Case):
    name = "log-out"

    def begin(self):
        self.token = sign_in(self.port, "content")
        return self.token

    def end(self):
        ask(self.port, self.token, "POST", "/auth/logout", {})


class LogOutEverywhere(Case):
    name = "log-out everywhere"

    def begin(self):
        self.other = sign_in(self.port, "digital")
        return sign_in(self.port, "digital")

    def end(self):
        ask(self.port, self.other, "POST", "/auth/logout-all", {})


class PasswordChange(Case):
    name = "password change"
    people = ("patience", "ronald", "esther")

    def __init__(self, nodes, admin):
        super().__init__(nodes, admin)
        self.passwords = {person: [PASSWORD, OTHER_PASSWORD] for person in self.people}

    def begin(self):
        self.person = self.people[self.round % 3]
        current = self.passwords[self.person][0]
        self.own = sign_in(self.port, self.person, current)
        return sign_in(self.port, self.person, current)

    def end(self):
        current, following = self.passwords[self.person]
        ask(self.port, self.own, "POST", "/auth/password/change", {"current": current, "password": following})
        self.passwords[self.person].reverse()


class RoleChange(Case):
    name = "role change"
    probe = ("POST", "/api/v1/departments", {})
    granted = 422  # an admin is told what is missing

    def __init__(self, nodes, admin):
        super().__init__(nodes, admin)
        self.token = sign_in(nodes.ports[0], "hassan")
        self.path = "/users/" + ask(nodes.ports[0], self.token, "GET", "/users/me")["id"]

    def begin(self):
        ask(self.port, self.admin, "PATCH", self.path, {"roles": ["admin"]})
        time.sleep(1.1)  # until both nodes know
        return self.token

    def end(self):
        ask(self.port, self.admin, "PATCH", self.path, {"roles": ["field"]})


class Deactivation(Case):
    name = "deactivation"

    def __init__(self, nodes, admin):
        super().__init__(nodes, admin)
        self.path = "/users/" + ask(nodes.ports[0], sign_in(nodes.ports[0], "field"), "GET", "/users/me")["id"]

    def begin(self):
        ask(self.port, self.admin, "POST", self.path + "/reactivate", {}, wanted=(200, 204, 409))
        return sign_in(self.port, "field")

    def end(self):
        ask(self.port, self.admin, "POST", self.path + "/deactivate", {})


class TokenRevocation(Case):
    name = "token revocation"

    def __init__(self, nodes, admin):
        super().__init__(nodes, admin)
        self.own = sign_in(nodes.ports[0], "finance")

    def begin(self):
        expires_at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))
        made = ask(self.port, self.own, "POST", "/auth/tokens", {"name": "Proof", "grants": ["*:read"], "expires_at": expires_at})
        self.id = made["id"]
        return made["token"]

    def end(self):
        ask(self.port, self.own, "DELETE", "/auth/tokens/" + self.id)


def one_round(case):
    """Seconds from the acknowledgement of the change to the last question that was still granted, for each node."""
    token = case.begin()
    probers = [Prober(port, token, *case.probe) for port in case.nodes.ports]
    for prober in probers:
        prober.start()
    time.sleep(0.3 + 0.07 * (case.round % 10))  # at different moments of what the nodes remember
    case.end()
    acknowledged = time.monotonic()
    time.sleep(WATCH)
    staleness, odd = [], []
    for prober in probers:
        prober.ended = True
        prober.join(20)
        statuses = [status for _, status in prober.answers]
        granted = [asked for asked, status in prober.answers if status == case.granted]
        odd += [status for status in statuses if status not in (case.granted, 401, 403)]
        if not granted or statuses[-1] not in (401, 403):
            odd.append(f"began with {statuses[0]}, ended with {statuses[-1]}")
        staleness.append(max(0.0, max(granted, default=acknowledged) - acknowledged))
    return staleness, odd


def run_case(case, rounds, results, done):
    for _ in range(rounds):
        try:
            staleness, odd = one_round(case)
        except (RuntimeError, OSError) as fault:
            staleness, odd = [], [str(fault)]
        results.append((case.name, case.round % 2, staleness, odd))
        case.round += 1
        done()


def run_phase(cases, rounds, label):
    results, lock = [], threading.Lock()
    progress, count = Progress(label, rounds * len(cases)), [0]

    def done():
        with lock:
            count[0] += 1
            progress.at(count[0])

    threads = [threading.Thread(target=run_case, args=(case, rounds, results, done)) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    progress.end()
    return results


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


def report(phases, exits, rounds):
    faults, everything = [], []
    print(f"{'seconds until refused':24} {'node that did it':>24} {'other node':>24}   {'odd':>4}")
    for label, results in phases:
        print(label)
        for name in dict.fromkeys(result[0] for result in results):
            own = [staleness[node] for each, node, staleness, _ in results if each == name and staleness]
            other = [staleness[1 - node] for each, node, staleness, _ in results if each == name and staleness]
            odd = [thing for each, _, _, things in results if each == name for thing in things]
            columns = [f"median {percentile(values, 0.5):.2f} most {max(values, default=float('nan')):.2f}" for values in (own, other)]
            print(f"  {name:22} {columns[0]:>24} {columns[1]:>24}   {len(odd):>4}")
            everything += own + other
            if odd:
                faults.append(f"{label}, {name}: {odd[:3]}")
            if len(own) < rounds:
                faults.append(f"{label}, {name}: only {len(own)} rounds")
    worst = percentile(everything, 0.99)
    if not worst < LIMIT:
        faults.append(f"p99 {worst:.2f} s")
    if any(exits):
        faults.append(f"nodes exited with {exits}")
    print(f"changes x nodes {len(everything)}, p99 until refused {worst:.2f} s, most {max(everything, default=float('nan')):.2f} s "
          f"(limit {LIMIT:g} s): {'; '.join(faults) if faults else 'holds'}")
    return 1 if faults else 0


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=20)
    options = options.parse_args()
    nodes = Nodes()
    admin = sign_in(nodes.ports[0], "admin")
    cases = [kind(nodes, admin) for kind in (LogOut, LogOutEverywhere, PasswordChange, RoleChange, Deactivation, TokenRevocation)]
    phases = [("with Redis", run_phase(cases, options.rounds, "rounds with Redis"))]
    shell('redis_stop "$state" >&2')
    phases.append(("without Redis", run_phase(cases, options.rounds, "rounds without Redis")))
    exits = [process.poll() or 0 for process in nodes.processes]
    return report(phases, [*exits, *nodes.stop()], options.rounds)


if __name__ == "__main__":
    sys.exit(main())
