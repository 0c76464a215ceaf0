#!/usr/bin/env python3
"""Signing in takes at most 1.2 times its Argon2id hash, and the hash at most 0.75 of the processor time that libsodium's own takes."""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import time

from _progress import Progress
from database_restarts import PASSWORD, Client, Studio

LIMIT, PROCESSOR_LIMIT = 1.2, 0.75


def hash_time(program, how=""):
    """Seconds that one check of the hash takes, and those of the processor, in a process that does nothing else."""
    program.stdin.write(how + "\n")
    program.stdin.flush()
    took, processor = program.stdout.readline().split()
    return int(took) / 1e6, int(processor) / 1e6


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
        ratios, processor = [], []
        progress = Progress("sign-ins", options.tries)
        for done in range(options.tries):
            # In turns, so that both meet the same machine.
            took, used = hash_time(hashing)
            ratios.append(sign_in_time(client) / took)
            processor.append(used / hash_time(hashing, "libsodium")[1])
            progress.at(done + 1)
        progress.end()
    finally:
        hashing.stdin.close()
        hashing.wait()
        studio.stop()
    ratio = statistics.median(ratios)
    used = statistics.median(processor)
    print(f"signing in takes {ratio:.2f} times its hash (limit {LIMIT}), the hash {used:.2f} of the processor time of libsodium's own "
          f"memory (limit {PROCESSOR_LIMIT}), medians of {options.tries} pairs")
    return 0 if ratio <= LIMIT and used <= PROCESSOR_LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
