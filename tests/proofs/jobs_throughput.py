#!/usr/bin/env python3
"""Empty jobs a second, in turns with graphile-worker on the same database: at least three times as many."""
import argparse
import statistics
import subprocess

from _jobs import ROOT, Database, shell, stop, wait_for

FOLDER = ROOT / "build/node/queues"
WAITING = "SELECT count(*) FROM core_job WHERE state <> 'done'"


def graphile(database, concurrency, count):
    database.sql(f"""TRUNCATE graphile_worker._private_jobs;
        SELECT count(graphile_worker.add_job('nothing', '{{}}')) FROM generate_series(1, {count});
        ANALYZE graphile_worker._private_jobs""")
    return float(subprocess.run(["node", ROOT / "tests/proofs/_graphile.js", FOLDER, database.owner_url, str(concurrency), str(count)],
                                check=True, stdout=subprocess.PIPE, text=True, timeout=300).stdout)


def ours(database, count):
    database.sql("TRUNCATE core_job")
    database.make_jobs("proof.nothing", count)
    worker = database.start("worker")
    if not wait_for(lambda: database.number(WAITING) == 0, 120, 0.1):
        raise SystemExit(f"{database.sql(WAITING)} jobs were not run")
    stop([worker])
    return database.number("SELECT count(*) / extract(epoch FROM max(finished_at) - min(started_at)) FROM core_job")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=20_000)
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args()
    shell('source "$root/tools/node.sh"; node_need; node_install "$root/tools/queues" "$root/build/node/queues"')
    database = Database(records=False)
    cli = FOLDER / "node_modules/.bin/graphile-worker"
    subprocess.run([cli, "--connection", database.owner_url, "--schema-only"], check=True, stdout=database.log, stderr=database.log)
    # It runs with whichever concurrency suits it best here; both have the same server with the same settings.
    speeds = {concurrency: graphile(database, concurrency, options.jobs // 4) for concurrency in (4, 12, 24, 48)}
    best = max(speeds, key=speeds.get)
    ours(database, options.jobs // 4)
    print("graphile-worker 0.16.6, jobs/s by concurrency: " + ", ".join(f"{key}: {value:.0f}" for key, value in speeds.items()), flush=True)
    theirs, own = [], []
    for turn in range(options.turns):
        theirs.append(graphile(database, best, options.jobs))
        own.append(ours(database, options.jobs))
        print(f"turn {turn + 1}: graphile-worker {theirs[-1]:.0f} jobs/s, tamiti {own[-1]:.0f} jobs/s", flush=True)
    ratio = statistics.median(own) / statistics.median(theirs)
    print(f"medians: graphile-worker {statistics.median(theirs):.0f} jobs/s, tamiti {statistics.median(own):.0f} jobs/s, ratio {ratio:.2f}")
    return 0 if ratio >= 3 else 1


if __name__ == "__main__":
    raise SystemExit(main())
