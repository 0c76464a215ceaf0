#!/usr/bin/env python3
"""500 Idempotency-Keys, each sent 5 times at once while the server is killed 30 times: one effect, one answer."""
import argparse
import http.client
import json
import os
import queue
import random
import signal
import subprocess
import sys
import threading
import time

from _progress import Progress
from database_restarts import STATE, Studio, sign_in


class Server(Studio):
    """The program, which may be killed and started again."""

    def __init__(self):
        super().__init__()
        self.await_ready()

    def await_ready(self):
        give_up = time.monotonic() + 60
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > give_up:
                sys.exit(f"the program did not become ready; its log is {STATE}/studio.log")
            time.sleep(0.02)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)
        self.process = subprocess.Popen([os.environ["TAMITI_BIN"], "run"], env=self.environment, stdout=self.log,
                                        stderr=self.log)
        self.await_ready()


def send(port, token, method, path, body, key):
    """One try: status, replayed or not, and what must be the same in every answer. Nothing where there was no answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, json.dumps(body), {"Content-Type": "application/json", "Idempotency-Key": key,
                                                            "Authorization": "Bearer " + token})
        answer = connection.getresponse()
        bytes_ = answer.read()
        replayed = answer.getheader("Idempotent-Replayed") == "true"
        return answer.status, replayed, (answer.status, bytes_, answer.getheader("ETag"), answer.getheader("Location"))
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


class Key:
    """One key and what its five tries were answered at last."""

    def __init__(self, number, project):
        self.name, self.text = f"Proof {number:04}", f"proof-{number}"
        self.body = {"project": project, "name": self.name}
        self.answers, self.statuses, self.lock = [], [], threading.Lock()

    def try_once(self, server, token):
        """As a client with a bad network would: until there is an answer."""
        while True:
            answer = send(server.port, token, "POST", "/api/v1/milestones", self.body, self.text)
            with self.lock:
                self.statuses.append(answer[0] if answer else 0)
            if answer and answer[0] not in (409, 503):
                with self.lock:
                    self.answers.append(answer)
                return
            time.sleep(random.uniform(0.01, 0.05))

    def run(self, server, token, tries):
        barrier = threading.Barrier(tries)

        def one():
            barrier.wait()
            self.try_once(server, token)
        threads = [threading.Thread(target=one) for _ in range(tries)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def work(keys, todo, server, token, tries, progress, lock):
    while True:
        try:
            key = todo.get_nowait()
        except queue.Empty:
            return
        key.run(server, token, tries)
        with lock:
            progress.at(sum(1 for one in keys if len(one.answers) == tries))


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--keys", type=int, default=500)
    options.add_argument("--tries", type=int, default=5)
    options.add_argument("--kills", type=int, default=30)
    options.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = options.parse_args()
    random.seed(options.seed)
    print(f"seed {options.seed}", file=sys.stderr)

    server = Server()
    token = sign_in(server)
    project = server.sql("SELECT id FROM projects_project WHERE deleted_at IS NULL AND NOT archived LIMIT 1").strip()
    keys = [Key(number, project) for number in range(options.keys)]
    todo, lock, progress = queue.Queue(), threading.Lock(), Progress("keys", options.keys)
    for key in keys:
        todo.put(key)
    workers = [threading.Thread(target=work, args=(keys, todo, server, token, options.tries, progress, lock)) for _ in range(4)]
    for worker in workers:
        worker.start()
    kills, waits = 0, []
    while kills < options.kills and any(worker.is_alive() for worker in workers):
        # Spread over the keys, at any moment of their requests.
        done = sum(1 for one in keys if one.answers)
        if done < kills * options.keys // (options.kills + 1):
            time.sleep(0.002)
            continue
        time.sleep(random.uniform(0, 0.03))
        begin = time.monotonic()
        server.kill()
        waits.append(time.monotonic() - begin)
        kills += 1
    for worker in workers:
        worker.join()
    progress.end()
    return report(options, server, token, keys, kills, waits)


def report(options, server, token, keys, kills, waits):
    faults = []
    rows = dict(line.split("|") for line in server.sql(
        "SELECT name, count(*) FROM projects_milestone WHERE name LIKE 'Proof %' GROUP BY name").split("\n") if line)
    effects = [int(rows.get(key.name, 0)) for key in keys]
    differing = sum(1 for key in keys if len({same for _, _, same in key.answers}) != 1)
    wrong = sum(1 for key in keys for status, _, _ in key.answers if status != 201)
    firsts = [sum(1 for _, replayed, _ in key.answers if not replayed) for key in keys]
    kept = int(server.sql("SELECT count(*) FROM core_idempotency WHERE request = 'POST /api/v1/milestones'"))
    unanswered = int(server.sql("SELECT count(*) FROM core_idempotency WHERE answer IS NULL"))
    mismatches = [send(server.port, token, "POST", "/api/v1/milestones", dict(key.body, name="Other"), key.text)[0] for key in keys]
    others = int(server.sql("SELECT count(*) FROM projects_milestone WHERE name = 'Other'"))
    statuses = {}
    for key in keys:
        for status in key.statuses:
            statuses[status] = statuses.get(status, 0) + 1
    stop_code = server.stop()

    if kills < options.kills:
        faults.append(f"only {kills} kills")
    if any(count != 1 for count in effects):
        faults.append(f"{sum(1 for count in effects if count > 1)} keys had more than one effect, {effects.count(0)} none")
    if differing or wrong:
        faults.append(f"{differing} keys were answered differently, {wrong} answers were not 201")
    if any(count > 1 for count in firsts):
        faults.append(f"{sum(1 for count in firsts if count > 1)} keys had two answers that were no replay")
    if kept != len(keys) or unanswered:
        faults.append(f"{kept} keys are kept, {unanswered} without their answer")
    if any(status != 422 for status in mismatches) or others:
        faults.append(f"another body was answered {sorted(set(mismatches))}, {others} rows came of it")
    if not statuses.get(0):
        faults.append("no request was cut by a kill")
    if stop_code != 0:
        faults.append(f"the program stopped with {stop_code}")
    replays = sum(1 for key in keys for _, replayed, _ in key.answers if replayed)
    print(f"answers by status (0: cut off)     {dict(sorted(statuses.items()))}")
    print(f"back after a kill                  {max(waits):.2f} s at most")
    print(f"answers / of them replays          {sum(len(key.answers) for key in keys)} / {replays}")
    print(f"another body with the key          {len(mismatches)} times 422")
    print(f"keys {len(keys)}, tries {options.tries} each, kill -9 {kills}, effects {sum(effects)}, answers that differ {differing}: "
          f"{'; '.join(faults) if faults else 'holds'}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
