#!/usr/bin/env python3
"""Jobs that crash, loop for ever, eat memory or throw end as dead letters with a reason; all others are done."""
import argparse
import time

from _jobs import Database, stop, wait_for

UNFINISHED = "SELECT count(*) FROM core_job WHERE state NOT IN ('done', 'cancelled', 'dead')"
KINDS = ("crash", "loop", "memory", "throw")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--each", type=int, default=3, help="poison jobs of each kind")
    parser.add_argument("--others", type=int, default=2000, help="jobs that must not notice")
    options = parser.parse_args()
    database = Database()
    database.environment["TAMITI_WORKER_MEMORY_MB"] = "300"
    worker = database.start("worker")
    wait_for(lambda: database.number("SELECT count(*) FROM core_worker") > 0, 20)
    began = time.monotonic()
    for how in KINDS:
        database.make_jobs("proof.poison", options.each, f"json_build_object('how', '{how}')")
    database.sql("UPDATE core_job SET queue = 'poison', max_attempts = 4 WHERE kind = 'proof.poison'")
    database.make_jobs("proof.ledger", options.others, "json_build_object('milliseconds', (random() * 20)::int)")
    others = wait_for(lambda: database.number(UNFINISHED + " AND kind <> 'proof.poison'") == 0, 240, 0.5)
    others_seconds = time.monotonic() - began
    poison = wait_for(lambda: database.number(UNFINISHED) == 0, 300, 0.5)
    # Every thread of the worker is free again: as many jobs as it has threads run at once.
    database.make_jobs("proof.ledger", 4, "json_build_object('milliseconds', 1500)")
    together = wait_for(lambda: database.number("SELECT count(*) FROM core_job WHERE state = 'running'") == 4, 10, 0.1)
    stop([worker])

    for line in database.sql("SELECT DISTINCT arguments ->> 'how', state, last_error FROM core_job"
                             " WHERE kind = 'proof.poison' ORDER BY 1").splitlines():
        print(line)
    dead = int(database.number("SELECT count(*) FROM core_job WHERE kind = 'proof.poison' AND state = 'dead' AND last_error <> ''"))
    done = int(database.number("SELECT count(DISTINCT job) FROM proof_effect WHERE milliseconds <= 20"))
    doubled = int(database.number("SELECT count(*) - count(DISTINCT job) FROM proof_effect"))
    wanted = options.each * len(KINDS)
    print(f"{dead} of {wanted} poison jobs are dead letters with a reason; {done} of {options.others} others done in {others_seconds:.0f} s,"
          f" {doubled} twice; all threads {'free' if together else 'NOT free'} afterwards")
    return 0 if others and poison and together and dead == wanted and done == options.others and doubled == 0 else 1


if __name__ == "__main__":
    raise SystemExit(main())
