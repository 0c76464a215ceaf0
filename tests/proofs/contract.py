#!/usr/bin/env python3
"""The API does what its document says: the linter finds nothing, and generated requests get the answers it lists."""
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import time
import urllib.request
import xml.etree.ElementTree

from _contract import Api, Studio, inlined, parts
from database_restarts import ROOT, STATE, Studio as Program, shell

TOOLS = ROOT / "build/node/contract"
# What can be done once: the session is gone for the generator's second request.
ENDING = ("POST /auth/logout", "POST /auth/logout-all", "DELETE /auth/sessions/{id}", "DELETE /auth/tokens/{id}")
# A sheet with one more character is still a sheet: its faults are in the report. A tag is as good as another. Whoever has no session
# is signed out already.
FREE = {"POST /users/import": r"csv is mutated from \(.email",
        "POST /tags/merge": r"into is mutated from \(.film.\) to .film_", "DELETE /auth/cookie": "Cookie (is mutated from|which is a mandatory)"}
DOUBLED = "one item twice"
# Requests that one operation is tried with, beyond those for each member.
MOST_COMBINATIONS = os.environ.get("CONTRACT_COMBINATIONS", "40")


class LimitedProgram(Program):
    """The program, whose limits on signing in are counted by it and in Redis."""

    def forget(self):
        self.stop()
        shell(f'redis-cli -s "{self.sockets}/redis.sock" flushall >&2')
        self.process = subprocess.Popen([os.environ["TAMITI_BIN"], "run"], env=self.environment, stdout=self.log, stderr=self.log)
        self.wait()

    def wait(self):
        deadline = time.monotonic() + 30
        while not self.is_ready() and time.monotonic() < deadline:
            time.sleep(0.05)


KINDS = ("passed", "taken", "doubled", "limited", "free", "failed")


def prepare():
    shell('source "$root/tools/node.sh"; have java || packages_install contract; node_need; node_install "$root/tools/contract" "$root/build/node/contract"')
    # A run takes longer than an access token lives by default.
    os.environ["TAMITI_ACCESS_TOKEN_SECONDS"] = "14400"
    return LimitedProgram()


def lint(schema):
    rules = STATE / "redocly.yaml"
    rules.write_text("extends: [recommended]\n")
    done = subprocess.run([TOOLS / "node_modules/.bin/redocly", "lint", "--config", rules, schema], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "REDOCLY_TELEMETRY": "off"}, check=False)
    if done.returncode:
        print(done.stdout)
    return done.returncode == 0


def generate(name, token, document, address):
    """One run of the generator; answers its test cases."""
    folder = STATE / name
    folder.mkdir()
    (folder / "api.json").write_text(json.dumps(document))
    environment = {**os.environ, "bearer": token, "SPECMATIC_GENERATIVE_TESTS": "true",
                   "MAX_TEST_REQUEST_COMBINATIONS": MOST_COMBINATIONS}
    with open(folder / "log", "w", encoding="utf-8") as log:
        # Most of a short run is the start of the machine, which its first compiler alone makes shorter.
        subprocess.run(["java", "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar",
                        TOOLS / "node_modules/specmatic/specmatic.jar", "test", "api.json",
                        f"--testBaseURL={address}/api/v1", "--junitReportDir=junit"],
                       cwd=folder, env=environment, stdout=log, stderr=log, timeout=1800, check=False)
    twice = doubled(folder / "log")
    refusals = refused(folder / "log")
    cases = []
    for report in (folder / "junit").glob("*.xml"):
        for case in xml.etree.ElementTree.parse(report).iter("testcase"):
            failure = case.find("failure") if case.find("failure") is not None else case.find("error")
            text = failure.text or failure.get("message") or "" if failure is not None else None
            name = case.get("name").rpartition("contractTest() > ")[2]
            if text is not None and "contained status 422" in text and twice[name] > 0:
                twice[name] -= 1
                text = DOUBLED
            elif text is not None:
                text += "\n".join(refusals.get(name, []))
            cases.append((name, text))
    return cases


def refused(log):
    """The answers to failed requests, by the request's name."""
    answers = collections.defaultdict(list)
    for block in log.read_text(encoding="utf-8", errors="replace").split("-" * 20):
        failed = re.search(r"^([+-]ve  Scenario: .*) has FAILED$", block, re.M)
        if failed:
            answers[failed.group(1)].append(block[block.find("Response at"):][:1000])
    return answers


def doubled(log):
    """How often which request was refused for nothing but a list with one item twice: the document says uniqueItems, which
    the generator does not read, or several rows with one name."""
    counts = collections.Counter()
    for block in log.read_text(encoding="utf-8", errors="replace").split("-" * 20):
        failed = re.search(r"^(\+ve  Scenario: .*) has FAILED$", block, re.M)
        errors = re.search(r'"errors": \{(.*?)\n    \}', block, re.S)
        if not failed or not errors:
            continue
        sentences = re.findall(r'"([A-Z][^"]*\.)"', errors.group(1))
        twice = {"Must be in the list once only."}
        if "/bulk" in failed.group(1):  # whose rows get the same values, too
            twice |= {"This is taken.", "This user is a member of the project already."}
        if sentences and set(sentences) <= twice:
            counts[failed.group(1)] += 1
    return counts


def judge(cases, results):
    """Sorts the cases by operation into passed, taken and failed."""
    for name, failure in cases:
        place = re.search(r"Scenario: (\w+) (\S+)(?: \[\d+\])? ->", name)
        if not place:
            results["?"]["failed"].append(f"{name}\n{failure}")
            continue
        path = re.sub(r"\((?:(\w+):)?[^)]*\)", lambda part: "{" + (part.group(1) or "id") + "}", place.group(2))
        operation = f"{place.group(1)} {path}"
        if failure is None:
            results[operation]["passed"].append(name)
        elif operation in ENDING and re.search(r"expected status 20\d but response contained status 40[14]", failure):
            results[operation]["taken"].append(name)
        elif name.startswith("+ve") and '"auth.invalid_link"' in failure:
            results[operation]["taken"].append(name)  # each link is good once
        elif operation == "POST /users/import" and "expected status 200 but response contained status 422" in failure:
            results[operation]["taken"].append(name)  # who is in the sheet was invited by an earlier request
        elif operation.endswith("/bulk") and name.startswith("+ve") and "(404 http.not_found)" in failure:
            results[operation]["taken"].append(name)  # an earlier request removed that row
        elif operation.endswith("/bulk") and name.startswith("+ve") and "(429 http.too_many_requests)" in failure:
            results[operation]["limited"].append(name)
        elif failure == DOUBLED:
            results[operation]["doubled"].append(name)
        elif name.startswith("+ve") and re.search(r"expected status 20\d but response contained status 429", failure):
            results[operation]["limited"].append(name)
        elif operation in FREE and re.search(FREE[operation], name) and "received 20" in failure:
            results[operation]["free"].append(name)
        elif re.search(r"expected status 20\d but response contained status 409", failure):
            # The generator can't know that an earlier request took the value; the document lists the answer.
            results[operation]["taken"].append(name)
        else:
            results[operation]["failed"].append(f"{name}\n{failure}")


def main():
    program = prepare()
    try:
        address = f"http://127.0.0.1:{program.port}"
        program.wait()
        with urllib.request.urlopen(address + "/api/schema") as answer:
            document = json.load(answer)
        schema = STATE / "api.json"
        schema.write_text(json.dumps(document, indent=1))
        clean = lint(schema)
        print("redocly lint:", "nothing found" if clean else "faults, above", flush=True)

        wanted = {f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item}
        results = collections.defaultdict(lambda: {kind: [] for kind in KINDS})
        whole = inlined(document)
        for name, who, one in parts(Studio(whole, Api(address, "admin"), program.sql), inlined(document), address,
                                    program.forget):
            if sys.argv[1:] and name not in sys.argv[1:]:
                continue
            began = time.monotonic()
            user = who if isinstance(who, Api) else Api(address, who)
            cases = generate(name, user.tokens["access"], one, address)
            judge(cases, results)
            print(f"{name:32}{len(cases):6} requests {time.monotonic() - began:6.0f} s", flush=True)
        return conclude(clean, wanted, results)
    finally:
        program.process.terminate()
        program.process.wait(60)


def conclude(clean, wanted, results):
    failures = [failure for one in results.values() for failure in one["failed"]]
    for failure in failures[:int(os.environ.get("CONTRACT_FAILURES", "20"))]:
        print(failure, "\n")
    untried = sorted(wanted - {name for name, one in results.items() if any(case.startswith("+ve") for case in one["passed"])})
    for name in untried:
        print("no valid request passed:", name)
    passed, taken, twice, limited, free, _ = (sum(len(one[kind]) for one in results.values()) for kind in KINDS)
    print(f"set aside: {taken} met a value, a session or a link that an earlier request had taken, {twice} sent one item twice (422), "
          f"{limited} were more than a limit allows (429), {free} changed what is free")
    print(f"{len(wanted) - len(untried)} of {len(wanted)} operations, {passed} requests passed, {len(failures)} failed; "
          f"redocly {'clean' if clean else 'not clean'}")
    return 0 if clean and not untried and not failures else 1


if __name__ == "__main__":
    sys.exit(main())
