#!/usr/bin/env python3
"""With 300 more resources the OpenAPI document is valid, the start takes under 1 s, idling under 60 MB, and /meta under 30 KB."""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

from database_restarts import Client, PASSWORD, ROOT, STATE, free_port, shell

PROGRAM = pathlib.Path(os.environ["STUDIO_PROGRAMS"]) / "many_resources"
TOOLS = ROOT / "build/node/contract"
STARTS = 5
MOST_SECONDS = 1.0
MOST_MEGABYTES = 60
LEAST_RESOURCES = 300
MOST_KILOBYTES = 30  # of /meta for an admin, as it is sent


class Studio:
    """The program over a fresh database, started as often as it is asked."""

    def __init__(self):
        url, owner, redis = shell('servers_start "$state" >&2; echo "$DATABASE_URL" "$DATABASE_OWNER_URL" "$REDIS_URL"').split()
        self.port, self.ops_port = free_port(), free_port()
        self.environment = dict(os.environ, DATABASE_URL=url, DATABASE_OWNER_URL=owner, REDIS_URL=redis, TAMITI_ENV="dev",
                                TAMITI_HTTP_ADDRESS="127.0.0.1", TAMITI_HTTP_PORT=str(self.port), TAMITI_OPS_PORT=str(self.ops_port))
        self.log = open(STATE / "many_resources.log", "wb")
        for command in (["migrate"], ["seed", "--demo"]):
            subprocess.run([PROGRAM, *command], env=self.environment, check=True, stdout=self.log, stderr=self.log)

    def start(self):
        """Starts it and answers how long it took to its first answer."""
        began = time.monotonic()
        self.process = subprocess.Popen([PROGRAM, "web"], env=self.environment, stdout=self.log, stderr=self.log)
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() - began > 30:
                sys.exit(f"the program did not start: see {self.log.name}")
            time.sleep(0.002)
        return time.monotonic() - began

    def answers(self):
        try:
            return Client(self.port).ask("GET", "/api/v1/users")[0] == 401
        except OSError:
            return False

    def stop(self):
        self.process.terminate()
        self.process.wait(60)

    def resident_megabytes(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


def compressed_kilobytes(studio, path):
    signed_in = Client(studio.port).ask("POST", "/api/v1/auth/token", {"username": "admin", "password": PASSWORD})
    client = Client(studio.port, json.loads(signed_in[1])["access"])
    client.headers["Accept-Encoding"] = "gzip"
    status, body = client.ask("GET", path)
    return len(body) / 1024 if status == 200 and body[:2] == b"\x1f\x8b" else sys.exit(f"{path} answered {status}, not compressed")


def lint(document):
    shell('source "$root/tools/packages.sh"; source "$root/tools/node.sh"; node_need; '
          'node_install "$root/tools/contract" "$root/build/node/contract" >&2')
    rules = STATE / "redocly.yaml"
    rules.write_text("extends: [recommended]\n")
    file = STATE / "openapi.json"
    file.write_bytes(document)
    done = subprocess.run([TOOLS / "node_modules/.bin/redocly", "lint", "--config", rules, file], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "REDOCLY_TELEMETRY": "off"}, check=False)
    if done.returncode:
        print(done.stdout[-4000:])
    return done.returncode == 0


def main():
    studio = Studio()
    starts = []
    for _ in range(STARTS):
        starts.append(studio.start())
        if len(starts) < STARTS:
            studio.stop()
    time.sleep(5)
    megabytes = studio.resident_megabytes()
    document = Client(studio.port).ask("GET", "/api/schema")[1]
    meta = compressed_kilobytes(studio, "/api/v1/meta")
    studio.stop()
    paths = json.loads(document)["paths"]
    resources = sum(f"{path}/{{id}}" in paths for path in paths)
    operations = sum(len(methods) for methods in paths.values())
    clean = lint(document)
    seconds = statistics.median(starts)
    print("many_resources: each start took", " ".join(f"{start:.2f}" for start in starts), "s")
    print(f"many_resources: {resources} resources, {operations} operations in a {'valid' if clean else 'FAULTY'} document of "
          f"{len(document) // 1024} KB, start {seconds:.2f} s, idle {megabytes:.0f} MB, /meta {meta:.1f} KB compressed")
    holds = clean and resources >= LEAST_RESOURCES and seconds < MOST_SECONDS and megabytes < MOST_MEGABYTES and meta < MOST_KILOBYTES
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
