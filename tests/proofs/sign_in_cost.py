#!/usr/bin/env python3
"""Signing in takes at most 1.2 times as long as checking the password's Argon2id hash alone."""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import time

from _progress import Progress
from database_restarts import PASSWORD, Client, Studio

LIMIT = 1.2


def hash_time(program):
    """Seconds that one check of the hash takes, in a process that does nothing else."""
    program.stdin.write("\n")
    program.stdin.flush()
    return int(program.stdout.readline()) / 1e6


def sign_in_time(client):
    began = time.perf_counter()
    status, body = client.ask("POST", "/api/v1/auth/token", {"username": "manager", "password": PASSWORD})
    took = time.perf_counter() - began
    if status != 200:
        raise SystemExit(f"signing in answered {status}: {body.decode()}")
    return took


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=300)
    options = parser.parse_args()
    studio = Studio()
    hashing = subprocess.Popen([pathlib.Path(os.environ["STUDIO_PROGRAMS"]) / "hash_time"], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    try:
        deadline = time.monotonic() + 30
        while not studio.is_ready() and time.monotonic() < deadline:
            time.sleep(0.05)
        client = Client(studio.port)
        for _ in range(10):
            sign_in_time(client), hash_time(hashing)
        ratios = []
        progress = Progress("sign-ins", options.tries)
        for done in range(options.tries):
            # In turns, so that both meet the same machine.
            ratios.append(sign_in_time(client) / hash_time(hashing))
            progress.at(done + 1)
        progress.end()
    finally:
        hashing.stdin.close()
        hashing.wait()
        studio.stop()
    ratio = statistics.median(ratios)
    print(f"signing in takes {ratio:.2f} times its hash (limit {LIMIT}), median of {options.tries} pairs")
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
