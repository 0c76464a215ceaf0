#!/usr/bin/env python3
"""10,000 jobs while workers are killed 60 times: none lost or stuck, each effect once, rescued within 5 s (p99)."""
import argparse
import random
import signal
import time

from _jobs import Database, Reaper, children, quantile, send, stop, wait_for

UNFINISHED = "SELECT count(*) FROM core_job WHERE state NOT IN ('done', 'cancelled', 'dead')"


def kill_one(database, workers, share_of_supervisors):
    """Kills a worker's process, now and then the one that watches it; answers whether it held jobs."""
    worker = random.choice(workers)
    watched = children(worker.pid)
    victim = worker.pid if not watched or random.random() < share_of_supervisors else watched[0]
    database.sql(f"INSERT INTO proof_kill VALUES ({victim})")
    return send(victim, signal.SIGKILL)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    random.seed(options.seed)
    print(f"seed {options.seed}", flush=True)
    database = Database()
    database.sql("CREATE TABLE proof_kill (pid bigint, at timestamptz DEFAULT clock_timestamp())")
    half = options.jobs // 2
    slow = "json_build_object('milliseconds', (random() * 60)::int)"
    database.make_jobs("proof.ledger", options.jobs - half, slow)
    database.make_jobs("proof.outside", half, slow)
    began = time.monotonic()
    workers = [database.start("worker") for _ in range(options.workers)]
    reaper = Reaper(workers, lambda: database.start("worker"))
    reaper.start()
    time.sleep(1)
    kills = 0
    while kills < options.kills:
        kills += kill_one(database, workers, 0.2)
        time.sleep(random.uniform(0.2, 0.5))
    left_at_last_kill = int(database.number(UNFINISHED))
    finished = wait_for(lambda: database.number(UNFINISHED) == 0, 240, 0.5)
    seconds = time.monotonic() - began
    reaper.over = True
    stop(workers)

    states = database.sql("SELECT string_agg(state || ' ' || count, ', ') FROM (SELECT state, count(*) FROM core_job"
                          " WHERE kind LIKE 'proof.%' GROUP BY state ORDER BY state) AS all_states")
    wrong = int(database.number("""SELECT count(*) FROM core_job LEFT JOIN (SELECT job, count(*) FROM proof_effect GROUP BY job)
        AS effects ON effects.job = core_job.id WHERE kind LIKE 'proof.%'
        AND coalesce(effects.count, 0) <> CASE WHEN state = 'done' THEN 1 ELSE 0 END"""))
    done = int(database.number("SELECT count(*) FROM core_job WHERE kind LIKE 'proof.%' AND state = 'done'"))
    orphans = [float(line) for line in database.sql("""
        SELECT extract(epoch FROM (SELECT min(next.started) FROM proof_attempt AS next
            WHERE next.job = held.job AND next.started > proof_kill.at) - proof_kill.at)
        FROM proof_kill JOIN proof_worker USING (pid) JOIN proof_attempt AS held ON held.worker = proof_worker.id
        WHERE held.started < proof_kill.at AND (held.ended IS NULL OR held.ended > proof_kill.at) AND held.how <> 'done'
    """).split() if line]
    p99, longest = quantile(orphans, 0.99), max(orphans, default=0)
    rescues = int(database.number("SELECT sum(rescues) FROM core_job"))
    print(f"{states}; {rescues} rescues, of {len(orphans)} jobs in killed hands p50 {quantile(orphans, 0.5):.2f} s, p99 {p99:.2f} s,"
          f" longest {longest:.2f} s; {left_at_last_kill} jobs were left after the last kill; {seconds:.0f} s in all")
    good = finished and done == options.jobs and wrong == 0 and p99 < 5 and longest < 10 and len(orphans) > 0
    print(f"{options.jobs} jobs, {kills} kills: {options.jobs - done} lost or stuck, {wrong} effects not exactly once,"
          f" rescue p99 {p99:.2f} s")
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
