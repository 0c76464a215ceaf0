#!/usr/bin/env python3
"""Runs GoogleTest programs, two at once, and ends with one line: N passed, N failed, N skipped."""
import argparse
import json
import os
import pathlib
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

ANY_RESULT = re.compile(r"^\[ +(OK|FAILED|SKIPPED) +\] (\S+?\.\S+?)(?:,.*)? \(\d+ ms\)$")
STARTED = re.compile(r"^\[ RUN +\] (\S+)$")
running = {}
lock = threading.Lock()


class Outcome:
    """What one program did: names of its tests by result, and the output of each that failed."""

    def __init__(self):
        self.passed, self.failed, self.skipped = [], [], []
        self.output = {}
        self.seconds = 0.0


def outputs_by_test(log):
    """The lines between a test's RUN line and its result, and which test never got a result."""
    output, results, current = {}, {}, None
    for line in log.splitlines():
        started = STARTED.match(line)
        result = ANY_RESULT.match(line)
        if started:
            current = started.group(1)
            output[current] = []
        elif result and current:
            results[current] = result.group(1)
            current = None
        elif current:
            output[current].append(line)
    return output, results, current


def read_json(path, outcome):
    """Fills the outcome from the program's own report; false when it wrote none, as after a crash."""
    try:
        report = json.loads(path.read_text())
    except (OSError, ValueError):
        return False
    for suite in report.get("testsuites", []):
        for test in suite.get("testsuite", []):
            name = f"{test.get('classname', suite['name'])}.{test['name']}"
            if test.get("failures"):
                outcome.failed.append(name)
            elif test.get("result") == "COMPLETED":
                outcome.passed.append(name)
            else:
                outcome.skipped.append(name)
    return True


def judge(program, status, log, report):
    outcome = Outcome()
    output, results, unfinished = outputs_by_test(log)
    if not read_json(report, outcome):
        for name, result in results.items():
            {"OK": outcome.passed, "FAILED": outcome.failed, "SKIPPED": outcome.skipped}[result].append(name)
        if unfinished:
            outcome.failed.append(unfinished)
            output[unfinished].append(f"{program.name} ended here with status {status}.")
    outcome.output = {name: output.get(name, []) for name in outcome.failed}
    if status != 0 and not outcome.failed:
        name = f"{program.name} (status {status})"
        outcome.failed.append(name)
        outcome.output[name] = log.splitlines()[-40:]
    return outcome


def run(program, results, limit):
    report, log_path = results / f"{program.name}.json", results / f"{program.name}.log"
    report.unlink(missing_ok=True)
    wrapper = shlex.split(os.environ.get("TAMITI_TEST_WRAPPER", ""))
    environment = {name: value for name, value in os.environ.items() if name != "TAMITI_TEST_WRAPPER"}
    start = time.monotonic()
    with open(log_path, "wb") as log:
        command = [*wrapper, str(program), f"--gtest_output=json:{report}", "--gtest_color=no"]
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                   env=environment, start_new_session=True)
        with lock:
            running[process.pid] = process
        try:
            status = process.wait(limit)
        except subprocess.TimeoutExpired:
            end(process)
            status = process.wait()
            log.write(f"\nStopped after {limit} s.\n".encode())
        with lock:
            running.pop(process.pid, None)
    outcome = judge(program, status, log_path.read_text(errors="replace"), report)
    outcome.seconds = time.monotonic() - start
    show(program, outcome)
    return outcome


def end(process):
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def show(program, outcome):
    """One line for the program, and everything about a test that failed."""
    with lock:
        for name, lines in outcome.output.items():
            print(f"\nfailed  {name}", *("    " + line for line in lines), sep="\n")
        count = f"{len(outcome.passed)} passed, {len(outcome.failed)} failed, {len(outcome.skipped)} skipped"
        print(f"{program.name}: {count} in {outcome.seconds:.1f} s", flush=True)


def stop(*_):
    for process in list(running.values()):
        end(process)
    os._exit(143)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=pathlib.Path, required=True, help="where logs and reports go")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--limit", type=int, default=1200, help="seconds that one program may take")
    parser.add_argument("programs", type=pathlib.Path, nargs="*")
    options = parser.parse_args()
    options.results.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with ThreadPoolExecutor(options.jobs) as pool:
        outcomes = list(pool.map(lambda program: run(program, options.results, options.limit), options.programs))
    passed, failed, skipped = (sum(len(getattr(o, kind)) for o in outcomes) for kind in ("passed", "failed", "skipped"))
    if failed:
        print("\nThese failed:", *(name for o in outcomes for name in o.failed), sep="\n  ")
    if passed + failed == 0:
        print("\nNo test ran.")
    print(f"\n{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
