#!/usr/bin/env python3
"""Workers stand still 50 times for longer than their lease and wake again: no completion and no effect out of date."""
import argparse
import random
import signal
import time

from _jobs import Database, children, send, stop, wait_for

UNFINISHED = "SELECT count(*) FROM core_job WHERE state NOT IN ('done', 'cancelled', 'dead')"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cycles", type=int, default=50)
    parser.add_argument("--workers", type=int, default=6)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    random.seed(options.seed)
    print(f"seed {options.seed}", flush=True)
    database = Database()
    cycles = rounds = 0
    workers = [database.start("worker", threads=2) for _ in range(options.workers)]
    wait_for(lambda: database.number("SELECT count(*) FROM core_worker") >= options.workers, 20)
    while cycles < options.cycles:
        # Enough that jobs run in every worker when they are stopped, and when they wake.
        for kind in ("proof.ledger", "proof.outside"):
            database.make_jobs(kind, 150, "json_build_object('milliseconds', 50 + (random() * 400)::int)")
        rounds += 1
        time.sleep(random.uniform(0.3, 0.8))
        stopped = [pid for worker in random.sample(workers, options.workers - 1) for pid in children(worker.pid)]
        stopped = [pid for pid in stopped[:options.cycles - cycles] if send(pid, signal.SIGSTOP)]
        time.sleep(5.3)  # a lease of 3 s and two more, and some
        for pid in stopped:
            send(pid, signal.SIGCONT)
        cycles += len(stopped)
    finished = wait_for(lambda: database.number(UNFINISHED) == 0, 180, 0.5)
    stop(workers)

    made = 300 * rounds
    done = int(database.number("SELECT count(*) FROM core_job WHERE kind LIKE 'proof.%' AND state = 'done'"))
    doubled = int(database.number("SELECT count(*) - count(DISTINCT job) FROM proof_effect"))
    # The one attempt that ended as done must be the one whose process made the effect, or a process that it made for it alone.
    stale = int(database.number("""SELECT count(*) FROM proof_effect AS effect JOIN proof_attempt AS attempt
        ON attempt.job = effect.job AND attempt.how = 'done' JOIN proof_worker ON proof_worker.id = attempt.worker
        WHERE proof_worker.pid NOT IN (effect.pid, effect.parent)"""))
    completions = int(database.number("SELECT count(*) FROM proof_attempt WHERE how = 'done'"))
    overtaken = int(database.number("SELECT count(*) FROM proof_attempt WHERE how = 'waiting'"))
    print(f"{made} jobs in {rounds} rounds, {done} done by {completions} completions; {overtaken} attempts were overtaken")
    print(f"{cycles} stops: {doubled} effects twice, {stale} effects or completions out of date, {made - done} jobs lost or stuck")
    good = finished and done == made == completions and doubled == 0 and stale == 0 and overtaken >= cycles
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
