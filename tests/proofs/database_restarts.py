#!/usr/bin/env python3
"""PostgreSQL crashes 10 times under load: no process exit, back within 3 s, nothing acknowledged is lost."""
import argparse
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid

from _progress import Progress

ROOT = pathlib.Path(os.environ.get("STUDIO_ROOT", pathlib.Path(__file__).resolve().parents[2]))
STATE = pathlib.Path(os.environ["TAMITI_STATE_DIR"])
PASSWORD = "studio-demo-2026"
# A load comes from one person at one address; what limits that is proven elsewhere.
UNLIMITED = {f"TAMITI_RATE_{name}": "100000000" for name in ("ANONYMOUS", "USER", "TOKEN", "BURST")}


def shell(script):
    """Runs a script that knows the functions of tools/servers.sh; answers what it printed."""
    command = f'set -euo pipefail; source "{ROOT}/tools/servers.sh"; state="{STATE}"; {script}'
    return subprocess.run(["bash", "-c", command], check=True, stdout=subprocess.PIPE, text=True).stdout


def new_id():
    """A UUID of version 7."""
    bits = time.time_ns() // 1_000_000 << 80 | int.from_bytes(os.urandom(10), "big")
    return str(uuid.UUID(int=bits & ~(0xF << 76 | 0x3 << 62) | 0x7 << 76 | 0x2 << 62))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Studio:
    """The program on servers of its own, with the demo studio in it."""

    def __init__(self):
        addresses = shell('servers_start "$state" >&2; echo "$DATABASE_URL" "$DATABASE_OWNER_URL" "$REDIS_URL" "$STUDIO_SOCKETS"')
        self.url, self.owner_url, redis, self.sockets = addresses.split()
        self.port, self.ops_port = free_port(), free_port()
        self.environment = dict(os.environ, DATABASE_URL=self.url, DATABASE_OWNER_URL=self.owner_url, REDIS_URL=redis,
                                TAMITI_ENV="dev", TAMITI_HTTP_ADDRESS="127.0.0.1", TAMITI_HTTP_PORT=str(self.port),
                                TAMITI_OPS_PORT=str(self.ops_port), **UNLIMITED)
        self.log = open(STATE / "studio.log", "wb")
        for command in (["migrate"], ["seed", "--demo"]):
            self.command(command)
        self.process = subprocess.Popen([os.environ["TAMITI_BIN"], "run"], env=self.environment, stdout=self.log, stderr=self.log)

    def command(self, arguments):
        subprocess.run([os.environ["TAMITI_BIN"], *arguments], env=self.environment, check=True, stdout=self.log, stderr=self.log)

    def is_ready(self):
        try:
            return Client(self.ops_port).ask("GET", "/health/ready")[0] == 200
        except OSError:
            return False

    def accepts(self):
        """Whether PostgreSQL takes connections now; false while it recovers."""
        return subprocess.run(["/usr/lib/postgresql/15/bin/pg_isready", "-q", "-h", self.sockets]).returncode == 0

    def sql(self, statement):
        return subprocess.run(["psql", "-XAt", self.owner_url, "-c", statement], check=True, stdout=subprocess.PIPE,
                              text=True).stdout

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


class Client:
    """One keep-alive connection."""

    def __init__(self, port, token=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        self.headers = {"Content-Type": "application/json"}
        if token:
            self.headers["Authorization"] = "Bearer " + token

    def ask(self, method, path, body=None):
        try:
            self.connection.request(method, path, json.dumps(body) if body is not None else None, self.headers)
            answer = self.connection.getresponse()
            return answer.status, answer.read()
        except (http.client.HTTPException, OSError):
            self.connection.close()
            raise


class Load(threading.Thread):
    """Asks without a pause and notes each answer: (when, seconds, status); status 0 is a broken connection."""

    def __init__(self, port, token):
        super().__init__(daemon=True)
        self.client = Client(port, token)
        self.answers = []
        self.ended = False

    def run(self):
        while not self.ended:
            begin = time.monotonic()
            try:
                status = self.once()
            except (http.client.HTTPException, OSError):
                status = 0
            now = time.monotonic()
            self.answers.append((now, now - begin, status))
            if status not in (200, 201):
                time.sleep(0.005)  # as a polite client would, only shorter


class Reader(Load):
    def __init__(self, port, token, path):
        super().__init__(port, token)
        self.path = path

    def once(self):
        return self.client.ask("GET", self.path)[0]


class Writer(Load):
    """Creates milestones. One whose fate is unknown is sent again with the same id, as the API promises to allow."""

    def __init__(self, port, token, project):
        super().__init__(port, token)
        self.project, self.pending, self.acknowledged, self.surprise = project, None, [], b""

    def once(self):
        if self.pending is None:
            self.pending = {"id": new_id(), "project": self.project, "name": "Proof of restarts"}
        status, body = self.client.ask("POST", "/api/v1/milestones", self.pending)
        if status in (200, 201):
            self.acknowledged.append(self.pending["id"])
            self.pending = None
        elif status != 503:
            self.surprise = body
        return status


def sign_in(studio):
    status, body = Client(studio.port).ask("POST", "/api/v1/auth/token", {"username": "admin", "password": PASSWORD})
    if status != 200:
        sys.exit(f"signing in answered {status}: {body[:300]}")
    return json.loads(body)["access"]


def crash(studio):
    """Ends PostgreSQL as a power cut would and starts it again; when it was ended and when it first accepted."""
    down = time.monotonic()
    shell('postgres_stop "$state" immediate >&2')
    starting = threading.Thread(target=shell, args=('postgres_start "$state" >&2',))
    starting.start()
    while True:
        asked = time.monotonic()  # before the question: the figure is rather too long than too short
        if studio.accepts():
            break
        time.sleep(0.005)
    starting.join()
    return down, asked


def back_after(loads, up, until):
    """Seconds from `up` until every connection was served again and none failed any more."""
    slowest = 0.0
    for load in loads:
        answers = [(when, status) for when, _, status in load.answers if up <= when < until]
        failures = [when for when, status in answers if status not in (200, 201)]
        successes = [when for when, status in answers if status in (200, 201) and when > max(failures, default=up)]
        slowest = max(slowest, (min(successes) if successes else until) - up)
    return slowest


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--restarts", type=int, default=10)
    options.add_argument("--limit", type=float, default=3.0, help="seconds")
    options = options.parse_args()

    studio = Studio()
    give_up = time.monotonic() + 30
    while not studio.is_ready():
        if studio.process.poll() is not None or time.monotonic() > give_up:
            sys.exit(f"the program did not become ready; its log is {STATE}/studio.log")
        time.sleep(0.02)
    token = sign_in(studio)
    status, body = Client(studio.port, token).ask("GET", "/api/v1/projects?status=active&page_size=1")
    if status != 200:
        sys.exit(f"the list of projects answered {status}: {body[:300]}")
    project = json.loads(body)["results"][0]["id"]
    loads = [Reader(studio.port, token, f"/api/v1/projects/{project}") for _ in range(3)]
    loads += [Reader(studio.port, token, "/api/v1/milestones?ordering=-id&page_size=25&count=none")]
    loads += [Writer(studio.port, token, project) for _ in range(4)]
    for load in loads:
        load.start()
    time.sleep(2)

    progress, outages = Progress("restarts", options.restarts), []
    for number in range(options.restarts):
        outages.append(crash(studio))
        time.sleep(options.limit + 1.5)
        progress.at(number + 1)
        if studio.process.poll() is not None:
            break
    progress.end()
    for load in loads:
        load.ended = True
    for load in loads:
        load.join(30)
    return report(options, studio, loads, outages)


def report(options, studio, loads, outages):
    ends = [down for down, _ in outages[1:]] + [time.monotonic()]
    backs = [back_after(loads, up, end) for (_, up), end in zip(outages, ends)]
    exited = studio.process.poll()
    acknowledged = [made for load in loads if isinstance(load, Writer) for made in load.acknowledged]
    stored = studio.sql("SELECT id FROM projects_milestone WHERE name = 'Proof of restarts'").split()
    lost = set(acknowledged) - set(stored)
    pending = {load.pending["id"] for load in loads if isinstance(load, Writer) and load.pending}
    unasked = set(stored) - set(acknowledged) - pending
    statuses = {}
    for load in loads:
        for _, _, status in load.answers:
            statuses[status] = statuses.get(status, 0) + 1
    wrong = {status: count for status, count in statuses.items() if status not in (200, 201, 503)}
    surprise = next((load.surprise.decode()[:300] for load in loads if isinstance(load, Writer) and load.surprise), "")
    slowest = max(seconds for load in loads for _, seconds, _ in load.answers)
    stop_code = studio.stop()

    print(f"answers by status                 {dict(sorted(statuses.items()))}")
    print(f"slowest answer                    {slowest:.2f} s")
    print(f"database away for                 {', '.join(f'{up - down:.2f}' for down, up in outages)} s")
    print(f"service back after the database   {', '.join(f'{back:.2f}' for back in backs)} s")
    print(f"rows acknowledged / lost / twice  {len(acknowledged)} / {len(lost)} / {len(stored) - len(set(stored))}")
    faults = []
    if exited is not None:
        faults.append(f"the program exited with {exited}")
    if stop_code != 0:
        faults.append(f"the program stopped with {stop_code}")
    if len(outages) < options.restarts:
        faults.append(f"only {len(outages)} restarts")
    if max(backs) > options.limit:
        faults.append(f"not back within {options.limit:g} s")
    if wrong:
        faults.append(f"answers other than success and 503 (0 is a broken connection): {wrong} {surprise}")
    if lost or unasked:
        faults.append(f"{len(lost)} acknowledged rows are gone, {len(unasked)} came from nowhere")
    if not statuses.get(503) or len(acknowledged) < 100:
        faults.append("there was no load to speak of")
    print(f"restarts {len(outages)}, process exits {0 if exited is None else 1}, slowest recovery {max(backs):.2f} s"
          f" (limit {options.limit:g} s): {'; '.join(faults) if faults else 'holds'}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
