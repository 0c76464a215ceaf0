#!/usr/bin/env python3
"""A schedule of one second over 100 deaths of whoever ran its last tick: no tick twice, none missed."""
import argparse
import signal
import time

from _jobs import Database, Reaper, quantile, send, stop, wait_for

LAST = "SELECT split_part(worker, ':', 2) FROM core_schedule_tick WHERE schedule = 'proof.tick' ORDER BY nominal DESC LIMIT 1"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--beats", type=int, default=3)
    options = parser.parse_args()
    database = Database(records=False)
    beats = [database.start("beat") for _ in range(options.beats)]
    reaper = Reaper(beats, lambda: database.start("beat"))
    reaper.start()
    wait_for(lambda: database.sql(LAST), 20)
    kills, leaders = 0, set()
    while kills < options.kills:
        leader = int(database.sql(LAST))
        if leader not in leaders and send(leader, signal.SIGKILL):
            leaders.add(leader)
            kills += 1
        time.sleep(0.2)
    time.sleep(3)
    reaper.over = True
    stop(beats)

    ticks, expected, jobs = (int(number) for number in database.sql("""
        SELECT count(*), extract(epoch FROM max(nominal) - min(nominal))::int + 1, (SELECT count(*) FROM core_job
        WHERE kind = 'proof.tick') FROM core_schedule_tick WHERE schedule = 'proof.tick'""").split("|"))
    late = [float(line) for line in database.sql(
        "SELECT extract(epoch FROM made_at - nominal) FROM core_schedule_tick WHERE schedule = 'proof.tick'").split()]
    print(f"{ticks} ticks of {expected} seconds; late p50 {quantile(late, 0.5):.2f} s, p99 {quantile(late, 0.99):.2f} s,"
          f" most {max(late):.2f} s")
    print(f"{kills} deaths of the one that ticked last: {jobs - ticks} duplicate ticks, {expected - ticks} missed ticks")
    return 0 if jobs == ticks == expected and quantile(late, 0.99) <= 5 else 1


if __name__ == "__main__":
    raise SystemExit(main())
